package backup_test

import (
	"context"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"renxin/internal/backup"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
)

func room(t *testing.T) (*backup.Service, *db.DB, *clock.Fake, *trail.Log) {
	d, c := dbtest.New(t)
	b, l, j := event.NewBoard(d), trail.New(d), job.New(d)
	return backup.New(backup.Deps{DB: d, Board: b, Jobs: j, Trail: l, Dir: t.TempDir(), Setting: setting.New(setting.Deps{DB: d, Board: b, Trail: l})}), d, c, l
}

func TestSY08_BackupWhileWritingPassesItsDrill(t *testing.T) {
	s, d, _, l := room(t)
	ctx := access.With(context.Background(), access.System("test"))
	var acknowledged atomic.Int64
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				if err := l.Append(ctx, trail.Entry{Action: "test.row.write"}); err != nil {
					t.Error(err)
				}
				acknowledged.Add(1)
			}
		}
	}()
	const most = 12 // a copy of a small database may fall between two writes of a slow disk
	made, beside := 0, int64(0)
	for made < 3 || beside == 0 && made < most {
		before := acknowledged.Load()
		if _, err := s.Create(ctx); err != nil {
			t.Fatal(err)
		}
		made, beside = made+1, beside+acknowledged.Load()-before
	}
	close(stop)
	<-stopped
	if beside == 0 {
		t.Errorf("no write was acknowledged beside %d backups", made)
	}
	written := int(acknowledged.Load())
	copies, err := s.List(ctx)
	if err != nil || len(copies) != made {
		t.Fatal(len(copies), made, err)
	}
	for _, c := range copies {
		if c.State != "ok" || c.VerifiedAt == 0 || c.Size == 0 {
			t.Errorf("%+v", c)
		}
	}
	if n, err := db.One[int](ctx, d.Read(ctx), `select count(*) from trail_entry where action = 'test.row.write'`); err != nil || n != written {
		t.Error("acknowledged writes lost", n, written, err)
	}
}

func TestSY08_DamagedBackupIsRefusedAndNothingIsOverwritten(t *testing.T) {
	s, d, _, _ := room(t)
	if d.Engine() != db.SQLite {
		t.Skip("damages a SQLite file; pg_restore checks its own archive")
	}
	ctx := access.With(context.Background(), access.System("test"))
	c, err := s.Create(ctx)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(s.Dir, c.Name)
	to := filepath.Join(t.TempDir(), "restored.db")
	if err := backup.Restore(ctx, path, to); err != nil {
		t.Fatal(err)
	}
	if err := backup.Restore(ctx, path, to); !fault.Is(err, fault.Conflict) {
		t.Error("restored over a database:", err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copy(b[len(b)/2:], make([]byte, 4096))
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := backup.Restorable(ctx, path, c.SHA256); fault.KeyOf(err) != "backup.copy.changed" {
		t.Error(err)
	}
}

func TestSY08_NightlyOncePerDayAndOldOnesRemoved(t *testing.T) {
	s, _, clk, _ := room(t)
	ctx := access.With(context.Background(), access.System("test"))
	for range 4 {
		for range 3 { // the schedule looks many times a day
			if err := s.Jobs.Tick(ctx, "backup.schedule"); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Jobs.Drain(ctx); err != nil {
				t.Fatal(err)
			}
		}
		clk.Advance(24 * 3600 * 1e9)
	}
	copies, err := s.List(ctx)
	if err != nil || len(copies) != 4 {
		t.Fatal("one copy a day:", len(copies), err)
	}
	if err := s.Setting.Set(ctx, setting.Update{Key: "backup.copy.keep", Value: "2"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Create(ctx); err != nil {
		t.Fatal(err)
	}
	copies, _ = s.List(ctx)
	kept := 0
	for _, c := range copies {
		_, err := os.Stat(filepath.Join(s.Dir, c.Name))
		if (err == nil) != (c.State == "ok") {
			t.Error(c.Name, c.State, err)
		}
		if c.State == "ok" {
			kept++
		}
	}
	if kept != 2 {
		t.Error("kept", kept)
	}
}
