package visit

import (
	"context"
	"slices"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
)

// InGroup gives a condition that keeps the patients with a diagnosis of the group: it appends "and …" to a query over patients, whose ID
// stands in col. An unknown group keeps nobody.
func (s *Service) InGroup(ctx context.Context, id GroupID) (func(q *db.Query, col string), error) {
	if err := access.Need(ctx, PermDiagnosis); err != nil { // whoever may filter by diagnosis learns it
		return nil, err
	}
	all, err := s.groups(ctx)
	if err != nil {
		return nil, err
	}
	held, err := distinctCodes(ctx, s.read(ctx))
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(g Group) bool { return g.ID == id })
	held = slices.DeleteFunc(held, func(c string) bool { return i < 0 || !all[i].Covers(c) })
	return func(q *db.Query, col string) {
		if len(held) == 0 {
			q.Add("and false")
			return
		}
		q.Add("and exists (select 1 from visit_condition gc where gc.patient_id = " + col)
		db.In(q, held, "and gc.code in (%s)")
		q.Add(")")
	}, nil
}
