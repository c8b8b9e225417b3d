package followup

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// Old is a task of long ago, or one that is due, without a plan: what the house did before it had this system.
type Old struct {
	PatientID    patient.ID
	Key          string // unique for the patient
	Title        string
	DepartmentID int64
	OwnerID      int64 // staff.ID, 0 = nobody
	DueAt        clock.Instant
	DoneAt       clock.Instant // zero while open
	Tries        int
	Outcome      string // code of StandardOutcomes; "" for a text, which needs nobody to pick up
	Notes        string
	CreatedAt    clock.Instant
}

// History stores such tasks, at most about a thousand at a time. It publishes no facts; the patient's access for owners is the caller's.
func History(ctx context.Context, d *db.DB, all []Old) error {
	return d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		rows := make([][]any, len(all))
		for i, t := range all {
			rows[i] = oldTask(d.NextID(), t)
		}
		return loadTasks(ctx, tx, rows)
	})
}

// Counts are the numbers of rows that a benchmark or a demo reports.
type Counts struct{ Plans, Tasks, Open int64 }

// CountAll counts plans and tasks. It reads whole tables: not for pages.
func CountAll(ctx context.Context, d *db.DB) (Counts, error) { return countAll(ctx, d.Read(ctx)) }

func (t Old) reached() bool {
	if t.Outcome == "" {
		return true
	}
	for _, o := range StandardOutcomes() {
		if o.Code == t.Outcome {
			return o.Reached
		}
	}
	return false
}
