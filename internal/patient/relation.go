package patient

import (
	"context"
	"slices"

	"renxin/internal/identity"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

type relationKind struct{}

// Prefix implements db.Kind.
func (relationKind) Prefix() string { return "rl" }

// RelationID identifies one side of a relation.
type RelationID = db.ID[relationKind]

// Relations are what a relative can be to a patient, in the order of the page.
var Relations = []string{"mother", "father", "parent", "daughter", "son", "child", "spouse", "sibling", "grandparent", "grandchild", "guardian", "ward",
	"relative", "friend", "colleague", "carer", "cared_for", "other"}

// Relation is one patient's relation to another patient or to somebody who is none, seen from the patient. It is kept from both sides.
type Relation struct {
	ID         RelationID    `json:"id"`
	PatientID  ID            `json:"-"`
	Link       int64         `json:"-"` // the same for both sides
	Kind       string        `json:"kind"`
	RelativeID ID            `json:"relative_id"` // zero for somebody who is no patient
	Name       string        `json:"name"`
	Number     string        `json:"-"`           // of somebody who is no patient; normalised, never shown
	VerifiedAt clock.Instant `json:"verified_at"` // of Number
	Care       bool          `json:"care"`
	Notice     bool          `json:"notice"`
	Household  bool          `json:"household"`
	Note       string        `json:"note"`
	Source     string        `json:"source"`
	CreatedBy  int64         `json:"-"`
	CreatedAt  clock.Instant `json:"created_at"`
	UpdatedAt  clock.Instant `json:"updated_at"`
	Version    int64         `json:"version"`
}

// Relative is a relation as shown. Of a relative outside the caller's scope only name and relation are told.
type Relative struct {
	Relation
	InScope bool           `json:"in_scope"` // the relative is a patient whom the caller sees
	Phone   string         `json:"phone"`    // masked
	Sex     identity.Sex   `json:"sex"`
	Age     identity.Years `json:"age"`
}

// RelationInput is a relation as typed. With RelativeID the relative is a patient; else Name, and Phone where they are to be reached.
type RelationInput struct {
	Kind       string `json:"kind"`
	RelativeID ID     `json:"relative_id"`
	Name       string `json:"name"`
	Phone      string `json:"phone"` // "" keeps the number of a relation that is being changed
	Care       bool   `json:"care"`
	Notice     bool   `json:"notice"`
	Household  bool   `json:"household"`
	Note       string `json:"note"`
	Version    int64  `json:"version"`
}

// opposites of relations that do not depend on anybody's sex.
var opposites = map[string]string{"grandparent": "grandchild", "grandchild": "grandparent", "guardian": "ward", "ward": "guardian", "carer": "cared_for", "cared_for": "carer"}

// opposite is what somebody of that sex is to a relative who is kind to them: to one's mother a woman is the daughter.
func opposite(kind string, sex identity.Sex) string {
	bySex := func(male, female, neither string) string {
		switch sex {
		case identity.Male:
			return male
		case identity.Female:
			return female
		}
		return neither
	}
	switch kind {
	case "mother", "father", "parent":
		return bySex("son", "daughter", "child")
	case "daughter", "son", "child":
		return bySex("father", "mother", "parent")
	}
	if o := opposites[kind]; o != "" {
		return o
	}
	return kind
}

// read takes what was typed into r.
func (in RelationInput) read(r *Relation, area string) error {
	f := fault.New(fault.Invalid, "patient.patient.invalid")
	if !slices.Contains(Relations, in.Kind) {
		f.With("kind", "patient.relation.unknown_kind")
	}
	if r.Name = identity.NormalName(in.Name); r.RelativeID == 0 && r.Name == "" {
		f.With("name", "patient.relation.who")
	}
	if in.Phone != "" && r.RelativeID == 0 {
		r.Number, r.VerifiedAt = "", 0
		if ps := identity.ParsePhones(in.Phone, area); len(ps) > 0 {
			r.Number = ps[0].Key()
		}
		if r.Number == "" {
			f.With("phone", "patient.contact.malformed")
		}
	}
	if r.RelativeID == 0 && r.Number == "" && in.Phone == "" && (in.Care || in.Notice) {
		f.With("phone", "patient.relation.number_needed")
	}
	if r.Note = clean(in.Note); len([]rune(r.Note)) > 200 {
		f.With("note", "patient.text.too_long", "limit", 200)
	}
	r.Kind, r.Care, r.Notice, r.Household = in.Kind, in.Care, in.Notice, in.Household
	return f.Or()
}

// Relate records who somebody is to a patient, from both sides. Who is designated for care or for notices takes the place of whoever was.
// The same relation to the same patient again gives the one there is.
func (s *Service) Relate(ctx context.Context, id ID, in RelationInput) (RelationID, error) {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return 0, err
	}
	var out RelationID
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := s.Standing(ctx, id)
		if err != nil {
			return err
		}
		if in.RelativeID != 0 {
			if in.RelativeID, err = s.Standing(ctx, in.RelativeID); err != nil {
				return err
			}
		}
		out, err = s.relate(ctx, tx, id, in, "hand")
		return err
	})
	return out, err
}

// relate is Relate for patients already known to stand and to be seen.
func (s *Service) relate(ctx context.Context, tx *db.Tx, id ID, in RelationInput, source string) (RelationID, error) {
	r := Relation{ID: db.New[relationKind](s.DB), PatientID: id, RelativeID: in.RelativeID, Link: s.DB.NextID(), Source: source,
		CreatedBy: access.From(ctx).StaffID, CreatedAt: tx.Now, UpdatedAt: tx.Now, Version: 1}
	if id == in.RelativeID {
		return 0, fault.New(fault.Invalid, "patient.patient.invalid").With("relative_id", "patient.relation.itself")
	}
	if err := in.read(&r, s.area(ctx)); err != nil {
		return 0, err
	}
	known, err := s.relationsOf(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	for _, k := range known {
		if r.RelativeID != 0 && k.RelativeID == r.RelativeID && k.Kind == r.Kind {
			return k.ID, nil
		}
	}
	if r.RelativeID != 0 {
		r.Name = ""
		if err := s.mirror(ctx, tx, r); err != nil {
			return 0, err
		}
	}
	if err := s.onlyOne(ctx, tx, known, r); err != nil {
		return 0, err
	}
	if err := insertRelation(ctx, tx, r); err != nil {
		return 0, err
	}
	return r.ID, s.tellRelation(ctx, r, "create")
}

// mirror writes the other side of r.
func (s *Service) mirror(ctx context.Context, tx *db.Tx, r Relation) error {
	p, err := findPatient(ctx, tx, r.PatientID)
	if err != nil {
		return err
	}
	m := r
	m.ID, m.PatientID, m.RelativeID, m.Kind, m.Care, m.Notice = db.New[relationKind](s.DB), r.RelativeID, r.PatientID, opposite(r.Kind, p.Sex), false, false
	return insertRelation(ctx, tx, m)
}

// onlyOne takes the designation for care or notices from the other relations where r has it.
func (s *Service) onlyOne(ctx context.Context, tx *db.Tx, known []Relation, r Relation) error {
	for _, k := range known {
		if k.ID == r.ID || !(r.Care && k.Care || r.Notice && k.Notice) {
			continue
		}
		k.Care, k.Notice = k.Care && !r.Care, k.Notice && !r.Notice
		k.UpdatedAt, k.Version = tx.Now, k.Version+1
		if err := updateRelation(ctx, tx, k); err != nil {
			return err
		}
	}
	return nil
}

// tellRelation writes the trail and the facts of a change for both sides.
func (s *Service) tellRelation(ctx context.Context, r Relation, verb string) error {
	for _, id := range []ID{r.PatientID, r.RelativeID} {
		if id == 0 {
			continue
		}
		err := s.Trail.Append(ctx, trail.Entry{Action: "patient.relation." + verb, Entity: "relation", EntityID: int64(r.ID), PatientID: int64(id),
			Detail: map[string]any{"kind": r.Kind, "care": r.Care, "notice": r.Notice}})
		if err != nil {
			return err
		}
		if err := s.Board.Publish(ctx, Updated{PatientID: id, Fields: []string{"relations"}}); err != nil {
			return err
		}
	}
	return nil
}

// UpdateRelation changes one side; what lies on both, kind and household, changes on both. Errors: conflict when changed since.
func (s *Service) UpdateRelation(ctx context.Context, id ID, which RelationID, in RelationInput) error {
	return s.changeRelation(ctx, id, which, func(ctx context.Context, tx *db.Tx, r Relation, known []Relation) error {
		if r.Version != in.Version {
			return db.Stale(r)
		}
		was := r
		if err := in.read(&r, s.area(ctx)); err != nil {
			return err
		}
		r.UpdatedAt, r.Version = tx.Now, r.Version+1
		if r.RelativeID != 0 {
			r.Name = ""
			if err := s.followSide(ctx, tx, was, r); err != nil {
				return err
			}
		}
		if err := s.onlyOne(ctx, tx, known, r); err != nil {
			return err
		}
		if err := updateRelation(ctx, tx, r); err != nil {
			return err
		}
		return s.tellRelation(ctx, r, "update")
	})
}

// followSide brings the other side up to a change of r.
func (s *Service) followSide(ctx context.Context, tx *db.Tx, was, r Relation) error {
	if was.Kind == r.Kind && was.Household == r.Household {
		return nil
	}
	p, err := findPatient(ctx, tx, r.PatientID)
	if err != nil {
		return err
	}
	other, ok, err := otherSide(ctx, tx, r)
	if err != nil || !ok {
		return err
	}
	if was.Kind != r.Kind {
		other.Kind = opposite(r.Kind, p.Sex)
	}
	other.Household, other.UpdatedAt, other.Version = r.Household, tx.Now, other.Version+1
	return updateRelation(ctx, tx, other)
}

// Unrelate takes a relation away from both sides.
func (s *Service) Unrelate(ctx context.Context, id ID, which RelationID) error {
	return s.changeRelation(ctx, id, which, func(ctx context.Context, tx *db.Tx, r Relation, _ []Relation) error {
		if err := deleteRelation(ctx, tx, r); err != nil {
			return err
		}
		return s.tellRelation(ctx, r, "delete")
	})
}

// changeRelation runs fn with a relation of a patient whom the caller sees.
func (s *Service) changeRelation(ctx context.Context, id ID, which RelationID, fn func(ctx context.Context, tx *db.Tx, r Relation, known []Relation) error) error {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := s.Standing(ctx, id)
		if err != nil {
			return err
		}
		known, err := s.relationsOf(ctx, tx, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(known, func(r Relation) bool { return r.ID == which })
		if i < 0 {
			return db.Missing()
		}
		return fn(ctx, tx, known[i], known)
	})
}

// relationsOf gives a patient's relations with every relative as they stand now. Two rows that merges made one, and a relation to
// oneself that a merge left, are given once and not at all.
func (s *Service) relationsOf(ctx context.Context, tx *db.Tx, id ID) ([]Relation, error) {
	rows, err := relationRows(ctx, tx, []ID{id})
	if err != nil {
		return nil, err
	}
	return standing(ctx, tx, rows)
}

func standing(ctx context.Context, tx *db.Tx, rows []Relation) ([]Relation, error) {
	type side struct {
		patient, relative ID
		kind              string
	}
	seen := map[side]bool{}
	out := []Relation{}
	for _, r := range rows {
		if r.RelativeID == 0 {
			out = append(out, r)
			continue
		}
		into, err := resolve(ctx, tx, r.RelativeID)
		if err != nil {
			return nil, err
		}
		r.RelativeID = into
		if k := (side{r.PatientID, into, r.Kind}); into != r.PatientID && !seen[k] {
			seen[k] = true
			out = append(out, r)
		}
	}
	return out, nil
}

// Relatives lists who belongs to a patient: those who live with them first, then by the order of Relations.
func (s *Service) Relatives(ctx context.Context, id ID) ([]Relative, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return nil, err
	}
	id, err := s.Standing(ctx, id)
	if err != nil {
		return nil, err
	}
	tx := s.DB.Read(ctx)
	rows, err := s.relationsOf(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	out, err := s.dressRelations(ctx, tx, rows)
	slices.SortStableFunc(out, func(a, b Relative) int {
		if a.Household != b.Household {
			return map[bool]int{true: -1, false: 1}[a.Household]
		}
		return slices.Index(Relations, a.Kind) - slices.Index(Relations, b.Kind)
	})
	return out, err
}

func (s *Service) dressRelations(ctx context.Context, tx *db.Tx, rows []Relation) ([]Relative, error) {
	var ids []ID
	for _, r := range rows {
		if r.RelativeID != 0 {
			ids = append(ids, r.RelativeID)
		}
	}
	people, err := s.Briefs(ctx, ids)
	if err != nil {
		return nil, err
	}
	seen, err := s.VisibleIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Relative, 0, len(rows))
	for _, r := range rows {
		x := Relative{Relation: r}
		if r.RelativeID == 0 {
			x.Phone = identity.MaskPhone(r.Number)
		} else {
			b := people[r.RelativeID]
			if x.Name = b.Name; slices.Contains(seen, r.RelativeID) {
				x.InScope, x.Phone, x.Sex, x.Age = true, b.Phone, b.Sex, b.Age
			} else {
				x.RelativeID, x.Note = 0, ""
			}
		}
		out = append(out, x)
	}
	return out, nil
}
