package desk

import (
	"context"
	"strconv"

	"renxin/internal/intake"
)

// PartRow is one field of a message as sent. Of a hidden one the value is left out.
type PartRow struct {
	Place  string `json:"place"` // "2/PID-3"
	Value  string `json:"value"`
	Hidden bool   `json:"hidden"`
}

func partRows(parts []intake.Part) []PartRow {
	out := make([]PartRow, 0, len(parts))
	for _, p := range parts {
		out = append(out, PartRow{p.Place, p.Value, p.Hidden})
	}
	return out
}

// MendInput writes new values into fields of a message, by place.
type MendInput struct {
	Values map[string]string `json:"values"`
}

// SweepInput names many open records: those, or all that the filter leaves.
type SweepInput struct {
	Records []intake.RecordID `json:"records"`
	FeedID  intake.FeedID     `json:"feed_id"`
	RunID   intake.RunID      `json:"run_id"`
	Verdict intake.Verdict    `json:"verdict"`
	Code    string            `json:"code"`
	Reason  string            `json:"reason"` // of putting them aside
}

func (in SweepInput) room(discard bool) intake.Sweep {
	return intake.Sweep{Records: in.Records, Discard: discard, Reason: in.Reason,
		Filter: intake.RecordFilter{FeedID: in.FeedID, RunID: in.RunID, Verdict: in.Verdict, Code: in.Code}}
}

// SweepJob is the job that goes through the records.
type SweepJob struct {
	JobID string `json:"job_id"`
}

// ReasonCount is how many open records have one reason.
type ReasonCount struct {
	Code string `json:"code"`
	Text string `json:"text"`
	N    int    `json:"n"`
}

func deadRoutes(d *Door, s *intake.Service) {
	add(d, Route{Method: "GET", Path: "/api/v1/intake/reasons", Permission: intake.PermRead, Text: "Open records by their reason, the most frequent first"}, func(ctx context.Context, in *struct {
		FeedID  intake.FeedID  `query:"feed_id"`
		Verdict intake.Verdict `query:"verdict"`
	}) (items[ReasonCount], error) {
		list, err := s.Reasons(ctx, intake.RecordFilter{FeedID: in.FeedID, Verdict: in.Verdict})
		out := make([]ReasonCount, 0, len(list))
		for _, r := range list {
			out = append(out, ReasonCount{r.Code, reasonText(ctx, r.Code), r.N})
		}
		return listed(out, err)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/intake/records/{id}/mend", Permission: intake.PermRepair, Text: "Write new values into fields of an open message and judge it again"}, func(ctx context.Context, in *struct {
		ID   intake.RecordID `path:"id"`
		Body MendInput
	}) (IntakeRow, error) {
		m, err := s.Mend(ctx, in.ID, in.Body.Values)
		return intakeRow(ctx, m), err
	})
	add(d, Route{Method: "POST", Path: "/api/v1/intake/records/{id}/discard", Permission: intake.PermRepair, Text: "Put an open record aside for good; the reason goes into the trail"}, func(ctx context.Context, in *struct {
		ID   intake.RecordID `path:"id"`
		Body struct {
			Reason string `json:"reason"`
		}
	}) (None, error) {
		return None{}, s.Discard(ctx, in.ID, in.Body.Reason)
	})
	sweep := func(discard bool) func(ctx context.Context, in *struct{ Body SweepInput }) (SweepJob, error) {
		return func(ctx context.Context, in *struct{ Body SweepInput }) (SweepJob, error) {
			id, err := s.Sweep(ctx, in.Body.room(discard))
			return SweepJob{strconv.FormatInt(id, 10)}, err
		}
	}
	add(d, Route{Method: "POST", Path: "/api/v1/intake/replay", Permission: intake.PermRepair, Text: "Judge many open records again, the oldest first; a job does the work"}, sweep(false))
	add(d, Route{Method: "POST", Path: "/api/v1/intake/discard", Permission: intake.PermRepair, Text: "Put many open records aside; a job does the work"}, sweep(true))
}
