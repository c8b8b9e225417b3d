package event

import (
	"context"

	"renxin/internal/platform/db"
)

func cursorAt(ctx context.Context, tx *db.Tx, name string) (int64, error) {
	v, _, err := db.First[int64](ctx, tx, `select value from event_cursor where name = $1`, name)
	return v, err
}

// moveCursor moves a reader on, never back.
func moveCursor(ctx context.Context, tx *db.Tx, name string, seq int64) error {
	_, err := tx.Exec(ctx, `
		insert into event_cursor (name, value)
		values ($1, $2)
		on conflict (name) do update
		set value = excluded.value
		where event_cursor.value < excluded.value`, name, seq)
	return err
}
