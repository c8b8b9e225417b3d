package staff

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

const departmentColumns = `id, site_id, parent_id, kind, code, name, active, version, division, checked, into_id`

func listDepartments(ctx context.Context, tx *db.Tx) ([]Department, error) {
	return db.List[Department](ctx, tx, `select `+departmentColumns+` from staff_department order by coalesce(parent_id, 0), code`)
}

func findDepartment(ctx context.Context, tx *db.Tx, id DepartmentID) (Department, error) {
	return db.One[Department](ctx, tx, `select `+departmentColumns+` from staff_department where id = $1`, id)
}

func insertDepartment(ctx context.Context, tx *db.Tx, d Department) error {
	_, err := tx.Exec(ctx, `
		insert into staff_department (`+departmentColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, d.ID, d.SiteID, d.ParentID, d.Kind, d.Code, d.Name, d.Active, d.Version, d.Division, d.Checked, d.IntoID)
	return err
}

func updateDepartment(ctx context.Context, tx *db.Tx, d Department) error {
	_, err := tx.Exec(ctx, `
		update staff_department
		set site_id = $1,
		parent_id = $2,
		name = $3,
		active = $4,
		version = $5,
		division = $6,
		checked = $7,
		into_id = $8,
		kind = $9
		where id = $10`, d.SiteID, d.ParentID, d.Name, d.Active, d.Version, d.Division, d.Checked, d.IntoID, d.Kind, d.ID)
	return err
}

func openHistory(ctx context.Context, tx *db.Tx, d Department) error {
	_, err := tx.Exec(ctx, `
		insert into staff_department_history (department_id, valid_from, valid_to, name, parent_id, site_id)
		values ($1, $2, 0, $3, $4, $5)
		on conflict (department_id, valid_from) do update
		set name = excluded.name, parent_id = excluded.parent_id, site_id = excluded.site_id, valid_to = 0`, d.ID, tx.Now, d.Name, d.ParentID, d.SiteID)
	return err
}

func closeHistory(ctx context.Context, tx *db.Tx, id DepartmentID) error {
	_, err := tx.Exec(ctx, `update staff_department_history set valid_to = $1 where department_id = $2 and valid_to = 0`, tx.Now, id)
	return err
}

func listDepartmentHistory(ctx context.Context, tx *db.Tx) (map[DepartmentID][]Past, error) {
	rows, err := db.List[Past](ctx, tx, `
		select department_id, valid_from, valid_to, name, parent_id, site_id
		from staff_department_history
		order by department_id, valid_from`)
	out := map[DepartmentID][]Past{}
	for _, r := range rows {
		out[r.DepartmentID] = append(out[r.DepartmentID], r)
	}
	return out, err
}

// departmentAt falls back to the first name known when the instant lies before it.
func departmentAt(ctx context.Context, tx *db.Tx, id DepartmentID, at clock.Instant) (Past, error) {
	return db.One[Past](ctx, tx, `
		select department_id, valid_from, valid_to, name, parent_id, site_id
		from staff_department_history
		where department_id = $1
		order by case when valid_from <= $2 and (valid_to = 0 or valid_to > $2) then 0 else 1 end, valid_from
		limit 1`, id, at)
}

func departmentNames(ctx context.Context, tx *db.Tx, ids []DepartmentID) (map[DepartmentID]string, error) {
	out := map[DepartmentID]string{}
	if len(ids) == 0 {
		return out, nil
	}
	q := db.In(db.SQL(`select id, name from staff_department where true`), ids, `and id in (%s)`)
	rows, err := db.Rows[struct {
		ID   DepartmentID
		Name string
	}](ctx, tx, q)
	for _, r := range rows {
		out[r.ID] = r.Name
	}
	return out, err
}

func pastNames(ctx context.Context, tx *db.Tx, ids []DepartmentID) (Names, error) {
	out := Names{}
	if len(ids) == 0 {
		return out, nil
	}
	q := db.In(db.SQL(`select department_id, valid_from, valid_to, name, parent_id, site_id from staff_department_history where true`), ids, `and department_id in (%s)`)
	rows, err := db.Rows[Past](ctx, tx, q.Add(`order by department_id, valid_from`))
	for _, r := range rows {
		out[r.DepartmentID] = append(out[r.DepartmentID], r)
	}
	return out, err
}

func moveStaff(ctx context.Context, tx *db.Tx, from, into DepartmentID) error {
	_, err := tx.Exec(ctx, `update staff_account set department_id = $1, version = version + 1 where department_id = $2`, into, from)
	return err
}
