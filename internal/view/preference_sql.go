package view

import (
	"context"

	"renxin/internal/platform/db"
)

func preferences(ctx context.Context, tx *db.Tx, me int64) ([]Preference, error) {
	return db.List[Preference](ctx, tx, `
		select key, value, updated_at
		from view_preference
		where staff_id = $1
		order by key`, me)
}

func countPreferences(ctx context.Context, tx *db.Tx, me int64, but string) (int64, error) {
	n, _, err := db.First[int64](ctx, tx, `select count(*) from view_preference where staff_id = $1 and key <> $2`, me, but)
	return n, err
}

func putPreference(ctx context.Context, tx *db.Tx, me int64, key, value string) error {
	_, err := tx.Exec(ctx, `
		insert into view_preference (staff_id, key, value, updated_at)
		values ($1, $2, $3, $4)
		on conflict (staff_id, key) do update
		set value = excluded.value,
		updated_at = excluded.updated_at`, me, key, value, tx.Now)
	return err
}

func dropPreference(ctx context.Context, tx *db.Tx, me int64, key string) error {
	_, err := tx.Exec(ctx, `delete from view_preference where staff_id = $1 and key = $2`, me, key)
	return err
}
