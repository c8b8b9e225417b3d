package setting

import (
	"context"

	"renxin/internal/platform/db"
)

const valueColumns = `key, department_id, value, version, updated_at, updated_by`

func listValues(ctx context.Context, tx *db.Tx) ([]Value, error) {
	return db.List[Value](ctx, tx, `select `+valueColumns+` from setting_value order by key, department_id`)
}

func findValue(ctx context.Context, tx *db.Tx, key string, department int64) (Value, bool, error) {
	return db.First[Value](ctx, tx, `select `+valueColumns+` from setting_value where key = $1 and department_id = $2`, key, department)
}

func putValue(ctx context.Context, tx *db.Tx, u Update, version int64, by string) error {
	_, err := tx.Exec(ctx, `
		insert into setting_value (key, department_id, value, version, updated_at, updated_by)
		values ($1, $2, $3, $4, $5, $6)
		on conflict (key, department_id) do update
		set value = excluded.value,
		version = excluded.version,
		updated_at = excluded.updated_at,
		updated_by = excluded.updated_by`, u.Key, u.DepartmentID, u.Value, version, tx.Now, by)
	return err
}

func dropValue(ctx context.Context, tx *db.Tx, key string, department int64) error {
	_, err := tx.Exec(ctx, `delete from setting_value where key = $1 and department_id = $2`, key, department)
	return err
}

func addHistory(ctx context.Context, tx *db.Tx, id int64, u Update, old, by string) error {
	_, err := tx.Exec(ctx, `
		insert into setting_history (id, key, department_id, old_value, new_value, at, by_name)
		values ($1, $2, $3, $4, $5, $6, $7)`, id, u.Key, u.DepartmentID, old, u.Value, tx.Now, by)
	return err
}

func listHistory(ctx context.Context, tx *db.Tx, key string) ([]Past, error) {
	return db.List[Past](ctx, tx, `
		select id, key, department_id, old_value, new_value, at, by_name
		from setting_history
		where key = $1
		order by id desc
		limit 200`, key)
}
