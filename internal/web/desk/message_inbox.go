package desk

import (
	"context"

	"renxin/internal/identity"
	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/lang"
	"renxin/internal/staff"
)

// IncomingRow is a message that came in, as the inbox shows it; the number is masked.
type IncomingRow struct {
	ID          message.IncomingID `json:"id"`
	Patient     *patient.Brief     `json:"patient"` // null while nobody knows whose number it is
	From        string             `json:"from"`
	Text        string             `json:"text"`
	At          clock.Instant      `json:"at"`
	Code        string             `json:"code"`
	CodeLabel   string             `json:"code_label"`
	Provisional bool               `json:"provisional"`
	OptOut      bool               `json:"opt_out"`
	State       message.InboxState `json:"state"`
	ReasonText  string             `json:"reason_text"` // why a person must decide
	Question    string             `json:"question"`    // the text that it answers
	TaskID      string             `json:"task_id"`
	OwnerName   string             `json:"owner_name"`
}

func (r messageDoor) inboxRoutes(d *Door) {
	add(d, Route{Method: "GET", Path: "/api/v1/messages/inbox", Permission: message.PermInbox, Text: "Replies; tab is mine, all or unmatched"}, r.inbox)
	add(d, Route{Method: "POST", Path: "/api/v1/messages/inbox/{id}/reply", Permission: message.PermSend, Text: "Answer by the same thread"}, func(ctx context.Context, in *struct {
		ID   message.IncomingID `path:"id"`
		Body struct {
			Text string `json:"text"`
		}
	}) (MessageRow, error) {
		id, err := r.Answer(ctx, in.ID, in.Body.Text)
		if err != nil {
			return MessageRow{}, err
		}
		return r.one(ctx, id)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/messages/inbox/{id}/match", Permission: message.PermHandle, Text: "Say whose message it is"}, func(ctx context.Context, in *struct {
		ID   message.IncomingID `path:"id"`
		Body struct {
			PatientID patient.ID `json:"patient_id"`
		}
	}) (None, error) {
		return None{}, r.Match(ctx, in.ID, in.Body.PatientID)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/messages/inbox/{id}/done", Permission: message.PermHandle, Text: "It has been dealt with"}, func(ctx context.Context, in *struct {
		ID message.IncomingID `path:"id"`
	}) (None, error) {
		return None{}, r.Done(ctx, in.ID)
	})
}

func (r messageDoor) inbox(ctx context.Context, in *struct {
	Tab       string     `query:"tab"`
	PatientID patient.ID `query:"patient_id"`
	Open      bool       `query:"open"`
	Limit     int        `query:"limit"`
	Cursor    string     `query:"cursor"`
}) (db.Page[IncomingRow], error) {
	p, err := r.Inbox(ctx, message.InboxFilter{Tab: in.Tab, PatientID: in.PatientID, Open: in.Open, Limit: in.Limit, Cursor: in.Cursor})
	if err != nil {
		return db.Page[IncomingRow]{}, err
	}
	rows, err := r.replies(ctx, p.Items)
	return db.Page[IncomingRow]{Items: rows, Next: p.Next, Total: p.Total}, err
}

func (r messageDoor) replies(ctx context.Context, list []message.Reply) ([]IncomingRow, error) {
	patients, owners, questions := []patient.ID{}, []staff.ID{}, []message.ID{}
	replies := make([]message.IncomingID, len(list))
	for i, x := range list {
		replies[i] = x.ID
		patients, owners, questions = append(patients, x.PatientID), append(owners, staff.ID(x.OwnerID)), append(questions, x.MessageID)
	}
	briefs, err := r.Patient.Briefs(ctx, patients)
	if err != nil {
		return nil, err
	}
	names, err := r.Staff.Names(ctx, owners)
	if err != nil {
		return nil, err
	}
	texts, err := r.Questions(ctx, questions)
	if err != nil {
		return nil, err
	}
	tasks, err := r.followup.RaisedBy(ctx, patients, replies)
	if err != nil {
		return nil, err
	}
	l, rows := lang.From(ctx), make([]IncomingRow, len(list))
	for i, x := range list {
		rows[i] = IncomingRow{ID: x.ID, From: identity.MaskPhone(x.Address), Text: x.Text, At: x.ReceivedAt, Code: x.Code, CodeLabel: x.CodeLabel,
			Provisional: x.Provisional, OptOut: x.OptOut, State: x.State, Question: texts[x.MessageID], OwnerName: names[staff.ID(x.OwnerID)]}
		if t, ok := tasks[x.ID]; ok {
			rows[i].TaskID = t.String() // one click from the reply to its red flag
		}
		if x.Reason != "" {
			rows[i].ReasonText = lang.Text(l, "message.incoming.reason."+x.Reason, nil)
		}
		if b, ok := briefs[x.PatientID]; ok && x.PatientID != 0 {
			rows[i].Patient = &b
		}
	}
	return rows, nil
}
