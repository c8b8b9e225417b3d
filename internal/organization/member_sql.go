package organization

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

const memberColumns = `m.patient_id, m.organization_id, m.role, m.number, m.unit, m.valid_from, m.valid_to, m.created_by, m.created_at, m.updated_at, m.version`

// over narrows rows m to members of today, or to former ones.
func over(q *db.Query, alias string, former bool, today clock.Date) {
	if former {
		q.Add(`and `+alias+`.valid_to <> '' and `+alias+`.valid_to < ?`, today)
		return
	}
	q.Add(`and (`+alias+`.valid_to = '' or `+alias+`.valid_to >= ?)`, today)
}

// listMembers walks the members in the order of their number; the index gives a page of any place.
func (s *Service) listMembers(ctx context.Context, f MemberFilter, today clock.Date) ([]Member, db.Total, error) {
	few := db.SQL(`select count(*) from (select 1 from organization_member m join patient_patient p on p.id = m.patient_id and p.deleted_at is null where m.organization_id = ?`, f.OrganizationID)
	over(few, "m", f.Former, today)
	s.Patient.InScope(ctx, few, "m.patient_id", "")
	n, _, err := db.FirstOf[int](ctx, s.read(ctx), few.Add(`limit ?) as few`, db.CountCap+1))
	if err != nil {
		return nil, db.Total{}, err
	}
	q := db.SQL(`select `+memberColumns+` from organization_member m join patient_patient p on p.id = m.patient_id and p.deleted_at is null where m.organization_id = ?`, f.OrganizationID)
	over(q, "m", f.Former, today)
	s.Patient.InScope(ctx, q, "m.patient_id", "")
	if f.Cursor != "" {
		var number string
		var id int64
		if err := db.Uncursor(f.Cursor, &number, &id); err != nil {
			return nil, db.Total{}, err
		}
		q.Add(`and (m.number, m.patient_id) > (?, ?)`, number, id)
	}
	rows, err := db.Rows[Member](ctx, s.read(ctx), q.Add(`order by m.number, m.patient_id limit ?`, f.Limit+1))
	return rows, db.Capped(n), err
}

// belonging keeps the patients in col who are members.
func belonging(q *db.Query, col string, f MemberFilter, today clock.Date) {
	q.Add(`and exists (select 1 from organization_member om where om.patient_id = `+col+` and om.organization_id = ?`, f.OrganizationID)
	over(q, "om", f.Former, today)
	q.Add(`)`)
}

func membersAmong(ctx context.Context, tx *db.Tx, id ID, ps []patient.ID) ([]Member, error) {
	if len(ps) == 0 {
		return nil, nil
	}
	q := db.SQL(`select `+memberColumns+` from organization_member m where m.organization_id = ?`, id)
	return db.Rows[Member](ctx, tx, db.In(q, ps, `and m.patient_id in (%s)`))
}

func upsertMember(ctx context.Context, tx *db.Tx, m Member) error {
	_, err := tx.Exec(ctx, `
		insert into organization_member (patient_id, organization_id, role, number, unit, valid_from, valid_to, created_by, created_at, updated_at, version)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		on conflict (patient_id, organization_id) do update
		set role = excluded.role,
		number = excluded.number,
		unit = excluded.unit,
		valid_from = excluded.valid_from,
		valid_to = excluded.valid_to,
		updated_at = excluded.updated_at,
		version = organization_member.version + 1`,
		m.PatientID, m.OrganizationID, m.Role, m.Number, m.Unit, m.ValidFrom, m.ValidTo, orNull(m.CreatedBy), m.CreatedAt, m.UpdatedAt, m.Version)
	return err
}

func deleteMember(ctx context.Context, tx *db.Tx, id ID, p patient.ID) (int64, error) {
	return tx.Exec(ctx, `delete from organization_member where patient_id = $1 and organization_id = $2`, p, id)
}

func belongingsOf(ctx context.Context, tx *db.Tx, p patient.ID) ([]Belonging, error) {
	return db.List[Belonging](ctx, tx, `
		select `+memberColumns+`, o.name, o.kind
		from organization_member m
		join organization_organization o on o.id = m.organization_id
		where m.patient_id = $1
		and o.deleted_at is null
		order by o.pinyin, o.id`, p)
}
