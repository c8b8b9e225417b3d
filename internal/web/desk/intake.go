package desk

import (
	"context"
	"encoding/json"
	"strconv"

	"renxin/internal/intake"
	"renxin/internal/match"
	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/lang"
)

// RunRow is one import of a file.
type RunRow struct {
	ID         intake.RunID  `json:"id"`
	JobID      string        `json:"job_id"`
	Feed       string        `json:"feed"`
	File       string        `json:"file"`
	State      string        `json:"state"`
	Undo       string        `json:"undo"` // state of its last roll-back, "" for none
	Counts     intake.Counts `json:"counts"`
	Warned     int           `json:"warned"` // rows taken although something in them is doubtful; of a single run, at most 1,001
	Done       int           `json:"done"`
	Total      int           `json:"total"`
	StartedAt  clock.Instant `json:"started_at"`
	FinishedAt clock.Instant `json:"finished_at"`
	Actor      string        `json:"actor"`
	Rate       float64       `json:"rate"` // records a second
	LeftMs     int64         `json:"left_ms"`
}

// IntakeRow is one record as received.
type IntakeRow struct {
	ID         intake.RecordID `json:"id"`
	RunID      intake.RunID    `json:"run_id"`
	Ref        string          `json:"ref"`
	Type       string          `json:"type"`
	ControlID  string          `json:"control_id"`
	Verdict    intake.Verdict  `json:"verdict"`
	Code       string          `json:"code"`
	Reason     string          `json:"reason"`
	Key        string          `json:"key"`
	PatientID  patient.ID      `json:"patient_id"`
	ReceivedAt clock.Instant   `json:"received_at"`
	Attempts   int             `json:"attempts"`
}

// IntakeDetail is a record with all that is needed to decide about it.
type IntakeDetail struct {
	IntakeRow
	Raw        string            `json:"raw"`
	Record     intake.Record     `json:"record"`
	Reasons    []IntakeReason    `json:"reasons"`
	Candidates []IntakeCandidate `json:"candidates"`
	Parts      []PartRow         `json:"parts"` // of a message that can be mended field by field
}

// IntakeReason is one line of why.
type IntakeReason struct {
	Code  string `json:"code"`
	Field string `json:"field"`
	Text  string `json:"text"`
}

// IntakeCandidate is a patient whose record it may be.
type IntakeCandidate struct {
	patient.Brief
	Bits    float64        `json:"bits"`
	Zone    string         `json:"zone"`
	Reasons []match.Reason `json:"reasons"`
}

// RepairInput changes fields of a record by key (patient.mobile, patient.card …).
type RepairInput struct {
	Changes map[string]string `json:"changes"`
}

// DecideInput says whose a record is; no patient means a person we do not know.
type DecideInput struct {
	PatientID *patient.ID `json:"patient_id"`
}

// IntakeRoutes are the paths of the intake.
func IntakeRoutes(s *intake.Service) Routes {
	return func(d *Door) {
		uploadRoutes(d, s)
		importRoutes(d, s)
		runRoutes(d, s)
		recordRoutes(d, s)
		deadRoutes(d, s)
	}
}

func runRoutes(d *Door, s *intake.Service) {
	add(d, Route{Method: "GET", Path: "/api/v1/intake/runs", Permission: intake.PermFeeds, Text: "Imports, newest first"}, func(ctx context.Context, in *struct {
		State  string        `query:"state"` // of a run, or undone
		FeedID intake.FeedID `query:"feed_id"`
		Mine   bool          `query:"mine"`
		Cursor string        `query:"cursor"`
		Limit  int           `query:"limit"`
	}) (db.Page[RunRow], error) {
		page, err := s.Runs(ctx, intake.RunFilter{State: in.State, FeedID: in.FeedID, Mine: in.Mine, Cursor: in.Cursor, Limit: in.Limit})
		out := db.Page[RunRow]{Items: []RunRow{}, Next: page.Next, Total: page.Total}
		for _, r := range page.Items {
			out.Items = append(out.Items, runRow(r, s.DB.Clock().Now()))
		}
		return out, err
	})
	add(d, Route{Method: "GET", Path: "/api/v1/intake/runs/{id}", Permission: intake.PermFeeds, Text: "One import and how far it is"}, func(ctx context.Context, in *struct {
		ID intake.RunID `path:"id"`
	}) (RunRow, error) {
		r, err := s.Run(ctx, in.ID)
		if err != nil {
			return RunRow{}, err
		}
		row := runRow(r, s.DB.Clock().Now())
		row.Warned, err = s.Warned(ctx, in.ID)
		return row, err
	})
	add(d, Route{Method: "POST", Path: "/api/v1/intake/runs/{id}/cancel", Permission: intake.PermImport, Text: "Stop an import after the part it is in"}, func(ctx context.Context, in *struct {
		ID intake.RunID `path:"id"`
	}) (None, error) {
		return None{}, s.CancelRun(ctx, in.ID)
	})
}

func runRow(r intake.Run, now clock.Instant) RunRow {
	row := RunRow{ID: r.ID, JobID: strconv.FormatInt(r.JobID, 10), Feed: r.Feed, File: r.File, State: r.State, Undo: r.Undo, Counts: r.Counts, Done: r.Done, Total: r.Total,
		StartedAt: r.StartedAt, FinishedAt: r.FinishedAt, Actor: r.Actor, Rate: r.Rate(now)}
	if r.State == intake.RunRunning && row.Rate > 0 {
		row.LeftMs = int64(float64(r.Total-r.Done) / row.Rate * 1000)
	}
	return row
}

func recordRoutes(d *Door, s *intake.Service) {
	add(d, Route{Method: "GET", Path: "/api/v1/intake/records", Permission: intake.PermRead, Text: "Received records, newest first"}, func(ctx context.Context, in *struct {
		RunID   intake.RunID   `query:"run_id"`
		FeedID  intake.FeedID  `query:"feed_id"`
		Verdict intake.Verdict `query:"verdict"`
		Code    string         `query:"code"`
		Cursor  string         `query:"cursor"`
		Limit   int            `query:"limit"`
	}) (db.Page[IntakeRow], error) {
		f := intake.RecordFilter{RunID: in.RunID, FeedID: in.FeedID, Verdict: in.Verdict, Code: in.Code, Cursor: in.Cursor, Limit: in.Limit}
		page, err := s.Records(ctx, f)
		out := db.Page[IntakeRow]{Items: []IntakeRow{}, Next: page.Next, Total: page.Total}
		for _, m := range page.Items {
			out.Items = append(out.Items, intakeRow(ctx, m))
		}
		return out, err
	})
	add(d, Route{Method: "GET", Path: "/api/v1/intake/records/{id}", Permission: intake.PermRead, Text: "One record with its text and the patients it may mean (audited)"}, func(ctx context.Context, in *struct {
		ID intake.RecordID `path:"id"`
	}) (IntakeDetail, error) {
		m, err := s.Record(ctx, in.ID)
		if err != nil {
			return IntakeDetail{}, err
		}
		return intakeDetail(ctx, m, s.Patient)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/intake/records/{id}/reveal", Permission: patient.PermReveal, Text: "The record in the clear, with the bytes as received; the reason goes into the trail"}, func(ctx context.Context, in *struct {
		ID   intake.RecordID `path:"id"`
		Body struct {
			Reason string `json:"reason"`
		}
	}) (IntakeDetail, error) {
		m, err := s.Reveal(ctx, in.ID, in.Body.Reason)
		if err != nil {
			return IntakeDetail{}, err
		}
		return intakeDetail(ctx, m, s.Patient)
	})
	after := func(ctx context.Context, m intake.Message, err error) (IntakeRow, error) {
		return intakeRow(ctx, m), err
	}
	add(d, Route{Method: "POST", Path: "/api/v1/intake/records/{id}/rerun", Permission: intake.PermRepair, Text: "Judge an open record again"}, func(ctx context.Context, in *struct {
		ID intake.RecordID `path:"id"`
	}) (IntakeRow, error) {
		m, err := s.Rerun(ctx, in.ID)
		return after(ctx, m, err)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/intake/records/{id}/repair", Permission: intake.PermRepair, Text: "Change fields of an open record and judge it again"}, func(ctx context.Context, in *struct {
		ID   intake.RecordID `path:"id"`
		Body RepairInput
	}) (IntakeRow, error) {
		m, err := s.Repair(ctx, in.ID, in.Body.Changes)
		return after(ctx, m, err)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/intake/records/{id}/decide", Permission: intake.PermRepair, Text: "Say whose an open record is"}, func(ctx context.Context, in *struct {
		ID   intake.RecordID `path:"id"`
		Body DecideInput
	}) (IntakeRow, error) {
		var id patient.ID
		if in.Body.PatientID != nil {
			id = *in.Body.PatientID
		}
		m, err := s.Decide(ctx, in.ID, id)
		return after(ctx, m, err)
	})
}

func reasonText(ctx context.Context, key string) string {
	if key == "" {
		return ""
	}
	return lang.Text(lang.From(ctx), key, nil)
}

// intakeRow says why in one line: the verdict's own reason, else what was doubtful about a record that was taken.
func intakeRow(ctx context.Context, m intake.Message) IntakeRow {
	why := intake.Why(lang.From(ctx), m.Code, m.Reasons)
	return IntakeRow{ID: m.ID, RunID: m.RunID, Ref: m.Ref, Type: m.Type, ControlID: m.ControlID, Verdict: m.Verdict, Code: m.Code, Reason: why,
		Key: m.Key, PatientID: m.PatientID, ReceivedAt: m.ReceivedAt, Attempts: m.Attempts}
}

func intakeDetail(ctx context.Context, m intake.Detail, p *patient.Service) (IntakeDetail, error) {
	out := IntakeDetail{IntakeRow: intakeRow(ctx, m.Message), Raw: m.Text, Record: m.Record, Reasons: reasons(ctx, m.Reasons), Candidates: []IntakeCandidate{}, Parts: partRows(m.Parts)}
	var found []patient.Candidate
	if m.Candidates != "" {
		if err := json.Unmarshal([]byte(m.Candidates), &found); err != nil {
			return out, err
		}
	}
	var ids []patient.ID
	for _, c := range found {
		ids = append(ids, c.ID)
	}
	visible, err := p.VisibleIDs(ctx, ids)
	if err != nil {
		return out, err
	}
	briefs, err := p.Briefs(ctx, visible)
	for _, c := range found {
		if b, ok := briefs[c.ID]; ok {
			out.Candidates = append(out.Candidates, IntakeCandidate{Brief: b, Bits: c.Bits, Zone: string(c.Zone), Reasons: c.Reasons})
		}
	}
	return out, err
}

func reasons(ctx context.Context, stored string) []IntakeReason {
	var list []intake.Reason
	out := []IntakeReason{}
	if json.Unmarshal([]byte(stored), &list) != nil {
		return out
	}
	for _, r := range list {
		out = append(out, IntakeReason{Code: r.Code, Field: intake.FieldName(lang.From(ctx), r.Field), Text: reasonText(ctx, r.Code)})
	}
	return out
}

func place(cursor string) int {
	n, err := strconv.Atoi(cursor)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
