package desk

import (
	"context"
	"strings"

	"renxin/internal/followup"
	"renxin/internal/identity"
	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/lang"
	"renxin/internal/staff"
)

// MessageRow is an outgoing message as lists show it; the number is masked.
type MessageRow struct {
	ID         message.ID    `json:"id"`
	Patient    patient.Brief `json:"patient"`
	To         string        `json:"to"`
	Text       string        `json:"text"`
	Purpose    string        `json:"purpose"`
	State      message.State `json:"state"`
	Reason     string        `json:"reason"`
	ReasonText string        `json:"reason_text"` // in plain words
	ETA        clock.Instant `json:"eta"`         // when it will be handed over; only while it waits
	Parts      int64         `json:"parts"`
	CostFen    int64         `json:"cost_fen"`
	Room       string        `json:"room"`
	CreatedAt  clock.Instant `json:"created_at"`
	AcceptedAt clock.Instant `json:"accepted_at"`
	SettledAt  clock.Instant `json:"settled_at"`
	SenderName string        `json:"sender_name"` // "" = a rule of the house
}

// MessageInput is a message to send or to preview.
type MessageInput struct {
	PatientID patient.ID        `json:"patient_id"`
	ContactID patient.ContactID `json:"contact_id"`
	Text      string            `json:"text"`
	Purpose   string            `json:"purpose"`
	NotBefore clock.Instant     `json:"not_before"`
}

func (in MessageInput) draft() message.Draft {
	return message.Draft{PatientID: in.PatientID, ContactID: in.ContactID, Text: in.Text, Purpose: in.Purpose, NotBefore: in.NotBefore, Room: "message", Undo: true}
}

// MessagePreview is how a text would go out.
type MessagePreview struct {
	Text     string           `json:"text"`
	Encoding message.Alphabet `json:"encoding"`
	Units    int              `json:"units"`
	Parts    int              `json:"parts"`
	PerPart  int              `json:"per_part"`
	CostFen  int64            `json:"cost_fen"`
	Lint     []LintRow        `json:"lint"`
	Gate     GateRow          `json:"gate"`
}

// LintRow is one finding about a text.
type LintRow struct {
	Code     string `json:"code"`
	Text     string `json:"text"`
	Blocking bool   `json:"blocking"`
}

// GateRow is what the gate would say.
type GateRow struct {
	Allowed   bool          `json:"allowed"`
	Reason    string        `json:"reason"` // in plain words
	NotBefore clock.Instant `json:"not_before"`
}

// ThreadRow is one line between us and a patient.
type ThreadRow struct {
	message.Line
	Actor string `json:"actor"`
}

type messageDoor struct {
	*message.Service
	followup *followup.Service
}

// MessageRoutes are the paths of messages, the inbox and templates.
func MessageRoutes(s *message.Service, f *followup.Service) Routes {
	return func(d *Door) {
		r := messageDoor{s, f}
		add(d, Route{Method: "POST", Path: "/api/v1/messages/preview", Permission: message.PermSend, Text: "Count, cost, lint and gate of a text"}, r.preview)
		add(d, Route{Method: "POST", Path: "/api/v1/messages", Permission: message.PermSend, Text: "Send a message"}, r.send)
		add(d, Route{Method: "GET", Path: "/api/v1/messages", Permission: message.PermList, Text: "Messages of a box, latest first"}, r.list)
		add(d, Route{Method: "GET", Path: "/api/v1/messages/totals", Permission: message.PermList, Text: "Messages by outcome; delivered, failed and unknown add up to sent"}, func(ctx context.Context, _ *struct{}) (message.Totals, error) {
			return r.Totals(ctx)
		})
		add(d, Route{Method: "POST", Path: "/api/v1/messages/{id}/cancel", Permission: message.PermCancel, Text: "Take a message back before hand-over"}, func(ctx context.Context, in *struct {
			ID message.ID `path:"id"`
		}) (None, error) {
			return None{}, r.Cancel(ctx, in.ID)
		})
		add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/thread", Permission: message.PermList, Text: "What was texted in both directions, oldest first"}, r.thread)
		r.inboxRoutes(d)
		r.templateRoutes(d)
		r.consentRoutes(d)
	}
}

func (r messageDoor) preview(ctx context.Context, in *struct{ Body MessageInput }) (out MessagePreview, err error) {
	p, err := r.Preview(ctx, in.Body.draft())
	if err != nil {
		return out, err
	}
	l := lang.From(ctx)
	out = MessagePreview{Text: p.Text, Encoding: p.Segments.Alphabet, Units: p.Segments.Units, Parts: len(p.Segments.Parts), PerPart: p.Segments.PerPart,
		CostFen: p.CostFen, Lint: []LintRow{}, Gate: GateRow{Allowed: p.Gate.Allowed, NotBefore: p.Gate.NotBefore, Reason: plainReason(l, p.Gate.Code, "")}}
	for _, f := range p.Lint {
		out.Lint = append(out.Lint, LintRow{Code: strings.TrimPrefix(f.Key, "message.lint."), Text: lang.Text(l, f.Key, f.Args), Blocking: f.Level == message.LevelError})
	}
	if len(p.Missing) > 0 {
		out.Lint = append(out.Lint, LintRow{Code: "variables", Blocking: true, Text: lang.Text(l, "message.text.variables", map[string]any{"names": strings.Join(p.Missing, ", ")})})
	}
	return out, nil
}

func (r messageDoor) send(ctx context.Context, in *struct{ Body MessageInput }) (row MessageRow, err error) {
	id, err := r.Send(ctx, in.Body.draft())
	if err != nil {
		return row, err
	}
	return r.one(ctx, id)
}

func (r messageDoor) one(ctx context.Context, id message.ID) (row MessageRow, err error) {
	m, err := r.Find(ctx, id)
	if err != nil {
		return row, err
	}
	rows, err := r.rows(ctx, []message.Message{m})
	if err != nil {
		return row, err
	}
	return rows[0], nil
}

func (r messageDoor) list(ctx context.Context, in *struct {
	Box       string        `query:"box"`
	PatientID patient.ID    `query:"patient_id"`
	State     message.State `query:"state"`
	Limit     int           `query:"limit"`
	Cursor    string        `query:"cursor"`
}) (db.Page[MessageRow], error) {
	p, err := r.List(ctx, message.Filter{Box: in.Box, PatientID: in.PatientID, State: in.State, Limit: in.Limit, Cursor: in.Cursor})
	if err != nil {
		return db.Page[MessageRow]{}, err
	}
	rows, err := r.rows(ctx, p.Items)
	return db.Page[MessageRow]{Items: rows, Next: p.Next, Total: p.Total}, err
}

// rows dresses messages with names and plain words.
func (r messageDoor) rows(ctx context.Context, list []message.Message) ([]MessageRow, error) {
	ids, senders := make([]patient.ID, len(list)), []staff.ID{}
	for i, m := range list {
		ids[i] = m.PatientID
		senders = append(senders, staff.ID(m.SenderID))
	}
	briefs, err := r.Patient.Briefs(ctx, ids)
	if err != nil {
		return nil, err
	}
	names, err := r.Staff.Names(ctx, senders)
	if err != nil {
		return nil, err
	}
	l, rows := lang.From(ctx), make([]MessageRow, len(list))
	for i, m := range list {
		rows[i] = MessageRow{ID: m.ID, Patient: briefs[m.PatientID], To: identity.MaskPhone(m.Address), Text: m.Text, Purpose: m.Purpose, State: m.State,
			Reason: m.Reason, ReasonText: plainReason(l, m.Reason, m.ProviderCode), Parts: m.Parts, CostFen: m.CostFen, Room: m.Room,
			CreatedAt: m.CreatedAt, AcceptedAt: m.AcceptedAt, SettledAt: m.SettledAt, SenderName: names[staff.ID(m.SenderID)]}
		if m.State == message.StateQueued {
			rows[i].ETA = max(m.NotBefore, m.CreatedAt)
		}
	}
	return rows, nil
}

// plainReason says in plain words why a message waits or ended so: our own reason, and what the carrier's code means.
func plainReason(l lang.Locale, reason, code string) string {
	parts := []string{}
	if reason != "" {
		parts = append(parts, lang.Text(l, "message.reason."+reason, nil))
	}
	if code != "" {
		stat, _, _ := strings.Cut(strings.ToLower(code), " ")
		key := "message.code." + stat
		if !lang.Has(key) {
			key = "message.code.other"
		}
		parts = append(parts, lang.Text(l, key, map[string]any{"code": code}))
	}
	return strings.Join(parts, " · ")
}

func (r messageDoor) thread(ctx context.Context, in *struct {
	ID patient.ID `path:"id"`
}) (items[ThreadRow], error) {
	lines, err := r.Thread(ctx, in.ID)
	if err != nil {
		return items[ThreadRow]{}, err
	}
	ids := []staff.ID{}
	for _, x := range lines {
		ids = append(ids, staff.ID(x.StaffID))
	}
	names, err := r.Staff.Names(ctx, ids)
	rows := make([]ThreadRow, len(lines))
	for i, x := range lines {
		rows[i] = ThreadRow{Line: x, Actor: names[staff.ID(x.StaffID)]}
	}
	return listed(rows, err)
}
