package staff

import (
	"context"
	"strings"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Site is a campus of the hospital (院区). What its departments have is its own; a patient of several campuses is seen by each.
type Site struct {
	ID      SiteID `json:"id"`
	Code    string `json:"code"`
	Name    string `json:"name"`
	Active  bool   `json:"active"`
	Version int64  `json:"version"`
}

// Sites lists the campuses.
func (s *Service) Sites(ctx context.Context) ([]Site, error) { return listSites(ctx, s.DB.Read(ctx)) }

// CreateSite adds a campus. Errors: invalid without code or name, conflict where the code is taken.
func (s *Service) CreateSite(ctx context.Context, code, name string) (SiteID, error) {
	if err := access.Need(ctx, PermDeptUpdate); err != nil {
		return 0, err
	}
	st := Site{ID: db.New[siteKind](s.DB), Code: strings.TrimSpace(code), Name: strings.TrimSpace(name), Active: true, Version: 1}
	if err := st.validate(); err != nil {
		return 0, err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertSite(ctx, tx, st); err != nil {
			if db.IsUnique(err) {
				return fault.New(fault.Conflict, "staff.site.code_taken").With("code", "staff.site.code_taken")
			}
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "staff.site.create", Entity: "site", EntityID: int64(st.ID), Detail: st})
	})
	return st.ID, err
}

func (s Site) validate() error {
	f := fault.New(fault.Invalid, "staff.site.invalid")
	if s.Name == "" {
		f.With("name", "staff.field.required")
	}
	if s.Code == "" {
		f.With("code", "staff.field.required")
	}
	return f.Or()
}

// SitePatch changes what is not nil.
type SitePatch struct {
	Version int64
	Name    *string
	Active  *bool
}

// UpdateSite renames or closes a campus. One that still has open departments stays open.
func (s *Service) UpdateSite(ctx context.Context, id SiteID, p SitePatch) error {
	if err := access.Need(ctx, PermDeptUpdate); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		st, err := findSite(ctx, tx, id)
		if err != nil {
			return err
		}
		if st.Version != p.Version {
			return db.Stale(st)
		}
		before := st
		set(&st.Name, p.Name)
		set(&st.Active, p.Active)
		st.Name, st.Version = strings.TrimSpace(st.Name), st.Version+1
		if err := st.validate(); err != nil {
			return err
		}
		if before.Active && !st.Active {
			if n, err := openDepartments(ctx, tx, id); err != nil || n > 0 {
				if err == nil {
					err = fault.New(fault.Conflict, "staff.site.in_use", "n", n)
				}
				return err
			}
		}
		if err := updateSite(ctx, tx, st); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "staff.site.update", Entity: "site", EntityID: int64(id), Detail: map[string]any{"from": before, "to": st}})
	})
}

func (s *Service) firstSite(ctx context.Context, tx *db.Tx) (SiteID, error) {
	sites, err := listSites(ctx, tx)
	if err != nil {
		return 0, err
	}
	for _, st := range sites {
		if st.Active {
			return st.ID, nil
		}
	}
	st := Site{ID: db.New[siteKind](s.DB), Code: "MAIN", Name: s.Setting.Text(ctx, "setting.hospital.name", 0), Active: true, Version: 1}
	return st.ID, insertSite(ctx, tx, st)
}
