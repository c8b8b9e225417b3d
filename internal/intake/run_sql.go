package intake

import (
	"context"

	"renxin/internal/platform/db"
)

const runColumns = `r.id, r.feed_id, f.name as feed, r.upload_id, r.job_id, r.file, r.content, r.options, r.state, r.done, r.total,
	r.n_new, r.n_updated, r.n_unchanged, r.n_review, r.n_duplicate, r.n_rejected, r.error, r.created_at, r.started_at, r.finished_at, r.actor_id, r.actor,
	coalesce((select b.state from intake_rollback b where b.run_id = r.id order by b.id desc limit 1), '') as undo`

func findRun(ctx context.Context, tx *db.Tx, id RunID) (Run, error) {
	return db.One[Run](ctx, tx, `select `+runColumns+` from intake_run r join intake_feed f on f.id = r.feed_id where r.id = $1`, id)
}

func listRuns(ctx context.Context, tx *db.Tx, f RunFilter, mine int64, limit int) ([]Run, error) {
	q := db.SQL(`select ` + runColumns + ` from intake_run r join intake_feed f on f.id = r.feed_id where 1 = 1`)
	f.narrow(q, mine)
	if f.Cursor != "" {
		var before int64
		if err := db.Uncursor(f.Cursor, &before); err != nil {
			return nil, err
		}
		q.Add(`and r.id < ?`, before)
	}
	q.Add(`order by r.id desc limit ?`, limit+1)
	return db.Rows[Run](ctx, tx, q)
}

func (f RunFilter) narrow(q *db.Query, mine int64) {
	q.If(f.State != "" && f.State != "undone", `and r.state = ?`, f.State)
	q.If(f.State == "undone", `and exists (select 1 from intake_rollback b where b.run_id = r.id and b.state = 'done')`)
	q.If(f.FeedID != 0, `and r.feed_id = ?`, f.FeedID)
	q.If(f.Mine, `and r.actor_id = ?`, mine)
}

func countRuns(ctx context.Context, tx *db.Tx, f RunFilter, mine int64) (db.Total, error) {
	q := db.SQL(`select count(*) from (select 1 as one from intake_run r where 1 = 1`)
	f.narrow(q, mine)
	n, _, err := db.FirstOf[int](ctx, tx, q.Add(`limit ?) t`, db.CountCap+1))
	return db.Capped(n), err
}

func insertRun(ctx context.Context, tx *db.Tx, r Run) error {
	_, err := tx.Exec(ctx, `
		insert into intake_run (id, feed_id, upload_id, job_id, file, content, options, state, done, total, n_new, n_updated, n_unchanged,
			n_review, n_duplicate, n_rejected, error, created_at, started_at, finished_at, actor_id, actor)
		values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, 0, 0, 0, 0, 0, 0, '', $10, $11, 0, $12, $13)`,
		r.ID, r.FeedID, r.UploadID, r.JobID, r.File, r.Content, r.Options, r.State, r.Total, r.CreatedAt, r.StartedAt, null(r.ActorID), r.Actor)
	return err
}

func startRun(ctx context.Context, tx *db.Tx, id RunID) error {
	_, err := tx.Exec(ctx, `
		update intake_run set state = 'running', started_at = case when started_at = 0 then $2 else started_at end
		where id = $1 and state = 'waiting'`, id, tx.Now)
	return err
}

func advanceRun(ctx context.Context, tx *db.Tx, id RunID, n int, c Counts) error {
	_, err := tx.Exec(ctx, `
		update intake_run set
			done = done + $2,
			n_new = n_new + $3,
			n_updated = n_updated + $4,
			n_unchanged = n_unchanged + $5,
			n_review = n_review + $6,
			n_duplicate = n_duplicate + $7,
			n_rejected = n_rejected + $8
		where id = $1`,
		id, n, c.New, c.Updated, c.Unchanged, c.Review, c.Duplicate, c.Rejected)
	return err
}

func endRun(ctx context.Context, tx *db.Tx, id RunID, state, reason string) error {
	_, err := tx.Exec(ctx, `update intake_run set state = $2, error = $3, finished_at = $4 where id = $1`, id, state, reason, tx.Now)
	return err
}

func linkRunJob(ctx context.Context, tx *db.Tx, id RunID, jobID int64) error {
	_, err := tx.Exec(ctx, `update intake_run set job_id = $2 where id = $1`, id, jobID)
	return err
}
