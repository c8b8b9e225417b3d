package intake

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/db"
)

func insertPatches(ctx context.Context, tx *db.Tx, rows [][]any) error {
	return tx.Insert(ctx, "intake_patch", "id, run_id, patient_id, fresh, content, state, reason, at", rows)
}

const patchColumns = `id, patient_id, fresh, content, state, reason, at`

// openPatches gives the newest patches of a run that were not looked at yet.
func openPatches(ctx context.Context, tx *db.Tx, run RunID, limit int) ([]patch, error) {
	return db.List[patch](ctx, tx, `
		select `+patchColumns+`
		from intake_patch
		where run_id = $1
		and state = 'open'
		order by id desc
		limit $2`, run, limit)
}

// keptLater tells which of the patients have a later patch of the run that stayed: what came before it stays too.
func keptLater(ctx context.Context, tx *db.Tx, run RunID, ids []patient.ID) ([]patient.ID, error) {
	q := db.SQL(`select distinct patient_id from intake_patch where run_id = ? and state = 'kept'`, run)
	return db.Rows[patient.ID](ctx, tx, db.In(q, ids, `and patient_id in (%s)`))
}

func settlePatches(ctx context.Context, tx *db.Tx, ids []db.ID[patchKind], state, reason string) error {
	if len(ids) == 0 {
		return nil
	}
	q := db.SQL(`update intake_patch set state = ?, reason = ? where true`, state, reason)
	db.In(q, ids, `and id in (%s)`)
	_, err := tx.Exec(ctx, q.Text(), q.Args()...)
	return err
}

// reopenPatches lets a further roll-back look again at what stayed.
func reopenPatches(ctx context.Context, tx *db.Tx, run RunID) error {
	_, err := tx.Exec(ctx, `update intake_patch set state = 'open' where run_id = $1 and state = 'kept'`, run)
	return err
}

type patchCount struct {
	State string
	Fresh bool
	N     int
}

func countPatches(ctx context.Context, tx *db.Tx, run RunID) ([]patchCount, error) {
	return db.List[patchCount](ctx, tx, `
		select state, fresh, count(*) as n
		from intake_patch
		where run_id = $1
		group by state, fresh`, run)
}

// Kept is one patient whose import stays, and why.
type Kept struct {
	ID        int64      `json:"-"`
	PatientID patient.ID `json:"patient_id"`
	Reason    string     `json:"reason"` // a text key
}

func listKept(ctx context.Context, tx *db.Tx, run RunID, before int64, limit int) ([]Kept, error) {
	q := db.SQL(`select id, patient_id, reason from intake_patch where run_id = ? and state = 'kept'`, run)
	q.If(before > 0, `and id < ?`, before)
	return db.Rows[Kept](ctx, tx, q.Add(`order by id desc limit ?`, limit))
}

// handled tells which of the patients the house has worked with in ways that no roll-back may hide: something was sent or written,
// a person called, asked, decided.
func handled(ctx context.Context, tx *db.Tx, ids []patient.ID) ([]patient.ID, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	q := db.SQL(`select distinct patient_id from message_message where state not in ('queued', 'blocked', 'cancelled')`)
	db.In(q, ids, `and patient_id in (%s)`)
	for _, text := range []string{
		`select patient_id from message_incoming where true`,
		`select patient_id from consent_record where true`,
		`select patient_id from consent_block where true`,
		`select patient_id from followup_note where actor_id is not null`,
		`select patient_id from followup_task where (done_by is not null or acknowledged_by is not null or kind in ('adhoc', 'flag'))`,
		`select patient_id from followup_plan where kind = 'adhoc'`,
	} {
		db.In(q.Add(`union `+text), ids, `and patient_id in (%s)`)
	}
	return db.Rows[patient.ID](ctx, tx, q)
}

// undelivered counts facts that listeners have not heard yet, at most limit; some may be about patients at hand.
func undelivered(ctx context.Context, tx *db.Tx, limit int) (int, error) {
	n, _, err := db.First[int](ctx, tx, `select count(*) from (select 1 as one from event_delivery where state = 'pending' limit $1) t`, limit)
	return n, err
}

// expecting tells about which of the patients facts are still on their way.
func expecting(ctx context.Context, tx *db.Tx, ids []patient.ID) ([]patient.ID, error) {
	q := db.SQL(`select distinct patient_id from event_delivery where state = 'pending'`)
	return db.Rows[patient.ID](ctx, tx, db.In(q, ids, `and patient_id in (%s)`))
}

// undoMessages takes a run's records back, so that the same rows may be imported again.
func undoMessages(ctx context.Context, tx *db.Tx, run RunID, ids []patient.ID) error {
	q := db.SQL(`update intake_message set undone_at = ? where run_id = ? and undone_at = 0`, tx.Now, run)
	db.In(q, ids, `and patient_id in (%s)`)
	_, err := tx.Exec(ctx, q.Text(), q.Args()...)
	return err
}

// undoUnwritten takes back the records of a run that wrote nothing: open ones and those that belong to nobody whose import stays.
func undoUnwritten(ctx context.Context, tx *db.Tx, run RunID, limit int) (int64, error) {
	return tx.Exec(ctx, `
		update intake_message set undone_at = $1
		where id in (
			select m.id
			from intake_message m
			where m.run_id = $2
			and m.undone_at = 0
			and not exists (select 1 from intake_patch p where p.run_id = $2 and p.patient_id = m.patient_id and p.state = 'kept')
			limit $3
		)`, tx.Now, run, limit)
}

func insertRepeats(ctx context.Context, tx *db.Tx, run RunID, list []repeat) error {
	rows := make([][]any, len(list))
	for i, r := range list {
		rows[i] = []any{r.id, run, r.of, r.ref}
	}
	return tx.Insert(ctx, "intake_repeat", "id, run_id, message_id, ref", rows)
}
