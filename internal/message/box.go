package message

import (
	"cmp"
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

	ownOf int64 // the caller, when they see their own patients only
}

// ownOf is the caller whose scope is their own patients and nobody else, 0 for every wider scope.
func ownOf(ctx context.Context) int64 {
	sc := access.ScopeOf(ctx)
	if sc.All() || sc.Unassigned() || sc.Departments() != nil || sc.Sites() != nil {
		return 0
	}
	return sc.StaffID()
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
	if f.PatientID != 0 {
		if f.PatientID, err = s.Patient.Standing(ctx, f.PatientID); err != nil {
			return page, err
		}
	}
	f.ownOf = ownOf(ctx)
	scope := func(q *db.Query) { s.Patient.InScope(ctx, q, "m.patient_id", "m.created_at") }
	return pageOfMessages(ctx, s.DB.Read(ctx), f, scope)
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

// totalDays is how far back Totals counts, so that a page stays fast whatever the hospital's age.
const totalDays = 30

// Totals counts the messages of the last thirty days, today included, of patients in scope.
func (s *Service) Totals(ctx context.Context) (t Totals, err error) {
	if err := access.Need(ctx, PermList); err != nil {
		return t, err
	}
	c := s.DB.Clock()
	rows, err := countByState(ctx, s.DB.Read(ctx), c.On(c.Today().Add(1-totalDays), 0, 0), ownOf(ctx), func(q *db.Query) { s.Patient.InScope(ctx, q, "m.patient_id", "m.created_at") })
	for _, r := range rows {
		t.add(r.State, r.N)
	}
	return t, err
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
	m, ok, err := findMessage(ctx, tx, id, func(q *db.Query) { s.Patient.InScope(ctx, q, "m.patient_id", "m.created_at") })
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
	p, err := s.Patient.Standing(ctx, p)
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
	sortLines(lines)
	return lines, nil
}

// sortLines puts the oldest first; lines of one millisecond stand in the order of their keys, which only rise.
func sortLines(lines []Line) {
	slices.SortFunc(lines, func(a, b Line) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.ID[3:], b.ID[3:]))
	})
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
	p.Text, p.Missing = Render(body, map[string]string{"name": b.greeting(d)})
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
