package staff

import (
	"context"

	"renxin/internal/platform/db"
)

// departmentByCode prefers the source's own mapping, then the mapping for all, then the main code; what was merged answers with its heir.
func departmentByCode(ctx context.Context, tx *db.Tx, source, code string) (DepartmentID, bool, error) {
	return db.First[DepartmentID](ctx, tx, `
		select coalesce(d.into_id, d.id)
		from (
			select c.department_id as id, case when c.source = $1 and c.source <> '' then 0 else 1 end as place
			from staff_department_code c
			where c.code = $2
			and c.source in ($1, '')
			union all
			select m.id, 2 as place
			from staff_department m
			where m.code = $2
		) x
		join staff_department d on d.id = x.id
		order by x.place
		limit 1`, source, code)
}

func departmentByMainCode(ctx context.Context, tx *db.Tx, code string) (DepartmentID, bool, error) {
	return db.First[DepartmentID](ctx, tx, `select id from staff_department where code = $1`, code)
}

func departmentByName(ctx context.Context, tx *db.Tx, name string) (DepartmentID, bool, error) {
	return db.First[DepartmentID](ctx, tx, `
		select coalesce(into_id, id)
		from staff_department
		where name = $1
		order by case when active = true then 0 else 1 end, id
		limit 1`, name)
}

func listCodes(ctx context.Context, tx *db.Tx) (map[DepartmentID][]Code, error) {
	rows, err := db.List[Code](ctx, tx, `select department_id, source, code from staff_department_code order by department_id, source, code`)
	out := map[DepartmentID][]Code{}
	for _, c := range rows {
		out[c.DepartmentID] = append(out[c.DepartmentID], c)
	}
	return out, err
}

func dropCodes(ctx context.Context, tx *db.Tx, id DepartmentID) error {
	_, err := tx.Exec(ctx, `delete from staff_department_code where department_id = $1`, id)
	return err
}

func insertCode(ctx context.Context, tx *db.Tx, c Code) error {
	_, err := tx.Exec(ctx, `insert into staff_department_code (code, source, department_id, created_at) values ($1, $2, $3, $4)`, c.Code, c.Source, c.DepartmentID, tx.Now)
	return err
}

func moveCodes(ctx context.Context, tx *db.Tx, from, into DepartmentID) error {
	_, err := tx.Exec(ctx, `update staff_department_code set department_id = $1 where department_id = $2`, into, from)
	return err
}
