package visit

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/event"
)

// Removed is published when an encounter that an import had brought was taken back; nothing of it is left.
type Removed struct {
	PatientID   patient.ID  `json:"patient_id"`
	EncounterID EncounterID `json:"encounter_id"`
}

// FactName implements event.Fact.
func (Removed) FactName() string { return "visit.removed" }

// FactPatient implements event.Fact.
func (f Removed) FactPatient() int64 { return int64(f.PatientID) }

// TakenBack tells the facts of rows that the roll-back of an import put back (see patient.TakeBack): encounters that are gone, open or
// finished again, and a change of each encounter whose diagnoses, procedures, charges or reports moved.
func (s *Service) TakenBack(ctx context.Context, p patient.ID, list []patient.Reversal) error {
	told := map[EncounterID]bool{}
	for _, r := range list {
		if r.Table != "visit_encounter" {
			continue
		}
		e := EncounterID(integer(orRow(r.Was, r.Now)["id"]))
		told[e] = true
		if f := s.turned(p, e, r); f != nil {
			if err := s.Board.Publish(ctx, f); err != nil {
				return err
			}
		}
	}
	for _, r := range list {
		switch r.Table {
		case "visit_condition", "visit_procedure", "visit_charge", "visit_report":
		default:
			continue
		}
		e := EncounterID(integer(orRow(r.Was, r.Now)["encounter_id"]))
		if e == 0 || told[e] {
			continue
		}
		told[e] = true
		if err := s.Board.Publish(ctx, Changed{p, e}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) turned(p patient.ID, e EncounterID, r patient.Reversal) event.Fact {
	was, now := r.Was["state"], r.Now["state"]
	switch {
	case r.Now == nil:
		return Removed{p, e}
	case r.Was == nil:
		return Opened{p, e}
	case now == was:
		return Changed{p, e}
	case now == StateCancelled:
		return Cancelled{p, e}
	case now == StateFinished:
		return Discharged{p, e, s.date(clock.Instant(integer(r.Now["ended_at"])))}
	case was == StateFinished:
		return DischargeCancelled{p, e}
	}
	return Opened{p, e}
}

func orRow(a, b patient.Row) patient.Row {
	if a != nil {
		return a
	}
	return b
}

func integer(v any) int64 {
	n, _ := v.(int64)
	return n
}
