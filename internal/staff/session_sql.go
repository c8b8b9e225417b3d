package staff

import (
	"context"
	"encoding/base64"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

func findSession(ctx context.Context, tx *db.Tx, token string, now clock.Instant) ([]byte, bool, error) {
	data, ok, err := db.First[string](ctx, tx, `select data from staff_session where token = $1 and expires_at > $2`, token, now)
	if err != nil || !ok {
		return nil, false, err
	}
	b, err := base64.StdEncoding.DecodeString(data)
	return b, err == nil, err
}

func putSession(ctx context.Context, tx *db.Tx, token, data string, expires clock.Instant) error {
	_, err := tx.Exec(ctx, `
		insert into staff_session (token, data, expires_at)
		values ($1, $2, $3)
		on conflict (token) do update
		set data = excluded.data, expires_at = excluded.expires_at`, token, data, expires)
	return err
}

func dropSession(ctx context.Context, tx *db.Tx, token string) error {
	_, err := tx.Exec(ctx, `delete from staff_session where token = $1`, token)
	return err
}

func pruneSessions(ctx context.Context, tx *db.Tx, now clock.Instant) error {
	_, err := tx.Exec(ctx, `delete from staff_session where expires_at <= $1`, now)
	return err
}

func throttledUntil(ctx context.Context, tx *db.Tx, keys []string, now clock.Instant) (clock.Instant, error) {
	v, _, err := db.First[clock.Instant](ctx, tx, `
		select until
		from staff_throttle
		where key in ($1, $2) and until > $3
		order by until desc
		limit 1`, keys[0], keys[1], now)
	return v, err
}

func addFailure(ctx context.Context, tx *db.Tx, key string) (int, error) {
	return db.One[int](ctx, tx, `
		insert into staff_throttle (key, failures, until)
		values ($1, 1, 0)
		on conflict (key) do update
		set failures = staff_throttle.failures + 1
		returning failures`, key)
}

func setThrottle(ctx context.Context, tx *db.Tx, key string, until clock.Instant) error {
	_, err := tx.Exec(ctx, `update staff_throttle set until = $1 where key = $2`, until, key)
	return err
}

func clearFailures(ctx context.Context, tx *db.Tx, keys []string) error {
	_, err := tx.Exec(ctx, `delete from staff_throttle where key in ($1, $2)`, keys[0], keys[1])
	return err
}

func sessionFresh(ctx context.Context, tx *db.Tx, token, data string, expires clock.Instant) (bool, error) {
	_, ok, err := db.First[int64](ctx, tx, `select expires_at from staff_session where token = $1 and data = $2 and expires_at >= $3`, token, data, expires)
	return ok, err
}
