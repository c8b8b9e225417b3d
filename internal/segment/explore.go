package segment

import (
	"context"
	"slices"

	"renxin/internal/identity"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
)

// fewest is the smallest number of people that is told to who may not read patients.
const fewest = 10

// Cell is a number of people in an exploration. Small ones are withheld from callers who may not read patients.
type Cell struct {
	Key   string `json:"key"`
	Label string `json:"label"`
	N     int    `json:"n"`
	Small bool   `json:"small"` // fewer than ten, or told by those that are; N is 0
}

// Size is how many members of a segment the caller sees.
type Size struct {
	Value int  `json:"value"`
	Exact bool `json:"exact"`
	Small bool `json:"small"`
}

// Size counts a saved segment's members for the bird's-eye view.
func (s *Service) Size(ctx context.Context, id ID, exact bool) (Size, error) {
	p, _, err := s.use(ctx, id)
	if err != nil {
		return Size{}, err
	}
	n, err := s.count(ctx, p, exact)
	if err != nil || n.Value >= fewest || n.Value == 0 || access.From(ctx).Can(patient.PermRead) {
		return Size{Value: n.Value, Exact: n.Exact}, err
	}
	return Size{Small: true}, nil
}

// Overlap is how two or three segments share their members; Cells go by who is in: "100" is only the first, "110" the first two.
type Overlap struct {
	Cells []Cell `json:"cells"`
}

// Overlap counts how two or three segments overlap among the patients whom the caller sees.
func (s *Service) Overlap(ctx context.Context, ids []ID) (Overlap, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return Overlap{}, err
	}
	if len(ids) < 2 || len(ids) > 3 || slices.Index(ids[1:], ids[0]) >= 0 || len(ids) == 3 && ids[1] == ids[2] {
		return Overlap{}, fault.New(fault.Invalid, "segment.overlap.two_or_three").With("ids", "segment.overlap.two_or_three")
	}
	plans := make([]*plan, len(ids))
	for i, id := range ids {
		var err error
		if plans[i], _, err = s.use(ctx, id); err != nil {
			return Overlap{}, err
		}
	}
	counts, err := s.overlap(ctx, plans)
	if err != nil {
		return Overlap{}, err
	}
	out := Overlap{Cells: []Cell{}}
	for mask := 1; mask < 1<<len(ids); mask++ {
		key := ""
		for i := range ids {
			key += map[bool]string{true: "1", false: "0"}[mask>>i&1 == 1]
		}
		out.Cells = append(out.Cells, Cell{Key: key, N: counts[key]})
	}
	s.hush(ctx, out.Cells)
	return out, nil
}

// Demography is who the members of a segment are.
type Demography struct {
	N       int    `json:"n"`
	Sexes   []Cell `json:"sexes"`
	Bands   []Cell `json:"bands"`
	Regions []Cell `json:"regions"`
	Sources []Cell `json:"sources"`
	Small   bool   `json:"small"` // too few to tell anything
}

// maxCells is how many regions and sources are told by name.
const maxCells = 12

// Demography counts the members of a segment whom the caller sees by sex, age, region and source.
func (s *Service) Demography(ctx context.Context, id ID) (Demography, error) {
	p, _, err := s.use(ctx, id)
	if err != nil {
		return Demography{}, err
	}
	rows, err := s.people(ctx, p)
	if err != nil {
		return Demography{}, err
	}
	names, err := s.Setting.Labels(ctx, "source")
	if err != nil {
		return Demography{}, err
	}
	d, l := Demography{}, lang.From(ctx)
	sexes, bands, places, sources := tally{}, tally{}, tally{}, tally{}
	for _, r := range rows {
		d.N += r.N
		sexes.add(r.Sex, lang.Text(l, "patient.sex."+r.Sex, nil), r.N)
		bands.add(string(rune('a'+r.Band)), bandText(l, int(r.Band)), r.N)
		places.add(r.Region, orElse(identity.RegionName(pad6(r.Region)), lang.Text(l, "segment.region.unknown", nil)), r.N)
		sources.add(r.Source, orElse(orElse(names[r.Source], r.Source), lang.Text(l, "segment.source.unknown", nil)), r.N)
	}
	if d.N < fewest && d.N > 0 && !access.From(ctx).Can(patient.PermRead) {
		return Demography{Small: true, Sexes: []Cell{}, Bands: []Cell{}, Regions: []Cell{}, Sources: []Cell{}}, nil
	}
	rest := lang.Text(l, "segment.cell.rest", nil)
	d.Sexes, d.Bands, d.Regions, d.Sources = sexes.most(rest), bands.byKey(), places.most(rest), sources.most(rest)
	for _, cells := range [][]Cell{d.Sexes, d.Bands, d.Regions, d.Sources} {
		s.hush(ctx, cells)
	}
	return d, nil
}

func pad6(prefix string) string {
	if len(prefix) == 4 {
		return prefix + "00"
	}
	return prefix
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

type tally map[string]*Cell

func (t tally) add(key, label string, n int) {
	if t[key] == nil {
		t[key] = &Cell{Key: key, Label: label}
	}
	t[key].N += n
}

// most lists the largest first, what is beyond maxCells as one.
func (t tally) most(rest string) []Cell {
	out := t.byKey()
	slices.SortStableFunc(out, func(a, b Cell) int { return b.N - a.N })
	if len(out) <= maxCells {
		return out
	}
	last := Cell{Key: "rest", Label: rest}
	for _, c := range out[maxCells-1:] {
		last.N += c.N
	}
	return append(out[:maxCells-1], last)
}

func (t tally) byKey() []Cell {
	out := make([]Cell, 0, len(t))
	for _, c := range t {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b Cell) int {
		if a.Key < b.Key {
			return -1
		}
		return 1
	})
	return out
}

// hush withholds small numbers from callers who may not read patients. Where one alone is small the next smallest goes too, because
// the sum would tell it.
func (s *Service) hush(ctx context.Context, cells []Cell) {
	if !access.From(ctx).Can(patient.PermRead) {
		hush(cells)
	}
}

func hush(cells []Cell) {
	hidden, next := 0, -1
	for i := range cells {
		switch {
		case cells[i].N > 0 && cells[i].N < fewest:
			cells[i].N, cells[i].Small = 0, true
			hidden++
		case cells[i].N > 0 && (next < 0 || cells[i].N < cells[next].N):
			next = i
		}
	}
	if hidden == 1 && next >= 0 {
		cells[next].N, cells[next].Small = 0, true
	}
}
