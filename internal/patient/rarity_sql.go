package patient

import (
	"context"

	"renxin/internal/platform/db"
)

// patientRange gives the first and the last ID, zeros where there is nobody.
func patientRange(ctx context.Context, tx *db.Tx) (low, high ID, err error) {
	type ends struct{ Low, High ID }
	e, err := db.One[ends](ctx, tx, `
		select coalesce((select min(id) from patient_patient), 0) as low,
		coalesce((select max(id) from patient_patient), 0) as high`)
	return e.Low, e.High, err
}

type namedRow struct {
	ID   ID
	Name string
}

func namesFrom(ctx context.Context, tx *db.Tx, from ID, limit int) ([]namedRow, error) {
	return db.List[namedRow](ctx, tx, `
		select id, name
		from patient_patient
		where id >= $1
		and merged_into is null
		and deleted_at is null
		order by id
		limit $2`, from, limit)
}
