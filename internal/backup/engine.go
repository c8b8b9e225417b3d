package backup

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// Write makes a consistent copy of d at path, with the engine's extension added, while others write: VACUUM INTO on SQLite,
// pg_dump on PostgreSQL. It appears under its name only when it is whole; the name is given back.
func Write(ctx context.Context, d *db.DB, path string) (string, error) {
	path += extension(d.Engine())
	return path, write(ctx, d, path)
}

func write(ctx context.Context, d *db.DB, path string) error {
	part := path + ".part"
	os.Remove(part) // left by a crash
	var err error
	if d.Engine() == db.SQLite {
		err = vacuumInto(ctx, d.DSN(), part)
	} else {
		err = tool(ctx, "pg_dump", "--format=custom", "--no-owner", "--file="+part, d.DSN())
	}
	if err != nil {
		os.Remove(part)
		return err
	}
	f, err := os.OpenFile(part, os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	err = errors.Join(f.Chmod(0o600), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(part, path)
}

// tool runs a PostgreSQL client program. Its words go to the log; they hold no rows.
func tool(ctx context.Context, name string, args ...string) error {
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("backup: %s: %w: %s", name, err, strings.TrimSpace(string(out)))
	}
	return nil
}

func digest(path string) (int64, string, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return n, hex.EncodeToString(h.Sum(nil)), err
}

// Restorable checks that path is a whole copy: the wanted SHA-256 ("" = any), and on SQLite an intact database.
func Restorable(ctx context.Context, path, want string) error {
	_, sum, err := digest(path)
	if err != nil {
		return refuse(err, "backup.copy.unreadable")
	}
	if want != "" && sum != want {
		return refuse(nil, "backup.copy.changed")
	}
	if strings.HasSuffix(path, ".dump") {
		if err := tool(ctx, "pg_restore", "--list", path); err != nil {
			return refuse(err, "backup.copy.unreadable")
		}
		return nil
	}
	if err := integrity(ctx, path); err != nil {
		return refuse(err, "backup.copy.unreadable")
	}
	return nil
}

// drill restores the copy into a scratch place and compares it with the hospital: every table is there, its count lies between
// those read before and after copying (what was written meanwhile may be on either side), and the trail's chain holds.
func (s *Service) drill(ctx context.Context, path string, before map[string]int64) (tables int, rows int64, err error) {
	after, err := counts(ctx, s.DB.Read(ctx), s.DB.Engine())
	if err != nil {
		return 0, 0, err
	}
	scratch, drop, err := s.scratch(ctx, path)
	if err != nil {
		return 0, 0, err
	}
	defer drop()
	d, err := db.Open(ctx, scratch, clock.New(s.DB.Clock().Zone()))
	if err != nil {
		return 0, 0, err
	}
	defer d.Close()
	copied, err := counts(ctx, d.Read(ctx), d.Engine())
	if err != nil {
		return 0, 0, err
	}
	if what := difference(before, copied, after); what != "" {
		return 0, 0, refuse(errors.New(what), "backup.copy.incomplete")
	}
	for _, n := range copied {
		rows += n
	}
	return len(copied), rows, chainHolds(ctx, d)
}

// scratch restores path to a throw-away place and gives its DSN and how to remove it.
func (s *Service) scratch(ctx context.Context, path string) (dsn string, drop func(), err error) {
	if s.DB.Engine() == db.SQLite {
		dir, err := os.MkdirTemp(s.Dir, "drill-*")
		if err != nil {
			return "", nil, err
		}
		to := filepath.Join(dir, "renxin.db")
		if err := Restore(ctx, path, to); err != nil {
			os.RemoveAll(dir)
			return "", nil, err
		}
		return to, func() { os.RemoveAll(dir) }, nil
	}
	name := fmt.Sprintf("renxin_drill_%d", s.DB.NextID())
	if err := s.postgres(ctx, "create database "+name); err != nil {
		return "", nil, err
	}
	drop = func() { s.postgres(context.WithoutCancel(ctx), "drop database if exists "+name+" with (force)") }
	u, err := url.Parse(s.DB.DSN())
	if err != nil {
		return "", nil, err
	}
	u.Path = "/" + name
	if err := Restore(ctx, path, u.String()); err != nil {
		drop()
		return "", nil, err
	}
	return u.String(), drop, nil
}

func (s *Service) postgres(ctx context.Context, statement string) error {
	return s.DB.Exclusive(ctx, func(h *sql.DB) error {
		_, err := h.ExecContext(ctx, statement)
		return err
	})
}

// Restore puts a copy at target: a SQLite file that must not exist, or the URL of an empty PostgreSQL database. Afterwards
// every cursor of the outside world is where it was when the copy was made; docs/operations.md says what to check.
func Restore(ctx context.Context, path, target string) error {
	if err := Restorable(ctx, path, ""); err != nil {
		return err
	}
	if strings.HasPrefix(target, "postgres") {
		return tool(ctx, "pg_restore", "--no-owner", "--exit-on-error", "--dbname="+target, path)
	}
	if _, err := os.Stat(target); err == nil {
		return fault.New(fault.Conflict, "backup.target.exists")
	}
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(target+".part", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
		return err
	}
	return os.Rename(target+".part", target)
}
