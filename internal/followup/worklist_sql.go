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
	q := db.SQL(`select `+columns+` from followup_task t where t.state = 'open'`).Add(`and `+cond, args...)
	me := access.From(ctx).StaffID
	switch flags := f.List == ListFlags || f.List == ListEscalated; {
	case !f.Team && flags: // few rows, found by their owner or by who had them first
		q.Add(`and (t.owner_id = ? or t.watcher_id = ?)`, me, me)
	case !f.Team:
		q.Add(`and t.owner_id = ?`, me)
	}
	return s.within(ctx, q, f.Team && all)
}

// within limits a query over tasks to the caller's scope. all tells that it looks at many rows to their end.
func (s *Service) within(ctx context.Context, q *db.Query, all bool) *db.Query {
	if all {
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

// total is the length as a page says it.
func (l length) total(team bool) db.Total {
	if team {
		return db.Total{Value: l.n, Exact: true}
	}
	return db.Capped(l.n)
}

func (s *Service) countList(ctx context.Context, f WorklistFilter) (l length, err error) {
	if f.Team {
		cond, args := s.onList(f.List)
		q := db.SQL(`select count(*) from (select 1 as one from followup_task t where t.state = 'open' and `+cond, args...).Add(`limit ?) x`, fewTasks+1)
		l.n, _, err = db.FirstOf[int](ctx, s.read(ctx), q)
		l.long = l.n > fewTasks
	}
	switch {
	case err != nil:
	case f.Team:
		l.n, _, err = db.FirstOf[int](ctx, s.read(ctx), s.tasksOn(ctx, `count(*)`, f, l.long))
	default:
		l.n, err = s.countMine(ctx, f)
	}
	return l, err
}

// countMine counts one of the caller's own lists, and stops one beyond db.CountCap: nobody works off more, and who is given a whole
// hospital's tasks must not wait for each to be counted.
func (s *Service) countMine(ctx context.Context, f WorklistFilter) (int, error) {
	q := s.tasksOn(ctx, `count(*) from (select 1 as one`, f, false).Add(`limit ?) x`, db.CountCap+1)
	n, _, err := db.FirstOf[int](ctx, s.read(ctx), q)
	return n, err
}

// countLists counts every list: everybody's in one pass over the open tasks, the caller's own one by one and up to a limit.
func (s *Service) countLists(ctx context.Context, team bool) (c ListCounts, err error) {
	if !team {
		for list, n := range map[string]*int{ListDue: &c.Due, ListOverdue: &c.Overdue, ListEscalated: &c.Escalated, ListFlags: &c.Flags, ListUpcoming: &c.Upcoming} {
			if *n, err = s.countMine(ctx, WorklistFilter{List: list}); err != nil {
				return c, err
			}
		}
		return c, nil
	}
	q := db.SQL(`select`)
	for i, list := range Lists {
		cond, args := s.onList(list)
		q.If(i > 0, `,`).Add(`coalesce(cast(sum(case when `+cond+` then 1 else 0 end) as bigint), 0) as `+list, args...)
	}
	c, _, err = db.FirstOf[ListCounts](ctx, s.read(ctx), s.within(ctx, q.Add(`from followup_task t where t.state = 'open'`), true))
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
	q = s.within(ctx, q, false)
	q.Add(`order by case when (t.due_at, t.id) > (?, ?) then 0 else 1 end, t.due_at, t.id limit 1`, t.DueAt, int64(t.ID))
	id, _, err := db.FirstOf[TaskID](ctx, s.read(ctx), q)
	return id, err
}
