package demo

import (
	"context"

	"renxin/internal/platform/access"
	"renxin/internal/platform/fault"
	"renxin/internal/staff"
)

// Password opens every account of the demo hospital; it is printed by the command and shown on the sign-in page.
const Password = "renxin-demo"

// SignIn is an account of the demo hospital, for the command to print.
type SignIn struct {
	Login, Password, Name, Post string
}

// SignIns lists the accounts of the demo hospital.
func SignIns() []SignIn {
	var all []SignIn
	for _, m := range cast {
		all = append(all, SignIn{m.Login, Password, m.Name, m.Title})
	}
	return all
}

// structure builds site, departments, wards and accounts. What is there already stays, so a second run goes on where one stopped.
func structure(ctx context.Context, s *staff.Service) error {
	ctx = access.AsSystem(ctx, "demo")
	if err := s.EnsureRoles(ctx); err != nil {
		return err
	}
	at, err := theSite(ctx, s)
	if err != nil {
		return err
	}
	keys := map[string]staff.DepartmentID{}
	known, err := s.Departments(ctx)
	if err != nil {
		return err
	}
	for _, d := range known {
		keys[d.Code] = d.ID
	}
	for _, d := range departments {
		if err := addDepartment(ctx, s, keys, staff.Department{SiteID: at, Kind: "department", Code: d.Code, Name: d.Name}); err != nil {
			return err
		}
	}
	for _, w := range wards {
		if err := addDepartment(ctx, s, keys, staff.Department{SiteID: at, ParentID: keys[w.DepartmentCode], Kind: "ward", Code: w.Code, Name: w.Name}); err != nil {
			return err
		}
	}
	return accounts(ctx, s, keys)
}

func theSite(ctx context.Context, s *staff.Service) (staff.SiteID, error) {
	all, err := s.Sites(ctx)
	if err != nil || len(all) > 0 {
		return first(all), err
	}
	return s.CreateSite(ctx, site.Code, site.Name)
}

func first(all []staff.Site) staff.SiteID {
	if len(all) == 0 {
		return 0
	}
	return all[0].ID
}

func addDepartment(ctx context.Context, s *staff.Service, keys map[string]staff.DepartmentID, d staff.Department) error {
	if keys[d.Code] != 0 {
		return nil
	}
	id, err := s.CreateDepartment(ctx, d)
	keys[d.Code] = id
	return err
}

func accounts(ctx context.Context, s *staff.Service, keys map[string]staff.DepartmentID) error {
	for _, m := range cast {
		if _, err := s.ByLogin(ctx, m.Login); err == nil {
			continue
		} else if !fault.Is(err, fault.NotFound) {
			return err
		}
		role, err := s.RoleByCode(ctx, string(m.Role))
		if err != nil {
			return err
		}
		if _, err := s.Create(ctx, staff.Input{
			Login: m.Login, Code: m.Code, Name: m.Name, Password: Password, RoleID: role.ID, DepartmentID: keys[m.DepartmentCode], Post: m.Post,
		}); err != nil {
			return err
		}
	}
	return nil
}
