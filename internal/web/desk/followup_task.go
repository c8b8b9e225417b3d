package desk

import (
	"context"

	"renxin/internal/consent"
	"renxin/internal/followup"
	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
	"renxin/internal/staff"
)

// TaskOwner is who has a task.
type TaskOwner struct {
	ID   staff.ID `json:"id"`
	Name string   `json:"name"`
}

// TaskRow is a task as worklists show it.
type TaskRow struct {
	ID          followup.TaskID   `json:"id"`
	Patient     patient.Brief     `json:"patient"`
	Kind        string            `json:"kind"`
	Title       string            `json:"title"`
	DueAt       clock.Instant     `json:"due_at"`
	Overdue     bool              `json:"overdue"`
	Severity    followup.Severity `json:"severity"`
	Provisional bool              `json:"provisional"`
	State       string            `json:"state"`
	Tries       int               `json:"tries"`
	NextTryAt   clock.Instant     `json:"next_try_at"` // null before the first attempt
	Owner       *TaskOwner        `json:"owner"`
	Template    string            `json:"template"`
	PlanID      followup.PlanID   `json:"plan_id"`
	AckBy       clock.Instant     `json:"ack_by"`
	AckAt       clock.Instant     `json:"acknowledged_at"`
	Rung        int               `json:"rung"`
	Outcome     string            `json:"outcome"`
}

// TaskLine is one line of a task's history.
type TaskLine struct {
	At    clock.Instant `json:"at"`
	Actor string        `json:"actor"`
	Code  string        `json:"code"`
	Text  string        `json:"text"`
}

// TaskAnswer is what the patient replied.
type TaskAnswer struct {
	Code  string        `json:"code"`
	Label string        `json:"label"`
	Text  string        `json:"text"`
	At    clock.Instant `json:"at"`
}

// TaskContact is the number to call, masked.
type TaskContact struct {
	ID         patient.ContactID `json:"id"`
	Value      string            `json:"value"`
	Owner      string            `json:"owner"`
	Name       string            `json:"name"`        // whose number it is, "" = the patient's
	VerifiedAt clock.Instant     `json:"verified_at"` // null = never
}

// TaskAlert is something to know before calling.
type TaskAlert struct {
	Kind     string            `json:"kind"`
	Text     string            `json:"text"`
	Severity followup.Severity `json:"severity"`
}

// TaskDetail is a task's sheet.
type TaskDetail struct {
	TaskRow
	Script      string             `json:"script"`
	Outcomes    []followup.Outcome `json:"outcomes"`
	Draft       string             `json:"draft"`
	DraftAt     clock.Instant      `json:"draft_at"`
	Notes       string             `json:"notes"`
	History     []TaskLine         `json:"history"`
	Answer      *TaskAnswer        `json:"answer"`
	Contact     *TaskContact       `json:"contact"`
	Alerts      []TaskAlert        `json:"alerts"`
	ConsentNote string             `json:"consent_note"`
	Undoable    bool               `json:"undoable"`
	CalledAt    clock.Instant      `json:"called_at"` // when the caller began the call that is going on, else null
	NextID      followup.TaskID    `json:"next_id"`
}

// taskRows adds patients and owners to tasks.
func taskRows(ctx context.Context, s *followup.Service, st *staff.Service, tasks []followup.Task) ([]TaskRow, error) {
	patients, owners := make([]patient.ID, len(tasks)), make([]staff.ID, 0, len(tasks))
	for i, t := range tasks {
		patients[i] = t.PatientID
		owners = append(owners, t.OwnerID)
	}
	briefs, err := s.Patient.Briefs(ctx, patients)
	if err != nil {
		return nil, err
	}
	names, err := st.Names(ctx, owners)
	c := s.DB.Clock()
	now, today := c.Now(), c.On(c.Today(), 0, 0)
	out := make([]TaskRow, 0, len(tasks))
	for _, t := range tasks {
		row := TaskRow{ID: t.ID, Patient: briefs[t.PatientID], Kind: t.Kind, Title: t.Title, DueAt: t.DueAt, Severity: t.Severity, Provisional: t.Provisional,
			State: t.State, Tries: t.Tries, Template: t.Source, PlanID: t.PlanID, AckBy: t.AckBy, AckAt: t.AcknowledgedAt, Rung: t.Rung, Outcome: t.Outcome}
		row.Overdue = t.State == followup.TaskOpen && (t.Kind != followup.TaskFlag && t.DueAt < today || t.Kind == followup.TaskFlag && t.AcknowledgedAt == 0 && t.AckBy < now)
		if t.Tries > 0 && t.State == followup.TaskOpen {
			row.NextTryAt = t.DueAt
		}
		if t.OwnerID != 0 {
			row.Owner = &TaskOwner{t.OwnerID, names[t.OwnerID]}
		}
		out = append(out, row)
	}
	return out, err
}

func taskRow(ctx context.Context, s *followup.Service, st *staff.Service, t followup.Task, err error) (TaskRow, error) {
	if err != nil {
		return TaskRow{}, err
	}
	rows, err := taskRows(ctx, s, st, []followup.Task{t})
	if err != nil {
		return TaskRow{}, err
	}
	return rows[0], nil
}

func taskDetail(ctx context.Context, s *followup.Service, st *staff.Service, id followup.TaskID) (TaskDetail, error) {
	sheet, err := s.FindTask(ctx, id)
	if err != nil {
		return TaskDetail{}, err
	}
	t := sheet.Task
	row, err := taskRow(ctx, s, st, t, nil)
	out := TaskDetail{TaskRow: row, Script: sheet.Script, Outcomes: sheet.Outcomes, Draft: t.Draft, DraftAt: t.DraftAt, Notes: t.Notes, History: []TaskLine{},
		Alerts: []TaskAlert{}, Undoable: sheet.Undoable, CalledAt: sheet.CalledAt, NextID: sheet.NextID}
	for i := range out.Outcomes {
		out.Outcomes[i].Ends = out.Outcomes[i].Leads() == followup.NextStop
		out.Outcomes[i].Next = out.Outcomes[i].Leads()
	}
	for _, l := range sheet.History {
		out.History = append(out.History, TaskLine(l))
	}
	if t.AnsweredAt != 0 {
		out.Answer = &TaskAnswer{t.AnswerCode, t.AnswerLabel, t.AnswerText, t.AnsweredAt}
	}
	reach, reachErr := s.Patient.ReachFor(ctx, t.PatientID, consent.Care)
	if reachErr != nil && !fault.Is(reachErr, fault.NotFound) {
		return out, reachErr
	}
	may, askErr := s.Message.Consent.Ask(ctx, consent.Request{PatientID: t.PatientID, Channel: "call", Purpose: consent.Care, Address: reach.Contact.Number, Urgent: true})
	if askErr != nil {
		return out, askErr
	}
	if !may.Allowed { // the caller must know before dialling
		out.ConsentNote = lang.Text(lang.From(ctx), "message.reason."+may.Code, nil)
	}
	if c := reach.Contact; reachErr == nil {
		out.Contact = &TaskContact{c.ID, c.Value, c.Owner, reach.Name, c.VerifiedAt}
	}
	if row.Patient.Alert != "" {
		out.Alerts = append(out.Alerts, TaskAlert{"alert", row.Patient.Alert, followup.SeverityGrave})
	}
	return out, err
}

func worklistRoutes(d *Door, s *followup.Service, st *staff.Service) {
	add(d, Route{Method: "GET", Path: "/api/v1/followup/worklist", Permission: followup.PermList, Text: "Open tasks by due time"},
		func(ctx context.Context, in *struct {
			List   string `query:"list"`
			Who    string `query:"who"`
			Cursor string `query:"cursor"`
			Limit  int    `query:"limit"`
		}) (db.Page[TaskRow], error) {
			page, err := s.Worklist(ctx, followup.WorklistFilter{List: in.List, Team: in.Who == "team", Cursor: in.Cursor, Limit: in.Limit})
			if err != nil {
				return db.Page[TaskRow]{}, err
			}
			rows, err := taskRows(ctx, s, st, page.Items)
			return db.Page[TaskRow]{Items: rows, Next: page.Next, Total: page.Total}, err
		})
	add(d, Route{Method: "GET", Path: "/api/v1/followup/worklist/counts", Permission: followup.PermList, Text: "How long each worklist is"},
		func(ctx context.Context, in *struct {
			Who string `query:"who"`
		}) (followup.ListCounts, error) {
			return s.Counts(ctx, in.Who)
		})
	add(d, Route{Method: "GET", Path: "/api/v1/followup/load", Permission: followup.PermList, Text: "What everybody has to do today"},
		func(ctx context.Context, _ *struct{}) (items[LoadRow], error) { return loadRows(ctx, s, st) })
}

// LoadRow is one person's work of today.
type LoadRow struct {
	Owner     TaskOwner `json:"owner"`
	Due       int       `json:"due"`
	Overdue   int       `json:"overdue"`
	DoneToday int       `json:"done_today"`
}

func loadRows(ctx context.Context, s *followup.Service, st *staff.Service) (items[LoadRow], error) {
	loads, err := s.Workload(ctx)
	if err != nil {
		return items[LoadRow]{}, err
	}
	ids := make([]staff.ID, len(loads))
	for i, l := range loads {
		ids[i] = l.OwnerID
	}
	names, err := st.Names(ctx, ids)
	out := make([]LoadRow, 0, len(loads))
	for _, l := range loads {
		out = append(out, LoadRow{TaskOwner{l.OwnerID, names[l.OwnerID]}, l.Due, l.Overdue, l.DoneToday})
	}
	return listed(out, err)
}
