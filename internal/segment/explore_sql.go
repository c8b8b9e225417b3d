package segment

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

type overlapRow struct {
	A, B, C int
	N       int
}

// overlap counts by who is in which of two or three plans; keys are "101" and the like.
func (s *Service) overlap(ctx context.Context, plans []*plan) (map[string]int, error) {
	tx := s.DB.Read(ctx)
	q := db.SQL("select")
	for i, name := range []string{"a", "b", "c"} {
		q.If(i > 0, ",")
		if i >= len(plans) {
			q.Add("0 as " + name)
			continue
		}
		plans[i].filter(q.Add("case when"), "who.id")
		q.Add("then 1 else 0 end as " + name)
	}
	q, err := s.from(ctx, tx, &plan{op: Or, kids: plans}, q)
	if err != nil {
		return nil, err
	}
	c := db.SQL("select a, b, c, count(*) as n from (").Add(q.Raw(), q.Args()...).Add(") x group by a, b, c")
	rows, err := db.Rows[overlapRow](ctx, tx, c)
	out := map[string]int{}
	for _, r := range rows {
		key := ""
		for _, bit := range []int{r.A, r.B, r.C}[:len(plans)] {
			key += string(rune('0' + bit))
		}
		out[key] += r.N
	}
	return out, err
}

type peopleRow struct {
	Sex    string
	Band   int
	Region string
	Source string
	N      int
}

// people counts who satisfies a plan by sex, band of age, prefecture and source.
func (s *Service) people(ctx context.Context, p *plan) ([]peopleRow, error) {
	tx, today := s.DB.Read(ctx), s.DB.Clock().Today()
	q := db.SQL("select who.sex as sex, substr(who.region_code, 1, 4) as region, who.source as source, case when who.birth_date <= '0' then -1")
	for i := len(ages) - 1; i > 0; i-- {
		q.Add("when who.birth_date <= ? then", yearsBefore(today, ages[i])).Add(string(rune('0' + i)))
	}
	q, err := s.from(ctx, tx, p, q.Add("else 0 end as band"))
	if err != nil {
		return nil, err
	}
	c := db.SQL("select sex, band, region, source, count(*) as n from (").Add(q.Raw(), q.Args()...).Add(") x group by sex, band, region, source")
	return db.Rows[peopleRow](ctx, tx, c)
}

type sinceRow struct {
	PatientID patient.ID
	EnteredAt clock.Instant
}

// sinceWhen tells when patients came into a followed segment.
func sinceWhen(ctx context.Context, tx *db.Tx, id ID, ids []patient.ID) (map[patient.ID]clock.Instant, error) {
	q := db.SQL("select m.patient_id, m.entered_at from segment_member m where m.segment_id = ? and m.left_at = 0", id)
	rows, err := db.Rows[sinceRow](ctx, tx, db.In(q, padded(ids), "and m.patient_id in (%s)"))
	out := map[patient.ID]clock.Instant{}
	for _, r := range rows {
		out[r.PatientID] = r.EnteredAt
	}
	return out, err
}
