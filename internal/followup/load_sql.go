package followup

import (
	"context"

	"renxin/internal/platform/db"
)

const oldColumns = `id, patient_id, kind, key, title, source, state, department_id, owner_id, due_at, severity, provisional, tries, raised_at, ack_by,
	acknowledged_at, rung, climb_at, answer_code, answer_label, answer_text, answered_at, outcome, notes, draft, draft_at, started_at,
	done_at, done_by, created_at`

func oldTask(id int64, t Old) []any {
	state := "open"
	switch {
	case t.DoneAt != 0 && t.reached():
		state = "done"
	case t.DoneAt != 0:
		state = "unreached"
	}
	return []any{id, t.PatientID, "adhoc", t.Key, t.Title, "load", state, null(t.DepartmentID), null(t.OwnerID), t.DueAt, int64(0), false, t.Tries, int64(0), int64(0),
		int64(0), int64(0), int64(0), "", "", "", int64(0), t.Outcome, t.Notes, "", int64(0), t.DoneAt,
		t.DoneAt, doneBy(t), t.CreatedAt}
}

// null writes a missing key as NULL.
func null(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

func doneBy(t Old) any {
	if t.DoneAt == 0 {
		return nil
	}
	return null(t.OwnerID)
}

func loadTasks(ctx context.Context, tx *db.Tx, rows [][]any) error {
	return tx.Insert(ctx, "followup_task", oldColumns, rows)
}

func countAll(ctx context.Context, tx *db.Tx) (Counts, error) {
	return db.One[Counts](ctx, tx, `
		select (select count(*) from followup_plan) as plans,
		(select count(*) from followup_task) as tasks,
		(select count(*) from followup_task where state = 'open') as open`)
}
