package audit

import (
	"context"
	"strings"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/trail"
)

func where(q *db.Query, f Filter) *db.Query {
	q.If(f.From != 0, `and at >= ?`, f.From).
		If(f.To != 0, `and at < ?`, f.To).
		If(f.ActorID != 0, `and actor_id = ?`, f.ActorID).
		If(f.PatientID != 0, `and patient_id = ?`, f.PatientID)
	if strings.HasSuffix(f.Action, ".") {
		return q.Add(`and action >= ? and action < ?`, f.Action, f.Action[:len(f.Action)-1]+"/") // '/' follows '.' in ASCII
	}
	return q.If(f.Action != "", `and action = ?`, f.Action)
}

func list(ctx context.Context, tx *db.Tx, f Filter) ([]trail.Row, error) {
	q := where(db.SQL(`
		select id, seq, at, actor_id, actor, door, request_id, action, entity, entity_id, patient_id, reason, detail, hash
		from trail_entry
		where true`), f)
	if f.Cursor != "" {
		var at clock.Instant
		var id int64
		if err := db.Uncursor(f.Cursor, &at, &id); err != nil {
			return nil, err
		}
		q.Add(`and (at, id) < (?, ?)`, at, id)
	}
	return db.Rows[trail.Row](ctx, tx, q.Add(`order by at desc, id desc limit ?`, f.Limit+1))
}

func count(ctx context.Context, tx *db.Tx, f Filter) (int, error) {
	q := where(db.SQL(`select count(*) from (select 1 from trail_entry where true`), f).Add(`limit ?) as capped`, db.CountCap+1)
	n, _, err := db.FirstOf[int](ctx, tx, q)
	return n, err
}
