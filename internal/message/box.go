package message

import (
	"context"
	"slices"

	"renxin/internal/consent"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Filter narrows a list of messages.
type Filter struct {
	Box       string // outbox, sent, blocked, or "" for all
	PatientID patient.ID
	State     State
	Limit     int
	Cursor    string
}

// boxes lists the states of each box.
var boxes = map[string][]State{
	"outbox":  {StateQueued, StateSending},
	"sent":    {StateAccepted, StateDelivered, StateFailed, StateUnknown},
	"blocked": {StateBlocked, StateCancelled},
}

// List gives messages of patients in scope, the latest first.
func (s *Service) List(ctx context.Context, f Filter) (page db.Page[Message], err error) {
	if err := access.Need(ctx, PermList); err != nil {
		return page, err
	}
	if f.Box != "" && boxes[f.Box] == nil {
		return page, fault.New(fault.Invalid, "message.box.unknown").With("box", "message.box.unknown")
	}
	tx, limit := s.DB.Read(ctx), db.Limit(f.Limit)
	q := db.SQL(`select ` + messageColumns)
	s.from(ctx, q, f)
	if f.Cursor != "" {
		var at, id int64
		if err := db.Uncursor(f.Cursor, &at, &id); err != nil {
			return page, err
		}
		q.Add(`and (m.created_at, m.id) < (?, ?)`, at, id)
	}
	rows, err := db.Rows[Message](ctx, tx, q.Add(`order by m.created_at desc, m.id desc limit ?`, limit+1))
	if err != nil {
		return page, err
	}
	counted := db.SQL(`select count(*) from (select 1 as one`)
	s.from(ctx, counted, f)
	n, _, err := db.FirstOf[int](ctx, tx, counted.Add(`limit ?) c`, db.CountCap+1))
	return db.Cut(rows, limit, db.Capped(n), func(m Message) string { return db.Cursor(int64(m.CreatedAt), int64(m.ID)) }), err
}

func (s *Service) from(ctx context.Context, q *db.Query, f Filter) {
	q.Add(`from message_message m where 1 = 1`)
	db.In(q, boxes[f.Box], `and m.state in (%s)`)
	q.If(f.State != "", `and m.state = ?`, f.State)
	q.If(f.PatientID != 0, `and m.patient_id = ?`, f.PatientID)
	s.Patient.InScope(ctx, q, "m.patient_id", "m.created_at")
}

// Totals counts messages by outcome. Sent counts what is over at the provider, so Delivered + Failed + Unknown = Sent;
// Pending is everything on the way.
type Totals struct {
	Sent      int `json:"sent"`
	Delivered int `json:"delivered"`
	Failed    int `json:"failed"`
	Unknown   int `json:"unknown"`
	Pending   int `json:"pending"`
	Blocked   int `json:"blocked"`
	Cancelled int `json:"cancelled"`
}

// Totals counts the messages of patients in scope.
func (s *Service) Totals(ctx context.Context) (t Totals, err error) {
	if err := access.Need(ctx, PermList); err != nil {
		return t, err
	}
	q := db.SQL(`select m.state, count(*) as n from message_message m where 1 = 1`)
	s.Patient.InScope(ctx, q, "m.patient_id", "m.created_at")
	rows, err := db.Rows[stateCount](ctx, s.DB.Read(ctx), q.Add(`group by m.state`))
	for _, r := range rows {
		t.add(r.State, r.N)
	}
	return t, err
}

type stateCount struct {
	State State
	N     int
}

func (t *Totals) add(s State, n int) {
	switch s {
	case StateDelivered:
		t.Delivered += n
	case StateFailed:
		t.Failed += n
	case StateUnknown:
		t.Unknown += n
	case StateBlocked:
		t.Blocked += n
	case StateCancelled:
		t.Cancelled += n
	default:
		t.Pending += n
	}
	t.Sent = t.Delivered + t.Failed + t.Unknown
}

// Find gives one message of a patient in scope.
func (s *Service) Find(ctx context.Context, id ID) (Message, error) {
	if err := access.Need(ctx, PermList); err != nil {
		return Message{}, err
	}
	return s.find(ctx, s.DB.Read(ctx), id)
}

func (s *Service) find(ctx context.Context, tx *db.Tx, id ID) (Message, error) {
	q := db.SQL(`select `+messageColumns+` from message_message m where m.id = ?`, id)
	s.Patient.InScope(ctx, q, "m.patient_id", "m.created_at")
	m, ok, err := db.FirstOf[Message](ctx, tx, q)
	if err == nil && !ok {
		err = db.Missing()
	}
	return m, err
}

// Cancel takes a message back before it is handed over. Errors: conflict when it is too late.
func (s *Service) Cancel(ctx context.Context, id ID) error {
	if err := access.Need(ctx, PermCancel); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, err := s.find(ctx, tx, id)
		if err != nil {
			return err
		}
		done, err := s.cancel(ctx, tx, m)
		if err != nil {
			return err
		}
		if !done {
			return fault.New(fault.Conflict, "message.message.too_late")
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "message.message.cancel", Entity: "message", EntityID: int64(id), PatientID: int64(m.PatientID)})
	})
}

// CancelByKey takes back every waiting message whose key begins with prefix, and tells how many.
func (s *Service) CancelByKey(ctx context.Context, prefix string) (n int, err error) {
	if err := access.Need(ctx, PermCancel); err != nil {
		return 0, err
	}
	if prefix == "" {
		return 0, fault.New(fault.Invalid, "message.draft.malformed")
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n = 0
		list, err := waitingByPrefix(ctx, tx, prefix)
		if err != nil {
			return err
		}
		for _, m := range list {
			done, err := s.cancel(ctx, tx, m)
			if err != nil {
				return err
			}
			if done {
				n++
			}
		}
		return nil
	})
	return n, err
}

func (s *Service) cancel(ctx context.Context, tx *db.Tx, m Message) (bool, error) {
	done, err := endMessage(ctx, tx, m, StateQueued, StateCancelled, "cancelled", "")
	if err != nil || !done {
		return done, err
	}
	if err := s.Consent.Release(ctx, m.ReservationID); err != nil {
		return done, err
	}
	if err := dropQuestion(ctx, tx, m); err != nil {
		return done, err
	}
	m.State, m.Reason = StateCancelled, "cancelled"
	return done, s.publishSettled(ctx, m)
}

// Line is one message of a thread, in or out.
type Line struct {
	ID        string        `json:"id"`
	Direction string        `json:"direction"` // in or out
	Text      string        `json:"text"`
	At        clock.Instant `json:"at"`
	State     string        `json:"state"`
	StaffID   int64         `json:"-"` // who sent it, 0 = a rule
}

// Thread gives what was said between us and a patient, oldest first, at most 400 lines.
func (s *Service) Thread(ctx context.Context, p patient.ID) ([]Line, error) {
	if err := access.Need(ctx, PermList); err != nil {
		return nil, err
	}
	if err := s.Patient.Visible(ctx, p); err != nil {
		return nil, err
	}
	p, err := s.Patient.Resolve(ctx, p)
	if err != nil {
		return nil, err
	}
	tx := s.DB.Read(ctx)
	out, err := threadOut(ctx, tx, p)
	if err != nil {
		return nil, err
	}
	in, err := threadIn(ctx, tx, p)
	if err != nil {
		return nil, err
	}
	lines := make([]Line, 0, len(out)+len(in))
	for _, m := range out {
		lines = append(lines, Line{ID: m.ID.String(), Direction: "out", Text: m.Text, At: m.CreatedAt, State: string(m.State), StaffID: m.SenderID})
	}
	for _, r := range in {
		lines = append(lines, Line{ID: r.ID.String(), Direction: "in", Text: r.Text, At: r.ReceivedAt, State: string(r.State)})
	}
	slices.SortStableFunc(lines, func(a, b Line) int { return int(a.At - b.At) })
	return lines, nil
}

// Preview is what a text would be and cost, and what the gate would say, without sending.
type Preview struct {
	Text     string
	Segments Segments
	CostFen  int64
	Lint     []Finding
	Missing  []string
	Gate     consent.Decision
}

// Preview renders, counts and asks the gate without a trace.
func (s *Service) Preview(ctx context.Context, d Draft) (p Preview, err error) {
	if err := access.Need(ctx, PermSend); err != nil {
		return p, err
	}
	b := &batch{s: s, tx: s.DB.Read(ctx), drafts: []Draft{d}, list: make([]Sent, 1)}
	if d.Text == "" && d.TemplateCode == "" {
		b.drafts[0].Text = " " // an empty box has a preview too
	}
	if err := b.look(ctx); err != nil {
		return p, err
	}
	d = b.drafts[0]
	body := d.Text
	if t, ok := b.templates[d.TemplateCode]; ok && body == "" {
		body = t.Text
	}
	p.Text, p.Missing = Render(body, map[string]string{"name": b.names[d.PatientID]})
	p.Text = Signed(p.Text, b.signature)
	p.Segments = Segment(p.Text)
	p.CostFen = CostFen(len(p.Segments.Parts), b.priceLi)
	p.Lint = Lint(Copy{Text: p.Text, Purpose: d.Purpose, Signature: b.signature})
	m := Message{}
	if err := b.address(ctx, d, &m); err != nil {
		return p, err
	}
	if m.Address == "" {
		p.Gate = consent.Decision{Code: m.Reason}
		return p, nil
	}
	p.Gate, err = s.Consent.Ask(ctx, consent.Request{PatientID: d.PatientID, Channel: d.Channel, Purpose: d.Purpose, Address: m.Address, Urgent: d.Urgent, At: d.NotBefore})
	return p, err
}
