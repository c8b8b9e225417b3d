package segment

import (
	"context"
	"slices"
	"strings"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
)

// live keeps the records that stand: no merged and no deleted ones.
const live = "who.merged_into is null and who.deleted_at is null"

// plan is a tree ready to become SQL.
type plan struct {
	op    string
	part  Part
	kids  []*plan
	rows  int  // how many rows its driver reads, at least
	whole bool // rows is exact, not a lower limit
}

// compile resolves every condition of an expanded node for the time w.
func (s *Service) compile(ctx context.Context, n Node, w When) (*plan, error) {
	p := &plan{op: n.Op}
	if n.Op == Is {
		part, err := s.dims[n.Dim].Find(ctx, n, w)
		p.part = part
		return p, err
	}
	for _, k := range n.Nodes {
		kid, err := s.compile(ctx, k, w)
		if err != nil {
			return nil, err
		}
		p.kids = append(p.kids, kid)
	}
	return p, nil
}

// filter appends the condition over patient who in brackets; id is where the patient's key stands. Where that is not the row of the
// patient, conditions on other rows are asked before that row is read.
func (p *plan) filter(q *db.Query, id string) {
	switch {
	case p.op == Is && p.part.Own != nil:
		q.Add("(").Add(p.part.Own.Raw(), p.part.Own.Args()...).Add(")")
	case p.op == Is:
		p.part.Rows.filter(q, id)
	case p.op == Not:
		q.Add("not (")
		join(q, p.kids, "or", id)
		q.Add(")")
	default:
		q.Add("(")
		join(q, p.ordered(), p.op, id)
		q.Add(")")
	}
}

func join(q *db.Query, kids []*plan, op, id string) {
	for i, k := range kids {
		q.If(i > 0, op)
		k.filter(q, id)
	}
}

// ordered puts what is cheap and what leaves few first: the patient's own row, then small sets, sums last.
func (p *plan) ordered() []*plan {
	out := slices.Clone(p.kids)
	slices.SortStableFunc(out, func(a, b *plan) int { return a.cost() - b.cost() })
	return out
}

func (p *plan) cost() int {
	switch {
	case p.op != Is:
		c := 0
		for _, k := range p.kids {
			c += k.cost()
		}
		return c
	case p.part.Own != nil:
		return 1
	case p.part.Rows.Sum != "":
		return 1_000_000
	case p.whole:
		return 10 + p.rows
	}
	return 500_000
}

// filter asks for the rows of one patient.
func (r *Rows) filter(q *db.Query, id string) {
	if r.Sum == "" {
		q.Add("exists (select 1 from "+r.From+" where t.patient_id = "+id+" and").Add(r.Where.Raw(), r.Where.Args()...).Add(")")
		return
	}
	// Sums cost most: they ask the patient's own row, so that everything else is asked before them.
	sum := func(op string, limit *int64) {
		q.Add("(select "+r.Sum+" from "+r.From+" where t.patient_id = who.id and").Add(r.Where.Raw(), r.Where.Args()...).Add(") "+op+" ?", *limit)
	}
	q.Add("(")
	if r.Min != nil {
		sum(">=", r.Min)
	}
	q.If(r.Min != nil && r.Max != nil, "and")
	if r.Max != nil {
		sum("<=", r.Max)
	}
	q.Add(")")
}

// drives tells whether an index can list who may satisfy p: then the list is the way in, and the rest is asked of its patients only.
func (p *plan) drives() bool {
	switch p.op {
	case Is:
		return p.part.Indexed && (p.part.Rows == nil || p.part.Rows.Sum == "" || p.part.Rows.Min != nil && *p.part.Rows.Min > 0)
	case Or:
		return !slices.ContainsFunc(p.kids, func(k *plan) bool { return !k.drives() })
	case And:
		return slices.ContainsFunc(p.kids, (*plan).drives)
	}
	return false
}

// driver appends a select of the patients (as id, each once) who satisfy p.
func (p *plan) driver(q *db.Query) {
	switch {
	case p.op == Or:
		for i, k := range p.kids {
			q.If(i > 0, "union")
			k.driver(q)
		}
	case p.op == And:
		p.best().driver(q)
	case p.part.Own != nil:
		q.Add("select who.id as id from patient_patient who where "+live+" and (").Add(p.part.Own.Raw(), p.part.Own.Args()...).Add(")")
	case p.part.Rows.Sum == "":
		r := p.part.Rows
		q.Add("select distinct t.patient_id as id from "+r.From+" where").Add(r.Where.Raw(), r.Where.Args()...)
	default:
		r := p.part.Rows
		q.Add("select t.patient_id as id from "+r.From+" where").Add(r.Where.Raw(), r.Where.Args()...).Add("group by t.patient_id having "+r.Sum+" >= ?", *r.Min)
		if r.Max != nil {
			q.Add("and "+r.Sum+" <= ?", *r.Max)
		}
	}
}

// exact tells whether the driver lists nobody but who satisfies p.
func (p *plan) exact() bool {
	return p.op == Is || p.op == Or && !slices.ContainsFunc(p.kids, func(k *plan) bool { return !k.exact() })
}

// effort is what the way in through p costs, by the rows it reads: a sum must read all of them before it gives anybody.
func (p *plan) effort() int {
	if p.op == Is && p.part.Rows != nil && p.part.Rows.Sum != "" {
		return 4*p.rows + 1
	}
	return p.rows
}

// best is the kid of an and-group whose driver reads least.
func (p *plan) best() *plan {
	var out *plan
	for _, k := range p.kids {
		if k.drives() && (out == nil || k.effort() < out.effort()) {
			out = k
		}
	}
	return out
}

// weigh counts what each driver below p would read, looking at no more than limit rows of each.
func (p *plan) weigh(ctx context.Context, tx *db.Tx, limit int) error {
	if p.op == Is {
		return p.probe(ctx, tx, limit)
	}
	if p.op == Not {
		return nil
	}
	p.rows, p.whole = 0, p.op == Or
	for _, k := range p.kids {
		if err := k.weigh(ctx, tx, limit); err != nil {
			return err
		}
		if p.op == Or {
			p.rows, p.whole = p.rows+k.rows, p.whole && k.whole
		}
	}
	if b := p.best(); p.op == And && b != nil {
		p.rows, p.whole = b.rows, b.whole
	}
	return nil
}

func (p *plan) probe(ctx context.Context, tx *db.Tx, limit int) error {
	if !p.drives() || p.whole || p.rows >= limit {
		return nil
	}
	q := db.SQL("select count(*) from (select 1 from")
	if r := p.part.Rows; r != nil {
		q.Add(r.From+" where").Add(r.Where.Raw(), r.Where.Args()...)
	} else {
		q.Add("patient_patient who where "+live+" and (").Add(p.part.Own.Raw(), p.part.Own.Args()...).Add(")")
	}
	q.Add("limit ?) x", limit)
	n, _, err := db.FirstOf[int](ctx, tx, q)
	p.rows, p.whole = n, n < limit
	return err
}

// steps are how closely drivers are looked at, one after the other until one is known to be small.
var steps = []int{1_000, 20_000, 100_000}

// from continues "select <columns>" by "from … patient_patient who … where <all conditions and the caller's scope>".
func (s *Service) from(ctx context.Context, tx *db.Tx, root *plan, q *db.Query) (*db.Query, error) {
	scope := s.scopePlan(ctx)
	top := &plan{op: And, kids: []*plan{root}}
	if root.op == And {
		top.kids = slices.Clone(root.kids)
	}
	if scope != nil {
		top.kids = append(top.kids, scope)
	}
	for _, limit := range steps {
		if err := top.weigh(ctx, tx, limit); err != nil {
			return nil, err
		}
		if b := top.best(); b == nil || b.whole {
			break
		}
	}
	way, id := top.best(), "who.id"
	switch {
	case way == nil:
		q.Add("from patient_patient who where " + live)
	case top.alone(way, scope): // the index that finds them may tell all that is asked
		q.Add("from patient_patient who where "+live+" and (").Add(way.part.Own.Raw(), way.part.Own.Args()...).Add(")")
	default:
		id = "d.id"
		q.Add("from (")
		way.driver(q)
		q.Add(") d cross join patient_patient who where who.id = d.id and " + live)
	}
	for _, k := range top.ordered() {
		if k != scope && (k != way || !way.exact()) {
			q.Add("and")
			k.filter(q, id)
		}
	}
	if way == nil || way != scope {
		s.inScope(ctx, q, way != nil && way.whole && way.rows <= steps[1])
	}
	return q, nil
}

// alone tells whether a way in by the patient's own row is the only condition on that row.
func (p *plan) alone(way, scope *plan) bool {
	return way.op == Is && way.part.Own != nil && !slices.ContainsFunc(p.kids, func(k *plan) bool {
		return k != way && k != scope && !(k.op == Is && k.part.Rows != nil)
	})
}

// inScope appends the caller's scope in the form that suits the number of patients looked at.
func (s *Service) inScope(ctx context.Context, q *db.Query, small bool) {
	if small {
		s.Patient.InScope(ctx, q, "who.id", "")
		return
	}
	s.Patient.InScopeOfAll(ctx, q, "who.id", "")
}

// scopePlan lets the caller's scope be the way in, where it is a list of patients.
func (s *Service) scopePlan(ctx context.Context) *plan {
	sc := access.ScopeOf(ctx)
	if sc.All() || sc.Empty() || sc.Unassigned() {
		return nil
	}
	q := db.SQL("true")
	s.Patient.InScopeOfAll(ctx, q, "who.id", "")
	return &plan{op: Is, part: Own(q, true)}
}

// in writes a list of values behind text that ends in "in".
func in[T any](q *db.Query, text string, items []T) *db.Query {
	if len(items) == 0 {
		return q.Add("false")
	}
	return db.In(q, items, text+" (%s)")
}

// like makes a pattern that finds text anywhere; "!" is the escape.
func like(text string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text) + "%"
}
