package view

import (
	"context"

	"renxin/internal/platform/db"
	"renxin/internal/staff"
)

const columns = `id, owner_id, page, name, query, layout, shared, rank, created_at`

func list(ctx context.Context, tx *db.Tx, page string, me staff.ID) ([]View, error) {
	return db.List[View](ctx, tx, `
		select `+columns+`
		from view_view
		where page = $1 and (owner_id = $2 or shared = true)
		order by rank, id`, page, me)
}

func find(ctx context.Context, tx *db.Tx, id ID) (View, error) {
	return db.One[View](ctx, tx, `select `+columns+` from view_view where id = $1`, id)
}

func insert(ctx context.Context, tx *db.Tx, v View) error {
	_, err := tx.Exec(ctx, `
		insert into view_view (`+columns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, v.ID, v.OwnerID, v.Page, v.Name, v.Query, v.Layout, v.Shared, v.Rank, v.CreatedAt)
	return err
}

func update(ctx context.Context, tx *db.Tx, v View) error {
	_, err := tx.Exec(ctx, `update view_view set name = $1, query = $2, layout = $3, shared = $4, rank = $5 where id = $6`, v.Name, v.Query, v.Layout, v.Shared, v.Rank, v.ID)
	return err
}

func remove(ctx context.Context, tx *db.Tx, id ID) error {
	_, err := tx.Exec(ctx, `delete from view_view where id = $1`, id)
	return err
}
