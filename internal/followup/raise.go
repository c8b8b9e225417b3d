package followup

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/staff"
)

// onAnswered writes a coded reply to its step and raises a flag when the answer is one (FU-24).
func (s *Service) onAnswered(ctx context.Context, f message.Answered) error {
	if f.Room != "followup" {
		return nil
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := s.Patient.Resolve(ctx, f.PatientID)
		if err != nil {
			return err
		}
		st, ok, err := oneStep(ctx, tx, p, StepID(f.Ref))
		if err != nil || !ok {
			return err
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
		choice, known := def.Choice(f.Code)
		if !known {
			return nil
		}
		if !f.Provisional {
			st.Answer = choice.Code
			if st.State == StepSent && st.Kind == StepMessage {
				err = s.settle(ctx, tx, st, StepDone, "answered")
			} else {
				err = updateStep(ctx, tx, st)
			}
			if err != nil {
				return err
			}
		}
		if choice.Severity == SeverityNone {
			return nil
		}
		return s.raise(ctx, tx, flag{plan: plan, step: st, severity: choice.Severity, incoming: f.IncomingID, messageID: f.MessageID,
			code: choice.Code, label: choice.Label, provisional: f.Provisional, patient: p})
	})
}

// onReceived looks at answers that nobody could code: words of alarm raise a provisional flag.
func (s *Service) onReceived(ctx context.Context, f message.Received) error {
	if f.PatientID == 0 {
		return nil
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := s.Patient.Resolve(ctx, f.PatientID)
		if err != nil {
			return err
		}
		in, ok, err := heard(ctx, tx, f.IncomingID)
		if err != nil || !ok || in.State == "coded" || !Alarming(in.Text) {
			return err
		}
		plan := Plan{PatientID: p}
		if active, err := plansOfPatient(ctx, tx, p, PlanActive); err != nil {
			return err
		} else if len(active) > 0 {
			plan = active[0]
		}
		return s.raise(ctx, tx, flag{plan: plan, severity: SeverityMild, incoming: f.IncomingID, provisional: true, patient: p})
	})
}

// flag is what a red flag is made of.
type flag struct {
	patient     patient.ID
	plan        Plan
	step        PlanStep
	severity    Severity
	incoming    message.IncomingID // 0 when a caller heard it
	messageID   message.ID
	code, label string
	text        string
	provisional bool
	key         string // default: the incoming message
}

// raise opens a red-flag task once per answer: owner, acknowledge-by time and the ladder's clock.
func (s *Service) raise(ctx context.Context, tx *db.Tx, f flag) error {
	if f.key == "" {
		f.key = fmt.Sprintf("flag:%s", f.incoming)
	}
	t := Task{PatientID: f.patient, PlanID: f.plan.ID, StepID: f.step.ID, EncounterID: f.plan.EncounterID, DepartmentID: f.plan.DepartmentID, Kind: TaskFlag,
		Key: f.key, Title: f.label, Source: f.plan.Name, Severity: f.severity, Provisional: f.provisional, RaisedAt: tx.Now, MessageID: f.messageID,
		IncomingID: f.incoming, AnswerCode: f.code, AnswerLabel: f.label, AnswerText: f.text, AnsweredAt: tx.Now}
	if f.incoming != 0 {
		in, ok, err := heard(ctx, tx, f.incoming)
		if err != nil {
			return err
		}
		if ok {
			t.AnswerText, t.AnsweredAt = in.Text, in.ReceivedAt
		}
	}
	if t.Title == "" {
		t.Title = firstLine(t.AnswerText, 20)
	}
	ack := s.ackWithin(ctx, f.severity, f.plan.DepartmentID)
	t.AckBy = tx.Now.Add(ack)
	t.DueAt, t.ClimbAt = t.AckBy, t.AckBy
	if _, err := taskByKey(ctx, tx, t.PatientID, t.Key); !fault.Is(err, fault.NotFound) {
		return err // raised already
	}
	id, err := s.addTask(ctx, tx, t, RoleNurse)
	if err != nil {
		return err
	}
	if t, err = oneTask(ctx, tx, id); err != nil {
		return err
	}
	if err := s.note(ctx, tx, t, "raised", t.AnswerText, ""); err != nil {
		return err
	}
	return s.Board.Publish(ctx, Flagged{t.PatientID, t.ID, t.OwnerID, t.Severity})
}

// ackWithin is the department's clock for a severity.
func (s *Service) ackWithin(ctx context.Context, sev Severity, d staff.DepartmentID) time.Duration {
	return time.Duration(s.Setting.Int(ctx, setAck+strconv.Itoa(int(sev)), int64(d))) * time.Minute
}

// Escalate lets every flag climb whose time passed without a human: to the head nurse, the doctor, the head of the department. It tells
// how many climbed.
func (s *Service) Escalate(ctx context.Context) (int, error) {
	n := 0
	var failed error
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, failed = 0, nil
		tasks, err := climbing(ctx, tx, tx.Now, 200)
		if err != nil || len(tasks) == 0 {
			return err
		}
		c, err := s.crew(ctx, tx)
		if err != nil {
			return err
		}
		for _, t := range tasks { // a flag that cannot climb must not hold back the others
			if err := tx.Savepoint(ctx, func(ctx context.Context) error { return s.climb(ctx, tx, c, t) }); err != nil {
				failed = errors.Join(failed, fmt.Errorf("flag %s: %w", t.ID, err))
				continue
			}
			n++
		}
		return nil
	})
	return n, errors.Join(err, failed)
}

func (s *Service) climb(ctx context.Context, tx *db.Tx, c *crew, t Task) error {
	ladder := Ladder(t.AckBy.Sub(t.RaisedAt))
	t.Rung = RungAt(ladder, t.RaisedAt, tx.Now)
	t.ClimbAt, _ = NextRungAt(ladder, t.RaisedAt, t.Rung)
	role := ladder[t.Rung].Role
	of, _, err := s.caseOf(ctx, t)
	if err != nil {
		return err
	}
	rules := []AssignRule{{Roles: []string{role}, Within: true}, {Roles: []string{role}}}
	who, found := Assign(rules, c.people, of)
	if found && who.Rule >= 0 {
		if t.WatcherID == 0 && who.Staff != t.OwnerID {
			t.WatcherID = t.OwnerID
		}
		t.OwnerID = who.Staff
	} // nobody of that post is present: the flag stays with its owner and stands on the team's list of escalated ones
	if err := updateTask(ctx, tx, t); err != nil {
		return err
	}
	names, err := s.Staff.Names(ctx, []staff.ID{t.OwnerID})
	if err != nil {
		return err
	}
	if err := s.note(ctx, tx, t, "escalated", names[t.OwnerID], ""); err != nil {
		return err
	}
	if err := s.granted(ctx, t); err != nil {
		return err
	}
	return s.Board.Publish(ctx, Escalated{t.PatientID, t.ID, t.OwnerID, t.Severity, t.Rung})
}

// Acknowledge says that a human has seen the flag: its clock stops. A flag seen by another person becomes that person's.
func (s *Service) Acknowledge(ctx context.Context, id TaskID) (Task, error) {
	return s.change(ctx, id, PermWork, func(ctx context.Context, tx *db.Tx, t *Task) error {
		if t.Kind != TaskFlag || t.AcknowledgedAt != 0 {
			return fault.New(fault.Conflict, "followup.flag.seen")
		}
		me := staff.ID(access.From(ctx).StaffID)
		t.AcknowledgedAt, t.AcknowledgedBy, t.ClimbAt = tx.Now, me, 0
		if me != 0 {
			t.OwnerID = me
		}
		if err := updateTask(ctx, tx, *t); err != nil {
			return err
		}
		return s.note(ctx, tx, *t, "acknowledged", "", "")
	})
}
