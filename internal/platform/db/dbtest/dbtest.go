// Package dbtest lends tests a real, migrated database: a SQLite file by default, a PostgreSQL database of its own when
// RENXIN_TEST_PG holds the DSN of a server on which databases may be created.
package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/schema"
)

// Start is the instant at which every test clock stands: Monday 2026-11-23 07:00 in Shanghai, as in the storyline.
var Start = time.Date(2026, 11, 22, 23, 0, 0, 0, time.UTC)

// New gives an empty migrated database and the fake clock that stamps it. Both are gone when the test ends.
func New(t testing.TB) (*db.DB, *clock.Fake) {
	t.Helper()
	c := clock.NewFake(Start)
	dsn := copySQLite(t)
	if pg := os.Getenv("RENXIN_TEST_PG"); pg != "" {
		dsn = copyPostgres(t, pg)
	}
	d, err := db.Open(context.Background(), dsn, c.Clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d, c
}

var template struct {
	once sync.Once
	dsn  string // SQLite: file; PostgreSQL: database name
	err  error
}

func copySQLite(t testing.TB) string {
	if os.Getenv("RENXIN_TEST_PG") != "" {
		return ""
	}
	template.once.Do(func() {
		dir, err := os.MkdirTemp("", "renxin-template-*")
		if err != nil {
			template.err = err
			return
		}
		template.dsn = filepath.Join(dir, "t.db")
		template.err = migrate(template.dsn)
	})
	if template.err != nil {
		t.Fatal(template.err)
	}
	b, err := os.ReadFile(template.dsn)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "renxin.db")
	if err := os.WriteFile(to, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

func migrate(dsn string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, dsn, clock.NewFake(Start).Clock)
	if err != nil {
		return err
	}
	if _, err = schema.Migrate(ctx, d); err != nil {
		return err
	}
	return d.Close()
}

var serial atomic.Int64

func copyPostgres(t testing.TB, server string) string {
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { admin.Close() })
	template.once.Do(func() {
		template.dsn = fmt.Sprintf("renxin_template_%d", os.Getpid())
		if _, template.err = admin.Exec("create database " + template.dsn); template.err == nil {
			template.err = migrate(named(server, template.dsn))
		}
	})
	if template.err != nil {
		t.Fatal(template.err)
	}
	name := fmt.Sprintf("renxin_test_%d_%d", os.Getpid(), serial.Add(1))
	if _, err := admin.Exec("create database " + name + " template " + template.dsn); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec("drop database if exists " + name + " with (force)"); err != nil {
			t.Log(err)
		}
	})
	return named(server, name)
}

// named replaces the database of a postgres URL.
func named(server, name string) string {
	base, query, _ := strings.Cut(server, "?")
	base = base[:strings.LastIndexByte(base, '/')+1] + name
	if query != "" {
		base += "?" + query
	}
	return base
}
