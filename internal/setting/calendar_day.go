package setting

import (
	"context"
	"strconv"
	"strings"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// CalendarClosed is the setting that holds the weekdays on which a department is closed: digits 1 (Monday) to 7 (Sunday) separated by
// commas; empty, the default, is open every day. The room that plans by calendar defines it at wiring.
var CalendarClosed = Definition{Key: "setting.calendar.closed", Kind: Text, Default: "", PerDepartment: true}

// Calendar builds a department's calendar (0 = hospital): the legal holidays that ship with the product, the hospital's imported days over
// them, the department's own over those, and the weekdays on which it is closed.
func (s *Service) Calendar(ctx context.Context, department int64) (Calendar, error) {
	rows, err := daysOf(ctx, s.DB.Read(ctx), department)
	if err != nil {
		return Calendar{}, err
	}
	hospital, own := []CalendarDay{}, []CalendarDay{}
	for _, r := range rows {
		if r.DepartmentID == 0 {
			hospital = append(hospital, r.listed())
		} else {
			own = append(own, r.listed())
		}
	}
	return NewCalendar(closedDays(s.Text(ctx, CalendarClosed.Key, department)), StatutoryDays(), hospital, own), nil
}

// closedDays reads the setting; words that are no weekday are left out.
func closedDays(text string) []time.Weekday {
	var out []time.Weekday
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ' ' || r == '、' || r == '，' }) {
		if n, err := strconv.Atoi(part); err == nil && n >= 1 && n <= 7 {
			out = append(out, time.Weekday(n%7))
		}
	}
	return out
}

// Days lists what a department (0 = hospital) has imported, by date; the shipped legal holidays are not among them.
func (s *Service) Days(ctx context.Context, department int64) ([]CalendarDay, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return nil, err
	}
	rows, err := daysOf(ctx, s.DB.Read(ctx), department)
	out := []CalendarDay{}
	for _, r := range rows {
		if r.DepartmentID == department {
			out = append(out, r.listed())
		}
	}
	return out, err
}

// ImportDays replaces the imported days between the first and the last date of days for a department (0 = hospital); other years stay.
// Plans already made keep their dates until they are re-planned.
func (s *Service) ImportDays(ctx context.Context, department int64, days []CalendarDay) error {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return err
	}
	if len(days) == 0 {
		return fault.New(fault.Invalid, "setting.calendar.empty")
	}
	first, last := span(days)
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := clearDays(ctx, tx, department, first, last); err != nil {
			return err
		}
		for _, d := range days {
			if err := insertDay(ctx, tx, department, d); err != nil {
				return err
			}
		}
		past := importOf(department, days)
		past.ID, past.At, past.ByName = s.DB.NextID(), tx.Now, access.From(ctx).Name
		if err := insertDayImport(ctx, tx, past); err != nil {
			return err
		}
		if err := s.Board.Publish(ctx, Changed{CalendarClosed.Key, department}); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: string(PermUpdate), Entity: "calendar", EntityID: department,
			Detail: map[string]any{"from": first, "to": last, "days": len(days)}})
	})
}

type dayRow struct {
	DepartmentID int64
	Day          clock.Date
	Open         bool
	Name         string
}

func (r dayRow) listed() CalendarDay {
	k := DayOff
	if r.Open {
		k = DayWork
	}
	return CalendarDay{Date: r.Day, Kind: k, Name: r.Name}
}
