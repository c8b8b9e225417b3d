package patient

import (
	"context"

	"renxin/internal/platform/db"
)

const transferColumns = `id, to_id, reason, state, total, moved, skipped, job_id, created_by, created_at, finished_at`

func insertTransfer(ctx context.Context, tx *db.Tx, t Transfer) error {
	_, err := tx.Exec(ctx, `
		insert into patient_transfer (`+transferColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		t.ID, t.ToID, t.Reason, t.State, t.Total, t.Moved, t.Skipped, t.JobID, none(t.CreatedBy), t.CreatedAt, t.FinishedAt)
	return err
}

func updateTransfer(ctx context.Context, tx *db.Tx, t Transfer) error {
	_, err := tx.Exec(ctx, `
		update patient_transfer
		set state = $1,
		moved = $2,
		skipped = $3,
		job_id = $4,
		finished_at = $5
		where id = $6`, t.State, t.Moved, t.Skipped, t.JobID, t.FinishedAt, t.ID)
	return err
}

func findTransfer(ctx context.Context, tx *db.Tx, id TransferID) (Transfer, error) {
	return db.One[Transfer](ctx, tx, `select `+transferColumns+` from patient_transfer where id = $1`, id)
}

// insertTransferRows remembers the patients with the owners they have.
func insertTransferRows(ctx context.Context, tx *db.Tx, id TransferID, ids []ID) error {
	for from := 0; from < len(ids); from += 500 {
		part := ids[from:min(from+500, len(ids))]
		q := db.SQL(`
			insert into patient_transfer_row (transfer_id, patient_id, before_id, state)
			select cast(? as bigint), p.id, p.owner_id, 'ready'
			from patient_patient p
			where true`, id)
		db.In(q, part, "and p.id in (%s)")
		if _, err := tx.Exec(ctx, q.Text(), q.Args()...); err != nil {
			return err
		}
	}
	return nil
}

type transferRow struct {
	PatientID ID
	BeforeID  int64
}

func transferRows(ctx context.Context, tx *db.Tx, id TransferID, state string, limit int) ([]transferRow, error) {
	return db.List[transferRow](ctx, tx, `
		select patient_id, before_id
		from patient_transfer_row
		where transfer_id = $1
		and state = $2
		order by patient_id
		limit $3`, id, state, limit)
}

func markTransferRow(ctx context.Context, tx *db.Tx, id TransferID, r transferRow, state string) error {
	_, err := tx.Exec(ctx, `update patient_transfer_row set state = $1 where patient_id = $2 and transfer_id = $3`, state, r.PatientID, id)
	return err
}
