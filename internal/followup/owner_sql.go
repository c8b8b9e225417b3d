package followup

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

func listRules(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.List[string](ctx, tx, `select body from followup_rule order by place, id`)
}

func clearRules(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `delete from followup_rule`)
	return err
}

func insertRule(ctx context.Context, tx *db.Tx, id RuleID, place int, body string) error {
	_, err := tx.Exec(ctx, `insert into followup_rule (id, place, body, updated_at) values ($1, $2, $3, $4)`, id, place, body, tx.Now)
	return err
}

func (s *Service) workload(ctx context.Context, from, to clock.Instant) ([]Load, error) {
	q := db.SQL(`
		select t.owner_id,
		cast(sum(case when t.state = 'open' and (t.kind = 'flag' or t.due_at >= ?) then 1 else 0 end) as bigint) as due,
		cast(sum(case when t.state = 'open' and t.kind <> 'flag' and t.due_at < ? then 1 else 0 end) as bigint) as overdue,
		cast(sum(case when t.state in ('done', 'unreached') then 1 else 0 end) as bigint) as done_today
		from followup_task t
		where t.owner_id is not null
		and (t.state = 'open' and t.due_at < ? or t.state in ('done', 'unreached') and t.done_at >= ?)`, from, from, to, from)
	s.Patient.InScope(ctx, q, "t.patient_id", "t.created_at")
	q.Add(`group by t.owner_id order by 2 desc, 3 desc, t.owner_id`)
	return db.Rows[Load](ctx, s.read(ctx), q)
}
