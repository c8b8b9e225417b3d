// Package timeline shows one patient whole (全景): the header of the 360° page and everything that happened, newest first, from every room.
package timeline

import (
	"context"
	"slices"

	"renxin/internal/booking"
	"renxin/internal/followup"
	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

// PermRead allows to see a patient's page. What stands on it still follows the permissions of the rooms it comes from.
const PermRead access.Permission = "timeline.event.read"

// Permissions lists them for the role editor.
var Permissions = []access.Permission{PermRead}

// Deps is what the room needs.
type Deps struct {
	DB       *db.DB
	Staff    *staff.Service
	Patient  *patient.Service
	Visit    *visit.Service
	Message  *message.Service
	Booking  *booking.Service
	Followup *followup.Service
}

// Service is the room. It owns no table.
type Service struct{ Deps }

// New makes the room.
func New(d Deps) *Service { return &Service{d} }

// Kind is a sort of event, as the page filters them.
type Kind string

// The kinds.
const (
	KindFollowup    Kind = "followup"    // plans, calls, red flags
	KindMessage     Kind = "message"     // messages out and in
	KindEncounter   Kind = "encounter"   // visits and stays
	KindCharge      Kind = "charge"      // one event per day
	KindReport      Kind = "report"      // results
	KindAppointment Kind = "appointment" //
	KindRecord      Kind = "record"      // recorded, merged
)

// Kinds lists them in the order of the page.
var Kinds = []Kind{KindFollowup, KindMessage, KindEncounter, KindCharge, KindReport, KindAppointment, KindRecord}

// needs tells which permission of its own room a kind asks for.
var needs = map[Kind]access.Permission{
	KindFollowup: followup.PermReadPlans, KindMessage: message.PermList, KindEncounter: visit.PermRead, KindCharge: visit.PermReadCharges,
	KindReport: visit.PermRead, KindAppointment: booking.PermRead, KindRecord: patient.PermRead,
}

// Event is one thing that happened, in codes; the door puts it into words.
type Event struct {
	ID        int64
	Kind      Kind
	What      string // plan, call, flag, adhoc, out, in, AMB, IMP, day, lab, booked, created, merged …
	At        clock.Instant
	Title     string // department, template, report: words that stand in the data
	Body      string
	Status    string // state of that room
	Actor     string
	AmountFen int64
	Extra     string // what the kind adds: outcome, reply's meaning, doctor
	Until     clock.Instant
	Count     int
	Hidden    bool // clinical words are left out: the caller may not read them
}

// masked leaves out what the caller's role may not read of a visit or a report.
func (e Event) masked(ctx context.Context) Event {
	c := access.From(ctx)
	switch {
	case e.Kind == KindEncounter && !c.Can(visit.PermDiagnosis):
		e.Hidden, e.Body = e.Body != "", ""
	case e.Kind == KindReport && !c.Can(visit.PermConclusion):
		e.Hidden, e.Title, e.Body, e.Status = true, "", "", ""
	}
	return e
}

// Filter narrows Events.
type Filter struct {
	Kind   Kind // "" = all
	Cursor string
	Limit  int
}

// Events lists what happened to a patient, newest first, of the kinds that the caller may see (PT-12, PT-13, PT-31).
func (s *Service) Events(ctx context.Context, p patient.ID, f Filter) (db.Page[Event], error) {
	var page db.Page[Event]
	if err := access.Need(ctx, PermRead); err != nil {
		return page, err
	}
	if f.Kind != "" && !slices.Contains(Kinds, f.Kind) {
		return page, fault.New(fault.Invalid, "timeline.event.unknown_kind").With("kind", "timeline.event.unknown_kind")
	}
	p, err := s.Patient.Standing(ctx, p)
	if err != nil {
		return page, err
	}
	f.Limit = db.Limit(f.Limit)
	before := key{At: 1 << 62, ID: 1 << 62}
	if f.Cursor != "" {
		if err := db.Uncursor(f.Cursor, &before.At, &before.ID); err != nil {
			return page, err
		}
	}
	total := 0
	var all []Event
	for _, src := range sources {
		if f.Kind != "" && src.kind != f.Kind || !access.From(ctx).Can(needs[src.kind]) {
			continue
		}
		rows, err := s.load(ctx, src, p, before, f.Limit+1)
		if err != nil {
			return page, err
		}
		n, err := s.count(ctx, src, p)
		if err != nil {
			return page, err
		}
		all, total = append(all, rows...), total+n
	}
	slices.SortFunc(all, newestFirst)
	if len(all) > f.Limit+1 {
		all = all[:f.Limit+1]
	}
	if all == nil {
		all = []Event{}
	}
	return db.Cut(all, f.Limit, db.Total{Value: total, Exact: true}, func(e Event) string { return db.Cursor(e.At, e.ID) }), nil
}

type key struct {
	At clock.Instant
	ID int64
}

func newestFirst(a, b Event) int {
	switch {
	case a.At != b.At && a.At > b.At, a.At == b.At && a.ID > b.ID:
		return -1
	case a.At == b.At && a.ID == b.ID:
		return 0
	}
	return 1
}

// Overview is the header of the page (PT-34).
type Overview struct {
	Patient  patient.Detail
	Next     *followup.Coming
	Last     *visit.Last
	Counts   map[Kind]int
	SpentFen int64 // all years; 0 for callers who may not see charges
	Flags    []followup.Task
	Plans    []followup.Plan
	Owners   map[staff.ID]string
}

// Overview gives who the patient is, what comes next, and how much there is of each kind.
func (s *Service) Overview(ctx context.Context, p patient.ID) (Overview, error) {
	o := Overview{Counts: map[Kind]int{}}
	if err := access.Need(ctx, PermRead); err != nil {
		return o, err
	}
	p, err := s.Patient.Standing(ctx, p)
	if err != nil {
		return o, err
	}
	if o.Patient, err = s.Patient.Find(ctx, p); err != nil {
		return o, err
	}
	if err := s.tally(ctx, &o, p); err != nil {
		return o, err
	}
	return o, s.ahead(ctx, &o, p)
}

// tally counts the kinds and sums what was spent.
func (s *Service) tally(ctx context.Context, o *Overview, p patient.ID) error {
	for _, src := range sources {
		if !access.From(ctx).Can(needs[src.kind]) {
			continue
		}
		n, err := s.count(ctx, src, p)
		if err != nil {
			return err
		}
		o.Counts[src.kind] += n
	}
	last, err := s.Visit.LastFor(ctx, []patient.ID{p})
	if err != nil {
		return err
	}
	if l, ok := last[p]; ok && access.From(ctx).Can(visit.PermRead) {
		o.Last = &l
	}
	if access.From(ctx).Can(visit.PermReadCharges) {
		o.SpentFen, err = s.spent(ctx, p)
	}
	return err
}

// ahead adds what follow-up has to say.
func (s *Service) ahead(ctx context.Context, o *Overview, p patient.ID) error {
	if !access.From(ctx).Can(followup.PermReadPlans) {
		return nil
	}
	next, err := s.Followup.NextFor(ctx, []patient.ID{p})
	if err != nil {
		return err
	}
	if n, ok := next[p]; ok {
		o.Next = &n
	}
	if o.Flags, err = s.Followup.OpenFlags(ctx, p); err != nil {
		return err
	}
	plans, err := s.Followup.Plans(ctx, followup.PlanFilter{PatientID: p, Limit: 20})
	if err != nil {
		return err
	}
	o.Plans = plans.Items
	ids := []staff.ID{}
	if o.Next != nil {
		ids = append(ids, o.Next.OwnerID)
	}
	for _, t := range o.Flags {
		ids = append(ids, t.OwnerID)
	}
	o.Owners, err = s.Staff.Names(ctx, ids)
	return err
}
