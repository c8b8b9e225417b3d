// Package schema holds every table of the hospital, in the order they were added, and brings a database up to it.
package schema

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

//go:embed *.sql
var files embed.FS

// Files are the migrations as written, one text for every engine.
func Files() fs.FS { return files }

// Migrate brings d up to the newest table version and tells how many files it applied. A database of a newer program is
// refused with a conflict fault. Keys that d makes from then on follow those it holds. On SQLite the caller owns the directory; on PostgreSQL instances that start together wait
// for each other.
func Migrate(ctx context.Context, d *db.DB) (int, error) {
	n := 0
	err := d.Exclusive(ctx, func(h *sql.DB) error {
		p, err := provider(d.Engine(), h)
		if err != nil {
			return err
		}
		have, err := p.GetDBVersion(ctx)
		if err != nil {
			return err
		}
		if have > Newest() {
			return fault.New(fault.Conflict, "db.newer")
		}
		done, err := p.Up(ctx)
		n = len(done)
		return err
	})
	if err != nil {
		return n, fmt.Errorf("schema: %w", err)
	}
	return n, FollowKeys(ctx, d)
}

// FollowKeys makes d's further keys follow those that its tables hold. Migrate does it; who opens a database that needs no migration
// calls it before the first write.
func FollowKeys(ctx context.Context, d *db.DB) error {
	last, err := lastID(ctx, d)
	if err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	d.KeysAfter(last)
	return nil
}

// Pending tells how many files Migrate would apply.
func Pending(ctx context.Context, d *db.DB) (int, error) {
	n := 0
	err := d.Exclusive(ctx, func(h *sql.DB) error {
		p, err := provider(d.Engine(), h)
		if err != nil {
			return err
		}
		have, err := p.GetDBVersion(ctx)
		n = int(Newest() - have)
		return err
	})
	return n, err
}

// Newest is the version of the last file.
func Newest() int64 {
	names, err := fs.Glob(files, "*.sql")
	if err != nil || len(names) == 0 {
		panic("schema: no files")
	}
	v, err := goose.NumericComponent(names[len(names)-1])
	if err != nil {
		panic(err)
	}
	return v
}

func provider(e db.Engine, h *sql.DB) (*goose.Provider, error) {
	options := []goose.ProviderOption{goose.WithTableName("schema_version")}
	if e == db.SQLite {
		return goose.NewProvider(goose.DialectSQLite3, h, dialected{files, e}, options...)
	}
	one, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300)) // look every second, for five minutes at most
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, h, dialected{files, e}, append(options, goose.WithSessionLocker(one))...)
}

// dialected rewrites the one word in which the engines differ: SQLite makes a rowid alias of INTEGER PRIMARY KEY only.
type dialected struct {
	fs.FS
	engine db.Engine
}

// Open implements fs.FS.
func (d dialected) Open(name string) (fs.File, error) {
	f, err := d.FS.Open(name)
	if err != nil || !strings.HasSuffix(name, ".sql") {
		return f, err
	}
	defer f.Close()
	b, err := fs.ReadFile(d.FS, name)
	if err != nil {
		return nil, err
	}
	text := string(b)
	if d.engine == db.SQLite {
		text = strings.ReplaceAll(text, "bigint primary key", "integer primary key")
	} else { // search terms and numbers compare by byte
		text = strings.ReplaceAll(text, "/*bytewise*/", `collate "C"`)
	}
	return &memory{name: name, r: bytes.NewReader([]byte(text)), size: len(text)}, nil
}

// ReadDir implements fs.ReadDirFS.
func (d dialected) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(d.FS, name) }

type memory struct {
	name string
	r    *bytes.Reader
	size int
}

func (m *memory) Read(b []byte) (int, error) { return m.r.Read(b) }

// Close implements fs.File.
func (m *memory) Close() error { return nil }

// Stat implements fs.File.
func (m *memory) Stat() (fs.FileInfo, error) { return m, nil }

// Name implements fs.FileInfo.
func (m *memory) Name() string { return m.name }

// Size implements fs.FileInfo.
func (m *memory) Size() int64 { return int64(m.size) }

// Mode implements fs.FileInfo.
func (m *memory) Mode() fs.FileMode { return 0o444 }

// ModTime implements fs.FileInfo.
func (m *memory) ModTime() time.Time { return time.Time{} }

// IsDir implements fs.FileInfo.
func (m *memory) IsDir() bool { return false }

// Sys implements fs.FileInfo.
func (m *memory) Sys() any { return nil }
