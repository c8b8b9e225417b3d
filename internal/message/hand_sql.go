package message

import (
	"context"
	"time"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// dueMessages lists what may go now, urgent ones first, because their not_before is zero.
func dueMessages(ctx context.Context, tx *db.Tx, channel string, limit int) ([]Message, error) {
	return db.List[Message](ctx, tx, `
		select `+messageColumns+`
		from message_message m
		where m.state = 'queued' and m.not_before <= $1 and m.channel = $2
		order by m.not_before, m.id
		limit $3`, tx.Now, channel, limit)
}

// markSending repeats the state in its condition, so that of two processes that saw the same rows only one takes each.
func markSending(ctx context.Context, tx *db.Tx, list []Message, route string, lease clock.Instant) ([]Message, error) {
	ids := make([]ID, len(list))
	byID := make(map[ID]Message, len(list))
	for i, m := range list {
		ids[i] = m.ID
		byID[m.ID] = m
	}
	won, err := gathered[ID](ctx, tx, ids, text(`
		update message_message
		set state = 'sending', route = ?, sending_at = ?, lease_until = ?, tries = tries + 1, reason = ''
		where state = 'queued'`, route, tx.Now, lease), `and id in (%s)`, `returning id`)
	if err != nil {
		return nil, err
	}
	taken := make([]Message, 0, len(won))
	for _, id := range won {
		m := byID[id]
		m.Route, m.SendingAt, m.Tries = route, tx.Now, m.Tries+1
		taken = append(taken, m)
	}
	return taken, nil
}

func delayMessage(ctx context.Context, tx *db.Tx, m Message, at clock.Instant, reason string) error {
	_, err := tx.Exec(ctx, `
		update message_message set not_before = $1, reason = $2
		where id = $3 and patient_id = $4 and state = 'queued'`, at, reason, m.ID, m.PatientID)
	return err
}

func requeueMessage(ctx context.Context, tx *db.Tx, m Message, at clock.Instant, reason, code string) error {
	_, err := tx.Exec(ctx, `
		update message_message set state = 'queued', not_before = $1, reason = $2, provider_code = $3, lease_until = 0
		where id = $4 and patient_id = $5 and state = 'sending'`, at, reason, code, m.ID, m.PatientID)
	return err
}

func acceptMessage(ctx context.Context, tx *db.Tx, m Message) error {
	_, err := tx.Exec(ctx, `
		update message_message set state = 'accepted', accepted_at = $1, lease_until = 0, provider_code = ''
		where id = $2 and patient_id = $3 and state = 'sending'`, tx.Now, m.ID, m.PatientID)
	return err
}

// endMessage moves a message from one state to a terminal one; done is false when it was no longer in from.
func endMessage(ctx context.Context, tx *db.Tx, m Message, from, to State, reason, code string) (done bool, err error) {
	n, err := tx.Exec(ctx, `
		update message_message set state = $1, reason = $2, provider_code = $3, settled_at = $4, lease_until = 0
		where id = $5 and patient_id = $6 and state = $7`, to, reason, code, tx.Now, m.ID, m.PatientID, from)
	return n == 1, err
}

// interrupted closes messages whose process died while sending: they may have left.
func interrupted(ctx context.Context, tx *db.Tx) ([]Message, error) {
	return db.List[Message](ctx, tx, `
		update message_message set state = 'unknown', reason = 'interrupted', settled_at = $1, lease_until = 0
		where state = 'sending' and id in (
			select x.id from message_message x where x.state = 'sending' and x.lease_until <= $1 order by x.lease_until limit $2
		)
		returning `+returned, tx.Now, sweepChunk)
}

// neverReceipted closes accepted messages whose receipt did not come in time.
func neverReceipted(ctx context.Context, tx *db.Tx, before clock.Instant) ([]Message, error) {
	return db.List[Message](ctx, tx, `
		update message_message set state = 'unknown', reason = 'no_receipt', settled_at = $1
		where state = 'accepted' and id in (
			select x.id from message_message x where x.state = 'accepted' and x.accepted_at <= $2 order by x.accepted_at limit $3
		)
		returning `+returned, tx.Now, before, sweepChunk)
}

// sweepNeeded looks before a transaction is opened, so that an idle house writes nothing.
func sweepNeeded(ctx context.Context, tx *db.Tx, now, before clock.Instant) (bool, error) {
	n, err := db.One[int](ctx, tx, `
		select
			(select count(*) from (select 1 as one from message_message where state = 'sending' and lease_until <= $1 limit 1) a)
			+ (select count(*) from (select 1 as one from message_message where state = 'accepted' and accepted_at <= $2 limit 1) b)
			+ (select count(*) from (select 1 as one from message_message where state = 'queued' and not_before <= $1 limit 1) c)
			+ (select count(*) from (select 1 as one from message_question where state = 'open' and expires_at <= $1 limit 1) d)
			+ (select count(*) from (select 1 as one from message_incoming_part limit 1) e)
			+ (select count(*) from (select 1 as one from message_receipt where received_at >= $3 limit 1) f)`, now, before, now.Add(-15*time.Minute))
	return n > 0, err
}

func overdue(ctx context.Context, tx *db.Tx) (bool, error) {
	_, ok, err := db.First[int](ctx, tx, `select 1 from message_message where state = 'queued' and not_before <= $1 limit 1`, tx.Now)
	return ok, err
}

// sendJobWaits reads the platform's queue: a job that has not begun yet will see everything committed before it begins.
func sendJobWaits(ctx context.Context, tx *db.Tx) (bool, error) {
	_, ok, err := db.First[int](ctx, tx, `select 1 from job_job where kind = $1 and state = 'ready' and run_at <= $2 limit 1`, jobSend, tx.Now)
	return ok, err
}

func expireQuestions(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `update message_question set state = 'expired' where state = 'open' and expires_at <= $1`, tx.Now)
	return err
}

func dropQuestion(ctx context.Context, tx *db.Tx, m Message) error {
	_, err := tx.Exec(ctx, `update message_question set state = 'dropped' where message_id = $1 and patient_id = $2 and state = 'open'`, m.ID, m.PatientID)
	return err
}

// part is one part of a message at the provider.
type part struct {
	PatientID   patient.ID
	MessageID   ID
	Part        int64
	Route       string
	ProviderID  string
	ProviderKey string
	State       string // open, or a ReceiptState
}

func insertPart(ctx context.Context, tx *db.Tx, p part) error {
	_, err := tx.Exec(ctx, `
		insert into message_part (patient_id, message_id, part, route, provider_id, provider_key, state, code, at)
		values ($1, $2, $3, $4, $5, $6, 'open', '', $7)
		on conflict (message_id, part, patient_id) do nothing`,
		p.PatientID, p.MessageID, p.Part, p.Route, p.ProviderID, p.ProviderKey, tx.Now)
	return err
}
