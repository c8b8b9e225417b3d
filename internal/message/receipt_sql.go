package message

import (
	"context"
	"time"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// partsOf finds the parts that receipts may speak of, by route and key, the latest first.
func partsOf(ctx context.Context, tx *db.Tx, list []heard) (map[string]map[string][]*sentPart, error) {
	keys := []string{}
	for _, h := range list {
		keys = append(keys, ProviderKeys(h.ProviderID)...)
	}
	rows, err := gathered[sentPart](ctx, tx, keys, text(`
		select p.patient_id, p.message_id, p.part, p.route, p.provider_id, p.provider_key, p.state,
			m.address, m.parts, m.state as message, m.room, m.ref
		from message_part p
		join message_message m on m.id = p.message_id and m.patient_id = p.patient_id
		where 1 = 1`), `and p.provider_key in (%s)`, `order by p.message_id desc, p.part`)
	if err != nil {
		return nil, err
	}
	out := map[string]map[string][]*sentPart{}
	for i, r := range rows {
		if out[r.Route] == nil {
			out[r.Route] = map[string][]*sentPart{}
		}
		out[r.Route][r.ProviderKey] = append(out[r.Route][r.ProviderKey], &rows[i])
	}
	return out, nil
}

func markPart(ctx context.Context, tx *db.Tx, p part, h heard) error {
	_, err := tx.Exec(ctx, `
		update message_part set state = $1, code = $2, at = $3
		where message_id = $4 and part = $5 and patient_id = $6`, h.State, h.Code, h.At, p.MessageID, p.Part, p.PatientID)
	return err
}

type partState struct {
	MessageID ID
	State     ReceiptState
}

func partStates(ctx context.Context, tx *db.Tx, ids []ID) (map[ID][]ReceiptState, error) {
	rows, err := gathered[partState](ctx, tx, ids, text(`select message_id, state from message_part where state <> 'open'`), `and message_id in (%s)`, "")
	out := map[ID][]ReceiptState{}
	for _, r := range rows {
		out[r.MessageID] = append(out[r.MessageID], r.State)
	}
	return out, err
}

// keepReceipt stores a receipt that matches nothing; the same one twice is one.
func keepReceipt(ctx context.Context, tx *db.Tx, id int64, h heard) error {
	_, err := tx.Exec(ctx, `
		insert into message_receipt (id, route, provider_id, provider_key, number, state, code, at, received_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (provider_key, route, state, code) do nothing`,
		id, h.Route, h.ProviderID, ProviderKey(h.ProviderID), normal(h.Number), h.State, h.Code, h.At, tx.Now)
	return err
}

type keptReceipt struct {
	ID         int64
	ProviderID string
	Number     string
	State      string
	Code       string
	At         clock.Instant
}

func keptReceipts(ctx context.Context, tx *db.Tx, route string, keys []string) ([]keptReceipt, error) {
	return gathered[keptReceipt](ctx, tx, keys, text(`select id, provider_id, number, state, code, at from message_receipt where route = ?`, route),
		`and provider_key in (%s)`, `order by id`)
}

func forgetReceipts(ctx context.Context, tx *db.Tx, ids []int64) error {
	for _, id := range ids {
		if _, err := tx.Exec(ctx, `delete from message_receipt where id = $1`, id); err != nil {
			return err
		}
	}
	return nil
}

func dropOldReceipts(ctx context.Context, tx *db.Tx, before clock.Instant) error {
	_, err := tx.Exec(ctx, `delete from message_receipt where received_at < $1`, before)
	return err
}

// doubtfulMessages are unknown, have no part at the provider, and receipts for their number came that nobody claims.
func doubtfulMessages(ctx context.Context, tx *db.Tx, since clock.Instant) ([]Message, error) {
	return db.List[Message](ctx, tx, `
		select `+messageColumns+`
		from message_message m
		where m.state = 'unknown' and m.created_at >= $1 and m.reason in ('interrupted', 'no_answer')
		and exists (select 1 from message_receipt r where r.number = m.address and r.route = m.route and r.received_at >= m.sending_at)
		and not exists (select 1 from message_part p where p.message_id = m.id and p.patient_id = m.patient_id)
		order by m.created_at, m.id
		limit $2`, since, sweepChunk)
}

// rivals counts other messages to the same number whose receipts these might be.
func rivals(ctx context.Context, tx *db.Tx, m Message) (int, error) {
	return db.One[int](ctx, tx, `
		select count(*)
		from message_message o
		where o.address = $1 and o.id <> $2 and o.sending_at >= $3
		and (o.state = 'sending' or (o.state = 'unknown' and o.reason in ('interrupted', 'no_answer')))`,
		m.Address, m.ID, m.SendingAt.Add(-5*24*time.Hour))
}

func unclaimedIDs(ctx context.Context, tx *db.Tx, m Message) ([]string, error) {
	return db.List[string](ctx, tx, `
		select max(provider_id)
		from message_receipt
		where number = $1 and route = $2 and received_at >= $3
		group by provider_key
		order by provider_key`, m.Address, m.Route, m.SendingAt)
}
