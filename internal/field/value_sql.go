package field

import (
	"context"
	"slices"

	"renxin/internal/platform/db"
)

func valuesOf(ctx context.Context, tx *db.Tx, records []int64) ([]value, error) {
	var out []value
	for part := range slices.Chunk(records, 500) {
		q := db.SQL("select patient_id, field_id, item, text, term, number, updated_at, updated_by from field_value")
		db.In(q, part, "where patient_id in (%s)")
		q.Add("order by patient_id, field_id, item")
		rows, err := db.Rows[value](ctx, tx, q)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

// replaceValues makes rows the only values of one field.
func replaceValues(ctx context.Context, tx *db.Tx, patient int64, id ID, rows []value, by int64) error {
	if _, err := tx.Exec(ctx, `delete from field_value where patient_id = $1 and field_id = $2`, patient, id); err != nil {
		return err
	}
	for _, r := range rows {
		_, err := tx.Exec(ctx, `
			insert into field_value (patient_id, field_id, item, text, term, number, updated_at, updated_by)
			values ($1, $2, $3, $4, $5, $6, $7, $8)`, patient, id, r.Item, r.Text, r.Term, r.Number, tx.Now, orNull(by))
		if err != nil {
			return err
		}
	}
	return nil
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
