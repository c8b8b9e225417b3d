package organization

import (
	"context"

	"renxin/internal/platform/db"
)

const contractColumns = `id, organization_id, number, title, valid_from, valid_to, amount_fen, terms, created_by, created_at, updated_at, version`

func contractsOf(ctx context.Context, tx *db.Tx, id ID) ([]Contract, error) {
	return db.List[Contract](ctx, tx, `
		select `+contractColumns+`
		from organization_contract
		where organization_id = $1
		order by valid_from desc, id desc`, id)
}

func insertContract(ctx context.Context, tx *db.Tx, c Contract) error {
	_, err := tx.Exec(ctx, `
		insert into organization_contract (`+contractColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		c.ID, c.OrganizationID, c.Number, c.Title, c.ValidFrom, c.ValidTo, c.AmountFen, c.Terms, orNull(c.CreatedBy), c.CreatedAt, c.UpdatedAt, c.Version)
	return err
}

func updateContract(ctx context.Context, tx *db.Tx, c Contract) error {
	return changed(tx.Exec(ctx, `
		update organization_contract
		set number = $1,
		title = $2,
		valid_from = $3,
		valid_to = $4,
		amount_fen = $5,
		terms = $6,
		updated_at = $7,
		version = version + 1
		where organization_id = $8
		and id = $9
		and version = $10`, c.Number, c.Title, c.ValidFrom, c.ValidTo, c.AmountFen, c.Terms, c.UpdatedAt, c.OrganizationID, c.ID, c.Version))
}

// changed reads that no row of that version was there.
func changed(n int64, err error) error {
	if err == nil && n == 0 {
		err = db.Stale(nil)
	}
	return err
}

func deleteContract(ctx context.Context, tx *db.Tx, id ID, contract ContractID) error {
	_, err := tx.Exec(ctx, `delete from organization_contract where organization_id = $1 and id = $2`, id, contract)
	return err
}

const contactColumns = `id, organization_id, name, post, phone, email, main, note, updated_at, version`

func contactsOf(ctx context.Context, tx *db.Tx, id ID) ([]Contact, error) {
	return db.List[Contact](ctx, tx, `
		select `+contactColumns+`
		from organization_contact
		where organization_id = $1
		order by case when main then 0 else 1 end, id`, id)
}

func insertContact(ctx context.Context, tx *db.Tx, c Contact) error {
	_, err := tx.Exec(ctx, `
		insert into organization_contact (`+contactColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, c.ID, c.OrganizationID, c.Name, c.Post, c.Phone, c.Email, c.Main, c.Note, c.UpdatedAt, c.Version)
	return err
}

func updateContact(ctx context.Context, tx *db.Tx, c Contact) error {
	return changed(tx.Exec(ctx, `
		update organization_contact
		set name = $1,
		post = $2,
		phone = $3,
		email = $4,
		main = $5,
		note = $6,
		updated_at = $7,
		version = version + 1
		where organization_id = $8
		and id = $9
		and version = $10`, c.Name, c.Post, c.Phone, c.Email, c.Main, c.Note, c.UpdatedAt, c.OrganizationID, c.ID, c.Version))
}

func demoteContacts(ctx context.Context, tx *db.Tx, id ID) error {
	_, err := tx.Exec(ctx, `update organization_contact set main = false where organization_id = $1 and main = true`, id)
	return err
}

func deleteContact(ctx context.Context, tx *db.Tx, id ID, contact ContactID) error {
	_, err := tx.Exec(ctx, `delete from organization_contact where organization_id = $1 and id = $2`, id, contact)
	return err
}

func callsOf(ctx context.Context, tx *db.Tx, id ID) ([]Call, error) {
	return db.List[Call](ctx, tx, `
		select c.id, c.organization_id, c.kind, c.at, c.text, c.next_date, c.staff_id, coalesce(a.name, '') as staff, c.created_at
		from organization_call c
		left join staff_account a on a.id = c.staff_id
		where c.organization_id = $1
		order by c.at desc, c.id desc
		limit 100`, id)
}

func insertCall(ctx context.Context, tx *db.Tx, c Call) error {
	_, err := tx.Exec(ctx, `
		insert into organization_call (id, organization_id, kind, at, text, next_date, staff_id, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`, c.ID, c.OrganizationID, c.Kind, c.At, c.Text, c.NextDate, orNull(c.StaffID), c.CreatedAt)
	return err
}
