package patient

import (
	"context"

	"renxin/internal/platform/db"
)

const relationColumns = `id, patient_id, link, kind, relative_id, name, number, verified_at, care, notice, household, note, source, created_by, created_at, updated_at, version`

// relationRows gives the relations of patients, oldest first.
func relationRows(ctx context.Context, tx *db.Tx, ids []ID) ([]Relation, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	q := db.SQL("select " + relationColumns + " from patient_relation where true")
	db.In(q, padded(ids), "and patient_id in (%s)")
	return db.Rows[Relation](ctx, tx, q.Add("order by patient_id, id"))
}

// designations gives the relations of patients to whom calls or texts go.
func designations(ctx context.Context, tx *db.Tx, ids []ID) ([]Relation, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	q := db.SQL("select " + relationColumns + " from patient_relation where (care = true or notice = true)")
	db.In(q, padded(ids), "and patient_id in (%s)")
	return db.Rows[Relation](ctx, tx, q.Add("order by patient_id, id desc"))
}

// otherSide finds the row of the relative.
func otherSide(ctx context.Context, tx *db.Tx, r Relation) (Relation, bool, error) {
	return db.First[Relation](ctx, tx, `
		select `+relationColumns+`
		from patient_relation
		where patient_id = $1
		and link = $2
		and id <> $3`, r.RelativeID, r.Link, r.ID)
}

func insertRelation(ctx context.Context, tx *db.Tx, r Relation) error {
	_, err := tx.Exec(ctx, `
		insert into patient_relation (`+relationColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		r.ID, r.PatientID, r.Link, r.Kind, r.RelativeID, r.Name, r.Number, r.VerifiedAt, r.Care, r.Notice, r.Household, r.Note, r.Source, none(r.CreatedBy), r.CreatedAt, r.UpdatedAt, r.Version)
	return err
}

func updateRelation(ctx context.Context, tx *db.Tx, r Relation) error {
	_, err := tx.Exec(ctx, `
		update patient_relation
		set kind = $1,
		name = $2,
		number = $3,
		verified_at = $4,
		care = $5,
		notice = $6,
		household = $7,
		note = $8,
		updated_at = $9,
		version = $10
		where patient_id = $11
		and id = $12`, r.Kind, r.Name, r.Number, r.VerifiedAt, r.Care, r.Notice, r.Household, r.Note, r.UpdatedAt, r.Version, r.PatientID, r.ID)
	return err
}

// deleteRelation removes both sides; the relative's row is looked for with whom the relative stands as now.
func deleteRelation(ctx context.Context, tx *db.Tx, r Relation) error {
	_, err := tx.Exec(ctx, `delete from patient_relation where patient_id in ($1, $2) and link = $3`, r.PatientID, r.RelativeID, r.Link)
	return err
}
