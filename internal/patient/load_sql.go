package patient

import (
	"context"

	"renxin/internal/identity"
	"renxin/internal/platform/db"
)

const loadColumns = `id, name, pinyin, sex, birth_date, occupation, ethnicity, marital, address, region_code, source, owner_id, department_id,
	note, alert, deceased_at, created_by, created_at, updated_at, met_at, seen_at, version`

func insertLoad(ctx context.Context, tx *db.Tx, batch []LoadRow) error {
	var patients, contacts, numbers, tags, accesses, terms [][]any
	for _, r := range batch {
		p := r.Patient
		patients = append(patients, patientValues(p))
		for _, c := range r.Contacts {
			contacts = append(contacts, contactValues(c))
		}
		for _, n := range r.Identifiers {
			numbers = append(numbers, identifierValues(n))
		}
		for _, t := range r.Tags {
			tags = append(tags, []any{p.ID, t, none(p.CreatedBy), p.CreatedAt})
		}
		for _, a := range r.Access {
			accesses = append(accesses, []any{p.ID, a.Kind, a.Key, a.Role, a.Until})
		}
		for _, t := range identity.Terms(searchText(p, r.Contacts, r.Identifiers)) {
			terms = append(terms, []any{t, p.ID})
		}
	}
	for _, t := range []struct {
		name, columns string
		rows          [][]any
	}{
		{"patient_patient", loadColumns, patients},
		{"patient_contact", "id, patient_id, system, value, number, ext, owner, label, rank, verified_at, valid_until, source, created_at", contacts},
		{"patient_identifier", "id, patient_id, kind, issuer, value, source, created_at", numbers},
		{"patient_tag", "patient_id, tag, created_by, created_at", tags},
		{"patient_access", "patient_id, kind, key, role, until", accesses},
		{"patient_search", "term, patient_id", terms},
	} {
		if err := tx.Insert(ctx, t.name, t.columns, t.rows); err != nil {
			return err
		}
	}
	return nil
}
