package desk

import (
	"context"
	"errors"
	"strings"

	"renxin/internal/followup"
	"renxin/internal/platform/fault"
	"renxin/internal/setting"
	"renxin/internal/staff"
)

// CalendarDays are a department's imported days (none = the hospital's), the legal holidays that ship with the product, and what was taken
// in before.
type CalendarDays struct {
	Days    []setting.CalendarDay `json:"days"`
	Legal   []setting.CalendarDay `json:"legal"`
	Imports []setting.DayImport   `json:"imports"`
}

// CalendarInput is a list of days as pasted.
type CalendarInput struct {
	DepartmentID staff.DepartmentID `json:"department_id"`
	Text         string             `json:"text"`
}

// CalendarPreview is what a list holds and what it would move.
type CalendarPreview struct {
	Days  []setting.CalendarDay `json:"days"`
	Moves followup.Moves        `json:"moves"`
}

func (in CalendarInput) days() ([]setting.CalendarDay, error) {
	days, err := setting.ParseCalendarDays(strings.NewReader(in.Text))
	if bad, ok := errors.AsType[*setting.LineError](err); ok {
		return nil, fault.New(fault.Invalid, "setting.calendar.line", "line", bad.Line).With("text", "setting.calendar."+bad.Reason, "line", bad.Line)
	}
	if err == nil && len(days) == 0 {
		err = fault.New(fault.Invalid, "setting.calendar.empty").With("text", "setting.calendar.empty")
	}
	return days, err
}

// CalendarRoutes are the paths of calendars: what is there, a look at a list before it is taken in, and what it moves.
func CalendarRoutes(s *setting.Service, f *followup.Service) Routes {
	look := func(ctx context.Context, id staff.DepartmentID) (CalendarDays, error) {
		days, err := s.Days(ctx, int64(id))
		if err != nil {
			return CalendarDays{}, err
		}
		past, err := s.DayImports(ctx, int64(id))
		return CalendarDays{days, setting.StatutoryDays(), append([]setting.DayImport{}, past...)}, err
	}
	return func(d *Door) {
		add(d, Route{Method: "GET", Path: "/api/v1/calendar", Permission: setting.PermRead, Text: "Days off and make-up workdays that were imported, and the legal holidays that ship"},
			func(ctx context.Context, in *struct {
				DepartmentID staff.DepartmentID `query:"department_id"`
			}) (CalendarDays, error) {
				return look(ctx, in.DepartmentID)
			})
		add(d, Route{Method: "POST", Path: "/api/v1/calendar", Permission: setting.PermUpdate, Text: "Import a list of days: date,kind,name,source with kind off or work"},
			func(ctx context.Context, in *struct{ Body CalendarInput }) (CalendarDays, error) {
				days, err := in.Body.days()
				if err == nil {
					err = s.ImportDays(ctx, int64(in.Body.DepartmentID), days)
				}
				if err != nil {
					return CalendarDays{}, err
				}
				return look(ctx, in.Body.DepartmentID)
			})
		add(d, Route{Method: "POST", Path: "/api/v1/calendar/preview", Permission: setting.PermUpdate, Text: "What a list of days holds and which pending steps it would move"},
			func(ctx context.Context, in *struct{ Body CalendarInput }) (CalendarPreview, error) {
				days, err := in.Body.days()
				if err != nil {
					return CalendarPreview{}, err
				}
				m, err := f.PreviewDays(ctx, in.Body.DepartmentID, days)
				return CalendarPreview{days, m}, err
			})
		add(d, Route{Method: "GET", Path: "/api/v1/calendar/moves", Permission: setting.PermRead, Text: "Pending steps that stand on another day than the calendar puts them"},
			func(ctx context.Context, in *struct {
				DepartmentID staff.DepartmentID `query:"department_id"`
			}) (followup.Moves, error) {
				return f.PendingMoves(ctx, in.DepartmentID)
			})
		add(d, Route{Method: "POST", Path: "/api/v1/calendar/replan", Permission: setting.PermUpdate, Text: "Move pending steps to where the calendar puts them"},
			func(ctx context.Context, in *struct {
				Body struct {
					DepartmentID staff.DepartmentID `json:"department_id"`
				}
			}) (followup.Moves, error) {
				return f.ReplanDays(ctx, in.Body.DepartmentID)
			})
	}
}
