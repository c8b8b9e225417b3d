package patient

import (
	"context"
	"fmt"

	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// Within keeps a list to a set of patients that a later room knows: a segment's members, key patients.
type Within struct {
	Kind string // what NarrowBy was told
	Key  int64  // which of them
}

// Set is who belongs.
type Set struct {
	Filter func(q *db.Query, col string) // appends "and …" for the patient whose ID stands in col
	List   func(q *db.Query)             // appends a select of all their IDs
	Total  db.Total                      // how many the caller sees; zero = not known
}

// Narrower finds the set that a key names, for the caller in ctx.
type Narrower func(ctx context.Context, key int64) (Set, error)

// NarrowBy lets a later room narrow lists of patients by what it knows. A kind registered twice is a programming error.
func (s *Service) NarrowBy(kind string, fn Narrower) {
	if s.narrowers == nil {
		s.narrowers = map[string]Narrower{}
	}
	if _, twice := s.narrowers[kind]; twice {
		panic(fmt.Sprintf("patient: lists are narrowed by %s twice", kind))
	}
	s.narrowers[kind] = fn
}

func (s *Service) sets(ctx context.Context, ws []Within) ([]Set, error) {
	var out []Set
	for _, w := range ws {
		fn, ok := s.narrowers[w.Kind]
		if !ok {
			return nil, fault.New(fault.Invalid, "patient.filter.unknown").With("filter", "patient.filter.unknown")
		}
		set, err := fn(ctx, w.Key)
		if err != nil {
			return nil, err
		}
		out = append(out, set)
	}
	return out, nil
}

// few tells whether the set is known to be small enough to be listed and sorted.
func (t Set) few() bool { return t.Total.Exact && t.Total.Value < narrowCap }

// within appends what the sets of a filter demand of patient p.
func (n narrowed) within(q *db.Query) {
	for _, t := range n.sets {
		if n.collect && !n.text && t.few() {
			q.Add("and p.id in (")
			t.List(q)
			q.Add(")")
			continue
		}
		t.Filter(q, "p.id")
	}
}

// counted gives the count of a list that nothing but one set narrows: the set knows it.
func (f Filter) counted(n narrowed) (db.Total, bool) {
	if len(n.sets) != 1 || len(f.filtered()) != 1 || f.Also != nil || n.sets[0].Total == (db.Total{}) {
		return db.Total{}, false
	}
	return n.sets[0].Total, true
}
