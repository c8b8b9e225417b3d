package followup

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// onList appends the condition of one list; counts and lists share it.
func (s *Service) onList(q *db.Query, list string) *db.Query {
	switch list {
	case ListFlags:
		return q.Add(`and t.kind = 'flag'`)
	case ListEscalated:
		return q.Add(`and t.kind = 'flag' and t.rung > 0`)
	case ListOverdue:
		return q.Add(`and t.kind <> 'flag' and t.due_at < ?`, s.today())
	case ListUpcoming:
		return q.Add(`and t.kind <> 'flag' and t.due_at >= ?`, s.tomorrow())
	}
	return q.Add(`and t.kind <> 'flag' and t.due_at >= ? and t.due_at < ?`, s.today(), s.tomorrow())
}

func (s *Service) whose(ctx context.Context, q *db.Query, team bool) *db.Query {
	q.If(!team, `and t.owner_id = ?`, access.From(ctx).StaffID)
	s.Patient.InScope(ctx, q, "t.patient_id", "t.created_at")
	return q
}

func (s *Service) countList(ctx context.Context, f WorklistFilter) (int, error) {
	q := s.whose(ctx, s.onList(db.SQL(`select count(*) from followup_task t where t.state = 'open'`), f.List), f.Team)
	n, _, err := db.FirstOf[int](ctx, s.read(ctx), q)
	return n, err
}

func openFlags(ctx context.Context, tx *db.Tx, p patient.ID) ([]Task, error) {
	return db.List[Task](ctx, tx, `select `+taskColumns+` from followup_task t
		where t.patient_id = $1 and t.kind = 'flag' and t.state = 'open' order by t.due_at, t.id`, p)
}

func (s *Service) listTasks(ctx context.Context, f WorklistFilter) ([]Task, error) {
	q := s.whose(ctx, s.onList(db.SQL(`select `+taskColumns+` from followup_task t where t.state = 'open'`), f.List), f.Team)
	if f.Cursor != "" {
		var at clock.Instant
		var id int64
		if err := db.Uncursor(f.Cursor, &at, &id); err != nil {
			return nil, err
		}
		q.Add(`and (t.due_at, t.id) > (?, ?)`, at, id)
	}
	q.Add(`order by t.due_at, t.id limit ?`, f.Limit+1)
	return db.Rows[Task](ctx, s.read(ctx), q)
}

// nextTask is the caller's first open task that is due before until and comes after t, else the first of all but t.
func (s *Service) nextTask(ctx context.Context, t Task, until clock.Instant) (TaskID, error) {
	q := s.whose(ctx, db.SQL(`select t.id from followup_task t where t.state = 'open' and t.id <> ? and t.due_at < ?`, t.ID, until), false)
	q.Add(`order by case when (t.due_at, t.id) > (?, ?) then 0 else 1 end, t.due_at, t.id limit 1`, t.DueAt, int64(t.ID))
	id, _, err := db.FirstOf[TaskID](ctx, s.read(ctx), q)
	return id, err
}
