package desk

import (
	"context"

	"renxin/internal/staff"
)

// DepartmentInput is a department to create, or the changes to one.
type DepartmentInput struct {
	Version  int64               `json:"version"`
	SiteID   *staff.SiteID       `json:"site_id"`
	ParentID *staff.DepartmentID `json:"parent_id"`
	Code     string              `json:"code"`
	Kind     *string             `json:"kind"`
	Name     *string             `json:"name"`
	Active   *bool               `json:"active"`
	Division *bool               `json:"division"`
}

// SiteInput is a campus to create, or the changes to one.
type SiteInput struct {
	Version int64   `json:"version"`
	Code    string  `json:"code"`
	Name    *string `json:"name"`
	Active  *bool   `json:"active"`
}

// DepartmentPath names a department.
type DepartmentPath struct {
	ID staff.DepartmentID `path:"id"`
}

// inUse keeps what is in use, where a picker asks for that only.
type inUse struct {
	Active bool `query:"active"`
}

func (r staffDoor) departmentRoutes(d *Door) {
	add(d, Route{Method: "GET", Path: "/api/v1/sites", Own: true, Text: "Campuses; with active=true those in use"}, func(ctx context.Context, in *inUse) (items[staff.Site], error) {
		all, err := r.Sites(ctx)
		return listed(keep(all, func(s staff.Site) bool { return !in.Active || s.Active }), err)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/sites", Permission: staff.PermDeptUpdate, Text: "Add a campus"}, func(ctx context.Context, in *struct{ Body SiteInput }) (Created[staff.SiteID], error) {
		name := ""
		if in.Body.Name != nil {
			name = *in.Body.Name
		}
		id, err := r.CreateSite(ctx, in.Body.Code, name)
		return Created[staff.SiteID]{id}, err
	})
	add(d, Route{Method: "PATCH", Path: "/api/v1/sites/{id}", Permission: staff.PermDeptUpdate, Text: "Rename or close a campus"}, func(ctx context.Context, in *struct {
		ID   staff.SiteID `path:"id"`
		Body SiteInput
	}) (None, error) {
		return None{}, r.UpdateSite(ctx, in.ID, staff.SitePatch{Version: in.Body.Version, Name: in.Body.Name, Active: in.Body.Active})
	})
	add(d, Route{Method: "GET", Path: "/api/v1/departments", Own: true, Text: "Departments and wards with codes and past names; with active=true those in use"}, func(ctx context.Context, in *inUse) (items[staff.Department], error) {
		all, err := r.Departments(ctx)
		return listed(keep(all, func(x staff.Department) bool { return !in.Active || x.Active }), err)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/departments", Permission: staff.PermDeptUpdate, Text: "Add a department or ward"}, r.createDepartment)
	add(d, Route{Method: "PATCH", Path: "/api/v1/departments/{id}", Permission: staff.PermDeptUpdate, Text: "Rename, move or close a department"}, r.updateDepartment)
	add(d, Route{Method: "PUT", Path: "/api/v1/departments/{id}/codes", Permission: staff.PermDeptUpdate, Text: "Replace what sources call a department"}, func(ctx context.Context, in *struct {
		DepartmentPath
		Body struct {
			Codes []staff.Code `json:"codes"`
		}
	}) (None, error) {
		return None{}, r.SetCodes(ctx, in.ID, in.Body.Codes)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/departments/{id}/merge", Permission: staff.PermDeptUpdate, Text: "Close a department into another; what happened under its name keeps it"}, func(ctx context.Context, in *struct {
		DepartmentPath
		Body struct {
			IntoID staff.DepartmentID `json:"into_id"`
		}
	}) (None, error) {
		return None{}, r.MergeDepartment(ctx, in.ID, in.Body.IntoID)
	})
}

func keep[T any](all []T, wanted func(T) bool) []T {
	out := make([]T, 0, len(all))
	for _, v := range all {
		if wanted(v) {
			out = append(out, v)
		}
	}
	return out
}

func (r staffDoor) createDepartment(ctx context.Context, in *struct{ Body DepartmentInput }) (Created[staff.DepartmentID], error) {
	b := in.Body
	n := staff.Department{Code: b.Code}
	n.Apply(staff.DepartmentPatch{Name: b.Name, ParentID: b.ParentID, SiteID: b.SiteID, Division: b.Division, Kind: b.Kind})
	id, err := r.CreateDepartment(ctx, n)
	return Created[staff.DepartmentID]{id}, err
}

func (r staffDoor) updateDepartment(ctx context.Context, in *struct {
	DepartmentPath
	Body DepartmentInput
}) (None, error) {
	b := in.Body
	return None{}, r.UpdateDepartment(ctx, in.ID, staff.DepartmentPatch{Version: b.Version, Name: b.Name, ParentID: b.ParentID, SiteID: b.SiteID, Active: b.Active, Division: b.Division, Kind: b.Kind})
}
