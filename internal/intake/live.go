package intake

import (
	"context"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// Live is one message from a connection.
type Live struct {
	Feed    string // name of the source
	Address string // of the sender
	Charset string
	Record  Record
}

// Receive takes one message of a live feed and returns when it is committed, which is when the sender may be told so.
func (s *Service) Receive(ctx context.Context, l Live) (Outcome, error) {
	if err := access.Need(ctx, PermImport); err != nil {
		return Outcome{}, err
	}
	out, err := s.receive(ctx, l)
	if db.IsUnique(err) { // the same message came over two connections at once: by now the other one is there
		out, err = s.receive(ctx, l)
	}
	return out, err
}

func (s *Service) receive(ctx context.Context, l Live) (out Outcome, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		f, err := s.feed(ctx, tx, l.Feed, FeedMLLP, l.Address)
		if err != nil {
			return err
		}
		if f.StoppedAt != 0 { // no answer, so that the sender keeps what it has until somebody starts the feed
			return fault.New(fault.Unavailable, "intake.feed.stopped")
		}
		var held Message
		if held, out, err = s.take(ctx, tx, batch{feed: f, charset: l.Charset}, l.Record); err != nil {
			return err
		}
		if out.Verdict == Duplicate { // the sender asks again: it gets the answer it got
			out = Outcome{Verdict: Duplicate, Code: held.Code, PatientID: held.PatientID}
		}
		b := beat{address: l.Address}
		if at := l.Record.OccurredAt; at != 0 && at < tx.Now {
			b.lagMs, b.toldAt = int64(tx.Now-at), at
		}
		b.counts.add(out.Verdict)
		b.note(out, tx.Now)
		return beatFeed(ctx, tx, f.ID, b)
	})
	return out, err
}
