package patient

import (
	"context"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// InScope appends the caller's scope as "and …" to a query over rows of patients. patientCol is the column with the patient
// ("m.patient_id"), atCol the instant that "last N days" counts for the row itself, "" for the patient's own rule only.
// A row is visible only if its patient is; an empty scope sees nothing.
func (s *Service) InScope(ctx context.Context, q *db.Query, patientCol, atCol string) {
	sc := access.ScopeOf(ctx)
	since := s.since(sc)
	q.If(since > 0, "and exists (select 1 from patient_patient sp where sp.id = "+patientCol+" and sp.seen_at >= ?)", since)
	q.If(since > 0 && atCol != "", "and "+atCol+" >= ?", since)
	assigned(q, sc, patientCol, s.DB.Clock().Now())
}

// visible lists those of ids that the caller's scope sees, in no order.
func (s *Service) visible(ctx context.Context, ids []ID) ([]ID, error) {
	q := db.SQL("select p.id from patient_patient p where p.deleted_at is null")
	db.In(q, padded(ids), "and p.id in (%s)")
	s.InScope(ctx, q, "p.id", "")
	return db.Rows[ID](ctx, s.DB.Read(ctx), q)
}

// assigned appends the condition that the caller's scope reaches the patient in col.
func assigned(q *db.Query, sc access.Scope, col string, now clock.Instant) {
	switch {
	case sc.Empty():
		q.Add("and false")
		return
	case sc.All() && sc.Unassigned():
		return
	}
	q.Add("and (exists (select 1 from patient_access pa where pa.patient_id = " + col)
	if sc.All() {
		q.Add("and (pa.until = 0 or pa.until > ?)", now)
	} else {
		reach(q, sc, "pa", now)
	}
	q.Add(")")
	q.If(sc.Unassigned(), "or not exists (select 1 from patient_access pu where pu.patient_id = "+col+" and (pu.until = 0 or pu.until > ?))", now)
	q.Add(")")
}

// reach appends which access rows count for a scope by staff, department or site.
func reach(q *db.Query, sc access.Scope, alias string, now clock.Instant) {
	q.Add("and ("+alias+".until = 0 or "+alias+".until > ?) and (", now)
	q.Add(alias+".kind = 'staff' and "+alias+".key = ?", sc.StaffID())
	db.In(q, sc.Departments(), "or "+alias+".kind = 'department' and "+alias+".key in (%s)")
	db.In(q, sc.Sites(), "or "+alias+".kind = 'site' and "+alias+".key in (%s)")
	q.Add(")")
	counted(q, sc, alias)
}

// counted appends which relations count for the scope, where its role names some. What a person recorded and what was shared with them
// counts for every role, so that nobody loses sight of whom they just recorded and a share is never in vain.
func counted(q *db.Query, sc access.Scope, alias string) {
	if roles := sc.Roles(); len(roles) > 0 {
		db.In(q, padded(append([]string{RoleCreator, RoleShare}, roles...)), "and "+alias+".role in (%s)")
	}
}

func grant(ctx context.Context, tx *db.Tx, id ID, a Access) error {
	_, err := tx.Exec(ctx, `
		insert into patient_access (patient_id, kind, key, role, until)
		values ($1, $2, $3, $4, $5)
		on conflict (patient_id, kind, key, role) do update
		set until = case
			when patient_access.until = 0 or excluded.until = 0 then 0
			when excluded.until > patient_access.until then excluded.until
			else patient_access.until
		end`, id, a.Kind, a.Key, a.Role, a.Until)
	return err
}

func revoke(ctx context.Context, tx *db.Tx, id ID, a Access) error {
	_, err := tx.Exec(ctx, `
		delete from patient_access
		where patient_id = $1
		and kind = $2
		and key = $3
		and role = $4`, id, a.Kind, a.Key, a.Role)
	return err
}

func saw(ctx context.Context, tx *db.Tx, id ID, at clock.Instant) error {
	_, err := tx.Exec(ctx, `
		update patient_patient
		set met_at = $1,
		seen_at = case when met_at = 0 or seen_at < $1 then $1 else seen_at end
		where id = $2
		and met_at < $1`, at, id)
	return err
}

// resolve follows the survivor pointers.
func resolve(ctx context.Context, tx *db.Tx, id ID) (ID, error) {
	for range 64 {
		into, ok, err := db.First[ID](ctx, tx, `select coalesce(merged_into, 0) from patient_patient where id = $1`, id)
		if err != nil {
			return 0, err
		}
		if !ok {
			return 0, db.Missing()
		}
		if into == 0 {
			return id, nil
		}
		id = into
	}
	return 0, db.Missing()
}
