package message

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// Old is a message of long ago with its end, or a reply, for bulk loading.
type Old struct {
	PatientID patient.ID
	In        bool   // from the patient
	Purpose   string // care, notice, survey, promotion; outgoing only
	Address   string // normalised number of the patient
	Text      string // as sent, with signature
	Signature string
	State     State  // delivered, failed or unknown; outgoing only
	Code      string // what a reply was read as
	Room      string // who asked for it
	At        clock.Instant
}

// History stores messages of long ago, at most about a thousand at a time. It passes no gate and publishes no facts, because
// nothing of it is sent. Parts are counted as they were; costs at priceLi tenths of a fen for each.
func History(ctx context.Context, d *db.DB, all []Old, priceLi int) error {
	return d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var out, in [][]any
		for _, m := range all {
			if m.In {
				in = append(in, oldIncoming(d.NextID(), m))
				continue
			}
			out = append(out, oldMessage(d.NextID(), m, len(Segment(m.Text).Parts), priceLi))
		}
		return loadHistory(ctx, tx, out, in)
	})
}

// CountAll counts outgoing and incoming messages. It reads whole indexes: not for pages.
func CountAll(ctx context.Context, d *db.DB) (out, in int64, err error) {
	return countMessages(ctx, d.Read(ctx))
}
