package intake

import (
	"context"
	"errors"
	"slices"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// Push is what a machine brought in one request.
type Push struct {
	Hook    Hook
	Address string // of the sender
	Charset string
	Records []Record
	Whole   bool // all of it or nothing
}

// MaxWhole is how many records a push that is taken as a whole may hold: what one transaction carries.
const MaxWhole = chunk

// OptionsOf is how a sender's texts are read: its own options, completed by the hospital's.
func (s *Service) OptionsOf(ctx context.Context, h Hook) ReadOptions {
	return s.completed(ctx, h.Options)
}

// Push takes what a machine brought and returns when it is committed, one outcome for each record. The same again answers
// Duplicate with the code of the first time and changes nothing. Of a whole with a rejected record nothing is applied; the
// rejected ones are staged, so that somebody sees them, and the others carry the code intake.hook.whole.
func (s *Service) Push(ctx context.Context, p Push) ([]Outcome, error) {
	if err := access.Need(ctx, PermImport); err != nil {
		return nil, err
	}
	if p.Whole && len(p.Records) > MaxWhole {
		return nil, fault.New(fault.TooLarge, "intake.hook.too_many", "most", MaxWhole)
	}
	var out []Outcome
	for part := range slices.Chunk(p.Records, chunk) {
		some, err := s.pushPart(ctx, p, part)
		if db.IsUnique(err) { // the same over another connection at once: by now it is there
			some, err = s.pushPart(ctx, p, part)
		}
		if err != nil {
			return out, err
		}
		out = append(out, some...)
	}
	return out, nil
}

func (s *Service) pushPart(ctx context.Context, p Push, records []Record) (out []Outcome, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		f, err := feedByID(ctx, tx, p.Hook.FeedID)
		if err != nil {
			return err
		}
		if f.StoppedAt != 0 { // the sender keeps what it has until somebody starts the feed
			return fault.New(fault.Unavailable, "intake.feed.stopped")
		}
		b := batch{feed: f, charset: p.Charset}
		if p.Whole {
			out, err = s.takeWhole(ctx, tx, b, records)
		} else {
			out, err = s.takeEach(ctx, tx, b, records)
		}
		if err != nil {
			return err
		}
		h := beat{address: p.Address}
		for i, o := range out {
			h.counts.add(o.Verdict)
			h.note(o, tx.Now)
			if at := records[i].OccurredAt; at != 0 && at < tx.Now {
				h.lagMs, h.toldAt = int64(tx.Now-at), at
			}
		}
		if err := touchHook(ctx, tx, p.Hook.ID); err != nil {
			return err
		}
		return beatFeed(ctx, tx, f.ID, h)
	})
	return out, err
}

func (s *Service) takeEach(ctx context.Context, tx *db.Tx, b batch, records []Record) ([]Outcome, error) {
	out := make([]Outcome, 0, len(records))
	for _, r := range records {
		held, o, err := s.take(ctx, tx, b, r)
		if err != nil {
			return nil, err
		}
		if o.Verdict == Duplicate { // the sender asks again: it gets the answer it got
			o = Outcome{Verdict: Duplicate, Code: held.Code, PatientID: held.PatientID, Was: held.Verdict}
		}
		out = append(out, o)
	}
	return out, nil
}

var errTorn = errors.New("intake: a part of the whole was rejected")

func (s *Service) takeWhole(ctx context.Context, tx *db.Tx, b batch, records []Record) (out []Outcome, err error) {
	err = tx.Savepoint(ctx, func(ctx context.Context) (err error) {
		if out, err = s.takeEach(ctx, tx, b, records); err == nil && slices.ContainsFunc(out, Outcome.refused) {
			err = errTorn
		}
		return err
	})
	if !errors.Is(err, errTorn) {
		return out, err
	}
	for i, o := range out {
		switch {
		case !o.refused():
			out[i] = Outcome{Verdict: Rejected, Code: "intake.hook.whole"}
		case o.Verdict == Rejected:
			if err := s.keepRejected(ctx, tx, b, records[i], o); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// refused: rejected now, or the copy of what was rejected before.
func (o Outcome) refused() bool {
	return o.Verdict == Rejected || o.Verdict == Duplicate && o.Was == Rejected
}

// keepRejected stages a record with a verdict that was found already.
func (s *Service) keepRejected(ctx context.Context, tx *db.Tx, b batch, r Record, o Outcome) error {
	if err := s.number(ctx, tx, b.feed, &r); err != nil {
		return err
	}
	m := s.stage(ctx, b, r, tx.Now)
	m.ID, m.Attempts, m.ProcessedAt = db.New[recordKind](s.DB), 1, tx.Now
	m.settle(o)
	if err := insertMessage(ctx, tx, m); err != nil {
		return err
	}
	return s.Board.Publish(ctx, Waiting{m.ID, m.Verdict})
}
