// Package staff knows who works here and what they may do (员工与权限): sites, departments, accounts, roles, sessions. It
// alone builds access.Scope.
package staff

import (
	"context"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
)

type accountKind struct{}

// Prefix implements db.Kind.
func (accountKind) Prefix() string { return "st" }

type departmentKind struct{}

// Prefix implements db.Kind.
func (departmentKind) Prefix() string { return "dp" }

type siteKind struct{}

// Prefix implements db.Kind.
func (siteKind) Prefix() string { return "si" }

type roleKind struct{}

// Prefix implements db.Kind.
func (roleKind) Prefix() string { return "rl" }

// Keys of the room.
type (
	ID           = db.ID[accountKind]
	DepartmentID = db.ID[departmentKind]
	SiteID       = db.ID[siteKind]
	RoleID       = db.ID[roleKind]
)

// Permissions of the room.
const (
	PermList       access.Permission = "staff.account.list"
	PermCreate     access.Permission = "staff.account.create"
	PermUpdate     access.Permission = "staff.account.update"
	PermRoleList   access.Permission = "staff.role.list"
	PermRoleUpdate access.Permission = "staff.role.update"
	PermViewAs     access.Permission = "staff.role.preview" // look at the product as another role sees it
	PermDeptUpdate access.Permission = "staff.department.update"
)

// Permissions lists them for the role editor.
var Permissions = []access.Permission{PermList, PermCreate, PermUpdate, PermRoleList, PermRoleUpdate, PermViewAs, PermDeptUpdate}

// Deps is what the room needs.
type Deps struct {
	DB      *db.DB
	Board   *event.Board
	Trail   *trail.Log
	Setting *setting.Service
}

// Service is the room.
type Service struct {
	Deps
	catalogue []access.Permission
	holdings  []Holding
	kept      []string
	jobs      *job.Runner // set by Work
}

// New makes the room.
func New(d Deps) *Service {
	event.Declare[Absent](d.Board)
	event.Declare[Left](d.Board)
	event.Declare[Merged](d.Board)
	d.Setting.Define(
		setting.Definition{Key: "staff.session.idle_minutes", Kind: setting.Int, Default: "60", Min: 5, Max: 720},
		setting.Definition{Key: "staff.session.hours", Kind: setting.Int, Default: "12", Min: 1, Max: 72},
		setting.Definition{Key: "staff.sign_in.max_failures", Kind: setting.Int, Default: "5", Min: 3, Max: 20},
	)
	return &Service{Deps: d}
}

// Catalogue tells the room every permission of the house; wiring calls it once, last.
func (s *Service) Catalogue(p []access.Permission) { s.catalogue = p }

// AllPermissions is the catalogue, for the role editor.
func (s *Service) AllPermissions() []access.Permission { return s.catalogue }

// Absent is published when somebody's absence was entered, changed or ended.
type Absent struct {
	StaffID ID `json:"staff_id"`
}

// FactName implements event.Fact.
func (Absent) FactName() string { return "staff.absent" }

// FactPatient implements event.Fact.
func (Absent) FactPatient() int64 { return 0 }

// Left is published when an account was frozen or its person left; their open work needs a new owner.
type Left struct {
	StaffID ID `json:"staff_id"`
}

// FactName implements event.Fact.
func (Left) FactName() string { return "staff.left" }

// FactPatient implements event.Fact.
func (Left) FactPatient() int64 { return 0 }

// Names maps account keys to names.
func (s *Service) Names(ctx context.Context, ids []ID) (map[ID]string, error) {
	return accountNames(ctx, s.DB.Read(ctx), ids)
}

// DepartmentNames maps department keys to today's names.
func (s *Service) DepartmentNames(ctx context.Context, ids []DepartmentID) (map[DepartmentID]string, error) {
	return departmentNames(ctx, s.DB.Read(ctx), ids)
}
