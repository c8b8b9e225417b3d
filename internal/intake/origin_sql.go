package intake

import (
	"context"

	"renxin/internal/platform/db"
)

func findResource(ctx context.Context, tx *db.Tx, feed FeedID, name string) (resource, bool, error) {
	return db.First[resource](ctx, tx, `select name, known, hash, version from intake_resource where feed_id = $1 and name = $2`, feed, name)
}

func putResource(ctx context.Context, tx *db.Tx, feed FeedID, r resource) error {
	_, err := tx.Exec(ctx, `
		insert into intake_resource (feed_id, name, known, hash, version, at)
		values ($1, $2, $3, $4, $5, $6)
		on conflict (feed_id, name) do update
		set known = excluded.known,
		hash = excluded.hash,
		version = excluded.version,
		at = excluded.at`,
		feed, r.Name, r.Known, r.Hash, r.Version, tx.Now)
	return err
}
