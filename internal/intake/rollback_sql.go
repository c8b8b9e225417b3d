package intake

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

const rollbackColumns = `id, run_id, job_id, state, total, done, n_removed, n_restored, n_kept, created_at, started_at, finished_at, actor_id, actor`

func insertRollback(ctx context.Context, tx *db.Tx, b Rollback) error {
	_, err := tx.Exec(ctx, `
		insert into intake_rollback (`+rollbackColumns+`)
		values ($1, $2, $3, $4, $5, 0, 0, 0, 0, $6, 0, 0, $7, $8)`,
		b.ID, b.RunID, b.JobID, b.State, b.Total, b.CreatedAt, null(b.ActorID), b.Actor)
	return err
}

func findRollback(ctx context.Context, tx *db.Tx, id RollbackID) (Rollback, error) {
	return db.One[Rollback](ctx, tx, `select `+rollbackColumns+` from intake_rollback where id = $1`, id)
}

func lastRollback(ctx context.Context, tx *db.Tx, run RunID) (Rollback, bool, error) {
	return db.First[Rollback](ctx, tx, `select `+rollbackColumns+` from intake_rollback where run_id = $1 order by id desc limit 1`, run)
}

func listRollbacks(ctx context.Context, tx *db.Tx, run RunID) ([]Rollback, error) {
	return db.List[Rollback](ctx, tx, `select `+rollbackColumns+` from intake_rollback where run_id = $1 order by id desc limit 50`, run)
}

func startRollback(ctx context.Context, tx *db.Tx, id RollbackID) error {
	_, err := tx.Exec(ctx, `
		update intake_rollback set state = 'running', started_at = case when started_at = 0 then $2 else started_at end
		where id = $1 and state = 'waiting'`, id, tx.Now)
	return err
}

func advanceRollback(ctx context.Context, tx *db.Tx, b Rollback) error {
	_, err := tx.Exec(ctx, `
		update intake_rollback set done = $2, n_removed = $3, n_restored = $4, n_kept = $5
		where id = $1`, b.ID, b.Done, b.NRemoved, b.NRestored, b.NKept)
	return err
}

func endRollback(ctx context.Context, tx *db.Tx, id RollbackID, state string) error {
	_, err := tx.Exec(ctx, `update intake_rollback set state = $2, finished_at = $3 where id = $1`, id, state, tx.Now)
	return err
}

// forgetPatches empties the journal of old imports.
func forgetPatches(ctx context.Context, tx *db.Tx, before clock.Instant, limit int) (int64, error) {
	return tx.Exec(ctx, `
		delete from intake_patch
		where id in (select id from intake_patch where at < $1 order by id limit $2)`, before, limit)
}
