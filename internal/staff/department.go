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

// Department is a clinical department (科室) or a ward (病区) below one, mapped to the HIS by Code.
type Department struct {
	ID       DepartmentID `json:"id"`
	SiteID   SiteID       `json:"site_id"`
	ParentID DepartmentID `json:"parent_id"`
	Kind     string       `json:"kind"` // department, ward
	Code     string       `json:"code"`
	Name     string       `json:"name"`
	Active   bool         `json:"active"`
	Division bool         `json:"division"` // roles that reach by division see from here down (版块)
	Checked  bool         `json:"checked"`  // false: a feed brought it and nobody has looked at it yet
	IntoID   DepartmentID `json:"into_id"`  // merged into, zero = not
	Version  int64        `json:"version"`
	Pinyin   string       `json:"pinyin" db:"-"` // "fu ke", for type-ahead fields
	Codes    []Code       `json:"codes" db:"-"`  // what sources call it besides Code
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
	codes, err := listCodes(ctx, tx)
	for i := range ds {
		ds[i].History, ds[i].Codes, ds[i].Pinyin = past[ds[i].ID], append([]Code{}, codes[ds[i].ID]...), sortKey(ds[i].Name)
	}
	return ds, err
}

// DepartmentOf finds one department.
func (s *Service) DepartmentOf(ctx context.Context, id DepartmentID) (Department, error) {
	return findDepartment(ctx, s.DB.Read(ctx), id)
}

// DepartmentAt is the name and place a department had at an instant, for reports of past periods.
func (s *Service) DepartmentAt(ctx context.Context, id DepartmentID, at clock.Instant) (Past, error) {
	return departmentAt(ctx, s.DB.Read(ctx), id, at)
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
	d.ID, d.Active, d.Checked, d.Version = db.New[departmentKind](s.DB), true, true, 1
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
	Division *bool
	Kind     *string
}

// UpdateDepartment renames, moves or closes a department; whoever does so has looked at it. The old name and place stay true for their
// time. A department that was merged into another cannot be opened again.
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
		d.Checked = true
		if d.Active && d.IntoID != 0 {
			return fault.New(fault.Conflict, "staff.department.merged")
		}
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
	set(&d.Name, p.Name)
	set(&d.ParentID, p.ParentID)
	set(&d.SiteID, p.SiteID)
	set(&d.Active, p.Active)
	set(&d.Division, p.Division)
	set(&d.Kind, p.Kind)
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
