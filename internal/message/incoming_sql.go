package message

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

const replyColumns = `i.id, i.patient_id, i.route, i.provider_id, i.address, i.number, i.extension, i.text, i.received_at, i.state, i.reason,
	i.code, i.code_label, i.provisional, i.opt_out, i.question_id, i.message_id, i.owner_id, i.done_by, i.done_at`

func insertReply(ctx context.Context, tx *db.Tx, r Reply) error {
	_, err := tx.Exec(ctx, `
		insert into message_incoming (id, patient_id, route, provider_id, address, number, extension, text, received_at, repeats, state, reason,
			code, code_label, provisional, opt_out, question_id, message_id, owner_id, done_by, done_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, $12, $13, $14, $15, $16, $17, $18, null, 0)`,
		r.ID, r.PatientID, r.Route, r.ProviderID, r.Address, r.Number, r.Extension, r.Text, r.ReceivedAt, r.State, r.Reason,
		r.Code, r.CodeLabel, r.Provisional, r.OptOut, r.QuestionID, r.MessageID, orNull(r.OwnerID))
	return err
}

// repeated counts a message that is known already: by the provider's id, or, where it gives none, by the same text within
// two minutes, which is what a centre does when our acknowledgement got lost.
func repeated(ctx context.Context, tx *db.Tx, in Incoming, address string, since clock.Instant) (bool, error) {
	q := db.SQL(`update message_incoming set repeats = repeats + 1 where route = ?`, in.Route)
	if in.ProviderID != "" {
		q.Add(`and provider_id = ? and provider_id <> ''`, in.ProviderID) // the second half lets the partial index serve
	} else {
		q.Add(`and provider_id = '' and address = ? and number = ? and text = ? and received_at >= ?`, address, in.To, clean(in.Text), since)
	}
	n, err := tx.Exec(ctx, q.Text(), q.Args()...)
	return n > 0, err
}

// sentTo lists what went to a number, the latest first.
func sentTo(ctx context.Context, tx *db.Tx, address string, since clock.Instant) ([]Message, error) {
	return db.List[Message](ctx, tx, `
		select `+messageColumns+`
		from message_message m
		where m.address = $1 and m.created_at >= $2 and m.state in ('sending', 'accepted', 'delivered', 'unknown', 'failed')
		order by m.created_at desc, m.id desc
		limit 50`, address, since)
}

func questionsOf(ctx context.Context, tx *db.Tx, address string, since clock.Instant) ([]pending, error) {
	return db.List[pending](ctx, tx, `
		select q.message_id, q.patient_id, q.extension, q.choices, q.room, q.ref, q.state, q.expires_at, q.code, m.sender_id
		from message_question q
		join message_message m on m.id = q.message_id and m.patient_id = q.patient_id
		where q.address = $1 and q.created_at >= $2 and m.state in ('sending', 'accepted', 'delivered', 'unknown', 'failed')
		order by q.created_at desc, q.message_id desc
		limit 50`, address, since)
}

func closeQuestion(ctx context.Context, tx *db.Tx, p pending, r Reply) error {
	_, err := tx.Exec(ctx, `
		update message_question set state = 'answered', code = $1, incoming_id = $2
		where message_id = $3 and patient_id = $4`, r.Code, r.ID, p.MessageID, p.PatientID)
	return err
}

// ownerOf is whose concern a patient's word is when nobody was asked for it: the owner of the record, else who follows the
// patient up, else nobody.
func ownerOf(ctx context.Context, tx *db.Tx, id patient.ID) (int64, error) {
	owner, _, err := db.First[ownerRow](ctx, tx, `
		select coalesce(p.owner_id, (
			select a.key
			from patient_access a
			where a.patient_id = p.id
			and a.kind = 'staff'
			and a.role = 'followup'
			and (a.until = 0 or a.until > $1)
			order by a.key
			limit 1
		)) as owner_id
		from patient_patient p
		where p.id = $2`, tx.Now, id)
	return owner.OwnerID, err
}

type ownerRow struct{ OwnerID int64 }

func keepPart(ctx context.Context, tx *db.Tx, in Incoming, address string) error {
	_, err := tx.Exec(ctx, `
		insert into message_incoming_part (route, address, ref, total, part, units, received_at)
		values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (route, address, ref, total, part) do nothing`,
		in.Route, address, in.Part.Ref, in.Part.Total, in.Part.Index, hexUnits(in.Part.Units), tx.Now)
	return err
}

type keptPart struct {
	Part  int
	Units string
}

func keptParts(ctx context.Context, tx *db.Tx, route, address, ref string, total int) ([]Part, error) {
	rows, err := db.List[keptPart](ctx, tx, `
		select part, units from message_incoming_part
		where route = $1 and address = $2 and ref = $3 and total = $4
		order by part`, route, address, ref, total)
	parts := make([]Part, len(rows))
	for i, r := range rows {
		parts[i] = Part{Ref: ref, Index: r.Part, Total: total, Units: unhex(r.Units)}
	}
	return parts, err
}

// emptyParts leaves the rows of a finished message for a while, so that a repeated part starts nothing new.
func emptyParts(ctx context.Context, tx *db.Tx, route, address, ref string, total int) error {
	_, err := tx.Exec(ctx, `update message_incoming_part set units = '' where route = $1 and address = $2 and ref = $3 and total = $4`, route, address, ref, total)
	return err
}

func dropParts(ctx context.Context, tx *db.Tx, route, address, ref string, total int) error {
	_, err := tx.Exec(ctx, `delete from message_incoming_part where route = $1 and address = $2 and ref = $3 and total = $4`, route, address, ref, total)
	return err
}

type tornMessage struct {
	Route   string
	Address string
	Ref     string
	Total   int
}

func tornParts(ctx context.Context, tx *db.Tx, before clock.Instant) ([]tornMessage, error) {
	return db.List[tornMessage](ctx, tx, `
		select route, address, ref, total from message_incoming_part
		group by route, address, ref, total
		having max(received_at) < $1`, before)
}

func findIncoming(ctx context.Context, tx *db.Tx, id IncomingID) (Reply, bool, error) {
	return db.First[Reply](ctx, tx, `select `+replyColumns+` from message_incoming i where i.id = $1`, id)
}
