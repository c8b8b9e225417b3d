package patient

import (
	"context"

	"renxin/internal/field"
	"renxin/internal/identity"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// Filter narrows a list. Zero fields do not filter.
type Filter struct {
	Text         string // what a person typed: name, pinyin, initials, phone or number, or parts of them
	DepartmentID int64
	OwnerID      int64
	Source       string
	Tag          string
	Sex          identity.Sex
	Region       string     // region code; the codes below it belong to it
	AgeFrom      int        // whole years
	AgeTo        int        // whole years, inclusive
	SeenFrom     clock.Date // last encounter
	SeenTo       clock.Date // inclusive
	Sort         string     // one of Sorts, "" = newest encounter first, with Text the best fit first
	Limit        int
	Cursor       string
	Within       []Within          // sets that later rooms know
	Fields       []field.Condition // on custom fields
	IDs          []ID              // only these, at most 2,000
	matches      []field.Match     // Fields, made ready
	uncounted    bool              // nobody asks for the total
	// Also narrows by what a later room knows: it appends "and …" to a query over patients, whose ID stands in col.
	Also func(q *db.Query, col string) `json:"-"`
}

// Entry is one patient in a list.
type Entry struct {
	Brief
	Source       string
	OwnerID      int64
	DepartmentID int64
	SeenAt       clock.Instant // last encounter, zero = none yet
	CreatedAt    clock.Instant
	Version      int64
	Why          []Match // what a search matched
}

type order struct {
	col  string
	desc bool
}

// sorts is the whitelist of orders.
var sorts = map[string]order{
	"": {"seen_at", true}, "-seen_at": {"seen_at", true}, "seen_at": {"seen_at", false},
	"-created_at": {"created_at", true}, "created_at": {"created_at", false},
	"name": {"pinyin", false}, "-name": {"pinyin", true},
}

// List gives a page of the patients in the caller's scope. Errors: invalid for an unknown sort or a broken cursor.
func (s *Service) List(ctx context.Context, f Filter) (db.Page[Entry], error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return db.Page[Entry]{}, err
	}
	tx, limit := s.DB.Read(ctx), db.Limit(f.Limit)
	got, err := s.search(ctx, tx, f, limit+1)
	if err != nil {
		return db.Page[Entry]{}, err
	}
	rows, err := s.rows(ctx, tx, got.patients, f.Text)
	return db.Cut(rows, limit, got.total, func(r Entry) string { return got.cursor(f.Sort, r.ID) }), err
}

// Count tells how many patients List would give in all, exact up to db.CountCap.
func (s *Service) Count(ctx context.Context, f Filter) (db.Total, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return db.Total{}, err
	}
	f.Cursor = ""
	got, err := s.search(ctx, s.DB.Read(ctx), f, 1)
	return got.total, err
}

func (s *Service) rows(ctx context.Context, tx *db.Tx, ps []Patient, text string) ([]Entry, error) {
	bs, err := s.briefs(ctx, tx, ps)
	if err != nil {
		return nil, err
	}
	why, err := s.why(ctx, tx, text, ps)
	out := make([]Entry, 0, len(ps))
	for _, p := range ps {
		out = append(out, Entry{bs[p.ID], p.Source, p.OwnerID, p.DepartmentID, p.MetAt, p.CreatedAt, p.Version, why[p.ID]})
	}
	return out, err
}

// cursor packs the place of one patient of the page.
func (f found) cursor(sort string, id ID) string {
	if h, ok := f.hits[id]; ok {
		return h.cursor()
	}
	for _, p := range f.patients {
		if p.ID != id {
			continue
		}
		switch sorts[sort].col {
		case "pinyin":
			return db.Cursor(p.Pinyin, int64(p.ID))
		case "created_at":
			return db.Cursor(int64(p.CreatedAt), int64(p.ID))
		}
		return db.Cursor(int64(p.SeenAt), int64(p.ID))
	}
	return ""
}

func orderOf(sort string) (order, error) {
	o, ok := sorts[sort]
	if !ok {
		return o, fault.New(fault.Invalid, "patient.sort.unknown").With("sort", "patient.sort.unknown")
	}
	return o, nil
}

// Hit is one patient of a type-ahead picker; Hint says what else tells namesakes apart, masked.
type Hit struct {
	Brief
	Hint string  `json:"hint"`
	Why  []Match `json:"why"`
}

// Pick finds patients for a type-ahead field, the best fit first, then the most recently seen; at most limit (50).
func (s *Service) Pick(ctx context.Context, text string, limit int) ([]Hit, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return nil, err
	}
	if limit <= 0 || limit > 50 {
		limit = 10
	}
	tx := s.DB.Read(ctx)
	ps, err := s.pick(ctx, tx, text, limit)
	if err != nil {
		return nil, err
	}
	bs, err := s.briefs(ctx, tx, ps)
	if err != nil {
		return nil, err
	}
	why, err := s.why(ctx, tx, text, ps)
	out := make([]Hit, 0, len(ps))
	for _, p := range ps {
		out = append(out, Hit{bs[p.ID], identity.RegionName(p.RegionCode), append([]Match{}, why[p.ID]...)})
	}
	return out, err
}
