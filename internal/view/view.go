// Package view keeps how people look at lists (视图): saved views, private or shared, what each person arranged for themselves, and the
// tray of files that lists became.
package view

import (
	"context"
	"strings"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
	"renxin/internal/staff"
)

// PermShare lets a person share a view with everybody who sees the page.
const PermShare access.Permission = "view.view.share"

// PermTrace lets a person find out from which export a leaked row came.
const PermTrace access.Permission = "view.export.read"

// Permissions lists the room's permissions for the role editor.
var Permissions = []access.Permission{PermShare, PermTrace}

type (
	kind       struct{}
	exportKind struct{}
)

// Prefix implements db.Kind.
func (kind) Prefix() string { return "vw" }

// Prefix implements db.Kind.
func (exportKind) Prefix() string { return "ve" }

// The identifiers of the room's rows.
type (
	ID       = db.ID[kind]       // a view
	ExportID = db.ID[exportKind] // a file in the tray
)

// View is a list's filters, sort and columns under a name. It holds no data: whoever opens it sees what their own scope allows.
type View struct {
	ID        ID            `json:"id"`
	OwnerID   staff.ID      `json:"-"`
	Page      string        `json:"page"` // "patients", "worklist" …
	Name      string        `json:"name"`
	Query     string        `json:"query"`  // the address part after "?", as the page writes it
	Layout    string        `json:"layout"` // columns, their order and widths, as the page writes them; "" = each person's own
	Shared    bool          `json:"shared"`
	Rank      int           `json:"rank"`
	Mine      bool          `json:"mine" db:"-"`
	CreatedAt clock.Instant `json:"created_at"`
}

// Deps is what the room needs.
type Deps struct {
	DB    *db.DB
	Board *event.Board
	Jobs  *job.Runner
	Trail *trail.Log
	Staff *staff.Service
	Dir   string // where exported files wait to be fetched
}

// Service is the room.
type Service struct {
	Deps
	sources map[string]Source
}

// New makes the room with its job and the daily end of old files.
func New(d Deps) *Service {
	s := &Service{Deps: d, sources: map[string]Source{}}
	event.Declare[Exported](d.Board)
	d.Jobs.Register(job.Kind{Name: "view.export", Lease: 5 * time.Minute, MaxTries: 3, Workers: 2}, s.write)
	d.Jobs.Every("view.prune", time.Hour, s.Prune)
	return s
}

// List gives the caller's views of a page and the shared ones.
func (s *Service) List(ctx context.Context, page string) ([]View, error) {
	me := staff.ID(access.From(ctx).StaffID)
	vs, err := list(ctx, s.DB.Read(ctx), page, me)
	for i := range vs {
		vs[i].Mine = vs[i].OwnerID == me
	}
	return vs, err
}

func (v View) validate() error {
	f := fault.New(fault.Invalid, "view.view.invalid")
	if n := len([]rune(strings.TrimSpace(v.Name))); n == 0 || n > 40 {
		f.With("name", "view.view.name")
	}
	if v.Page == "" || len(v.Query) > 4000 || len(v.Layout) > maxPreference {
		f.With("query", "view.view.query")
	}
	return f.Or()
}

// Create saves a view for the caller.
func (s *Service) Create(ctx context.Context, v View) (View, error) {
	if err := v.validate(); err != nil {
		return v, err
	}
	if v.Shared {
		if err := access.Need(ctx, PermShare); err != nil {
			return v, err
		}
	}
	v.ID, v.OwnerID, v.Mine = db.New[kind](s.DB), staff.ID(access.From(ctx).StaffID), true
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		v.CreatedAt = tx.Now
		return insert(ctx, tx, v)
	})
	return v, err
}

// Patch changes what is not nil.
type Patch struct {
	Name   *string
	Query  *string
	Layout *string
	Shared *bool
	Rank   *int
}

// Apply makes the changes of p.
func (v *View) Apply(p Patch) {
	assign(&v.Name, p.Name)
	assign(&v.Query, p.Query)
	assign(&v.Layout, p.Layout)
	assign(&v.Shared, p.Shared)
	assign(&v.Rank, p.Rank)
}

// Update changes one of the caller's views.
func (s *Service) Update(ctx context.Context, id ID, p Patch) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		v, err := s.own(ctx, tx, id)
		if err != nil {
			return err
		}
		if p.Shared != nil && *p.Shared && !v.Shared {
			if err := access.Need(ctx, PermShare); err != nil {
				return err
			}
		}
		v.Apply(p)
		if err := v.validate(); err != nil {
			return err
		}
		return update(ctx, tx, v)
	})
}

func assign[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// Delete removes one of the caller's views.
func (s *Service) Delete(ctx context.Context, id ID) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := s.own(ctx, tx, id); err != nil {
			return err
		}
		return remove(ctx, tx, id)
	})
}

func (s *Service) own(ctx context.Context, tx *db.Tx, id ID) (View, error) {
	v, err := find(ctx, tx, id)
	if err == nil && int64(v.OwnerID) != access.From(ctx).StaffID {
		err = db.Missing()
	}
	return v, err
}
