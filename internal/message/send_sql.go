package message

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"renxin/internal/consent"
	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// Message is a message that goes out, as stored.
type Message struct {
	ID            ID
	PatientID     patient.ID
	Key           string
	Channel       string
	Purpose       consent.Purpose
	Address       string // normalised number; never leaves the house unmasked
	Text          string
	Signature     string
	Extension     string
	TemplateCode  string
	Params        string
	Room          string
	Ref           int64
	State         State
	Reason        string // why it waits, was blocked or failed
	ProviderCode  string
	NotBefore     clock.Instant
	Urgent        bool
	Parts         int64
	CostFen       int64
	Route         string
	Tries         int64
	SenderID      int64 // staff
	ReplyTo       IncomingID
	ReservationID consent.ReservationID
	CreatedAt     clock.Instant
	SendingAt     clock.Instant
	AcceptedAt    clock.Instant
	SettledAt     clock.Instant
}

const messageColumns = `m.id, m.patient_id, m.key, m.channel, m.purpose, m.address, m.text, m.signature, m.extension, m.template_code,
	m.params, m.room, m.ref, m.state, m.reason, m.provider_code, m.not_before, m.urgent, m.parts, m.cost_fen, m.route, m.tries,
	m.sender_id, m.reply_to, m.reservation_id, m.created_at, m.sending_at, m.accepted_at, m.settled_at`

// returned is messageColumns for a returning clause, where SQLite knows no alias.
var returned = strings.ReplaceAll(messageColumns, "m.", "")

const chunk = 256 // items in one "in (…)"

// padded repeats the last item up to the next power of four, so that lists of any length share a few prepared statements.
func padded[T any](items []T) []T {
	n := 1
	for n < len(items) {
		n *= 4
	}
	out := slices.Clone(items)
	for len(out) < n && len(items) > 0 {
		out = append(out, items[len(items)-1])
	}
	return out
}

// gathered runs a query per chunk of items, which stand for the one %s of in, and puts the rows together; no items, no rows.
func gathered[T, I any](ctx context.Context, tx *db.Tx, items []I, start func() *db.Query, in, end string) ([]T, error) {
	var out []T
	for list := range slices.Chunk(items, chunk) {
		q := db.In(start(), padded(list), in)
		rows, err := db.Rows[T](ctx, tx, q.If(end != "", end))
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

func text(sql string, args ...any) func() *db.Query {
	return func() *db.Query { return db.SQL(sql, args...) }
}

func insertMessage(ctx context.Context, tx *db.Tx, m Message) error {
	_, err := tx.Exec(ctx, `
		insert into message_message (id, patient_id, key, channel, purpose, address, text, signature, extension, template_code, params, room, ref,
			state, reason, provider_code, not_before, urgent, parts, cost_fen, route, tries, lease_until, sender_id, reply_to, reservation_id,
			created_at, sending_at, accepted_at, settled_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, '', $16, $17, $18, $19, '', 0, 0, $20, $21, $22, $23, 0, 0, $24)`,
		m.ID, m.PatientID, m.Key, m.Channel, m.Purpose, m.Address, m.Text, m.Signature, m.Extension, m.TemplateCode, m.Params, m.Room, m.Ref,
		m.State, m.Reason, m.NotBefore, m.Urgent, m.Parts, m.CostFen, orNull(m.SenderID), m.ReplyTo, m.ReservationID, m.CreatedAt, m.SettledAt)
	return err
}

func insertQuestion(ctx context.Context, tx *db.Tx, m Message, q Question) error {
	choices, err := json.Marshal(q.choices())
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into message_question (message_id, patient_id, address, extension, choices, room, ref, state, expires_at, code, incoming_id, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, 'open', $8, '', null, $9)`,
		m.ID, m.PatientID, m.Address, m.Extension, string(choices), q.Room, q.Ref, q.ExpiresAt, tx.Now)
	return err
}

// messagesByKey finds the messages that hold a key; one that was taken back before it left holds it no more.
func messagesByKey(ctx context.Context, tx *db.Tx, keys []string) ([]Message, error) {
	return gathered[Message](ctx, tx, keys, text(`select `+messageColumns+` from message_message m where m.key <> '' and m.state <> 'cancelled'`), `and m.key in (%s)`, "")
}

func mergedPatients(ctx context.Context, tx *db.Tx, ids []patient.ID) ([]patient.ID, error) {
	return gathered[patient.ID](ctx, tx, ids, text(`select id from patient_patient where merged_into is not null`), `and id in (%s)`, "")
}

type nameOf struct {
	ID   patient.ID
	Name string
}

func patientNames(ctx context.Context, tx *db.Tx, ids []patient.ID) ([]nameOf, error) {
	return gathered[nameOf](ctx, tx, ids, text(`select id, name from patient_patient where 1 = 1`), `and id in (%s)`, "")
}

type openExtension struct{ Address, Extension string }

func openExtensions(ctx context.Context, tx *db.Tx, addresses []string) ([]openExtension, error) {
	return gathered[openExtension](ctx, tx, addresses, text(`select address, extension from message_question where state = 'open'`), `and address in (%s)`, "")
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
