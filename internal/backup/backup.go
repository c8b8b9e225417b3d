// Package backup makes copies of the hospital's data and proves that they can be restored (备份).
package backup

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
)

// Permissions of the room.
const (
	PermList   access.Permission = "backup.copy.list"
	PermCreate access.Permission = "backup.copy.create"
)

// Permissions lists them for the role editor.
var Permissions = []access.Permission{PermList, PermCreate}

// Deps is what the room needs. Dir is where copies are written.
type Deps struct {
	DB      *db.DB
	Board   *event.Board
	Jobs    *job.Runner
	Trail   *trail.Log
	Setting *setting.Service
	Dir     string
}

// Service is the room.
type Service struct{ Deps }

// New makes the room with its nightly job.
func New(d Deps) *Service {
	s := &Service{d}
	event.Declare[Failed](d.Board)
	d.Setting.Define(
		setting.Definition{Key: "backup.copy.at", Kind: setting.Time, Default: "02:00"},
		setting.Definition{Key: "backup.copy.keep", Kind: setting.Int, Default: "14", Min: 2, Max: 400},
	)
	d.Jobs.Register(job.Kind{Name: "backup.create", Lease: time.Hour, MaxTries: 3}, func(ctx context.Context, _ *job.Run) error {
		_, err := s.Create(ctx)
		return err
	})
	d.Jobs.Every("backup.schedule", time.Minute, s.schedule)
	return s
}

// Failed is published when a copy could not be made or did not pass its drill.
type Failed struct {
	Name string `json:"name"`
}

// FactName implements event.Fact.
func (Failed) FactName() string { return "backup.failed" }

// FactPatient implements event.Fact.
func (Failed) FactPatient() int64 { return 0 }

// Copy is one backup.
type Copy struct {
	ID         int64         `json:"-"`
	Name       string        `json:"name"` // file name in the backup directory
	State      string        `json:"state"`
	Size       int64         `json:"size"`
	SHA256     string        `json:"sha256" db:"sha256"`
	StartedAt  clock.Instant `json:"at"`
	FinishedAt clock.Instant `json:"finished_at"`
	VerifiedAt clock.Instant `json:"verified_at"` // when a restore of it gave the same counts
	Tables     int           `json:"tables"`
	RowsCopied int64         `json:"rows"`
	Error      string        `json:"error"`
}

// schedule enqueues tonight's copy once, at the set hour or as soon afterwards as the program runs.
func (s *Service) schedule(ctx context.Context) error {
	c := s.DB.Clock()
	h, m, _ := setting.ParseTime(s.Setting.Text(ctx, "backup.copy.at", 0))
	day := c.Today()
	if c.Now() < c.On(day, h, m) {
		return nil
	}
	_, err := s.Jobs.Enqueue(ctx, "backup.create", nil, job.Option{Key: "nightly@" + string(day)})
	return err
}

// Start enqueues a copy now and gives its job.
func (s *Service) Start(ctx context.Context) (int64, error) {
	if err := access.Need(ctx, PermCreate); err != nil {
		return 0, err
	}
	return s.Jobs.Enqueue(ctx, "backup.create", nil, job.Option{})
}

// Create makes a copy while the hospital works, restores it into a scratch place, compares, and removes copies beyond the
// number kept. A copy that fails its drill is kept under its name for inspection, marked failed.
func (s *Service) Create(ctx context.Context) (Copy, error) {
	if err := access.Need(ctx, PermCreate); err != nil {
		return Copy{}, err
	}
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return Copy{}, err
	}
	now := s.DB.Clock().Now()
	c := Copy{ID: s.DB.NextID(), State: "running", StartedAt: now}
	c.Name = fmt.Sprintf("renxin-%s-%s%s", s.DB.Clock().Local(now).Format("20060102-150405"), lastDigits(c.ID), extension(s.DB.Engine()))
	if err := s.save(ctx, c); err != nil {
		return c, err
	}
	err := s.copyAndDrill(ctx, &c)
	c.FinishedAt, c.State = s.DB.Clock().Now(), "ok"
	if err != nil {
		c.State, c.Error = "failed", err.Error()
	}
	if e := s.save(context.WithoutCancel(ctx), c); e != nil {
		return c, e
	}
	if err != nil {
		return c, err
	}
	return c, s.prune(ctx)
}

func lastDigits(id int64) string { s := fmt.Sprintf("%06d", id); return s[len(s)-6:] }

func extension(e db.Engine) string {
	if e == db.Postgres {
		return ".dump"
	}
	return ".db"
}

func (s *Service) copyAndDrill(ctx context.Context, c *Copy) error {
	path := filepath.Join(s.Dir, c.Name)
	before, err := counts(ctx, s.DB.Read(ctx), s.DB.Engine())
	if err != nil {
		return err
	}
	if err := write(ctx, s.DB, path); err != nil {
		return err
	}
	if c.Size, c.SHA256, err = digest(path); err != nil {
		return err
	}
	if err := Restorable(ctx, path, c.SHA256); err != nil {
		return err
	}
	c.Tables, c.RowsCopied, err = s.drill(ctx, path, before)
	if err == nil {
		c.VerifiedAt = s.DB.Clock().Now()
	}
	return err
}

func (s *Service) save(ctx context.Context, c Copy) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := put(ctx, tx, c); err != nil {
			return err
		}
		switch c.State {
		case "failed":
			return s.Board.Publish(ctx, Failed{c.Name})
		case "ok":
			return s.Trail.Append(ctx, trail.Entry{Action: "backup.copy.create", Entity: "backup", EntityID: c.ID, Detail: map[string]any{"name": c.Name, "sha256": c.SHA256, "rows": c.RowsCopied}})
		}
		return nil
	})
}

// List gives the copies, newest first.
func (s *Service) List(ctx context.Context) ([]Copy, error) {
	if err := access.Need(ctx, PermList); err != nil {
		return nil, err
	}
	return list(ctx, s.DB.Read(ctx), 100)
}

func (s *Service) prune(ctx context.Context) error {
	cs, err := list(ctx, s.DB.Read(ctx), 1000)
	if err != nil {
		return err
	}
	keep := s.Setting.Int(ctx, "backup.copy.keep", 0)
	for _, c := range cs {
		if c.State != "ok" {
			continue
		}
		if keep--; keep >= 0 {
			continue
		}
		if err := os.Remove(filepath.Join(s.Dir, c.Name)); err != nil && !os.IsNotExist(err) {
			return err
		}
		c.State = "removed"
		if err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return put(ctx, tx, c) }); err != nil {
			return err
		}
	}
	return nil
}

// refuse is the fault of a file that is no copy of ours, or not the one it was.
func refuse(err error, key string) error { return fault.Wrap(err, fault.Invalid, key) }

func sorted(m map[string]int64) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// difference names the first table whose counts differ beyond what the hospital wrote since the copy began.
func difference(before, copied, after map[string]int64) string {
	for _, t := range sorted(before) {
		if _, ok := copied[t]; ok && queue(t) {
			continue
		}
		lo, hi := min(before[t], after[t]), max(before[t], after[t])
		if n, ok := copied[t]; !ok || n < lo || n > hi {
			return fmt.Sprintf("%s holds %d rows in the copy, %d to %d in the hospital", t, n, lo, hi)
		}
	}
	return ""
}

// queue reports tables whose rows come and go, so that counts around a copy say nothing.
func queue(table string) bool {
	for _, p := range []string{"job_", "event_", "staff_session", "staff_request", "staff_throttle"} {
		if strings.HasPrefix(table, p) {
			return true
		}
	}
	return false
}

func isOurs(table string) bool {
	return strings.Contains(table, "_") && !strings.HasPrefix(table, "sqlite_")
}
