package message

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/db"
)

// mine are one's own replies and those that are nobody's: whoever sees the patient may be the one to answer.
const mine = `and (i.owner_id = ? or i.owner_id is null)`

func repliesFrom(q *db.Query, f InboxFilter, me int64, scope scoped) *db.Query {
	q.Add(`from message_incoming i where 1 = 1`)
	q.If(f.Open, `and i.state <> 'done'`)
	if f.Tab == "unmatched" {
		return q.Add(`and i.patient_id is null`)
	}
	q.If(f.Tab == "mine", mine, me)
	q.If(f.PatientID != 0, `and i.patient_id = ?`, f.PatientID)
	q.Add(`and i.patient_id is not null`)
	scope(q)
	return q
}

func pageOfReplies(ctx context.Context, tx *db.Tx, f InboxFilter, me int64, scope scoped) (page db.Page[Reply], err error) {
	limit := db.Limit(f.Limit)
	q := repliesFrom(db.SQL(`select `+replyColumns), f, me, scope)
	if f.Cursor != "" {
		var at, id int64
		if err := db.Uncursor(f.Cursor, &at, &id); err != nil {
			return page, err
		}
		q.Add(`and (i.received_at, i.id) < (?, ?)`, at, id)
	}
	rows, err := db.Rows[Reply](ctx, tx, q.Add(`order by i.received_at desc, i.id desc limit ?`, limit+1))
	if err != nil {
		return page, err
	}
	n, _, err := db.FirstOf[int](ctx, tx, repliesFrom(db.SQL(`select count(*) from (select 1 as one`), f, me, scope).Add(`limit ?) c`, db.CountCap+1))
	return db.Cut(rows, limit, db.Capped(n), func(r Reply) string { return db.Cursor(int64(r.ReceivedAt), int64(r.ID)) }), err
}

func countWaiting(ctx context.Context, tx *db.Tx, me int64, scope scoped) (int, error) {
	q := db.SQL(`
		select count(*) from (
			select 1 as one from message_incoming i
			where i.patient_id is not null and i.state in ('new', 'needs_person') `+mine, me)
	scope(q)
	n, _, err := db.FirstOf[int](ctx, tx, q.Add(`limit ?) c`, db.CountCap+1))
	return n, err
}

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
