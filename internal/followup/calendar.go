package followup

import (
	"context"
	"slices"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
	"renxin/internal/staff"
)

// Moved is one pending step that another calendar would put on another day.
type Moved struct {
	PlanID PlanID     `json:"plan_id"`
	Plan   string     `json:"plan"`
	Step   string     `json:"step"`
	From   clock.Date `json:"from"`
	To     clock.Date `json:"to"`
}

// Moves is what a list of days would do to plans that run: at most 20 of the steps, and how many in all.
type Moves struct {
	Steps int     `json:"steps"`
	Plans int     `json:"plans"`
	Some  []Moved `json:"some"`
}

const (
	// calendarMost bounds how many plans one look or one re-planning goes through.
	calendarMost  = 20_000
	calendarBatch = 200
)

// PreviewDays tells which pending steps would move if a list of days were taken in for a department (0 = hospital).
func (s *Service) PreviewDays(ctx context.Context, department staff.DepartmentID, days []setting.CalendarDay) (Moves, error) {
	if err := access.Need(ctx, setting.PermUpdate); err != nil {
		return Moves{}, err
	}
	return s.shifted(ctx, department, func(d staff.DepartmentID) (setting.Calendar, error) {
		return s.Setting.CalendarWith(ctx, int64(d), int64(department), days)
	}, nil)
}

// PendingMoves tells which pending steps stand on another day than today's calendar puts them.
func (s *Service) PendingMoves(ctx context.Context, department staff.DepartmentID) (Moves, error) {
	if err := access.Need(ctx, setting.PermRead); err != nil {
		return Moves{}, err
	}
	return s.shifted(ctx, department, func(d staff.DepartmentID) (setting.Calendar, error) { return s.Setting.Calendar(ctx, int64(d)) }, nil)
}

// ReplanDays moves every pending step to where today's calendar puts it; what was sent, called or done stays. It is offered after a list of
// days was taken in and never done by itself.
func (s *Service) ReplanDays(ctx context.Context, department staff.DepartmentID) (Moves, error) {
	if err := access.Need(ctx, setting.PermUpdate); err != nil {
		return Moves{}, err
	}
	var plans []Plan
	m, err := s.shifted(ctx, department, func(d staff.DepartmentID) (setting.Calendar, error) { return s.Setting.Calendar(ctx, int64(d)) }, func(p Plan) { plans = append(plans, p) })
	if err != nil {
		return m, err
	}
	for part := range slices.Chunk(plans, calendarBatch) {
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			for _, p := range part {
				d, err := s.definition(ctx, p.TemplateID, p.TemplateVersion)
				if err != nil {
					return err
				}
				if err := s.replan(ctx, tx, p, d, p.Day0); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return m, err
		}
	}
	return m, s.DB.Tx(ctx, func(ctx context.Context, _ *db.Tx) error {
		return s.Trail.Append(ctx, trail.Entry{Action: "followup.plan.recalendar", Entity: "calendar", EntityID: int64(department), Detail: map[string]any{"steps": m.Steps, "plans": m.Plans}})
	})
}

// shifted compares the pending steps of running plans with what a calendar makes of them; each hears of every plan that differs.
func (s *Service) shifted(ctx context.Context, department staff.DepartmentID, calendar func(staff.DepartmentID) (setting.Calendar, error), each func(Plan)) (Moves, error) {
	m := Moves{Some: []Moved{}}
	calendars := map[staff.DepartmentID]setting.Calendar{}
	for after, seen := PlanID(0), 0; seen < calendarMost; {
		plans, err := runningPlans(ctx, s.read(ctx), department, after, calendarBatch)
		if err != nil || len(plans) == 0 {
			return m, err
		}
		after, seen = plans[len(plans)-1].ID, seen+len(plans)
		steps, err := pendingSteps(ctx, s.read(ctx), plans)
		if err != nil {
			return m, err
		}
		for _, p := range plans {
			cal, ok := calendars[p.DepartmentID]
			if !ok {
				if cal, err = calendar(p.DepartmentID); err != nil {
					return m, err
				}
				calendars[p.DepartmentID] = cal
			}
			if err := s.compare(ctx, &m, p, steps[p.ID], cal, each); err != nil {
				return m, err
			}
		}
	}
	return m, nil
}

func (s *Service) compare(ctx context.Context, m *Moves, p Plan, steps map[string]PlanStep, cal setting.Calendar, each func(Plan)) error {
	d, err := s.definition(ctx, p.TemplateID, p.TemplateVersion)
	if err != nil {
		return err
	}
	n := 0
	for _, x := range Schedule(d, p.Day0, cal) {
		st, ok := steps[x.Key]
		if !ok || st.Date == x.Date {
			continue
		}
		if n++; len(m.Some) < 20 {
			m.Some = append(m.Some, Moved{p.ID, p.Name, st.Title, st.Date, x.Date})
		}
	}
	if n > 0 {
		m.Steps, m.Plans = m.Steps+n, m.Plans+1
		if each != nil {
			each(p)
		}
	}
	return nil
}
