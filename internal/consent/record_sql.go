package consent

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

func insertRecord(ctx context.Context, tx *db.Tx, r Record) error {
	_, err := tx.Exec(ctx, `
		insert into consent_record (id, patient_id, purpose, channel, decision, proof, source, decided_by, decided_at, until, superseded_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)`,
		r.ID, r.PatientID, r.Purpose, r.Channel, r.Decision, r.Proof, r.Source, orNull(r.DecidedBy), r.DecidedAt, r.Until)
	return err
}

// supersede ends what r replaces: the same channel, or every channel when r speaks for all.
func supersede(ctx context.Context, tx *db.Tx, r Record) error {
	q := db.SQL(`update consent_record set superseded_at = ? where patient_id = ? and purpose = ? and superseded_at = 0`, tx.Now, r.PatientID, r.Purpose)
	q.If(r.Channel != Any, `and channel = ?`, r.Channel)
	_, err := tx.Exec(ctx, q.Text(), q.Args()...)
	return err
}

// wideRecords are the decisions in force for all channels.
func wideRecords(ctx context.Context, tx *db.Tx, r Record) ([]Record, error) {
	return db.List[Record](ctx, tx, `
		select `+recordColumns+`
		from consent_record
		where patient_id = $1 and purpose = $2 and channel = 'any' and superseded_at = 0`, r.PatientID, r.Purpose)
}

func endRecord(ctx context.Context, tx *db.Tx, r Record) error {
	_, err := tx.Exec(ctx, `update consent_record set superseded_at = $1 where id = $2 and patient_id = $3`, tx.Now, r.ID, r.PatientID)
	return err
}

const recordColumns = `id, patient_id, purpose, channel, decision, proof, source, decided_by, decided_at, until, superseded_at`

func listRecords(ctx context.Context, tx *db.Tx, p patient.ID) ([]Record, error) {
	return db.List[Record](ctx, tx, `
		select `+recordColumns+`
		from consent_record
		where patient_id = $1
		order by decided_at desc, id desc`, p)
}

func insertBlock(ctx context.Context, tx *db.Tx, id BlockID, p patient.ID, reason, source string, until clock.Instant, by int64) error {
	_, err := tx.Exec(ctx, `
		insert into consent_block (id, patient_id, reason, source, until, created_by, created_at, lifted_at)
		values ($1, $2, $3, $4, $5, $6, $7, 0)`, id, p, reason, source, until, orNull(by), tx.Now)
	return err
}

func liftBlock(ctx context.Context, tx *db.Tx, p patient.ID, reason, source string) error {
	_, err := tx.Exec(ctx, `
		update consent_block set lifted_at = $1
		where patient_id = $2 and reason = $3 and source = $4 and lifted_at = 0`, tx.Now, p, reason, source)
	return err
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
