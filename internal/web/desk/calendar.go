package desk

import (
	"context"
	"errors"
	"strings"

	"renxin/internal/platform/fault"
	"renxin/internal/setting"
	"renxin/internal/staff"
)

// CalendarDays are a department's imported days (none = the hospital's) and the legal holidays that ship with the product.
type CalendarDays struct {
	Days  []setting.CalendarDay `json:"days"`
	Legal []setting.CalendarDay `json:"legal"`
}

func calendarRoutes(d *Door, s *setting.Service) {
	add(d, Route{Method: "GET", Path: "/api/v1/calendar", Permission: setting.PermRead, Text: "Days off and make-up workdays that were imported, and the legal holidays that ship"},
		func(ctx context.Context, in *struct {
			DepartmentID staff.DepartmentID `query:"department_id"`
		}) (CalendarDays, error) {
			days, err := s.Days(ctx, int64(in.DepartmentID))
			return CalendarDays{days, setting.StatutoryDays()}, err
		})
	add(d, Route{Method: "POST", Path: "/api/v1/calendar", Permission: setting.PermUpdate, Text: "Import a list of days: date,kind,name,source with kind off or work"},
		func(ctx context.Context, in *struct {
			Body struct {
				DepartmentID staff.DepartmentID `json:"department_id"`
				Text         string             `json:"text"`
			}
		}) (CalendarDays, error) {
			days, err := setting.ParseCalendarDays(strings.NewReader(in.Body.Text))
			if bad, ok := errors.AsType[*setting.LineError](err); ok {
				return CalendarDays{}, fault.New(fault.Invalid, "setting.calendar.line", "line", bad.Line).With("text", "setting.calendar."+bad.Reason, "line", bad.Line)
			}
			if err == nil {
				err = s.ImportDays(ctx, int64(in.Body.DepartmentID), days)
			}
			return CalendarDays{days, setting.StatutoryDays()}, err
		})
}
