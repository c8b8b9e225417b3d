package patient

import (
	"context"
	"slices"

	"renxin/internal/identity"
	"renxin/internal/platform/db"
)

// found is one way a page came to be: the patients of the page and the count of all.
type found struct {
	patients []Patient // one more than the limit where there is a next page
	total    db.Total
	hits     map[ID]hit // of a search in the order of how well they fit
}

func (s *Service) search(ctx context.Context, tx *db.Tx, f Filter, limit int) (found, error) {
	o, err := orderOf(f.Sort)
	if err != nil {
		return found{}, err
	}
	if f.matches, err = s.matches(ctx, f.Fields); err != nil {
		return found{}, err
	}
	n, err := s.narrow(ctx, tx, f)
	if err != nil {
		return found{}, err
	}
	if n.text && f.Sort == "" {
		return s.searched(ctx, tx, f, n, limit)
	}
	if n.collect {
		return s.collect(ctx, tx, f, n, o, limit)
	}
	return s.walk(ctx, tx, f, n, o, limit)
}

// collect sorts the few who qualify; their number is the count. The order stands on an expression, which keeps the planner from walking
// the index of the order instead.
func (s *Service) collect(ctx context.Context, tx *db.Tx, f Filter, n narrowed, o order, limit int) (found, error) {
	q := db.SQL("select p.id from patient_patient p where " + live)
	s.conditions(ctx, q, f, n, o)
	o.by(q, true)
	q.Add("limit ?", narrowCap+1)
	ids, err := db.Rows[ID](ctx, tx, q)
	if err != nil {
		return found{}, err
	}
	out := found{total: db.Capped(len(ids))}
	out.total.Exact = out.total.Exact && n.full
	if f.Cursor != "" {
		if ids, err = s.behind(ctx, tx, f, n, o, ids); err != nil {
			return out, err
		}
	}
	out.patients, err = findInOrder(ctx, tx, ids[:min(len(ids), limit)])
	return out, err
}

// behind keeps what follows the cursor; where its patient has left the list meanwhile, the sort key decides.
func (s *Service) behind(ctx context.Context, tx *db.Tx, f Filter, n narrowed, o order, ids []ID) ([]ID, error) {
	_, last, err := o.read(f.Cursor)
	if err != nil {
		return nil, err
	}
	if i := slices.Index(ids, last); i >= 0 {
		return ids[i+1:], nil
	}
	q := db.SQL("select p.id from patient_patient p where " + live)
	s.conditions(ctx, q, f, n, o)
	if err := o.after(q, f.Cursor); err != nil {
		return nil, err
	}
	o.by(q, true)
	q.Add("limit ?", narrowCap+1)
	return db.Rows[ID](ctx, tx, q)
}

func findInOrder(ctx context.Context, tx *db.Tx, ids []ID) ([]Patient, error) {
	ps, err := findPatients(ctx, tx, ids)
	byID := make(map[ID]Patient, len(ps))
	for _, p := range ps {
		byID[p.ID] = p
	}
	out := make([]Patient, 0, len(ps))
	for _, id := range ids {
		if p, ok := byID[id]; ok {
			out = append(out, p)
		}
	}
	return out, err
}

// walk reads the index of the order until the page is full.
func (s *Service) walk(ctx context.Context, tx *db.Tx, f Filter, n narrowed, o order, limit int) (found, error) {
	q := db.SQL("select " + patientColumns + " from patient_patient p where " + live)
	s.conditions(ctx, q, f, n, o)
	if err := o.after(q, f.Cursor); err != nil {
		return found{}, err
	}
	o.by(q, false)
	q.Add("limit ?", limit)
	ps, err := db.Rows[Patient](ctx, tx, q)
	out := found{patients: ps, total: db.Total{Value: len(ps), Exact: true}}
	if err != nil || f.uncounted || f.Cursor == "" && len(ps) < limit {
		return out, err
	}
	if t, ok := f.counted(n); ok {
		out.total = t
		return out, nil
	}
	out.total, err = s.total(ctx, tx, f, n)
	return out, err
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
	key, id, err := o.read(cursor)
	if err == nil {
		q.Add("and (p."+o.col+", p.id) "+op+" (?, ?)", key, id)
	}
	return err
}

func (o order) read(cursor string) (key any, id ID, err error) {
	var at, last int64
	var text string
	if o.col == "pinyin" {
		err = db.Uncursor(cursor, &text, &last)
		return text, ID(last), err
	}
	err = db.Uncursor(cursor, &at, &last)
	return at, ID(last), err
}

// by appends the order, on an expression where the index of the order must not be walked.
func (o order) by(q *db.Query, expression bool) {
	col, dir := "p."+o.col, ""
	if o.desc {
		dir = " desc"
	}
	if expression && o.col == "pinyin" {
		col += " || ''"
	} else if expression {
		col += " + 0"
	}
	q.Add("order by " + col + dir + ", p.id" + dir)
}

// countExactly counts a list to the end, as far as it takes.
func (s *Service) countExactly(ctx context.Context, tx *db.Tx, f Filter) (int64, error) {
	var err error
	if f.matches, err = s.matches(ctx, f.Fields); err != nil {
		return 0, err
	}
	n, err := s.narrow(ctx, tx, f)
	if err != nil {
		return 0, err
	}
	q := db.SQL("select count(*) from patient_patient p where " + live)
	s.conditions(ctx, q, f, n, order{})
	total, _, err := db.FirstOf[int64](ctx, tx, q)
	return total, err
}

// total counts up to db.CountCap among the newest walkCap patients; where there are more the count is "at least".
func (s *Service) total(ctx context.Context, tx *db.Tx, f Filter, n narrowed) (db.Total, error) {
	if n.broad {
		return db.Total{Value: db.CountCap}, nil
	}
	all, _, err := db.First[int64](ctx, tx, "select count(*) from (select 1 from patient_patient p where "+live+" limit $1) x", walkCap+1)
	if err != nil {
		return db.Total{}, err
	}
	q := db.SQL("select count(*) from (select 1 from (select p.id, p.met_at, p.seen_at, p.sex, p.source, p.region_code, p.birth_date, p.merged_into, p.deleted_at from patient_patient p where "+live+" order by p.seen_at desc, p.id desc limit ?) p where true", walkCap)
	s.conditions(ctx, q, f, n, order{})
	q.Add("limit ?) x", db.CountCap+1)
	hits, _, err := db.FirstOf[int64](ctx, tx, q)
	t := db.Capped(int(hits))
	t.Exact = t.Exact && all <= walkCap
	return t, err
}

// pick finds the best few for a type-ahead field. Who has digits as a whole number or as its end fits best, so where they fill the field
// nobody looks further.
func (s *Service) pick(ctx context.Context, tx *db.Tx, text string, limit int) ([]Patient, error) {
	f, words := Filter{Text: text}, identity.QueryTerms(text)
	if len(words) == 0 {
		return nil, nil
	}
	if len(words) == 1 && weighingOf(words[0]) == byDigits {
		hits, err := s.hits(ctx, tx, f, narrowed{collect: true, full: true}, words[0], limit)
		if err != nil {
			return nil, err
		}
		if len(hits) == limit {
			return findInOrder(ctx, tx, idsOfHits(hits))
		}
	}
	n, err := s.narrowText(ctx, tx, text, pickCap)
	if err != nil {
		return nil, err
	}
	got, err := s.searched(ctx, tx, f, n, limit)
	return got.patients, err
}

func idsOfHits(hits []hit) []ID {
	out := make([]ID, len(hits))
	for i, h := range hits {
		out[i] = h.ID
	}
	return out
}
