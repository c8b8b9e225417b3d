package followup

import (
	"context"

	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/staff"
)

const taskColumns = `t.id, t.patient_id, t.plan_id, t.step_id, t.encounter_id, t.kind, t.key, t.title, t.source, t.state, t.department_id,
	t.owner_id, t.due_at, t.severity, t.provisional, t.tries, t.raised_at, t.ack_by, t.acknowledged_at, t.acknowledged_by, t.rung, t.climb_at, t.watcher_id,
	t.message_id, t.incoming_id, t.answer_code, t.answer_label, t.answer_text, t.answered_at, t.outcome, t.notes, t.draft, t.draft_at,
	t.started_at, t.done_at, t.done_by, t.created_at`

// insertTask tells whether the task is new; its key decides.
func insertTask(ctx context.Context, tx *db.Tx, t Task) (bool, error) {
	n, err := tx.Exec(ctx, `
		insert into followup_task (id, patient_id, plan_id, step_id, encounter_id, kind, key, title, source, state, department_id,
			owner_id, due_at, severity, provisional, tries, raised_at, ack_by, acknowledged_at, acknowledged_by, rung, climb_at,
			message_id, incoming_id, answer_code, answer_label, answer_text, answered_at, outcome, notes, draft, draft_at,
			started_at, done_at, done_by, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
			$27, $28, $29, $30, $31, $32, $33, $34, $35, $36)
		on conflict (patient_id, key) do nothing`,
		t.ID, t.PatientID, t.PlanID, t.StepID, t.EncounterID, t.Kind, t.Key, t.Title, t.Source, t.State, t.DepartmentID,
		t.OwnerID, t.DueAt, t.Severity, t.Provisional, t.Tries, t.RaisedAt, t.AckBy, t.AcknowledgedAt, t.AcknowledgedBy, t.Rung, t.ClimbAt,
		t.MessageID, t.IncomingID, t.AnswerCode, t.AnswerLabel, t.AnswerText, t.AnsweredAt, t.Outcome, t.Notes, t.Draft, t.DraftAt,
		t.StartedAt, t.DoneAt, t.DoneBy, t.CreatedAt)
	return n == 1, err
}

func updateTask(ctx context.Context, tx *db.Tx, t Task) error {
	_, err := tx.Exec(ctx, `
		update followup_task
		set state = $1,
		owner_id = $2,
		due_at = $3,
		severity = $4,
		provisional = $5,
		tries = $6,
		acknowledged_at = $7,
		acknowledged_by = $8,
		rung = $9,
		climb_at = $10,
		message_id = $11,
		outcome = $12,
		notes = $13,
		draft = $14,
		draft_at = $15,
		started_at = $16,
		done_at = $17,
		done_by = $18,
		watcher_id = $19
		where patient_id = $20 and id = $21`,
		t.State, t.OwnerID, t.DueAt, t.Severity, t.Provisional, t.Tries, t.AcknowledgedAt, t.AcknowledgedBy, t.Rung, t.ClimbAt, t.MessageID,
		t.Outcome, t.Notes, t.Draft, t.DraftAt, t.StartedAt, t.DoneAt, t.DoneBy, t.WatcherID, t.PatientID, t.ID)
	return err
}

func oneTask(ctx context.Context, tx *db.Tx, id TaskID) (Task, error) {
	return db.One[Task](ctx, tx, `select `+taskColumns+` from followup_task t where t.id = $1`, id)
}

func taskByKey(ctx context.Context, tx *db.Tx, p patient.ID, key string) (Task, error) {
	return db.One[Task](ctx, tx, `select `+taskColumns+` from followup_task t where t.patient_id = $1 and t.key = $2`, p, key)
}

type raised struct {
	IncomingID message.IncomingID
	ID         TaskID
}

// tasksOfIncoming finds the tasks that replies of some patients raised.
func tasksOfIncoming(ctx context.Context, tx *db.Tx, patients []patient.ID, replies []message.IncomingID) ([]raised, error) {
	q := db.SQL(`select incoming_id, id from followup_task where true`)
	db.In(q, patients, `and patient_id in (%s)`)
	db.In(q, replies, `and incoming_id in (%s)`)
	return db.Rows[raised](ctx, tx, q.Add(`order by id desc`))
}

func cancelTask(ctx context.Context, tx *db.Tx, p patient.ID, id TaskID, outcome string) error {
	_, err := tx.Exec(ctx, `update followup_task set state = 'cancelled', outcome = $1, done_at = $2 where patient_id = $3 and id = $4 and state = 'open'`,
		outcome, tx.Now, p, id)
	return err
}

func stepOfMessage(ctx context.Context, tx *db.Tx, p patient.ID, messageID int64) (PlanStep, bool, error) {
	return db.First[PlanStep](ctx, tx, `select `+stepColumns+` from followup_step where patient_id = $1 and message_id = $2`, p, messageID)
}

// nextFor gives the earliest open task or pending step of each patient.
func nextFor(ctx context.Context, tx *db.Tx, ids []patient.ID) ([]Coming, error) {
	q := db.SQL(`select patient_id, task_id, title, kind, due_at, owner_id from (
		select patient_id, task_id, title, kind, due_at, owner_id,
		row_number() over (partition by patient_id order by due_at, task_id) as place from (
		select patient_id, id as task_id, title, kind, due_at, owner_id from followup_task where state = 'open'`)
	db.In(q, ids, `and patient_id in (%s)`)
	q.Add(`union all
		select patient_id, 0 as task_id, title, kind, act_at as due_at, 0 as owner_id from followup_step where state = 'pending'`)
	db.In(q, ids, `and patient_id in (%s)`)
	q.Add(`) as coming) as placed where place = 1`)
	return db.Rows[Coming](ctx, tx, q)
}

type loadRow struct {
	OwnerID staff.ID
	N       int
}

// openByOwner counts the open tasks of everybody who has any.
func openByOwner(ctx context.Context, tx *db.Tx) (map[staff.ID]int, error) {
	rows, err := db.List[loadRow](ctx, tx, `select owner_id, count(*) as n from followup_task where state = 'open' and owner_id is not null group by owner_id`)
	out := map[staff.ID]int{}
	for _, r := range rows {
		out[r.OwnerID] = r.N
	}
	return out, err
}

// tasksToMove lists open tasks of one owner (0 = of nobody), oldest due first, after a key.
func tasksToMove(ctx context.Context, tx *db.Tx, owner staff.ID, limit int) ([]Task, error) {
	q := db.SQL(`select ` + taskColumns + ` from followup_task t where t.state = 'open'`)
	if owner == 0 {
		q.Add(`and t.owner_id is null`)
	} else {
		q.Add(`and t.owner_id = ?`, owner)
	}
	q.Add(`order by t.due_at, t.id limit ?`, limit)
	return db.Rows[Task](ctx, tx, q)
}

// ownersWithOpen lists everybody who owns an open task.
func ownersWithOpen(ctx context.Context, tx *db.Tx) ([]staff.ID, error) {
	return db.List[staff.ID](ctx, tx, `select distinct owner_id from followup_task where state = 'open' and owner_id is not null`)
}

func climbing(ctx context.Context, tx *db.Tx, now clock.Instant, limit int) ([]Task, error) {
	return db.List[Task](ctx, tx, `select `+taskColumns+` from followup_task t
		where t.state = 'open' and t.climb_at > 0 and t.climb_at <= $1 order by t.climb_at, t.id limit $2`, now, limit)
}

// noteRow is one line of a task's history.
type noteRow struct {
	ID        NoteID
	PatientID patient.ID
	TaskID    TaskID
	Code      string
	Text      string
	ActorID   staff.ID
	Actor     string
	Undo      string
	At        clock.Instant
}

func insertNote(ctx context.Context, tx *db.Tx, n noteRow) error {
	_, err := tx.Exec(ctx, `
		insert into followup_note (id, patient_id, task_id, code, text, actor_id, actor, undo, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, n.ID, n.PatientID, n.TaskID, n.Code, n.Text, n.ActorID, n.Actor, n.Undo, n.At)
	return err
}

func notesOf(ctx context.Context, tx *db.Tx, p patient.ID, t TaskID) ([]noteRow, error) {
	return db.List[noteRow](ctx, tx, `
		select id, patient_id, task_id, code, text, actor_id, actor, undo, at
		from followup_note
		where patient_id = $1 and task_id = $2
		order by at, id`, p, t)
}

func attemptsOf(ctx context.Context, tx *db.Tx, p patient.ID, t TaskID) ([]clock.Instant, error) {
	return db.List[clock.Instant](ctx, tx, `
		select at from followup_note
		where patient_id = $1 and task_id = $2 and undo <> '' and undo <> 'undone'
		order by at, id`, p, t)
}

func undoNote(ctx context.Context, tx *db.Tx, n noteRow) error {
	_, err := tx.Exec(ctx, `update followup_note set undo = 'undone' where patient_id = $1 and id = $2`, n.PatientID, n.ID)
	return err
}
