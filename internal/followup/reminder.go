package followup

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"renxin/internal/booking"
	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/staff"
)

// Reminder is the message before an appointment (SM-20).
type Reminder struct {
	ID            ReminderID
	PatientID     patient.ID
	AppointmentID booking.AppointmentID
	DepartmentID  staff.DepartmentID
	StartsAt      clock.Instant
	SendAt        clock.Instant
	Hours         int    // the department's "send so long before" when it was planned
	State         string // pending sent cancelled skipped
	MessageID     message.ID
	UpdatedAt     clock.Instant
}

// The hours of the day in which reminders leave, and the least time before the appointment at which one still helps.
const (
	reminderFrom  = 8
	reminderTo    = 20
	reminderLeast = 30 * time.Minute
)

// RemindAt is when the reminder of an appointment at starts leaves: hours before it, but between 8 and 20 o'clock; a time in the night moves
// to the evening before. False when hours is 0, the reminder being switched off.
func RemindAt(starts clock.Instant, hours int, c *clock.Clock) (clock.Instant, bool) {
	if hours <= 0 {
		return 0, false
	}
	at := starts.Add(-time.Duration(hours) * time.Hour)
	day := c.Date(at)
	switch h := c.Local(at).Hour(); {
	case h < reminderFrom:
		return c.On(day.Add(-1), reminderTo-1, 0), true
	case h >= reminderTo:
		return c.On(day, reminderTo-1, 0), true
	}
	return at, true
}

// remind plans, moves or withdraws the reminder of an appointment.
func (s *Service) remind(ctx context.Context, p patient.ID, id booking.AppointmentID) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := s.Patient.Resolve(ctx, p)
		if err != nil {
			return err
		}
		a, err := s.Booking.Find(ctx, p, id)
		if fault.Is(err, fault.NotFound) {
			return nil // two records had told of the same appointment; the one that stayed has its own reminder
		}
		if err != nil {
			return err
		}
		return s.planReminder(ctx, tx, a)
	})
}

func (s *Service) planReminder(ctx context.Context, tx *db.Tx, a booking.Appointment) error {
	old, known, err := reminderOf(ctx, tx, a.PatientID, a.ID)
	if err != nil {
		return err
	}
	r := old
	r.PatientID, r.AppointmentID, r.DepartmentID, r.UpdatedAt = a.PatientID, a.ID, a.DepartmentID, tx.Now
	r.Hours = s.Setting.Int(ctx, setReminderHours, int64(a.DepartmentID))
	at, on := RemindAt(a.StartsAt, r.Hours, s.DB.Clock())
	moved := known && old.StartsAt != a.StartsAt
	switch {
	case a.State != booking.StateBooked || !on:
		if !known || old.State != "pending" && old.State != "sent" {
			return nil
		}
		if old.State == "sent" { // what already left stays; what still waits in the outbox does not
			taken, err := s.Message.CancelByKey(ctx, old.messageKey())
			if err != nil || taken == 0 {
				return err
			} // else it never left, and is sent after all when the appointment is taken up again
		}
		r.State = "cancelled"
	case known && old.State == "sent" && !moved:
		return nil // only what is pending is planned anew
	default:
		r.State = "pending"
	}
	r.StartsAt, r.SendAt = a.StartsAt, at
	if r.State == "pending" && r.SendAt <= tx.Now && a.StartsAt.Sub(tx.Now) < reminderLeast {
		r.State = "skipped"
	}
	if !known {
		r.ID = db.New[reminderKind](s.DB)
		return insertReminder(ctx, tx, r)
	}
	return updateReminder(ctx, tx, r)
}

func (r Reminder) messageKey() string { return fmt.Sprintf("remind:%s:%d:", r.ID, r.StartsAt) }

// RunReminders sends the reminders whose time has come, each once for each time of its appointment.
func (s *Service) RunReminders(ctx context.Context) (int, error) {
	total := 0
	for total < dueMost {
		due, err := dueReminders(ctx, s.read(ctx), s.DB.Clock().Now(), dueChunk)
		if err != nil || len(due) == 0 {
			return total, err
		}
		err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			for _, r := range due {
				err := tx.Savepoint(ctx, func(ctx context.Context) error { return s.sendReminder(ctx, tx, r) })
				if err == nil {
					continue
				}
				slog.Error("appointment reminder", "reminder", int64(r.ID), "error", err)
				r.SendAt, r.UpdatedAt = tx.Now.Add(putOffFor), tx.Now
				if err := updateReminder(ctx, tx, r); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return total, err
		}
		total += len(due)
	}
	return total, nil
}

func (s *Service) sendReminder(ctx context.Context, tx *db.Tx, seen Reminder) error {
	r, ok, err := reminderOf(ctx, tx, seen.PatientID, seen.AppointmentID)
	if err != nil || !ok || r.State != "pending" || r.SendAt > tx.Now {
		return err
	}
	a, err := s.Booking.Find(ctx, r.PatientID, r.AppointmentID)
	if err != nil && !fault.Is(err, fault.NotFound) { // one that a merge took away is nothing to be reminded of
		return err
	}
	r.UpdatedAt, r.State = tx.Now, "skipped"
	if a.State == booking.StateBooked && a.StartsAt.Sub(tx.Now) >= reminderLeast {
		params, err := s.reminderParams(ctx, a)
		if err != nil {
			return err
		}
		r.MessageID, err = s.Message.Send(access.AsSystem(ctx, "followup"), message.Draft{PatientID: r.PatientID, Channel: string(ChannelSMS), Purpose: "notice",
			Text:   "{{name}}您好，您预约了{{date}}{{time}}到{{department}}就诊，请提前15分钟到院。如不能前来请及时取消预约。",
			Params: params, Key: r.messageKey(), Room: "followup", Ref: int64(r.ID)})
		if err != nil {
			return err
		}
		r.State = "sent"
	}
	return updateReminder(ctx, tx, r)
}

func (s *Service) reminderParams(ctx context.Context, a booking.Appointment) (map[string]string, error) {
	v, err := s.params(ctx, Plan{DepartmentID: a.DepartmentID}, PlanStep{Date: a.Date})
	if err == nil {
		v["time"] = s.DB.Clock().Local(a.StartsAt).Format("15:04")
	}
	return v, err
}

// replanReminders plans the pending reminders of a department (0 = of all) anew after its lead changed; what was sent stays sent.
func (s *Service) replanReminders(ctx context.Context, department int64) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var afterAt clock.Instant
		var afterID booking.AppointmentID
		for {
			list, err := s.Booking.Upcoming(ctx, tx.Now, afterAt, afterID, 500)
			if err != nil {
				return err
			}
			for _, a := range list {
				afterAt, afterID = a.StartsAt, a.ID
				if department != 0 && int64(a.DepartmentID) != department {
					continue
				}
				if err := s.planReminder(ctx, tx, a); err != nil {
					return err
				}
			}
			if len(list) < 500 {
				return nil
			}
		}
	})
}
