package visit

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/db"
)

const itemColumns = `id, patient_id, key, code, name, bought, used, valid_until, source, note, created_by, created_at, updated_at, version`

func itemsOf(ctx context.Context, tx *db.Tx, p patient.ID) ([]Item, error) {
	return db.List[Item](ctx, tx, `
		select `+itemColumns+`
		from visit_item
		where patient_id = $1
		order by case when used < bought then 0 else 1 end, created_at desc, id desc`, p)
}

func findItem(ctx context.Context, tx *db.Tx, p patient.ID, id ItemID) (Item, error) {
	return db.One[Item](ctx, tx, `select `+itemColumns+` from visit_item where patient_id = $1 and id = $2`, p, id)
}

func itemValues(it Item) []any {
	return []any{it.ID, it.PatientID, it.Key, it.Code, it.Name, it.Bought, it.Used, it.ValidUntil, it.Source, it.Note, orNull(it.CreatedBy), it.CreatedAt, it.UpdatedAt, it.Version}
}

func insertItem(ctx context.Context, tx *db.Tx, it Item) error {
	_, err := tx.Exec(ctx, `
		insert into visit_item (`+itemColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`, itemValues(it)...)
	return err
}

func updateItem(ctx context.Context, tx *db.Tx, it Item) error {
	_, err := tx.Exec(ctx, `
		update visit_item
		set code = $1,
		name = $2,
		bought = $3,
		used = $4,
		valid_until = $5,
		note = $6,
		updated_at = $7,
		version = $8
		where patient_id = $9
		and id = $10`, it.Code, it.Name, it.Bought, it.Used, it.ValidUntil, it.Note, it.UpdatedAt, it.Version, it.PatientID, it.ID)
	return err
}

// upsertItem writes what a feed says; changed finds the row by patient and key, its second and fourth argument.
func upsertItem(ctx context.Context, tx *db.Tx, it Item) (ItemID, Change, error) {
	return changed(ctx, tx, it.ID, `select id from visit_item where patient_id = $1 and key = $2`, `
		insert into visit_item (id, patient_id, code, key, name, bought, used, valid_until, source, note, created_by, created_at, updated_at, version)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null, $11, $12, $13)
		on conflict (patient_id, key) do update
		set code = excluded.code,
		name = excluded.name,
		bought = excluded.bought,
		used = excluded.used,
		valid_until = excluded.valid_until,
		updated_at = excluded.updated_at,
		version = visit_item.version + 1
		where visit_item.code <> excluded.code
		or visit_item.name <> excluded.name
		or visit_item.bought <> excluded.bought
		or visit_item.used <> excluded.used
		or visit_item.valid_until <> excluded.valid_until
		returning id`, it.ID, it.PatientID, it.Code, it.Key, it.Name, it.Bought, it.Used, it.ValidUntil, it.Source, it.Note, it.CreatedAt, it.UpdatedAt, it.Version)
}

func insertSession(ctx context.Context, tx *db.Tx, u Session) error {
	_, err := tx.Exec(ctx, `
		insert into visit_session (id, patient_id, item_id, n, note, by_id, at)
		values ($1, $2, $3, $4, $5, $6, $7)`, u.ID, u.PatientID, u.ItemID, u.N, u.Note, orNull(u.ByID), u.At)
	return err
}

// orNull writes zero as NULL.
func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

func sessionsOf(ctx context.Context, tx *db.Tx, p patient.ID, id ItemID) ([]Session, error) {
	return db.List[Session](ctx, tx, `
		select u.id, u.patient_id, u.item_id, u.n, u.note, u.by_id, coalesce(a.name, '') as by, u.at
		from visit_session u
		left join staff_account a on a.id = u.by_id
		where u.patient_id = $1
		and u.item_id = $2
		order by u.at desc, u.id desc
		limit 200`, p, id)
}
