package booking

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/event"
	"renxin/internal/staff"
)

// TakenBack tells the facts of appointments that the roll-back of an import put back (see patient.TakeBack): one that is gone will not
// take place; another is what it was before.
func (s *Service) TakenBack(ctx context.Context, p patient.ID, list []patient.Reversal) error {
	for _, r := range list {
		if r.Table != "booking_appointment" {
			continue
		}
		row := r.Now
		if row == nil {
			row = r.Was
		}
		a := about{p, AppointmentID(integer(row["id"])), staff.DepartmentID(integer(row["department_id"])), clock.Instant(integer(row["starts_at"]))}
		var f event.Fact = Cancelled{a}
		if r.Now != nil {
			switch row["state"] {
			case StateBooked:
				f = Moved{a}
			case StateMissed:
				f = Missed{a}
			case StateArrived:
				f = Arrived{a}
			}
		}
		if err := s.Board.Publish(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

func integer(v any) int64 {
	n, _ := v.(int64)
	return n
}
