package desk

import (
	"context"

	"renxin/internal/audit"
	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/lang"
	"renxin/internal/platform/trail"
	"renxin/internal/staff"
)

// AuditRow is a line of the trail.
type AuditRow struct {
	Seq       int64         `json:"seq"`
	At        clock.Instant `json:"at"`
	ActorID   staff.ID      `json:"actor_id"`
	Actor     string        `json:"actor"`
	Door      string        `json:"door"`
	Action    string        `json:"action"`
	Entity    string        `json:"entity"`
	Patient   *Named        `json:"patient"`
	Reason    string        `json:"reason"`
	Detail    string        `json:"detail"`
	RequestID string        `json:"request_id"`
	Sealed    bool          `json:"sealed"`
	Hash      string        `json:"hash"`
}

// AuditSearch narrows the trail.
type AuditSearch struct {
	From      clock.Instant `json:"from"`
	To        clock.Instant `json:"to"`
	ActorID   staff.ID      `json:"actor_id"`
	Action    string        `json:"action"`
	PatientID patient.ID    `json:"patient_id"`
	Limit     int           `json:"limit"`
	Cursor    string        `json:"cursor"`
}

// AuditVerdict is the outcome of walking the chain.
type AuditVerdict struct {
	Entries   int64 `json:"entries"`
	OK        bool  `json:"ok"`
	BrokenSeq int64 `json:"broken_seq"` // 0 when the chain holds
}

// AuditRoutes are the paths of the trail.
func AuditRoutes(s *audit.Service, p *patient.Service) Routes {
	return func(d *Door) {
		add(d, Route{Method: "POST", Path: "/api/v1/audit/search", Permission: audit.PermList, Text: "Who did and saw what, newest first"}, func(ctx context.Context, in *struct{ Body AuditSearch }) (db.Page[AuditRow], error) {
			b := in.Body
			page, err := s.List(ctx, audit.Filter{From: b.From, To: b.To, ActorID: int64(b.ActorID), Action: b.Action, PatientID: int64(b.PatientID), Limit: b.Limit, Cursor: b.Cursor})
			if err != nil {
				return db.Page[AuditRow]{}, err
			}
			return auditRows(ctx, p, page)
		})
		add(d, Route{Method: "POST", Path: "/api/v1/audit/verify", Permission: audit.PermVerify, Text: "Walk the chain of hashes"}, func(ctx context.Context, _ *struct{}) (AuditVerdict, error) {
			n, broken, err := s.Verify(ctx)
			v := AuditVerdict{Entries: n, OK: broken == nil}
			if broken != nil {
				v.BrokenSeq = broken.Seq
			}
			return v, err
		})
	}
}

// auditRows names the patients that the reader's scope shows; the others stay keys only.
func auditRows(ctx context.Context, p *patient.Service, page db.Page[trail.Row]) (db.Page[AuditRow], error) {
	var ids []patient.ID
	for _, r := range page.Items {
		if r.PatientID != 0 {
			ids = append(ids, patient.ID(r.PatientID))
		}
	}
	visible, err := p.VisibleIDs(ctx, ids)
	if err != nil {
		return db.Page[AuditRow]{}, err
	}
	names, err := p.Briefs(ctx, visible)
	out := db.Page[AuditRow]{Items: []AuditRow{}, Next: page.Next, Total: page.Total}
	for _, r := range page.Items {
		reason := lang.Text(lang.From(ctx), r.Reason, nil) // one that the program gave is a text key; what a person wrote stays
		row := AuditRow{Seq: r.Seq, At: r.At, ActorID: staff.ID(r.ActorID), Actor: r.Actor, Door: r.Door, Action: r.Action, Entity: r.Entity, Reason: reason, Detail: r.Detail, RequestID: r.RequestID, Sealed: r.Seq != 0, Hash: r.Hash}
		if id := patient.ID(r.PatientID); id != 0 {
			row.Patient = &Named{ID: id.String(), Name: names[id].Name}
		}
		out.Items = append(out.Items, row)
	}
	return out, err
}
