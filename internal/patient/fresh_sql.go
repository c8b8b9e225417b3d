package patient

import (
	"context"
	"time"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

const day = 24 * time.Hour

// freshness counts telephone numbers by when they were verified.
func (s *Service) freshness(ctx context.Context, now clock.Instant) *db.Query {
	since := now.Add(-FreshDays * day)
	q := db.SQL(`
		select count(*) as points,
		coalesce(sum(case when c.verified_at > ? then 1 else 0 end), 0) as fresh,
		coalesce(sum(case when c.verified_at > 0 and c.verified_at <= ? then 1 else 0 end), 0) as old,
		(select count(*) from patient_wrong_number w join patient_contact wc on wc.number = w.number join patient_patient wp on wp.id = wc.patient_id and wp.deleted_at is null where wc.system in ('mobile', 'phone')`, since, since)
	s.InScopeOfAll(ctx, q, "wc.patient_id", "")
	q.Add(`) as wrong
		from patient_contact c
		where c.system in ('mobile', 'phone')
		and not exists (select 1 from patient_patient p where p.id = c.patient_id and p.deleted_at is not null)`)
	s.InScopeOfAll(ctx, q, "c.patient_id", "")
	return q
}

func verifyContact(ctx context.Context, tx *db.Tx, id ID, contact ContactID, at clock.Instant) error {
	_, err := tx.Exec(ctx, `update patient_contact set verified_at = $1 where patient_id = $2 and id = $3`, at, id, contact)
	return err
}

func verifyRelation(ctx context.Context, tx *db.Tx, id ID, number string, at clock.Instant) error {
	_, err := tx.Exec(ctx, `update patient_relation set verified_at = $1 where patient_id = $2 and number = $3`, at, id, number)
	return err
}
