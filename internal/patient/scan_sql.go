package patient

import (
	"context"

	"renxin/internal/platform/db"
)

func standingAfter(ctx context.Context, tx *db.Tx, last ID, limit int) ([]ID, error) {
	return db.List[ID](ctx, tx, `
		select id
		from patient_patient
		where id > $1
		and merged_into is null
		and deleted_at is null
		order by id
		limit $2`, int64(last), limit)
}

func countStanding(ctx context.Context, tx *db.Tx) (int, error) {
	n, err := db.One[int64](ctx, tx, `select count(*) from patient_patient where merged_into is null and deleted_at is null`)
	return int(n), err
}
