// Package booking keeps appointments as the HIS tells them (预约): booked, moved, cancelled, missed, arrived, with their history.
package booking

import (
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

// PermRead allows to see appointments.
const PermRead access.Permission = "booking.appointment.read"

// Permissions lists them for the role editor.
var Permissions = []access.Permission{PermRead}

type appointmentKind struct{}

// Prefix implements db.Kind.
func (appointmentKind) Prefix() string { return "ap" }

// AppointmentID identifies an appointment.
type AppointmentID = db.ID[appointmentKind]

// Deps is what the room needs.
type Deps struct {
	DB      *db.DB
	Board   *event.Board
	Staff   *staff.Service
	Patient *patient.Service
	Visit   *visit.Service
}

// Service is the room.
type Service struct{ Deps }

// New makes the room, declares its facts and closes appointments when their visit arrives.
func New(d Deps) *Service {
	declare(d.Board)
	d.Patient.Declare(patient.Table{Name: "booking_appointment", Key: []string{"id"}, Unique: [][]string{{"issuer", "number"}}})
	d.Patient.Declare(patient.Table{Name: "booking_change", Key: []string{"id"}})
	s := &Service{d}
	event.On(d.Board, "booking.on_visit", s.onVisit)
	return s
}
