package visit

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

const encounterColumns = `e.id, e.patient_id, e.issuer, e.number, e.class, e.state, e.department_id, e.ward, e.bed, e.doctor_id,
	e.doctor_name, e.disposition, e.started_at, e.ended_at, e.told_at, e.created_at, e.updated_at`

func findEncounter(ctx context.Context, tx *db.Tx, p patient.ID, issuer, number string) (Encounter, bool, error) {
	return db.First[Encounter](ctx, tx, `select `+encounterColumns+` from visit_encounter e
		where e.patient_id = $1 and e.issuer = $2 and e.number = $3`, p, issuer, number)
}

func oneEncounter(ctx context.Context, tx *db.Tx, p patient.ID, id EncounterID) (Encounter, error) {
	return db.One[Encounter](ctx, tx, `select `+encounterColumns+` from visit_encounter e where e.patient_id = $1 and e.id = $2`, p, id)
}

func insertEncounter(ctx context.Context, tx *db.Tx, e Encounter) error {
	_, err := tx.Exec(ctx, `
		insert into visit_encounter (id, patient_id, issuer, number, class, state, department_id, ward, bed, doctor_id,
			doctor_name, disposition, started_at, ended_at, told_at, created_at, updated_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		e.ID, e.PatientID, e.Issuer, e.Number, e.Class, e.State, e.DepartmentID, e.Ward, e.Bed, e.DoctorID,
		e.DoctorName, e.Disposition, e.StartedAt, e.EndedAt, e.ToldAt, e.CreatedAt, e.UpdatedAt)
	return err
}

func updateEncounter(ctx context.Context, tx *db.Tx, e Encounter) error {
	_, err := tx.Exec(ctx, `
		update visit_encounter
		set class = $1,
		state = $2,
		department_id = $3,
		ward = $4,
		bed = $5,
		doctor_id = $6,
		doctor_name = $7,
		disposition = $8,
		started_at = $9,
		ended_at = $10,
		told_at = $11,
		updated_at = $12
		where patient_id = $13 and id = $14`,
		e.Class, e.State, e.DepartmentID, e.Ward, e.Bed, e.DoctorID, e.DoctorName, e.Disposition,
		e.StartedAt, e.EndedAt, e.ToldAt, e.UpdatedAt, e.PatientID, e.ID)
	return err
}

// listEncounters gives a page of the visits that the caller sees, and how many there are.
func (s *Service) listEncounters(ctx context.Context, p patient.ID, cursor string, limit int) ([]Encounter, db.Total, error) {
	few := db.SQL(`select count(*) from (select 1 from visit_encounter e where e.patient_id = ? and e.state <> 'cancelled'`, p)
	s.Patient.InScope(ctx, few, "e.patient_id", "e.started_at")
	n, _, err := db.FirstOf[int](ctx, s.read(ctx), few.Add(`limit ?) as few`, db.CountCap+1))
	if err != nil {
		return nil, db.Total{}, err
	}
	q := db.SQL(`select `+encounterColumns+` from visit_encounter e where e.patient_id = ? and e.state <> 'cancelled'`, p)
	s.Patient.InScope(ctx, q, "e.patient_id", "e.started_at")
	if cursor != "" {
		var at clock.Instant
		var id int64
		if err := db.Uncursor(cursor, &at, &id); err != nil {
			return nil, db.Total{}, err
		}
		q.Add(`and (e.started_at, e.id) < (?, ?)`, at, id)
	}
	q.Add(`order by e.started_at desc, e.id desc limit ?`, limit+1)
	rows, err := db.Rows[Encounter](ctx, s.read(ctx), q)
	return rows, db.Capped(n), err
}

// lastEncounters gives the newest encounter of each patient.
func lastEncounters(ctx context.Context, tx *db.Tx, ids []patient.ID) ([]Encounter, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	q := db.SQL(`select ` + encounterColumns + ` from visit_encounter e join (
		select id, row_number() over (partition by patient_id order by started_at desc, id desc) as place
		from visit_encounter where state <> 'cancelled'`)
	db.In(q, ids, `and patient_id in (%s)`)
	q.Add(`) as newest on newest.id = e.id and newest.place = 1`)
	return db.Rows[Encounter](ctx, tx, q)
}

type principal struct {
	EncounterID EncounterID
	Name        string
}

// principals gives the principal diagnosis of each encounter: discharge before working before admission, then rank.
func principals(ctx context.Context, tx *db.Tx, ps []patient.ID, ids []EncounterID) (map[EncounterID]string, error) {
	out := map[EncounterID]string{}
	if len(ids) == 0 {
		return out, nil
	}
	q := db.SQL(`select encounter_id, name from visit_condition where true`)
	db.In(q, ps, `and patient_id in (%s)`)
	db.In(q, ids, `and encounter_id in (%s)`)
	q.Add(`order by encounter_id,
		case kind when 'discharge' then 0 when 'outpatient' then 1 when 'working' then 2 else 3 end desc, rank desc, id desc`)
	rows, err := db.Rows[principal](ctx, tx, q)
	for _, r := range rows { // the last one of each encounter is the best
		out[r.EncounterID] = r.Name
	}
	return out, err
}

type encounterSum struct {
	EncounterID EncounterID
	Fen         int64
}

func encounterSums(ctx context.Context, tx *db.Tx, p patient.ID, ids []EncounterID) (map[EncounterID]int64, error) {
	out := map[EncounterID]int64{}
	if len(ids) == 0 {
		return out, nil
	}
	q := db.SQL(`select encounter_id, cast(sum(amount_fen) as bigint) as fen from visit_charge where patient_id = ?`, p)
	db.In(q, ids, `and encounter_id in (%s)`)
	q.Add(`group by encounter_id`)
	rows, err := db.Rows[encounterSum](ctx, tx, q)
	for _, r := range rows {
		out[r.EncounterID] = r.Fen
	}
	return out, err
}
