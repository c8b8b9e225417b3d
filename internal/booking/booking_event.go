package booking

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

// about is what every fact of an appointment carries.
type about struct {
	PatientID     patient.ID         `json:"patient_id"`
	AppointmentID AppointmentID      `json:"appointment_id"`
	DepartmentID  staff.DepartmentID `json:"department_id"`
	StartsAt      clock.Instant      `json:"starts_at"`
}

// FactPatient implements event.Fact.
func (f about) FactPatient() int64 { return int64(f.PatientID) }

// Booked is published when an appointment becomes known or is taken up again.
type Booked struct{ about }

// Moved is published when its time or department changed.
type Moved struct{ about }

// Cancelled is published when it will not take place.
type Cancelled struct{ about }

// Missed is published when the patient did not come.
type Missed struct{ about }

// Arrived is published when the patient came: the HIS says so, or the visit opened.
type Arrived struct{ about }

// FactName implements event.Fact.
func (Booked) FactName() string { return "booking.booked" }

// FactName implements event.Fact.
func (Moved) FactName() string { return "booking.moved" }

// FactName implements event.Fact.
func (Cancelled) FactName() string { return "booking.cancelled" }

// FactName implements event.Fact.
func (Missed) FactName() string { return "booking.missed" }

// FactName implements event.Fact.
func (Arrived) FactName() string { return "booking.arrived" }

func declare(b *event.Board) {
	event.Declare[Booked](b)
	event.Declare[Moved](b)
	event.Declare[Cancelled](b)
	event.Declare[Missed](b)
	event.Declare[Arrived](b)
}

// onVisit closes the patient's appointment of the same day: with the same department when the visit names one, else the nearest in time.
func (s *Service) onVisit(ctx context.Context, f visit.Opened) error {
	p, err := s.Patient.Resolve(ctx, f.PatientID)
	if err != nil {
		return err
	}
	story, err := s.Visit.Story(ctx, p, f.EncounterID)
	if fault.Is(err, fault.NotFound) {
		return nil // two records had told of the same visit; the one that stayed brought its own fact
	}
	if err != nil {
		return err
	}
	if story.State == visit.StateCancelled || story.Class == "IMP" {
		return nil
	}
	return s.arrive(ctx, story.Encounter)
}
