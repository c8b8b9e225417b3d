package patient

import (
	"context"

	"renxin/internal/platform/db"
)

const patientColumns = `p.id, p.name, p.pinyin, p.sex, p.birth_date, p.occupation, p.ethnicity, p.marital, p.address, p.region_code, p.source, p.owner_id, p.department_id,
	p.note, p.alert, p.deceased_at, p.created_by, p.created_at, p.updated_at, p.met_at, p.seen_at, p.version, p.merged_into, p.deleted_at`

func findPatient(ctx context.Context, tx *db.Tx, id ID) (Patient, error) {
	return db.One[Patient](ctx, tx, `
		select `+patientColumns+`
		from patient_patient p
		where p.id = $1
		and p.deleted_at is null`, id)
}

func findPatients(ctx context.Context, tx *db.Tx, ids []ID) ([]Patient, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	q := db.SQL("select " + patientColumns + " from patient_patient p where p.deleted_at is null")
	db.In(q, padded(ids), "and p.id in (%s)")
	return db.Rows[Patient](ctx, tx, q)
}

func insertPatient(ctx context.Context, tx *db.Tx, p Patient) error {
	_, err := tx.Exec(ctx, `
		insert into patient_patient (id, name, pinyin, sex, birth_date, occupation, ethnicity, marital, address, region_code, source, owner_id, department_id,
			note, alert, deceased_at, created_by, created_at, updated_at, met_at, seen_at, version, merged_into, deleted_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, null, null)`, patientValues(p)...)
	return err
}

func patientValues(p Patient) []any {
	return []any{p.ID, p.Name, p.Pinyin, string(p.Sex), string(p.BirthDate), p.Occupation, p.Ethnicity, p.Marital, p.Address, p.RegionCode, p.Source, none(p.OwnerID), none(p.DepartmentID),
		p.Note, p.Alert, p.DeceasedAt, none(p.CreatedBy), p.CreatedAt, p.UpdatedAt, p.MetAt, p.SeenAt, p.Version}
}

// none writes zero as NULL.
func none(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

func updatePatient(ctx context.Context, tx *db.Tx, p Patient, version int64) error {
	n, err := tx.Exec(ctx, `
		update patient_patient
		set name = $1,
		pinyin = $2,
		sex = $3,
		birth_date = $4,
		occupation = $5,
		ethnicity = $6,
		marital = $7,
		address = $8,
		region_code = $9,
		source = $10,
		owner_id = $11,
		department_id = $12,
		note = $13,
		alert = $14,
		deceased_at = $15,
		updated_at = $16,
		version = $17
		where id = $18
		and version = $19`, p.Name, p.Pinyin, string(p.Sex), string(p.BirthDate), p.Occupation, p.Ethnicity, p.Marital, p.Address, p.RegionCode, p.Source,
		none(p.OwnerID), none(p.DepartmentID), p.Note, p.Alert, p.DeceasedAt, p.UpdatedAt, p.Version, p.ID, version)
	if err == nil && n == 0 {
		err = db.Stale(nil)
	}
	return err
}

// touch raises the version after a change of what hangs on the patient, so that an editor of the old state notices.
func touch(ctx context.Context, tx *db.Tx, id ID) error {
	_, err := tx.Exec(ctx, `update patient_patient set version = version + 1, updated_at = $1 where id = $2`, tx.Now, id)
	return err
}
