package followup

import (
	"context"
	"fmt"
	"time"

	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

// Kinds of tasks.
const (
	TaskCall   = "call"   // a template's call
	TaskReview = "review" // a patient who did not come back
	TaskFlag   = "flag"   // an answer that a human must see
	TaskAdHoc  = "adhoc"  // by hand
)

// States of a task.
const (
	TaskOpen      = "open"
	TaskDone      = "done"
	TaskUnreached = "unreached" // the retry ladder is used up
	TaskCancelled = "cancelled"
)

// Task is one thing a person has to do for a patient.
type Task struct {
	ID             TaskID
	PatientID      patient.ID
	PlanID         PlanID
	StepID         StepID
	EncounterID    visit.EncounterID
	Kind           string
	Key            string // what it was made for; unique per patient
	Title          string
	Source         string // the template's name
	State          string
	DepartmentID   staff.DepartmentID
	OwnerID        staff.ID
	DueAt          clock.Instant // its day, or when to try again; the acknowledge-by time of a flag
	Severity       Severity
	Provisional    bool // the answer was not clear: a person must read it
	Tries          int
	RaisedAt       clock.Instant // of a flag
	AckBy          clock.Instant
	AcknowledgedAt clock.Instant
	AcknowledgedBy staff.ID
	Rung           int // of the escalation
	ClimbAt        clock.Instant
	WatcherID      staff.ID // of a flag that climbed: who had it first and still sees it
	MessageID      message.ID
	IncomingID     message.IncomingID
	AnswerCode     string
	AnswerLabel    string
	AnswerText     string
	AnsweredAt     clock.Instant
	Outcome        string
	Notes          string
	Draft          string
	DraftAt        clock.Instant
	StartedAt      clock.Instant
	DoneAt         clock.Instant
	DoneBy         staff.ID
	CreatedAt      clock.Instant
}

// openTask puts a step on a worklist.
func (s *Service) openTask(ctx context.Context, tx *db.Tx, plan Plan, st PlanStep, def Step) error {
	today := s.DB.Clock().Date(tx.Now)
	t := Task{PatientID: st.PatientID, PlanID: plan.ID, StepID: st.ID, EncounterID: plan.EncounterID, Kind: TaskCall, Title: st.Title, Source: plan.Name,
		DepartmentID: plan.DepartmentID, DueAt: s.at(max(st.Date, today), def.From), Key: fmt.Sprintf("step:%s:%d", st.ID, st.Rung)}
	if def.Kind == StepReview {
		t.Kind = TaskReview
	}
	if def.Kind == StepCall {
		t.DueAt = s.at(st.Date, def.From) // one that comes late is overdue, and says so
	}
	if def.Kind == StepMessage {
		t.Title = def.Title
	}
	id, err := s.addTask(ctx, tx, t, def.Assign)
	if err != nil {
		return err
	}
	st.State, st.TaskID = StepTask, id
	if err := updateStep(ctx, tx, st); err != nil {
		return err
	}
	return refreshPlan(ctx, tx, st.PatientID, st.PlanID)
}

// addTask stores a task, finds its owner and tells. The id of the earlier one when the key was used before.
func (s *Service) addTask(ctx context.Context, tx *db.Tx, t Task, post string) (TaskID, error) {
	t.ID, t.State, t.CreatedAt = db.New[taskKind](s.DB), TaskOpen, tx.Now
	if t.OwnerID == 0 {
		owner, err := s.ownerFor(ctx, tx, t, post)
		if err != nil {
			return 0, err
		}
		t.OwnerID = owner
	}
	fresh, err := insertTask(ctx, tx, t)
	if err != nil {
		return 0, err
	}
	if fresh {
		return t.ID, s.granted(ctx, t)
	}
	old, err := taskByKey(ctx, tx, t.PatientID, t.Key)
	if err != nil || old.State != TaskCancelled {
		return old.ID, err
	}
	return old.ID, s.reopen(ctx, tx, old, t)
}

// reopen puts a task that was cancelled back on the worklist: its plan had ended and goes on, so the call is to be made after all.
func (s *Service) reopen(ctx context.Context, tx *db.Tx, old, now Task) error {
	old.State, old.Outcome, old.DoneAt, old.DoneBy = TaskOpen, "", 0, 0
	old.OwnerID, old.DueAt = now.OwnerID, now.DueAt
	if err := updateTask(ctx, tx, old); err != nil {
		return err
	}
	return s.granted(ctx, old)
}

// granted gives the owner access to the patient and tells the owner.
func (s *Service) granted(ctx context.Context, t Task) error {
	if t.OwnerID == 0 {
		return nil
	}
	until := max(t.DueAt, s.DB.Clock().Now()).Add(90 * 24 * time.Hour)
	if err := s.Patient.Grant(ctx, t.PatientID, patient.Access{Kind: "staff", Key: int64(t.OwnerID), Role: "followup", Until: until}); err != nil {
		return err
	}
	return s.Board.Publish(ctx, Assigned{t.PatientID, t.ID, t.OwnerID})
}

// AdHoc is a follow-up by hand (FU-14).
type AdHoc struct {
	PatientID patient.ID
	Due       clock.Date // "" = today
	Channel   string     // call or message
	Title     string     // default: the note
	Note      string     // what to ask; for a message its text
	OwnerID   staff.ID   // 0 = the caller
}

// CreateTask makes an ad-hoc follow-up: a call for a person, or a message that leaves on its day.
func (s *Service) CreateTask(ctx context.Context, in AdHoc) (Task, error) {
	if err := access.Need(ctx, PermCreateTask); err != nil {
		return Task{}, err
	}
	if err := in.check(s.DB.Clock().Today()); err != nil {
		return Task{}, err
	}
	var t Task
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := s.Patient.Standing(ctx, in.PatientID)
		if err != nil {
			return err
		}
		in.PatientID = p
		last, err := s.Visit.LastFor(ctx, []patient.ID{in.PatientID})
		if err != nil {
			return err
		}
		t = Task{PatientID: in.PatientID, Kind: TaskAdHoc, Title: in.Title, OwnerID: in.OwnerID, EncounterID: last[in.PatientID].EncounterID,
			DueAt: max(s.at(in.Due, "09:00"), tx.Now), Key: fmt.Sprintf("adhoc:%d", s.DB.NextID())}
		if t.OwnerID == 0 {
			t.OwnerID = staff.ID(access.From(ctx).StaffID)
		}
		id, err := s.addTask(ctx, tx, t, "nurse")
		if err != nil {
			return err
		}
		if t, err = oneTask(ctx, tx, id); err != nil {
			return err
		}
		if in.Channel == "message" {
			err = s.adHocMessage(ctx, tx, &t, in)
		} else if !blank(in.Note) {
			err = s.note(ctx, tx, t, "note", in.Note, "")
		}
		if err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: string(PermCreateTask), Entity: "task", EntityID: int64(t.ID), PatientID: int64(t.PatientID)})
	})
	return t, err
}

// adHocMessage queues the text for its day; the task stands as done, because nobody has to do anything.
func (s *Service) adHocMessage(ctx context.Context, tx *db.Tx, t *Task, in AdHoc) error {
	id, err := s.Message.Send(ctx, message.Draft{PatientID: in.PatientID, Channel: string(ChannelSMS), Purpose: "care", Text: in.Note,
		NotBefore: t.DueAt, Key: "followup:" + t.Key, Room: "followup", Ref: int64(t.ID)})
	if err != nil {
		return err
	}
	t.MessageID, t.State, t.Outcome, t.DoneAt, t.DoneBy = id, TaskDone, "message", tx.Now, staff.ID(access.From(ctx).StaffID)
	if err := updateTask(ctx, tx, *t); err != nil {
		return err
	}
	return s.note(ctx, tx, *t, "message", in.Note, "")
}

func (in *AdHoc) check(today clock.Date) error {
	e := fault.New(fault.Invalid, "followup.task.invalid")
	if in.Due == "" {
		in.Due = today
	}
	if in.Channel == "" {
		in.Channel = "call"
	}
	if blank(in.Title) {
		in.Title = firstLine(in.Note, 30)
	}
	if _, err := clock.ParseDate(string(in.Due)); err != nil || in.Due < today {
		e.With("due_date", "followup.task.bad_due")
	}
	if in.Channel != "call" && in.Channel != "message" {
		e.With("channel", "followup.task.bad_channel")
	}
	if in.Channel == "message" && blank(in.Note) {
		e.With("note", "followup.task.no_text")
	}
	if blank(in.Title) {
		e.With("title", "followup.task.no_title")
	}
	return e.Or()
}

// firstLine is the beginning of a text, at most n characters.
func firstLine(s string, n int) string {
	for i, r := range []rune(s) {
		if r == '\n' || i == n {
			return string([]rune(s)[:i])
		}
	}
	return s
}

// Coming is what a patient's list shows as the next thing to come.
type Coming struct {
	PatientID patient.ID
	TaskID    TaskID // 0 for a step that is not yet a task
	Title     string
	Kind      string
	DueAt     clock.Instant
	OwnerID   staff.ID
}

// NextFor gives the earliest open task or pending step of each patient, for lists that have already been scoped.
func (s *Service) NextFor(ctx context.Context, ids []patient.ID) (map[patient.ID]Coming, error) {
	out := map[patient.ID]Coming{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := nextFor(ctx, s.read(ctx), ids)
	for _, n := range rows {
		out[n.PatientID] = n
	}
	return out, err
}

// RaisedBy gives the task that each reply raised, the first where there are several. The caller has read the replies, so has seen the
// patients; without the right to see worklists there is none.
func (s *Service) RaisedBy(ctx context.Context, patients []patient.ID, replies []message.IncomingID) (map[message.IncomingID]TaskID, error) {
	out := map[message.IncomingID]TaskID{}
	if len(patients) == 0 || len(replies) == 0 || !access.From(ctx).Can(PermList) {
		return out, nil
	}
	rows, err := tasksOfIncoming(ctx, s.read(ctx), patients, replies)
	for _, r := range rows {
		out[r.IncomingID] = r.ID
	}
	return out, err
}
