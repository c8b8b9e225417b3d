package followup

import (
	"context"
	"slices"

	"renxin/internal/booking"
	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/setting"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

// PlanStarted is published when a plan was made.
type PlanStarted struct {
	PatientID  patient.ID `json:"patient_id"`
	PlanID     PlanID     `json:"plan_id"`
	TemplateID TemplateID `json:"template_id"`
}

// PlanExitedFact is published when a plan ended before its last step.
type PlanExitedFact struct {
	PatientID patient.ID `json:"patient_id"`
	PlanID    PlanID     `json:"plan_id"`
	Reason    string     `json:"reason"`
}

// Assigned is published when a task got its owner, or another one.
type Assigned struct {
	PatientID patient.ID `json:"patient_id"`
	TaskID    TaskID     `json:"task_id"`
	OwnerID   staff.ID   `json:"owner_id"`
}

// Flagged is published when an answer raised a red flag.
type Flagged struct {
	PatientID patient.ID `json:"patient_id"`
	TaskID    TaskID     `json:"task_id"`
	OwnerID   staff.ID   `json:"owner_id"`
	Severity  Severity   `json:"severity"`
}

// Escalated is published when a flag climbed a rung because nobody acknowledged it.
type Escalated struct {
	PatientID patient.ID `json:"patient_id"`
	TaskID    TaskID     `json:"task_id"`
	OwnerID   staff.ID   `json:"owner_id"`
	Severity  Severity   `json:"severity"`
	Rung      int        `json:"rung"`
}

// Done is published when a task got its outcome.
type Done struct {
	PatientID patient.ID `json:"patient_id"`
	TaskID    TaskID     `json:"task_id"`
	Outcome   string     `json:"outcome"`
}

// FactName implements event.Fact.
func (PlanStarted) FactName() string { return "followup.planned" }

// FactName implements event.Fact.
func (PlanExitedFact) FactName() string { return "followup.exited" }

// FactName implements event.Fact.
func (Assigned) FactName() string { return "followup.assigned" }

// FactName implements event.Fact.
func (Flagged) FactName() string { return "followup.flagged" }

// FactName implements event.Fact.
func (Escalated) FactName() string { return "followup.escalated" }

// FactName implements event.Fact.
func (Done) FactName() string { return "followup.done" }

// FactPatient implements event.Fact.
func (f PlanStarted) FactPatient() int64 { return int64(f.PatientID) }

// FactPatient implements event.Fact.
func (f PlanExitedFact) FactPatient() int64 { return int64(f.PatientID) }

// FactPatient implements event.Fact.
func (f Assigned) FactPatient() int64 { return int64(f.PatientID) }

// FactPatient implements event.Fact.
func (f Flagged) FactPatient() int64 { return int64(f.PatientID) }

// FactPatient implements event.Fact.
func (f Escalated) FactPatient() int64 { return int64(f.PatientID) }

// FactPatient implements event.Fact.
func (f Done) FactPatient() int64 { return int64(f.PatientID) }

func (s *Service) declare() {
	event.Declare[PlanStarted](s.Board)
	event.Declare[PlanExitedFact](s.Board)
	event.Declare[Assigned](s.Board)
	event.Declare[Flagged](s.Board)
	event.Declare[Escalated](s.Board)
	event.Declare[Done](s.Board)
}

// listen is the list of facts that follow-up acts on.
func (s *Service) listen() {
	b := s.Board
	event.On(b, "followup.on_opened", func(ctx context.Context, f visit.Opened) error {
		if err := s.returned(ctx, f.PatientID, f.EncounterID); err != nil {
			return err
		}
		return s.reconcile(ctx, f.PatientID, f.EncounterID)
	})
	event.On(b, "followup.on_changed", func(ctx context.Context, f visit.Changed) error { return s.reconcile(ctx, f.PatientID, f.EncounterID) })
	event.On(b, "followup.on_discharged", func(ctx context.Context, f visit.Discharged) error {
		return s.reconcile(ctx, f.PatientID, f.EncounterID)
	})
	event.On(b, "followup.on_discharge_cancelled", func(ctx context.Context, f visit.DischargeCancelled) error {
		return s.reconcile(ctx, f.PatientID, f.EncounterID)
	})
	event.On(b, "followup.on_cancelled", func(ctx context.Context, f visit.Cancelled) error {
		return s.reconcile(ctx, f.PatientID, f.EncounterID)
	})
	event.On(b, "followup.on_diagnosed", func(ctx context.Context, f visit.Diagnosed) error {
		return s.reconcile(ctx, f.PatientID, f.EncounterID)
	})
	event.On(b, "followup.on_operated", func(ctx context.Context, f visit.Operated) error { return s.reconcile(ctx, f.PatientID, f.EncounterID) })
	event.On(b, "followup.on_patient", s.onPatient)
	event.On(b, "followup.on_answered", s.onAnswered)
	event.On(b, "followup.on_received", s.onReceived)
	event.On(b, "followup.on_settled", func(ctx context.Context, f message.Settled) error {
		return s.onMessage(ctx, f.PatientID, int64(f.MessageID), string(f.State))
	})
	event.On(b, "followup.on_blocked", func(ctx context.Context, f message.Blocked) error {
		return s.onMessage(ctx, f.PatientID, int64(f.MessageID), "blocked")
	})
	event.On(b, "followup.on_absent", func(ctx context.Context, f staff.Absent) error { return s.Move(ctx, f.StaffID) })
	event.On(b, "followup.on_left", func(ctx context.Context, f staff.Left) error { return s.Move(ctx, f.StaffID) })
	event.On(b, "followup.on_setting", s.onSetting)
	event.On(b, "followup.on_booked", func(ctx context.Context, f booking.Booked) error { return s.remind(ctx, f.PatientID, f.AppointmentID) })
	event.On(b, "followup.on_moved", func(ctx context.Context, f booking.Moved) error { return s.remind(ctx, f.PatientID, f.AppointmentID) })
	event.On(b, "followup.on_unbooked", func(ctx context.Context, f booking.Cancelled) error {
		return s.remind(ctx, f.PatientID, f.AppointmentID)
	})
	event.On(b, "followup.on_missed", func(ctx context.Context, f booking.Missed) error { return s.remind(ctx, f.PatientID, f.AppointmentID) })
	event.On(b, "followup.on_arrived", func(ctx context.Context, f booking.Arrived) error { return s.remind(ctx, f.PatientID, f.AppointmentID) })
}

// reconcile is Reconcile for facts, which may name a patient who has been merged since.
func (s *Service) reconcile(ctx context.Context, p patient.ID, e visit.EncounterID) error {
	if e == 0 {
		return nil
	}
	p, err := s.Patient.Resolve(ctx, p)
	if err != nil {
		return err
	}
	if err := s.Reconcile(ctx, p, e); !fault.Is(err, fault.NotFound) {
		return err
	}
	return nil // the encounter went to another record meanwhile; that record's own facts bring it here
}

// onPatient ends everything when a patient has died.
func (s *Service) onPatient(ctx context.Context, f patient.Updated) error {
	if !slices.Contains(f.Fields, "deceased_at") {
		return nil
	}
	p, err := s.Patient.Resolve(ctx, f.PatientID)
	if err != nil {
		return err
	}
	dead, err := s.deceased(access.AsSystem(ctx, "followup"), p)
	if err != nil || !dead {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.exitAll(ctx, tx, p, "deceased") })
}

func (s *Service) exitAll(ctx context.Context, tx *db.Tx, p patient.ID, reason string) error {
	plans, err := plansOfPatient(ctx, tx, p, PlanActive)
	if err != nil {
		return err
	}
	for _, plan := range plans {
		if err := s.exit(ctx, tx, plan, reason); err != nil {
			return err
		}
	}
	return nil
}

// onSetting re-plans what is pending when the reminder's lead changed (SM-20).
func (s *Service) onSetting(ctx context.Context, f setting.Changed) error {
	if f.Key != setReminderHours {
		return nil
	}
	return s.replanReminders(ctx, f.DepartmentID)
}
