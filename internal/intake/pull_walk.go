package intake

import (
	"context"
	"errors"
	"slices"
	"time"

	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// walk is one pull under way.
type walk struct {
	Pull
	feed    Feed
	from    Database
	columns []ViewColumn
	changed ViewColumn
	read    int
	counts  Counts
	beat    beat                                     // holds the newest rejection of this pull
	alive   func(ctx context.Context, done int) bool // tells that we live; false stops after the page
}

var errPullOvertaken = errors.New("intake: another instance pulls this feed")

// pullNow reads what changed in a view since the last time and takes it page by page. Each page commits with the place behind it, so
// that a pull that was interrupted goes on there. Rows that say what they said before are passed over.
func (s *Service) pullNow(ctx context.Context, id FeedID, alive func(ctx context.Context, done int) bool) (Counts, error) {
	p, err := findPull(ctx, s.DB.Read(ctx), id)
	if err != nil {
		return Counts{}, err
	}
	f, err := feedByID(ctx, s.DB.Read(ctx), id)
	if err != nil || f.StoppedAt != 0 {
		return Counts{}, err
	}
	w := &walk{Pull: p, feed: f, alive: alive}
	if err := s.openWalk(ctx, w); err != nil {
		return w.counts, err
	}
	defer w.from.Close()
	if w.changed.Name == "" {
		err = s.walkWhole(ctx, w)
	} else if err = s.walkUnknown(ctx, w); err == nil {
		err = s.walkChanged(ctx, w)
	}
	return w.counts, err
}

func (s *Service) openWalk(ctx context.Context, w *walk) error {
	password, err := s.Secret.Unseal(w.Sealed)
	if err != nil {
		return fault.New(fault.Invalid, "intake.pull.password_lost")
	}
	w.from, err = s.Puller.Open(ctx, Source{Driver: w.Driver, Host: w.Host, Port: w.Port, Database: w.Database, Account: w.Account, Password: password,
		Encryption: w.Encryption, Timeout: time.Duration(w.TimeoutSeconds) * time.Second})
	if err != nil {
		return err
	}
	all, err := w.from.Columns(ctx, w.View)
	if err == nil {
		w.columns, w.changed, err = arrange(all, w.KeyColumn, w.ChangedColumn, w.Options.Mapping)
	}
	if err != nil {
		w.from.Close()
	}
	return err
}

// page asks for the next rows, no more than the cap leaves.
func (w *walk) page(ctx context.Context, q PageQuery) ([]PulledRow, error) {
	q.View, q.Columns, q.Changed, q.Limit = w.View, w.columns, w.changed, min(chunk, w.RowCap-w.read)
	if q.Limit <= 0 {
		return nil, nil
	}
	rows, err := w.from.Page(ctx, q)
	w.read += len(rows)
	for i, r := range rows {
		if r.Key == "" {
			return nil, fault.New(fault.Invalid, "intake.pull.key_empty")
		}
		if slices.ContainsFunc(rows[:i], func(x PulledRow) bool { return x.Key == r.Key && x.Mark == r.Mark }) {
			return nil, fault.New(fault.Invalid, "intake.pull.key_repeats")
		}
	}
	return rows, err
}

// walkChanged follows the moments of change. It begins ten minutes before the newest one taken; a pull that ended at the cap goes on
// exactly where it stood, else a crowd of equal moments would be read for ever.
func (s *Service) walkChanged(ctx context.Context, w *walk) error {
	mark, after := w.Mark, w.MarkKey
	if !w.Unfinished {
		mark, after = overlapped(mark), ""
	}
	for {
		rows, err := w.page(ctx, PageQuery{Mark: mark, After: after})
		if err != nil {
			return err
		}
		end := len(rows) == 0
		if !end {
			last := rows[len(rows)-1]
			mark, after = last.Mark, last.Key
		}
		next := w.Pull
		if end {
			next.Unfinished = w.read >= w.RowCap
		} else {
			next.advance(rows)
		}
		if err := s.takePage(ctx, w, next, rows); err != nil || end || !w.alive(ctx, w.read) {
			return err
		}
	}
}

// advance puts the place behind rows. Moments that lie in the source's future are not believed: a clock that was wrong once would
// hide everything until it is right again.
func (p *Pull) advance(rows []PulledRow) {
	for _, r := range rows {
		if !r.Ahead {
			p.Mark, p.MarkKey = r.Mark, r.Key
		}
	}
	p.Unfinished = true
}

// overlapped goes ten minutes back. What is no moment (a version number of the row) is taken as it is.
func overlapped(mark string) string {
	at, err := time.Parse(markLayout, mark)
	if err != nil {
		return mark
	}
	return at.Add(-pullOverlap).Format("2006-01-02 15:04:05.000000")
}

// walkUnknown takes the rows whose moment of change is not known, all of them each time.
func (s *Service) walkUnknown(ctx context.Context, w *walk) error {
	after := ""
	for {
		rows, err := w.page(ctx, PageQuery{Unknown: true, After: after})
		if err != nil || len(rows) == 0 {
			return err
		}
		after = rows[len(rows)-1].Key
		if err := s.takePage(ctx, w, w.Pull, rows); err != nil {
			return err
		}
		if !w.alive(ctx, w.read) {
			return nil
		}
	}
}

// walkWhole reads the whole view in order of its key, over several pulls where the cap says so. When the walk is through, rows that it
// did not meet have vanished: they are counted and forgotten, so that they are taken again should they come back. Nobody is deleted.
func (s *Service) walkWhole(ctx context.Context, w *walk) error {
	for {
		rows, err := w.page(ctx, PageQuery{After: w.MarkKey})
		if err != nil {
			return err
		}
		next := w.Pull
		if len(rows) > 0 {
			next.MarkKey, next.Unfinished = rows[len(rows)-1].Key, true
		} else if w.read < w.RowCap {
			next.MarkKey, next.Unfinished, next.Pass = "", false, w.Pass+1
		}
		if err := s.takePage(ctx, w, next, rows); err != nil || len(rows) == 0 || !w.alive(ctx, w.read) {
			return err
		}
	}
}

// takePage takes the rows that say something new and moves the place behind them, in one transaction.
func (s *Service) takePage(ctx context.Context, w *walk, next Pull, rows []PulledRow) error {
	var counts Counts
	var heard beat
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		fresh, same, err := changedRows(ctx, tx, w, rows)
		if err != nil {
			return err
		}
		h := w.beat
		h.counts = Counts{Duplicate: len(same)}
		if len(fresh) > 0 {
			if err := s.takeRows(ctx, tx, w, fresh, &h); err != nil {
				return err
			}
		}
		counts, heard = h.counts, h
		if err := keepPulled(ctx, tx, w.FeedID, w.Pass, fresh, same); err != nil {
			return err
		}
		if next.Pass != w.Pass {
			if next.Gone, err = dropVanished(ctx, tx, w.FeedID, w.Pass); err != nil {
				return err
			}
		} else if !next.Unfinished && w.changed.Name != "" {
			if err := prunePulled(ctx, tx, w.FeedID, tx.Now.Add(-7*24*time.Hour)); err != nil {
				return err
			}
		}
		next.Seen = w.read
		if moved, err := movePull(ctx, tx, w.Pull, next); err != nil || !moved {
			if err == nil {
				err = errPullOvertaken
			}
			return err
		}
		return beatFeed(ctx, tx, w.FeedID, h)
	})
	if err == nil {
		w.Pull, w.beat = next, heard
		w.counts.sum(counts)
	}
	return err
}

func changedRows(ctx context.Context, tx *db.Tx, w *walk, rows []PulledRow) (fresh, same []PulledRow, err error) {
	keys := make([]string, len(rows))
	for i, r := range rows {
		keys[i] = r.Key
	}
	held, err := pulledHashes(ctx, tx, w.FeedID, keys)
	for _, r := range rows {
		if held[r.Key] == r.hash() {
			same = append(same, r)
		} else {
			fresh = append(fresh, r)
		}
	}
	return fresh, same, err
}

// takeRows stages and judges rows as those of any other table. The instant belongs to their key: a row may honestly say again what it
// said before it said something else.
func (s *Service) takeRows(ctx context.Context, tx *db.Tx, w *walk, rows []PulledRow, h *beat) error {
	raw, err := asTable(w.columns, rows)
	if err != nil {
		return err
	}
	reading, err := s.openAs(ctx, "table", raw, w.Options)
	if err != nil {
		return err
	}
	var records []Record
	for r := range reading.Records {
		records = append(records, r)
	}
	b := batch{feed: w.feed, content: contentHash([]byte(w.FeedID.String() + w.feedInstant(tx)))}
	if err := b.hold(ctx, tx, records); err != nil {
		return err
	}
	for i, r := range records {
		if i < len(rows) {
			r.Ref = label(rows[i].Key, 40)
		}
		_, o, err := s.take(ctx, tx, b, r)
		if err != nil {
			return err
		}
		h.counts.add(o.Verdict)
		h.note(o, tx.Now)
	}
	return nil
}

func (w *walk) feedInstant(tx *db.Tx) string {
	return tx.Now.Time().Format(time.RFC3339Nano) + w.MarkKey + w.Mark
}
