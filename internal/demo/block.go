package demo

import (
	"cmp"
	"context"
	"fmt"

	"renxin/internal/booking"
	"renxin/internal/followup"
	"renxin/internal/intake"
	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/visit"
)

// A block is written in several transactions of at most about 2,000 rows, so that a running server is never shut out for long.
const (
	patientsAtOnce = 50  // some 35 rows each
	visitsAtOnce   = 250 // some 6 rows each
	rowsAtOnce     = 1000
)

// issuer is who counts the numbers, as the feed says it.
const issuer = "HIS"

// block stores a block's persons and their past, and keeps the rest for the feed.
func (l *Loader) block(ctx context.Context, people []Person) error {
	ids, err := l.patients(ctx, people)
	if err != nil {
		return err
	}
	var visits []visit.Whole
	var bookings []booking.Appointment
	var messages []message.Old
	var tasks []followup.Old
	for i, p := range people {
		l.keepForFeed(p)
		known := ids[i]
		for _, v := range p.Visits {
			if toldAt(v) < l.split {
				visits = append(visits, l.whole(known, v))
			}
		}
		for _, a := range p.Appointments {
			if a.ChangedAt < l.split {
				bookings = append(bookings, l.appointment(known, a))
			}
		}
		recent := l.recentVisits(p)
		for _, m := range p.Messages {
			if m.Kind != "step" && m.Kind != "reply" || m.At < l.split {
				messages = append(messages, old(known, m))
			}
		}
		waits := false
		for n, t := range p.Tasks {
			if recent[t.Visit] && t.Days > 0 {
				continue // the plan that the feed starts has this step
			}
			if t.State == "open" || t.State == "overdue" {
				if waits {
					continue // nobody is called twice on one day
				}
				waits = true
			}
			tasks = append(tasks, l.task(known, p, n, t))
		}
	}
	return l.store(ctx, visits, bookings, messages, tasks)
}

func (l *Loader) store(ctx context.Context, visits []visit.Whole, bookings []booking.Appointment, messages []message.Old, tasks []followup.Old) error {
	if err := chunks(visits, visitsAtOnce, func(part []visit.Whole) error { _, err := l.Visit.Load(ctx, part); return err }); err != nil {
		return err
	}
	if err := chunks(bookings, rowsAtOnce/3, func(part []booking.Appointment) error { return l.Booking.Load(ctx, part) }); err != nil {
		return err
	}
	if err := chunks(messages, rowsAtOnce, func(part []message.Old) error { return message.History(ctx, l.DB, part, priceLi) }); err != nil {
		return err
	}
	return chunks(tasks, rowsAtOnce, func(part []followup.Old) error { return followup.History(ctx, l.DB, part) })
}

// priceLi is what a part costs in the demo, in tenths of a fen.
const priceLi = 45

func chunks[T any](all []T, n int, fn func([]T) error) error {
	for len(all) > 0 {
		k := min(n, len(all))
		if err := fn(all[:k]); err != nil {
			return err
		}
		all = all[k:]
	}
	return nil
}

// toldAt is when the last word about a visit arrives.
func toldAt(v Visit) clock.Instant { return max(v.Encounter.StartedAt, v.Encounter.EndedAt) }

// recentVisits are those that come through the feed; their steps belong to real plans.
func (l *Loader) recentVisits(p Person) map[string]bool {
	recent := map[string]bool{}
	for _, v := range p.Visits {
		if toldAt(v) >= l.split {
			recent[v.Encounter.Number] = true
		}
	}
	return recent
}

// known are the keys of a person's registrations; a registration that is left to the feed has the key of the first.
type known []patient.ID

func (l *Loader) whole(ids known, v Visit) visit.Whole {
	e := v.Encounter
	w := visit.Whole{Encounter: visit.Encounter{
		PatientID: ids[v.Registration], Issuer: issuer, Number: e.Number, Class: e.Class, State: visit.StateFinished,
		DepartmentID: l.departments[e.DepartmentCode], Ward: e.WardCode, Bed: e.Bed, DoctorID: l.doctors[e.DoctorCode], DoctorName: e.DoctorName,
		Disposition: e.Disposition, StartedAt: e.StartedAt, EndedAt: e.EndedAt, ToldAt: toldAt(v), CreatedAt: e.StartedAt,
	}}
	if e.EndedAt == 0 {
		w.Encounter.State = visit.StateOpen
	}
	for _, c := range v.Conditions {
		w.Conditions = append(w.Conditions, visit.ConditionInput{Code: c.Code, Name: c.Name, Kind: c.Kind, Rank: c.Rank, At: c.At})
	}
	for _, x := range v.Procedures {
		w.Procedures = append(w.Procedures, visit.ProcedureInput{Issuer: issuer, Number: x.Number, Code: x.Code, Name: x.Name, Doctor: x.Doctor, At: x.At})
	}
	for _, x := range v.Charges {
		w.Charges = append(w.Charges, visit.ChargeInput{Issuer: issuer, Number: x.Number, Code: x.Code, Name: x.Name, Category: x.Category, Quantity: x.Quantity, AmountFen: x.AmountFen, At: x.At})
	}
	for _, x := range v.Reports {
		w.Reports = append(w.Reports, visit.ReportInput{Issuer: issuer, Number: x.Number, Kind: x.Kind, Name: x.Name, Conclusion: x.Conclusion, Abnormal: x.Abnormal, At: x.At})
	}
	return w
}

func (l *Loader) appointment(ids known, a Appointment) booking.Appointment {
	state := map[string]booking.State{"fulfilled": booking.StateArrived, "noshow": booking.StateMissed, "cancelled": booking.StateCancelled}[a.Status]
	return booking.Appointment{
		PatientID: ids[a.Registration], Issuer: issuer, Number: a.Number, State: cmp.Or(state, booking.StateBooked),
		DepartmentID: l.departments[a.DepartmentCode], DoctorID: l.doctors[a.DoctorCode], DoctorName: a.DoctorName,
		StartsAt: a.StartsAt, EndsAt: a.EndsAt, Reason: a.Reason, ToldAt: a.ChangedAt, CreatedAt: a.BookedAt,
	}
}

func old(ids known, m Message) message.Old {
	return message.Old{
		PatientID: ids[m.Registration], In: m.In, Purpose: m.Purpose, Address: m.To, Text: m.Text, Signature: "仁安医院",
		State: message.State(m.State), Code: m.Code, Room: map[string]string{"reminder": "followup", "step": "followup"}[m.Kind], At: m.At,
	}
}

func (l *Loader) task(ids known, p Person, n int, t Task) followup.Old {
	department := p.departmentOf(t.Visit)
	due := dayOf(t.Due)
	return followup.Old{
		PatientID: ids[t.Registration], Key: fmt.Sprintf("load:%d", n), Title: t.Title, DepartmentID: int64(l.departments[department]), OwnerID: cmp.Or(l.owners[department], l.agent),
		DueAt: due.at(9 * 3600), DoneAt: t.DoneAt, Tries: t.Attempts, Outcome: t.Outcome, CreatedAt: (due - day(min(t.Days, 90))).at(18 * 3600),
	}
}

func (p Person) departmentOf(visit string) string {
	for _, v := range p.Visits {
		if v.Encounter.Number == visit {
			return v.Encounter.DepartmentCode
		}
	}
	return ""
}

// keepForFeed takes the messages that the HIS sends about p from the split on.
func (l *Loader) keepForFeed(p Person) {
	if !l.Feed {
		return
	}
	for _, r := range Records(p) {
		if l.feeds(p, r) {
			l.messages = append(l.messages, timed{r.OccurredAt, HL7(r)})
		}
	}
}

// feeds says whether a record comes through the feed: what was told since the split, and every second registration, so that the
// matching has something to find.
func (l *Loader) feeds(p Person, r intake.Record) bool {
	switch {
	case r.Event == intake.PatientUpsert:
		return !l.inBulk(p, r.Patient)
	case r.Encounter != nil && r.Event != intake.ChargePost && r.Event != intake.ReportReady:
		return max(r.Encounter.StartedAt, r.Encounter.EndedAt) >= l.split
	case r.Encounter != nil:
		return l.recentVisits(p)[r.Encounter.Number]
	}
	for _, a := range p.Appointments {
		if a.Number == r.Appointment.Number {
			return a.ChangedAt >= l.split
		}
	}
	return false
}
