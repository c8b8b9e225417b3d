package job

import (
	"cmp"
	"context"
	"slices"
	"time"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

const columns = `id, kind, state, payload, tries, run_at, lease_until, done, total, note, error, created_at, finished_at`

func insertJob(ctx context.Context, tx *db.Tx, id int64, kind, payload string, o Option) (bool, error) {
	var key any
	if o.Key != "" {
		key = o.Key
	}
	n, err := tx.Exec(ctx, `
		insert into job_job (id, kind, key, state, payload, tries, run_at, lease_until, done, total, note, error, created_at, finished_at)
		values ($1, $2, $3, 'ready', $4, 0, $5, 0, 0, $6, '', '', $7, 0)
		on conflict (kind, key) do nothing`, id, kind, key, payload, o.RunAt, o.Total, tx.Now)
	return n == 1, err
}

// claimSQL takes ready jobs that are due, and running ones whose lease ended because their worker died. The outer condition
// repeats the state, so that two claimers never take the same job. The condition on state alone is what lets the index of
// unfinished jobs serve: without it every job of the kind that was ever done is read and sorted.
const claimSQL = `
	update job_job
	set state = 'running', tries = tries + 1, lease_until = $1
	where id in (
		select id
		from job_job
		where kind = $2
		and state in ('ready', 'running')
		and ((state = 'ready' and run_at <= $3) or (state = 'running' and lease_until <= $3))
		order by run_at, id
		limit $4
	)
	and ((state = 'ready' and run_at <= $3) or (state = 'running' and lease_until <= $3))
	returning ` + columns

func claim(ctx context.Context, tx *db.Tx, kind string, limit int, now, lease clock.Instant) ([]Job, error) {
	jobs, err := db.List[Job](ctx, tx, claimSQL, lease, kind, now, limit)
	slices.SortFunc(jobs, func(a, b Job) int { // "returning" gives the order of the table
		return cmp.Or(cmp.Compare(a.RunAt, b.RunAt), cmp.Compare(a.ID, b.ID))
	})
	return jobs, err
}

func finish(ctx context.Context, tx *db.Tx, id int64, state, reason string) error {
	_, err := tx.Exec(ctx, `update job_job set state = $1, error = $2, finished_at = $3 where id = $4`, state, reason, tx.Now, id)
	return err
}

// finishAll marks jobs done, 100 a statement.
func finishAll(ctx context.Context, tx *db.Tx, ids []int64) error {
	for part := range slices.Chunk(ids, 100) {
		q := db.SQL(`update job_job set state = 'done', error = '', finished_at = ? where true`, tx.Now)
		db.In(q, part, `and id in (%s)`)
		if _, err := tx.Exec(ctx, q.Text(), q.Args()...); err != nil {
			return err
		}
	}
	return nil
}

func again(ctx context.Context, tx *db.Tx, id int64, at clock.Instant, tries int, reason string) error {
	_, err := tx.Exec(ctx, `update job_job set state = 'ready', run_at = $1, tries = $2, error = $3 where id = $4`, at, tries, reason, id)
	return err
}

func progress(ctx context.Context, tx *db.Tx, id int64, done, total int, note string, lease clock.Instant) error {
	_, err := tx.Exec(ctx, `update job_job set done = $1, total = $2, note = $3, lease_until = $4 where id = $5`, done, total, note, lease, id)
	return err
}

func cancelled(ctx context.Context, tx *db.Tx, id int64) (bool, error) {
	v, _, err := db.First[bool](ctx, tx, `select cancel from job_job where id = $1`, id)
	return v, err
}

func cancel(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, `
		update job_job
		set cancel = true,
		state = case when state = 'ready' then 'cancelled' else state end
		where id = $1`, id)
	return err
}

func retry(ctx context.Context, tx *db.Tx, id int64) error {
	n, err := tx.Exec(ctx, `update job_job set state = 'ready', tries = 0, run_at = $1 where id = $2 and state = 'dead'`, tx.Now, id)
	if err == nil && n == 0 {
		err = db.Missing()
	}
	return err
}

func find(ctx context.Context, tx *db.Tx, id int64) (Job, error) {
	return db.One[Job](ctx, tx, `select `+columns+` from job_job where id = $1`, id)
}

func counts(ctx context.Context, tx *db.Tx) ([]Count, error) {
	return db.List[Count](ctx, tx, `
		select kind, state, count(*) as n, min(run_at) as since
		from job_job
		where state in ('ready', 'running', 'dead')
		group by kind, state
		order by kind, state`)
}

func dead(ctx context.Context, tx *db.Tx, limit int) ([]Job, error) {
	return db.List[Job](ctx, tx, `select `+columns+` from job_job where state = 'dead' order by id desc limit $1`, limit)
}

// oldDone lists finished jobs without a key that ended before at. A key is kept for ever: it is what says that the work was done.
func oldDone(ctx context.Context, tx *db.Tx, before clock.Instant, limit int) ([]int64, error) {
	return db.List[int64](ctx, tx, `
		select id
		from job_job
		where state in ('done', 'cancelled')
		and key is null
		and finished_at < $1
		limit $2`, before, limit)
}

func deleteJobs(ctx context.Context, tx *db.Tx, ids []int64) error {
	for part := range slices.Chunk(ids, 100) {
		q := db.SQL(`delete from job_job where true`)
		db.In(q, part, `and id in (%s)`)
		if _, err := tx.Exec(ctx, q.Text(), q.Args()...); err != nil {
			return err
		}
	}
	return nil
}

func takeBeat(ctx context.Context, tx *db.Tx, name string, due clock.Instant, every time.Duration) (bool, error) {
	if _, err := tx.Exec(ctx, `
		insert into job_beat (name, at, ok_at, interval, error)
		values ($1, 0, 0, $2, '')
		on conflict (name) do nothing`, name, every.Milliseconds()); err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `update job_beat set at = $1, interval = $2 where name = $3 and at <= $4`, tx.Now, every.Milliseconds(), name, due)
	return n == 1, err
}

func endBeat(ctx context.Context, tx *db.Tx, name, reason string) error {
	_, err := tx.Exec(ctx, `
		update job_beat
		set error = $1,
		ok_at = case when $2 = 1 then $3 else ok_at end
		where name = $4`, reason, ok(reason), tx.Now, name)
	return err
}

func ok(reason string) int {
	if reason == "" {
		return 1
	}
	return 0
}

func beats(ctx context.Context, tx *db.Tx) ([]Beat, error) {
	return db.List[Beat](ctx, tx, `select name, at, ok_at, interval, error from job_beat order by name`)
}
