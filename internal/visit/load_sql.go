package visit

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/db"
)

// load collects the rows of one bulk insert.
type load struct {
	encounters, conditions, procedures, charges, reports [][]any
}

func (l *load) encounter(e Encounter) {
	l.encounters = append(l.encounters, []any{e.ID, e.PatientID, e.Issuer, e.Number, e.Class, e.State, e.DepartmentID, e.Ward, e.Bed, e.DoctorID,
		e.DoctorName, e.Disposition, e.StartedAt, e.EndedAt, e.ToldAt, e.CreatedAt, e.UpdatedAt})
}

func (l *load) condition(c Condition) {
	l.conditions = append(l.conditions, []any{c.ID, c.PatientID, c.EncounterID, c.Key, c.Code, c.Name, c.Kind, c.Rank, c.ByHand, c.At})
}

func (l *load) procedure(p Procedure) {
	l.procedures = append(l.procedures, []any{p.ID, p.PatientID, p.EncounterID, p.Key, p.Code, p.Name, p.Doctor, p.At, p.Date})
}

func (l *load) charge(c Charge) {
	l.charges = append(l.charges, []any{c.ID, c.PatientID, c.EncounterID, c.Key, c.Code, c.Name, c.Category, c.Quantity, c.AmountFen, c.At, c.Date})
}

func (l *load) report(r Report) {
	l.reports = append(l.reports, []any{r.ID, r.PatientID, r.EncounterID, r.Key, r.Kind, r.Name, r.Conclusion, r.Abnormal, r.At, r.Issuer, r.Number})
}

func (l *load) insert(ctx context.Context, tx *db.Tx) error {
	for _, t := range []struct {
		table, columns string
		rows           [][]any
	}{
		{"visit_encounter", "id, patient_id, issuer, number, class, state, department_id, ward, bed, doctor_id, doctor_name, disposition, started_at, ended_at, told_at, created_at, updated_at", l.encounters},
		{"visit_condition", conditionColumns, l.conditions},
		{"visit_procedure", "id, patient_id, encounter_id, key, code, name, doctor, at, date", l.procedures},
		{"visit_charge", "id, patient_id, encounter_id, key, code, name, category, quantity, amount_fen, at, date", l.charges},
		{"visit_report", "id, patient_id, encounter_id, key, kind, name, conclusion, abnormal, at, issuer, number", l.reports},
	} {
		if err := tx.Insert(ctx, t.table, t.columns, t.rows); err != nil {
			return err
		}
	}
	return nil
}

func countAll(ctx context.Context, tx *db.Tx, p patient.ID) (Counts, error) {
	return db.One[Counts](ctx, tx, `
		select (select count(*) from visit_encounter where $1 = 0 or patient_id = $1) as encounters,
		(select count(*) from visit_condition where $1 = 0 or patient_id = $1) as conditions,
		(select count(*) from visit_procedure where $1 = 0 or patient_id = $1) as procedures,
		(select count(*) from visit_charge where $1 = 0 or patient_id = $1) as charges,
		(select count(*) from visit_report where $1 = 0 or patient_id = $1) as reports`, int64(p))
}
