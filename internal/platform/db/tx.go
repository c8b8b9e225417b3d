package db

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"renxin/internal/platform/clock"
)

type querier interface {
	ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error)
}

// Tx runs statements: inside a transaction when it came from DB.Tx, else plain reads.
type Tx struct {
	Now   clock.Instant // the one clock reading of this transaction
	db    *DB
	q     querier
	after []func()
	late  []late
	depth int
}

// DB is the database this runs on.
func (t *Tx) DB() *DB { return t.db }

type txKey struct{}

// InTx reports whether ctx carries a transaction. Adapters refuse such a ctx: nobody calls the network while holding the writer.
func InTx(ctx context.Context) bool {
	_, ok := ctx.Value(txKey{}).(*Tx)
	return ok
}

// Read gives the transaction that ctx carries, else a plain reader. It must not be used to write.
func (d *DB) Read(ctx context.Context) *Tx {
	if t, ok := ctx.Value(txKey{}).(*Tx); ok {
		return t
	}
	return &Tx{Now: d.clock.Now(), db: d, q: reader{d}}
}

type reader struct{ d *DB }

func (r reader) ExecContext(context.Context, string, ...any) (sql.Result, error) {
	return nil, fmt.Errorf("db: write outside a transaction")
}

func (r reader) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	if r.d.engine == Postgres { // pgx keeps its own statement cache
		return r.d.pool.QueryContext(ctx, text, args...)
	}
	s, err := r.d.stmts.get(ctx, r.d.pool, text)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return r.d.pool.QueryContext(ctx, text, args...)
	}
	return s.QueryContext(ctx, args...)
}

const attempts = 8 // how often a transaction is repeated after a busy or serialization error

// Tx runs fn in a transaction that ctx carries on. A nested call joins the running one. The transaction commits when fn
// returns nil, else nothing of it remains. fn must be repeatable: busy and serialization errors run it again.
func (d *DB) Tx(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	if t, ok := ctx.Value(txKey{}).(*Tx); ok {
		return fn(ctx, t)
	}
	for n := 1; ; n++ {
		t, err := d.run(ctx, fn)
		if err == nil {
			for _, f := range t.after {
				f()
			}
			return nil
		}
		if n == attempts || !transient(err) || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Duration(n*n) * 2 * time.Millisecond):
		}
	}
}

func (d *DB) run(ctx context.Context, fn func(context.Context, *Tx) error) (*Tx, error) {
	if d.writer != nil {
		return d.runSQLite(ctx, fn)
	}
	s, err := d.pool.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	t := &Tx{Now: d.clock.Now(), db: d, q: s}
	defer s.Rollback() // after a commit this does nothing
	if err := fn(context.WithValue(ctx, txKey{}, t), t); err != nil {
		return nil, err
	}
	if err := t.flush(ctx); err != nil {
		return nil, err
	}
	return t, s.Commit()
}

func (d *DB) runSQLite(ctx context.Context, fn func(context.Context, *Tx) error) (*Tx, error) {
	w := d.writer
	select {
	case <-w.turn:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { w.turn <- struct{}{} }()
	if _, err := w.ExecContext(ctx, "begin immediate"); err != nil {
		return nil, err
	}
	t := &Tx{Now: d.clock.Now(), db: d, q: w}
	done := false
	defer func() { // also when fn panics
		if !done {
			w.ExecContext(context.WithoutCancel(ctx), "rollback")
		}
	}()
	if err := fn(context.WithValue(ctx, txKey{}, t), t); err != nil {
		return nil, err
	}
	if err := t.flush(ctx); err != nil {
		return nil, err
	}
	if _, err := w.ExecContext(context.WithoutCancel(ctx), "commit"); err != nil {
		return nil, err
	}
	done = true
	return t, nil
}

// Savepoint runs fn inside the transaction so that its failure undoes only its own writes: one record of a batch.
func (t *Tx) Savepoint(ctx context.Context, fn func(ctx context.Context) error) (err error) {
	t.depth++
	name := fmt.Sprintf("s%d", t.depth)
	kept, late := len(t.after), len(t.late)
	defer func() { t.depth-- }()
	if _, err := t.Exec(ctx, "savepoint "+name); err != nil {
		return err
	}
	ok := false
	defer func() {
		if !ok {
			t.after, t.late = t.after[:kept], t.late[:late]
			if _, e := t.Exec(context.WithoutCancel(ctx), "rollback to savepoint "+name); e != nil && err == nil {
				err = e
			}
		}
		if _, e := t.Exec(context.WithoutCancel(ctx), "release savepoint "+name); e != nil && err == nil {
			err = e
		}
	}()
	if err = fn(ctx); err == nil {
		ok = true
	}
	return err
}

// After runs f once the transaction has committed; a hint such as waking a worker, never part of the work.
func (t *Tx) After(f func()) { t.after = append(t.after, f) }

// Exec runs a writing statement and tells how many rows it changed.
func (t *Tx) Exec(ctx context.Context, text string, args ...any) (int64, error) {
	start := time.Now()
	r, err := t.q.ExecContext(ctx, text, args...)
	t.watch(text, start)
	if err != nil {
		return 0, fmt.Errorf("%w\n%s", err, brief(text))
	}
	n, err := r.RowsAffected()
	return n, err
}

// Query runs a reading statement. The caller closes the rows before the next statement of the same transaction.
func (t *Tx) Query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	start := time.Now()
	r, err := t.q.QueryContext(ctx, text, args...)
	t.watch(text, start)
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, brief(text))
	}
	return r, nil
}

func (t *Tx) watch(text string, start time.Time) {
	if took := time.Since(start); took > slow {
		slog.Warn("slow statement", "ms", took.Milliseconds(), "sql", brief(text))
	}
}

// brief is the statement on one line without its arguments, which may be a patient's.
func brief(text string) string {
	s := strings.Join(strings.Fields(text), " ")
	if len(s) > 300 {
		s = s[:300] + "…"
	}
	return s
}
