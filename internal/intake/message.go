package intake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"unicode/utf8"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// Message is one record as received, with what became of it.
type Message struct {
	ID          RecordID
	FeedID      FeedID
	RunID       RunID
	Ref         string
	Sender      string
	ControlID   string
	Hash        string
	Type        string
	Event       Event
	Charset     string
	Raw         string
	RawForm     string
	Repaired    string
	Verdict     Verdict
	Code        string
	Reasons     string
	Key         string
	Changed     string
	Candidates  string
	PatientID   patient.ID
	OccurredAt  clock.Instant
	ReceivedAt  clock.Instant
	ProcessedAt clock.Instant
	Attempts    int
	DecidedBy   int64
	UndoneAt    clock.Instant // its import was rolled back
}

// Bytes are the bytes as received.
func (m Message) Bytes() []byte {
	if m.RawForm != "base64" {
		return []byte(m.Raw)
	}
	b, err := base64.StdEncoding.DecodeString(m.Raw)
	if err != nil {
		return nil
	}
	return b
}

// batch is what records of one feed or one file have in common.
type batch struct {
	feed    Feed
	run     RunID
	content string // SHA-256 of the file, "" for messages taken live
	charset string
	held    map[heldKey]Message // copies that we hold of the records at hand; nil asks for each
}

// take judges one record within the transaction and stages it with the verdict. A copy of a record that we hold answers
// Duplicate and writes nothing.
func (s *Service) take(ctx context.Context, tx *db.Tx, b batch, r Record) (Message, Outcome, error) {
	if err := s.number(ctx, tx, b.feed, &r); err != nil {
		return Message{}, Outcome{}, err
	}
	m := s.stage(ctx, b, r, tx.Now)
	held, known, err := b.find(ctx, tx, m)
	if err != nil {
		return m, Outcome{}, err
	}
	if known {
		return held, Outcome{Verdict: Duplicate, Code: "intake.record.duplicate", PatientID: held.PatientID, Key: held.Key}, nil
	}
	if err := s.resolve(ctx, tx, b.feed, &r); err != nil {
		return m, Outcome{}, err
	}
	o, err := s.judge(ctx, tx, b.feed.Name, r, decision{})
	if err == nil && o.Verdict != Rejected {
		err = s.remember(ctx, tx, b.feed, r)
	}
	if err != nil {
		return m, o, err
	}
	m.ID, m.Attempts, m.ProcessedAt = db.New[recordKind](s.DB), 1, tx.Now
	m.settle(o)
	if b.held != nil {
		b.held[heldKey{m.Hash, m.ControlID}] = m
	}
	write := insertMessage
	if b.held != nil { // the chunk itself remembers what it took
		write = insertMessageLater
	}
	if err := write(ctx, tx, m); err != nil || o.Verdict != Review && o.Verdict != Rejected {
		return m, o, err
	}
	return m, o, s.Board.Publish(ctx, Waiting{m.ID, m.Verdict})
}

// heldKey tells the records of one feed apart.
type heldKey struct{ hash, control string }

func (b batch) find(ctx context.Context, tx *db.Tx, m Message) (Message, bool, error) {
	if b.held == nil {
		return messageByKey(ctx, tx, m.Hash, m.FeedID, m.ControlID)
	}
	held, ok := b.held[heldKey{m.Hash, m.ControlID}]
	return held, ok, nil
}

// hold looks up what we hold of a chunk's records in one question.
func (b *batch) hold(ctx context.Context, tx *db.Tx, records []Record) error {
	b.held = map[heldKey]Message{}
	if len(records) == 0 {
		return nil
	}
	hashes := make([]string, 0, chunk)
	for _, r := range records {
		hashes = append(hashes, rawHash(r))
	}
	for len(hashes) < chunk { // one statement for every length
		hashes = append(hashes, hashes[0])
	}
	list, err := messagesByHash(ctx, tx, b.feed.ID, hashes)
	for _, m := range list {
		b.held[heldKey{m.Hash, m.ControlID}] = m
	}
	return err
}

// repeat is a row that we held already: its place in the file and the first copy.
type repeat struct {
	id  int64
	ref string
	of  RecordID
}

// holdsAll tells, outside the writer, that nothing in a chunk is new to us: somebody sends a file once more. nil means that something is.
func (s *Service) holdsAll(ctx context.Context, run *Run, records []Record) ([]repeat, error) {
	b := batch{feed: Feed{ID: run.FeedID}, content: run.Content}
	if err := b.hold(ctx, s.DB.Read(ctx), records); err != nil {
		return nil, err
	}
	out := make([]repeat, 0, len(records))
	for _, r := range records {
		m, ok := b.held[heldKey{rawHash(r), b.control(r)}]
		if !ok {
			return nil, nil
		}
		out = append(out, repeat{s.DB.NextID(), r.Ref, m.ID})
	}
	return out, nil
}

// control is the second half of a record's key: its control number, as the column takes it, or its file.
func (b batch) control(r Record) string {
	if table(r) && len(b.content) >= 16 {
		return b.content[:16]
	}
	return label(r.ControlID, 199) // 2.15.9.10 allows 199
}

func rawHash(r Record) string {
	sum := sha256.Sum256(bytes.TrimRight(r.Raw, "\r\n")) // a frame and a file end differently
	return hex.EncodeToString(sum[:])
}

// stage fills in what is known before the judgement. The content's hash is part of the key because real feeds repeat and
// omit control numbers; rows of a table, which have none, take their file's, since a later file may honestly say again what
// an older one said.
func (s *Service) stage(ctx context.Context, b batch, r Record, now clock.Instant) Message {
	raw := r.Raw
	if r.Kept != nil && !s.keepsResults(ctx) {
		raw = r.Kept
	}
	m := Message{
		FeedID: b.feed.ID, RunID: b.run, Ref: r.Ref, Sender: r.Sender, ControlID: b.control(r), Hash: rawHash(r),
		Type: r.Type, Event: r.Event, Charset: b.charset, OccurredAt: r.OccurredAt, ReceivedAt: now,
		Raw: string(raw), RawForm: "text",
	}
	if !utf8.Valid(raw) || strings.IndexByte(m.Raw, 0) >= 0 {
		m.Raw, m.RawForm = base64.StdEncoding.EncodeToString(raw), "base64"
	}
	m.Sender, m.Type, m.Ref = label(m.Sender, 200), label(m.Type, 60), label(m.Ref, 40)
	return m
}

// keepsResults: the hospital wants the text of results here too, not only in the system that they come from.
func (s *Service) keepsResults(ctx context.Context) bool {
	return s.Setting.Bool(ctx, "intake.report.text", 0)
}

// label makes a sender's word fit for a column and an index: no control characters, not longer than most runes.
func label(s string, most int) string {
	if len(s) <= most && printable(s) {
		return s
	}
	s = strings.Map(func(c rune) rune {
		if c < ' ' {
			return -1
		}
		return c
	}, strings.ToValidUTF8(s, ""))
	if r := []rune(s); len(r) > most {
		s = string(r[:most])
	}
	return s
}

func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func table(r Record) bool { return r.Type == "csv" || r.Type == "xlsx" }

func (m *Message) settle(o Outcome) {
	m.Verdict, m.Code, m.Key, m.PatientID = o.Verdict, o.Code, o.Key, o.PatientID
	m.Reasons, m.Changed, m.Candidates = encode(o.Reasons), encode(o.Changed), "[]"
	if o.Verdict == Review {
		m.Candidates = encode(o.Candidates)
	}
}

func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain structs
	}
	if string(b) == "null" { // an empty list
		return "[]"
	}
	return string(b)
}

// judge applies a record so that its failure undoes only its own writes. An error means that the transaction itself failed.
func (s *Service) judge(ctx context.Context, tx *db.Tx, feed string, r Record, d decision) (o Outcome, err error) {
	for _, p := range r.Problems {
		o.Reasons = append(o.Reasons, Reason{Code: p.Code, Field: p.Field})
		if p.Fatal && o.Code == "" {
			o.Verdict, o.Code = Rejected, p.Code
		}
	}
	if o.Verdict == Rejected {
		return o, nil
	}
	problems := append(o.Reasons, doubts(r.Patient)...)
	o, err = s.attempt(ctx, tx, feed, r, d)
	for n := 1; err != nil && ctx.Err() == nil && n < rejudge(err); n++ {
		o, err = s.attempt(ctx, tx, feed, r, d)
	}
	o.Reasons = append(problems, o.Reasons...)
	switch {
	case err == nil, errors.Is(err, errUndo):
		return o, nil
	case ctx.Err() != nil:
		return o, ctx.Err()
	}
	return refused(err, problems), nil
}

// rejudge is how often a record may be judged in all. When somebody else wrote the same number or row at the same moment it is there to be
// found the next time; each of a record's numbers can meet another feed. What is wrong with the record itself stays wrong.
func rejudge(err error) int {
	switch {
	case errors.Is(err, errUndo):
		return 1
	case errors.Is(err, errUnseen), db.IsUnique(err), fault.KeyOf(err) == "patient.identifier.taken":
		return 6
	case fault.CodeOf(err) == fault.Internal:
		return 2
	}
	return 1
}

func (s *Service) attempt(ctx context.Context, tx *db.Tx, feed string, r Record, d decision) (o Outcome, err error) {
	if err := s.catchUp(ctx); err != nil {
		return o, err
	}
	err = tx.Savepoint(ctx, func(ctx context.Context) (err error) {
		defer func() {
			if p := recover(); p != nil {
				slog.Error("intake record", "panic", p, "type", r.Type)
				err = fault.New(fault.Internal, "intake.record.failed")
			}
		}()
		o, err = s.apply(ctx, feed, r, d)
		if err == nil && (o.Verdict == Review || o.Verdict == Rejected) {
			return errUndo
		}
		if err == nil {
			err = journalled(ctx, r, o)
		}
		return err
	})
	return o, err
}

var errUndo = errors.New("intake: nothing of it may stay")

// refused turns an error of a room into a verdict with its reason.
func refused(err error, reasons []Reason) Outcome {
	o := Outcome{Verdict: Rejected, Code: fault.KeyOf(err), Reasons: reasons}
	if o.Code == "" || fault.Is(err, fault.Internal) {
		slog.Error("intake record", "error", err)
		o.Code = "intake.record.failed"
	}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		for _, x := range f.Fields {
			o.Reasons = append(o.Reasons, Reason{Code: x.Key, Field: x.Path})
		}
	}
	return o
}
