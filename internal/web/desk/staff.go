package desk

import (
	"context"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/lang"
	"renxin/internal/staff"
)

// items is a whole list that needs no pages.
type items[T any] struct {
	Items []T `json:"items"`
}

func listed[T any](v []T, err error) (items[T], error) {
	if v == nil {
		v = []T{}
	}
	return items[T]{v}, err
}

// StaffRow is an account as lists show it.
type StaffRow struct {
	ID          staff.ID      `json:"id"`
	Login       string        `json:"login"`
	Code        string        `json:"code"`
	Name        string        `json:"name"`
	Post        string        `json:"post"`
	Languages   string        `json:"languages"`
	Role        Named         `json:"role"`
	Department  Named         `json:"department"`
	State       string        `json:"state"`
	AbsentFrom  clock.Instant `json:"absent_from"`
	AbsentUntil clock.Instant `json:"absent_until"`
	LastSeenAt  clock.Instant `json:"last_seen_at"`
	Version     int64         `json:"version"`
}

// StaffInput is a new account.
type StaffInput struct {
	Login        string             `json:"login"`
	Code         string             `json:"code"`
	Name         string             `json:"name"`
	Password     string             `json:"password"`
	Post         string             `json:"post"`
	Languages    string             `json:"languages"`
	RoleID       staff.RoleID       `json:"role_id"`
	DepartmentID staff.DepartmentID `json:"department_id"`
}

// StaffPatch changes what is present.
type StaffPatch struct {
	Version      int64               `json:"version"`
	Name         *string             `json:"name"`
	Post         *string             `json:"post"`
	Languages    *string             `json:"languages"`
	RoleID       *staff.RoleID       `json:"role_id"`
	DepartmentID *staff.DepartmentID `json:"department_id"`
	State        *string             `json:"state"`
	AbsentFrom   *clock.Instant      `json:"absent_from"`
	AbsentUntil  *clock.Instant      `json:"absent_until"`
}

// RoleInput is a role to create, or the changes to one.
type RoleInput struct {
	Version     int64                `json:"version"`
	Name        *string              `json:"name"`
	Reach       *string              `json:"reach"`
	Days        *int                 `json:"days"`
	ReadOnly    *bool                `json:"read_only"`
	Unassigned  *bool                `json:"unassigned"`
	Permissions *[]access.Permission `json:"permissions"`
	Keys        *[]string            `json:"keys"`
	Active      *bool                `json:"active"`
}

// PermissionRow is one right of the catalogue.
type PermissionRow struct {
	Permission access.Permission `json:"permission"`
	Room       string            `json:"room"`
	Writes     bool              `json:"writes"`
	Name       string            `json:"name"`
}

// Created is the key of what was made.
type Created[K any] struct {
	ID K `json:"id"`
}

type staffDoor struct{ *staff.Service }

// StaffRoutes are the paths of accounts, roles and departments.
func StaffRoutes(s *staff.Service) Routes {
	return func(d *Door) {
		r := staffDoor{s}
		add(d, Route{Method: "GET", Path: "/api/v1/staff", Permission: staff.PermList, Text: "Staff by name"}, r.list)
		add(d, Route{Method: "POST", Path: "/api/v1/staff", Permission: staff.PermCreate, Text: "Add an account"}, r.create)
		add(d, Route{Method: "PATCH", Path: "/api/v1/staff/{id}", Permission: staff.PermUpdate, Text: "Change, freeze or mark absent"}, r.update)
		add(d, Route{Method: "POST", Path: "/api/v1/staff/{id}/password", Permission: staff.PermUpdate, Text: "Set a new password"}, r.password)
		add(d, Route{Method: "GET", Path: "/api/v1/roles", Permission: staff.PermRoleList, Text: "Roles with their rights"}, r.roles)
		add(d, Route{Method: "POST", Path: "/api/v1/roles", Permission: staff.PermRoleUpdate, Text: "Add a role"}, r.createRole)
		add(d, Route{Method: "PATCH", Path: "/api/v1/roles/{id}", Permission: staff.PermRoleUpdate, Text: "Change a role"}, r.updateRole)
		add(d, Route{Method: "GET", Path: "/api/v1/permissions", Permission: staff.PermRoleList, Text: "Every right there is"}, r.permissions)
		add(d, Route{Method: "GET", Path: "/api/v1/colleagues", Own: true, Text: "Names of colleagues, for pickers"}, r.colleagues)
		r.departmentRoutes(d)
		r.handoverRoutes(d)
	}
}

func (r staffDoor) list(ctx context.Context, in *struct {
	Text         string             `query:"text"`
	State        string             `query:"state"`
	DepartmentID staff.DepartmentID `query:"department_id"`
	Limit        int                `query:"limit"`
	Cursor       string             `query:"cursor"`
}) (db.Page[StaffRow], error) {
	p, err := r.List(ctx, staff.Filter{Text: in.Text, State: in.State, DepartmentID: in.DepartmentID, Limit: in.Limit, Cursor: in.Cursor})
	if err != nil {
		return db.Page[StaffRow]{}, err
	}
	roles, err := r.RoleNames(ctx)
	if err != nil {
		return db.Page[StaffRow]{}, err
	}
	ids := make([]staff.DepartmentID, len(p.Items))
	for i, a := range p.Items {
		ids[i] = a.DepartmentID
	}
	depts, err := r.DepartmentNames(ctx, ids)
	out := db.Page[StaffRow]{Items: []StaffRow{}, Next: p.Next, Total: p.Total}
	for _, a := range p.Items {
		out.Items = append(out.Items, StaffRow{ID: a.ID, Login: a.Login, Code: a.Code, Name: a.Name, Post: a.Post, Languages: a.Languages, Role: Named{a.RoleID.String(), roles[a.RoleID]},
			Department: Named{a.DepartmentID.String(), depts[a.DepartmentID]}, State: a.State, AbsentFrom: a.AbsentFrom, AbsentUntil: a.AbsentUntil, LastSeenAt: a.SeenAt, Version: a.Version})
	}
	return out, err
}

func (r staffDoor) create(ctx context.Context, in *struct{ Body StaffInput }) (Created[staff.ID], error) {
	b := in.Body
	id, err := r.Create(ctx, staff.Input{Login: b.Login, Code: b.Code, Name: b.Name, Password: b.Password, Post: b.Post, Languages: b.Languages, RoleID: b.RoleID, DepartmentID: b.DepartmentID})
	return Created[staff.ID]{id}, err
}

func (r staffDoor) update(ctx context.Context, in *struct {
	ID   staff.ID `path:"id"`
	Body StaffPatch
}) (None, error) {
	b := in.Body
	return None{}, r.Update(ctx, in.ID, staff.Patch{Version: b.Version, Name: b.Name, Post: b.Post, Languages: b.Languages, RoleID: b.RoleID, DepartmentID: b.DepartmentID, State: b.State, AbsentFrom: b.AbsentFrom, AbsentUntil: b.AbsentUntil})
}

func (r staffDoor) password(ctx context.Context, in *struct {
	ID   staff.ID `path:"id"`
	Body struct {
		Password string `json:"password"`
	}
}) (None, error) {
	return None{}, r.SetPassword(ctx, in.ID, in.Body.Password)
}

func (r staffDoor) roles(ctx context.Context, in *inUse) (items[staff.Role], error) {
	all, err := r.Roles(ctx)
	return listed(keep(all, func(x staff.Role) bool { return !in.Active || x.Active }), err)
}

func (r staffDoor) createRole(ctx context.Context, in *struct{ Body RoleInput }) (Created[staff.RoleID], error) {
	b, n := in.Body, staff.Role{Reach: "own"}
	n.Apply(staff.RolePatch{Name: b.Name, Reach: b.Reach, Days: b.Days, ReadOnly: b.ReadOnly, Unassigned: b.Unassigned, Permissions: b.Permissions, Keys: b.Keys, Active: b.Active})
	id, err := r.CreateRole(ctx, n)
	return Created[staff.RoleID]{id}, err
}

func (r staffDoor) updateRole(ctx context.Context, in *struct {
	ID   staff.RoleID `path:"id"`
	Body RoleInput
}) (None, error) {
	b := in.Body
	return None{}, r.UpdateRole(ctx, in.ID, staff.RolePatch{Version: b.Version, Name: b.Name, Reach: b.Reach, Days: b.Days, ReadOnly: b.ReadOnly, Unassigned: b.Unassigned, Permissions: b.Permissions, Keys: b.Keys, Active: b.Active})
}

func (r staffDoor) permissions(ctx context.Context, _ *struct{}) (items[PermissionRow], error) {
	var out []PermissionRow
	for _, p := range r.AllPermissions() {
		out = append(out, PermissionRow{p, p.Room(), p.Writes(), lang.Text(lang.From(ctx), "permission."+string(p), nil)})
	}
	return listed(out, nil)
}

// Colleague is a name to pick.
type Colleague struct {
	ID           staff.ID           `json:"id"`
	Name         string             `json:"name"`
	Pinyin       string             `json:"pinyin"`
	Post         string             `json:"post"`
	DepartmentID staff.DepartmentID `json:"department_id"`
	Absent       bool               `json:"absent"`
}

func (r staffDoor) colleagues(ctx context.Context, _ *struct{}) (items[Colleague], error) {
	ms, err := r.Members(ctx, 0)
	out := make([]Colleague, 0, len(ms))
	for _, m := range ms {
		out = append(out, Colleague{m.ID, m.Name, m.Pinyin, m.Post, m.DepartmentID, m.Absent})
	}
	return listed(out, err)
}
