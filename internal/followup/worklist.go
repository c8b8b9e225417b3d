package followup

import (
	"context"
	"slices"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
	"renxin/internal/staff"
)

// Lists of the worklist. Flags stand on their own lists, because their clock is minutes and not days.
const (
	ListDue       = "due"       // of today
	ListOverdue   = "overdue"   // of days before
	ListUpcoming  = "upcoming"  // of days to come
	ListFlags     = "flags"     // open red flags
	ListEscalated = "escalated" // red flags that climbed
)

// Lists names them all, in the order of the page.
var Lists = []string{ListDue, ListOverdue, ListEscalated, ListFlags, ListUpcoming}

// WorklistFilter narrows Worklist.
type WorklistFilter struct {
	List   string // default due
	Team   bool   // everybody's in the caller's scope, else the caller's own
	Cursor string
	Limit  int
}

// Worklist lists open tasks by due time (FU-05). Who is asked decides whose; the caller's scope limits both.
func (s *Service) Worklist(ctx context.Context, f WorklistFilter) (db.Page[Task], error) {
	if err := access.Need(ctx, PermList); err != nil {
		return db.Page[Task]{}, err
	}
	if f.List == "" {
		f.List = ListDue
	}
	if !slices.Contains(Lists, f.List) {
		return db.Page[Task]{}, fault.New(fault.Invalid, "followup.worklist.unknown").With("list", "followup.worklist.unknown")
	}
	f.Limit = db.Limit(f.Limit)
	l, err := s.countList(ctx, f)
	if err != nil {
		return db.Page[Task]{}, err
	}
	rows, err := s.listTasks(ctx, f, l)
	return db.Cut(rows, f.Limit, l.total(f.Team), func(t Task) string { return db.Cursor(t.DueAt, int64(t.ID)) }), err
}

// ListCounts tells how long each list is; of the caller's own lists one beyond db.CountCap means "more".
type ListCounts struct {
	Due       int `json:"due"`
	Overdue   int `json:"overdue"`
	Escalated int `json:"escalated"`
	Flags     int `json:"flags"`
	Upcoming  int `json:"upcoming"`
}

// Counts tells how long each list is, of the caller ("mine") or of everybody in scope ("team"); it asks with the very same conditions as
// the lists.
func (s *Service) Counts(ctx context.Context, who string) (ListCounts, error) {
	if err := access.Need(ctx, PermList); err != nil {
		return ListCounts{}, err
	}
	return s.countLists(ctx, who == "team")
}

// OpenFlags lists a patient's open red flags.
func (s *Service) OpenFlags(ctx context.Context, p patient.ID) ([]Task, error) {
	if err := access.Need(ctx, PermReadPlans); err != nil {
		return nil, err
	}
	p, err := s.Patient.Standing(ctx, p)
	if err != nil {
		return nil, err
	}
	return openFlags(ctx, s.read(ctx), p)
}

// Line is one line of a task's history.
type Line struct {
	At    clock.Instant
	Actor string
	Code  string
	Text  string
}

// Sheet is a task with everything a caller needs on one page.
type Sheet struct {
	Task     Task
	Step     Step
	Script   string // with the patient's name and the hospital filled in
	Outcomes []Outcome
	History  []Line
	Contact  patient.Contact // masked; zero when there is none
	Undoable bool            // the caller may take the last outcome back
	CalledAt clock.Instant   // when the caller began the call that is going on; zero = none is
	NextID   TaskID          // the next task of the same list, 0 at the end
}

// FindTask gives one task's sheet.
func (s *Service) FindTask(ctx context.Context, id TaskID) (Sheet, error) {
	if err := access.Need(ctx, PermList); err != nil {
		return Sheet{}, err
	}
	tx := s.read(ctx)
	t, err := s.visibleTask(ctx, tx, id)
	if err != nil {
		return Sheet{}, err
	}
	out := Sheet{Task: t, History: []Line{}}
	if out.Outcomes, out.Step, err = s.sheet(ctx, t); err != nil {
		return out, err
	}
	out.Outcomes = spoken(lang.From(ctx), out.Outcomes)
	notes, err := notesOf(ctx, tx, t.PatientID, id)
	if err != nil {
		return out, err
	}
	for _, n := range notes {
		out.History = append(out.History, Line{n.At, n.Actor, n.Code, n.Text})
	}
	out.CalledAt = callSince(notes, staff.ID(access.From(ctx).StaffID), tx.Now)
	_, out.Undoable = undoable(notes, staff.ID(access.From(ctx).StaffID), tx.Now)
	if out.Contact, err = s.Patient.BestMobile(ctx, t.PatientID); err != nil && !fault.Is(err, fault.NotFound) {
		return out, err
	}
	out.Contact.Number = "" // the sheet shows the masked value only
	if out.Script, err = s.script(ctx, t, out.Step); err != nil {
		return out, err
	}
	out.NextID, err = s.NextTask(ctx, t)
	return out, err
}

// NextTask is the next of the caller's due or overdue tasks after t, for one key to the next patient.
func (s *Service) NextTask(ctx context.Context, t Task) (TaskID, error) {
	return s.nextTask(ctx, t, s.tomorrow())
}

func (s *Service) today() clock.Instant    { c := s.DB.Clock(); return c.On(c.Today(), 0, 0) }
func (s *Service) tomorrow() clock.Instant { c := s.DB.Clock(); return c.On(c.Today().Add(1), 0, 0) }
