package intake

import (
	"context"

	"renxin/internal/platform/db"
)

// listRows gives the rows of a run after a place. Records and copies have keys from one counter, which orders them as they came.
func listRows(ctx context.Context, tx *db.Tx, run RunID, f RowFilter, scope func(*db.Query), after int64, limit int, raw bool) ([]Row, error) {
	text := ", '' as raw, 'text' as raw_form"
	if raw {
		text = ", m.raw, m.raw_form"
	}
	const columns = `m.id, m.key, m.changed, m.patient_id, m.type, m.attempts, m.processed_at, m.undone_at`
	q := db.SQL(`select * from (`)
	if f.Verdict != Duplicate {
		q.Add(`select * from (select m.id as place, m.ref, m.verdict, m.code, m.reasons, `+columns+text+` from intake_message m where m.run_id = ? and m.id > ?`, run, after)
		f.narrow(q)
		scope(q)
		q.Add(`order by m.id limit ?) a`, limit)
	}
	if f.Verdict == "" && !f.Warned {
		q.Add(`union all`)
	}
	if f.Verdict == Duplicate || f.Verdict == "" && !f.Warned {
		q.Add(`select * from (select r.id as place, r.ref, 'duplicate' as verdict, 'intake.record.duplicate' as code, '[]' as reasons, `+columns+text+`
			from intake_repeat r join intake_message m on m.id = r.message_id where r.run_id = ? and r.id > ?`, run, after)
		scope(q)
		q.Add(`order by r.id limit ?) b`, limit)
	}
	q.Add(`) c order by place limit ?`, limit)
	return db.Rows[Row](ctx, tx, q)
}

func (f RowFilter) narrow(q *db.Query) {
	q.If(f.Verdict != "", `and m.verdict = ?`, string(f.Verdict))
	q.If(f.Warned, `and m.reasons <> '[]' and m.verdict in ('new', 'updated', 'unchanged')`)
}

func countRows(ctx context.Context, tx *db.Tx, run RunID, f RowFilter, scope func(*db.Query)) (int, error) {
	total := 0
	if f.Verdict != Duplicate {
		q := db.SQL(`select count(*) from (select 1 as one from intake_message m where m.run_id = ?`, run)
		f.narrow(q)
		scope(q)
		n, _, err := db.FirstOf[int](ctx, tx, q.Add(`limit ?) t`, db.CountCap+1))
		if err != nil {
			return 0, err
		}
		total += n
	}
	if f.Verdict == Duplicate || f.Verdict == "" && !f.Warned {
		q := db.SQL(`select count(*) from (select 1 as one from intake_repeat r join intake_message m on m.id = r.message_id where r.run_id = ?`, run)
		scope(q)
		n, _, err := db.FirstOf[int](ctx, tx, q.Add(`limit ?) t`, db.CountCap+1))
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}
