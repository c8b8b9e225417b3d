package message

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/db"
)

func finishReply(ctx context.Context, tx *db.Tx, id IncomingID, by int64) error {
	_, err := tx.Exec(ctx, `
		update message_incoming set state = 'done', done_by = $1, done_at = $2
		where id = $3 and state <> 'done'`, orNull(by), tx.Now, id)
	return err
}

func matchReply(ctx context.Context, tx *db.Tx, r Reply) error {
	_, err := tx.Exec(ctx, `
		update message_incoming
		set patient_id = $1, state = $2, reason = $3, code = $4, code_label = $5, provisional = $6, question_id = $7, message_id = $8, owner_id = $9
		where id = $10`,
		r.PatientID, r.State, r.Reason, r.Code, r.CodeLabel, r.Provisional, r.QuestionID, r.MessageID, orNull(r.OwnerID), r.ID)
	return err
}

// contactWith finds the contact point with exactly this number, zero when the patient has lost it since.
func contactWith(ctx context.Context, tx *db.Tx, p patient.ID, number string) (patient.ContactID, error) {
	id, _, err := db.First[patient.ContactID](ctx, tx, `
		select id from patient_contact
		where patient_id = $1 and number = $2
		order by rank, id
		limit 1`, p, number)
	return id, err
}

type textOf struct {
	ID   ID
	Text string
}

func textsOf(ctx context.Context, tx *db.Tx, ids []ID) ([]textOf, error) {
	return gathered[textOf](ctx, tx, ids, text(`select id, text from message_message where 1 = 1`), `and id in (%s)`, "")
}
