// Package access carries who is calling, what they may do and whose data they may see. Rooms check it; doors only fill it in.
package access

import (
	"context"
	"strings"

	"renxin/internal/platform/fault"
)

// Permission names one thing a person may do: "room.noun.verb".
type Permission string

// reading lists the verbs that change nothing; every other verb is refused to a read-only caller.
var reading = map[string]bool{"read": true, "list": true, "search": true, "export": true, "reveal": true, "read_clinical": true, "read_unassigned": true}

// Writes reports whether the permission changes data, told by its verb.
func (p Permission) Writes() bool {
	return !reading[string(p[strings.LastIndexByte(string(p), '.')+1:])]
}

// Room is the first part of the permission.
func (p Permission) Room() string { r, _, _ := strings.Cut(string(p), "."); return r }

// Caller is who acts. The zero Caller may do nothing and sees nothing.
type Caller struct {
	StaffID   int64  // staff.ID of the person, or of the person a key belongs to; 0 for the system
	Name      string // as shown in the trail: a staff name, "system:followup", a feed's name
	Door      string // desk, hook, job, listener, command
	RequestID string
	Locale    string
	perms     map[Permission]bool
	every     bool
	scope     Scope
}

// Scope is whose data a caller sees. Only staff builds it (Grant); rooms read it through their own queries. The zero Scope sees nothing.
type Scope struct {
	kind        kind
	staff       int64
	departments []int64
	sites       []int64
	days        int
	readOnly    bool
	unassigned  bool
	roles       []string
}

type kind uint8

const (
	none kind = iota
	own
	departments
	sites
	all
)

// Grant describes a scope to be built.
type Grant struct {
	Reach       string  // own, department, site, all
	StaffID     int64   // for own, and added to department and site: a person always sees their own patients
	Departments []int64 // for department and site: those and what lies below them, resolved by staff
	Sites       []int64 // for site
	Days        int     // only what happened in the last Days days of the hospital's zone, 0 = no limit
	ReadOnly    bool
	Unassigned  bool     // also patients nobody is assigned to
	Roles       []string // the relations to a patient that count (attending, nurse …); none = every one
}

// Build makes a Scope. internal/arch_test.go allows it to staff alone.
func Build(g Grant) Scope {
	s := Scope{staff: g.StaffID, departments: g.Departments, sites: g.Sites, days: g.Days, readOnly: g.ReadOnly, unassigned: g.Unassigned, roles: g.Roles}
	switch g.Reach {
	case "own":
		s.kind = own
	case "department":
		s.kind = departments
	case "site":
		s.kind = sites
	case "all":
		s.kind = all
	}
	return s
}

// Empty reports a scope that sees nothing.
func (s Scope) Empty() bool { return s.kind == none }

// All reports a scope without a limit by assignment; Days may still limit it.
func (s Scope) All() bool { return s.kind == all }

// StaffID is the person whose own patients are seen.
func (s Scope) StaffID() int64 { return s.staff }

// Departments are the department keys seen; nil unless the scope reaches by department or by site.
func (s Scope) Departments() []int64 {
	if s.kind == departments || s.kind == sites {
		return s.departments
	}
	return nil
}

// Sites are the site keys seen; nil unless the scope reaches by site.
func (s Scope) Sites() []int64 {
	if s.kind == sites {
		return s.sites
	}
	return nil
}

// Roles are the relations to a patient that count for the scope; none means every one.
func (s Scope) Roles() []string { return s.roles }

// Days limits to the last n business days including today; 0 = no limit.
func (s Scope) Days() int { return s.days }

// ReadOnly reports that every change is refused.
func (s Scope) ReadOnly() bool { return s.readOnly }

// Unassigned reports that patients nobody is assigned to are seen too.
func (s Scope) Unassigned() bool { return s.unassigned }

// Person makes a signed-in caller. internal/arch_test.go allows it to staff alone.
func Person(id int64, name string, perms []Permission, s Scope) Caller {
	c := Caller{StaffID: id, Name: name, scope: s, perms: make(map[Permission]bool, len(perms))}
	for _, p := range perms {
		c.perms[p] = true
	}
	return c
}

// System is a part of the house acting by itself: a job, a listener, a feed, a command. It may do everything and sees everything.
func System(name string) Caller {
	return Caller{Name: "system:" + name, Door: "system", every: true, scope: Scope{kind: all, unassigned: true}}
}

type ctxKey struct{}

// With puts the caller into ctx.
func With(ctx context.Context, c Caller) context.Context { return context.WithValue(ctx, ctxKey{}, c) }

// AsSystem is With(System(name)).
func AsSystem(ctx context.Context, name string) context.Context { return With(ctx, System(name)) }

// From is the caller in ctx; the zero Caller when there is none.
func From(ctx context.Context) Caller {
	c, _ := ctx.Value(ctxKey{}).(Caller)
	return c
}

// ScopeOf is the scope of the caller in ctx.
func ScopeOf(ctx context.Context) Scope { return From(ctx).scope }

// Scope is whose data the caller sees.
func (c Caller) Scope() Scope { return c.scope }

// IsSystem reports a caller made by System.
func (c Caller) IsSystem() bool { return c.every }

// Can reports whether the caller holds p and p is no change refused by a read-only scope.
func (c Caller) Can(p Permission) bool {
	if c.every {
		return true
	}
	return c.perms[p] && !(c.scope.readOnly && p.Writes())
}

// Permissions lists what the caller holds, without those that a read-only scope refuses.
func (c Caller) Permissions() []Permission {
	var out []Permission
	for p := range c.perms {
		if c.Can(p) {
			out = append(out, p)
		}
	}
	return out
}

// Need returns a forbidden fault unless the caller in ctx can do p. Every exported method of a room begins with it.
func Need(ctx context.Context, p Permission) error {
	c := From(ctx)
	if c.Can(p) {
		return nil
	}
	if c.StaffID == 0 {
		return fault.New(fault.Unauthorized, "access.caller.missing")
	}
	if c.perms[p] {
		return fault.New(fault.Forbidden, "access.scope.read_only")
	}
	return fault.New(fault.Forbidden, "access.permission.missing", "permission", string(p))
}
