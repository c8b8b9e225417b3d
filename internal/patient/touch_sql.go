package patient

import (
	"context"
	"strconv"

	"renxin/internal/platform/db"
)

func touchesOf(ctx context.Context, tx *db.Tx, id ID) ([]Touch, error) {
	return db.List[Touch](ctx, tx, `
		select id, patient_id, source, note, origin, at, created_by
		from patient_touch
		where patient_id = $1
		order by at, id
		limit 500`, id)
}

// touchKnown reports that a patient came through a source after the first already.
func touchKnown(ctx context.Context, tx *db.Tx, id ID, source string) (bool, error) {
	_, known, err := db.First[int64](ctx, tx, `select 1 from patient_touch where patient_id = $1 and source = $2 limit 1`, id, source)
	return known, err
}

func insertTouch(ctx context.Context, tx *db.Tx, t Touch) error {
	_, err := tx.Exec(ctx, `
		insert into patient_touch (id, patient_id, source, note, origin, at, created_by)
		values ($1, $2, $3, $4, $5, $6, $7)`, t.ID, t.PatientID, t.Source, t.Note, t.Origin, t.At, t.CreatedBy)
	return err
}

// The words of dictionaries in our columns. Table and column come from declarations, never from input.

func countWord(ctx context.Context, tx *db.Tx, table, column, code string, limit int) (int, error) {
	n, _, err := db.First[int64](ctx, tx, "select count(*) from (select 1 from "+table+" where "+column+" = $1 limit $2) x", code, limit)
	return int(n), err
}

func moveWord(ctx context.Context, tx *db.Tx, table, column, from, into string, limit int) ([]string, error) {
	ids, err := db.List[int64](ctx, tx, "select id from "+table+" where "+column+" = $1 order by id limit $2", from, limit)
	if err != nil {
		return nil, err
	}
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = strconv.FormatInt(id, 10)
	}
	return keys, setWord(ctx, tx, table, column, from, into, ids)
}

func backWord(ctx context.Context, tx *db.Tx, table, column, from, into string, keys []string) error {
	ids := make([]int64, 0, len(keys))
	for _, k := range keys {
		id, err := strconv.ParseInt(k, 10, 64)
		if err != nil {
			return err
		}
		ids = append(ids, id)
	}
	return setWord(ctx, tx, table, column, from, into, ids)
}

func setWord(ctx context.Context, tx *db.Tx, table, column, from, into string, ids []int64) error {
	for len(ids) > 0 {
		part := ids[:min(len(ids), 256)]
		ids = ids[len(part):]
		q := db.SQL("update "+table+" set "+column+" = ? where "+column+" = ?", into, from)
		db.In(q, padded(part), "and id in (%s)")
		if _, err := tx.Exec(ctx, q.Text(), q.Args()...); err != nil {
			return err
		}
	}
	return nil
}
