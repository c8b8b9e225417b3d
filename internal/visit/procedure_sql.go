package visit

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/db"
)

func upsertProcedure(ctx context.Context, tx *db.Tx, r Procedure) (ProcedureID, Change, error) {
	return changed(ctx, tx, r.ID, `select id from visit_procedure where patient_id = $1 and key = $2`, `
		insert into visit_procedure (id, patient_id, encounter_id, key, code, name, doctor, at, date)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (patient_id, key) do update
		set code = excluded.code,
		name = excluded.name,
		doctor = excluded.doctor,
		at = excluded.at,
		date = excluded.date
		where visit_procedure.code <> excluded.code
		or visit_procedure.name <> excluded.name
		or visit_procedure.doctor <> excluded.doctor
		or visit_procedure.at <> excluded.at
		returning id`, r.ID, r.PatientID, r.EncounterID, r.Key, r.Code, r.Name, r.Doctor, r.At, r.Date)
}

func proceduresOf(ctx context.Context, tx *db.Tx, p patient.ID, e EncounterID) ([]Procedure, error) {
	return db.List[Procedure](ctx, tx, `select id, patient_id, encounter_id, key, code, name, doctor, at, date
		from visit_procedure where patient_id = $1 and encounter_id = $2 order by at, id`, p, e)
}
