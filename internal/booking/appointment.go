package booking

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

// State is where an appointment stands.
type State string

// The states of an appointment.
const (
	StateBooked    State = "booked"
	StateCancelled State = "cancelled"
	StateMissed    State = "missed"
	StateArrived   State = "arrived"
)

// Appointment is a booking as the HIS tells it.
type Appointment struct {
	ID           AppointmentID
	PatientID    patient.ID
	Issuer       string
	Number       string
	Placer       string
	State        State
	DepartmentID staff.DepartmentID
	DoctorID     staff.ID
	DoctorName   string
	StartsAt     clock.Instant
	EndsAt       clock.Instant
	Date         clock.Date
	Reason       string
	EncounterID  visit.EncounterID // the visit that closed it
	ToldAt       clock.Instant
	CreatedAt    clock.Instant
	UpdatedAt    clock.Instant
}

// AppointmentInput is one word of the HIS about an appointment. Empty fields leave what is known alone.
type AppointmentInput struct {
	Issuer         string
	Number         string // SCH-2 filler, else SCH-1 placer
	Placer         string
	State          State // what the word makes of it; default booked
	DepartmentCode string
	DepartmentName string
	DoctorCode     string
	DoctorName     string
	StartsAt       clock.Instant
	EndsAt         clock.Instant
	Reason         string
	ToldAt         clock.Instant // message time; orders words, arrival does not. 0 = now
}

// Upsert stores one word about an appointment. A word older than the last one changes nothing.
func (s *Service) Upsert(ctx context.Context, p patient.ID, in AppointmentInput) (id AppointmentID, c visit.Change, err error) {
	if in.Number == "" {
		return 0, "", fault.New(fault.Invalid, "booking.appointment.no_number").With("number", "booking.appointment.no_number")
	}
	if in.State == "" {
		in.State = StateBooked
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if in.ToldAt == 0 {
			in.ToldAt = tx.Now
		}
		old, known, err := find(ctx, tx, p, in.Issuer, in.Number)
		if err != nil {
			return err
		}
		if id, c = old.ID, visit.Unchanged; known && in.ToldAt < old.ToldAt {
			return nil
		}
		now, err := s.learn(ctx, old, p, in)
		if err != nil {
			return err
		}
		id, c, err = s.keep(ctx, tx, old, now, in.Reason)
		return err
	})
	return id, c, err
}

func (s *Service) learn(ctx context.Context, old Appointment, p patient.ID, in AppointmentInput) (Appointment, error) {
	a := old
	a.PatientID, a.Issuer, a.Number, a.State, a.ToldAt = p, in.Issuer, in.Number, in.State, in.ToldAt
	for to, v := range map[*string]string{&a.Placer: in.Placer, &a.DoctorName: in.DoctorName, &a.Reason: in.Reason} {
		if v != "" {
			*to = v
		}
	}
	if in.StartsAt != 0 {
		a.StartsAt, a.Date = in.StartsAt, s.DB.Clock().Date(in.StartsAt)
	}
	if in.EndsAt != 0 {
		a.EndsAt = in.EndsAt
	}
	if a.StartsAt == 0 && a.State == StateBooked {
		return a, fault.New(fault.Invalid, "booking.appointment.no_time").With("starts_at", "booking.appointment.no_time")
	}
	if old.State == StateArrived && in.State == StateBooked && a.StartsAt == old.StartsAt {
		a.State = StateArrived // a late repetition of the booking does not send the patient home
	}
	if in.DepartmentCode != "" || in.DepartmentName != "" {
		d, err := s.Staff.Department(ctx, in.DepartmentCode, in.DepartmentName)
		if err != nil {
			return a, err
		}
		a.DepartmentID = d
	}
	if in.DoctorCode != "" {
		doctor, ok, err := s.Staff.ByCode(ctx, in.DoctorCode)
		if err != nil {
			return a, err
		}
		if ok {
			a.DoctorID = doctor
		}
	}
	return a, nil
}

func (s *Service) keep(ctx context.Context, tx *db.Tx, old, now Appointment, reason string) (AppointmentID, visit.Change, error) {
	same := old
	same.ToldAt = now.ToldAt
	switch {
	case old.ID == 0:
		now.ID, now.CreatedAt, now.UpdatedAt = db.New[appointmentKind](s.DB), tx.Now, tx.Now
		if err := insert(ctx, tx, now); err != nil {
			return 0, "", err
		}
		if now.DepartmentID != 0 {
			if err := s.Patient.Grant(ctx, now.PatientID, patient.Access{Kind: "department", Key: int64(now.DepartmentID), Role: "appointment"}); err != nil {
				return 0, "", err
			}
		}
		return now.ID, visit.Created, s.record(ctx, tx, old, now, reason)
	case same == now:
		if old.ToldAt == now.ToldAt {
			return old.ID, visit.Unchanged, nil
		}
		return old.ID, visit.Unchanged, update(ctx, tx, now)
	}
	now.UpdatedAt = tx.Now
	if err := update(ctx, tx, now); err != nil {
		return 0, "", err
	}
	return now.ID, visit.Updated, s.record(ctx, tx, old, now, reason)
}

// record writes the history and tells the fact.
func (s *Service) record(ctx context.Context, tx *db.Tx, old, now Appointment, reason string) error {
	a := about{now.PatientID, now.ID, now.DepartmentID, now.StartsAt}
	var f event.Fact
	what := "changed"
	switch {
	case now.State == StateBooked && old.State != StateBooked:
		what, f = "booked", Booked{a}
	case now.State == StateBooked && (old.StartsAt != now.StartsAt || old.DepartmentID != now.DepartmentID):
		what, f = "moved", Moved{a}
	case now.State == old.State:
	case now.State == StateCancelled:
		what, f = "cancelled", Cancelled{a}
	case now.State == StateMissed:
		what, f = "missed", Missed{a}
	case now.State == StateArrived:
		what, f = "arrived", Arrived{a}
	}
	err := insertChange(ctx, tx, s.DB.NextID(), now, old.StartsAt, what, reason, access.From(ctx).Name)
	if err != nil || f == nil {
		return err
	}
	return s.Board.Publish(ctx, f)
}

// arrive closes the booked appointment that visit e fulfils.
func (s *Service) arrive(ctx context.Context, e visit.Encounter) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		open, err := bookedOn(ctx, tx, e.PatientID, s.DB.Clock().Date(e.StartedAt))
		if err != nil || len(open) == 0 {
			return err
		}
		best := -1
		for i, a := range open {
			if e.DepartmentID != 0 && a.DepartmentID != 0 && a.DepartmentID != e.DepartmentID {
				continue
			}
			if best < 0 || apart(a.StartsAt, e.StartedAt) < apart(open[best].StartsAt, e.StartedAt) {
				best = i
			}
		}
		if best < 0 {
			return nil
		}
		old := open[best]
		now := old
		now.State, now.EncounterID = StateArrived, e.ID
		_, _, err = s.keep(ctx, tx, old, now, "")
		return err
	})
}

func apart(a, b clock.Instant) clock.Instant { return max(a-b, b-a) }

// Find gives one appointment for the house's own rules; doors use List.
func (s *Service) Find(ctx context.Context, p patient.ID, id AppointmentID) (Appointment, error) {
	return one(ctx, s.DB.Read(ctx), p, id)
}

// Upcoming lists appointments still booked that begin after from, soonest first, after a key; for re-planning in batches.
func (s *Service) Upcoming(ctx context.Context, from clock.Instant, afterAt clock.Instant, afterID AppointmentID, limit int) ([]Appointment, error) {
	return upcoming(ctx, s.DB.Read(ctx), max(from, afterAt), afterID, limit)
}

// List gives a patient's appointments, newest first. The caller must see the patient.
func (s *Service) List(ctx context.Context, p patient.ID, cursor string, limit int) (db.Page[Appointment], error) {
	var page db.Page[Appointment]
	if err := access.Need(ctx, PermRead); err != nil {
		return page, err
	}
	p, err := s.Patient.Standing(ctx, p)
	if err != nil {
		return page, err
	}
	limit = db.Limit(limit)
	rows, total, err := list(ctx, s.DB.Read(ctx), p, cursor, limit)
	if err != nil {
		return page, err
	}
	return db.Cut(rows, limit, total, func(a Appointment) string { return db.Cursor(a.StartsAt, int64(a.ID)) }), nil
}
