package patient

import (
	"context"

	"renxin/internal/identity"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

const identifierColumns = `n.id, n.patient_id, n.kind, n.issuer, n.value, n.source, n.created_at`

func identifiersOf(ctx context.Context, tx *db.Tx, ids []ID) ([]Identifier, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	q := db.SQL("select " + identifierColumns + " from patient_identifier n")
	db.In(q, padded(ids), "where n.patient_id in (%s)")
	q.Add("order by n.patient_id, n.id")
	return db.Rows[Identifier](ctx, tx, q)
}

func numbersByValue(ctx context.Context, tx *db.Tx, kind identity.IdentifierKind, issuer, value string) ([]Identifier, error) {
	return db.List[Identifier](ctx, tx, `
		select `+identifierColumns+`
		from patient_identifier n
		where n.value = $1
		and n.kind = $2
		and n.issuer = $3
		order by n.id
		limit 50`, value, string(kind), issuer)
}

type ownerRow struct {
	ID         ID
	MergedInto ID
}

// findOwner gives the patient whose hospital number it is.
func findOwner(ctx context.Context, tx *db.Tx, n Identifier) (ownerRow, bool, error) {
	return db.First[ownerRow](ctx, tx, `
		select p.id, p.merged_into
		from patient_identifier n
		join patient_patient p on p.id = n.patient_id
		where n.value = $1
		and n.kind = $2
		and n.issuer = $3
		limit 1`, n.Value, string(n.Kind), n.Issuer)
}

func findIdentifier(ctx context.Context, tx *db.Tx, id ID, number IdentifierID) (Identifier, error) {
	return db.One[Identifier](ctx, tx, `
		select `+identifierColumns+`
		from patient_identifier n
		where n.patient_id = $1
		and n.id = $2`, id, number)
}

// insertIdentifier tells false where the number of this issuer is taken.
func insertIdentifier(ctx context.Context, tx *db.Tx, n Identifier) (bool, error) {
	rows, err := tx.Exec(ctx, `
		insert into patient_identifier (id, patient_id, kind, issuer, value, source, created_at)
		values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (value, kind, issuer) where issuer <> '' do nothing`, identifierValues(n)...)
	return rows == 1, err
}

func identifierValues(n Identifier) []any {
	return []any{n.ID, n.PatientID, string(n.Kind), n.Issuer, n.Value, n.Source, n.CreatedAt}
}

func deleteIdentifier(ctx context.Context, tx *db.Tx, id ID, number IdentifierID) error {
	n, err := tx.Exec(ctx, `delete from patient_identifier where patient_id = $1 and id = $2`, id, number)
	if err == nil && n == 0 {
		err = db.Missing()
	}
	return err
}

type alias struct {
	IntoKind   identity.IdentifierKind
	IntoIssuer string
	IntoValue  string
}

func findAlias(ctx context.Context, tx *db.Tx, kind identity.IdentifierKind, issuer, value string) (alias, bool, error) {
	return db.First[alias](ctx, tx, `
		select into_kind, into_issuer, into_value
		from patient_alias
		where value = $1
		and kind = $2
		and issuer = $3`, value, string(kind), issuer)
}

func putAlias(ctx context.Context, tx *db.Tx, from, into Identifier, at clock.Instant) error {
	_, err := tx.Exec(ctx, `
		insert into patient_alias (kind, issuer, value, into_kind, into_issuer, into_value, at)
		values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (value, kind, issuer) do update
		set into_kind = excluded.into_kind,
		into_issuer = excluded.into_issuer,
		into_value = excluded.into_value,
		at = excluded.at`, string(from.Kind), from.Issuer, from.Value, string(into.Kind), into.Issuer, into.Value, at)
	return err
}
