package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"slices"
	"strings"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// chunk is how many records one transaction takes: at about ten rows each, a chunk stays under the 2,000 rows after which
// bulk work yields the writer.
const chunk = 200

// heldTurn is how many records that we hold already are counted before the count is written: they write nothing else.
const heldTurn = 4000

// States of a run.
const (
	RunWaiting   = "waiting"
	RunRunning   = "running"
	RunDone      = "done"
	RunCancelled = "cancelled"
	RunFailed    = "failed"
)

// Run is one import of a file.
type Run struct {
	ID       RunID
	FeedID   FeedID
	Feed     string // name, in lists
	UploadID UploadID
	JobID    int64
	File     string // name as the sender gave it
	Content  string
	Options  string
	State    string
	Done     int
	Total    int
	Counts
	Error      string
	CreatedAt  clock.Instant
	StartedAt  clock.Instant
	FinishedAt clock.Instant
	ActorID    int64
	Actor      string
	Undo       string // state of the last roll-back, "" for none

	heard func(r Record, o Outcome)
}

// Rate is records a second, so far.
func (r Run) Rate(now clock.Instant) float64 {
	end := r.FinishedAt
	if end == 0 {
		end = now
	}
	took := end.Sub(r.StartedAt).Seconds()
	if r.StartedAt == 0 || took <= 0 {
		return 0
	}
	return float64(r.Done) / took
}

// RunFilter narrows the list of imports.
type RunFilter struct {
	State  string // of a run, or "undone" for those that were taken back
	FeedID FeedID
	Mine   bool // brought by the caller
	Cursor string
	Limit  int
}

// Runs lists imports, newest first.
func (s *Service) Runs(ctx context.Context, f RunFilter) (db.Page[Run], error) {
	if err := access.Need(ctx, PermFeeds); err != nil {
		return db.Page[Run]{}, err
	}
	limit := db.Limit(f.Limit)
	mine := access.From(ctx).StaffID
	rows, err := listRuns(ctx, s.DB.Read(ctx), f, mine, limit)
	if err != nil {
		return db.Page[Run]{}, err
	}
	total, err := countRuns(ctx, s.DB.Read(ctx), f, mine)
	return db.Cut(rows, limit, total, func(r Run) string { return db.Cursor(int64(r.ID)) }), err
}

// Run finds one import.
func (s *Service) Run(ctx context.Context, id RunID) (Run, error) {
	if err := access.Need(ctx, PermFeeds); err != nil {
		return Run{}, err
	}
	return findRun(ctx, s.DB.Read(ctx), id)
}

// CancelRun stops an import after the chunk it is in. What is already in stays in.
func (s *Service) CancelRun(ctx context.Context, id RunID) error {
	if err := access.Need(ctx, PermImport); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := findRun(ctx, tx, id)
		if err != nil || r.State != RunWaiting && r.State != RunRunning {
			return err
		}
		if err := s.Jobs.Cancel(ctx, r.JobID); err != nil {
			return err
		}
		if r.State == RunWaiting {
			return endRun(ctx, tx, id, RunCancelled, "")
		}
		return nil
	})
}

// Progress is told after every chunk; a false answer stops the import as cancelled.
type Progress func(ctx context.Context, done, total int) bool

// Options are what an import needs besides the bytes.
type Options struct {
	Feed    string // name of the source
	Kind    string // FeedUpload or FeedCommand
	File    string
	Read    ReadOptions
	DryRun  bool // judge everything, write nothing
	OnChunk Progress
	// Heard gets every record with its verdict, after the transaction that decided it; nil is allowed.
	Heard func(r Record, o Outcome)
}

// Import reads a file and applies it chunk by chunk, for the command; uploads go through a job.
func (s *Service) Import(ctx context.Context, raw []byte, o Options) (Run, error) {
	if err := access.Need(ctx, PermImport); err != nil {
		return Run{}, err
	}
	reading, err := s.open(ctx, raw, o.Read)
	if err == nil {
		err = reading.mapped()
	}
	if err != nil {
		return Run{}, err
	}
	if o.DryRun {
		return s.rehearse(ctx, reading, contentHash(raw), o)
	}
	o.Read = reading.fixedOptions(o.Read)
	run := Run{ID: db.New[runKind](s.DB), File: o.File, Content: contentHash(raw), Options: encode(o.Read), State: RunRunning, Total: reading.Total}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		f, err := s.feed(ctx, tx, o.Feed, o.Kind, "")
		if err != nil {
			return err
		}
		run.FeedID, run.CreatedAt, run.StartedAt = f.ID, tx.Now, tx.Now
		run.ActorID, run.Actor = access.From(ctx).StaffID, access.From(ctx).Name
		return insertRun(ctx, tx, run)
	})
	if err != nil {
		return run, err
	}
	run.heard = o.Heard
	if err := s.work(ctx, &run, reading, o.OnChunk); err != nil {
		return run, err
	}
	return findRun(ctx, s.DB.Read(ctx), run.ID)
}

// work applies what of a reading is not yet done. A run that was interrupted goes on after its last committed chunk.
func (s *Service) work(ctx context.Context, run *Run, reading Reading, progress Progress) error {
	next, stop := iter.Pull(reading.Records)
	defer stop()
	for range run.Done {
		next()
	}
	var held []repeat
	mayHold := true
	for {
		records := pull(next, chunk)
		if mayHold && len(records) > 0 {
			copies, err := s.holdsAll(ctx, run, records)
			if err != nil {
				return err
			}
			if mayHold = copies != nil; mayHold && len(held)+len(records) <= heldTurn {
				held = append(held, copies...)
				for _, r := range records {
					run.tell(r, Outcome{Verdict: Duplicate})
				}
				continue
			}
		}
		if len(records)+len(held) == 0 {
			return s.end(ctx, run, RunDone)
		}
		if err := s.applyChunk(ctx, run, records, held, reading.Charset); err != nil {
			return err
		}
		held = nil
		if err := ctx.Err(); err != nil { // the program stops: the run goes on after the next start
			return err
		}
		if progress != nil && !progress(ctx, run.Done, run.Total) {
			return s.end(ctx, run, RunCancelled)
		}
	}
}

func pull(next func() (Record, bool), n int) []Record {
	out := make([]Record, 0, n)
	for len(out) < n {
		r, ok := next()
		if !ok {
			break
		}
		out = append(out, r)
	}
	return out
}

func (s *Service) end(ctx context.Context, run *Run, state string) error {
	run.State = state
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return endRun(ctx, tx, run.ID, state, "") })
}

// applyChunk takes records in one transaction and counts them, and the copies that came before them, on run and feed.
func (s *Service) applyChunk(ctx context.Context, run *Run, records []Record, held []repeat, charset string) error {
	var counts Counts
	var verdicts []Outcome
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		counts, verdicts = Counts{Duplicate: len(held)}, verdicts[:0]
		j, again := newJournal(run.ID), slices.Clip(held)
		ctx = j.in(ctx)
		f, err := feedByID(ctx, tx, run.FeedID)
		if err != nil {
			return err
		}
		b := batch{feed: f, run: run.ID, content: run.Content, charset: charset}
		if err := b.hold(ctx, tx, records); err != nil {
			return err
		}
		if err := s.foresee(ctx, j, records); err != nil {
			return err
		}
		h := beat{}
		for _, r := range records {
			m, o, err := s.take(ctx, tx, b, r)
			if err != nil {
				return err
			}
			if o.Verdict == Duplicate {
				again = append(again, repeat{s.DB.NextID(), r.Ref, m.ID})
			}
			counts.add(o.Verdict)
			verdicts = append(verdicts, o)
			h.note(o, tx.Now)
		}
		h.counts = counts
		if err := beatFeed(ctx, tx, f.ID, h); err != nil {
			return err
		}
		if err := s.closeJournal(ctx, tx, j); err != nil {
			return err
		}
		if err := insertRepeats(ctx, tx, run.ID, again); err != nil {
			return err
		}
		return advanceRun(ctx, tx, run.ID, len(held)+len(records), counts)
	})
	if err != nil {
		return err
	}
	run.Done += len(held) + len(records)
	run.Counts.sum(counts)
	for i, r := range records {
		run.tell(r, verdicts[i])
	}
	return nil
}

func (run *Run) tell(r Record, o Outcome) {
	if run.heard != nil {
		run.heard(r, o)
	}
}

func (c *Counts) sum(d Counts) {
	c.New += d.New
	c.Updated += d.Updated
	c.Unchanged += d.Unchanged
	c.Review += d.Review
	c.Duplicate += d.Duplicate
	c.Rejected += d.Rejected
}

// note keeps the newest rejection as the feed's last error.
func (b *beat) note(o Outcome, now clock.Instant) {
	if o.Verdict == Rejected {
		b.fault, b.faultAt = o.Code, now
	}
}

// open finds the reader of a file by its content.
func (s *Service) open(ctx context.Context, raw []byte, o ReadOptions) (Reading, error) {
	return s.openAs(ctx, formatOf(raw), raw, o)
}

func (s *Service) openAs(ctx context.Context, format string, raw []byte, o ReadOptions) (Reading, error) {
	reader, ok := s.Readers[format]
	if !ok {
		return Reading{}, fault.New(fault.Invalid, "intake.file.unknown")
	}
	reading, err := reader.Open(raw, s.completed(ctx, o))
	if err != nil || format != "table" {
		return reading, err
	}
	p, err := s.placesOf(ctx, o)
	if err != nil {
		return reading, err
	}
	reading.Unknown = p.unknown(reading.Places)
	reading.Records = p.placed(reading.Records)
	return reading, nil
}

// completed fills in what the hospital says where the source says nothing.
func (s *Service) completed(ctx context.Context, o ReadOptions) ReadOptions {
	if o.Zone == nil {
		o.Zone = s.DB.Clock().Zone()
	}
	if o.Issuer == "" {
		o.Issuer = s.Setting.Text(ctx, "intake.table.issuer", 0)
	}
	return o
}

// mapped refuses a table of which no column feeds anything: some other text, or headings that a person has to map first.
func (r Reading) mapped() error {
	if len(r.Columns) == 0 || slices.ContainsFunc(r.Columns, func(c Column) bool { return c.Field != "" }) {
		return nil
	}
	return fault.New(fault.Invalid, "intake.file.no_columns")
}

// formatOf tells the reader of a file by its first bytes: a header of HL7, the brace of JSON, the angle of XML, else a table.
func formatOf(raw []byte) string {
	if looksLikeHL7(raw) {
		return "hl7"
	}
	switch head := bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), " \t\r\n"); {
	case len(head) > 0 && head[0] == '{':
		return HookFHIR
	case len(head) > 0 && head[0] == '<':
		return HookV3
	}
	return "table"
}

// looksLikeHL7 finds a header in the first bytes: MSH, or a batch or frame before it.
func looksLikeHL7(raw []byte) bool {
	head := string(raw[:min(len(raw), 64)])
	for len(head) > 0 && strings.IndexByte("\xef\xbb\xbf\xff\xfe\x0b\r\n\t \x00", head[0]) >= 0 { // byte order marks of any form, frames, blanks
		head = head[1:]
	}
	for _, name := range []string{"MSH", "FHS", "BHS", "M\x00S\x00H"} {
		if strings.HasPrefix(head, name) {
			return true
		}
	}
	return false
}

func readOptions(stored string, zone *time.Location) (ReadOptions, error) {
	var o ReadOptions
	err := json.Unmarshal([]byte(stored), &o)
	o.Zone = zone
	return o, err
}
