package visit

import (
	"context"
	"strings"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Condition is a diagnosis.
type Condition struct {
	ID          ConditionID
	PatientID   patient.ID
	EncounterID EncounterID
	Key         string
	Code        string // ICD-10 as sent, "" for a free diagnosis
	Name        string
	Kind        string // admission discharge outpatient working
	Rank        int    // 1 = principal
	ByHand      bool
	At          clock.Instant
}

// ConditionInput is one diagnosis as told. The same kind of the same code (or name) in the same encounter is the same diagnosis.
type ConditionInput struct {
	Code   string
	Name   string
	Kind   string // default working
	Rank   int    // default 1
	At     clock.Instant
	ByHand bool
}

// UpsertCondition stores a diagnosis of an encounter (0 = of none).
func (s *Service) UpsertCondition(ctx context.Context, p patient.ID, e EncounterID, in ConditionInput) (id ConditionID, c Change, err error) {
	in.Code, in.Name = strings.TrimSpace(in.Code), strings.TrimSpace(in.Name)
	if in.Code == "" && in.Name == "" {
		return 0, "", fault.New(fault.Invalid, "visit.condition.empty").With("name", "visit.condition.empty")
	}
	row := Condition{PatientID: p, EncounterID: e, Code: in.Code, Name: in.Name, Kind: in.Kind, Rank: max(in.Rank, 1), ByHand: in.ByHand, At: in.At}
	switch row.Kind {
	case "admission", "discharge", "outpatient", "working":
	default:
		row.Kind = "working"
	}
	if row.Name == "" {
		row.Name = row.Code
	}
	what := row.Code
	if what == "" {
		what = row.Name
	}
	row.Key = e.String() + ":" + row.Kind + ":" + what
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		row.ID = db.New[conditionKind](s.DB)
		if row.At == 0 {
			row.At = tx.Now
		}
		if id, c, err = upsertCondition(ctx, tx, row); err != nil || c != Created {
			return err
		}
		return s.Board.Publish(ctx, Diagnosed{p, e, id, row.Code})
	})
	return id, c, err
}

// Diagnose stores a diagnosis that a person types (PT-08). The caller must see the patient.
func (s *Service) Diagnose(ctx context.Context, p patient.ID, e EncounterID, code, name string) (ConditionID, error) {
	if err := access.Need(ctx, PermDiagnose); err != nil {
		return 0, err
	}
	var id ConditionID
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := s.Patient.Standing(ctx, p)
		if err != nil {
			return err
		}
		if e != 0 {
			if _, err := oneEncounter(ctx, tx, p, e); err != nil {
				return err
			}
		}
		if id, _, err = s.UpsertCondition(ctx, p, e, ConditionInput{Code: code, Name: name, Kind: "working", ByHand: true}); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: string(PermDiagnose), Entity: "condition", EntityID: int64(id), PatientID: int64(p), Detail: map[string]string{"code": code}})
	})
	return id, err
}
