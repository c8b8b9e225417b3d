// Package profile keeps what one must know before speaking with a patient (偏好禁忌) and the memberships that a patient holds (会员).
package profile

import (
	"context"
	"time"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
)

// Permissions of the room.
const (
	PermRead        access.Permission = "profile.preference.read"
	PermUpdate      access.Permission = "profile.preference.update"
	PermClinical    access.Permission = "profile.preference.read_clinical"
	PermMembers     access.Permission = "profile.membership.read"
	PermEditMembers access.Permission = "profile.membership.update"
)

// Permissions lists them for the role editor.
var Permissions = []access.Permission{PermRead, PermUpdate, PermClinical, PermMembers, PermEditMembers}

type (
	preferenceKind struct{}
	membershipKind struct{}
)

// Prefix implements db.Kind.
func (preferenceKind) Prefix() string { return "pf" }

// Prefix implements db.Kind.
func (membershipKind) Prefix() string { return "mb" }

// Typed IDs of the room.
type (
	PreferenceID = db.ID[preferenceKind] // a preference or contraindication
	MembershipID = db.ID[membershipKind] // a membership
)

// Deps is what the room needs.
type Deps struct {
	DB      *db.DB
	Board   *event.Board
	Jobs    *job.Runner
	Trail   *trail.Log
	Patient *patient.Service
}

// Service is the room.
type Service struct{ Deps }

// New makes the room, declares its facts and its patients' tables, and looks every few minutes for memberships that have ended.
func New(d Deps) *Service {
	event.Declare[PreferenceChanged](d.Board)
	event.Declare[MembershipChanged](d.Board)
	event.Declare[MembershipExpired](d.Board)
	d.Patient.Declare(
		patient.Table{Name: "profile_preference", Key: []string{"id"}},
		patient.Table{Name: "profile_membership", Key: []string{"id"}, Unique: [][]string{{"type", "number"}}},
	)
	s := &Service{d}
	d.Jobs.Every("profile.expire", 5*time.Minute, s.Expire)
	return s
}

func (s *Service) read(ctx context.Context) *db.Tx { return s.DB.Read(ctx) }

// change runs fn in a transaction for a patient whom the caller sees, with the permission checked first.
func (s *Service) change(ctx context.Context, need access.Permission, p patient.ID, fn func(ctx context.Context, tx *db.Tx, p patient.ID) error) error {
	if err := access.Need(ctx, need); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := s.Patient.Standing(ctx, p)
		if err != nil {
			return err
		}
		return fn(ctx, tx, p)
	})
}
