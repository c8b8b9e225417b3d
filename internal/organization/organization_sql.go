package organization

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

const columns = `o.id, o.kind, o.code, o.name, o.pinyin, o.initials, o.address, o.region_code, o.phone, o.note, o.owner_id, o.created_by, o.created_at, o.updated_at, o.version, o.deleted_at`

func find(ctx context.Context, tx *db.Tx, id ID) (Organization, error) {
	return db.One[Organization](ctx, tx, `select `+columns+` from organization_organization o where o.id = $1 and o.deleted_at is null`, id)
}

func findAny(ctx context.Context, tx *db.Tx, id ID) (Organization, error) {
	return db.One[Organization](ctx, tx, `select `+columns+` from organization_organization o where o.id = $1`, id)
}

// orNull writes zero as NULL.
func orNull(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

func insert(ctx context.Context, tx *db.Tx, o Organization) error {
	_, err := tx.Exec(ctx, `
		insert into organization_organization (id, kind, code, name, pinyin, initials, address, region_code, phone, note, owner_id, created_by, created_at, updated_at, version, deleted_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, null)`,
		o.ID, o.Kind, o.Code, o.Name, o.Pinyin, o.Initials, o.Address, o.RegionCode, o.Phone, o.Note, o.OwnerID, orNull(o.CreatedBy), o.CreatedAt, o.UpdatedAt, o.Version)
	return err
}

func update(ctx context.Context, tx *db.Tx, o Organization) error {
	_, err := tx.Exec(ctx, `
		update organization_organization
		set kind = $1,
		code = $2,
		name = $3,
		pinyin = $4,
		initials = $5,
		address = $6,
		region_code = $7,
		phone = $8,
		note = $9,
		owner_id = $10,
		updated_at = $11,
		version = $12,
		deleted_at = $13
		where id = $14`,
		o.Kind, o.Code, o.Name, o.Pinyin, o.Initials, o.Address, o.RegionCode, o.Phone, o.Note, o.OwnerID, o.UpdatedAt, o.Version, orNull(int64(o.DeletedAt)), o.ID)
	return err
}

func list(ctx context.Context, tx *db.Tx, f Filter) ([]Organization, db.Total, error) {
	narrow := func(q *db.Query) {
		q.If(f.Kind != "", `and o.kind = ?`, f.Kind)
		like := "%" + f.Text + "%"
		q.If(f.Text != "", `and (lower(o.name) like ? or lower(o.code) like ? or o.pinyin like ? or o.initials like ?)`, like, f.Text+"%", like, like)
	}
	few := db.SQL(`select count(*) from (select 1 from organization_organization o where o.deleted_at is null`)
	narrow(few)
	n, _, err := db.FirstOf[int](ctx, tx, few.Add(`limit ?) as few`, db.CountCap+1))
	if err != nil {
		return nil, db.Total{}, err
	}
	q := db.SQL(`select ` + columns + ` from organization_organization o where o.deleted_at is null`)
	narrow(q)
	if f.Cursor != "" {
		var pinyin string
		var id int64
		if err := db.Uncursor(f.Cursor, &pinyin, &id); err != nil {
			return nil, db.Total{}, err
		}
		q.Add(`and (o.pinyin, o.id) > (?, ?)`, pinyin, id)
	}
	rows, err := db.Rows[Organization](ctx, tx, q.Add(`order by o.pinyin, o.id limit ?`, f.Limit+1))
	return rows, db.Capped(n), err
}

// countMembers counts the members in scope of organisations, by whether they belong to it today.
func (s *Service) countMembers(ctx context.Context, ids []ID, today clock.Date) ([]Count, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	q := db.SQL(`
		select m.organization_id,
		coalesce(sum(case when m.valid_to = '' or m.valid_to >= ? then 1 else 0 end), 0) as members,
		coalesce(sum(case when m.valid_to <> '' and m.valid_to < ? then 1 else 0 end), 0) as former
		from organization_member m
		join patient_patient p on p.id = m.patient_id and p.deleted_at is null
		where true`, today, today)
	db.In(q, ids, `and m.organization_id in (%s)`)
	s.Patient.InScopeOfAll(ctx, q, "m.patient_id", "")
	return db.Rows[Count](ctx, s.read(ctx), q.Add(`group by m.organization_id`))
}
