package visit

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Group is a condition group (病种): a name for ICD-10 prefixes. A code may belong to several.
type Group struct {
	ID        GroupID       `json:"id"`
	Name      string        `json:"name"`
	Codes     []string      `json:"codes"`
	Version   int64         `json:"version"`
	UpdatedAt clock.Instant `json:"updated_at"`
}

// Covers tells whether code belongs to the group; dots, blanks and case do not matter.
func (g Group) Covers(code string) bool {
	c := PlainCode(code)
	return slices.ContainsFunc(g.Codes, func(p string) bool { p = PlainCode(p); return p != "" && strings.HasPrefix(c, p) })
}

// PlainCode folds the ways feeds write one code: "N87.1", "n871", "N87.100".
func PlainCode(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '.' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToUpper(s))
}

// GroupInput is a group as a person writes it.
type GroupInput struct {
	Name    string   `json:"name"`
	Codes   []string `json:"codes"`
	Version int64    `json:"version,omitempty"` // of the group being replaced
}

func (in *GroupInput) check() error {
	in.Name = strings.TrimSpace(in.Name)
	e := fault.New(fault.Invalid, "visit.group.invalid")
	if in.Name == "" || utf8.RuneCountInString(in.Name) > 40 {
		e.With("name", "visit.group.bad_name")
	}
	codes := []string{}
	for _, c := range in.Codes {
		if c = strings.ToUpper(strings.TrimSpace(c)); c != "" && !slices.Contains(codes, c) {
			codes = append(codes, c)
		}
	}
	if in.Codes = codes; len(codes) == 0 || len(codes) > 500 {
		e.With("codes", "visit.group.no_codes")
	}
	return e.Or()
}

// Groups lists the condition groups by name.
func (s *Service) Groups(ctx context.Context) ([]Group, error) {
	if err := access.Need(ctx, PermReadGroups); err != nil {
		return nil, err
	}
	return s.groups(ctx)
}

func (s *Service) groups(ctx context.Context) ([]Group, error) {
	rows, err := listGroups(ctx, s.read(ctx))
	out := make([]Group, len(rows))
	for i, r := range rows {
		out[i] = Group{r.ID, r.Name, nil, r.Version, r.UpdatedAt}
		if e := json.Unmarshal([]byte(r.Codes), &out[i].Codes); e != nil {
			return nil, e
		}
	}
	return out, err
}

// GroupsOf gives the groups that any of the codes belongs to.
func (s *Service) GroupsOf(ctx context.Context, codes ...string) ([]Group, error) {
	all, err := s.groups(ctx)
	return slices.DeleteFunc(all, func(g Group) bool { return !slices.ContainsFunc(codes, g.Covers) }), err
}

// CreateGroup adds a condition group.
func (s *Service) CreateGroup(ctx context.Context, in GroupInput) (Group, error) {
	return s.saveGroup(ctx, 0, in)
}

// UpdateGroup replaces a condition group; a stale version is a conflict.
func (s *Service) UpdateGroup(ctx context.Context, id GroupID, in GroupInput) (Group, error) {
	return s.saveGroup(ctx, id, in)
}

func (s *Service) saveGroup(ctx context.Context, id GroupID, in GroupInput) (g Group, err error) {
	if err = access.Need(ctx, PermEditGroups); err != nil {
		return g, err
	}
	if err = in.check(); err != nil {
		return g, err
	}
	codes, err := json.Marshal(in.Codes)
	if err != nil {
		return g, err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		g = Group{ID: id, Name: in.Name, Codes: in.Codes, Version: in.Version + 1, UpdatedAt: tx.Now}
		if id == 0 {
			g.ID, g.Version = db.New[groupKind](s.DB), 1
			err = insertGroup(ctx, tx, g, string(codes))
		} else {
			err = s.replaceGroup(ctx, tx, g, in.Version, string(codes))
		}
		if db.IsUnique(err) {
			return fault.New(fault.Conflict, "visit.group.name_taken")
		}
		if err != nil {
			return err
		}
		if err := s.Trail.Append(ctx, trail.Entry{Action: string(PermEditGroups), Entity: "condition_group", EntityID: int64(g.ID), Detail: in}); err != nil {
			return err
		}
		return s.Board.Publish(ctx, Regrouped{g.ID})
	})
	return g, err
}

func (s *Service) replaceGroup(ctx context.Context, tx *db.Tx, g Group, version int64, codes string) error {
	n, err := updateGroup(ctx, tx, g, version, codes)
	if err != nil || n == 1 {
		return err
	}
	all, err := s.groups(ctx)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(all, func(x Group) bool { return x.ID == g.ID }); i >= 0 {
		return db.Stale(all[i])
	}
	return db.Missing()
}

// CountCovered tells how many patients in the caller's scope have a diagnosis that codes cover, for the preview before saving a group.
func (s *Service) CountCovered(ctx context.Context, codes []string) (int, error) {
	if err := access.Need(ctx, PermReadGroups); err != nil {
		return 0, err
	}
	g := Group{Codes: codes}
	held, err := distinctCodes(ctx, s.read(ctx))
	if err != nil {
		return 0, err
	}
	held = slices.DeleteFunc(held, func(c string) bool { return !g.Covers(c) })
	if len(held) == 0 {
		return 0, nil
	}
	return s.countWith(ctx, held)
}
