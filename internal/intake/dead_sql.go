package intake

import (
	"context"

	"renxin/internal/platform/db"
)

// discardMessage settles a record that nobody will take, and counts it on its feed.
func discardMessage(ctx context.Context, tx *db.Tx, m Message, reason string, by int64) error {
	_, err := tx.Exec(ctx, `
		update intake_message set
			verdict = 'unchanged',
			code = 'intake.settled.discarded',
			discarded = $2,
			processed_at = $3,
			decided_by = $4
		where id = $1`, m.ID, reason, tx.Now, null(by))
	if err == nil {
		_, err = tx.Exec(ctx, `update intake_feed set n_discarded = n_discarded + 1 where id = $1`, m.FeedID)
	}
	return err
}

// maxSweep bounds one deed; what is left can be swept again.
const maxSweep = 20_000

func openRecords(ctx context.Context, tx *db.Tx, f RecordFilter) ([]RecordID, error) {
	q := db.SQL(`select m.id from intake_message m where 1 = 1`)
	filterMessages(q, f)
	q.Add(`order by m.id limit ?`, maxSweep)
	return db.Rows[RecordID](ctx, tx, q)
}

func countReasons(ctx context.Context, tx *db.Tx, f RecordFilter) ([]ReasonCount, error) {
	q := db.SQL(`select t.code, count(*) as n from (select m.code from intake_message m where 1 = 1`)
	filterMessages(q, f)
	q.Add(`limit ?) t group by t.code order by n desc, t.code`, maxSweep)
	return db.Rows[ReasonCount](ctx, tx, q)
}
