package patient

import (
	"context"

	"renxin/internal/platform/db"
)

// survives reports a merge, not undone, into the patient.
func survives(ctx context.Context, tx *db.Tx, id ID) (bool, error) {
	_, ok, err := db.First[int64](ctx, tx, `select 1 from patient_merge where patient_id = $1 and undone_at = 0 limit 1`, id)
	return ok, err
}

// insertOrigins notes the rows of one table that a patient got after mark.
func insertOrigins(ctx context.Context, tx *db.Tx, table string, id ID, mark int64, by []ID) error {
	rows, err := db.List[int64](ctx, tx, `select id from `+table+` where patient_id = $1 and id > $2`, id, mark)
	if err != nil {
		return err
	}
	for _, r := range rows {
		for _, n := range by {
			_, err := tx.Exec(ctx, `
				insert into patient_origin (patient_id, table_name, row_id, identifier_id)
				values ($1, $2, $3, $4)
				on conflict do nothing`, id, table, r, n)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

type originRow struct {
	TableName    string
	RowID        int64
	IdentifierID ID
}

func originsOf(ctx context.Context, tx *db.Tx, id ID) (map[string][]ID, error) {
	rows, err := db.List[originRow](ctx, tx, `select table_name, row_id, identifier_id from patient_origin where patient_id = $1`, id)
	out := map[string][]ID{}
	for _, r := range rows {
		k := origin(r.TableName, r.RowID)
		out[k] = append(out[k], r.IdentifierID)
	}
	return out, err
}

func moveOrigin(ctx context.Context, tx *db.Tx, m merge, table string, row int64) error {
	_, err := tx.Exec(ctx, `update patient_origin set patient_id = $1 where patient_id = $2 and table_name = $3 and row_id = $4`, m.LoserID, m.PatientID, table, row)
	return err
}

// rowsSince reads the survivor's rows that are younger than the merge; IDs rise with time.
func rowsSince(ctx context.Context, tx *db.Tx, table string, m merge) ([]Row, error) {
	return wholeRows(ctx, tx, `select * from `+table+` where patient_id = $1 and id > $2 order by id`, m.PatientID, m.ID)
}

func rowIDs(ctx context.Context, tx *db.Tx, table string, id ID) ([]int64, error) {
	return db.List[int64](ctx, tx, `select id from `+table+` where patient_id = $1`, id)
}
