package staff

import (
	"context"
	"strings"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Site is a campus of the hospital (院区).
type Site struct {
	ID      SiteID `json:"id"`
	Code    string `json:"code"`
	Name    string `json:"name"`
	Active  bool   `json:"active"`
	Version int64  `json:"version"`
}

// Department is a clinical department (科室) or a ward (病区) below one, mapped to the HIS by Code.
type Department struct {
	ID       DepartmentID `json:"id"`
	SiteID   SiteID       `json:"site_id"`
	ParentID DepartmentID `json:"parent_id"`
	Kind     string       `json:"kind"` // department, ward
	Code     string       `json:"code"`
	Name     string       `json:"name"`
	Active   bool         `json:"active"`
	Version  int64        `json:"version"`
	History  []Past       `json:"history" db:"-"`
}

// Past is a name and place a department had from ValidFrom until ValidTo (zero = still).
type Past struct {
	DepartmentID DepartmentID  `json:"-"`
	ValidFrom    clock.Instant `json:"from"`
	ValidTo      clock.Instant `json:"to"`
	Name         string        `json:"name"`
	ParentID     DepartmentID  `json:"parent_id"`
	SiteID       SiteID        `json:"site_id"`
}

// Sites lists the campuses.
func (s *Service) Sites(ctx context.Context) ([]Site, error) { return listSites(ctx, s.DB.Read(ctx)) }

// CreateSite adds a campus.
func (s *Service) CreateSite(ctx context.Context, code, name string) (SiteID, error) {
	if err := access.Need(ctx, PermDeptUpdate); err != nil {
		return 0, err
	}
	st := Site{ID: db.New[siteKind](s.DB), Code: code, Name: name, Active: true, Version: 1}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return insertSite(ctx, tx, st) })
	return st.ID, err
}

// Departments lists the tree with its history, parents before children.
func (s *Service) Departments(ctx context.Context) ([]Department, error) {
	tx := s.DB.Read(ctx)
	ds, err := listDepartments(ctx, tx)
	if err != nil {
		return nil, err
	}
	past, err := listDepartmentHistory(ctx, tx)
	if err != nil {
		return nil, err
	}
	for i := range ds {
		ds[i].History = past[ds[i].ID]
	}
	return ds, nil
}

// DepartmentOf finds one department.
func (s *Service) DepartmentOf(ctx context.Context, id DepartmentID) (Department, error) {
	return findDepartment(ctx, s.DB.Read(ctx), id)
}

// DepartmentAt is the name and place a department had at an instant, for reports of past periods.
func (s *Service) DepartmentAt(ctx context.Context, id DepartmentID, at clock.Instant) (Past, error) {
	return departmentAt(ctx, s.DB.Read(ctx), id, at)
}

// Department maps a HIS code to ours. An unknown code becomes a department of the first site under its HIS name, so that a
// feed never fails for want of a mapping; an administrator moves or renames it later. An empty code gives zero.
func (s *Service) Department(ctx context.Context, code, name string) (DepartmentID, error) {
	if code == "" {
		return 0, nil
	}
	id, ok, err := departmentByCode(ctx, s.DB.Read(ctx), code)
	if err != nil || ok {
		return id, err
	}
	if name == "" {
		name = code
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if id, ok, err = departmentByCode(ctx, tx, code); err != nil || ok {
			return err
		}
		site, err := s.firstSite(ctx, tx)
		if err != nil {
			return err
		}
		d := Department{ID: db.New[departmentKind](s.DB), SiteID: site, Kind: "department", Code: code, Name: name, Active: true, Version: 1}
		id = d.ID
		return s.addDepartment(ctx, tx, d)
	})
	return id, err
}

func (s *Service) firstSite(ctx context.Context, tx *db.Tx) (SiteID, error) {
	sites, err := listSites(ctx, tx)
	if err != nil {
		return 0, err
	}
	if len(sites) > 0 {
		return sites[0].ID, nil
	}
	st := Site{ID: db.New[siteKind](s.DB), Code: "MAIN", Name: s.Setting.Text(ctx, "setting.hospital.name", 0), Active: true, Version: 1}
	return st.ID, insertSite(ctx, tx, st)
}

func (s *Service) addDepartment(ctx context.Context, tx *db.Tx, d Department) error {
	if err := insertDepartment(ctx, tx, d); err != nil {
		return err
	}
	return openHistory(ctx, tx, d)
}

// CreateDepartment adds a department or ward.
func (s *Service) CreateDepartment(ctx context.Context, d Department) (DepartmentID, error) {
	if err := access.Need(ctx, PermDeptUpdate); err != nil {
		return 0, err
	}
	if err := d.validate(); err != nil {
		return 0, err
	}
	d.ID, d.Active, d.Version = db.New[departmentKind](s.DB), true, 1
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if d.SiteID == 0 {
			if d.SiteID, err = s.firstSite(ctx, tx); err != nil {
				return err
			}
		}
		if err := s.addDepartment(ctx, tx, d); err != nil {
			if db.IsUnique(err) {
				return fault.New(fault.Conflict, "staff.department.code_taken").With("code", "staff.department.code_taken")
			}
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "staff.department.create", Entity: "department", EntityID: int64(d.ID), Detail: d})
	})
	return d.ID, err
}

func (d Department) validate() error {
	f := fault.New(fault.Invalid, "staff.department.invalid")
	if strings.TrimSpace(d.Name) == "" {
		f.With("name", "staff.field.required")
	}
	if strings.TrimSpace(d.Code) == "" {
		f.With("code", "staff.field.required")
	}
	if d.Kind != "department" && d.Kind != "ward" {
		f.With("kind", "staff.field.required")
	}
	return f.Or()
}

// DepartmentPatch changes what is not nil.
type DepartmentPatch struct {
	Version  int64
	Name     *string
	ParentID *DepartmentID
	SiteID   *SiteID
	Active   *bool
}

// UpdateDepartment renames, moves or closes a department. The old name and place stay true for their time.
func (s *Service) UpdateDepartment(ctx context.Context, id DepartmentID, p DepartmentPatch) error {
	if err := access.Need(ctx, PermDeptUpdate); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := findDepartment(ctx, tx, id)
		if err != nil {
			return err
		}
		if d.Version != p.Version {
			return db.Stale(d)
		}
		before := d
		d.Apply(p)
		if err := d.validate(); err != nil {
			return err
		}
		if err := s.noCycle(ctx, tx, d); err != nil {
			return err
		}
		if err := updateDepartment(ctx, tx, d); err != nil {
			return err
		}
		if before.Name != d.Name || before.ParentID != d.ParentID || before.SiteID != d.SiteID {
			if err := closeHistory(ctx, tx, id); err != nil {
				return err
			}
			if err := openHistory(ctx, tx, d); err != nil {
				return err
			}
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "staff.department.update", Entity: "department", EntityID: int64(id), Detail: map[string]any{"from": before, "to": d}})
	})
}

// Apply makes the changes of p and counts the version up.
func (d *Department) Apply(p DepartmentPatch) {
	if p.Name != nil {
		d.Name = *p.Name
	}
	if p.ParentID != nil {
		d.ParentID = *p.ParentID
	}
	if p.SiteID != nil {
		d.SiteID = *p.SiteID
	}
	if p.Active != nil {
		d.Active = *p.Active
	}
	d.Version++
}

func (s *Service) noCycle(ctx context.Context, tx *db.Tx, d Department) error {
	for up := d.ParentID; up != 0; {
		if up == d.ID {
			return fault.New(fault.Invalid, "staff.department.cycle").With("parent_id", "staff.department.cycle")
		}
		parent, err := findDepartment(ctx, tx, up)
		if err != nil {
			return err
		}
		up = parent.ParentID
	}
	return nil
}
