package view

import (
	"context"

	"renxin/internal/platform/db"
	"renxin/internal/staff"
)

func countOf(ctx context.Context, tx *db.Tx, of staff.ID) (int, error) {
	return db.One[int](ctx, tx, `select count(*) from view_view where owner_id = $1`, of)
}

func itemsOf(ctx context.Context, tx *db.Tx, of staff.ID, after int64, limit int) ([]staff.Item, error) {
	return db.List[staff.Item](ctx, tx, `select id from view_view where owner_id = $1 and id > $2 order by id limit $3`, of, after, limit)
}

func give(ctx context.Context, tx *db.Tx, id ID, to staff.ID) error {
	_, err := tx.Exec(ctx, `update view_view set owner_id = $1 where id = $2`, to, id)
	return err
}
