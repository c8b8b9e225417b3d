package intake

import (
	"context"

	"renxin/internal/platform/db"
)

const hookColumns = `h.id, h.feed_id, f.name, h.format, h.token_hash, h.allow, h.options, h.created_at, h.created_by, h.rotated_at, h.seen_at, h.version`

func listHooks(ctx context.Context, tx *db.Tx) ([]Hook, error) {
	return db.List[Hook](ctx, tx, `select `+hookColumns+` from intake_hook h join intake_feed f on f.id = h.feed_id order by f.name`)
}

func hookByID(ctx context.Context, tx *db.Tx, id HookID) (Hook, error) {
	return db.One[Hook](ctx, tx, `select `+hookColumns+` from intake_hook h join intake_feed f on f.id = h.feed_id where h.id = $1`, id)
}

func hookOfFeed(ctx context.Context, tx *db.Tx, feed FeedID) (Hook, bool, error) {
	return db.First[Hook](ctx, tx, `select `+hookColumns+` from intake_hook h join intake_feed f on f.id = h.feed_id where h.feed_id = $1`, feed)
}

func insertHook(ctx context.Context, tx *db.Tx, h Hook) error {
	_, err := tx.Exec(ctx, `
		insert into intake_hook (id, feed_id, format, token_hash, allow, options, created_at, created_by, rotated_at, seen_at, version)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10)`,
		h.ID, h.FeedID, h.Format, h.TokenHash, h.Allow, h.Stored, h.CreatedAt, null(h.CreatedBy), h.RotatedAt, h.Version)
	return err
}

func updateHook(ctx context.Context, tx *db.Tx, h Hook) error {
	_, err := tx.Exec(ctx, `
		update intake_hook set
			token_hash = $2,
			allow = $3,
			options = $4,
			rotated_at = $5,
			version = $6
		where id = $1`,
		h.ID, h.TokenHash, h.Allow, h.Stored, h.RotatedAt, h.Version)
	return err
}

func touchHook(ctx context.Context, tx *db.Tx, id HookID) error {
	_, err := tx.Exec(ctx, `update intake_hook set seen_at = $2 where id = $1`, id, tx.Now)
	return err
}
