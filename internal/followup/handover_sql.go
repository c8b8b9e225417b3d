package followup

import (
	"context"

	"renxin/internal/platform/db"
	"renxin/internal/staff"
)

func countHeld(ctx context.Context, tx *db.Tx, of staff.ID) (int, error) {
	return db.One[int](ctx, tx, `select count(*) from followup_task where owner_id = $1 and state = 'open'`, of)
}

func heldTasks(ctx context.Context, tx *db.Tx, of staff.ID, after int64, limit int) ([]staff.Item, error) {
	return db.List[staff.Item](ctx, tx, `
		select id, department_id
		from followup_task
		where owner_id = $1
		and state = 'open'
		and id > $2
		order by id
		limit $3`, of, after, limit)
}

func ruleRows(ctx context.Context, tx *db.Tx) ([]namingRule, error) {
	return db.List[namingRule](ctx, tx, `select id, body from followup_rule order by id`)
}

func updateRule(ctx context.Context, tx *db.Tx, id RuleID, body string) error {
	_, err := tx.Exec(ctx, `update followup_rule set body = $1, updated_at = $2 where id = $3`, body, tx.Now, id)
	return err
}
