package segment

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// CountCap is up to where a live count is exact; beyond it the page says "10,000+" and asks for the exact number on demand.
const CountCap = 10_000

// SampleSize is how many members a sample shows.
const SampleSize = 20

// When is now, and the day it is in the hospital.
func (s *Service) now() When {
	c := s.DB.Clock()
	now := c.Now()
	return When{Now: now, Today: c.Date(now), clock: c}
}

// exactly admits callers who may read patients: whoever may count any condition to the last person can find out about one.
func exactly(ctx context.Context) error {
	if err := access.Need(ctx, PermRead); err != nil {
		return err
	}
	return access.Need(ctx, patient.PermRead)
}

// ready checks a tree and the caller's right to ask it, and compiles it for now.
func (s *Service) ready(ctx context.Context, t Tree) (*plan, error) {
	if err := s.check(t); err != nil {
		return nil, err
	}
	t, err := s.expand(ctx, t)
	if err != nil {
		return nil, err
	}
	if err := s.readable(ctx, t); err != nil {
		return nil, err
	}
	return s.compile(ctx, t.Root, s.now())
}

// CountTree counts the patients in the caller's scope who satisfy a tree that need not be saved: up to CountCap, or all when exact.
func (s *Service) CountTree(ctx context.Context, t Tree, exact bool) (db.Total, error) {
	if err := exactly(ctx); err != nil {
		return db.Total{}, err
	}
	p, err := s.ready(ctx, t)
	if err != nil {
		return db.Total{}, err
	}
	return s.count(ctx, p, exact)
}

func (s *Service) count(ctx context.Context, p *plan, exact bool) (db.Total, error) {
	tx := s.DB.Read(ctx)
	q, err := s.from(ctx, tx, p, db.SQL("select 1 as one"))
	if err != nil {
		return db.Total{}, err
	}
	n, err := countOf(ctx, tx, q, exact)
	if exact {
		return db.Total{Value: n, Exact: true}, err
	}
	return db.Total{Value: min(n, CountCap), Exact: n <= CountCap}, err
}

// Sample shows up to SampleSize of the patients whom CountTree counts.
func (s *Service) Sample(ctx context.Context, t Tree) ([]patient.Brief, error) {
	if err := exactly(ctx); err != nil {
		return nil, err
	}
	p, err := s.ready(ctx, t)
	if err != nil {
		return nil, err
	}
	tx := s.DB.Read(ctx)
	q, err := s.from(ctx, tx, p, db.SQL("select who.id"))
	if err != nil {
		return nil, err
	}
	ids, err := db.Rows[patient.ID](ctx, tx, q.Add("limit ?", SampleSize))
	if err != nil {
		return nil, err
	}
	return s.briefs(ctx, ids)
}

func (s *Service) briefs(ctx context.Context, ids []patient.ID) ([]patient.Brief, error) {
	bs, err := s.Patient.Briefs(ctx, ids)
	out := make([]patient.Brief, 0, len(ids))
	for _, id := range ids {
		out = append(out, bs[id])
	}
	return out, err
}

// Count tells how many of a saved segment's members the caller sees.
func (s *Service) Count(ctx context.Context, id ID, exact bool) (db.Total, error) {
	if err := exactly(ctx); err != nil {
		return db.Total{}, err
	}
	p, _, err := s.use(ctx, id)
	if err != nil {
		return db.Total{}, err
	}
	return s.count(ctx, p, exact)
}

// Members gives a page of the members whom the caller sees, by key: every room that works on a segment walks it by this.
func (s *Service) Members(ctx context.Context, id ID, cursor string, limit int) (db.Page[patient.ID], error) {
	if err := exactly(ctx); err != nil {
		return db.Page[patient.ID]{}, err
	}
	p, _, err := s.use(ctx, id)
	if err != nil {
		return db.Page[patient.ID]{}, err
	}
	var after int64
	if cursor != "" {
		if err := db.Uncursor(cursor, &after); err != nil {
			return db.Page[patient.ID]{}, err
		}
	}
	limit = db.Limit(limit)
	tx := s.DB.Read(ctx)
	q, err := s.from(ctx, tx, p, db.SQL("select who.id"))
	if err != nil {
		return db.Page[patient.ID]{}, err
	}
	ids, err := db.Rows[patient.ID](ctx, tx, q.Add("and who.id > ? order by who.id limit ?", after, limit+1))
	return db.Cut(ids, limit, db.Total{}, func(id patient.ID) string { return db.Cursor(int64(id)) }), err
}

// Contains keeps those of ids who are members that the caller sees, in the given order.
func (s *Service) Contains(ctx context.Context, id ID, ids ...patient.ID) ([]patient.ID, error) {
	if err := exactly(ctx); err != nil {
		return nil, err
	}
	p, _, err := s.use(ctx, id)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	in, err := s.among(ctx, p, ids)
	if err != nil {
		return nil, err
	}
	out := []patient.ID{}
	for _, id := range ids {
		if in[id] {
			out = append(out, id)
		}
	}
	return out, nil
}

// use finds a segment that the caller may see and ask, compiled for now.
func (s *Service) use(ctx context.Context, id ID) (*plan, Segment, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return nil, Segment{}, err
	}
	g, err := s.seen(ctx, id)
	if err != nil {
		return nil, g, err
	}
	p, err := s.ready(ctx, g.Tree)
	return p, g, err
}

// narrow keeps lists of patients to a segment's members.
func (s *Service) narrow(ctx context.Context, key int64) (patient.Set, error) {
	p, _, err := s.use(ctx, ID(key))
	if err != nil {
		return patient.Set{}, err
	}
	return s.set(ctx, p)
}

func (s *Service) set(ctx context.Context, p *plan) (patient.Set, error) {
	total, err := s.count(ctx, p, false)
	if err != nil {
		return patient.Set{}, err
	}
	list, err := s.from(ctx, s.DB.Read(ctx), p, db.SQL("select who.id"))
	return patient.Set{
		Total: total,
		List:  func(q *db.Query) { q.Add(list.Raw(), list.Args()...) },
		Filter: func(q *db.Query, col string) {
			q.Add("and exists (select 1 from patient_patient who where who.id = " + col + " and")
			p.filter(q, "who.id")
			q.Add(")")
		},
	}, err
}

// narrowKey keeps lists to the patients whom a rule flags as needing more care; key 0 means any rule.
func (s *Service) narrowKey(ctx context.Context, key int64) (patient.Set, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return patient.Set{}, err
	}
	rules, err := s.rules(ctx)
	if err != nil {
		return patient.Set{}, err
	}
	any := Tree{V: Format, Root: Node{Op: Or}}
	for _, r := range rules {
		if key == 0 || int64(r.ID) == key {
			any.Root.Nodes = append(any.Root.Nodes, r.Tree.Root)
		}
	}
	if len(any.Root.Nodes) == 0 && key != 0 {
		return patient.Set{}, db.Missing()
	}
	if len(any.Root.Nodes) == 0 {
		return nobody, nil
	}
	any, err = s.expand(ctx, any)
	if err != nil {
		return patient.Set{}, err
	}
	if err := s.readable(ctx, any); err != nil {
		return patient.Set{}, err
	}
	p, err := s.compile(ctx, any.Root, s.now())
	if err != nil {
		return patient.Set{}, err
	}
	return s.set(ctx, p)
}

// nobody is the set without members.
var nobody = patient.Set{Total: db.Total{Exact: true}, List: func(q *db.Query) { q.Add("select 0 where false") }, Filter: func(q *db.Query, _ string) { q.Add("and false") }}

// gone tells the fault of a segment whose conditions cannot be asked any more from one of the caller's.
func gone(err error) bool { return fault.Is(err, fault.Invalid) }
