package followup

import (
	"context"
	"encoding/json"
	"fmt"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
	"renxin/internal/staff"
)

// States of a template and of its versions.
const (
	TemplateDraft   = "draft"
	TemplateActive  = "active"
	TemplateRetired = "retired"
)

// Template is a follow-up template; what it says stands in its versions.
type Template struct {
	ID            TemplateID
	Code          string
	Name          string
	DepartmentID  staff.DepartmentID
	State         string
	ActiveVersion int   // 0 = none
	Version       int64 // lock, for edits; not the content's version
	CreatedAt     clock.Instant
	UpdatedAt     clock.Instant
}

// Version is one state of a template's content.
type Version struct {
	TemplateID  TemplateID
	Version     int
	State       string
	Body        string
	AuthorID    staff.ID
	Author      string
	CreatedAt   clock.Instant
	ActivatedAt clock.Instant
}

// Definition decodes the version's content.
func (v Version) Definition() (Definition, error) {
	var d Definition
	err := json.Unmarshal([]byte(v.Body), &d)
	return d, err
}

// TemplateRow is a template in a list, with its newest version's content.
type TemplateRow struct {
	Template
	Definition Definition
	Latest     int // newest version
	Running    int // active plans
}

// TemplateDetail is a template with the content of its newest version and the list of all.
type TemplateDetail struct {
	TemplateRow
	Versions []Version // newest first, without bodies
}

type versionKey struct {
	template TemplateID
	version  int
}

// Templates lists all templates by name.
func (s *Service) Templates(ctx context.Context) ([]TemplateRow, error) {
	if err := access.Need(ctx, PermReadTemplates); err != nil {
		return nil, err
	}
	rows, err := listTemplates(ctx, s.read(ctx))
	out := make([]TemplateRow, len(rows))
	for i, r := range rows {
		if out[i], err = r.row(); err != nil {
			return nil, err
		}
	}
	return out, err
}

// Template gives one template with its newest content.
func (s *Service) Template(ctx context.Context, id TemplateID) (TemplateDetail, error) {
	if err := access.Need(ctx, PermReadTemplates); err != nil {
		return TemplateDetail{}, err
	}
	return s.template(ctx, id)
}

func (s *Service) template(ctx context.Context, id TemplateID) (d TemplateDetail, err error) {
	r, err := oneTemplateRow(ctx, s.read(ctx), id)
	if err != nil {
		return d, err
	}
	if d.TemplateRow, err = r.row(); err != nil {
		return d, err
	}
	d.Versions, err = versionsOf(ctx, s.read(ctx), id)
	return d, err
}

// CreateTemplate stores a new template as version 1, a draft. An empty code is made up.
func (s *Service) CreateTemplate(ctx context.Context, code string, def Definition) (TemplateDetail, error) {
	if err := access.Need(ctx, PermEditTemplates); err != nil {
		return TemplateDetail{}, err
	}
	var id TemplateID
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = s.addTemplate(ctx, tx, code, def)
		return err
	})
	if err != nil {
		return TemplateDetail{}, err
	}
	return s.template(ctx, id)
}

func (s *Service) addTemplate(ctx context.Context, tx *db.Tx, code string, def Definition) (TemplateID, error) {
	if err := def.Check(); err != nil {
		return 0, err
	}
	t := Template{ID: db.New[templateKind](s.DB), Code: code, Name: def.Name, DepartmentID: def.DepartmentID, State: TemplateDraft,
		Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now}
	if t.Code == "" {
		t.Code = fmt.Sprintf("own-%d", t.ID)
	}
	err := insertTemplate(ctx, tx, t)
	if db.IsUnique(err) {
		return 0, fault.New(fault.Conflict, "followup.template.code_taken")
	}
	if err != nil {
		return 0, err
	}
	if err := s.putVersion(ctx, tx, t.ID, 1, def); err != nil {
		return 0, err
	}
	return t.ID, s.noteTemplate(ctx, PermEditTemplates, t.ID, map[string]any{"version": 1})
}

func (s *Service) putVersion(ctx context.Context, tx *db.Tx, id TemplateID, n int, def Definition) error {
	body, err := json.Marshal(def)
	if err != nil {
		return err
	}
	c := access.From(ctx)
	return putVersion(ctx, tx, Version{TemplateID: id, Version: n, State: TemplateDraft, Body: string(body), AuthorID: staff.ID(c.StaffID), Author: c.Name, CreatedAt: tx.Now})
}

func (s *Service) noteTemplate(ctx context.Context, p access.Permission, id TemplateID, detail any) error {
	return s.Trail.Append(ctx, trail.Entry{Action: string(p), Entity: "followup_template", EntityID: int64(id), Detail: detail})
}

// UpdateTemplate writes def as the draft version: the newest version when that is a draft, else a new one, so that running plans keep
// what they started with. lock is the template's Version as read; a stale one is a conflict that carries the template as it is now.
func (s *Service) UpdateTemplate(ctx context.Context, id TemplateID, lock int64, def Definition) (TemplateDetail, error) {
	if err := access.Need(ctx, PermEditTemplates); err != nil {
		return TemplateDetail{}, err
	}
	if err := def.Check(); err != nil {
		return TemplateDetail{}, err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now, err := s.locked(ctx, id, lock)
		if err != nil {
			return err
		}
		n := now.Latest
		if now.Versions[0].State != TemplateDraft {
			n++
		}
		if err := s.putVersion(ctx, tx, id, n, def); err != nil {
			return err
		}
		t := now.Template
		t.Version++
		t.UpdatedAt = tx.Now
		if t.State == TemplateDraft {
			t.Name, t.DepartmentID = def.Name, def.DepartmentID
		}
		if err := updateTemplate(ctx, tx, t); err != nil {
			return err
		}
		return s.noteTemplate(ctx, PermEditTemplates, id, map[string]any{"version": n})
	})
	if err != nil {
		return TemplateDetail{}, err
	}
	return s.template(ctx, id)
}

func (s *Service) locked(ctx context.Context, id TemplateID, lock int64) (TemplateDetail, error) {
	now, err := s.template(ctx, id)
	if err == nil && now.Version != lock {
		err = db.Stale(now)
	}
	return now, err
}

// Approval is what activation demands (FU-11): who reviewed the content, on what it rests, until when it may be used.
type Approval struct {
	Reviewer   string     `json:"reviewer"`
	Source     string     `json:"source"`
	ValidUntil clock.Date `json:"valid_until"`
}

// Activate makes the newest version the one that enrols from now on. Running plans keep theirs.
func (s *Service) Activate(ctx context.Context, id TemplateID, a Approval) (TemplateDetail, error) {
	if err := access.Need(ctx, PermActivate); err != nil {
		return TemplateDetail{}, err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now, err := s.template(ctx, id)
		if err != nil {
			return err
		}
		def := now.Definition
		def.Reviewer, def.ValidUntil = a.Reviewer, a.ValidUntil
		if !blank(a.Source) {
			def.Source = a.Source
		}
		if err := def.CheckActive(s.DB.Clock().Date(tx.Now)); err != nil {
			return err
		}
		n := now.Latest
		if now.Versions[0].State != TemplateDraft {
			n++ // a version once in use never changes, not even its reviewer
		}
		if err := s.putVersion(ctx, tx, id, n, def); err != nil {
			return err
		}
		if err := activateVersion(ctx, tx, id, n); err != nil {
			return err
		}
		t := now.Template
		t.State, t.ActiveVersion, t.Name, t.DepartmentID, t.UpdatedAt = TemplateActive, n, def.Name, def.DepartmentID, tx.Now
		t.Version++
		if err := updateTemplate(ctx, tx, t); err != nil {
			return err
		}
		return s.noteTemplate(ctx, PermActivate, id, map[string]any{"version": n, "reviewer": def.Reviewer, "valid_until": def.ValidUntil})
	})
	if err != nil {
		return TemplateDetail{}, err
	}
	return s.template(ctx, id)
}

// Retire stops a template from enrolling. Running plans go on.
func (s *Service) Retire(ctx context.Context, id TemplateID) (TemplateDetail, error) {
	if err := access.Need(ctx, PermActivate); err != nil {
		return TemplateDetail{}, err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now, err := s.template(ctx, id)
		if err != nil {
			return err
		}
		t := now.Template
		t.State, t.UpdatedAt = TemplateRetired, tx.Now
		t.Version++
		if err := updateTemplate(ctx, tx, t); err != nil {
			return err
		}
		return s.noteTemplate(ctx, PermActivate, id, map[string]any{"retired": true})
	})
	if err != nil {
		return TemplateDetail{}, err
	}
	return s.template(ctx, id)
}

// definition gives the content of one version; activated versions are kept in memory because they never change.
func (s *Service) definition(ctx context.Context, id TemplateID, version int) (Definition, error) {
	k := versionKey{id, version}
	s.mu.Lock()
	d, ok := s.defs[k]
	s.mu.Unlock()
	if ok {
		return d, nil
	}
	v, err := oneVersion(ctx, s.read(ctx), id, version)
	if err != nil {
		return d, err
	}
	if d, err = v.Definition(); err == nil && v.ActivatedAt > 0 && v.ActivatedAt < s.read(ctx).Now { // not of this transaction, which may yet fail
		s.mu.Lock()
		s.defs[k] = d
		s.mu.Unlock()
	}
	return d, err
}

// active is a template that enrols, with its content.
type active struct {
	Template
	Definition
}

func (s *Service) active(ctx context.Context) ([]active, error) {
	rows, err := activeTemplates(ctx, s.read(ctx))
	if err != nil {
		return nil, err
	}
	today := s.DB.Clock().Today()
	out := make([]active, 0, len(rows))
	for _, t := range rows {
		d, err := s.definition(ctx, t.ID, t.ActiveVersion)
		if err != nil {
			return nil, err
		}
		if d.ValidUntil >= today { // expired content enrols nobody; plans already running go on
			out = append(out, active{t, d})
		}
	}
	return out, nil
}

// EnsureTemplates installs the shipped templates that are not there yet, as drafts. A hospital that deletes nothing loses nothing:
// installed ones are never overwritten.
func (s *Service) EnsureTemplates(ctx context.Context) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, st := range Starters() {
			known, err := templateCode(ctx, tx, st.Code)
			if err != nil {
				return err
			}
			if known {
				continue
			}
			if _, err := s.addTemplate(ctx, tx, st.Code, st.Definition); err != nil {
				return err
			}
		}
		return nil
	})
}

// PreviewDates computes what a template's newest version would plan, for the day ruler (FU-03).
func (s *Service) PreviewDates(ctx context.Context, id TemplateID, day0 clock.Date, department staff.DepartmentID) ([]Planned, Definition, error) {
	if err := access.Need(ctx, PermReadTemplates); err != nil {
		return nil, Definition{}, err
	}
	if _, err := clock.ParseDate(string(day0)); err != nil {
		return nil, Definition{}, fault.New(fault.Invalid, "followup.plan.bad_day0").With("day0", "followup.plan.bad_day0")
	}
	t, err := s.template(ctx, id)
	if err != nil {
		return nil, Definition{}, err
	}
	cal, err := s.Setting.Calendar(ctx, int64(department))
	return Schedule(t.Definition, day0, cal), t.Definition, err
}
