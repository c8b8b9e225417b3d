package staff

import (
	"context"

	"renxin/internal/platform/db"
)

const roleColumns = `id, code, name, reach, days, read_only, unassigned, permissions, version, active, division, keys`

func listRoles(ctx context.Context, tx *db.Tx) ([]Role, error) {
	return db.List[Role](ctx, tx, `
		select r.id, r.code, r.name, r.reach, r.days, r.read_only, r.unassigned, r.permissions, r.version, r.active, r.division, r.keys,
		(select count(*) from staff_account a where a.role_id = r.id and a.state = 'active') as staff
		from staff_role r
		order by r.id`)
}

func findRole(ctx context.Context, tx *db.Tx, id RoleID) (Role, error) {
	r, err := db.One[Role](ctx, tx, `select `+roleColumns+` from staff_role where id = $1`, id)
	if err != nil {
		return r, err
	}
	return r.unpacked()
}

func roleByCode(ctx context.Context, tx *db.Tx, code string) (Role, bool, error) {
	r, ok, err := db.First[Role](ctx, tx, `select `+roleColumns+` from staff_role where code = $1`, code)
	if err == nil && ok {
		r, err = r.unpacked()
	}
	return r, ok, err
}

func insertRole(ctx context.Context, tx *db.Tx, r Role) error {
	_, err := tx.Exec(ctx, `
		insert into staff_role (`+roleColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, r.ID, r.Code, r.Name, r.Reach, r.Days, r.ReadOnly, r.Unassigned, r.Stored, r.Version, r.Active, r.Division, r.StoredKeys)
	return err
}

func updateRole(ctx context.Context, tx *db.Tx, r Role) error {
	_, err := tx.Exec(ctx, `
		update staff_role
		set name = $1,
		reach = $2,
		days = $3,
		read_only = $4,
		unassigned = $5,
		permissions = $6,
		version = $7,
		active = $8,
		division = $9,
		keys = $10
		where id = $11`, r.Name, r.Reach, r.Days, r.ReadOnly, r.Unassigned, r.Stored, r.Version, r.Active, r.Division, r.StoredKeys, r.ID)
	return err
}
