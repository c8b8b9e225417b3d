package patient

import (
	"context"
	"encoding/json"
	"sort"

	"renxin/internal/identity"
	"renxin/internal/match"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Candidate is a patient that a record may mean.
type Candidate struct {
	ID      ID             `json:"id"`
	Bits    float64        `json:"bits"`
	Zone    match.Zone     `json:"zone"`
	Mother  bool           `json:"mother,omitempty"`
	Reasons []match.Reason `json:"reasons"`
	vetoed  bool
}

// compare scores a record against every patient that shares a blocking key with it, best first.
func (s *Service) compare(ctx context.Context, tx *db.Tx, r match.Record, loose bool) ([]Candidate, error) {
	ids, err := blocked(ctx, tx, match.Keys(r))
	if err != nil {
		return nil, err
	}
	if loose && r.Pinyin != "" {
		more, err := sameReading(ctx, tx, r.Pinyin)
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
	}
	ps, err := findPatients(ctx, tx, unique64(ids))
	if err != nil {
		return nil, err
	}
	es, err := s.evidence(ctx, tx, ps)
	if err != nil {
		return nil, err
	}
	out := make([]Candidate, 0, len(ps))
	for _, p := range ps {
		if p.MergedInto != 0 {
			continue
		}
		x := match.Score(r, es[p.ID])
		out = append(out, Candidate{ID: p.ID, Bits: x.Bits, Zone: x.Zone, Mother: x.Mother, Reasons: x.Reasons, vetoed: x.Vetoed})
	}
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].Bits != out[j].Bits {
			return out[i].Bits > out[j].Bits
		}
		return out[i].ID < out[j].ID
	})
	return out, nil
}

func unique64(ids []ID) []ID {
	seen := map[ID]bool{}
	var out []ID
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// Double is a patient that the record being typed may already be.
type Double struct {
	Brief
	Bits    float64        `json:"bits"`
	Zone    string         `json:"zone"` // auto, review, or near: worth a look only
	Reasons []match.Reason `json:"reasons"`
}

// maxDoubles bounds what a form shows beside itself.
const maxDoubles = 8

// Duplicates finds patients whom a half-typed draft may already be, best first. outside counts certain ones beyond the caller's scope:
// they are announced, not shown.
func (s *Service) Duplicates(ctx context.Context, d Draft, exclude ID) (items []Double, outside int, err error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return nil, 0, err
	}
	none := fault.New(fault.Invalid, "patient.patient.invalid") // half-typed fields are simply not used
	p := Patient{Name: identity.NormalName(d.Name), Sex: identity.ParseSex(d.Sex), BirthDate: clock.Date(d.BirthDate), Address: clean(d.Address)}
	if !validBirth(p.BirthDate) {
		p.BirthDate = ""
	}
	cs, ns := s.readContacts(ctx, d.Contacts, none), readIdentifiers(d.Identifiers, none)
	p.derive(ns)
	tx := s.DB.Read(ctx)
	found, err := s.compare(ctx, tx, evidenceOf(p, cs, ns), true)
	if err != nil {
		return nil, 0, err
	}
	return s.doubles(ctx, found, exclude)
}

func (s *Service) doubles(ctx context.Context, found []Candidate, exclude ID) ([]Double, int, error) {
	var ids []ID
	for _, c := range found {
		ids = append(ids, c.ID)
	}
	visible, err := s.VisibleIDs(ctx, ids)
	if err != nil {
		return nil, 0, err
	}
	seen := map[ID]bool{}
	for _, id := range visible {
		seen[id] = true
	}
	bs, err := s.Briefs(ctx, visible)
	items, outside := []Double{}, 0
	for _, c := range found {
		zone := string(c.Zone)
		if c.Zone == match.None {
			zone = "near"
		}
		switch {
		case c.ID == exclude, c.vetoed, zone == "near" && c.Bits < -7 && !c.Mother:
		case !seen[c.ID]:
			if c.Zone == match.Auto {
				outside++
			}
		case len(items) < maxDoubles:
			items = append(items, Double{bs[c.ID], c.Bits, zone, c.Reasons})
		}
	}
	return items, outside, err
}

// Pair is two records that may be one person, or that look so and are not.
type Pair struct {
	ID      PairID         `json:"id"`
	Zone    string         `json:"zone"`   // auto, review; veto: two valid identity cards; mother: a new-born and its mother
	Likely  string         `json:"likely"` // what else the two may be: twins, family, namesakes, ""
	A       Brief          `json:"a"`
	B       Brief          `json:"b"`
	Bits    float64        `json:"bits"`
	Reasons []match.Reason `json:"reasons"`
}

// likely says what two records may be, if not one person, from what agrees and what does not.
func likely(r match.Result) string {
	home := r.Has(match.FieldMobile, match.Same) || r.Has(match.FieldLandline, match.Same) || r.Has(match.FieldAddress, match.Same)
	other := !r.Has(match.FieldName, match.Same)
	switch {
	case home && other && r.Has(match.FieldBirth, match.Same):
		return "twins"
	case home && (other || r.Has(match.FieldBirth, match.Differs)):
		return "family"
	case !home && r.Has(match.FieldName, match.Same):
		return "namesakes"
	}
	return ""
}

// Pairs lists the open pairs of which the caller sees both records, most certain first: those to be decided, or with apart those that
// must not be joined though they look alike.
func (s *Service) Pairs(ctx context.Context, apart bool, cursor string, limit int) (db.Page[Pair], error) {
	if err := access.Need(ctx, PermMerge); err != nil {
		return db.Page[Pair]{}, err
	}
	tx, limit := s.DB.Read(ctx), db.Limit(limit)
	rows, err := s.openPairs(ctx, tx, apart, cursor, limit+1)
	if err != nil {
		return db.Page[Pair]{}, err
	}
	n, err := s.countPairs(ctx, tx, apart)
	if err != nil {
		return db.Page[Pair]{}, err
	}
	var ids []ID
	for _, r := range rows {
		ids = append(ids, r.PatientID, r.OtherID)
	}
	bs, err := s.Briefs(ctx, ids)
	page := db.Cut(rows, limit, db.Capped(n), func(r pairRow) string { return db.Cursor(r.Bits, int64(r.ID)) })
	out := db.Page[Pair]{Items: []Pair{}, Next: page.Next, Total: page.Total}
	for _, r := range page.Items {
		p := Pair{ID: r.ID, Zone: r.Zone, A: bs[r.PatientID], B: bs[r.OtherID], Bits: r.Bits, Reasons: []match.Reason{}}
		if err := json.Unmarshal([]byte(r.Reasons), &p.Reasons); err != nil {
			return out, err
		}
		p.Likely = likely(match.Result{Reasons: p.Reasons})
		out.Items = append(out.Items, p)
	}
	return out, err
}

// Different decides that two records are two persons; the pair is not asked again.
func (s *Service) Different(ctx context.Context, id PairID) error {
	if err := access.Need(ctx, PermMerge); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := findPair(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, x := range []ID{p.PatientID, p.OtherID} {
			if err := s.Visible(ctx, x); err != nil {
				return err
			}
		}
		if err := closePair(ctx, tx, id, access.From(ctx).StaffID); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "patient.pair.different", Entity: "pair", EntityID: int64(id), PatientID: int64(p.PatientID), Detail: map[string]any{"other_id": p.OtherID}})
	})
}

// suspect puts two records into the review queue; a pair that was decided stays decided.
func (s *Service) suspect(ctx context.Context, tx *db.Tx, a ID, c Candidate) error {
	x, y := min(a, c.ID), max(a, c.ID)
	b, err := json.Marshal(c.Reasons)
	if err != nil || x == y || c.zone() == "" {
		return err
	}
	return insertPair(ctx, tx, pairRow{db.New[pairKind](s.DB), x, y, c.Bits, string(b), c.zone()})
}
