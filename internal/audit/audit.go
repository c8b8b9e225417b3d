// Package audit reads and verifies the sealed trail (审计).
package audit

import (
	"context"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
)

// Permissions of the room.
const (
	PermList   access.Permission = "audit.entry.list"
	PermVerify access.Permission = "audit.chain.read"
)

// Permissions lists them for the role editor.
var Permissions = []access.Permission{PermList, PermVerify}

// Deps is what the room needs.
type Deps struct {
	DB    *db.DB
	Jobs  *job.Runner
	Trail *trail.Log
}

// Service is the room.
type Service struct{ Deps }

// New makes the room; the chain is sealed within a second of each entry.
func New(d Deps) *Service {
	s := &Service{d}
	d.Jobs.Every("audit.seal", time.Second, func(ctx context.Context) error {
		_, err := d.Trail.Seal(ctx)
		return err
	})
	return s
}

// Filter narrows List; zero fields do not.
type Filter struct {
	From, To  clock.Instant
	ActorID   int64
	Action    string // whole action, or a room's with a trailing dot: "patient."
	PatientID int64
	Limit     int
	Cursor    string
}

// List gives entries, newest first. A person whose scope is limited sees their own entries only.
func (s *Service) List(ctx context.Context, f Filter) (db.Page[trail.Row], error) {
	if err := access.Need(ctx, PermList); err != nil {
		return db.Page[trail.Row]{}, err
	}
	sc := access.ScopeOf(ctx)
	if !sc.All() {
		f.ActorID = sc.StaffID()
	}
	if n := sc.Days(); n > 0 {
		c := s.DB.Clock()
		f.From = max(f.From, c.On(c.Today().Add(1-n), 0, 0))
	}
	f.Limit = db.Limit(f.Limit)
	tx := s.DB.Read(ctx)
	rows, err := list(ctx, tx, f)
	if err != nil {
		return db.Page[trail.Row]{}, err
	}
	n, err := count(ctx, tx, f)
	return db.Cut(rows, f.Limit, db.Capped(n), func(r trail.Row) string { return db.Cursor(r.At, r.ID) }), err
}

// Verify walks the chain; see trail.Log.Verify.
func (s *Service) Verify(ctx context.Context) (int64, *trail.Broken, error) {
	if err := access.Need(ctx, PermVerify); err != nil {
		return 0, nil, err
	}
	if _, err := s.Trail.Seal(ctx); err != nil {
		return 0, nil, err
	}
	return s.Trail.Verify(ctx)
}
