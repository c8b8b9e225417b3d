package job

import (
	"context"
	"log/slog"
	"sort"
	"sync"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

const poll = 250 * time.Millisecond

func (r *Runner) names() []string {
	out := make([]string, 0, len(r.kinds))
	for n := range r.kinds {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

// Run works until ctx ends, then waits for what is being done.
func (r *Runner) Run(ctx context.Context) {
	var wg sync.WaitGroup
	for _, name := range r.names() {
		k := r.kinds[name]
		for range k.Workers {
			wg.Go(func() { r.loop(ctx, k) })
		}
	}
	for _, t := range r.ticks {
		wg.Go(func() { r.beat(ctx, t) })
	}
	wg.Wait()
}

func (r *Runner) loop(ctx context.Context, k *kind) {
	t := time.NewTicker(poll)
	defer t.Stop()
	for {
		n, err := r.work(ctx, k)
		if err != nil && ctx.Err() == nil {
			slog.Error("job claim", "kind", k.Name, "error", err)
		}
		if n > 0 && ctx.Err() == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-k.wake:
		case <-t.C:
		}
	}
}

// tick is periodic work that keeps no row per run: sealing, planning due steps, pruning.
type tick struct {
	name  string
	every time.Duration
	fn    func(ctx context.Context) error
}

// Every runs fn about every interval in one process at a time (a leased heartbeat row), as system:<name>. A beat that is late
// or failing shows on the operations page and in /metrics.
func (r *Runner) Every(name string, interval time.Duration, fn func(ctx context.Context) error) {
	r.ticks = append(r.ticks, tick{name, interval, fn})
}

// Tick runs the named periodic work once, now; tests and commands call it.
func (r *Runner) Tick(ctx context.Context, name string) error {
	for _, t := range r.ticks {
		if t.name == name {
			return r.beatOnce(ctx, t, true)
		}
	}
	return db.Missing()
}

func (r *Runner) beat(ctx context.Context, t tick) {
	pause := time.NewTicker(min(t.every, 5*time.Second))
	defer pause.Stop()
	for {
		if err := r.beatOnce(ctx, t, false); err != nil && ctx.Err() == nil {
			slog.Error("tick failed", "name", t.name, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
		}
	}
}

func (r *Runner) beatOnce(ctx context.Context, t tick, force bool) error {
	mine := false
	err := r.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		due := tx.Now.Add(-t.every + 10*time.Millisecond)
		if force {
			due = tx.Now + 1
		}
		mine, err = takeBeat(ctx, tx, t.name, due, t.every)
		return err
	})
	if err != nil || !mine {
		return err
	}
	err = safely(func() error { return t.fn(access.AsSystem(ctx, t.name)) })
	reason := ""
	if err != nil {
		reason = err.Error()
	}
	if e := r.db.Tx(context.WithoutCancel(ctx), func(ctx context.Context, tx *db.Tx) error { return endBeat(ctx, tx, t.name, reason) }); e != nil {
		return e
	}
	return err
}

// Beat is the health of one periodic work.
type Beat struct {
	Name     string        `json:"name"`
	At       clock.Instant `json:"at"`
	OkAt     clock.Instant `json:"ok_at"`
	Interval int64         `json:"interval_ms"`
	Error    string        `json:"error"`
}

// Late reports a beat that missed two of its turns and a minute.
func (b Beat) Late(now clock.Instant) bool {
	return now.Sub(b.OkAt) > 2*time.Duration(b.Interval)*time.Millisecond+time.Minute
}

// Beats lists the health of all periodic work.
func (r *Runner) Beats(ctx context.Context) ([]Beat, error) { return beats(ctx, r.db.Read(ctx)) }
