package staff

import (
	"context"
	"strings"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Code is what a source calls a department; Source "" holds for every source.
type Code struct {
	DepartmentID DepartmentID `json:"-"`
	Source       string       `json:"source"`
	Code         string       `json:"code"`
}

// DepartmentByCode is the department that a source means by a code: the source's own mapping first, then one that holds for every source,
// then the department's main code. A department that was merged answers with the one it went into. False for a code nobody knows.
func (s *Service) DepartmentByCode(ctx context.Context, source, code string) (DepartmentID, bool, error) {
	return departmentByCode(ctx, s.DB.Read(ctx), source, code)
}

// Department is DepartmentFrom for whichever source.
func (s *Service) Department(ctx context.Context, code, name string) (DepartmentID, error) {
	return s.DepartmentFrom(ctx, "", code, name)
}

// DepartmentFrom maps what a source says to a department of ours. A source that sends names only is understood by the name. What nobody
// knows becomes an unchecked department of the first site, so that a feed never fails for want of a mapping; somebody looks at it on the
// departments page, renames it or merges it into the one that was meant, and the code is known from then on. Nothing said gives zero.
func (s *Service) DepartmentFrom(ctx context.Context, source, code, name string) (DepartmentID, error) {
	if name = strings.TrimSpace(name); code == "" {
		code = name
	}
	if code == "" {
		return 0, nil
	}
	id, ok, err := s.known(ctx, s.DB.Read(ctx), source, code, name)
	if err != nil || ok {
		return id, err
	}
	if name == "" {
		name = code
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if id, ok, err = s.known(ctx, tx, source, code, name); err != nil || ok {
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

// known looks a code up; a name that came instead of a code is the department of that name.
func (s *Service) known(ctx context.Context, tx *db.Tx, source, code, name string) (DepartmentID, bool, error) {
	id, ok, err := departmentByCode(ctx, tx, source, code)
	if err == nil && !ok && code == name {
		id, ok, err = departmentByName(ctx, tx, name)
	}
	return id, ok, err
}

// SetCodes replaces what sources call a department besides its main code. Errors: conflict where another department has one of them.
func (s *Service) SetCodes(ctx context.Context, id DepartmentID, codes []Code) error {
	if err := access.Need(ctx, PermDeptUpdate); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := findDepartment(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := dropCodes(ctx, tx, id); err != nil {
			return err
		}
		for _, c := range codes {
			c.DepartmentID, c.Code, c.Source = id, strings.TrimSpace(c.Code), strings.TrimSpace(c.Source)
			if c.Code == "" || c.Code == d.Code && c.Source == "" {
				continue
			}
			if err := s.freeCode(ctx, tx, c); err != nil {
				return err
			}
			if err := insertCode(ctx, tx, c); err != nil {
				if db.IsUnique(err) {
					return codeTaken()
				}
				return err
			}
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "staff.department.codes", Entity: "department", EntityID: int64(id), Detail: codes})
	})
}

// freeCode refuses a code for every source that is another department's main code: the main code would hide behind it.
func (s *Service) freeCode(ctx context.Context, tx *db.Tx, c Code) error {
	if c.Source != "" {
		return nil
	}
	other, ok, err := departmentByMainCode(ctx, tx, c.Code)
	if err == nil && ok && other != c.DepartmentID {
		err = codeTaken()
	}
	return err
}

func codeTaken() error {
	return fault.New(fault.Conflict, "staff.department.code_taken").With("codes", "staff.department.code_taken")
}
