package segment

import (
	"encoding/json"
	"fmt"
	"slices"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/fault"
)

// Format is the version of trees that this house writes and reads.
const Format = 1

// Limits of a tree.
const (
	maxDepth      = 6
	maxConditions = 60
	maxValues     = 500
)

// Tree is a condition over patients, as built on the page and as stored.
type Tree struct {
	V    int  `json:"v"` // Format
	Root Node `json:"root"`
}

// Node is a group of nodes or one condition.
type Node struct {
	Op    string `json:"op"` // and, or, not (none of the nodes), is
	Nodes []Node `json:"nodes,omitempty"`
	// What follows belongs to a condition (op is); which of them count is the dimension's business.
	Dim    string   `json:"dim,omitempty"`
	Key    string   `json:"key,omitempty"`    // which custom field
	Values []string `json:"values,omitempty"` // any of these
	Aspect string   `json:"aspect,omitempty"` // first, last, granted …
	Period *Period  `json:"period,omitempty"`
	From   *int64   `json:"from,omitempty"` // smallest number, inclusive; money in fen
	To     *int64   `json:"to,omitempty"`   // largest number, inclusive
	Text   string   `json:"text,omitempty"`
}

// The operators.
const (
	And = "and"
	Or  = "or"
	Not = "not"
	Is  = "is"
)

// Conditions lists the conditions of the tree from left to right.
func (t Tree) Conditions() []Node { return t.Root.conditions(nil) }

func (n Node) conditions(out []Node) []Node {
	if n.Op == Is {
		return append(out, n)
	}
	for _, k := range n.Nodes {
		out = k.conditions(out)
	}
	return out
}

// check validates the tree against the dimensions; every wrong place is named by its path ("root.nodes.1.values").
func (s *Service) check(t Tree) error {
	f := fault.New(fault.Invalid, "segment.tree.invalid")
	if t.V != Format {
		f.With("tree.v", "segment.tree.format")
	}
	if n := len(t.Conditions()); n == 0 || n > maxConditions {
		f.With("tree", "segment.tree.size", "limit", maxConditions)
	}
	s.checkNode(f, t.Root, "tree.root", 1)
	return f.Or()
}

func (s *Service) checkNode(f *fault.Error, n Node, path string, depth int) {
	switch {
	case n.Op == Is:
		d, ok := s.dims[n.Dim]
		if !ok {
			f.With(path+".dim", "segment.dimension.unknown")
			return
		}
		d.check(f, n, path)
	case n.Op != And && n.Op != Or && n.Op != Not:
		f.With(path+".op", "segment.tree.op")
	case depth >= maxDepth:
		f.With(path, "segment.tree.deep", "limit", maxDepth)
	case len(n.Nodes) == 0:
		f.With(path, "segment.tree.empty_group")
	default:
		for i, k := range n.Nodes {
			s.checkNode(f, k, fmt.Sprintf("%s.nodes.%d", path, i), depth+1)
		}
	}
}

// check validates a condition against what its dimension takes.
func (d Dimension) check(f *fault.Error, n Node, path string) {
	if len(n.Nodes) > 0 {
		f.With(path+".nodes", "segment.condition.no_nodes")
	}
	if len(n.Values) > maxValues {
		f.With(path+".values", "segment.condition.too_many", "limit", maxValues)
	}
	need := d.Needs
	if slices.Contains(need, Values) && len(n.Values) == 0 || !slices.Contains(d.Takes, Values) && len(n.Values) > 0 || n.Key == "" && slices.Contains(n.Values, "") {
		f.With(path+".values", "segment.condition.values")
	}
	if len(d.Only) > 0 && slices.ContainsFunc(n.Values, func(v string) bool { return !slices.Contains(d.Only, v) }) {
		f.With(path+".values", "segment.condition.values")
	}
	if len(d.Aspects) > 0 && !slices.Contains(d.Aspects, n.Aspect) || len(d.Aspects) == 0 && n.Aspect != "" {
		f.With(path+".aspect", "segment.condition.aspect")
	}
	if n.Period == nil && slices.Contains(need, During) || n.Period != nil && (!slices.Contains(d.Takes, During) || n.Period.check() != nil) {
		f.With(path+".period", "segment.condition.period")
	}
	if n.From == nil && n.To == nil && slices.Contains(need, Range) || (n.From != nil || n.To != nil) && !slices.Contains(d.Takes, Range) || n.From != nil && n.To != nil && *n.From > *n.To {
		f.With(path+".from", "segment.condition.range")
	}
	if n.Text == "" && slices.Contains(need, Words) || n.Text != "" && !slices.Contains(d.Takes, Words) || len([]rune(n.Text)) > 60 {
		f.With(path+".text", "segment.condition.text")
	}
	if n.Key != "" && d.Offers == nil || n.Key == "" && d.Offers != nil {
		f.With(path+".key", "segment.dimension.unknown")
	}
	if d.Check != nil {
		if key := d.Check(n); key != "" {
			f.With(path+".values", key)
		}
	}
}

// moving tells whether the answer can change by the passing of a day alone.
func (s *Service) moving(t Tree) bool {
	return slices.ContainsFunc(t.Conditions(), func(n Node) bool {
		d := s.dims[n.Dim]
		return d.Daily || n.Period != nil && n.Period.Relative()
	})
}

func readTree(text string) (t Tree, err error) {
	err = json.Unmarshal([]byte(text), &t)
	return t, err
}

func (t Tree) text() string {
	b, _ := json.Marshal(t) // strings and numbers always encode
	return string(b)
}

// Period is a span of days, fixed or counted from the day on which it is asked.
type Period struct {
	Kind string     `json:"kind"`           // last, next, this, previous, over, between
	N    int        `json:"n,omitempty"`    // how many units, 1 … 1000; for last, next and over
	Unit string     `json:"unit,omitempty"` // day, week, month, quarter, year
	From clock.Date `json:"from,omitempty"` // of between, "" = open
	To   clock.Date `json:"to,omitempty"`   // inclusive, "" = open
}

// Kinds of a period.
const (
	Last     = "last"     // the n units that end today
	Next     = "next"     // the n units that begin today
	This     = "this"     // the unit that today lies in
	Previous = "previous" // the unit before that
	Over     = "over"     // n units ago and longer
	Between  = "between"  // from one day to another
)

// Units of a period.
var units = []string{"day", "week", "month", "quarter", "year"}

// Relative tells whether the span moves with the day.
func (p Period) Relative() bool { return p.Kind != Between }

func (p Period) check() error {
	bad := fault.New(fault.Invalid, "segment.condition.period")
	switch p.Kind {
	case Between:
		for _, d := range []clock.Date{p.From, p.To} {
			if _, err := clock.ParseDate(string(d)); d != "" && err != nil {
				return bad
			}
		}
		if p.From == "" && p.To == "" || p.From != "" && p.To != "" && p.From > p.To {
			return bad
		}
		return nil
	case Last, Next, Over:
		if p.N < 1 || p.N > 1000 {
			return bad
		}
	case This, Previous:
	default:
		return bad
	}
	if !slices.Contains(units, p.Unit) {
		return bad
	}
	return nil
}

// Span is a first and a last day, both inclusive; "" is open.
type Span struct{ From, To clock.Date }

// On resolves the period on a day.
func (p Period) On(today clock.Date) Span {
	switch p.Kind {
	case Last:
		return Span{shift(today, -p.N, p.Unit).Add(1), today}
	case Next:
		return Span{today, shift(today, p.N, p.Unit).Add(-1)}
	case Over:
		return Span{"", shift(today, -p.N, p.Unit)}
	case This:
		from := begin(today, p.Unit)
		return Span{from, shift(from, 1, p.Unit).Add(-1)}
	case Previous:
		from := begin(today, p.Unit)
		return Span{shift(from, -1, p.Unit), from.Add(-1)}
	}
	return Span{p.From, p.To}
}

// begin is the first day of the unit that d lies in; weeks begin on Monday.
func begin(d clock.Date, unit string) clock.Date {
	switch unit {
	case "week":
		return d.Add(-(int(d.Weekday()) + 6) % 7)
	case "month":
		return d[:8] + "01"
	case "quarter":
		m := (int(d.Time().Month())-1)/3*3 + 1
		return clock.Date(fmt.Sprintf("%s-%02d-01", d[:4], m))
	case "year":
		return d[:5] + "01-01"
	}
	return d
}

// shift moves a day by n units; where a month is too short it is its last day.
func shift(d clock.Date, n int, unit string) clock.Date {
	months := 0
	switch unit {
	case "day":
		return d.Add(n)
	case "week":
		return d.Add(7 * n)
	case "month":
		months = n
	case "quarter":
		months = 3 * n
	case "year":
		months = 12 * n
	}
	t := d.Time()
	first := clock.DateOf(t.AddDate(0, months, 1-t.Day()))
	last := clock.DateOf(first.Time().AddDate(0, 1, -1))
	return min(first.Add(t.Day()-1), last)
}
