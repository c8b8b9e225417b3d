package patient

import (
	"context"

	"renxin/internal/platform/db"
)

const contactColumns = `c.id, c.patient_id, c.system, c.value, c.number, c.ext, c.owner, c.label, c.rank, c.verified_at, c.valid_until, c.source, c.created_at, coalesce(w.marked_at, 0) as wrong_at`

func contactsOf(ctx context.Context, tx *db.Tx, ids []ID) ([]Contact, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	q := db.SQL("select " + contactColumns + ` from patient_contact c left join patient_wrong_number w on w.number = c.number`)
	db.In(q, padded(ids), "where c.patient_id in (%s)")
	q.Add("order by c.patient_id, c.rank, c.id")
	return db.Rows[Contact](ctx, tx, q)
}

func findContact(ctx context.Context, tx *db.Tx, id ID, contact ContactID) (Contact, error) {
	return db.One[Contact](ctx, tx, `
		select `+contactColumns+`
		from patient_contact c
		left join patient_wrong_number w on w.number = c.number
		where c.patient_id = $1
		and c.id = $2`, id, contact)
}

func insertContact(ctx context.Context, tx *db.Tx, c Contact) error {
	_, err := tx.Exec(ctx, `
		insert into patient_contact (id, patient_id, system, value, number, ext, owner, label, rank, verified_at, valid_until, source, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, contactValues(c)...)
	return err
}

func contactValues(c Contact) []any {
	return []any{c.ID, c.PatientID, string(c.System), c.Value, c.Number, c.Ext, c.Owner, c.Label, c.Rank, c.VerifiedAt, c.ValidUntil, c.Source, c.CreatedAt}
}

func updateContact(ctx context.Context, tx *db.Tx, c Contact) error {
	_, err := tx.Exec(ctx, `
		update patient_contact
		set owner = $1,
		label = $2,
		verified_at = $3,
		valid_until = $4
		where patient_id = $5
		and id = $6`, c.Owner, c.Label, c.VerifiedAt, c.ValidUntil, c.PatientID, c.ID)
	return err
}

// rankFirst puts one contact point before the others of its patient.
func rankFirst(ctx context.Context, tx *db.Tx, id ID, contact ContactID) error {
	if _, err := tx.Exec(ctx, `update patient_contact set rank = rank + 1 where patient_id = $1 and id <> $2`, id, contact); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `update patient_contact set rank = 1 where patient_id = $1 and id = $2`, id, contact)
	return err
}

func deleteContact(ctx context.Context, tx *db.Tx, id ID, contact ContactID) error {
	_, err := tx.Exec(ctx, `delete from patient_contact where patient_id = $1 and id = $2`, id, contact)
	return err
}

func byNumber(ctx context.Context, tx *db.Tx, number string) ([]ID, error) {
	return db.List[ID](ctx, tx, `
		select distinct c.patient_id
		from patient_contact c
		join patient_patient p on p.id = c.patient_id
		where c.number = $1
		and p.merged_into is null
		and p.deleted_at is null
		order by c.patient_id
		limit 100`, number)
}

func markWrong(ctx context.Context, tx *db.Tx, number, reason string, by int64) error {
	_, err := tx.Exec(ctx, `
		insert into patient_wrong_number (number, reason, marked_by, marked_at)
		values ($1, $2, $3, $4)
		on conflict (number) do nothing`, number, reason, none(by), tx.Now)
	return err
}

func clearWrong(ctx context.Context, tx *db.Tx, number string) error {
	_, err := tx.Exec(ctx, `delete from patient_wrong_number where number = $1`, number)
	return err
}

func isWrong(ctx context.Context, tx *db.Tx, number string) (bool, error) {
	_, ok, err := db.First[string](ctx, tx, `select number from patient_wrong_number where number = $1`, number)
	return ok, err
}
