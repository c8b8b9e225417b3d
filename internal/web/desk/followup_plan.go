package desk

import (
	"context"

	"renxin/internal/followup"
	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// PlanRow is a plan as lists show it.
type PlanRow struct {
	ID         followup.PlanID     `json:"id"`
	Patient    patient.Brief       `json:"patient"`
	TemplateID followup.TemplateID `json:"template_id"`
	Template   string              `json:"template"`
	Version    int                 `json:"version"`
	State      string              `json:"state"`
	Reason     string              `json:"reason"`
	Day0       clock.Date          `json:"day0"`
	NextAt     clock.Instant       `json:"next_at"`
	Done       int                 `json:"done"`
	Total      int                 `json:"total"`
}

// PlanStepRow is one step of a plan.
type PlanStepRow struct {
	ID           followup.StepID   `json:"id"`
	Key          string            `json:"key"`
	Title        string            `json:"title"`
	Kind         followup.StepKind `json:"kind"`
	Day          int               `json:"day"`
	PlannedDate  clock.Date        `json:"planned_date"`
	OriginalDate clock.Date        `json:"original_date"`
	Clash        bool              `json:"clash"`
	State        string            `json:"state"`
	Outcome      string            `json:"outcome"`
	Answer       string            `json:"answer"`
	MessageState string            `json:"message_state"`
	TaskID       followup.TaskID   `json:"task_id"`
	DoneAt       clock.Instant     `json:"done_at"`
}

// PlanDetail is a plan with its steps.
type PlanDetail struct {
	PlanRow
	Steps []PlanStepRow `json:"steps"`
}

func planRow(p followup.Plan, b patient.Brief) PlanRow {
	return PlanRow{p.ID, b, p.TemplateID, p.Name, p.TemplateVersion, p.State, p.Reason, p.Day0, p.NextAt, p.Done, p.Steps}
}

func planPage(ctx context.Context, s *followup.Service, f followup.PlanFilter) (db.Page[PlanRow], error) {
	page, err := s.Plans(ctx, f)
	if err != nil {
		return db.Page[PlanRow]{}, err
	}
	ids := make([]patient.ID, len(page.Items))
	for i, p := range page.Items {
		ids[i] = p.PatientID
	}
	briefs, err := s.Patient.Briefs(ctx, ids)
	out := db.Page[PlanRow]{Items: []PlanRow{}, Next: page.Next, Total: page.Total}
	for _, p := range page.Items {
		out.Items = append(out.Items, planRow(p, briefs[p.PatientID]))
	}
	return out, err
}

func planDetail(ctx context.Context, s *followup.Service, id followup.PlanID) (PlanDetail, error) {
	p, steps, err := s.FindPlan(ctx, id)
	if err != nil {
		return PlanDetail{}, err
	}
	briefs, err := s.Patient.Briefs(ctx, []patient.ID{p.PatientID})
	out := PlanDetail{planRow(p, briefs[p.PatientID]), []PlanStepRow{}}
	for _, st := range steps {
		out.Steps = append(out.Steps, PlanStepRow{st.ID, st.Key, st.Title, st.Kind, st.Day, st.Date, st.Nominal, st.Clash, st.State, st.Outcome, st.Answer,
			st.MessageState, st.TaskID, st.DoneAt})
	}
	return out, err
}

func planRoutes(d *Door, s *followup.Service) {
	add(d, Route{Method: "GET", Path: "/api/v1/followup/plans", Permission: followup.PermReadPlans, Text: "Follow-up plans, newest first"},
		func(ctx context.Context, in *struct {
			State      string              `query:"state"`
			PatientID  patient.ID          `query:"patient_id"`
			TemplateID followup.TemplateID `query:"template_id"`
			Cursor     string              `query:"cursor"`
			Limit      int                 `query:"limit"`
		}) (db.Page[PlanRow], error) {
			return planPage(ctx, s, followup.PlanFilter{PatientID: in.PatientID, TemplateID: in.TemplateID, State: in.State, Cursor: in.Cursor, Limit: in.Limit})
		})
	add(d, Route{Method: "GET", Path: "/api/v1/followup/plans/{id}", Permission: followup.PermReadPlans, Text: "A plan with its steps"},
		func(ctx context.Context, in *struct {
			ID followup.PlanID `path:"id"`
		}) (PlanDetail, error) {
			return planDetail(ctx, s, in.ID)
		})
	add(d, Route{Method: "POST", Path: "/api/v1/followup/plans", Permission: followup.PermEnrol, Text: "Start a template for a patient by hand"},
		func(ctx context.Context, in *struct {
			Body struct {
				PatientID  patient.ID          `json:"patient_id"`
				TemplateID followup.TemplateID `json:"template_id"`
				Day0       clock.Date          `json:"day0"`
			}
		}) (PlanDetail, error) {
			id, err := s.Enrol(ctx, in.Body.PatientID, in.Body.TemplateID, in.Body.Day0)
			if err != nil {
				return PlanDetail{}, err
			}
			return planDetail(ctx, s, id)
		})
	add(d, Route{Method: "POST", Path: "/api/v1/followup/plans/{id}/exit", Permission: followup.PermExit, Text: "End a plan before its last step"},
		func(ctx context.Context, in *struct {
			ID   followup.PlanID `path:"id"`
			Body struct {
				Reason string `json:"reason"`
			}
		}) (PlanDetail, error) {
			if err := s.ExitPlan(ctx, in.ID, in.Body.Reason); err != nil {
				return PlanDetail{}, err
			}
			return planDetail(ctx, s, in.ID)
		})
}
