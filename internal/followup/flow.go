package followup

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
	"renxin/internal/staff"
)

// change runs fn on an open task of a visible patient, in one transaction with its trail entry.
func (s *Service) change(ctx context.Context, id TaskID, p access.Permission, fn func(context.Context, *db.Tx, *Task) error) (Task, error) {
	if err := access.Need(ctx, p); err != nil {
		return Task{}, err
	}
	var t Task
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if t, err = s.visibleTask(ctx, tx, id); err != nil {
			return err
		}
		if t.State != TaskOpen {
			return fault.New(fault.Conflict, "followup.task.closed")
		}
		if err := fn(ctx, tx, &t); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: string(p), Entity: "task", EntityID: int64(id), PatientID: int64(t.PatientID),
			Detail: map[string]any{"state": t.State, "outcome": t.Outcome}})
	})
	return t, err
}

func (s *Service) visibleTask(ctx context.Context, tx *db.Tx, id TaskID) (Task, error) {
	t, err := oneTask(ctx, tx, id)
	if err != nil {
		return t, err
	}
	return t, s.Patient.Visible(ctx, t.PatientID)
}

// note writes one line of a task's history. undo holds the task as it was, for lines that can be taken back.
func (s *Service) note(ctx context.Context, tx *db.Tx, t Task, code, text, undo string) error {
	c := access.From(ctx)
	return insertNote(ctx, tx, noteRow{ID: db.New[noteKind](s.DB), PatientID: t.PatientID, TaskID: t.ID, Code: code, Text: text,
		ActorID: staff.ID(c.StaffID), Actor: c.Name, Undo: undo, At: tx.Now})
}

// Number is what a caller gets when a call begins.
type Number struct {
	Phone   string // unmasked, revealed for this task
	Contact patient.Contact
}

// Start begins a call: the one number of the patient is revealed with the task as the reason, written to the trail before it is answered.
func (s *Service) Start(ctx context.Context, id TaskID) (Number, error) {
	if err := access.Need(ctx, PermWork); err != nil {
		return Number{}, err
	}
	t, err := s.visibleTask(ctx, s.read(ctx), id)
	if err != nil {
		return Number{}, err
	}
	if t.State != TaskOpen {
		return Number{}, fault.New(fault.Conflict, "followup.task.closed")
	}
	phone, reach, err := s.Patient.RevealReach(ctx, t.PatientID, "followup.task.call_reason", id.String())
	if err != nil {
		return Number{}, err
	}
	_, err = s.change(ctx, id, PermWork, func(ctx context.Context, tx *db.Tx, t *Task) error {
		if t.StartedAt == 0 {
			t.StartedAt = tx.Now
		}
		notes, err := notesOf(ctx, tx, t.PatientID, t.ID)
		if err != nil || callSince(notes, staff.ID(access.From(ctx).StaffID), tx.Now) != 0 {
			return err // the page was loaded anew in the middle of the call
		}
		if err := updateTask(ctx, tx, *t); err != nil {
			return err
		}
		return s.note(ctx, tx, *t, "started", "", "")
	})
	return Number{phone, reach.Contact}, err
}

// longestCall is how long a call that was begun and has no outcome counts as going on.
const longestCall = 2 * time.Hour

// callSince is when the caller began the call that is going on, zero when none is: nothing was written after its beginning.
func callSince(notes []noteRow, me staff.ID, now clock.Instant) clock.Instant {
	if len(notes) == 0 {
		return 0
	}
	last := notes[len(notes)-1]
	if last.Code != "started" || last.ActorID != me || now.Sub(last.At) > longestCall {
		return 0
	}
	return last.At
}

// SaveDraft keeps what the caller has typed so far (FU-26); the page calls it while typing.
func (s *Service) SaveDraft(ctx context.Context, id TaskID, text string) error {
	if err := access.Need(ctx, PermWork); err != nil {
		return err
	}
	if len(text) > 20_000 {
		return fault.New(fault.TooLarge, "followup.task.notes_too_long")
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		t, err := s.visibleTask(ctx, tx, id)
		if err != nil {
			return err
		}
		if t.State != TaskOpen {
			return fault.New(fault.Conflict, "followup.task.closed")
		}
		t.Draft, t.DraftAt = text, tx.Now
		return updateTask(ctx, tx, t)
	})
}

// Result is what a caller writes down.
type Result struct {
	Code   string        // outcome code of the sheet; for a flag one of the resolutions
	Notes  string        // "" = the draft
	NextAt clock.Instant // when to call again, for an outcome that postpones
}

// Record writes the outcome of a task and does what it leads to: done, the next attempt, another time, or the plan's end (FU-07).
func (s *Service) Record(ctx context.Context, id TaskID, r Result) (Task, error) {
	return s.change(ctx, id, PermWork, func(ctx context.Context, tx *db.Tx, t *Task) error {
		before, err := json.Marshal(t)
		if err != nil {
			return err
		}
		if r.Notes == "" {
			r.Notes = t.Draft
		}
		sheet, def, err := s.sheet(ctx, *t)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(sheet, func(o Outcome) bool { return o.Code == r.Code })
		if i < 0 {
			return fault.New(fault.Invalid, "followup.task.no_outcome").With("code", "followup.task.no_outcome")
		}
		o := sheet[i]
		if t.Kind == TaskFlag && t.AcknowledgedAt == 0 {
			t.AcknowledgedAt, t.AcknowledgedBy, t.ClimbAt = tx.Now, staff.ID(access.From(ctx).StaffID), 0
		}
		t.Outcome, t.Notes, t.Draft, t.DraftAt = o.Code, r.Notes, "", 0
		t.Tries++
		if err := s.note(ctx, tx, *t, o.Code, r.Notes, string(before)); err != nil {
			return err
		}
		return s.lead(ctx, tx, t, o, def, r)
	})
}

// sheet is the outcomes a task may have, with its step.
func (s *Service) sheet(ctx context.Context, t Task) ([]Outcome, Step, error) {
	if t.Kind == TaskFlag {
		return FlagSheet(), Step{}, nil
	}
	def, err := s.stepDefinition(ctx, t)
	return def.Sheet(), def, err
}

// FlagSheet is the forced outcomes of a red flag: what came of it.
func FlagSheet() []Outcome {
	return []Outcome{
		{Key: "1", Code: string(ResolvedAdvice), Label: shipped(string(ResolvedAdvice)), Reached: true},
		{Key: "2", Code: string(ResolvedReturn), Label: shipped(string(ResolvedReturn)), Reached: true},
		{Key: "3", Code: string(ResolvedAdmitted), Label: shipped(string(ResolvedAdmitted)), Reached: true},
		{Key: "4", Code: string(ResolvedFalseAlarm), Label: shipped(string(ResolvedFalseAlarm)), Reached: true},
		{Key: "5", Code: "no_answer", Label: shipped("no_answer"), Next: NextRetry},
	}
}

// stepDefinition is the template's step of a task; an ad-hoc task gets the standard sheet.
func (s *Service) stepDefinition(ctx context.Context, t Task) (Step, error) {
	plain := Step{Title: t.Title, Kind: StepCall, Window: Window{"09:00", "20:00"}}
	if t.PlanID == 0 || t.StepID == 0 {
		return plain, nil
	}
	plan, err := onePlan(ctx, s.read(ctx), t.PlanID)
	if err != nil {
		return plain, err
	}
	st, ok, err := oneStep(ctx, s.read(ctx), t.PatientID, t.StepID)
	if err != nil || !ok {
		return plain, err
	}
	d, err := s.definition(ctx, plan.TemplateID, plan.TemplateVersion)
	if err != nil {
		return plain, err
	}
	if def, ok := d.Step(st.Key); ok {
		return def, nil
	}
	return plain, nil
}

// lead does what an outcome leads to.
func (s *Service) lead(ctx context.Context, tx *db.Tx, t *Task, o Outcome, def Step, r Result) error {
	if o.Severity > SeverityNone {
		if err := s.raiseFromCall(ctx, tx, *t, o, r); err != nil {
			return err
		}
	}
	switch o.Leads() {
	case NextRetry:
		return s.tryAgain(ctx, tx, t, def)
	case NextPostpone:
		return s.putOff(ctx, tx, t, r.NextAt)
	case NextStop:
		if err := s.close(ctx, tx, t, TaskDone); err != nil {
			return err
		}
		return s.stop(ctx, tx, *t, o)
	}
	return s.close(ctx, tx, t, TaskDone)
}

func (s *Service) raiseFromCall(ctx context.Context, tx *db.Tx, t Task, o Outcome, r Result) error {
	f := flag{patient: t.PatientID, severity: o.Severity, code: o.Code, label: o.Label, text: r.Notes, key: fmt.Sprintf("flag:%s:%d", t.ID, t.Tries)}
	f.plan = Plan{ID: t.PlanID, Name: t.Source, EncounterID: t.EncounterID, DepartmentID: t.DepartmentID}
	f.step = PlanStep{ID: t.StepID}
	return s.raise(ctx, tx, f)
}

// tryAgain takes the next rung of the retry ladder; used up, the step goes to its next channel or ends as unreached.
func (s *Service) tryAgain(ctx context.Context, tx *db.Tx, t *Task, def Step) error {
	attempts, err := attemptsOf(ctx, tx, t.PatientID, t.ID)
	if err != nil {
		return err
	}
	if t.Kind == TaskFlag { // a flag is not given up: again in a quarter of an hour
		t.DueAt = tx.Now.Add(15 * time.Minute)
		return updateTask(ctx, tx, *t)
	}
	cal, err := s.Setting.Calendar(ctx, int64(t.DepartmentID))
	if err != nil {
		return err
	}
	if at, ok := NextAttempt(def.Retries(), def.Window, attempts, cal, s.DB.Clock()); ok {
		t.DueAt = at
		return updateTask(ctx, tx, *t)
	}
	if err := s.close(ctx, tx, t, TaskUnreached); err != nil {
		return err
	}
	return s.nextChannel(ctx, tx, *t, def)
}

// nextChannel lets a step whose calls reached nobody use what comes after the call in its ladder.
func (s *Service) nextChannel(ctx context.Context, tx *db.Tx, t Task, def Step) error {
	if t.StepID == 0 {
		return nil
	}
	st, ok, err := oneStep(ctx, tx, t.PatientID, t.StepID)
	if err != nil || !ok {
		return err
	}
	if st.Rung+1 >= len(def.Channels()) {
		return nil
	}
	plan, err := onePlan(ctx, tx, st.PlanID)
	if err != nil {
		return err
	}
	st.Rung++
	st.State, st.Outcome, st.DoneAt, st.ActAt = StepPending, "", 0, tx.Now
	st.Until = max(st.Until, s.DB.Clock().Date(tx.Now).Add(1))
	if err := updateStep(ctx, tx, st); err != nil {
		return err
	}
	if err := endPlan(ctx, tx, plan, PlanActive, ""); err != nil {
		return err
	}
	return s.take(ctx, tx, plan, st, def)
}

// Postpone moves a task to another time.
func (s *Service) Postpone(ctx context.Context, id TaskID, until clock.Instant, reason string) (Task, error) {
	return s.change(ctx, id, PermWork, func(ctx context.Context, tx *db.Tx, t *Task) error {
		before, err := json.Marshal(t)
		if err != nil {
			return err
		}
		if err := s.putOff(ctx, tx, t, until); err != nil {
			return err
		}
		return s.note(ctx, tx, *t, "postponed", reason, string(before))
	})
}

func (s *Service) putOff(ctx context.Context, tx *db.Tx, t *Task, until clock.Instant) error {
	if t.Kind == TaskFlag {
		return fault.New(fault.Conflict, "followup.flag.not_postponed")
	}
	if until == 0 { // the patient named no time: the next open morning
		cal, err := s.Setting.Calendar(ctx, int64(t.DepartmentID))
		if err != nil {
			return err
		}
		day, _ := cal.Shift(s.DB.Clock().Date(tx.Now).Add(1), "later")
		until = s.at(day, "10:00")
	}
	if until <= tx.Now || until > tx.Now.Add(366*24*time.Hour) {
		return fault.New(fault.Invalid, "followup.task.bad_until").With("until", "followup.task.bad_until")
	}
	t.DueAt = until
	return updateTask(ctx, tx, *t)
}

// close ends a task and its step.
func (s *Service) close(ctx context.Context, tx *db.Tx, t *Task, state string) error {
	t.State, t.DoneAt, t.DoneBy, t.ClimbAt = state, tx.Now, staff.ID(access.From(ctx).StaffID), 0
	if err := updateTask(ctx, tx, *t); err != nil {
		return err
	}
	if t.StepID != 0 && t.Kind != TaskFlag {
		st, ok, err := oneStep(ctx, tx, t.PatientID, t.StepID)
		if err != nil {
			return err
		}
		if ok && st.State == StepTask {
			st.Outcome = ""
			if err := s.settle(ctx, tx, st, StepDone, t.Outcome); err != nil {
				return err
			}
		}
	}
	return s.Board.Publish(ctx, Done{t.PatientID, t.ID, t.Outcome})
}

// stop ends the plan after an outcome that ends it; a patient who has died or refuses gets nothing of any plan, a wrong number is marked.
func (s *Service) stop(ctx context.Context, tx *db.Tx, t Task, o Outcome) error {
	reason := stopReason(t.ID)
	switch o.Code {
	case "wrong_number":
		c, err := s.Patient.BestMobile(ctx, t.PatientID)
		if err == nil {
			err = s.Patient.MarkWrong(ctx, c.Number, "follow-up")
		}
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	case "deceased":
		return s.exitAll(ctx, tx, t.PatientID, reason)
	}
	if t.PlanID == 0 {
		return nil
	}
	plan, err := onePlan(ctx, tx, t.PlanID)
	if err != nil || plan.State != PlanActive {
		return err
	}
	return s.exit(ctx, tx, plan, reason)
}

func stopReason(t TaskID) string { return "task:" + t.String() }

// undoWithin is how long an outcome can be taken back.
const undoWithin = 10 * time.Minute

// Undo takes back the caller's own last outcome or postponement of a task, within ten minutes: task, step and plan stand as before, a flag
// that it raised is cancelled.
func (s *Service) Undo(ctx context.Context, id TaskID) (Task, error) {
	if err := access.Need(ctx, PermWork); err != nil {
		return Task{}, err
	}
	var was Task
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		t, err := s.visibleTask(ctx, tx, id)
		if err != nil {
			return err
		}
		notes, err := notesOf(ctx, tx, t.PatientID, id)
		if err != nil {
			return err
		}
		last, ok := undoable(notes, staff.ID(access.From(ctx).StaffID), tx.Now)
		if !ok {
			return fault.New(fault.Conflict, "followup.task.no_undo")
		}
		if err := json.Unmarshal([]byte(last.Undo), &was); err != nil {
			return err
		}
		if err := s.restore(ctx, tx, t, was); err != nil {
			return err
		}
		if err := undoNote(ctx, tx, last); err != nil {
			return err
		}
		if err := s.note(ctx, tx, was, "undone", last.Code, ""); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: string(PermWork), Entity: "task", EntityID: int64(id), PatientID: int64(t.PatientID), Detail: map[string]string{"undone": last.Code}})
	})
	return was, err
}

// undoable is the newest line that can be taken back, if it is the caller's and fresh.
func undoable(notes []noteRow, me staff.ID, now clock.Instant) (noteRow, bool) {
	for _, n := range slices.Backward(notes) {
		if n.Undo == "undone" || n.Undo == "" {
			continue
		}
		return n, n.ActorID == me && now.Sub(n.At) <= undoWithin
	}
	return noteRow{}, false
}

func (s *Service) restore(ctx context.Context, tx *db.Tx, t, was Task) error {
	if err := updateTask(ctx, tx, was); err != nil {
		return err
	}
	if key := fmt.Sprintf("flag:%s:%d", t.ID, t.Tries); t.Tries > was.Tries {
		if f, err := taskByKey(ctx, tx, t.PatientID, key); err == nil {
			if err := cancelTask(ctx, tx, t.PatientID, f.ID, "undone"); err != nil {
				return err
			}
		} else if !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	if t.StepID == 0 || t.Kind == TaskFlag {
		return nil
	}
	plan, err := onePlan(ctx, tx, t.PlanID)
	if err != nil {
		return err
	}
	if plan.State == PlanExited && plan.Reason == stopReason(t.ID) {
		d, err := s.definition(ctx, plan.TemplateID, plan.TemplateVersion)
		if err != nil {
			return err
		}
		if err := s.resume(ctx, tx, plan, d, plan.Day0); err != nil {
			return err
		}
	}
	if plan.State == PlanDone {
		if err := endPlan(ctx, tx, plan, PlanActive, ""); err != nil {
			return err
		}
	}
	st, ok, err := oneStep(ctx, tx, t.PatientID, t.StepID)
	if err != nil || !ok {
		return err
	}
	st.State, st.Outcome, st.DoneAt, st.TaskID = StepTask, "", 0, t.ID
	if err := updateStep(ctx, tx, st); err != nil {
		return err
	}
	return refreshPlan(ctx, tx, t.PatientID, t.PlanID)
}
