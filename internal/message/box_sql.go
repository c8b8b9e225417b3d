package message

import (
	"cmp"
	"context"
	"math"
	"slices"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// scoped appends the caller's scope to a query.
type scoped func(*db.Query)

// ofStaff narrows to patients that a person has to do with, so that the few are looked up one by one instead of searching
// all messages for theirs. The scope itself is applied beside it.
const ofStaff = `and m.patient_id in (select pa.patient_id from patient_access pa where pa.kind = 'staff' and pa.key = ?)`

// pageOfMessages reads each state by its own index range and merges, because no index serves "several states in order of
// time": a box of ten million sent messages would be sorted, or one of ten waiting ones searched among all.
func pageOfMessages(ctx context.Context, tx *db.Tx, f Filter, scope scoped) (page db.Page[Message], err error) {
	limit := db.Limit(f.Limit)
	at, id := int64(math.MaxInt64), int64(0)
	if f.Cursor != "" {
		if err := db.Uncursor(f.Cursor, &at, &id); err != nil {
			return page, err
		}
	}
	states := boxes[f.Box]
	switch {
	case f.State != "" && f.Box != "" && !slices.Contains(states, f.State):
		states = []State{}
	case f.State != "":
		states = []State{f.State}
	case f.Box == "":
		states = []State{""}
	}
	rows, n := []Message{}, 0
	for _, state := range states {
		q := messagesFrom(db.SQL(`select `+messageColumns), f, state, scope).Add(`and (m.created_at, m.id) < (?, ?)`, at, id)
		list, err := db.Rows[Message](ctx, tx, q.Add(`order by m.created_at desc, m.id desc limit ?`, limit+1))
		if err != nil {
			return page, err
		}
		c, _, err := db.FirstOf[int](ctx, tx, messagesFrom(db.SQL(`select count(*) from (select 1 as one`), f, state, scope).Add(`limit ?) c`, db.CountCap+1))
		if err != nil {
			return page, err
		}
		rows, n = append(rows, list...), n+c
	}
	slices.SortFunc(rows, func(a, b Message) int { return cmp.Or(cmp.Compare(b.CreatedAt, a.CreatedAt), cmp.Compare(b.ID, a.ID)) })
	rows = rows[:min(len(rows), limit+1)]
	return db.Cut(rows, limit, db.Capped(n), func(m Message) string { return db.Cursor(int64(m.CreatedAt), int64(m.ID)) }), nil
}

func messagesFrom(q *db.Query, f Filter, state State, scope scoped) *db.Query {
	q.Add(`from message_message m where 1 = 1`)
	q.If(state != "" && f.ownOf == 0, `and m.state = ?`, state)
	q.If(state != "" && f.ownOf != 0, `and coalesce(m.state, '') = ?`, state) // hides the column from the planner: the patients lead
	q.If(f.ownOf != 0, ofStaff, f.ownOf)
	q.If(f.PatientID != 0, `and m.patient_id = ?`, f.PatientID)
	scope(q)
	return q
}

type stateCount struct {
	State State
	N     int
}

func countByState(ctx context.Context, tx *db.Tx, since clock.Instant, own int64, scope scoped) ([]stateCount, error) {
	q := db.SQL(`select m.state, count(*) as n from message_message m where m.created_at >= ?`, since)
	q.If(own == 0, `and m.state in ('queued', 'sending', 'accepted', 'delivered', 'failed', 'unknown', 'blocked', 'cancelled')`) // by one covering index
	q.If(own != 0, ofStaff, own)
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
