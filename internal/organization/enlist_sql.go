package organization

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/db"
)

// withNumber lists the patients who have a number of any kind by which members are looked up.
func withNumber(ctx context.Context, tx *db.Tx, number string) ([]patient.ID, error) {
	q := db.SQL(`select distinct n.patient_id from patient_identifier n where n.value = ?`, number)
	return db.Rows[patient.ID](ctx, tx, db.In(q, numberKinds, `and n.kind in (%s)`).Add(`order by n.patient_id limit 10`))
}
