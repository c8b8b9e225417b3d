package patient

import (
	"context"

	"renxin/internal/platform/db"
	"renxin/internal/staff"
)

// held selects the live relations of a person that somebody has to take over.
func held(q *db.Query, tx *db.Tx, of staff.ID) *db.Query {
	q.Add("from patient_access a where a.kind = 'staff' and a.key = ? and (a.until = 0 or a.until > ?)", of, tx.Now)
	return db.In(q, handRoles, "and a.role in (%s)")
}

func countHeld(ctx context.Context, tx *db.Tx, of staff.ID) (int, error) {
	n, _, err := db.FirstOf[int](ctx, tx, held(db.SQL("select count(distinct a.patient_id)"), tx, of))
	return n, err
}

func heldItems(ctx context.Context, tx *db.Tx, of staff.ID, after int64, limit int) ([]staff.Item, error) {
	q := db.SQL("select p.id, p.department_id from patient_patient p where p.id in (select a.patient_id")
	held(q, tx, of).Add("and a.patient_id > ?) order by p.id limit ?", after, limit)
	return db.Rows[staff.Item](ctx, tx, q)
}
