// Package field keeps custom fields (自定义字段): what a hospital adds to a record by itself, with its type, its rules and its place in the
// form, and the values. No table changes when a field is added; every value stands in field_value, found by index.
package field

import (
	"context"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
	"renxin/internal/staff"
)

// PermUpdate lets a person add and change fields. Who may read and write values is decided by the record's own room and by the field.
const PermUpdate access.Permission = "field.definition.update"

// Permissions lists them for the role editor.
var Permissions = []access.Permission{PermUpdate}

type kind struct{}

// Prefix implements db.Kind.
func (kind) Prefix() string { return "fd" }

// ID is a field's key.
type ID = db.ID[kind]

// Patient is the entity of patients' fields.
const Patient = "patient"

// Entities lists what fields may be added to.
var Entities = []string{Patient}

// Deps is what the room needs.
type Deps struct {
	DB      *db.DB
	Board   *event.Board
	Trail   *trail.Log
	Setting *setting.Service
	Staff   *staff.Service
}

// Service is the room.
type Service struct{ Deps }

// New makes the room.
func New(d Deps) *Service {
	event.Declare[Changed](d.Board)
	return &Service{d}
}

// Changed is published when values of a patient's fields changed; segments listen.
type Changed struct {
	PatientID int64 `json:"patient_id"`
	Fields    []ID  `json:"fields"`
}

// FactName implements event.Fact.
func (Changed) FactName() string { return "field.changed" }

// FactPatient implements event.Fact.
func (f Changed) FactPatient() int64 { return f.PatientID }

// role is the caller's, as fields name it; "" for the system, which sees everything.
func (s *Service) role(ctx context.Context) (string, error) {
	c := access.From(ctx)
	if c.IsSystem() {
		return "", nil
	}
	a, err := s.Staff.Find(ctx, staff.ID(c.StaffID))
	return a.RoleID.String(), err
}
