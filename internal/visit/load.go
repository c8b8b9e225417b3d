package visit

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/db"
)

// Whole is an encounter with everything it brought, for bulk loading.
type Whole struct {
	Encounter  Encounter // ID, CreatedAt and UpdatedAt are set by Load
	Conditions []ConditionInput
	Procedures []ProcedureInput
	Charges    []ChargeInput
	Reports    []ReportInput
}

// Load stores encounters of long ago that are known to be new, at most about a thousand at a time, and returns their keys in
// order. It publishes no facts, because what is long past starts no plan, and grants no access: the caller does both where wanted.
func (s *Service) Load(ctx context.Context, all []Whole) (ids []EncounterID, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var rows load
		ids = make([]EncounterID, len(all))
		for i, w := range all {
			ids[i] = db.New[encounterKind](s.DB)
			s.addWhole(&rows, ids[i], w, tx)
		}
		return rows.insert(ctx, tx)
	})
	return ids, err
}

func (s *Service) addWhole(rows *load, id EncounterID, w Whole, tx *db.Tx) {
	e := w.Encounter
	e.ID, e.UpdatedAt = id, tx.Now
	if e.CreatedAt == 0 {
		e.CreatedAt = tx.Now
	}
	rows.encounter(e)
	for _, c := range w.Conditions {
		rows.condition(Condition{ID: db.New[conditionKind](s.DB), PatientID: e.PatientID, EncounterID: id, Key: id.String() + ":" + c.Kind + ":" + c.Code,
			Code: c.Code, Name: c.Name, Kind: c.Kind, Rank: max(c.Rank, 1), At: c.At})
	}
	for _, p := range w.Procedures {
		rows.procedure(Procedure{ID: db.New[procedureKind](s.DB), PatientID: e.PatientID, EncounterID: id, Key: p.Issuer + ":" + p.Number,
			Code: p.Code, Name: p.Name, Doctor: p.Doctor, At: p.At, Date: s.date(p.At)})
	}
	for _, c := range w.Charges {
		rows.charge(Charge{ID: db.New[chargeKind](s.DB), PatientID: e.PatientID, EncounterID: id, Key: c.Issuer + ":" + c.Number, Code: c.Code, Name: c.Name,
			Category: c.Category, Quantity: c.Quantity, AmountFen: c.AmountFen, At: c.At, Date: s.date(c.At)})
	}
	for _, r := range w.Reports {
		rows.report(Report{ID: db.New[reportKind](s.DB), PatientID: e.PatientID, EncounterID: id, Key: r.Issuer + ":" + r.Number, Kind: r.Kind, Name: r.Name,
			Conclusion: r.Conclusion, Abnormal: r.Abnormal, At: r.At, Issuer: r.Issuer, Number: r.Number})
	}
}

// Counts are the numbers of rows that a benchmark or a demo reports.
type Counts struct {
	Encounters, Conditions, Procedures, Charges, Reports int64
}

// Count counts everything the room holds of p, or of all patients when p is 0. It reads whole tables: not for pages.
func (s *Service) Count(ctx context.Context, p patient.ID) (Counts, error) {
	return countAll(ctx, s.read(ctx), p)
}
