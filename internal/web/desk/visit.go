package desk

import (
	"context"
	"slices"

	"renxin/internal/followup"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/visit"
)

// EncounterRow is a visit or stay as lists show it.
type EncounterRow struct {
	ID         visit.EncounterID `json:"id"`
	Class      string            `json:"class"`
	State      string            `json:"state"`
	Number     string            `json:"number"`
	Department string            `json:"department"`
	Ward       string            `json:"ward"`
	Bed        string            `json:"bed"`
	Doctor     string            `json:"doctor"`
	Diagnosis  string            `json:"diagnosis"`
	StartedAt  clock.Instant     `json:"started_at"`
	EndedAt    clock.Instant     `json:"ended_at"`
	TotalFen   int64             `json:"total_fen"`
	Hidden     bool              `json:"hidden"` // the reader may not see the diagnosis
}

// GroupRef names a condition group.
type GroupRef struct {
	ID   visit.GroupID `json:"id"`
	Name string        `json:"name"`
}

// PlanRef names a plan that would start.
type PlanRef struct {
	TemplateID followup.TemplateID `json:"template_id"`
	Name       string              `json:"name"`
	Steps      int                 `json:"steps"`
}

// ConditionPreview says what a diagnosis would lead to, before it is saved.
type ConditionPreview struct {
	Groups  []GroupRef `json:"groups"`
	Plans   []PlanRef  `json:"plans"`
	Running []PlanRef  `json:"running"` // of these, the plans that the patient is in already
}

// GroupPreview says whom a condition group would cover and which plans its diagnoses start.
type GroupPreview struct {
	Plans    []PlanRef `json:"plans"`
	Patients int       `json:"patients"`
}

type diagnosis struct {
	Code        string            `json:"code"`
	Name        string            `json:"name"`
	EncounterID visit.EncounterID `json:"encounter_id"`
}

// VisitRoutes are the paths of visits, diagnoses, charges and condition groups.
func VisitRoutes(s *visit.Service, f *followup.Service) Routes {
	return func(d *Door) {
		add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/encounters", Permission: visit.PermRead, Text: "A patient's visits and stays, newest first"},
			func(ctx context.Context, in *struct {
				ID     patient.ID `path:"id"`
				Cursor string     `query:"cursor"`
				Limit  int        `query:"limit"`
			}) (db.Page[EncounterRow], error) {
				return encounterPage(ctx, s, in.ID, in.Cursor, in.Limit)
			})
		add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/spend", Permission: visit.PermReadCharges, Text: "What a patient spent, by year and by day with its items"},
			func(ctx context.Context, in *struct {
				ID   patient.ID `path:"id"`
				Year int        `query:"year"`
			}) (visit.Spend, error) {
				return s.Spend(ctx, in.ID, in.Year)
			})
		add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/conditions/preview", Permission: visit.PermDiagnose, Text: "Which groups and plans a diagnosis leads to, before saving it"},
			func(ctx context.Context, in *struct {
				ID   patient.ID `path:"id"`
				Body diagnosis
			}) (ConditionPreview, error) {
				return conditionPreview(ctx, s, f, in.ID, in.Body)
			})
		add(d, Route{Method: "POST", Path: "/api/v1/patients/{id}/conditions", Permission: visit.PermDiagnose, Text: "Record a diagnosis"},
			func(ctx context.Context, in *struct {
				ID   patient.ID `path:"id"`
				Body diagnosis
			}) (struct {
				ID visit.ConditionID `json:"id"`
			}, error) {
				id, err := s.Diagnose(ctx, in.ID, in.Body.EncounterID, in.Body.Code, in.Body.Name)
				return struct {
					ID visit.ConditionID `json:"id"`
				}{id}, err
			})
		groupRoutes(d, s, f)
	}
}

func groupRoutes(d *Door, s *visit.Service, f *followup.Service) {
	add(d, Route{Method: "GET", Path: "/api/v1/condition-groups", Permission: visit.PermReadGroups, Text: "Condition groups"},
		func(ctx context.Context, _ *struct{}) (items[visit.Group], error) { return listed(s.Groups(ctx)) })
	add(d, Route{Method: "POST", Path: "/api/v1/condition-groups", Permission: visit.PermEditGroups, Text: "Add a condition group"},
		func(ctx context.Context, in *struct{ Body visit.GroupInput }) (visit.Group, error) {
			return s.CreateGroup(ctx, in.Body)
		})
	add(d, Route{Method: "PUT", Path: "/api/v1/condition-groups/{id}", Permission: visit.PermEditGroups, Text: "Change a condition group"},
		func(ctx context.Context, in *struct {
			ID   visit.GroupID `path:"id"`
			Body visit.GroupInput
		}) (visit.Group, error) {
			return s.UpdateGroup(ctx, in.ID, in.Body)
		})
	add(d, Route{Method: "POST", Path: "/api/v1/condition-groups/preview", Permission: visit.PermReadGroups, Text: "Whom codes cover and which plans they start, before saving a group"},
		func(ctx context.Context, in *struct {
			Body struct {
				ID    visit.GroupID `json:"id"`
				Codes []string      `json:"codes"`
			}
		}) (GroupPreview, error) {
			out := GroupPreview{Plans: []PlanRef{}}
			var err error
			if out.Patients, err = s.CountCovered(ctx, in.Body.Codes); err != nil {
				return out, err
			}
			for _, code := range in.Body.Codes {
				if out.Plans, err = addPlans(ctx, f, out.Plans, code, "", []visit.GroupID{in.Body.ID}); err != nil {
					return out, err
				}
			}
			return out, nil
		})
}

func encounterPage(ctx context.Context, s *visit.Service, p patient.ID, cursor string, limit int) (db.Page[EncounterRow], error) {
	page, err := s.Encounters(ctx, p, cursor, limit)
	out := db.Page[EncounterRow]{Items: []EncounterRow{}, Next: page.Next, Total: page.Total}
	for _, v := range page.Items {
		out.Items = append(out.Items, EncounterRow{v.ID, v.Class, v.State, v.Number, v.Department, v.Ward, v.Bed, v.DoctorName, v.Diagnosis, v.StartedAt, v.EndedAt, v.TotalFen, v.Hidden})
	}
	return out, err
}

func conditionPreview(ctx context.Context, s *visit.Service, f *followup.Service, p patient.ID, in diagnosis) (ConditionPreview, error) {
	out := ConditionPreview{Groups: []GroupRef{}, Plans: []PlanRef{}, Running: []PlanRef{}}
	groups, err := s.GroupsOf(ctx, in.Code)
	if err != nil {
		return out, err
	}
	ids := []visit.GroupID{}
	for _, g := range groups {
		out.Groups = append(out.Groups, GroupRef{g.ID, g.Name})
		ids = append(ids, g.ID)
	}
	if out.Plans, err = addPlans(ctx, f, out.Plans, in.Code, in.Name, ids); err != nil || !access.From(ctx).Can(followup.PermReadPlans) {
		return out, err
	}
	have, err := f.Plans(ctx, followup.PlanFilter{PatientID: p, State: followup.PlanActive, Limit: 50})
	for _, w := range out.Plans {
		if slices.ContainsFunc(have.Items, func(x followup.Plan) bool { return x.TemplateID == w.TemplateID }) {
			out.Running = append(out.Running, w)
		}
	}
	return out, err
}

// addPlans adds the templates that a diagnosis starts, each once.
func addPlans(ctx context.Context, f *followup.Service, have []PlanRef, code, name string, groups []visit.GroupID) ([]PlanRef, error) {
	plans, err := f.PlansFor(ctx, code, name, groups)
	for _, p := range plans {
		known := false
		for _, h := range have {
			known = known || h.TemplateID == p.TemplateID
		}
		if !known {
			have = append(have, PlanRef{p.TemplateID, p.Name, p.Steps})
		}
	}
	return have, err
}
