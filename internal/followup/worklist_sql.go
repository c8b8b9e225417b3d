package followup

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// onList is the condition of one list; counts and lists share it.
func (s *Service) onList(list string) (string, []any) {
	switch list {
	case ListFlags:
		return `t.kind = 'flag'`, nil
	case ListEscalated:
		return `t.kind = 'flag' and t.rung > 0`, nil
	case ListOverdue:
		return `t.kind <> 'flag' and t.due_at < ?`, []any{s.today()}
	case ListUpcoming:
		return `t.kind <> 'flag' and t.due_at >= ?`, []any{s.tomorrow()}
	}
	return `t.kind <> 'flag' and t.due_at >= ? and t.due_at < ?`, []any{s.today(), s.tomorrow()}
}

// fewTasks: a list of no more is looked through task by task or collected and sorted; of a longer one the page walks the order, since every
// few tasks are on it.
const fewTasks = 2000

// tasksOn begins a query over the open tasks of one list in the caller's scope. all tells that it looks through a long list to its end.
func (s *Service) tasksOn(ctx context.Context, columns string, f WorklistFilter, all bool) *db.Query {
	cond, args := s.onList(f.List)
	return s.whose(ctx, db.SQL(`select `+columns+` from followup_task t where t.state = 'open'`).Add(`and `+cond, args...), f.Team, all)
}

func (s *Service) whose(ctx context.Context, q *db.Query, team, all bool) *db.Query {
	me := access.From(ctx).StaffID
	q.If(!team, `and (t.owner_id = ? or t.watcher_id = ?)`, me, me)
	if all && team {
		s.Patient.InScopeOfAll(ctx, q, "t.patient_id", "t.created_at")
	} else {
		s.Patient.InScope(ctx, q, "t.patient_id", "t.created_at")
	}
	return q
}

// length is how many tasks a list has.
type length struct {
	n    int
	long bool // the whole hospital's list is longer than fewTasks
}

func (s *Service) countList(ctx context.Context, f WorklistFilter) (l length, err error) {
	if f.Team {
		cond, args := s.onList(f.List)
		q := db.SQL(`select count(*) from (select 1 as one from followup_task t where t.state = 'open' and `+cond, args...).Add(`limit ?) x`, fewTasks+1)
		l.n, _, err = db.FirstOf[int](ctx, s.read(ctx), q)
		l.long = l.n > fewTasks
	}
	if err == nil {
		l.n, _, err = db.FirstOf[int](ctx, s.read(ctx), s.tasksOn(ctx, `count(*)`, f, l.long))
	}
	return l, err
}

// countLists counts every list in one pass over the open tasks.
func (s *Service) countLists(ctx context.Context, team bool) (ListCounts, error) {
	q := db.SQL(`select`)
	for i, list := range Lists {
		cond, args := s.onList(list)
		q.If(i > 0, `,`).Add(`coalesce(cast(sum(case when `+cond+` then 1 else 0 end) as bigint), 0) as `+list, args...)
	}
	c, _, err := db.FirstOf[ListCounts](ctx, s.read(ctx), s.whose(ctx, q.Add(`from followup_task t where t.state = 'open'`), team, true))
	return c, err
}

func openFlags(ctx context.Context, tx *db.Tx, p patient.ID) ([]Task, error) {
	return db.List[Task](ctx, tx, `select `+taskColumns+` from followup_task t
		where t.patient_id = $1 and t.kind = 'flag' and t.state = 'open' order by t.due_at, t.id`, p)
}

// listTasks gives a page of a list.
func (s *Service) listTasks(ctx context.Context, f WorklistFilter, l length) ([]Task, error) {
	collect := l.long && l.n <= fewTasks
	q := s.tasksOn(ctx, taskColumns, f, collect)
	if f.Cursor != "" {
		var at clock.Instant
		var id int64
		if err := db.Uncursor(f.Cursor, &at, &id); err != nil {
			return nil, err
		}
		q.Add(`and (t.due_at, t.id) > (?, ?)`, at, id)
	}
	if collect { // an expression, which keeps the planner from walking the whole order
		q.Add(`order by t.due_at + 0, t.id limit ?`, f.Limit+1)
	} else {
		q.Add(`order by t.due_at, t.id limit ?`, f.Limit+1)
	}
	return db.Rows[Task](ctx, s.read(ctx), q)
}

// nextTask is the caller's first open task that is due before until and comes after t, else the first of all but t.
func (s *Service) nextTask(ctx context.Context, t Task, until clock.Instant) (TaskID, error) {
	q := db.SQL(`select t.id from followup_task t where t.state = 'open' and t.owner_id = ? and t.id <> ? and t.due_at < ?`, access.From(ctx).StaffID, t.ID, until)
	q = s.whose(ctx, q, true, false)
	q.Add(`order by case when (t.due_at, t.id) > (?, ?) then 0 else 1 end, t.due_at, t.id limit 1`, t.DueAt, int64(t.ID))
	id, _, err := db.FirstOf[TaskID](ctx, s.read(ctx), q)
	return id, err
}
