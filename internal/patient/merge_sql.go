package patient

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// journal writes down what a merge does, row by row.
type journal struct {
	merge   MergeID
	patient ID
	seq     int
}

func (j *journal) write(ctx context.Context, tx *db.Tx, table string, before, after Row) error {
	j.seq++
	_, err := tx.Exec(ctx, `
		insert into patient_merge_row (merge_id, patient_id, seq, table_name, before, after)
		values ($1, $2, $3, $4, $5, $6)`, j.merge, j.patient, j.seq, table, before.text(), after.text())
	return err
}

type journalLine struct {
	TableName string
	Before    string
	After     string
}

func (l journalLine) rows() (was, now Row, err error) {
	if was, err = parseRow(l.Before); err != nil {
		return nil, nil, err
	}
	now, err = parseRow(l.After)
	return was, now, err
}

func journalOf(ctx context.Context, tx *db.Tx, m merge) ([]journalLine, error) {
	return db.List[journalLine](ctx, tx, `
		select table_name, before, after
		from patient_merge_row
		where patient_id = $1
		and merge_id = $2
		order by seq desc`, m.PatientID, m.ID)
}

func (r Row) with(col string, v any) Row {
	out := make(Row, len(r))
	for k, x := range r {
		out[k] = x
	}
	out[col] = v
	return out
}

// text is the row as JSON with its columns in order, "" for no row.
func (r Row) text() string {
	if r == nil {
		return ""
	}
	b, err := json.Marshal(r)
	if err != nil {
		panic(err) // values are numbers, text and booleans
	}
	return string(b)
}

func parseRow(s string) (Row, error) {
	if s == "" {
		return nil, nil
	}
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	r := Row{}
	if err := d.Decode((*map[string]any)(&r)); err != nil {
		return nil, err
	}
	for k, v := range r {
		n, ok := v.(json.Number)
		if !ok {
			continue
		}
		if i, err := n.Int64(); err == nil {
			r[k] = i
		} else if f, err := n.Float64(); err == nil {
			r[k] = f
		}
	}
	return r, nil
}

// columns lists a row's columns in order, for statements that are equal for equal rows.
func (r Row) columns() []string {
	out := make([]string, 0, len(r))
	for c := range r {
		out = append(out, c)
	}
	sort.Strings(out)
	return out
}

func (r Row) condition(q *db.Query) {
	for i, c := range r.columns() {
		word := "and "
		if i == 0 {
			word = "where "
		}
		q.Add(word+c+" = ?", r[c])
	}
}

// rowsWhere reads whole rows of any declared table; names come from declarations, never from input.
func rowsWhere(ctx context.Context, tx *db.Tx, table string, where Row, by []string) ([]Row, error) {
	q := db.SQL("select * from " + table)
	where.condition(q)
	q.If(len(by) > 0, "order by "+strings.Join(by, ", "))
	return wholeRows(ctx, tx, q.Text(), q.Args()...)
}

// wholeRows reads rows with all their columns.
func wholeRows(ctx context.Context, tx *db.Tx, text string, args ...any) ([]Row, error) {
	rows, err := tx.Query(ctx, text, args...)
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

func scanRow(rows *sql.Rows, cols []string) (Row, error) {
	vals, dest := make([]any, len(cols)), make([]any, len(cols))
	for i := range vals {
		dest[i] = &vals[i]
	}
	if err := rows.Scan(dest...); err != nil {
		return nil, err
	}
	r := make(Row, len(cols))
	for i, c := range cols {
		switch v := vals[i].(type) {
		case []byte:
			r[c] = string(v)
		case float64:
			r[c] = v
			if v == float64(int64(v)) {
				r[c] = int64(v) // as it comes back from the journal
			}
		default:
			r[c] = v
		}
	}
	return r, nil
}

func oneRow(ctx context.Context, tx *db.Tx, table string, where Row) (Row, error) {
	rows, err := rowsWhere(ctx, tx, table, where, nil)
	if err != nil {
		return nil, err
	}
	if len(rows) != 1 {
		return nil, db.Missing()
	}
	return rows[0], nil
}

func setRow(ctx context.Context, tx *db.Tx, table string, where, values Row) error {
	q := db.SQL("update " + table)
	for i, c := range values.columns() {
		word := ", "
		if i == 0 {
			word = "set "
		}
		q.Add(word+c+" = ?", values[c])
	}
	where.condition(q)
	n, err := tx.Exec(ctx, q.Text(), q.Args()...)
	if err == nil && n != 1 {
		err = fmt.Errorf("patient: merge expected one row of %s, found %d", table, n)
	}
	return err
}

func deleteRow(ctx context.Context, tx *db.Tx, table string, where Row) error {
	q := db.SQL("delete from " + table)
	where.condition(q)
	_, err := tx.Exec(ctx, q.Text(), q.Args()...)
	return err
}

func insertRow(ctx context.Context, tx *db.Tx, table string, r Row) error {
	cols := r.columns()
	args := make([]any, len(cols))
	for i, c := range cols {
		args[i] = r[c]
	}
	q := db.SQL("insert into "+table+" ("+strings.Join(cols, ", ")+") values "+rowsOf(len(cols), 1), args...)
	q.Add("on conflict do nothing")
	_, err := tx.Exec(ctx, q.Text(), q.Args()...)
	return err
}

func setMerged(ctx context.Context, tx *db.Tx, survivor ID, met, seen clock.Instant, loser ID) error {
	if _, err := tx.Exec(ctx, `update patient_patient set met_at = $1, seen_at = $2 where id = $3`, met, seen, survivor); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		update patient_patient
		set merged_into = $1,
		version = version + 1,
		updated_at = $2
		where id = $3`, survivor, tx.Now, loser)
	return err
}

func insertMerge(ctx context.Context, tx *db.Tx, m merge, by int64) error {
	_, err := tx.Exec(ctx, `
		insert into patient_merge (id, patient_id, loser_id, reason, chosen, merged_by, merged_at, undone_by, undone_at)
		values ($1, $2, $3, $4, $5, $6, $7, null, 0)`, m.ID, m.PatientID, m.LoserID, m.Reason, m.Chosen, none(by), tx.Now)
	return err
}

// forgetJournal empties a merge's journal before it is carried out anew.
func forgetJournal(ctx context.Context, tx *db.Tx, m merge) error {
	_, err := tx.Exec(ctx, `delete from patient_merge_row where patient_id = $1 and merge_id = $2`, m.PatientID, m.ID)
	return err
}

const mergeColumns = `id, patient_id, loser_id, reason, chosen, merged_at, undone_at`

func findMerge(ctx context.Context, tx *db.Tx, id MergeID) (merge, error) {
	return db.One[merge](ctx, tx, `select `+mergeColumns+` from patient_merge where id = $1`, id)
}

// laterMerges lists the merges after m, not undone, that touched one of the records, the oldest first.
func laterMerges(ctx context.Context, tx *db.Tx, after MergeID, ids []ID) ([]merge, error) {
	q := db.SQL("select "+mergeColumns+" from patient_merge where undone_at = 0 and id > ?", after)
	db.In(q, padded(ids), "and (patient_id in (%s)")
	db.In(q, padded(ids), "or loser_id in (%s))")
	return db.Rows[merge](ctx, tx, q.Add("order by id"))
}

func closeMerge(ctx context.Context, tx *db.Tx, id MergeID, by int64) error {
	_, err := tx.Exec(ctx, `update patient_merge set undone_by = $1, undone_at = $2 where id = $3`, none(by), tx.Now, id)
	return err
}

// CheckTables compares the declared tables with those of the live schema that carry patient_id. A table that nobody declared, or a
// declaration without a table, is refused: a merge would leave rows behind.
func (s *Service) CheckTables(ctx context.Context) error {
	text := `
		select distinct m.name
		from sqlite_master m
		join pragma_table_info(m.name) c
		where m.type = 'table'
		and c.name = 'patient_id'`
	if s.DB.Engine() == db.Postgres {
		text = `
		select distinct c.table_name
		from information_schema.columns c
		join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
		where c.table_schema = current_schema()
		and t.table_type = 'BASE TABLE'
		and c.column_name = 'patient_id'`
	}
	have, err := db.List[string](ctx, s.DB.Read(ctx), text)
	if err != nil {
		return err
	}
	var declared []string
	for _, t := range s.tables {
		declared = append(declared, t.Name)
	}
	sort.Strings(have)
	sort.Strings(declared)
	missing, extra := without(have, declared), without(declared, have)
	if len(missing)+len(extra) > 0 {
		return fault.Wrap(fmt.Errorf("undeclared %v, without a table %v", missing, extra), fault.Internal, "patient.merge.undeclared", "missing", strings.Join(missing, " "), "extra", strings.Join(slices.Clip(extra), " "))
	}
	return nil
}

// number reads an integer column of a Row.
func number(v any) int64 {
	switch n := v.(type) {
	case int64:
		return n
	case float64:
		return int64(n)
	}
	return 0
}
