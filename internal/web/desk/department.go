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
	Kind     string              `json:"kind"`
	Name     *string             `json:"name"`
	Active   *bool               `json:"active"`
}

func (r staffDoor) departmentRoutes(d *Door) {
	add(d, Route{Method: "GET", Path: "/api/v1/sites", Own: true, Text: "Campuses"}, func(ctx context.Context, _ *struct{}) (items[staff.Site], error) {
		return listed(r.Sites(ctx))
	})
	add(d, Route{Method: "GET", Path: "/api/v1/departments", Own: true, Text: "Departments and wards with their past names"}, func(ctx context.Context, _ *struct{}) (items[staff.Department], error) {
		return listed(r.Departments(ctx))
	})
	add(d, Route{Method: "POST", Path: "/api/v1/departments", Permission: staff.PermDeptUpdate, Text: "Add a department or ward"}, r.createDepartment)
	add(d, Route{Method: "PATCH", Path: "/api/v1/departments/{id}", Permission: staff.PermDeptUpdate, Text: "Rename, move or close a department"}, r.updateDepartment)
}

func (r staffDoor) createDepartment(ctx context.Context, in *struct{ Body DepartmentInput }) (Created[staff.DepartmentID], error) {
	b := in.Body
	n := staff.Department{Code: b.Code, Kind: b.Kind}
	n.Apply(staff.DepartmentPatch{Name: b.Name, ParentID: b.ParentID, SiteID: b.SiteID})
	id, err := r.CreateDepartment(ctx, n)
	return Created[staff.DepartmentID]{id}, err
}

func (r staffDoor) updateDepartment(ctx context.Context, in *struct {
	ID   staff.DepartmentID `path:"id"`
	Body DepartmentInput
}) (None, error) {
	b := in.Body
	return None{}, r.UpdateDepartment(ctx, in.ID, staff.DepartmentPatch{Version: b.Version, Name: b.Name, ParentID: b.ParentID, SiteID: b.SiteID, Active: b.Active})
}
