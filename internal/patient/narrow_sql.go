package patient

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"renxin/internal/field"
	"renxin/internal/identity"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

const (
	// narrowCap: a condition that leaves fewer patients than this drives the list: they are collected and sorted. Else the list walks
	// the index of its order and stops when the page is full.
	narrowCap = 2000
	// scanCap bounds how many terms of a broad word a scoped search looks through.
	scanCap = 6000
	// pickCap is narrowCap for a type-ahead field, which shows the best few: terms come in their order, so that whole words and short
	// ones are among the first.
	pickCap = 400
	// walkCap bounds how many patients a count looks at, so that no count grows with the hospital.
	walkCap = 4000
)

const live = "p.merged_into is null and p.deleted_at is null"

// narrowed says how a list is found.
type narrowed struct {
	word    string // one word of text: its terms drive
	most    int    // patients that a broad word may bring
	ids     []ID   // several words: the patients who have them all
	text    bool
	full    bool // the text was looked up to the end
	collect bool // few patients qualify
	sets    []Set
	broad   bool // exactly one membership filters, and it leaves many: the count is "at least" without counting
}

// condition is one thing a filter demands, with the index that answers it.
type condition struct {
	from  string             // table and alias of the index to probe
	id    string             // its column with the patient
	where func(q *db.Query)  // what the rows must satisfy
	walk  func(q *db.Query)  // the same for patient p without use of that index; nil for memberships
	serve func(o order) bool // whether the list's own order is served by the same index
}

func (s *Service) narrow(ctx context.Context, tx *db.Tx, f Filter) (narrowed, error) {
	sets, err := s.sets(ctx, f.Within)
	if err != nil {
		return narrowed{}, err
	}
	if len(f.IDs) > narrowCap {
		return narrowed{}, fault.New(fault.TooLarge, "patient.bulk.too_many", "limit", narrowCap)
	}
	if strings.TrimSpace(f.Text) != "" {
		n, err := s.narrowText(ctx, tx, f.Text, narrowCap)
		n.sets = sets
		return n, err
	}
	n := narrowed{full: true, sets: sets}
	if slices.ContainsFunc(sets, Set.few) || len(f.IDs) > 0 {
		n.collect = true
		return n, nil
	}
	cs := s.indexed(ctx, f)
	for _, c := range cs {
		few, err := fewer(ctx, tx, c)
		if err != nil {
			return n, err
		}
		if few {
			n.collect = true
			return n, nil
		}
	}
	sc := access.ScopeOf(ctx)
	n.broad = len(cs) == 1 && cs[0].walk == nil && sc.Days() == 0 && f.Sex == "" && f.SeenFrom == "" && f.SeenTo == "" && f.Also == nil && len(sets) == 0 && !slices.ContainsFunc(f.matches, isNot)
	return n, nil
}

// narrowText looks a text up; a single word that more than most terms begin with brings the first of them only.
func (s *Service) narrowText(ctx context.Context, tx *db.Tx, text string, most int) (narrowed, error) {
	n := narrowed{text: true, full: true, collect: true, most: most}
	words := identity.QueryTerms(text)
	if len(words) == 1 {
		n.word = words[0]
		hits, _, err := db.First[int64](ctx, tx, `
			select count(*)
			from (
				select 1
				from patient_search
				where term >= $1
				and term < $2
				limit $3
			) x`, n.word, after(n.word), most+1)
		if n.full = int(hits) <= most; n.full || err != nil {
			return n, err
		}
	} else {
		var err error
		if n.ids, n.full, err = s.candidates(ctx, tx, words); n.full || err != nil {
			return n, err
		}
	}
	// A broad word is looked up no further than its first terms, among which the few patients of a narrow scope need not be.
	ids, few, err := s.ofFew(ctx, tx, words)
	if few {
		n.word, n.ids, n.full = "", ids, true
	}
	return n, err
}

// ofFew finds who has every word among the patients of a scope that holds few; false for wider scopes.
func (s *Service) ofFew(ctx context.Context, tx *db.Tx, words []string) ([]ID, bool, error) {
	sc := access.ScopeOf(ctx)
	if sc.Empty() || sc.All() || sc.Unassigned() {
		return nil, false, nil
	}
	q := db.SQL("select distinct pa.patient_id from (")
	reached(q, sc, tx.Now)
	ids, err := db.Rows[ID](ctx, tx, q.Add(") pa limit ?", narrowCap+1))
	if err != nil || len(ids) > narrowCap {
		return nil, false, err
	}
	ids, err = s.checked(ctx, tx, ids, words)
	return ids, err == nil, err
}

// matching appends the select of patients with a term that begins with word, within the caller's scope by assignment, at most that many.
func matching(q *db.Query, sc access.Scope, word string, full bool, most int, now clock.Instant) {
	if full || sc.All() && sc.Unassigned() {
		q.Add("select s.patient_id from patient_search s where s.term >= ? and s.term < ?", word, after(word))
	} else {
		q.Add("select s.patient_id from (select t.patient_id, t.term from patient_search t where t.term >= ? and t.term < ? order by t.term limit ?) s where true", word, after(word), scanCap/narrowCap*most)
	}
	if !full {
		assigned(q, sc, "s.patient_id", now)
		q.Add("order by s.term limit ?", most)
	}
}

// indexed lists what a filter and the caller's scope demand where an index can find the few.
func (s *Service) indexed(ctx context.Context, f Filter) []condition {
	out := s.memberships(ctx, f)
	own := func(col, cond string, serve func(order) bool, args ...any) {
		where := strings.ReplaceAll(cond, "@", "p."+col)
		walk := strings.ReplaceAll(cond, "@", "p."+col+" || ''")
		out = append(out, condition{"patient_patient p", "p.id", func(q *db.Query) { q.Add(live+" and "+where, args...) }, func(q *db.Query) { q.Add("and "+walk, args...) }, serve})
	}
	if f.Source != "" {
		own("source", "@ = ?", func(o order) bool { return o.col == "seen_at" }, f.Source)
	}
	if prefix := strings.TrimRight(f.Region, "0"); prefix != "" {
		prefix += strings.Repeat("0", len(prefix)%2)
		own("region_code", "@ >= ? and @ < ?", nil, prefix, after(prefix))
	}
	today := s.DB.Clock().Today()
	switch {
	case f.AgeFrom > 0 && f.AgeTo > 0:
		own("birth_date", "@ <= ? and @ > ?", nil, yearsBefore(today, f.AgeFrom), yearsBefore(today, f.AgeTo+1))
	case f.AgeFrom > 0:
		own("birth_date", "@ <= ? and @ > '0'", nil, yearsBefore(today, f.AgeFrom))
	case f.AgeTo > 0:
		own("birth_date", "@ > ?", nil, yearsBefore(today, f.AgeTo+1))
	}
	return out
}

func (s *Service) memberships(ctx context.Context, f Filter) []condition {
	var out []condition
	member := func(from, id string, where func(q *db.Query)) {
		out = append(out, condition{from: from, id: id, where: where})
	}
	if f.Tag != "" {
		member("patient_tag t", "t.patient_id", func(q *db.Query) { q.Add("t.tag = ?", f.Tag) })
	}
	for _, m := range f.matches {
		if !m.Not {
			member("field_value fv", "fv.patient_id", func(q *db.Query) { m.Where(q, "fv") })
		}
	}
	for _, a := range []Access{{Kind: "staff", Key: f.OwnerID, Role: "owner"}, {Kind: "department", Key: f.DepartmentID}} {
		if a.Key != 0 {
			member("patient_access a", "a.patient_id", func(q *db.Query) {
				q.Add("a.kind = ? and a.key = ?", a.Kind, a.Key)
				q.If(a.Role != "", "and a.role = ?", a.Role)
			})
		}
	}
	if sc := access.ScopeOf(ctx); !sc.All() && !sc.Empty() && !sc.Unassigned() {
		now := s.DB.Clock().Now()
		member("patient_access pa", "pa.patient_id", func(q *db.Query) { q.Add("true"); reach(q, sc, "pa", now) })
	}
	return out
}

// fewer reports whether a condition leaves fewer patients than narrowCap, looking at no more than that.
func fewer(ctx context.Context, tx *db.Tx, c condition) (bool, error) {
	q := db.SQL("select count(*) from (select distinct " + c.id + " from " + c.from + " where")
	c.where(q)
	q.Add("limit ?) x", narrowCap)
	n, _, err := db.FirstOf[int64](ctx, tx, q)
	return n < narrowCap, err
}

// conditions appends what a filter and the caller's scope demand of patient p.
func (s *Service) conditions(ctx context.Context, q *db.Query, f Filter, n narrowed, o order) {
	sc, now := access.ScopeOf(ctx), s.DB.Clock().Now()
	switch {
	case n.word != "":
		q.Add("and p.id in (select h.patient_id from (")
		matching(q, sc, n.word, n.full, n.most, now)
		q.Add(") h)")
	case n.text && len(n.ids) == 0:
		q.Add("and false")
	case n.text:
		db.In(q, padded(n.ids), "and p.id in (%s)")
	}
	for _, c := range s.indexed(ctx, f) {
		c.demand(q, n, o)
	}
	since := s.since(sc)
	q.If(since > 0, "and p.seen_at >= ?", since)
	if sc.All() || sc.Empty() || sc.Unassigned() {
		assigned(q, sc, "p.id", now)
	}
	c := s.DB.Clock()
	q.If(f.Sex != "", "and p.sex = ?", string(f.Sex))
	q.If(f.SeenFrom != "", "and p.met_at > 0 and p.seen_at >= ?", c.On(f.SeenFrom, 0, 0))
	q.If(f.SeenTo != "", "and p.met_at > 0 and p.seen_at < ?", c.On(f.SeenTo.Add(1), 0, 0))
	if f.Also != nil {
		f.Also(q, "p.id")
	}
	n.within(q)
	for _, m := range f.matches {
		if m.Not {
			m.Narrow(q, "p.id")
		}
	}
	db.In(q, padded(f.IDs), "and p.id in (%s)")
}

func isNot(m field.Match) bool { return m.Not }

// demand appends one condition in the form that suits the way the list is found.
func (c condition) demand(q *db.Query, n narrowed, o order) {
	alias := c.id[:strings.IndexByte(c.id, '.')]
	switch {
	case c.walk != nil && (n.collect || c.serve != nil && c.serve(o)):
		q.Add("and (")
		c.where(q)
		q.Add(")")
	case c.walk != nil:
		c.walk(q)
	case n.collect && !n.text:
		q.Add("and p.id in (select " + c.id + " from " + c.from + " where")
		c.where(q)
		q.Add(")")
	default:
		q.Add("and exists (select 1 from " + c.from + " where " + alias + ".patient_id = p.id and")
		c.where(q)
		q.Add(")")
	}
}

// yearsBefore moves a day back by whole years as text, so that 29 February needs no rule of its own.
func yearsBefore(d clock.Date, years int) string {
	return fmt.Sprintf("%04d%s", d.Time().Year()-years, d[4:])
}
