package desk

import (
	"context"
	"io"

	"renxin/internal/intake"
	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/lang"
)

// MappingView is a saved mapping.
type MappingView struct {
	ID        intake.MappingID `json:"id"`
	Name      string           `json:"name"`
	DateOrder string           `json:"date_order"`
	Columns   int              `json:"columns"`
	Uses      int              `json:"uses"`
	UsedAt    clock.Instant    `json:"used_at"`
	Actor     string           `json:"actor"`
}

func mappingView(m intake.Mapping) MappingView {
	v := MappingView{ID: m.ID, Name: m.Name, Uses: m.Uses, UsedAt: m.UsedAt, Actor: m.Actor}
	if o, err := m.Read(); err == nil {
		v.DateOrder, v.Columns = o.DateOrder, len(o.Mapping)
	}
	return v
}

// ImportRow is one line of an import with what became of it.
type ImportRow struct {
	ID        intake.RecordID `json:"id"`
	Ref       string          `json:"ref"`
	Verdict   intake.Verdict  `json:"verdict"`
	Code      string          `json:"code"`
	Reason    string          `json:"reason"`
	Key       string          `json:"key"`
	PatientID patient.ID      `json:"patient_id"`
	Attempts  int             `json:"attempts"`
	UndoneAt  clock.Instant   `json:"undone_at"`
}

// RollbackView is one attempt to take an import back.
type RollbackView struct {
	State      string        `json:"state"`
	Total      int           `json:"total"`
	Done       int           `json:"done"`
	Removed    int           `json:"removed"`  // patients who had come with the import
	Restored   int           `json:"restored"` // patients who are as they were before
	Kept       int           `json:"kept"`
	Rate       float64       `json:"rate"`
	LeftMs     int64         `json:"left_ms"`
	CreatedAt  clock.Instant `json:"created_at"`
	FinishedAt clock.Instant `json:"finished_at"`
	Actor      string        `json:"actor"`
}

// RollbackPlan is what a roll-back would do now.
type RollbackPlan struct {
	Patients int           `json:"patients"` // that came with the import and would go
	Changed  int           `json:"changed"`  // patients who would be as before
	Undone   int           `json:"undone"`   // taken back already
	Stay     []KeptView    `json:"stay"`     // the first of those that would stay
	StayMany int           `json:"stay_count"`
	Looked   int           `json:"looked"`
	Total    int           `json:"total"`
	Departed bool          `json:"departed"`
	Until    clock.Instant `json:"until"`
}

// KeptView is a patient whose import stays, and why.
type KeptView struct {
	PatientID patient.ID `json:"patient_id"`
	Name      string     `json:"name"`
	Reason    string     `json:"reason"`
}

func importRoutes(d *Door, s *intake.Service) {
	add(d, Route{Method: "GET", Path: "/api/v1/intake/mappings", Permission: intake.PermImport, Text: "Saved mappings of tables, the last used first"}, func(ctx context.Context, in *struct{}) (items[MappingView], error) {
		list, err := s.Mappings(ctx)
		out := make([]MappingView, 0, len(list))
		for _, m := range list {
			out = append(out, mappingView(m))
		}
		return listed(out, err)
	})
	add(d, Route{Method: "DELETE", Path: "/api/v1/intake/mappings/{id}", Permission: intake.PermImport, Text: "Forget a saved mapping"}, func(ctx context.Context, in *struct {
		ID intake.MappingID `path:"id"`
	}) (None, error) {
		return None{}, s.RemoveMapping(ctx, in.ID)
	})
	add(d, Route{Method: "GET", Path: "/api/v1/intake/runs/{id}/rows", Permission: intake.PermRead, Text: "Every row of an import in the order of the file, copies too"}, func(ctx context.Context, in *struct {
		ID      intake.RunID   `path:"id"`
		Verdict intake.Verdict `query:"verdict"` // or warned: taken although something is doubtful
		Cursor  string         `query:"cursor"`
		Limit   int            `query:"limit"`
	}) (db.Page[ImportRow], error) {
		page, err := s.Rows(ctx, in.ID, rowFilter(in.Verdict, in.Cursor, in.Limit))
		out := db.Page[ImportRow]{Items: []ImportRow{}, Next: page.Next, Total: page.Total}
		for _, r := range page.Items {
			out.Items = append(out.Items, ImportRow{ID: r.ID, Ref: r.Ref, Verdict: r.Verdict, Code: r.Code, Reason: r.Why(lang.From(ctx)), Key: r.Key, PatientID: r.PatientID, Attempts: r.Attempts, UndoneAt: r.UndoneAt})
		}
		return out, err
	})
	addFile(d, Route{Method: "POST", Path: "/api/v1/intake/runs/{id}/file", Permission: intake.PermImport, Text: "The rows of an import as CSV: as they came, with verdict, reason and patient; one verdict alone to mend and bring again; audited"}, func(ctx context.Context, in *struct {
		ID   intake.RunID `path:"id"`
		Body struct {
			Verdict intake.Verdict `json:"verdict,omitempty"`
		}
	}) (File, error) {
		if _, err := s.Run(ctx, in.ID); err != nil {
			return File{}, err
		}
		name := "verdicts.csv"
		if in.Body.Verdict != "" {
			name = string(in.Body.Verdict) + ".csv"
		}
		return File{Name: name, Type: "text/csv; charset=utf-8", Write: func(w io.Writer) error {
			return s.VerdictFile(ctx, in.ID, rowFilter(in.Body.Verdict, "", 0), w)
		}}, s.MayDownload(ctx)
	})
	rollbackRoutes(d, s)
}

func rowFilter(v intake.Verdict, cursor string, limit int) intake.RowFilter {
	f := intake.RowFilter{Verdict: v, Cursor: cursor, Limit: limit}
	if v == intake.Warned {
		f.Verdict, f.Warned = "", true
	}
	return f
}

func rollbackRoutes(d *Door, s *intake.Service) {
	add(d, Route{Method: "GET", Path: "/api/v1/intake/runs/{id}/rollback", Permission: intake.PermRollback, Text: "What taking an import back would do"}, func(ctx context.Context, in *struct {
		ID intake.RunID `path:"id"`
	}) (RollbackPlan, error) {
		p, err := s.PreviewRollback(ctx, in.ID)
		if err != nil {
			return RollbackPlan{}, err
		}
		stay, err := keptViews(ctx, s, p.Stay[:min(len(p.Stay), 50)])
		return RollbackPlan{Patients: p.Patients, Changed: p.Changed, Undone: p.Undone, Stay: stay, StayMany: len(p.Stay), Looked: p.Looked, Total: p.Total, Departed: p.Departed, Until: p.Until}, err
	})
	add(d, Route{Method: "POST", Path: "/api/v1/intake/runs/{id}/rollback", Permission: intake.PermRollback, Text: "Take an import back, updates too; a job does the work"}, func(ctx context.Context, in *struct {
		ID intake.RunID `path:"id"`
	}) (RollbackView, error) {
		b, err := s.Rollback(ctx, in.ID)
		return rollbackView(b, s.DB.Clock().Now()), err
	})
	add(d, Route{Method: "POST", Path: "/api/v1/intake/runs/{id}/rollback/cancel", Permission: intake.PermRollback, Text: "Stop taking an import back after the part it is in"}, func(ctx context.Context, in *struct {
		ID intake.RunID `path:"id"`
	}) (None, error) {
		return None{}, s.CancelRollback(ctx, in.ID)
	})
	add(d, Route{Method: "GET", Path: "/api/v1/intake/runs/{id}/rollbacks", Permission: intake.PermFeeds, Text: "Roll-backs of an import, newest first"}, func(ctx context.Context, in *struct {
		ID intake.RunID `path:"id"`
	}) (items[RollbackView], error) {
		list, err := s.Rollbacks(ctx, in.ID)
		out := make([]RollbackView, 0, len(list))
		for _, b := range list {
			out = append(out, rollbackView(b, s.DB.Clock().Now()))
		}
		return listed(out, err)
	})
	add(d, Route{Method: "GET", Path: "/api/v1/intake/runs/{id}/kept", Permission: intake.PermRead, Text: "Patients whose import stayed at a roll-back, and why"}, func(ctx context.Context, in *struct {
		ID     intake.RunID `path:"id"`
		Cursor string       `query:"cursor"`
		Limit  int          `query:"limit"`
	}) (db.Page[KeptView], error) {
		page, err := s.KeptOf(ctx, in.ID, in.Cursor, in.Limit)
		if err != nil {
			return db.Page[KeptView]{}, err
		}
		list, err := keptViews(ctx, s, page.Items)
		return db.Page[KeptView]{Items: list, Next: page.Next, Total: page.Total}, err
	})
}

func rollbackView(b intake.Rollback, now clock.Instant) RollbackView {
	v := RollbackView{State: b.State, Total: b.Total, Done: b.Done, Removed: b.NRemoved, Restored: b.NRestored, Kept: b.NKept, CreatedAt: b.CreatedAt, FinishedAt: b.FinishedAt, Actor: b.Actor, Rate: b.Rate(now)}
	if b.State == intake.RunRunning && v.Rate > 0 {
		v.LeftMs = int64(float64(b.Total-b.Done) / v.Rate * 1000)
	}
	return v
}

// keptViews names patients of the caller's scope; of others only the reason shows.
func keptViews(ctx context.Context, s *intake.Service, list []intake.Kept) ([]KeptView, error) {
	out, ids := make([]KeptView, 0, len(list)), []patient.ID(nil)
	for _, k := range list {
		ids = append(ids, k.PatientID)
	}
	visible, err := s.Patient.VisibleIDs(ctx, ids)
	if err != nil {
		return out, err
	}
	names, err := s.Patient.Briefs(ctx, visible)
	for _, k := range list {
		v := KeptView{Reason: lang.Text(lang.From(ctx), k.Reason, nil)}
		if b, ok := names[k.PatientID]; ok {
			v.PatientID, v.Name = k.PatientID, b.Name
		}
		out = append(out, v)
	}
	return out, err
}
