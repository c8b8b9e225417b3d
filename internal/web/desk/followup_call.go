package desk

import (
	"context"

	"renxin/internal/followup"
	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/staff"
)

type taskPath struct {
	ID followup.TaskID `path:"id"`
}

// CallStart is what a caller gets when a call begins.
type CallStart struct {
	Phone        string `json:"phone"`
	ContactOwner string `json:"contact_owner"`
	CallLink     string `json:"call_link"`
}

// TaskRecorded is a task after its outcome, and the next one of the caller's list.
type TaskRecorded struct {
	Task   TaskRow         `json:"task"`
	NextID followup.TaskID `json:"next_id"`
}

// taskRoutes are the paths of one task: the call, its notes, its outcome.
func taskRoutes(d *Door, s *followup.Service, st *staff.Service) {
	add(d, Route{Method: "GET", Path: "/api/v1/followup/tasks/{id}", Permission: followup.PermList, Text: "A task's sheet: script, outcomes, history"},
		func(ctx context.Context, in *taskPath) (TaskDetail, error) { return taskDetail(ctx, s, st, in.ID) })
	add(d, Route{Method: "POST", Path: "/api/v1/followup/tasks/{id}/start", Permission: followup.PermWork, Text: "Begin the call: the one number is revealed, with the task as the reason"},
		func(ctx context.Context, in *taskPath) (CallStart, error) {
			n, err := s.Start(ctx, in.ID)
			return CallStart{n.Phone, n.Contact.Owner, "tel:" + n.Phone}, err
		})
	add(d, Route{Method: "PUT", Path: "/api/v1/followup/tasks/{id}/draft", Permission: followup.PermWork, Text: "Keep what was typed so far"},
		func(ctx context.Context, in *struct {
			ID   followup.TaskID `path:"id"`
			Body struct {
				Text string `json:"text"`
			}
		}) (None, error) {
			return None{}, s.SaveDraft(ctx, in.ID, in.Body.Text)
		})
	add(d, Route{Method: "POST", Path: "/api/v1/followup/tasks/{id}/outcome", Permission: followup.PermWork, Text: "Write down what came of it"},
		func(ctx context.Context, in *struct {
			ID   followup.TaskID `path:"id"`
			Body struct {
				Code   string        `json:"code"`
				Notes  string        `json:"notes"`
				NextAt clock.Instant `json:"next_at"`
			}
		}) (TaskRecorded, error) {
			t, err := s.Record(ctx, in.ID, followup.Result{Code: in.Body.Code, Notes: in.Body.Notes, NextAt: in.Body.NextAt})
			if err != nil {
				return TaskRecorded{}, err
			}
			row, err := taskRow(ctx, s, st, t, nil)
			if err != nil {
				return TaskRecorded{}, err
			}
			next, err := s.NextTask(ctx, t)
			return TaskRecorded{row, next}, err
		})
	taskChangeRoutes(d, s, st)
}

func taskChangeRoutes(d *Door, s *followup.Service, st *staff.Service) {
	add(d, Route{Method: "POST", Path: "/api/v1/followup/tasks/{id}/acknowledge", Permission: followup.PermWork, Text: "A human has seen the flag: its clock stops"},
		func(ctx context.Context, in *taskPath) (TaskRow, error) {
			t, err := s.Acknowledge(ctx, in.ID)
			return taskRow(ctx, s, st, t, err)
		})
	add(d, Route{Method: "POST", Path: "/api/v1/followup/tasks/{id}/postpone", Permission: followup.PermWork, Text: "Do it at another time"},
		func(ctx context.Context, in *struct {
			ID   followup.TaskID `path:"id"`
			Body struct {
				Until  clock.Instant `json:"until"`
				Reason string        `json:"reason"`
			}
		}) (TaskRow, error) {
			t, err := s.Postpone(ctx, in.ID, in.Body.Until, in.Body.Reason)
			return taskRow(ctx, s, st, t, err)
		})
	add(d, Route{Method: "POST", Path: "/api/v1/followup/tasks/{id}/assign", Permission: followup.PermAssign, Text: "Give the task to somebody"},
		func(ctx context.Context, in *struct {
			ID   followup.TaskID `path:"id"`
			Body struct {
				OwnerID staff.ID `json:"owner_id"`
			}
		}) (TaskRow, error) {
			t, err := s.AssignTask(ctx, in.ID, in.Body.OwnerID)
			return taskRow(ctx, s, st, t, err)
		})
	add(d, Route{Method: "POST", Path: "/api/v1/followup/tasks/{id}/undo", Permission: followup.PermWork, Text: "Take back one's own last outcome, within ten minutes"},
		func(ctx context.Context, in *taskPath) (TaskRow, error) {
			t, err := s.Undo(ctx, in.ID)
			return taskRow(ctx, s, st, t, err)
		})
	add(d, Route{Method: "POST", Path: "/api/v1/followup/tasks", Permission: followup.PermCreateTask, Text: "Follow up by hand: a call, or a message on its day"},
		func(ctx context.Context, in *struct {
			Body struct {
				PatientID patient.ID `json:"patient_id"`
				DueDate   clock.Date `json:"due_date"`
				Channel   string     `json:"channel"`
				Title     string     `json:"title"`
				Note      string     `json:"note"`
				OwnerID   staff.ID   `json:"owner_id"`
			}
		}) (TaskRow, error) {
			b := in.Body
			t, err := s.CreateTask(ctx, followup.AdHoc{PatientID: b.PatientID, Due: b.DueDate, Channel: b.Channel, Title: b.Title, Note: b.Note, OwnerID: b.OwnerID})
			return taskRow(ctx, s, st, t, err)
		})
}
