package followup

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/visit"
)

// takenBack is the reason of plans that end because the import which had brought their patient or visit was taken back.
const takenBack = "import_taken_back"

// listenTakenBack ends the plans of patients and visits that an import's roll-back took away: nobody may be called for them.
func (s *Service) listenTakenBack() {
	event.OnWhen(s.Board, "followup.on_patient_removed", func(f patient.Removed) bool { return f.Kept }, func(ctx context.Context, f patient.Removed) error {
		return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.exitAll(ctx, tx, f.PatientID, takenBack) })
	})
	event.On(s.Board, "followup.on_visit_removed", func(ctx context.Context, f visit.Removed) error {
		return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			p, err := s.Patient.Resolve(ctx, f.PatientID)
			if err != nil {
				return err
			}
			plans, err := plansOfPatient(ctx, tx, p, PlanActive)
			if err != nil {
				return err
			}
			for _, plan := range plans {
				if plan.EncounterID != f.EncounterID {
					continue
				}
				if err := s.exit(ctx, tx, plan, takenBack); err != nil {
					return err
				}
			}
			return nil
		})
	})
}
