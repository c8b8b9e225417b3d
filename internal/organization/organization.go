// Package organization keeps the groups that patients belong to (团体): insurers, employers, units under contract, with their contracts,
// contacts, our staff's visits and their members.
package organization

import (
	"context"
	"slices"
	"strings"

	"renxin/internal/identity"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
	"renxin/internal/staff"
)

// Permissions of the room.
const (
	PermRead        access.Permission = "organization.organization.read"
	PermUpdate      access.Permission = "organization.organization.update"
	PermMembers     access.Permission = "organization.member.read"
	PermEditMembers access.Permission = "organization.member.update"
)

// Permissions lists them for the role editor.
var Permissions = []access.Permission{PermRead, PermUpdate, PermMembers, PermEditMembers}

type kind struct{}

// Prefix implements db.Kind.
func (kind) Prefix() string { return "or" }

// ID identifies an organisation.
type ID = db.ID[kind]

// Kinds are the sorts of organisation.
var Kinds = []string{"insurer", "employer", "contract", "school", "community", "other"}

// Organization is an insurer, an employer or another group customer.
type Organization struct {
	ID         ID            `json:"id"`
	Kind       string        `json:"kind"`
	Code       string        `json:"code"` // the hospital's own number for it, may be ""
	Name       string        `json:"name"`
	Pinyin     string        `json:"-"`
	Initials   string        `json:"-"`
	Address    string        `json:"address"`
	RegionCode string        `json:"region_code"`
	Phone      string        `json:"phone"` // the switchboard, no person's
	Note       string        `json:"note"`
	OwnerID    staff.ID      `json:"-"`
	CreatedBy  int64         `json:"-"`
	CreatedAt  clock.Instant `json:"created_at"`
	UpdatedAt  clock.Instant `json:"updated_at"`
	Version    int64         `json:"version"`
	DeletedAt  clock.Instant `json:"-"`
}

// Input is an organisation as typed.
type Input struct {
	Kind       string   `json:"kind"`
	Code       string   `json:"code"`
	Name       string   `json:"name"`
	Address    string   `json:"address"`
	RegionCode string   `json:"region_code"`
	Phone      string   `json:"phone"`
	Note       string   `json:"note"`
	OwnerID    staff.ID `json:"owner_id"`
	Version    int64    `json:"version"` // of the one being changed
}

// Deps is what the room needs.
type Deps struct {
	DB      *db.DB
	Board   *event.Board
	Trail   *trail.Log
	Patient *patient.Service
}

// Service is the room.
type Service struct{ Deps }

// New makes the room, declares its facts and its patients' table.
func New(d Deps) *Service {
	event.Declare[Joined](d.Board)
	event.Declare[Left](d.Board)
	d.Patient.Declare(patient.Table{Name: "organization_member", Key: []string{"organization_id"}, Combine: longerMember})
	return &Service{d}
}

func (s *Service) read(ctx context.Context) *db.Tx { return s.DB.Read(ctx) }

// check reads what was typed into o.
func (in Input) check(o *Organization) error {
	f := fault.New(fault.Invalid, "organization.organization.invalid")
	o.Kind, o.Code, o.Name = in.Kind, strings.TrimSpace(in.Code), strings.Join(strings.Fields(in.Name), " ")
	o.Address, o.Phone, o.Note, o.OwnerID = strings.TrimSpace(in.Address), strings.TrimSpace(in.Phone), strings.TrimSpace(in.Note), in.OwnerID
	o.RegionCode = in.RegionCode
	if !slices.Contains(Kinds, o.Kind) {
		f.With("kind", "organization.organization.unknown_kind")
	}
	if o.Name == "" || len([]rune(o.Name)) > 80 {
		f.With("name", "organization.organization.name")
	}
	if o.RegionCode == "" {
		o.RegionCode = identity.ReadRegion(o.Address)
	} else if _, ok := identity.FindRegion(o.RegionCode); !ok {
		f.With("region_code", "patient.region.unknown")
	}
	for path, v := range map[string]string{"code": o.Code, "phone": o.Phone} {
		if len([]rune(v)) > 40 {
			f.With(path, "organization.text.too_long", "limit", 40)
		}
	}
	for path, v := range map[string]string{"address": o.Address, "note": o.Note} {
		if len([]rune(v)) > 500 {
			f.With(path, "organization.text.too_long", "limit", 500)
		}
	}
	o.Pinyin, o.Initials = spelled(o.Name)
	return f.Or()
}

// spelled gives the pinyin and the initials by which a name is found and sorted.
func spelled(name string) (pinyin, initials string) {
	r := identity.Pinyin(name)
	if len(r) == 0 {
		return strings.ToLower(name), strings.ToLower(name)
	}
	return r[0].Full(), r[0].Initials()
}

// Create adds an organisation.
func (s *Service) Create(ctx context.Context, in Input) (ID, error) {
	o := Organization{ID: db.New[kind](s.DB), CreatedBy: access.From(ctx).StaffID, Version: 1}
	err := s.change(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := in.check(&o); err != nil {
			return err
		}
		o.CreatedAt, o.UpdatedAt = tx.Now, tx.Now
		return s.keep(ctx, o, "create", insert(ctx, tx, o))
	})
	return o.ID, err
}

// Update changes an organisation. Errors: conflict when somebody changed it since, or the name or code is another's.
func (s *Service) Update(ctx context.Context, id ID, in Input) error {
	return s.change(ctx, func(ctx context.Context, tx *db.Tx) error {
		o, err := find(ctx, tx, id)
		if err != nil {
			return err
		}
		if o.Version != in.Version {
			return db.Stale(o)
		}
		if err := in.check(&o); err != nil {
			return err
		}
		o.UpdatedAt, o.Version = tx.Now, o.Version+1
		return s.keep(ctx, o, "update", update(ctx, tx, o))
	})
}

// keep explains a clash of names and writes the trail.
func (s *Service) keep(ctx context.Context, o Organization, verb string, err error) error {
	if db.IsUnique(err) {
		return fault.New(fault.Conflict, "organization.organization.taken").With("name", "organization.organization.taken")
	}
	if err != nil {
		return err
	}
	return s.Trail.Append(ctx, trail.Entry{Action: "organization.organization." + verb, Entity: "organization", EntityID: int64(o.ID), Detail: map[string]string{"kind": o.Kind}})
}

// Remove takes an organisation out of the lists; memberships stay as they were. Restore brings it back.
func (s *Service) Remove(ctx context.Context, id ID) error {
	return s.change(ctx, func(ctx context.Context, tx *db.Tx) error {
		o, err := find(ctx, tx, id)
		if err != nil {
			return err
		}
		o.DeletedAt, o.UpdatedAt, o.Version = tx.Now, tx.Now, o.Version+1
		return s.keep(ctx, o, "delete", update(ctx, tx, o))
	})
}

// Restore brings a removed organisation back. Errors: conflict when its name was taken meanwhile.
func (s *Service) Restore(ctx context.Context, id ID) error {
	return s.change(ctx, func(ctx context.Context, tx *db.Tx) error {
		o, err := findAny(ctx, tx, id)
		if err != nil || o.DeletedAt == 0 {
			return err
		}
		o.DeletedAt, o.UpdatedAt, o.Version = 0, tx.Now, o.Version+1
		return s.keep(ctx, o, "restore", update(ctx, tx, o))
	})
}

// change runs fn for a caller who may change organisations.
func (s *Service) change(ctx context.Context, fn func(ctx context.Context, tx *db.Tx) error) error {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return err
	}
	return s.DB.Tx(ctx, fn)
}

// Find gives one organisation.
func (s *Service) Find(ctx context.Context, id ID) (Organization, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return Organization{}, err
	}
	return find(ctx, s.read(ctx), id)
}

// Filter narrows List; zero fields do not.
type Filter struct {
	Text   string // part of the name, the code, pinyin or initials
	Kind   string
	Limit  int
	Cursor string
}

// List gives organisations by name.
func (s *Service) List(ctx context.Context, f Filter) (db.Page[Organization], error) {
	var page db.Page[Organization]
	if err := access.Need(ctx, PermRead); err != nil {
		return page, err
	}
	f.Limit, f.Text = db.Limit(f.Limit), strings.ToLower(strings.TrimSpace(f.Text))
	rows, total, err := list(ctx, s.read(ctx), f)
	if err != nil {
		return page, err
	}
	return db.Cut(rows, f.Limit, total, func(o Organization) string { return db.Cursor(o.Pinyin, int64(o.ID)) }), nil
}

// Count is how many members an organisation has, of those in the caller's scope.
type Count struct {
	OrganizationID ID
	Members        int // who belong to it today
	Former         int // whose time is over
}

// Counts counts the members of organisations in the caller's scope.
func (s *Service) Counts(ctx context.Context, ids []ID) (map[ID]Count, error) {
	out := map[ID]Count{}
	if err := access.Need(ctx, PermMembers); err != nil {
		return out, err
	}
	rows, err := s.countMembers(ctx, ids, s.DB.Clock().Today())
	for _, c := range rows {
		out[c.OrganizationID] = c
	}
	return out, err
}
