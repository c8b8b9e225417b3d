package profile

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

const membershipColumns = `id, patient_id, type, number, valid_from, valid_to, benefits, expired, created_by, created_at, updated_at, version`

func membershipsOf(ctx context.Context, tx *db.Tx, p patient.ID) ([]Membership, error) {
	return db.List[Membership](ctx, tx, `
		select `+membershipColumns+`
		from profile_membership
		where patient_id = $1
		order by valid_to desc, id desc`, p)
}

func findMembership(ctx context.Context, tx *db.Tx, p patient.ID, id MembershipID) (Membership, error) {
	return db.One[Membership](ctx, tx, `
		select `+membershipColumns+`
		from profile_membership
		where patient_id = $1
		and id = $2`, p, id)
}

// holders counts the other cards of one type and number whose time meets m's.
func holders(ctx context.Context, tx *db.Tx, m Membership) (int, error) {
	return db.One[int](ctx, tx, `
		select count(*)
		from profile_membership
		where number = $1
		and type = $2
		and id <> $3
		and (patient_id = $4 or valid_from <= $5 and valid_to >= $6)`, m.Number, m.Type, m.ID, m.PatientID, m.ValidTo, m.ValidFrom)
}

func insertMembership(ctx context.Context, tx *db.Tx, m Membership) error {
	_, err := tx.Exec(ctx, `
		insert into profile_membership (`+membershipColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		m.ID, m.PatientID, m.Type, m.Number, m.ValidFrom, m.ValidTo, m.Benefits, m.Expired, m.CreatedBy, m.CreatedAt, m.UpdatedAt, m.Version)
	return err
}

func updateMembership(ctx context.Context, tx *db.Tx, m Membership) error {
	_, err := tx.Exec(ctx, `
		update profile_membership
		set type = $1,
		number = $2,
		valid_from = $3,
		valid_to = $4,
		benefits = $5,
		expired = $6,
		updated_at = $7,
		version = $8
		where patient_id = $9
		and id = $10`,
		m.Type, m.Number, m.ValidFrom, m.ValidTo, m.Benefits, m.Expired, m.UpdatedAt, m.Version, m.PatientID, m.ID)
	return err
}

func deleteMembership(ctx context.Context, tx *db.Tx, p patient.ID, id MembershipID) error {
	_, err := tx.Exec(ctx, `delete from profile_membership where patient_id = $1 and id = $2`, p, id)
	return err
}

// ended lists memberships whose last day lies before today and whose end has not been told.
func ended(ctx context.Context, tx *db.Tx, today clock.Date, limit int) ([]Membership, error) {
	return db.List[Membership](ctx, tx, `
		select `+membershipColumns+`
		from profile_membership
		where expired = false
		and valid_to < $1
		order by valid_to, id
		limit $2`, today, limit)
}
