package segment

import (
	"context"
	"slices"
	"strings"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Kinds of saved segment.
const (
	Plain = "segment"
	Key   = "key" // a rule for patients who need more care (重点患者)
)

// States of a saved segment.
const (
	Active   = "active"
	Archived = "archived"
)

// Segment is a condition under a name.
type Segment struct {
	ID          ID            `json:"id"`
	Kind        string        `json:"kind"`
	Name        string        `json:"name"`
	Description string        `json:"description"`
	OwnerID     int64         `json:"-"`      // staff.ID
	Shared      bool          `json:"shared"` // others see it; each their own part of the patients
	Tracked     bool          `json:"tracked"`
	Tree        Tree          `json:"tree" db:"-"`
	State       string        `json:"state"`
	FilledAt    clock.Instant `json:"filled_at"` // when the followed members were complete, zero = not yet
	CheckedOn   clock.Date    `json:"checked_on"`
	Error       string        `json:"error"` // why following stopped, as a text key
	CreatedAt   clock.Instant `json:"created_at"`
	UpdatedAt   clock.Instant `json:"updated_at"`
	UpdatedBy   int64         `json:"-"`
	Version     int64         `json:"version"`
	Mine        bool          `json:"mine" db:"-"`
}

// Input is a segment as a person writes it.
type Input struct {
	Kind        string `json:"kind"` // "" = segment
	Name        string `json:"name"`
	Description string `json:"description"`
	Shared      bool   `json:"shared"`
	Tracked     bool   `json:"tracked"`
	Tree        Tree   `json:"tree"`
	Version     int64  `json:"version"` // of the segment being changed
}

// List gives the segments of a kind that the caller sees, by name.
func (s *Service) List(ctx context.Context, kind, state string) ([]Segment, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return nil, err
	}
	if state == "" {
		state = Active
	}
	if kind == "" {
		kind = Plain
	}
	gs, err := listSegments(ctx, s.DB.Read(ctx), access.From(ctx).StaffID, state)
	gs = slices.DeleteFunc(gs, func(g Segment) bool { return g.Kind != kind })
	for i := range gs {
		gs[i].Mine = gs[i].OwnerID == access.From(ctx).StaffID
	}
	return gs, err
}

// Find gives one segment. Errors: not_found when it is somebody else's own.
func (s *Service) Find(ctx context.Context, id ID) (Segment, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return Segment{}, err
	}
	return s.seen(ctx, id)
}

// seen finds a segment that is the caller's or shared.
func (s *Service) seen(ctx context.Context, id ID) (Segment, error) {
	g, err := find(ctx, s.DB.Read(ctx), id)
	c := access.From(ctx)
	g.Mine = g.OwnerID == c.StaffID && c.StaffID != 0
	if err == nil && !g.Mine && !g.Shared && !c.IsSystem() {
		err = db.Missing()
	}
	return g, err
}

// Create saves a segment for the caller.
func (s *Service) Create(ctx context.Context, in Input) (Segment, error) {
	g := Segment{Kind: in.Kind, OwnerID: access.From(ctx).StaffID, State: Active, Mine: true}
	if g.Kind == "" {
		g.Kind = Plain
	}
	if err := s.allowed(ctx, g); err != nil {
		return g, err
	}
	g.ID = db.New[kind](s.DB)
	return g, s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		g.CreatedAt = tx.Now
		old := g
		in.write(&g)
		return s.save(ctx, tx, old, &g)
	})
}

// Update changes a segment. Errors: conflict with the current one as data when the version is not the one edited.
func (s *Service) Update(ctx context.Context, id ID, in Input) (Segment, error) {
	return s.change(ctx, id, in.Version, in.write)
}

// Archive takes a segment out of use, or back into it; archived ones are not followed.
func (s *Service) Archive(ctx context.Context, id ID, version int64, archived bool) (Segment, error) {
	return s.change(ctx, id, version, func(g *Segment) {
		g.State = Active
		if archived {
			g.State = Archived
		}
	})
}

func (s *Service) change(ctx context.Context, id ID, version int64, fn func(g *Segment)) (Segment, error) {
	var g Segment
	if err := access.Need(ctx, PermRead); err != nil {
		return g, err
	}
	return g, s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		old, err := s.seen(ctx, id)
		if err != nil {
			return err
		}
		if err := s.allowed(ctx, old); err != nil {
			return err
		}
		if old.Version != version {
			return db.Stale(old)
		}
		g = old
		fn(&g)
		return s.save(ctx, tx, old, &g)
	})
}

func (in Input) write(g *Segment) {
	g.Name, g.Description, g.Shared, g.Tracked, g.Tree = strings.TrimSpace(in.Name), strings.TrimSpace(in.Description), in.Shared, in.Tracked, in.Tree
	if g.Kind == Key {
		g.Shared, g.Tracked = true, true
	}
}

// allowed says who may change a segment: its owner, and for shared ones who may share.
func (s *Service) allowed(ctx context.Context, g Segment) error {
	need := PermEdit
	switch {
	case g.Kind == Key:
		need = PermKey
	case g.OwnerID != access.From(ctx).StaffID && !access.From(ctx).IsSystem():
		need = PermShare
	}
	return access.Need(ctx, need)
}

// save checks and stores the difference of two states: row, version, trail, and the work that follows from it.
func (s *Service) save(ctx context.Context, tx *db.Tx, old Segment, g *Segment) error {
	if g.Shared && !old.Shared && g.Kind != Key {
		if err := access.Need(ctx, PermShare); err != nil {
			return err
		}
	}
	if err := s.valid(ctx, *g); err != nil {
		return err
	}
	asks := old.Tree.text() != g.Tree.text()
	followed := g.Tracked && g.State == Active
	again := followed != (old.Tracked && old.State == Active) || followed && asks || followed && g.Error != ""
	if again {
		g.FilledAt, g.Error = 0, ""
	}
	g.Version, g.UpdatedAt, g.UpdatedBy = old.Version+1, tx.Now, access.From(ctx).StaffID
	if err := store(ctx, tx, *g, old.Version); err != nil {
		if db.IsUnique(err) {
			return fault.New(fault.Conflict, "segment.segment.name_taken").With("name", "segment.segment.name_taken")
		}
		return err
	}
	if err := insertVersion(ctx, tx, *g, access.From(ctx).Name); err != nil {
		return err
	}
	verb := "update"
	if old.Version == 0 {
		verb = "create"
	}
	if err := s.Trail.Append(ctx, trail.Entry{Action: "segment.segment." + verb, Entity: "segment", EntityID: int64(g.ID),
		Detail: map[string]any{"version": g.Version, "shared": g.Shared, "tracked": g.Tracked, "state": g.State}}); err != nil {
		return err
	}
	if again {
		if err := s.refill(ctx, *g, "edit"); err != nil {
			return err
		}
	}
	if asks {
		return s.refillDependents(ctx, g.ID)
	}
	return nil
}

// valid checks what a person wrote.
func (s *Service) valid(ctx context.Context, g Segment) error {
	f := fault.New(fault.Invalid, "segment.segment.invalid")
	if n := len([]rune(g.Name)); n == 0 || n > 40 {
		f.With("name", "segment.segment.name")
	}
	if len([]rune(g.Description)) > 400 {
		f.With("description", "segment.segment.description")
	}
	if g.Kind != Plain && g.Kind != Key {
		f.With("kind", "segment.segment.kind")
	}
	if err := f.Or(); err != nil {
		return err
	}
	if err := s.check(g.Tree); err != nil {
		return err
	}
	circle, err := s.standsOn(ctx, g.Tree.Root, g.ID, 0)
	if err != nil {
		return err
	}
	if circle {
		return fault.New(fault.Invalid, "segment.tree.circle").With("tree", "segment.tree.circle")
	}
	whole, err := s.expand(ctx, g.Tree)
	if err != nil {
		return err
	}
	if g.Kind == Key {
		if err := s.clinical(whole); err != nil {
			return err
		}
	}
	if err := s.readable(ctx, whole); err != nil {
		return err
	}
	_, err = s.compile(ctx, whole.Root, s.now())
	return err
}

// Version is a state that a segment had.
type Version struct {
	Version     int64         `json:"version"`
	Name        string        `json:"name"`
	Description string        `json:"description"`
	Shared      bool          `json:"shared"`
	Tracked     bool          `json:"tracked"`
	State       string        `json:"state"`
	Tree        Tree          `json:"tree" db:"-"`
	Author      string        `json:"author"`
	At          clock.Instant `json:"at"`
	Changes     []Change      `json:"changes" db:"-"` // against the version before
}

// Change is one difference of two versions.
type Change struct {
	What string `json:"what"` // name, description, shared, tracked, state, added, removed
	From string `json:"from"`
	To   string `json:"to"`
}

// Versions lists the history of a segment, newest first, with what each changed.
func (s *Service) Versions(ctx context.Context, id ID) ([]Version, error) {
	if _, err := s.Find(ctx, id); err != nil {
		return nil, err
	}
	vs, err := listVersions(ctx, s.DB.Read(ctx), id)
	for i := range vs {
		if err != nil {
			return nil, err
		}
		vs[i].Changes = []Change{}
		if i+1 < len(vs) {
			vs[i].Changes, err = s.difference(ctx, vs[i+1], vs[i])
		}
	}
	return vs, err
}

func (s *Service) difference(ctx context.Context, a, b Version) ([]Change, error) {
	out := []Change{}
	put := func(what, from, to string) {
		if from != to {
			out = append(out, Change{what, from, to})
		}
	}
	yes := map[bool]string{true: "yes", false: "no"}
	put("name", a.Name, b.Name)
	put("description", a.Description, b.Description)
	put("shared", yes[a.Shared], yes[b.Shared])
	put("tracked", yes[a.Tracked], yes[b.Tracked])
	put("state", a.State, b.State)
	if a.Tree.text() == b.Tree.text() {
		return out, nil
	}
	was, err := s.lines(ctx, a.Tree.Root)
	if err != nil {
		return out, err
	}
	is, err := s.lines(ctx, b.Tree.Root)
	if err != nil {
		return out, err
	}
	for _, l := range was {
		if !slices.Contains(is, l) {
			out = append(out, Change{What: "removed", From: l})
		}
	}
	for _, l := range is {
		if !slices.Contains(was, l) {
			out = append(out, Change{What: "added", To: l})
		}
	}
	return out, nil
}

// Use is something that works with a segment.
type Use struct {
	Kind string `json:"kind"` // segment, view, and what later rooms add
	Name string `json:"name"`
	Ref  string `json:"ref"`
}

// UsedBy adds a later room's way of telling what works with a segment.
func (s *Service) UsedBy(fn func(ctx context.Context, id ID) ([]Use, error)) {
	s.users = append(s.users, fn)
}

// Uses lists what works with a segment: other segments, saved views, and what later rooms tell.
func (s *Service) Uses(ctx context.Context, id ID) ([]Use, error) {
	if _, err := s.Find(ctx, id); err != nil {
		return nil, err
	}
	tx, out := s.DB.Read(ctx), []Use{}
	me := access.From(ctx).StaffID
	gs, err := listSegments(ctx, tx, me, Active)
	if err != nil {
		return nil, err
	}
	for _, g := range gs {
		if g.ID == id {
			continue
		}
		yes, err := s.standsOn(ctx, g.Tree.Root, id, 0)
		if err != nil {
			return nil, err
		}
		if yes {
			out = append(out, Use{"segment", g.Name, g.ID.String()})
		}
	}
	vs, err := viewsWith(ctx, tx, me, id)
	if err != nil {
		return nil, err
	}
	out = append(out, vs...)
	for _, fn := range s.users {
		us, err := fn(ctx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, us...)
	}
	return out, nil
}
