package organization

import (
	"context"

	"renxin/internal/platform/db"
	"renxin/internal/staff"
)

func countHeld(ctx context.Context, tx *db.Tx, of staff.ID) (int, error) {
	return db.One[int](ctx, tx, `select count(*) from organization_organization where owner_id = $1 and deleted_at is null`, of)
}

func heldItems(ctx context.Context, tx *db.Tx, of staff.ID, after int64, limit int) ([]staff.Item, error) {
	return db.List[staff.Item](ctx, tx, `
		select id
		from organization_organization
		where owner_id = $1
		and deleted_at is null
		and id > $2
		order by id
		limit $3`, of, after, limit)
}

func give(ctx context.Context, tx *db.Tx, id ID, from, to staff.ID) (int64, error) {
	return tx.Exec(ctx, `update organization_organization set owner_id = $1, version = version + 1 where id = $2 and owner_id = $3`, to, id, from)
}
