package trail

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

func appendedSince(ctx context.Context, tx *db.Tx, actor int64, e Entry, since clock.Instant) (bool, error) {
	_, ok, err := db.First[int64](ctx, tx, `
		select 1
		from trail_entry
		where patient_id = $1
		and at >= $2
		and actor_id = $3
		and action = $4
		limit 1`, e.PatientID, since, actor, e.Action)
	return ok, err
}
