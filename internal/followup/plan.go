package followup

import (
	"context"
	"fmt"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

// States of a plan.
const (
	PlanActive = "active"
	PlanDone   = "done"
	PlanExited = "exited"
)

// Plan is one patient's run through one version of a template.
type Plan struct {
	ID              PlanID
	PatientID       patient.ID
	Key             string // template:encounter:kind, so that no replay starts it twice
	TemplateID      TemplateID
	TemplateVersion int
	Name            string
	EncounterID     visit.EncounterID
	Kind            Kind
	DepartmentID    staff.DepartmentID
	Day0            clock.Date
	State           string
	Reason          string // why it was exited
	Steps           int
	Done            int           // steps that are over, however they ended
	NextAt          clock.Instant // when the next step acts, 0 = none
	CreatedAt       clock.Instant
	EndedAt         clock.Instant
}

// States of a step.
const (
	StepPending   = "pending"   // waits for its day
	StepSent      = "sent"      // its message is on the way
	StepTask      = "task"      // its task is open
	StepDone      = "done"      //
	StepSkipped   = "skipped"   // its day passed without an act: told too late, nobody reachable
	StepCancelled = "cancelled" // its plan ended
)

// PlanStep is one step of a plan.
type PlanStep struct {
	ID           StepID
	PatientID    patient.ID
	PlanID       PlanID
	Key          string
	Title        string
	Kind         StepKind
	Day          int
	Nominal      clock.Date
	Date         clock.Date
	Until        clock.Date
	ActAt        clock.Instant
	Clash        bool
	Shut         bool
	State        string
	Rung         int // index in the step's channels
	MessageID    int64
	MessageState string
	TaskID       TaskID
	Answer       string // code the patient replied
	Outcome      string
	DoneAt       clock.Instant
}

// reasons for which a plan ends by itself and may come back by itself.
const (
	reasonDischarge = "discharge_cancelled"
	reasonVisit     = "visit_cancelled"
)

// Reconcile makes the plans of an encounter what they must be, whatever was told in which order and how often: it starts plans whose trigger
// fits, moves what is pending when day 0 moved, ends plans whose trigger is gone, and takes them up again when it is back.
func (s *Service) Reconcile(ctx context.Context, p patient.ID, e visit.EncounterID) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		have, err := plansOfEncounter(ctx, tx, p, e)
		if err != nil {
			return err
		}
		templates, err := s.active(ctx)
		if err != nil || len(have)+len(templates) == 0 {
			return err
		}
		story, err := s.Visit.Story(ctx, p, e)
		if err != nil {
			return err
		}
		h := s.happening(story)
		started := map[TemplateID]bool{}
		for _, plan := range have {
			started[plan.TemplateID] = true
			if err := s.follow(ctx, tx, plan, h); err != nil {
				return err
			}
		}
		if h.Cancelled {
			return nil
		}
		for _, t := range templates {
			kind, day0, ok := t.Anchor(h)
			if !ok || started[t.Template.ID] {
				continue
			}
			plan := Plan{PatientID: p, TemplateID: t.Template.ID, TemplateVersion: t.ActiveVersion, Name: t.Template.Name, EncounterID: e, Kind: kind,
				DepartmentID: story.DepartmentID, Day0: day0, Key: fmt.Sprintf("%s:%s:%s", t.Template.ID, e, kind)}
			if _, err := s.start(ctx, tx, plan, t.Definition); err != nil {
				return err
			}
		}
		return nil
	})
}

// happening is the story as triggers see it.
func (s *Service) happening(st visit.Story) Happening {
	day := func(i clock.Instant) clock.Date { return s.DB.Clock().Date(i) }
	h := Happening{Class: st.Class, DepartmentID: st.DepartmentID, Started: day(st.StartedAt), Cancelled: st.State == visit.StateCancelled, Groups: st.Groups}
	if st.State == visit.StateFinished {
		h.Discharged = day(st.EndedAt)
	}
	for _, c := range st.Conditions {
		h.Diagnoses = append(h.Diagnoses, Coded{c.Code, c.Name, day(c.At)})
	}
	for _, c := range st.Procedures {
		h.Procedures = append(h.Procedures, Coded{c.Code, c.Name, c.Date})
	}
	return h
}

// follow brings a running plan up to what its own version makes of h.
func (s *Service) follow(ctx context.Context, tx *db.Tx, plan Plan, h Happening) error {
	if plan.Kind == KindAdHoc {
		return nil
	}
	d, err := s.definition(ctx, plan.TemplateID, plan.TemplateVersion)
	if err != nil {
		return err
	}
	day0, ok := d.AnchorOf(plan.Kind, h)
	back := plan.State == PlanExited && (plan.Reason == reasonDischarge || plan.Reason == reasonVisit)
	switch {
	case ok && back:
		return s.resume(ctx, tx, plan, d, day0)
	case ok && plan.State == PlanActive && day0 != plan.Day0:
		return s.replan(ctx, tx, plan, d, day0)
	case !ok && plan.State == PlanActive && h.Cancelled:
		return s.exit(ctx, tx, plan, reasonVisit)
	case !ok && plan.State == PlanActive && plan.Kind == KindDischarge && h.Discharged == "":
		return s.exit(ctx, tx, plan, reasonDischarge)
	}
	return nil
}

// start stores a plan with its steps, once per key. False when it was there already, or when every step would come too late.
func (s *Service) start(ctx context.Context, tx *db.Tx, plan Plan, d Definition) (PlanID, error) {
	cal, err := s.Setting.Calendar(ctx, int64(plan.DepartmentID))
	if err != nil {
		return 0, err
	}
	today := s.DB.Clock().Date(tx.Now)
	planned := Schedule(d, plan.Day0, cal)
	if !Alive(planned, today) {
		return 0, nil
	}
	dead, err := s.deceased(ctx, plan.PatientID)
	if err != nil || dead {
		return 0, err
	}
	plan.ID, plan.State, plan.Steps, plan.CreatedAt = db.New[planKind](s.DB), PlanActive, len(planned), tx.Now
	fresh, err := insertPlan(ctx, tx, plan)
	if err != nil || !fresh {
		return 0, err
	}
	for _, p := range planned {
		if err := insertStep(ctx, tx, s.newStep(tx, plan, d, p, today)); err != nil {
			return 0, err
		}
	}
	if err := refreshPlan(ctx, tx, plan.PatientID, plan.ID); err != nil {
		return 0, err
	}
	return plan.ID, s.Board.Publish(ctx, PlanStarted{plan.PatientID, plan.ID, plan.TemplateID})
}

// deceased tells whether nobody may be called any more.
func (s *Service) deceased(ctx context.Context, p patient.ID) (bool, error) {
	d, err := s.Patient.Find(access.AsSystem(ctx, "followup"), p)
	return d.DeceasedAt != "", err
}

func (s *Service) newStep(tx *db.Tx, plan Plan, d Definition, p Planned, today clock.Date) PlanStep {
	def, _ := d.Step(p.Key)
	st := PlanStep{ID: db.New[stepKind](s.DB), PatientID: plan.PatientID, PlanID: plan.ID, Key: p.Key, Title: def.Title, Kind: def.Kind, Day: p.Day, State: StepPending}
	st.date(p, s.actAt(def, p))
	if p.Lapsed(today) {
		st.State, st.Outcome, st.DoneAt = StepSkipped, "too_late", tx.Now
	}
	return st
}

func (st *PlanStep) date(p Planned, at clock.Instant) {
	st.Nominal, st.Date, st.Until, st.Clash, st.Shut, st.ActAt = p.Nominal, p.Date, p.Until, p.Clash, p.Shut, at
}

// actAt is when the step does something: a call stands on the worklist from midnight, a message leaves when its window opens.
func (s *Service) actAt(def Step, p Planned) clock.Instant {
	if def.Kind == StepCall {
		return s.DB.Clock().On(p.ActOn, 0, 0)
	}
	return s.at(p.ActOn, def.From)
}

func (s *Service) at(d clock.Date, h HourMinute) clock.Instant {
	m := h.Minutes()
	return s.DB.Clock().On(d, m/60, m%60)
}

// replan moves the steps that are still pending to a new day 0; what was sent, called or done stays.
func (s *Service) replan(ctx context.Context, tx *db.Tx, plan Plan, d Definition, day0 clock.Date) error {
	cal, err := s.Setting.Calendar(ctx, int64(plan.DepartmentID))
	if err != nil {
		return err
	}
	steps, err := stepsOf(ctx, tx, plan.PatientID, plan.ID)
	if err != nil {
		return err
	}
	if err := setDay0(ctx, tx, plan, day0); err != nil {
		return err
	}
	byKey := map[string]PlanStep{}
	for _, st := range steps {
		byKey[st.Key] = st
	}
	for _, p := range Schedule(d, day0, cal) {
		st, ok := byKey[p.Key]
		if !ok || st.State != StepPending {
			continue
		}
		def, _ := d.Step(p.Key)
		st.date(p, s.actAt(def, p))
		if err := updateStep(ctx, tx, st); err != nil {
			return err
		}
	}
	return refreshPlan(ctx, tx, plan.PatientID, plan.ID)
}

// exit ends a plan: pending steps and open tasks are cancelled, messages that have not left are taken back.
func (s *Service) exit(ctx context.Context, tx *db.Tx, plan Plan, reason string) error {
	if err := endPlan(ctx, tx, plan, PlanExited, reason); err != nil {
		return err
	}
	steps, err := stepsOf(ctx, tx, plan.PatientID, plan.ID)
	if err != nil {
		return err
	}
	for _, st := range steps {
		if st.State != StepPending && st.State != StepSent && st.State != StepTask {
			continue
		}
		if st.State == StepSent {
			if _, err := s.Message.CancelByKey(ctx, st.messageKey()); err != nil {
				return err
			}
		}
		st.State, st.Outcome, st.DoneAt = StepCancelled, reason, tx.Now
		if err := updateStep(ctx, tx, st); err != nil {
			return err
		}
	}
	if err := cancelPlanTasks(ctx, tx, plan); err != nil {
		return err
	}
	if err := refreshPlan(ctx, tx, plan.PatientID, plan.ID); err != nil {
		return err
	}
	return s.Board.Publish(ctx, PlanExitedFact{plan.PatientID, plan.ID, reason})
}

// resume takes up a plan that ended because its discharge or visit was cancelled: steps cancelled then are pending again.
func (s *Service) resume(ctx context.Context, tx *db.Tx, plan Plan, d Definition, day0 clock.Date) error {
	steps, err := stepsOf(ctx, tx, plan.PatientID, plan.ID)
	if err != nil {
		return err
	}
	for _, st := range steps {
		if st.State == StepCancelled && st.Outcome == plan.Reason {
			st.State, st.Outcome, st.DoneAt, st.TaskID, st.Rung = StepPending, "", 0, 0, 0
			if err := updateStep(ctx, tx, st); err != nil {
				return err
			}
		}
	}
	if err := endPlan(ctx, tx, plan, PlanActive, ""); err != nil {
		return err
	}
	return s.replan(ctx, tx, plan, d, day0)
}

// Enrol starts a template for a patient by hand, with day 0 chosen. The same template and day twice is a conflict.
func (s *Service) Enrol(ctx context.Context, p patient.ID, t TemplateID, day0 clock.Date) (PlanID, error) {
	if err := access.Need(ctx, PermEnrol); err != nil {
		return 0, err
	}
	if _, err := clock.ParseDate(string(day0)); err != nil {
		return 0, fault.New(fault.Invalid, "followup.plan.bad_day0").With("day0", "followup.plan.bad_day0")
	}
	var id PlanID
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := s.Patient.Standing(ctx, p)
		if err != nil {
			return err
		}
		r, err := oneTemplateRow(ctx, tx, t)
		if err != nil {
			return err
		}
		if r.State != TemplateActive {
			return fault.New(fault.Conflict, "followup.template.not_active")
		}
		d, err := s.definition(ctx, t, r.ActiveVersion)
		if err != nil {
			return err
		}
		last, err := s.Visit.LastFor(ctx, []patient.ID{p})
		if err != nil {
			return err
		}
		plan := Plan{PatientID: p, TemplateID: t, TemplateVersion: r.ActiveVersion, Name: r.Name, Kind: KindAdHoc, Day0: day0,
			EncounterID: last[p].EncounterID, DepartmentID: d.DepartmentID, Key: fmt.Sprintf("%s:hand:%s", t, day0)}
		if id, err = s.start(ctx, tx, plan, d); err != nil {
			return err
		}
		if id == 0 {
			return fault.New(fault.Conflict, "followup.plan.not_started")
		}
		return s.Trail.Append(ctx, trail.Entry{Action: string(PermEnrol), Entity: "followup_plan", EntityID: int64(id), PatientID: int64(p)})
	})
	return id, err
}

// ExitPlan ends a plan by hand with a reason.
func (s *Service) ExitPlan(ctx context.Context, id PlanID, reason string) error {
	if err := access.Need(ctx, PermExit); err != nil {
		return err
	}
	if blank(reason) {
		return fault.New(fault.Invalid, "followup.plan.no_reason").With("reason", "followup.plan.no_reason")
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		plan, err := s.visiblePlan(ctx, tx, id)
		if err != nil {
			return err
		}
		if plan.State != PlanActive {
			return fault.New(fault.Conflict, "followup.plan.ended")
		}
		if err := s.exit(ctx, tx, plan, reason); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: string(PermExit), Entity: "followup_plan", EntityID: int64(id), PatientID: int64(plan.PatientID), Reason: reason})
	})
}

func (s *Service) visiblePlan(ctx context.Context, tx *db.Tx, id PlanID) (Plan, error) {
	plan, err := onePlan(ctx, tx, id)
	if err != nil {
		return plan, err
	}
	return plan, s.Patient.Visible(ctx, plan.PatientID)
}

// PlanFilter narrows Plans.
type PlanFilter struct {
	PatientID  patient.ID
	TemplateID TemplateID
	State      string
	Cursor     string
	Limit      int
}

// Plans lists plans in the caller's scope, newest first.
func (s *Service) Plans(ctx context.Context, f PlanFilter) (db.Page[Plan], error) {
	if err := access.Need(ctx, PermReadPlans); err != nil {
		return db.Page[Plan]{}, err
	}
	f.Limit = db.Limit(f.Limit)
	if f.PatientID != 0 {
		p, err := s.Patient.Standing(ctx, f.PatientID)
		if err != nil {
			return db.Page[Plan]{}, err
		}
		f.PatientID = p
	}
	rows, total, err := s.listPlans(ctx, f)
	return db.Cut(rows, f.Limit, total, func(p Plan) string { return db.Cursor(int64(p.ID)) }), err
}

// FindPlan gives one plan with its steps.
func (s *Service) FindPlan(ctx context.Context, id PlanID) (Plan, []PlanStep, error) {
	if err := access.Need(ctx, PermReadPlans); err != nil {
		return Plan{}, nil, err
	}
	plan, err := s.visiblePlan(ctx, s.read(ctx), id)
	if err != nil {
		return Plan{}, nil, err
	}
	steps, err := stepsOf(ctx, s.read(ctx), plan.PatientID, id)
	return plan, steps, err
}

// MigratePlans moves a template's running plans to its active version on purpose: pending steps take the new dates and texts, steps that
// are new are added, pending steps that are gone are cancelled; what is over stays. It tells how many plans moved.
func (s *Service) MigratePlans(ctx context.Context, id TemplateID) (int, error) {
	if err := access.Need(ctx, PermActivate); err != nil {
		return 0, err
	}
	moved := 0
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		moved = 0
		r, err := oneTemplateRow(ctx, tx, id)
		if err != nil {
			return err
		}
		d, err := s.definition(ctx, id, r.ActiveVersion)
		if err != nil {
			return err
		}
		old, err := plansBehind(ctx, tx, id, r.ActiveVersion)
		if err != nil {
			return err
		}
		for _, plan := range old {
			if err := s.migrate(ctx, tx, plan, r.ActiveVersion, d); err != nil {
				return err
			}
			moved++
		}
		return s.noteTemplate(ctx, PermActivate, id, map[string]any{"migrated": moved, "version": r.ActiveVersion})
	})
	return moved, err
}

func (s *Service) migrate(ctx context.Context, tx *db.Tx, plan Plan, version int, d Definition) error {
	cal, err := s.Setting.Calendar(ctx, int64(plan.DepartmentID))
	if err != nil {
		return err
	}
	steps, err := stepsOf(ctx, tx, plan.PatientID, plan.ID)
	if err != nil {
		return err
	}
	have := map[string]bool{}
	for _, st := range steps {
		have[st.Key] = true
		if _, still := d.Step(st.Key); !still && st.State == StepPending {
			st.State, st.Outcome, st.DoneAt = StepCancelled, "migrated", tx.Now
			if err := updateStep(ctx, tx, st); err != nil {
				return err
			}
		}
	}
	today := s.DB.Clock().Date(tx.Now)
	if err := s.addMissing(ctx, tx, plan, d, cal, have, today); err != nil {
		return err
	}
	if err := setPlanVersion(ctx, tx, plan, version); err != nil {
		return err
	}
	return s.replan(ctx, tx, plan, d, plan.Day0)
}

func (s *Service) addMissing(ctx context.Context, tx *db.Tx, plan Plan, d Definition, cal setting.Calendar, have map[string]bool, today clock.Date) error {
	for _, p := range Schedule(d, plan.Day0, cal) {
		if have[p.Key] || p.Lapsed(today) {
			continue
		}
		if err := insertStep(ctx, tx, s.newStep(tx, plan, d, p, today)); err != nil {
			return err
		}
	}
	return nil
}

// TemplateBrief tells what a diagnosis would start.
type TemplateBrief struct {
	TemplateID TemplateID
	Name       string
	Steps      int
}

// PlansFor lists the active templates that a diagnosis with this code and name in these groups would start (PT-08).
func (s *Service) PlansFor(ctx context.Context, code, name string, groups []visit.GroupID) ([]TemplateBrief, error) {
	if err := access.Need(ctx, PermReadTemplates); err != nil {
		return nil, err
	}
	templates, err := s.active(ctx)
	out := []TemplateBrief{}
	today := s.DB.Clock().Today()
	for _, t := range templates {
		for _, tr := range t.Triggers {
			tr.DepartmentID, tr.Classes = 0, nil
			h := Happening{Class: "IMP", Started: today, Discharged: today, Diagnoses: []Coded{{code, name, today}}, Groups: groups}
			if _, ok := tr.Anchor(h); ok && (tr.Kind == KindCondition || tr.Code != "" || tr.Name != "" || tr.GroupID != 0) {
				out = append(out, TemplateBrief{t.Template.ID, t.Template.Name, len(t.Steps)})
				break
			}
		}
	}
	return out, err
}
