package desk

import (
	"context"

	"renxin/internal/booking"
	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/staff"
)

// AppointmentRow is an appointment as lists show it.
type AppointmentRow struct {
	ID         booking.AppointmentID `json:"id"`
	Number     string                `json:"number"`
	State      booking.State         `json:"state"`
	Department string                `json:"department"`
	Doctor     string                `json:"doctor"`
	StartsAt   clock.Instant         `json:"starts_at"`
	EndsAt     clock.Instant         `json:"ends_at"`
	Reason     string                `json:"reason"`
}

// BookingRoutes are the paths of appointments.
func BookingRoutes(s *booking.Service) Routes {
	return func(d *Door) {
		add(d, Route{Method: "GET", Path: "/api/v1/patients/{id}/appointments", Permission: booking.PermRead, Text: "A patient's appointments, newest first"},
			func(ctx context.Context, in *struct {
				ID     patient.ID `path:"id"`
				Cursor string     `query:"cursor"`
				Limit  int        `query:"limit"`
			}) (db.Page[AppointmentRow], error) {
				return appointmentPage(ctx, s, in.ID, in.Cursor, in.Limit)
			})
	}
}

func appointmentPage(ctx context.Context, s *booking.Service, p patient.ID, cursor string, limit int) (db.Page[AppointmentRow], error) {
	page, err := s.List(ctx, p, cursor, limit)
	if err != nil {
		return db.Page[AppointmentRow]{}, err
	}
	ids := make([]staff.DepartmentID, len(page.Items))
	for i, a := range page.Items {
		ids[i] = a.DepartmentID
	}
	names, err := s.Staff.DepartmentNames(ctx, ids)
	out := db.Page[AppointmentRow]{Items: []AppointmentRow{}, Next: page.Next, Total: page.Total}
	for _, a := range page.Items {
		out.Items = append(out.Items, AppointmentRow{a.ID, a.Number, a.State, names[a.DepartmentID], a.DoctorName, a.StartsAt, a.EndsAt, a.Reason})
	}
	return out, err
}
