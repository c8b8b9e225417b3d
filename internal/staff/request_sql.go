package staff

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

func claimRequest(ctx context.Context, tx *db.Tx, staffID int64, key, path string) (bool, error) {
	n, err := tx.Exec(ctx, `
		insert into staff_request (staff_id, key, path, status, type, body, at)
		values ($1, $2, $3, 0, '', '', $4)
		on conflict (staff_id, key, path) do nothing`, staffID, key, path, tx.Now)
	return n == 1, err
}

func findRequest(ctx context.Context, tx *db.Tx, staffID int64, key, path string) (Kept, error) {
	return db.One[Kept](ctx, tx, `select status, type, body from staff_request where staff_id = $1 and key = $2 and path = $3`, staffID, key, path)
}

func keepRequest(ctx context.Context, tx *db.Tx, staffID int64, key, path string, k Kept) error {
	_, err := tx.Exec(ctx, `
		update staff_request
		set status = $1, type = $2, body = $3
		where staff_id = $4 and key = $5 and path = $6`, k.Status, k.Type, k.Body, staffID, key, path)
	return err
}

func dropRequest(ctx context.Context, tx *db.Tx, staffID int64, key, path string) error {
	_, err := tx.Exec(ctx, `delete from staff_request where staff_id = $1 and key = $2 and path = $3`, staffID, key, path)
	return err
}

func pruneRequests(ctx context.Context, tx *db.Tx, before clock.Instant) error {
	_, err := tx.Exec(ctx, `delete from staff_request where at < $1`, before)
	return err
}
