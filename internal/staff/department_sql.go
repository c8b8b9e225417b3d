package staff

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

const departmentColumns = `id, site_id, parent_id, kind, code, name, active, version`

func listSites(ctx context.Context, tx *db.Tx) ([]Site, error) {
	return db.List[Site](ctx, tx, `select id, code, name, active, version from staff_site order by id`)
}

func insertSite(ctx context.Context, tx *db.Tx, s Site) error {
	_, err := tx.Exec(ctx, `insert into staff_site (id, code, name, active, version) values ($1, $2, $3, $4, $5)`, s.ID, s.Code, s.Name, s.Active, s.Version)
	return err
}

func listDepartments(ctx context.Context, tx *db.Tx) ([]Department, error) {
	return db.List[Department](ctx, tx, `select `+departmentColumns+` from staff_department order by coalesce(parent_id, 0), code`)
}

func findDepartment(ctx context.Context, tx *db.Tx, id DepartmentID) (Department, error) {
	return db.One[Department](ctx, tx, `select `+departmentColumns+` from staff_department where id = $1`, id)
}

func departmentByCode(ctx context.Context, tx *db.Tx, code string) (DepartmentID, bool, error) {
	return db.First[DepartmentID](ctx, tx, `select id from staff_department where code = $1`, code)
}

func insertDepartment(ctx context.Context, tx *db.Tx, d Department) error {
	_, err := tx.Exec(ctx, `
		insert into staff_department (`+departmentColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`, d.ID, d.SiteID, d.ParentID, d.Kind, d.Code, d.Name, d.Active, d.Version)
	return err
}

func updateDepartment(ctx context.Context, tx *db.Tx, d Department) error {
	_, err := tx.Exec(ctx, `
		update staff_department
		set site_id = $1, parent_id = $2, name = $3, active = $4, version = $5
		where id = $6`, d.SiteID, d.ParentID, d.Name, d.Active, d.Version, d.ID)
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
