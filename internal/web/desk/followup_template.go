package desk

import (
	"context"

	"renxin/internal/followup"
	"renxin/internal/platform/clock"
	"renxin/internal/staff"
)

// TemplateRow is a follow-up template as the list shows it.
type TemplateRow struct {
	ID           followup.TemplateID `json:"id"`
	Code         string              `json:"code"`
	Name         string              `json:"name"`
	Family       string              `json:"family"`
	Department   string              `json:"department"`
	State        string              `json:"state"`
	Version      int                 `json:"version"` // newest version of the content
	Steps        int                 `json:"steps"`
	RunningPlans int                 `json:"running_plans"`
	Reviewer     string              `json:"reviewer"`
	ValidUntil   clock.Date          `json:"valid_until"`
	UpdatedAt    clock.Instant       `json:"updated_at"`
}

// TemplateVersion is one version in a template's history.
type TemplateVersion struct {
	Version   int           `json:"version"`
	State     string        `json:"state"`
	CreatedAt clock.Instant `json:"created_at"`
	Author    string        `json:"author"`
}

// TemplateDetail is a template with its newest content.
type TemplateDetail struct {
	ID           followup.TemplateID `json:"id"`
	Code         string              `json:"code"`
	State        string              `json:"state"`
	Version      int                 `json:"version"`
	LockVersion  int64               `json:"lock_version"`
	RunningPlans int                 `json:"running_plans"`
	UpdatedAt    clock.Instant       `json:"updated_at"`
	Versions     []TemplateVersion   `json:"versions"`
	followup.Definition
}

// TemplateDate is one step of a preview.
type TemplateDate struct {
	Key         string     `json:"key"`
	Title       string     `json:"title"`
	Day         int        `json:"day"`
	Planned     clock.Date `json:"planned"`
	ShiftedFrom clock.Date `json:"shifted_from"` // "" when not shifted
	Reason      string     `json:"reason"`       // name of the day off, "closed", or "clash"
}

func templateDetail(t followup.TemplateDetail) TemplateDetail {
	out := TemplateDetail{ID: t.ID, Code: t.Code, State: t.State, Version: t.Latest, LockVersion: t.Version, RunningPlans: t.Running,
		UpdatedAt: t.UpdatedAt, Versions: []TemplateVersion{}, Definition: t.Definition}
	if out.Triggers == nil {
		out.Triggers = []followup.Trigger{}
	}
	for _, v := range t.Versions {
		out.Versions = append(out.Versions, TemplateVersion{v.Version, v.State, v.CreatedAt, v.Author})
	}
	return out
}

func templateRows(ctx context.Context, s *followup.Service, st *staff.Service) (items[TemplateRow], error) {
	rows, err := s.Templates(ctx)
	if err != nil {
		return items[TemplateRow]{}, err
	}
	ids := make([]staff.DepartmentID, 0, len(rows))
	for _, r := range rows {
		ids = append(ids, r.DepartmentID)
	}
	names, err := st.DepartmentNames(ctx, ids)
	out := make([]TemplateRow, 0, len(rows))
	for _, r := range rows {
		out = append(out, TemplateRow{r.ID, r.Code, r.Definition.Name, r.Definition.Family, names[r.DepartmentID], r.State, r.Latest, len(r.Definition.Steps), r.Running,
			r.Definition.Reviewer, r.Definition.ValidUntil, r.UpdatedAt})
	}
	return listed(out, err)
}

func templateDates(planned []followup.Planned, d followup.Definition) templatePreview {
	out := templatePreview{Steps: []TemplateDate{}}
	for _, p := range planned {
		step, _ := d.Step(p.Key)
		row := TemplateDate{Key: p.Key, Title: step.Title, Day: p.Day, Planned: p.Date}
		if p.Shifted() != 0 {
			row.ShiftedFrom, row.Reason = p.Nominal, p.Why
			if row.Reason == "" {
				row.Reason = "closed"
			}
		} else if p.Clash {
			row.Reason = "clash"
		}
		out.Steps = append(out.Steps, row)
	}
	return out
}

// templatePreview is the answer of a preview.
type templatePreview struct {
	Steps []TemplateDate `json:"steps"`
}

func templateRoutes(d *Door, s *followup.Service, st *staff.Service) {
	type one struct {
		ID followup.TemplateID `path:"id"`
	}
	add(d, Route{Method: "GET", Path: "/api/v1/followup/templates", Permission: followup.PermReadTemplates, Text: "Follow-up templates"},
		func(ctx context.Context, _ *struct{}) (items[TemplateRow], error) { return templateRows(ctx, s, st) })
	add(d, Route{Method: "POST", Path: "/api/v1/followup/templates", Permission: followup.PermEditTemplates, Text: "Write a new template, as a draft"},
		func(ctx context.Context, in *struct {
			Body struct {
				Code string `json:"code"`
				followup.Definition
			}
		}) (TemplateDetail, error) {
			t, err := s.CreateTemplate(ctx, in.Body.Code, in.Body.Definition)
			return templateDetail(t), err
		})
	add(d, Route{Method: "GET", Path: "/api/v1/followup/templates/{id}", Permission: followup.PermReadTemplates, Text: "A template with its newest content"},
		func(ctx context.Context, in *one) (TemplateDetail, error) {
			t, err := s.Template(ctx, in.ID)
			return templateDetail(t), err
		})
	add(d, Route{Method: "PUT", Path: "/api/v1/followup/templates/{id}", Permission: followup.PermEditTemplates, Text: "Write the draft version of a template; plans that run keep theirs"},
		func(ctx context.Context, in *struct {
			ID   followup.TemplateID `path:"id"`
			Body struct {
				LockVersion int64 `json:"lock_version"`
				followup.Definition
			}
		}) (TemplateDetail, error) {
			t, err := s.UpdateTemplate(ctx, in.ID, in.Body.LockVersion, in.Body.Definition)
			return templateDetail(t), err
		})
	add(d, Route{Method: "POST", Path: "/api/v1/followup/templates/{id}/activate", Permission: followup.PermActivate, Text: "Let the newest version enrol, with reviewer, source and valid-until"},
		func(ctx context.Context, in *struct {
			ID   followup.TemplateID `path:"id"`
			Body followup.Approval
		}) (TemplateDetail, error) {
			t, err := s.Activate(ctx, in.ID, in.Body)
			return templateDetail(t), err
		})
	add(d, Route{Method: "POST", Path: "/api/v1/followup/templates/{id}/retire", Permission: followup.PermActivate, Text: "Stop a template from enrolling"},
		func(ctx context.Context, in *one) (TemplateDetail, error) {
			t, err := s.Retire(ctx, in.ID)
			return templateDetail(t), err
		})
	add(d, Route{Method: "POST", Path: "/api/v1/followup/templates/{id}/migrate", Permission: followup.PermActivate, Text: "Move running plans to the active version on purpose"},
		func(ctx context.Context, in *one) (struct {
			Moved int `json:"moved"`
		}, error) {
			n, err := s.MigratePlans(ctx, in.ID)
			return struct {
				Moved int `json:"moved"`
			}{n}, err
		})
	add(d, Route{Method: "POST", Path: "/api/v1/followup/templates/{id}/preview", Permission: followup.PermReadTemplates, Text: "The dates a template would plan from day 0"},
		func(ctx context.Context, in *struct {
			ID   followup.TemplateID `path:"id"`
			Body struct {
				Day0         clock.Date         `json:"day0"`
				DepartmentID staff.DepartmentID `json:"department_id"`
			}
		}) (templatePreview, error) {
			planned, def, err := s.PreviewDates(ctx, in.ID, in.Body.Day0, in.Body.DepartmentID)
			return templateDates(planned, def), err
		})
}
