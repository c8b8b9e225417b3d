package followup

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"renxin/internal/consent"
	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

const (
	dueChunk  = 50               // steps in one transaction, so that others can write between
	dueMost   = 20_000           // steps in one run of the job, so that it gives a sign of life
	putOffFor = 10 * time.Minute // after a step that failed
)

// RunDue does every step whose time has come: sends its message through the message room, or puts its task on a worklist. It tells how many
// steps it handled. A step changes state and hands over in one transaction, and the message room takes each step's key once, so that
// stopping and starting anywhere in between doubles nothing (FU-06).
func (s *Service) RunDue(ctx context.Context) (int, error) {
	total := 0
	for total < dueMost {
		due, err := dueSteps(ctx, s.read(ctx), s.DB.Clock().Now(), dueChunk)
		if err != nil || len(due) == 0 {
			return total, err
		}
		if err := s.actAll(ctx, due); err != nil {
			return total, err
		}
		total += len(due)
	}
	return total, nil
}

// actAll does one chunk; a step that fails is undone alone and tried again later, so that it holds up nobody.
func (s *Service) actAll(ctx context.Context, due []PlanStep) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, st := range due {
			err := tx.Savepoint(ctx, func(ctx context.Context) error { return s.act(ctx, tx, st) })
			if err == nil {
				continue
			}
			slog.Error("follow-up step", "step", int64(st.ID), "error", err)
			st.ActAt = tx.Now.Add(putOffFor)
			if err := updateStep(ctx, tx, st); err != nil {
				return err
			}
		}
		return nil
	})
}

// act does what the step's day demands, once.
func (s *Service) act(ctx context.Context, tx *db.Tx, seen PlanStep) error {
	st, ok, err := oneStep(ctx, tx, seen.PatientID, seen.ID)
	if err != nil || !ok || st.State != seen.State || st.ActAt > tx.Now {
		return err // somebody else did it meanwhile
	}
	plan, err := onePlan(ctx, tx, st.PlanID)
	if err != nil {
		return err
	}
	d, err := s.definition(ctx, plan.TemplateID, plan.TemplateVersion)
	if err != nil {
		return err
	}
	def, ok := d.Step(st.Key)
	if !ok {
		return s.settle(ctx, tx, st, StepCancelled, "migrated")
	}
	if st.State == StepSent {
		return s.afterMessage(ctx, tx, plan, st, def)
	}
	if s.DB.Clock().Date(tx.Now) > st.Until {
		return s.settle(ctx, tx, st, StepSkipped, "too_late")
	}
	return s.take(ctx, tx, plan, st, def)
}

// take uses the channel of the step's rung.
func (s *Service) take(ctx context.Context, tx *db.Tx, plan Plan, st PlanStep, def Step) error {
	channels := def.Channels()
	if st.Rung >= len(channels) {
		return s.settle(ctx, tx, st, StepSkipped, "unreachable")
	}
	if channels[st.Rung] == ChannelCall {
		return s.openTask(ctx, tx, plan, st, def)
	}
	if at, wait := s.untilWindow(tx.Now, def.Window); wait {
		st.ActAt = at
		return updateStep(ctx, tx, st)
	}
	return s.send(ctx, tx, plan, st, def)
}

// untilWindow tells when the window opens next if it is not open now.
func (s *Service) untilWindow(now clock.Instant, w Window) (clock.Instant, bool) {
	local := s.DB.Clock().Local(now)
	if w.Contains(local) {
		return now, false
	}
	today := s.DB.Clock().Date(now)
	if at := s.at(today, w.From); at > now {
		return at, true
	}
	return s.at(today.Add(1), w.From), true
}

// messageKey is the step's key in the message room: however often the step is tried, one message leaves.
func (st PlanStep) messageKey() string { return fmt.Sprintf("followup:%s:%d", st.ID, st.Rung) }

func (s *Service) send(ctx context.Context, tx *db.Tx, plan Plan, st PlanStep, def Step) error {
	params, err := s.params(ctx, plan, st)
	if err != nil {
		return err
	}
	draft := message.Draft{PatientID: st.PatientID, Channel: string(ChannelSMS), Purpose: consent.Purpose(def.purpose()), Text: def.Text, Params: params,
		Key: st.messageKey(), Room: "followup", Ref: int64(st.ID)}
	if len(def.Codes) > 0 {
		q := &message.Question{ExpiresAt: tx.Now.Add(time.Duration(def.AnswerHours()) * time.Hour), Room: "followup", Ref: int64(st.ID)}
		for _, c := range def.Codes {
			q.Codes, q.Labels = append(q.Codes, c.Code), append(q.Labels, c.Label)
		}
		draft.Question = q
	}
	id, err := s.Message.Send(access.AsSystem(ctx, "followup"), draft)
	if err != nil {
		return err
	}
	st.State, st.MessageID, st.MessageState = StepSent, int64(id), "queued"
	st.ActAt = s.DB.Clock().On(max(st.Date, s.DB.Clock().Date(tx.Now)).Add(1), 0, 0)
	if def.Kind == StepReview && len(def.Channels()) <= st.Rung+1 {
		st.ActAt = s.DB.Clock().On(st.Until.Add(1), 0, 0)
	}
	if err := updateStep(ctx, tx, st); err != nil {
		return err
	}
	return refreshPlan(ctx, tx, st.PatientID, st.PlanID)
}

// params fills a step's text; the name is the message room's.
func (s *Service) params(ctx context.Context, plan Plan, st PlanStep) (map[string]string, error) {
	department := ""
	if plan.DepartmentID != 0 {
		names, err := s.Staff.DepartmentNames(ctx, []staff.DepartmentID{plan.DepartmentID})
		if err != nil {
			return nil, err
		}
		department = names[plan.DepartmentID]
	}
	if department == "" {
		department = "相关科室"
	}
	d := st.Date.Time()
	weekday := []string{"日", "一", "二", "三", "四", "五", "六"}[d.Weekday()]
	return map[string]string{"department": department, "hospital": s.Setting.Text(ctx, "setting.hospital.name", 0),
		"date": fmt.Sprintf("%d月%d日（周%s）", d.Month(), d.Day(), weekday)}, nil
}

// afterMessage is what a step does when the day after its message has come.
func (s *Service) afterMessage(ctx context.Context, tx *db.Tx, plan Plan, st PlanStep, def Step) error {
	if def.Kind != StepReview {
		return s.settle(ctx, tx, st, StepDone, "sent")
	}
	if s.DB.Clock().Date(tx.Now) <= st.Until && st.Rung+1 < len(def.Channels()) {
		st.Rung++ // not come back yet: the next channel
		return s.take(ctx, tx, plan, st, def)
	}
	return s.settle(ctx, tx, st, StepDone, "not_returned")
}

// settle ends a step.
func (s *Service) settle(ctx context.Context, tx *db.Tx, st PlanStep, state, outcome string) error {
	st.State, st.DoneAt = state, tx.Now
	if outcome != "" && st.Outcome == "" {
		st.Outcome = outcome
	}
	if err := updateStep(ctx, tx, st); err != nil {
		return err
	}
	return refreshPlan(ctx, tx, st.PatientID, st.PlanID)
}

// onMessage follows the fate of a step's message: what cannot be delivered goes to the next channel at once.
func (s *Service) onMessage(ctx context.Context, p patient.ID, messageID int64, state string) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := s.Patient.Resolve(ctx, p)
		if err != nil {
			return err
		}
		st, ok, err := stepOfMessage(ctx, tx, p, messageID)
		if err != nil || !ok {
			return err
		}
		st.MessageState = state
		if state != "failed" && state != "blocked" || st.State != StepSent {
			if st.State == StepSent && st.Kind == StepMessage && state == "delivered" {
				return s.settle(ctx, tx, st, StepDone, "sent")
			}
			return updateStep(ctx, tx, st)
		}
		plan, err := onePlan(ctx, tx, st.PlanID)
		if err != nil {
			return err
		}
		d, err := s.definition(ctx, plan.TemplateID, plan.TemplateVersion)
		if err != nil {
			return err
		}
		def, _ := d.Step(st.Key)
		st.Rung++
		if st.Rung < len(def.Channels()) {
			return s.take(ctx, tx, plan, st, def)
		}
		if st.Kind == StepReview { // the patient may come back all the same
			return updateStep(ctx, tx, st)
		}
		return s.settle(ctx, tx, st, StepDone, "undelivered")
	})
}

// returned fulfils the patient's review steps when a visit arrives within their time (FU-09's half of FU-03): a visit of the plan's own
// department, another one than the plan's encounter, no more than two weeks before the day.
func (s *Service) returned(ctx context.Context, p patient.ID, e visit.EncounterID) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := s.Patient.Resolve(ctx, p)
		if err != nil {
			return err
		}
		steps, err := reviewSteps(ctx, tx, p)
		if err != nil || len(steps) == 0 {
			return err
		}
		story, err := s.Visit.Story(ctx, p, e)
		if fault.Is(err, fault.NotFound) || err == nil && story.State == visit.StateCancelled {
			return nil
		}
		if err != nil {
			return err
		}
		day := s.DB.Clock().Date(story.StartedAt)
		for _, st := range steps {
			plan, err := onePlan(ctx, tx, st.PlanID)
			if err != nil {
				return err
			}
			if plan.EncounterID == e || day > st.Until || day < st.Nominal.Add(-reviewEarly) || day <= plan.Day0 ||
				plan.DepartmentID != 0 && story.DepartmentID != 0 && plan.DepartmentID != story.DepartmentID {
				continue
			}
			if err := s.fulfil(ctx, tx, st); err != nil {
				return err
			}
		}
		return nil
	})
}

// reviewEarly is how many days before its date a visit still counts as the review.
const reviewEarly = 14

func (s *Service) fulfil(ctx context.Context, tx *db.Tx, st PlanStep) error {
	if st.State == StepSent {
		if _, err := s.Message.CancelByKey(ctx, st.messageKey()); err != nil {
			return err
		}
	}
	if st.State == StepTask {
		if err := cancelTask(ctx, tx, st.PatientID, st.TaskID, "returned"); err != nil {
			return err
		}
	}
	return s.settle(ctx, tx, st, StepDone, "returned")
}

// script is what the caller reads, with names filled in; what cannot be filled in stays as it was written.
func (s *Service) script(ctx context.Context, t Task, def Step) (string, error) {
	if blank(def.Script) {
		return "", nil
	}
	st := PlanStep{Date: s.DB.Clock().Date(t.DueAt)}
	if t.StepID != 0 {
		found, ok, err := oneStep(ctx, s.read(ctx), t.PatientID, t.StepID)
		if err != nil {
			return "", err
		}
		if ok {
			st = found
		}
	}
	values, err := s.params(ctx, Plan{DepartmentID: t.DepartmentID}, st)
	if err != nil {
		return "", err
	}
	brief, err := s.Patient.Briefs(ctx, []patient.ID{t.PatientID})
	if err != nil {
		return "", err
	}
	values["name"] = brief[t.PatientID].Name
	text, _ := message.Render(def.Script, values)
	return text, nil
}
