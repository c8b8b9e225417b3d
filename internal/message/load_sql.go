package message

import (
	"context"

	"renxin/internal/platform/db"
)

const oldColumns = `id, patient_id, key, channel, purpose, address, text, signature, extension, template_code, params, room, ref, state, reason,
	provider_code, not_before, urgent, parts, cost_fen, route, tries, lease_until, created_at, sending_at, accepted_at, settled_at`

func oldMessage(id int64, m Old, parts, priceLi int) []any {
	return []any{id, m.PatientID, "", "sms", m.Purpose, m.Address, m.Text, m.Signature, "", "", "{}", m.Room, int64(0), m.State, "",
		"", m.At, false, parts, CostFen(parts, priceLi), "load", int64(1), int64(0), m.At, m.At, m.At + 1000, m.At + 4000}
}

const oldIncomingColumns = `id, patient_id, route, provider_id, address, number, extension, text, received_at, repeats, state, reason,
	code, code_label, provisional, opt_out, done_at`

func oldIncoming(id int64, m Old) []any {
	return []any{id, m.PatientID, "load", "", m.Address, "", "", m.Text, m.At, int64(0), "done", "", m.Code, "", false, m.Code == "TD", m.At}
}

func loadHistory(ctx context.Context, tx *db.Tx, out, in [][]any) error {
	if err := tx.Insert(ctx, "message_message", oldColumns, out); err != nil {
		return err
	}
	return tx.Insert(ctx, "message_incoming", oldIncomingColumns, in)
}

func countMessages(ctx context.Context, tx *db.Tx) (out, in int64, err error) {
	type counts struct{ Sent, Received int64 }
	c, err := db.One[counts](ctx, tx, `
		select (select count(*) from message_message) as sent,
		(select count(*) from message_incoming) as received`)
	return c.Sent, c.Received, err
}
