package followup

import (
	"context"

	"renxin/internal/message"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

type heardRow struct {
	Text       string
	State      string
	ReceivedAt clock.Instant
}

// heard reads what a patient wrote.
func heard(ctx context.Context, tx *db.Tx, id message.IncomingID) (heardRow, bool, error) {
	return db.First[heardRow](ctx, tx, `select text, state, received_at from message_incoming where id = $1`, id)
}
