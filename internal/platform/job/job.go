// Package job runs work whose effect lies outside the database: enqueued in the business transaction, claimed with a lease,
// retried with back-off, ended in a final state that a person can see.
package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// Kind describes one sort of job.
type Kind struct {
	Name     string        // imperative: "message.send"
	Lease    time.Duration // how long a worker may hold it without a sign of life; default 1 minute
	MaxTries int           // then it is dead; default 8
	Workers  int           // how many at once in this process; default 1
	Claim    int           // how many one claim takes; default 1. They run one after the other and are settled together, within one Lease
}

// Handler does one job. A nil error finishes it, Later puts it back without counting a try, any other error retries with
// back-off until MaxTries. ctx carries no transaction; the caller in it is system:<kind>.
type Handler func(ctx context.Context, run *Run) error

// Later makes a handler's result "not yet": run again after d.
func Later(d time.Duration) error { return later(d) }

type later time.Duration

func (l later) Error() string { return fmt.Sprintf("job: later, in %s", time.Duration(l)) }

// ErrCancelled is returned by a handler that saw Run.Cancelled; the job ends as cancelled.
var ErrCancelled = errors.New("job: cancelled")

// Runner owns the job table.
type Runner struct {
	db    *db.DB
	kinds map[string]*kind
	ticks []tick
}

type kind struct {
	Kind
	fn   Handler
	wake chan struct{}
}

// New makes a runner on d.
func New(d *db.DB) *Runner { return &Runner{db: d, kinds: map[string]*kind{}} }

// Register says how jobs of a kind are done. Call it at wiring, before Run.
func (r *Runner) Register(k Kind, fn Handler) {
	if k.Lease == 0 {
		k.Lease = time.Minute
	}
	if k.MaxTries == 0 {
		k.MaxTries = 8
	}
	k.Workers, k.Claim = max(k.Workers, 1), max(k.Claim, 1)
	r.kinds[k.Name] = &kind{Kind: k, fn: fn, wake: make(chan struct{}, k.Workers)}
}

// Option shapes one job.
type Option struct {
	Key   string        // unique among the kind's unfinished and finished jobs; a second Enqueue with it does nothing
	RunAt clock.Instant // not before; zero = at once
	Total int           // units of work, for progress
}

// Enqueue adds a job in the running transaction (or one of its own). It gives the job's ID, 0 when Key was taken.
func (r *Runner) Enqueue(ctx context.Context, kindName string, payload any, o Option) (int64, error) {
	k, ok := r.kinds[kindName]
	if !ok {
		return 0, fmt.Errorf("job: kind %q is not registered", kindName)
	}
	body, err := json.Marshal(payload)
	if err != nil {
		return 0, err
	}
	id := r.db.NextID()
	err = r.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if o.RunAt == 0 {
			o.RunAt = tx.Now
		}
		fresh, err := insertJob(ctx, tx, id, kindName, string(body), o)
		if !fresh {
			id = 0
		}
		tx.After(func() { k.hint() })
		return err
	})
	return id, err
}

func (k *kind) hint() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// Run is one job being done.
type Run struct {
	Job
	r *Runner
}

// Into decodes the payload.
func (run *Run) Into(v any) error { return json.Unmarshal([]byte(run.Payload), v) }

// Progress stores how far the job is and renews its lease.
func (run *Run) Progress(ctx context.Context, done, total int, note string) error {
	run.Done, run.Total = done, total
	return run.r.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return progress(ctx, tx, run.ID, done, total, note, tx.Now.Add(run.r.kinds[run.Kind].Lease))
	})
}

// Cancelled reports that somebody asked the job to stop.
func (run *Run) Cancelled(ctx context.Context) bool {
	c, err := cancelled(ctx, run.r.db.Read(ctx), run.ID)
	return err == nil && c
}

// Job is a row of the job table.
type Job struct {
	ID         int64         `json:"-"`
	Kind       string        `json:"kind"`
	State      string        `json:"state"` // ready running done dead cancelled
	Payload    string        `json:"-"`
	Tries      int           `json:"tries"`
	RunAt      clock.Instant `json:"run_at"`
	LeaseUntil clock.Instant `json:"-"`
	Done       int           `json:"done"`
	Total      int           `json:"total"`
	Note       string        `json:"note"`
	Error      string        `json:"error"`
	CreatedAt  clock.Instant `json:"created_at"`
	FinishedAt clock.Instant `json:"finished_at"`
}

// Find gives one job.
func (r *Runner) Find(ctx context.Context, id int64) (Job, error) {
	return find(ctx, r.db.Read(ctx), id)
}

// Cancel asks a job to stop; one that waits stops at once.
func (r *Runner) Cancel(ctx context.Context, id int64) error {
	return r.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return cancel(ctx, tx, id) })
}

// Retry puts a dead job back to work.
func (r *Runner) Retry(ctx context.Context, id int64) error {
	return r.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return retry(ctx, tx, id) })
}

// kept is how long a finished job without a key can still be looked at.
const kept = 30 * 24 * time.Hour

// Prune removes finished jobs that nobody asks for any more.
func (r *Runner) Prune(ctx context.Context) error {
	const batch = 2000
	for {
		old, err := oldDone(ctx, r.db.Read(ctx), r.db.Clock().Now().Add(-kept), batch)
		if err != nil || len(old) == 0 {
			return err
		}
		if err := r.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return deleteJobs(ctx, tx, old) }); err != nil || len(old) < batch {
			return err
		}
	}
}

// Counts tells jobs per kind and state, for the operations page.
func (r *Runner) Counts(ctx context.Context) ([]Count, error) { return counts(ctx, r.db.Read(ctx)) }

// Dead lists jobs that were given up, newest first.
func (r *Runner) Dead(ctx context.Context, limit int) ([]Job, error) {
	return dead(ctx, r.db.Read(ctx), limit)
}

// Count is the number of jobs of a kind in a state.
type Count struct {
	Kind  string        `json:"kind"`
	State string        `json:"state"`
	N     int           `json:"n"`
	Since clock.Instant `json:"since"` // oldest
}

func (r *Runner) work(ctx context.Context, k *kind) (int, error) {
	var jobs []Job
	err := r.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		jobs, err = claim(ctx, tx, k.Name, k.Claim, tx.Now, tx.Now.Add(k.Lease))
		return err
	})
	if len(jobs) == 0 {
		return 0, err
	}
	ends := make([]error, len(jobs))
	for i, j := range jobs {
		ends[i] = r.do(ctx, k, j)
	}
	if e := r.db.Tx(context.WithoutCancel(ctx), func(ctx context.Context, tx *db.Tx) error { return r.settleAll(ctx, tx, k, jobs, ends) }); e != nil {
		slog.Error("jobs not settled", "kind", k.Name, "error", e)
	}
	return len(jobs), err
}

func (r *Runner) do(ctx context.Context, k *kind, j Job) error {
	err := safely(func() error { return k.fn(access.AsSystem(ctx, k.Name), &Run{Job: j, r: r}) })
	if ctx.Err() != nil && err != nil {
		return Later(0) // stopping: leave it for the next start
	}
	return err
}

// settleAll writes the ends of one claim in one transaction, the good ones in one statement.
func (r *Runner) settleAll(ctx context.Context, tx *db.Tx, k *kind, jobs []Job, ends []error) error {
	var good []int64
	for i, j := range jobs {
		if ends[i] == nil {
			good = append(good, j.ID)
			continue
		}
		if err := r.settle(ctx, tx, k, j, ends[i]); err != nil {
			return err
		}
	}
	return finishAll(ctx, tx, good)
}

func (r *Runner) settle(ctx context.Context, tx *db.Tx, k *kind, j Job, err error) error {
	var l later
	switch {
	case errors.Is(err, ErrCancelled):
		return finish(ctx, tx, j.ID, "cancelled", "")
	case errors.As(err, &l):
		return again(ctx, tx, j.ID, tx.Now.Add(time.Duration(l)), j.Tries-1, "")
	case j.Tries >= k.MaxTries:
		slog.Error("job dead", "kind", k.Name, "tries", j.Tries, "error", err)
		return finish(ctx, tx, j.ID, "dead", err.Error())
	}
	slog.Warn("job failed", "kind", k.Name, "tries", j.Tries, "error", err)
	return again(ctx, tx, j.ID, tx.Now.Add(time.Second<<min(j.Tries, 11)), j.Tries, err.Error())
}

func safely(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return fn()
}

// Drain does every due job and tick once, in this goroutine, until none is due. Tests call it instead of waiting.
func (r *Runner) Drain(ctx context.Context) (int, error) {
	total := 0
	for {
		n := 0
		for _, name := range r.names() {
			m, err := r.work(ctx, r.kinds[name])
			if err != nil {
				return total, err
			}
			n += m
		}
		total += n
		if n == 0 {
			return total, nil
		}
	}
}
