// Package segment finds groups of patients (人群): conditions over everything the house knows, counted live, saved with their history,
// followed by event, and the same for every room that uses them.
package segment

import (
	"context"
	"renxin/internal/field"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

// Permissions of the room.
const (
	PermRead  access.Permission = "segment.segment.read"
	PermEdit  access.Permission = "segment.segment.update"
	PermShare access.Permission = "segment.segment.share"
	PermKey   access.Permission = "segment.key.update"
)

// Permissions lists them for the role editor.
var Permissions = []access.Permission{PermRead, PermEdit, PermShare, PermKey}

type kind struct{}

// Prefix implements db.Kind.
func (kind) Prefix() string { return "sg" }

// ID is a saved segment's key.
type ID = db.ID[kind]

// Deps is what the room needs.
type Deps struct {
	DB      *db.DB
	Board   *event.Board
	Jobs    *job.Runner
	Trail   *trail.Log
	Setting *setting.Service
	Field   *field.Service
	Staff   *staff.Service
	Patient *patient.Service
	Visit   *visit.Service
}

// Service is the room.
type Service struct {
	Deps
	dims   map[string]Dimension
	order  []string // names of dims as declared
	reader *event.Reader
	users  []func(ctx context.Context, id ID) ([]Use, error)
}

// New makes the room: its dimensions, facts, table and work, and its part in the list of patients.
func New(d Deps) *Service {
	s := &Service{Deps: d, dims: map[string]Dimension{}}
	s.Declare(s.personal()...)
	s.Declare(s.visiting()...)
	s.Declare(s.belonging()...)
	s.Declare(s.reaching()...)
	s.Declare(s.custom(), s.nested())
	d.Patient.Declare(patient.Table{Name: "segment_member", Key: []string{"segment_id"}})
	d.Patient.NarrowBy("segment", s.narrow)
	d.Patient.NarrowBy("key", s.narrowKey)
	s.declare()
	s.work()
	return s
}
