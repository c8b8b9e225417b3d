package patient

import (
	"context"
	"fmt"
	"strings"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// narrowCap: a condition that leaves fewer patients than this drives the query; else the sort index does.
const narrowCap = 2000

// walkCap bounds how many index rows a count looks at, so that no count grows with the hospital.
const walkCap = 20000

// narrowed says how a list is found.
type narrowed struct {
	ids   []ID // candidates of the text, nil without text
	full  bool // the text found no more than ids
	drive bool // few patients qualify: collect them and sort, do not walk the sort index
}

func (s *Service) narrow(ctx context.Context, tx *db.Tx, f Filter) (narrowed, error) {
	n := narrowed{full: true}
	var err error
	if strings.TrimSpace(f.Text) != "" {
		n.drive = true
		n.ids, n.full, err = s.candidates(ctx, tx, f.Text)
		return n, err
	}
	for _, m := range s.memberships(ctx, f) {
		few, err := fewer(ctx, tx, m)
		if err != nil || few {
			n.drive = few
			return n, err
		}
	}
	return n, nil
}

// membership is a condition answered by rows of another table that carry the patient.
type membership struct {
	table string // "patient_tag t"
	alias string
	where func(q *db.Query)
}

func (s *Service) memberships(ctx context.Context, f Filter) []membership {
	var out []membership
	if f.Tag != "" {
		out = append(out, membership{"patient_tag", "t", func(q *db.Query) { q.Add("t.tag = ?", f.Tag) }})
	}
	for _, a := range []Access{{Kind: "staff", Key: f.OwnerID}, {Kind: "department", Key: f.DepartmentID}} {
		if a.Key != 0 {
			out = append(out, membership{"patient_access", "a", func(q *db.Query) { q.Add("a.kind = ? and a.key = ?", a.Kind, a.Key) }})
		}
	}
	if sc := access.ScopeOf(ctx); !sc.All() && !sc.Empty() && !sc.Unassigned() {
		now := s.DB.Clock().Now()
		out = append(out, membership{"patient_access", "pa", func(q *db.Query) { q.Add("true"); reach(q, sc, "pa", now) }})
	}
	return out
}

// fewer reports whether a membership leaves fewer patients than narrowCap, looking at no more than that.
func fewer(ctx context.Context, tx *db.Tx, m membership) (bool, error) {
	q := db.SQL("select count(*) from (select 1 from " + m.table + " " + m.alias + " where")
	m.where(q)
	q.Add("limit ?) x", narrowCap)
	n, _, err := db.FirstOf[int64](ctx, tx, q)
	return n < narrowCap, err
}

// conditions appends what a filter and the caller's scope demand of patient p.
func (s *Service) conditions(ctx context.Context, q *db.Query, f Filter, n narrowed) {
	if strings.TrimSpace(f.Text) != "" {
		if len(n.ids) == 0 {
			q.Add("and false")
		}
		db.In(q, padded(n.ids), "and p.id in (%s)")
	}
	for _, m := range s.memberships(ctx, f) {
		if n.drive && len(n.ids) == 0 {
			q.Add("and p.id in (select " + m.alias + ".patient_id from " + m.table + " " + m.alias + " where")
		} else {
			q.Add("and exists (select 1 from " + m.table + " " + m.alias + " where " + m.alias + ".patient_id = p.id and")
		}
		m.where(q)
		q.Add(")")
	}
	s.byDays(ctx, q)
	if sc := access.ScopeOf(ctx); sc.All() || sc.Empty() || sc.Unassigned() {
		assigned(q, sc, "p.id", s.DB.Clock().Now())
	}
	s.attributes(q, f)
	if f.Also != nil {
		f.Also(q, "p.id")
	}
}

// byDays appends the patient's own rule of a scope by days.
func (s *Service) byDays(ctx context.Context, q *db.Query) {
	since := s.since(access.ScopeOf(ctx))
	q.If(since > 0, "and p.seen_at >= ?", since)
}

func (s *Service) attributes(q *db.Query, f Filter) {
	c := s.DB.Clock()
	q.If(f.Sex != "", "and p.sex = ?", string(f.Sex))
	q.If(f.Source != "", "and p.source = ?", f.Source)
	if prefix := strings.TrimRight(f.Region, "0"); prefix != "" {
		prefix += strings.Repeat("0", len(prefix)%2)
		q.Add("and p.region_code >= ? and p.region_code < ?", prefix, after(prefix))
	}
	q.If(f.AgeFrom > 0, "and p.birth_date <> '' and p.birth_date <= ?", yearsBefore(c.Today(), f.AgeFrom))
	q.If(f.AgeTo > 0, "and p.birth_date > ?", yearsBefore(c.Today(), f.AgeTo+1))
	q.If(f.SeenFrom != "", "and p.met_at > 0 and p.seen_at >= ?", c.On(f.SeenFrom, 0, 0))
	q.If(f.SeenTo != "", "and p.met_at > 0 and p.seen_at < ?", c.On(f.SeenTo.Add(1), 0, 0))
}

// yearsBefore moves a day back by whole years as text, so that 29 February needs no rule of its own.
func yearsBefore(d clock.Date, years int) string {
	return fmt.Sprintf("%04d%s", d.Time().Year()-years, d[4:])
}

const live = "p.merged_into is null and p.deleted_at is null"

func (s *Service) page(ctx context.Context, tx *db.Tx, f Filter, n narrowed, limit int) ([]Patient, error) {
	o, err := orderOf(f.Sort)
	if err != nil {
		return nil, err
	}
	q := db.SQL("select " + patientColumns + " from patient_patient p where " + live)
	s.conditions(ctx, q, f, n)
	if err := o.after(q, f.Cursor); err != nil {
		return nil, err
	}
	o.by(q, n.drive)
	q.Add("limit ?", limit)
	return db.Rows[Patient](ctx, tx, q)
}

// after continues behind a cursor.
func (o order) after(q *db.Query, cursor string) error {
	if cursor == "" {
		return nil
	}
	op := ">"
	if o.desc {
		op = "<"
	}
	var id, at int64
	var text string
	if o.col == "pinyin" {
		if err := db.Uncursor(cursor, &text, &id); err != nil {
			return err
		}
		q.Add("and (p.pinyin, p.id) "+op+" (?, ?)", text, id)
		return nil
	}
	if err := db.Uncursor(cursor, &at, &id); err != nil {
		return err
	}
	q.Add("and (p."+o.col+", p.id) "+op+" (?, ?)", at, id)
	return nil
}

// by appends the order; an expression instead of the column keeps the planner from walking the sort index where few patients qualify.
func (o order) by(q *db.Query, drive bool) {
	col, dir := "p."+o.col, ""
	if o.desc {
		dir = " desc"
	}
	if drive && o.col == "pinyin" {
		col += " || ''"
	} else if drive {
		col += " + 0"
	}
	q.Add("order by " + col + dir + ", p.id" + dir)
}

// total counts up to db.CountCap. Where many patients qualify it looks at the newest walkCap of them only: "at least".
func (s *Service) total(ctx context.Context, tx *db.Tx, f Filter, n narrowed) (db.Total, error) {
	q := db.SQL("select count(*) from (select 1 from")
	if n.drive {
		q.Add("patient_patient p where " + live)
	} else {
		q.Add("(select * from patient_patient p where "+live+" order by p.seen_at desc, p.id desc limit ?) p where true", walkCap)
	}
	s.conditions(ctx, q, f, n)
	q.Add("limit ?) x", db.CountCap+1)
	found, _, err := db.FirstOf[int64](ctx, tx, q)
	if err != nil {
		return db.Total{}, err
	}
	t := db.Capped(int(found))
	t.Exact = t.Exact && n.full
	if t.Exact && !n.drive {
		all, _, err := db.First[int64](ctx, tx, "select count(*) from (select 1 from patient_patient p where "+live+" limit $1) x", walkCap+1)
		if err != nil {
			return t, err
		}
		t.Exact = all <= walkCap
	}
	return t, nil
}
