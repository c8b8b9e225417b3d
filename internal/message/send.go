package message

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"renxin/internal/consent"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// Draft is a message that somebody wants to send.
type Draft struct {
	PatientID     patient.ID
	ContactID     patient.ContactID // zero = the designated mobile number
	Channel       string            // "" = sms
	Purpose       consent.Purpose
	Text          string            // with {{variables}}; "" = the text of TemplateCode
	TemplateCode  string            // an approved template, also the topic in the contact ledger
	Params        map[string]string // values of the variables; "name" is filled in when absent
	Question      *Question         // set when the text asks for a coded answer
	NotBefore     clock.Instant
	Urgent        bool   // care and notice only: not postponed to the allowed hours
	Key           string // unique; a second Send with the same key for the patient gives the first message, unless that was taken back
	Room          string // who sends: "followup"
	Ref           int64  // the sender's own row
	SenderStaffID int64  // the person who sends; zero = the caller, if a person
	ReplyTo       IncomingID
	Undo          bool // wait some seconds, so that the sender can take it back
}

// Question says which answers a text accepts and until when.
type Question struct {
	Codes     []string // best to worst
	Labels    []string // what each code means, as long as Codes, or nil
	ExpiresAt clock.Instant
	Room      string // whose question it is; told back in Answered
	Ref       int64
}

// choices are the codes with their labels.
func (q *Question) choices() []Choice {
	out := make([]Choice, len(q.Codes))
	for i, c := range q.Codes {
		out[i].Code = c
		if i < len(q.Labels) {
			out[i].Label = q.Labels[i]
		}
	}
	return out
}

// Sent is what became of a Draft: queued, or blocked with a reason. Earlier tells that the key was used before.
type Sent struct {
	ID      ID
	State   State
	Reason  string
	Earlier bool
}

// undoTime is how long a page offers to take a sent message back.
const undoTime = 6 * time.Second

// Send passes a message through the gate and queues it. A refusal is no error: the message stands as blocked with its
// reason. A person's text that the lint forbids is an invalid fault; a rule's is blocked.
func (s *Service) Send(ctx context.Context, d Draft) (ID, error) {
	list, err := s.SendAll(ctx, []Draft{d})
	if err != nil {
		return 0, err
	}
	return list[0].ID, nil
}

// SendAll is Send for many, in one transaction, in order. Callers with very many drafts cut them into some hundreds.
func (s *Service) SendAll(ctx context.Context, drafts []Draft) (list []Sent, err error) {
	if err := access.Need(ctx, PermSend); err != nil {
		return nil, err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		b := &batch{s: s, tx: tx, drafts: slices.Clone(drafts), list: make([]Sent, len(drafts))}
		if err := b.run(ctx); err != nil {
			return err
		}
		list = b.list
		return nil
	})
	return list, err
}

// batch is one SendAll under way.
type batch struct {
	s         *Service
	tx        *db.Tx
	drafts    []Draft
	list      []Sent
	reaches   map[consent.Purpose]map[patient.ID]patient.Reach
	names     map[patient.ID]string
	templates map[string]Template
	taken     map[string]bool // "address extension" of open questions
	signature string
	priceLi   int
}

func (b *batch) run(ctx context.Context) error {
	if err := b.look(ctx); err != nil {
		return err
	}
	rows := make([]Message, 0, len(b.drafts))
	at := make([]int, 0, len(b.drafts)) // place of each row in the list
	requests := []consent.Request{}
	for i, d := range b.drafts {
		if b.list[i].Earlier {
			continue
		}
		m, err := b.compose(ctx, d)
		if err != nil {
			return err
		}
		if m.State == StateQueued {
			requests = append(requests, b.request(d, m))
		}
		rows, at = append(rows, m), append(at, i)
	}
	decisions, err := b.s.Consent.ReserveAll(ctx, requests)
	if err != nil {
		return err
	}
	for n := range rows {
		if rows[n].State == StateQueued {
			b.decide(&rows[n], decisions[0])
			decisions = decisions[1:]
		}
		b.list[at[n]] = Sent{ID: rows[n].ID, State: rows[n].State, Reason: rows[n].Reason}
		if err := b.store(ctx, b.drafts[at[n]], rows[n]); err != nil {
			return err
		}
	}
	return b.s.enqueue(ctx, b.tx, rows)
}

func (b *batch) request(d Draft, m Message) consent.Request {
	return consent.Request{PatientID: m.PatientID, Channel: m.Channel, Purpose: m.Purpose, Address: m.Address,
		Topic: d.TemplateCode, Urgent: m.Urgent, At: m.NotBefore, Ref: int64(m.ID)}
}

func (b *batch) decide(m *Message, d consent.Decision) {
	m.ReservationID = d.ReservationID
	if !d.Allowed {
		m.State, m.Reason, m.SettledAt = StateBlocked, d.Code, b.tx.Now
		return
	}
	if d.NotBefore > m.NotBefore {
		m.NotBefore, m.Reason = d.NotBefore, d.Code
	}
}

// compose renders a draft into a row that waits, or is blocked for a reason that the gate does not know.
func (b *batch) compose(ctx context.Context, d Draft) (Message, error) {
	m := Message{ID: db.New[messageKind](b.s.DB), PatientID: d.PatientID, Key: d.Key, Channel: d.Channel, Purpose: d.Purpose,
		Signature: b.signature, TemplateCode: d.TemplateCode, Room: d.Room, Ref: d.Ref, State: StateQueued, NotBefore: d.NotBefore,
		Urgent: d.Urgent, SenderID: d.SenderStaffID, ReplyTo: d.ReplyTo, CreatedAt: b.tx.Now}
	if m.SenderID == 0 {
		m.SenderID = access.From(ctx).StaffID
	}
	if !m.Urgent {
		m.NotBefore = max(m.NotBefore, b.tx.Now)
	}
	if d.Undo {
		m.NotBefore = max(m.NotBefore, b.tx.Now.Add(undoTime))
	}
	found, err := b.text(ctx, d, &m)
	if err != nil {
		return m, err
	}
	segments := Segment(m.Text)
	m.Parts, m.CostFen = int64(len(segments.Parts)), CostFen(len(segments.Parts), b.priceLi)
	if err := b.address(ctx, d, &m); err != nil {
		return m, err
	}
	switch {
	case Blocks(found) && !access.From(ctx).IsSystem():
		return m, lintFault(found)
	case Blocks(found):
		m.State, m.Reason, m.SettledAt = StateBlocked, "lint", b.tx.Now
	case m.Reason != "":
		m.State, m.SettledAt = StateBlocked, b.tx.Now
	}
	m.Extension = b.extension(ctx, m, d)
	return m, nil
}

// text renders, signs and lints.
func (b *batch) text(ctx context.Context, d Draft, m *Message) ([]Finding, error) {
	body := d.Text
	if body == "" {
		t, ok := b.templates[d.TemplateCode]
		if !ok {
			return nil, fault.New(fault.Invalid, "message.template.missing").With("template_code", "message.template.missing")
		}
		body = t.Text
	}
	values := map[string]string{"name": b.greeting(d)}
	for k, v := range d.Params {
		values[k] = v
	}
	text, missing := Render(body, values)
	if len(missing) > 0 {
		return nil, fault.New(fault.Invalid, "message.text.variables", "names", strings.Join(missing, ", ")).With("text", "message.text.variables", "names", strings.Join(missing, ", "))
	}
	m.Text = Signed(text, b.signature)
	if d.Params != nil {
		j, err := json.Marshal(d.Params)
		if err != nil {
			return nil, err
		}
		m.Params = string(j)
	}
	return Lint(Copy{Text: m.Text, Purpose: m.Purpose, Signature: b.signature}), nil
}

// address finds the number; a missing or wrong one is a reason to block, not an error.
func (b *batch) address(ctx context.Context, d Draft, m *Message) error {
	c := b.reach(d).Contact
	if d.ContactID != 0 {
		var err error
		if c, err = b.s.Patient.ContactOf(ctx, d.PatientID, d.ContactID); err != nil {
			return err
		}
	}
	m.Address = c.Number
	switch {
	case c.Number == "":
		m.Reason = "no_number"
	case c.WrongAt != 0:
		m.Reason = consent.CodeWrongNumber
	}
	return nil
}

// extension picks digits for the sender number, so that the answer finds this message even when a family shares the phone.
// A reply to a patient keeps the digits of the thread.
func (b *batch) extension(ctx context.Context, m Message, d Draft) string {
	digits := b.s.Setting.Int(ctx, "message.sms.extension_digits", 0)
	if digits == 0 || m.Channel != "sms" {
		return ""
	}
	span := int64(1)
	for range digits {
		span *= 10
	}
	seed := int64(m.ID)>>22 + int64(m.ID)&4095*7919 // milliseconds and sequence
	if d.Question == nil {
		seed = int64(m.PatientID)>>22 + int64(m.PatientID)&4095*7919 // one thread per patient
	}
	for try := range int64(50) {
		e := fmt.Sprintf("%0*d", digits, (seed+try)%span)
		if d.Question == nil || !b.taken[m.Address+" "+e] {
			return e
		}
	}
	return ""
}

// store writes the row, its question and the fact of a refusal.
func (b *batch) store(ctx context.Context, d Draft, m Message) error {
	if d.ReplyTo != 0 {
		in, ok, err := findIncoming(ctx, b.tx, d.ReplyTo)
		if err != nil {
			return err
		}
		if ok {
			m.Extension = in.Extension
		}
	}
	if err := insertMessage(ctx, b.tx, m); err != nil {
		return err
	}
	if m.State == StateBlocked {
		return b.s.Board.Publish(ctx, Blocked{PatientID: m.PatientID, MessageID: m.ID, Room: m.Room, Ref: m.Ref, Code: m.Reason})
	}
	if d.Question == nil {
		return nil
	}
	b.taken[m.Address+" "+m.Extension] = true
	return insertQuestion(ctx, b.tx, m, *d.Question)
}

func lintFault(found []Finding) error {
	e := fault.New(fault.Invalid, "message.lint.blocked")
	for _, f := range found {
		if f.Level == LevelError {
			pairs := []any{}
			for k, v := range f.Args {
				pairs = append(pairs, k, v)
			}
			e.With("text", f.Key, pairs...)
		}
	}
	return e
}
