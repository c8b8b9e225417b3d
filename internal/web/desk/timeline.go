package desk

import (
	"context"
	"strings"

	"renxin/internal/booking"
	"renxin/internal/followup"
	"renxin/internal/intake"
	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/lang"
	"renxin/internal/timeline"
	"renxin/internal/visit"
)

// TimelineEvent is one thing that happened, in the reader's words.
type TimelineEvent struct {
	ID        string         `json:"id"`
	Kind      timeline.Kind  `json:"kind"`
	What      string         `json:"what"`
	At        clock.Instant  `json:"at"`
	Title     string         `json:"title"`
	Body      string         `json:"body"`
	Status    string         `json:"status"`
	Tone      string         `json:"tone"` // ok, warn, bad or ""
	Actor     string         `json:"actor"`
	Room      string         `json:"room"`
	Ref       string         `json:"ref"`
	AmountFen int64          `json:"amount_fen"`
	Hidden    bool           `json:"hidden"` // clinical words are left out for this reader
	Detail    map[string]any `json:"detail"`
}

// OverviewAlert is something everybody must see first.
type OverviewAlert struct {
	Kind     string `json:"kind"`
	Text     string `json:"text"`
	Severity int    `json:"severity"`
}

// OverviewNext is what comes next for a patient.
type OverviewNext struct {
	TaskID    followup.TaskID `json:"task_id"`
	Title     string          `json:"title"`
	DueAt     clock.Instant   `json:"due_at"`
	Kind      string          `json:"kind"`
	OwnerName string          `json:"owner_name"`
}

// OverviewEncounter is the newest visit in one line.
type OverviewEncounter struct {
	Class      string        `json:"class"`
	Department string        `json:"department"`
	Doctor     string        `json:"doctor"`
	Diagnosis  string        `json:"diagnosis"`
	StartedAt  clock.Instant `json:"started_at"`
	EndedAt    clock.Instant `json:"ended_at"`
}

// OverviewPlan is a plan in one line.
type OverviewPlan struct {
	ID     followup.PlanID `json:"id"`
	Name   string          `json:"name"`
	State  string          `json:"state"`
	NextAt clock.Instant   `json:"next_at"`
	Done   int             `json:"done"`
	Total  int             `json:"total"`
}

// Overview is the header of the 360° page.
type Overview struct {
	Patient       PatientDetail         `json:"patient"`
	Alerts        []OverviewAlert       `json:"alerts"`
	NextAction    *OverviewNext         `json:"next_action"`
	LastEncounter *OverviewEncounter    `json:"last_encounter"`
	Counts        map[timeline.Kind]int `json:"counts"`
	SpendTotalFen *int64                `json:"spend_total_fen"` // null for who may not see charges: no figure, not zero
	OpenFlags     int                   `json:"open_flags"`
	Plans         []OverviewPlan        `json:"plans"`
}

// TimelineRoutes are the paths of the 360° page. A report leads to the system that holds it.
func TimelineRoutes(s *timeline.Service, reports *intake.Service) Routes {
	return func(d *Door) {
		add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/overview", Permission: timeline.PermRead, Text: "Who the patient is, what comes next, how much there is of each kind"},
			func(ctx context.Context, in *struct {
				ID patient.ID `path:"id"`
			}) (Overview, error) {
				return overview(ctx, s, in.ID)
			})
		add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/timeline", Permission: timeline.PermRead, Text: "Everything that happened to a patient, newest first"},
			func(ctx context.Context, in *struct {
				ID     patient.ID    `path:"id"`
				Kind   timeline.Kind `query:"kind"`
				Cursor string        `query:"cursor"`
				Limit  int           `query:"limit"`
			}) (db.Page[TimelineEvent], error) {
				page, err := s.Events(ctx, in.ID, timeline.Filter{Kind: in.Kind, Cursor: in.Cursor, Limit: in.Limit})
				out := db.Page[TimelineEvent]{Items: []TimelineEvent{}, Next: page.Next, Total: page.Total}
				for _, e := range page.Items {
					row := timelineEvent(lang.From(ctx), e)
					if link := reports.ReportLink(ctx, e.Actor, e.Extra); e.Kind == timeline.KindReport && link != "" && !row.Hidden {
						row.Detail["link"] = link
					}
					out.Items = append(out.Items, row)
				}
				return out, err
			})
	}
}

func overview(ctx context.Context, s *timeline.Service, id patient.ID) (Overview, error) {
	o, err := s.Overview(ctx, id)
	if err != nil {
		return Overview{}, err
	}
	out := Overview{Alerts: []OverviewAlert{}, Counts: map[timeline.Kind]int{}, OpenFlags: len(o.Flags), Plans: []OverviewPlan{}}
	if access.From(ctx).Can(visit.PermReadCharges) {
		out.SpendTotalFen = &o.SpentFen
	}
	if out.Patient, err = (patientDoor{patient: s.Patient, staff: s.Staff, visit: s.Visit, followup: s.Followup}).detail(ctx, o.Patient, nil); err != nil {
		return Overview{}, err
	}
	for _, k := range timeline.Kinds {
		out.Counts[k] = o.Counts[k]
	}
	for _, f := range o.Flags {
		out.Alerts = append(out.Alerts, OverviewAlert{"flag", f.Title, int(f.Severity)})
	}
	if o.Patient.Alert != "" {
		out.Alerts = append(out.Alerts, OverviewAlert{"alert", o.Patient.Alert, 2})
	}
	if n := o.Next; n != nil {
		out.NextAction = &OverviewNext{n.TaskID, n.Title, n.DueAt, n.Kind, o.Owners[n.OwnerID]}
	}
	if l := o.Last; l != nil {
		out.LastEncounter = &OverviewEncounter{l.Class, l.Department, l.Doctor, l.Diagnosis, l.At, l.EndedAt}
	}
	for _, p := range o.Plans {
		out.Plans = append(out.Plans, OverviewPlan{p.ID, p.Name, p.State, p.NextAt, p.Done, p.Steps})
	}
	return out, nil
}

func timelineEvent(l lang.Locale, e timeline.Event) TimelineEvent {
	out := TimelineEvent{Kind: e.Kind, What: e.What, At: e.At, Body: e.Body, Status: e.Status, Tone: tone(e), Actor: e.Actor, AmountFen: e.AmountFen, Hidden: e.Hidden, Detail: map[string]any{}}
	out.Title = strings.TrimRight(lang.Text(l, "timeline."+string(e.Kind)+"."+e.What, map[string]any{"title": e.Title, "count": e.Count}), " ：:")
	out.Room, out.Ref = timelineRef(e)
	out.ID = out.Ref
	if e.Extra != "" {
		out.Detail["extra"] = e.Extra
	}
	if e.Until != 0 {
		out.Detail["until"] = e.Until
	}
	if e.Count != 0 {
		out.Detail["count"] = e.Count
	}
	if e.Kind == timeline.KindCharge {
		out.ID, out.Detail["date"] = "day_"+e.Title, e.Title
	}
	return out
}

// timelineRef names the row an event comes from.
func timelineRef(e timeline.Event) (room, ref string) {
	switch {
	case e.Kind == timeline.KindFollowup && e.What == "plan":
		return "followup", followup.PlanID(e.ID).String()
	case e.Kind == timeline.KindFollowup:
		return "followup", followup.TaskID(e.ID).String()
	case e.Kind == timeline.KindMessage && e.What == "in":
		return "message", message.IncomingID(e.ID).String()
	case e.Kind == timeline.KindMessage:
		return "message", message.ID(e.ID).String()
	case e.Kind == timeline.KindAppointment:
		return "booking", booking.AppointmentID(e.ID).String()
	case e.Kind == timeline.KindReport:
		return "visit", visit.ReportID(e.ID).String()
	case e.Kind == timeline.KindEncounter:
		return "visit", visit.EncounterID(e.ID).String()
	case e.Kind == timeline.KindCharge:
		return "visit", visit.ChargeID(e.ID).String()
	case e.What == "created":
		return "patient", patient.ID(e.ID).String()
	}
	return "patient", patient.MergeID(e.ID).String()
}

// tone is the colour of an event's state.
func tone(e timeline.Event) string {
	if e.What == "flag" && e.Status == followup.TaskOpen {
		return "bad"
	}
	switch e.Status {
	case "failed", "blocked", "critical", "missed", "unreached":
		return "bad"
	case "unknown", "abnormal", "needs_person", "exited":
		return "warn"
	case "delivered", "done", "arrived", "coded":
		return "ok"
	}
	return ""
}
