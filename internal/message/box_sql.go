package message

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/db"
)

// scoped appends the caller's scope to a query.
type scoped func(*db.Query)

func messagesFrom(q *db.Query, f Filter, scope scoped) *db.Query {
	q.Add(`from message_message m where 1 = 1`)
	db.In(q, boxes[f.Box], `and m.state in (%s)`)
	q.If(f.State != "", `and m.state = ?`, f.State)
	q.If(f.PatientID != 0, `and m.patient_id = ?`, f.PatientID)
	scope(q)
	return q
}

func pageOfMessages(ctx context.Context, tx *db.Tx, f Filter, scope scoped) (page db.Page[Message], err error) {
	limit := db.Limit(f.Limit)
	q := messagesFrom(db.SQL(`select `+messageColumns), f, scope)
	if f.Cursor != "" {
		var at, id int64
		if err := db.Uncursor(f.Cursor, &at, &id); err != nil {
			return page, err
		}
		q.Add(`and (m.created_at, m.id) < (?, ?)`, at, id)
	}
	rows, err := db.Rows[Message](ctx, tx, q.Add(`order by m.created_at desc, m.id desc limit ?`, limit+1))
	if err != nil {
		return page, err
	}
	n, _, err := db.FirstOf[int](ctx, tx, messagesFrom(db.SQL(`select count(*) from (select 1 as one`), f, scope).Add(`limit ?) c`, db.CountCap+1))
	return db.Cut(rows, limit, db.Capped(n), func(m Message) string { return db.Cursor(int64(m.CreatedAt), int64(m.ID)) }), err
}

type stateCount struct {
	State State
	N     int
}

func countByState(ctx context.Context, tx *db.Tx, scope scoped) ([]stateCount, error) {
	q := db.SQL(`select m.state, count(*) as n from message_message m where 1 = 1`)
	scope(q)
	return db.Rows[stateCount](ctx, tx, q.Add(`group by m.state`))
}

func findMessage(ctx context.Context, tx *db.Tx, id ID, scope scoped) (Message, bool, error) {
	q := db.SQL(`select `+messageColumns+` from message_message m where m.id = ?`, id)
	scope(q)
	return db.FirstOf[Message](ctx, tx, q)
}

func waitingByPrefix(ctx context.Context, tx *db.Tx, prefix string) ([]Message, error) {
	return db.List[Message](ctx, tx, `
		select `+messageColumns+`
		from message_message m
		where m.key >= $1 and m.key < $2 and m.key <> '' and m.state = 'queued'`, prefix, prefix+"\U0010FFFF")
}

const threadLines = 200

func threadOut(ctx context.Context, tx *db.Tx, p patient.ID) ([]Message, error) {
	return db.List[Message](ctx, tx, `
		select `+messageColumns+`
		from message_message m
		where m.patient_id = $1 and m.state not in ('blocked', 'cancelled')
		order by m.created_at desc, m.id desc
		limit $2`, p, threadLines)
}

func threadIn(ctx context.Context, tx *db.Tx, p patient.ID) ([]Reply, error) {
	return db.List[Reply](ctx, tx, `
		select `+replyColumns+`
		from message_incoming i
		where i.patient_id = $1
		order by i.received_at desc, i.id desc
		limit $2`, p, threadLines)
}
