package patient

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

func carersOf(ctx context.Context, tx *db.Tx, id ID, now clock.Instant) ([]Carer, error) {
	return db.List[Carer](ctx, tx, `
		select kind, key, role, until, by_id, at
		from patient_access
		where patient_id = $1
		and (until = 0 or until > $2)
		order by case role when 'owner' then 0 when 'share' then 2 else 1 end, role, kind, key`, id, now)
}

// assign writes an access as a person gave it: the end is the one they said, earlier or later than before.
func assign(ctx context.Context, tx *db.Tx, id ID, a Access, by int64) error {
	_, err := tx.Exec(ctx, `
		insert into patient_access (patient_id, kind, key, role, until, by_id, at)
		values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (patient_id, kind, key, role) do update
		set until = excluded.until,
		by_id = excluded.by_id,
		at = excluded.at`, id, a.Kind, a.Key, a.Role, a.Until, none(by), tx.Now)
	return err
}

// receiver reports whether work can be given to this colleague, department or site.
func receiver(ctx context.Context, tx *db.Tx, kind string, key int64) (bool, error) {
	text := map[string]string{
		"staff":      `select 1 from staff_account where id = $1 and state = 'active'`,
		"department": `select 1 from staff_department where id = $1 and active = true`,
		"site":       `select 1 from staff_site where id = $1 and active = true`,
	}[kind]
	if text == "" {
		return false, nil
	}
	_, ok, err := db.First[int64](ctx, tx, text, key)
	return ok, err
}
