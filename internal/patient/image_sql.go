package patient

import (
	"context"

	"renxin/internal/platform/db"
)

// rowsOfMany reads the whole rows of many patients; the table's name comes from a declaration, never from input.
func rowsOfMany(ctx context.Context, tx *db.Tx, table string, ids []ID) ([]Row, error) {
	q := db.SQL("select * from " + table)
	list := padded(ids)
	switch table {
	case "patient_patient":
		db.In(q, list, "where id in (%s)")
	case "patient_pair":
		db.In(q, list, "where patient_id in (%s)")
		db.In(q.Add("union select * from patient_pair"), list, "where other_id in (%s)")
	default:
		db.In(q, list, "where patient_id in (%s)")
	}
	rows, err := tx.Query(ctx, q.Text(), q.Args()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var out []Row
	for rows.Next() {
		r, err := scanRow(rows, cols)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// patientsIn tells which of the patients have rows in a table.
func patientsIn(ctx context.Context, tx *db.Tx, table string, ids []ID) ([]ID, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	q := db.SQL("select distinct patient_id from " + table)
	return db.Rows[ID](ctx, tx, db.In(q, padded(ids), "where patient_id in (%s)"))
}

// markDeleted keeps the row for those that refer to it.
func markDeleted(ctx context.Context, tx *db.Tx, id ID) error {
	_, err := tx.Exec(ctx, `
		update patient_patient
		set deleted_at = $1,
		updated_at = $1,
		version = version + 1
		where id = $2`, tx.Now, id)
	return err
}

func dropPairs(ctx context.Context, tx *db.Tx, id ID) error {
	if _, err := tx.Exec(ctx, `delete from patient_pair where other_id = $1`, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `delete from patient_pair where patient_id = $1`, id)
	return err
}

// OwnersOf finds who holds numbers at this moment, many at once; a number that nobody holds is absent. Merges are not followed.
func (s *Service) OwnersOf(ctx context.Context, values []string) ([]ID, error) {
	if len(values) == 0 {
		return nil, nil
	}
	q := db.SQL("select distinct patient_id from patient_identifier")
	return db.Rows[ID](ctx, s.DB.Read(ctx), db.In(q, padded(values), "where value in (%s)"))
}
