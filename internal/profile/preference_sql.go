package profile

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/db"
)

const preferenceColumns = `id, patient_id, kind, value, note, severity, valid_until, source, created_by, created_at, updated_at, ended_by, ended_at, version`

func preferencesOf(ctx context.Context, tx *db.Tx, p patient.ID) ([]Preference, error) {
	return db.List[Preference](ctx, tx, `
		select `+preferenceColumns+`
		from profile_preference
		where patient_id = $1
		and ended_at = 0
		order by id`, p)
}

func findPreference(ctx context.Context, tx *db.Tx, p patient.ID, id PreferenceID) (Preference, error) {
	return db.One[Preference](ctx, tx, `
		select `+preferenceColumns+`
		from profile_preference
		where patient_id = $1
		and id = $2`, p, id)
}

func insertPreference(ctx context.Context, tx *db.Tx, p Preference) error {
	_, err := tx.Exec(ctx, `
		insert into profile_preference (`+preferenceColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		p.ID, p.PatientID, p.Kind, p.Value, p.Note, string(p.Severity), p.ValidUntil, p.Source, p.CreatedBy, p.CreatedAt, p.UpdatedAt, p.EndedBy, p.EndedAt, p.Version)
	return err
}

func updatePreference(ctx context.Context, tx *db.Tx, p Preference) error {
	_, err := tx.Exec(ctx, `
		update profile_preference
		set kind = $1,
		value = $2,
		note = $3,
		severity = $4,
		valid_until = $5,
		updated_at = $6,
		ended_by = $7,
		ended_at = $8,
		version = $9
		where patient_id = $10
		and id = $11`,
		p.Kind, p.Value, p.Note, string(p.Severity), p.ValidUntil, p.UpdatedAt, p.EndedBy, p.EndedAt, p.Version, p.PatientID, p.ID)
	return err
}
