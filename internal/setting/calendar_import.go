package setting

import (
	"context"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
)

// DayImport is one list of days that was taken in.
type DayImport struct {
	ID           int64         `json:"-"`
	DepartmentID int64         `json:"-"`
	FirstDay     clock.Date    `json:"first_day"`
	LastDay      clock.Date    `json:"last_day"`
	OffDays      int           `json:"off_days"`
	WorkDays     int           `json:"work_days"`
	At           clock.Instant `json:"at"`
	ByName       string        `json:"by_name"`
}

// DayImports lists what was taken in for a department (0 = hospital), newest first, at most 50.
func (s *Service) DayImports(ctx context.Context, department int64) ([]DayImport, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return nil, err
	}
	return dayImports(ctx, s.DB.Read(ctx), department)
}

// CalendarWith is Calendar as it would be after ImportDays of a list for a department (0 = hospital): for a look before it is done.
func (s *Service) CalendarWith(ctx context.Context, department, imported int64, days []CalendarDay) (Calendar, error) {
	rows, err := daysOf(ctx, s.DB.Read(ctx), department)
	if err != nil {
		return Calendar{}, err
	}
	first, last := span(days)
	lists := map[bool][]CalendarDay{} // by whether they are the department's own
	for _, r := range rows {
		if r.DepartmentID != imported || r.Day < first || r.Day > last {
			lists[r.DepartmentID != 0] = append(lists[r.DepartmentID != 0], r.listed())
		}
	}
	if imported == 0 || imported == department {
		lists[imported != 0] = append(lists[imported != 0], days...)
	}
	return NewCalendar(closedDays(s.Text(ctx, CalendarClosed.Key, department)), StatutoryDays(), lists[false], lists[true]), nil
}

// span is the first and the last date of a list.
func span(days []CalendarDay) (first, last clock.Date) {
	for i, d := range days {
		if i == 0 {
			first, last = d.Date, d.Date
		}
		first, last = min(first, d.Date), max(last, d.Date)
	}
	return first, last
}

func importOf(department int64, days []CalendarDay) DayImport {
	d := DayImport{DepartmentID: department}
	d.FirstDay, d.LastDay = span(days)
	for _, x := range days {
		if x.Kind == DayWork {
			d.WorkDays++
		} else {
			d.OffDays++
		}
	}
	return d
}
