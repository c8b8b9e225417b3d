// Package db opens the hospital's database and runs one SQL text on SQLite and PostgreSQL.
package db

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	_ "modernc.org/sqlite"             // driver "sqlite"

	"renxin/internal/platform/clock"
)

// Engine is the kind of database behind a DB.
type Engine string

// The engines. Citus is Postgres to us.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is one open database: a writer and readers. Rooms call Tx to write and Read to read.
type DB struct {
	engine Engine
	dsn    string
	clock  *clock.Clock
	ids    ids
	writer *writer // SQLite: the one writing connection
	pool   *sql.DB // SQLite: query-only readers; PostgreSQL: everything
	stmts  stmtCache
}

// Open connects to dsn: "postgres://…", or a file path for SQLite. The file is created when absent; tables are not (schema.Migrate).
func Open(ctx context.Context, dsn string, c *clock.Clock) (*DB, error) {
	d := &DB{engine: SQLite, dsn: dsn, clock: c}
	d.ids.clock = c
	var err error
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		d.engine = Postgres
		d.pool, err = openPostgres(ctx, dsn)
	} else {
		err = d.openSQLite(ctx, dsn)
	}
	if err != nil {
		return nil, fmt.Errorf("db: open %s: %w", d.engine, err)
	}
	return d, nil
}

func openPostgres(ctx context.Context, dsn string) (*sql.DB, error) {
	sep := "?"
	if strings.Contains(dsn, "?") {
		sep = "&"
	}
	pool, err := sql.Open("pgx", dsn+sep+"jit=off")
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(16)
	pool.SetMaxIdleConns(8)
	return pool, pool.PingContext(ctx)
}

func (d *DB) openSQLite(ctx context.Context, path string) error {
	const shared = "&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=temp_store(2)"
	w, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate&_pragma=journal_mode(wal)&_pragma=synchronous(2)&_pragma=cache_size(-16384)"+shared)
	if err != nil {
		return err
	}
	w.SetMaxOpenConns(1)
	conn, err := w.Conn(ctx)
	if err != nil {
		return err
	}
	d.writer = newWriter(w, conn)
	d.pool, err = sql.Open("sqlite", "file:"+path+"?_pragma=query_only(1)&_pragma=cache_size(-8192)"+shared)
	if err != nil {
		return err
	}
	d.pool.SetMaxOpenConns(4)
	d.pool.SetMaxIdleConns(4)
	return d.pool.PingContext(ctx)
}

// Close ends all connections.
func (d *DB) Close() error {
	d.stmts.close()
	err := d.pool.Close()
	if d.writer != nil {
		err = d.writer.close()
	}
	return err
}

// Engine tells the kind of database.
func (d *DB) Engine() Engine { return d.engine }

// Clock is the clock that stamps transactions.
func (d *DB) Clock() *clock.Clock { return d.clock }

// DSN is the connection text as given, for commands that start a tool on the same database. It may hold a password: never log it.
func (d *DB) DSN() string { return d.dsn }

// Exclusive lends the SQLite writer's connection back to its pool while fn runs, for migrations, which want a *sql.DB of their own.
func (d *DB) Exclusive(ctx context.Context, fn func(*sql.DB) error) error {
	if d.writer == nil {
		return fn(d.pool)
	}
	return d.writer.lend(ctx, fn)
}

// writer is the single SQLite connection that writes, with its prepared statements.
type writer struct {
	db    *sql.DB
	conn  *sql.Conn
	turn  chan struct{} // holds one token; who has it may write
	stmts map[string]*sql.Stmt
}

func newWriter(d *sql.DB, c *sql.Conn) *writer {
	w := &writer{db: d, conn: c, turn: make(chan struct{}, 1), stmts: map[string]*sql.Stmt{}}
	w.turn <- struct{}{}
	return w
}

const maxStatements = 1000 // distinct texts kept prepared; beyond it texts run unprepared

func (w *writer) stmt(ctx context.Context, text string) (*sql.Stmt, error) {
	if s, ok := w.stmts[text]; ok {
		return s, nil
	}
	if len(w.stmts) >= maxStatements {
		return nil, nil
	}
	s, err := w.conn.PrepareContext(ctx, text)
	if err == nil {
		w.stmts[text] = s
	}
	return s, err
}

func (w *writer) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	s, err := w.stmt(ctx, text)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return w.conn.ExecContext(ctx, text, args...)
	}
	return s.ExecContext(ctx, args...)
}

func (w *writer) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	s, err := w.stmt(ctx, text)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return w.conn.QueryContext(ctx, text, args...)
	}
	return s.QueryContext(ctx, args...)
}

func (w *writer) lend(ctx context.Context, fn func(*sql.DB) error) error {
	<-w.turn
	defer func() { w.turn <- struct{}{} }()
	w.forget()
	if err := w.conn.Close(); err != nil {
		return err
	}
	err := fn(w.db)
	c, cerr := w.db.Conn(ctx)
	if cerr != nil {
		return cerr
	}
	w.conn = c
	return err
}

func (w *writer) forget() {
	for _, s := range w.stmts {
		s.Close()
	}
	w.stmts = map[string]*sql.Stmt{}
}

func (w *writer) close() error {
	<-w.turn
	w.forget()
	w.conn.Close()
	return w.db.Close()
}

// stmtCache keeps prepared statements of the reader pool; a *sql.Stmt may be used by many goroutines.
type stmtCache struct {
	mu sync.Mutex
	m  map[string]*sql.Stmt
}

func (c *stmtCache) get(ctx context.Context, pool *sql.DB, text string) (*sql.Stmt, error) {
	c.mu.Lock()
	s, ok := c.m[text]
	full := len(c.m) >= maxStatements
	c.mu.Unlock()
	if ok || full {
		return s, nil
	}
	s, err := pool.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.m == nil {
		c.m = map[string]*sql.Stmt{}
	}
	if first, ok := c.m[text]; ok {
		s.Close()
		return first, nil
	}
	c.m[text] = s
	return s, nil
}

func (c *stmtCache) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.m {
		s.Close()
	}
	c.m = nil
}

// slow is the time a statement may take before it is worth a log line.
const slow = 500 * time.Millisecond
