package field

import (
	"context"
	"slices"
	"strings"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// Op is how a condition compares.
type Op string

// The operators. Between is inclusive and may leave one side open; Filled and Empty take no value.
const (
	Is         Op = "is"          // one of Values
	StartsWith Op = "starts_with" // texts
	Between    Op = "between"     // numbers and days: Values[0] to Values[1]
	Filled     Op = "filled"
	Empty      Op = "empty"
)

// Condition is what a list or a segment demands of a field.
type Condition struct {
	FieldID ID       `json:"field_id"`
	Op      Op       `json:"op"`
	Values  []string `json:"values"`
}

// Match is a condition made ready: Where writes what a row of field_value under the alias must satisfy, so that an index finds the patients;
// Not turns it around (empty).
type Match struct {
	Not   bool
	Where func(q *db.Query, alias string)
}

// Narrow appends to a query over patients, whose ID stands in col, what the condition demands.
func (m Match) Narrow(q *db.Query, col string) {
	word := "and exists"
	if m.Not {
		word = "and not exists"
	}
	q.Add(word + " (select 1 from field_value fv where fv.patient_id = " + col + " and")
	m.Where(q, "fv")
	q.Add(")")
}

// Match makes a condition ready. The index on (field_id, term) or (field_id, number) serves it. Errors: invalid for a field that the caller does
// not see, an operator that the kind does not have, or a malformed value.
func (s *Service) Match(ctx context.Context, c Condition) (Match, error) {
	d, err := s.find(ctx, s.DB.Read(ctx), c.FieldID)
	if err != nil {
		return Match{}, fault.New(fault.Invalid, "field.condition.unknown").With("fields", "field.condition.unknown")
	}
	role, err := s.role(ctx)
	if err != nil {
		return Match{}, err
	}
	if !allows(d.Sees, role) || !d.Active {
		return Match{}, fault.New(fault.Invalid, "field.condition.unknown").With("fields", "field.condition.unknown")
	}
	return d.match(c)
}

func (d Definition) match(c Condition) (Match, error) {
	bad := fault.New(fault.Invalid, "field.condition.malformed").With("fields", "field.condition.malformed")
	id := func(q *db.Query, a string) { q.Add(a+".field_id = ?", c.FieldID) }
	numeric := d.Kind == Integer || d.Kind == Decimal
	switch {
	case c.Op == Filled || c.Op == Empty:
		return Match{Not: c.Op == Empty, Where: id}, nil
	case c.Op == Is && len(c.Values) > 0 && numeric:
		ns, err := numbers(c.Values)
		return Match{Where: func(q *db.Query, a string) { id(q, a); db.In(q, ns, "and "+a+".number in (%s)") }}, orNil(err != nil, bad)
	case c.Op == Is && len(c.Values) > 0:
		terms := make([]string, len(c.Values))
		for i, v := range c.Values {
			terms[i] = fold(v)
		}
		return Match{Where: func(q *db.Query, a string) { id(q, a); db.In(q, terms, "and "+a+".term in (%s)") }}, nil
	case c.Op == StartsWith && d.Searchable() && len(c.Values) == 1 && fold(c.Values[0]) != "":
		from := fold(c.Values[0])
		return Match{Where: func(q *db.Query, a string) {
			id(q, a)
			q.Add("and "+a+".term >= ? and "+a+".term < ?", from, from+"\U0010FFFF")
		}}, nil
	case c.Op == Between && len(c.Values) == 2 && (c.Values[0] != "" || c.Values[1] != ""):
		return d.between(c, id, bad)
	}
	return Match{}, bad
}

func (d Definition) between(c Condition, id func(*db.Query, string), bad error) (Match, error) {
	col, lo, hi := "term", any(c.Values[0]), any(c.Values[1])
	switch d.Kind {
	case Integer, Decimal:
		ns, err := numbers(slices.DeleteFunc(slices.Clone(c.Values), func(s string) bool { return s == "" }))
		if err != nil {
			return Match{}, bad
		}
		col, lo, hi = "number", any(ns[0]), any(ns[len(ns)-1])
	case Date:
		for _, v := range c.Values {
			if _, err := clock.ParseDate(v); v != "" && err != nil {
				return Match{}, bad
			}
		}
	default:
		return Match{}, bad
	}
	return Match{Where: func(q *db.Query, a string) {
		id(q, a)
		q.If(c.Values[0] != "", "and "+a+"."+col+" >= ?", lo)
		q.If(c.Values[1] != "", "and "+a+"."+col+" <= ?", hi)
	}}, nil
}

func numbers(in []string) ([]int64, error) {
	out := make([]int64, 0, len(in))
	for _, v := range in {
		n, err := parseNumber(strings.TrimSpace(v), 4)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

func orNil(failed bool, err error) error {
	if failed {
		return err
	}
	return nil
}
