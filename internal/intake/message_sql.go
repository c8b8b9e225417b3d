package intake

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

const messageColumns = `id, feed_id, run_id, ref, sender, control_id, hash, type, event, charset, raw, raw_form, repaired, verdict, code, reasons,
	key, changed, candidates, patient_id, occurred_at, received_at, processed_at, attempts, decided_by, undone_at`

// messageByKey finds the copy that we hold; its text is left out.
func messageByKey(ctx context.Context, tx *db.Tx, hash string, feed FeedID, control string) (Message, bool, error) {
	return db.First[Message](ctx, tx, `
		select id, feed_id, run_id, ref, control_id, type, event, verdict, code, key, patient_id, received_at, attempts
		from intake_message
		where hash = $1 and feed_id = $2 and control_id = $3 and undone_at = 0`,
		hash, feed, control)
}

// messagesByHash tells which of many records we hold, with what became of them.
func messagesByHash(ctx context.Context, tx *db.Tx, feed FeedID, hashes []string) ([]Message, error) {
	q := db.SQL(`
		select id, hash, control_id, verdict, patient_id
		from intake_message
		where undone_at = 0 and feed_id = ?`, feed)
	return db.Rows[Message](ctx, tx, db.In(q, hashes, `and hash in (%s)`))
}

func findMessage(ctx context.Context, tx *db.Tx, id RecordID) (Message, error) {
	return db.One[Message](ctx, tx, `select `+messageColumns+` from intake_message where id = $1`, id)
}

func insertMessage(ctx context.Context, tx *db.Tx, m Message) error {
	return tx.Insert(ctx, "intake_message", messageColumns, [][]any{messageRow(m)})
}

// insertMessageLater writes with the end of the chunk.
func insertMessageLater(_ context.Context, tx *db.Tx, m Message) error {
	tx.Later("intake_message", messageColumns, messageRow(m)...)
	return nil
}

func messageRow(m Message) []any {
	return []any{m.ID, m.FeedID, m.RunID, m.Ref, m.Sender, m.ControlID, m.Hash, m.Type, string(m.Event), m.Charset, m.Raw, m.RawForm, m.Repaired,
		string(m.Verdict), m.Code, m.Reasons, m.Key, m.Changed, m.Candidates, m.PatientID, m.OccurredAt, m.ReceivedAt, m.ProcessedAt, m.Attempts, null(m.DecidedBy), m.UndoneAt}
}

func updateMessage(ctx context.Context, tx *db.Tx, m Message) error {
	_, err := tx.Exec(ctx, `
		update intake_message set
			event = $2,
			repaired = $3,
			verdict = $4,
			code = $5,
			reasons = $6,
			key = $7,
			changed = $8,
			patient_id = $9,
			processed_at = $10,
			attempts = $11,
			decided_by = $12,
			candidates = $13
		where id = $1`,
		m.ID, string(m.Event), m.Repaired, string(m.Verdict), m.Code, m.Reasons, m.Key, m.Changed, m.PatientID, m.ProcessedAt, m.Attempts, null(m.DecidedBy), m.Candidates)
	return err
}

func null(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// RecordFilter narrows a list of records.
type RecordFilter struct {
	RunID   RunID
	FeedID  FeedID
	Verdict Verdict
	Code    string // only with this reason, "" = any
	Cursor  string
	Limit   int
}

// listMessages shows what the filter and scope (which appends the caller's) leave.
func listMessages(ctx context.Context, tx *db.Tx, f RecordFilter, scope func(*db.Query), limit int) ([]Message, error) {
	q := db.SQL(`
		select m.id, m.feed_id, m.run_id, m.ref, m.control_id, m.type, m.event, m.verdict, m.code, m.reasons, m.key, m.patient_id, m.occurred_at, m.received_at, m.attempts, m.undone_at
		from intake_message m
		where 1 = 1`)
	filterMessages(q, f)
	scope(q)
	if f.Cursor != "" {
		var before int64
		if err := db.Uncursor(f.Cursor, &before); err != nil {
			return nil, err
		}
		q.Add(`and m.id < ?`, before)
	}
	q.Add(`order by m.id desc limit ?`, limit+1)
	return db.Rows[Message](ctx, tx, q)
}

func filterMessages(q *db.Query, f RecordFilter) {
	q.If(f.RunID != 0, `and m.run_id = ?`, f.RunID)
	q.If(f.FeedID != 0, `and m.feed_id = ?`, f.FeedID)
	q.If(f.Code != "", `and m.code = ?`, f.Code)
	switch f.Verdict {
	case "":
	case Review, Rejected: // spelled out, so that the partial index serves it
		q.Add(`and m.verdict = ? and m.verdict in ('review', 'rejected')`, string(f.Verdict))
		q.If(f.RunID == 0, `and m.undone_at = 0`)
	default:
		q.Add(`and m.verdict = ?`, string(f.Verdict))
	}
}

func countMessages(ctx context.Context, tx *db.Tx, f RecordFilter, scope func(*db.Query)) (db.Total, error) {
	q := db.SQL(`select count(*) from (select 1 as one from intake_message m where 1 = 1`)
	filterMessages(q, f)
	scope(q)
	q.Add(`limit ?) t`, db.CountCap+1)
	n, _, err := db.FirstOf[int](ctx, tx, q)
	return db.Capped(n), err
}

// forgetRaw empties the text of settled records that are older than before; what became of them stays.
func forgetRaw(ctx context.Context, tx *db.Tx, before clock.Instant, limit int) (int64, error) {
	return tx.Exec(ctx, `
		update intake_message set raw = '', raw_form = 'text', repaired = ''
		where id in (
			select id from intake_message
			where received_at < $1 and raw <> '' and verdict not in ('review', 'rejected')
			order by id limit $2
		)`, before, limit)
}
