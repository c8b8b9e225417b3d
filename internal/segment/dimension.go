package segment

import (
	"context"
	"fmt"
	"slices"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
)

// What a condition may hold besides its aspect.
const (
	Values = "values" // some of the dimension's options, any of which suffices
	During = "period"
	Range  = "range" // numbers from and to
	Words  = "text"
)

// Dimension is one thing that conditions can be about. Later rooms declare theirs at wiring, with SQL over their own tables.
type Dimension struct {
	Name    string            // text key segment.dimension.<name>
	Group   string            // person, visit, reach, care, member: where the page offers it; text key segment.group.<group>
	Takes   []string          // of Values, During, Range, Words
	Needs   []string          // those of Takes without which it says nothing
	Aspects []string          // one of them must be chosen; text key segment.aspect.<aspect>
	Only    []string          // the only values there are, else Options finds them; text key segment.value.<name>.<value>
	Free    bool              // values are what a person writes, such as codes
	Unit    string            // of the range: year, fen, times
	Need    access.Permission // beyond PermRead, "" = none: what a condition finds out, the page of a patient would show only with it
	Care    bool              // a clinical input: may decide who is a key patient
	Daily   bool              // its answer may change with the day even without a period
	Stirred []string          // facts that may change its answer, by name or by the room before the dot
	// Offers lists what a dimension of many keys offers, such as one for each custom field.
	Offers func(ctx context.Context) ([]Offer, error)
	// Check gives the key of what is wrong with a condition beyond its shape, "" = nothing.
	Check func(n Node) string
	// Options finds values by their beginning, or names those given.
	Options func(ctx context.Context, text string, values []string) ([]Option, error)
	// Find says who satisfies a condition.
	Find func(ctx context.Context, n Node, w When) (Part, error)
}

// Option is a value that a condition may hold.
type Option struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// When is the time for which a condition is asked.
type When struct {
	Now   clock.Instant
	Today clock.Date
	clock *clock.Clock
}

// Span resolves a condition's period; an absent one is open at both ends.
func (w When) Span(p *Period) Span {
	if p == nil {
		return Span{}
	}
	return p.On(w.Today)
}

// Instants appends "and col >= … and col < …" for the days of a span in the hospital's zone.
func (w When) Instants(q *db.Query, col string, s Span) *db.Query {
	q.If(s.From != "", "and "+col+" >= ?", w.start(s.From))
	return q.If(s.To != "", "and "+col+" < ?", w.start(s.To.Add(1)))
}

func (w When) start(d clock.Date) clock.Instant {
	if d == "" {
		return 0
	}
	return w.clock.On(d, 0, 0)
}

// Days appends "and col >= … and col <= …" for a column of days.
func Days(q *db.Query, col string, s Span) *db.Query {
	q.If(s.From != "", "and "+col+" >= ?", string(s.From))
	return q.If(s.To != "", "and "+col+" <= ?", string(s.To))
}

// Part says who satisfies one condition: by the patient's own row, or by rows of a table with patient_id.
type Part struct {
	Own     *db.Query // over patient p, never null; nil where Rows speaks
	Rows    *Rows
	Indexed bool // an index finds them
}

// Rows are rows t of a table that a patient must have.
type Rows struct {
	From  string    // "visit_condition t"
	Where *db.Query // over t; begins with a term, not with "and"
	Sum   string    // an expression over all the rows that hold Where, never null: "count(*)"; "" = one row suffices
	Min   *int64    // of Sum
	Max   *int64
}

// Own makes a part of a condition over patient p; indexed where an index finds who satisfies it.
func Own(q *db.Query, indexed bool) Part { return Part{Own: q, Indexed: indexed} }

// Having makes a part of rows.
func Having(from string, where *db.Query) Part {
	return Part{Rows: &Rows{From: from, Where: where}, Indexed: true}
}

// Declare adds dimensions. A name declared twice is a programming error.
func (s *Service) Declare(ds ...Dimension) {
	for _, d := range ds {
		if _, twice := s.dims[d.Name]; twice {
			panic(fmt.Sprintf("segment: dimension %s declared twice", d.Name))
		}
		s.dims[d.Name] = d
		s.order = append(s.order, d.Name)
	}
}

// Offer is a dimension as the page of conditions needs it, in the reader's language.
type Offer struct {
	Name    string   `json:"name"`
	Key     string   `json:"key"` // of a condition, "" where the dimension has none
	Label   string   `json:"label"`
	Group   string   `json:"group"`
	Takes   []string `json:"takes"`
	Needs   []string `json:"needs"`
	Aspects []Option `json:"aspects"`
	Only    []Option `json:"only"`
	Search  bool     `json:"search"` // values are found by POST /segments/options
	Free    bool     `json:"free"`
	Unit    string   `json:"unit"`
	Care    bool     `json:"care"`
}

// Dimensions lists what the caller may build conditions of.
func (s *Service) Dimensions(ctx context.Context) ([]Offer, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return nil, err
	}
	l, out := lang.From(ctx), []Offer{}
	for _, name := range s.order {
		d := s.dims[name]
		if d.Need != "" && !access.From(ctx).Can(d.Need) {
			continue
		}
		if d.Offers != nil {
			more, err := d.Offers(ctx)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
			continue
		}
		o := Offer{Name: d.Name, Label: d.label(l), Group: lang.Text(l, "segment.group."+d.Group, nil), Takes: some(d.Takes), Needs: some(d.Needs), Aspects: []Option{}, Only: []Option{},
			Search: d.Options != nil, Free: d.Free, Unit: d.Unit, Care: d.Care}
		for _, a := range d.Aspects {
			o.Aspects = append(o.Aspects, Option{a, lang.Text(l, "segment.aspect."+a, nil)})
		}
		for _, v := range d.Only {
			o.Only = append(o.Only, Option{v, d.valueText(l, v)})
		}
		out = append(out, o)
	}
	return out, nil
}

func some[T any](xs []T) []T { return append([]T{}, xs...) }

func (d Dimension) label(l lang.Locale) string {
	return lang.Text(l, "segment.dimension."+d.Name, nil)
}

func (d Dimension) valueText(l lang.Locale, v string) string {
	return lang.Text(l, "segment.value."+d.Name+"."+v, nil)
}

// Options finds values of a dimension by what a person typed, or names the given ones.
func (s *Service) Options(ctx context.Context, dim, text string, values []string) ([]Option, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return nil, err
	}
	d, ok := s.dims[dim]
	if !ok || d.Options == nil {
		return nil, fault.New(fault.Invalid, "segment.dimension.unknown").With("dim", "segment.dimension.unknown")
	}
	if d.Need != "" {
		if err := access.Need(ctx, d.Need); err != nil {
			return nil, err
		}
	}
	return d.Options(ctx, text, values)
}

// readable returns a forbidden fault when the tree asks what the caller may not know.
func (s *Service) readable(ctx context.Context, t Tree) error {
	for _, n := range t.Conditions() {
		if d := s.dims[n.Dim]; d.Need != "" {
			if err := access.Need(ctx, d.Need); err != nil {
				return err
			}
		}
	}
	return nil
}

// stirs tells whether a fact may change the answers of the tree. Patients come, go and merge in every segment.
func (s *Service) stirs(t Tree, fact, room string) bool {
	return room == "patient" || slices.ContainsFunc(t.Conditions(), func(n Node) bool {
		return slices.ContainsFunc(s.dims[n.Dim].Stirred, func(x string) bool { return x == fact || x == room })
	})
}
