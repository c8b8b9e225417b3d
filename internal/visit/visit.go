// Package visit keeps what the HIS tells about visits (就诊): encounters, diagnoses, procedures, charges and reports, each told once
// however often it is repeated.
package visit

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/trail"
	"renxin/internal/staff"
)

// Permissions of the room.
const (
	PermRead        access.Permission = "visit.encounter.read"
	PermReadCharges access.Permission = "visit.charge.read"
	PermDiagnose    access.Permission = "visit.condition.create"
	PermReadGroups  access.Permission = "visit.group.read"
	PermEditGroups  access.Permission = "visit.group.update"
)

// Permissions lists them for the role editor.
var Permissions = []access.Permission{PermRead, PermReadCharges, PermDiagnosis, PermProcedure, PermConclusion, PermItems, PermEditItems, PermDiagnose, PermReadGroups, PermEditGroups}

type (
	encounterKind struct{}
	conditionKind struct{}
	procedureKind struct{}
	groupKind     struct{}
)

// Prefix implements db.Kind.
func (encounterKind) Prefix() string { return "en" }

// Prefix implements db.Kind.
func (conditionKind) Prefix() string { return "cn" }

// Prefix implements db.Kind.
func (procedureKind) Prefix() string { return "pr" }

// Prefix implements db.Kind.
func (groupKind) Prefix() string { return "cg" }

// Typed IDs of the room.
type (
	EncounterID = db.ID[encounterKind] // a visit or stay
	ConditionID = db.ID[conditionKind] // a diagnosis
	ProcedureID = db.ID[procedureKind] // an operation or treatment
	GroupID     = db.ID[groupKind]     // a condition group (病种)
)

// Change tells what an upsert did.
type Change string

// Outcomes of an upsert.
const (
	Created   Change = "new"
	Updated   Change = "updated"
	Unchanged Change = "unchanged"
)

// Deps is what the room needs.
type Deps struct {
	DB      *db.DB
	Board   *event.Board
	Trail   *trail.Log
	Staff   *staff.Service
	Patient *patient.Service
}

// Service is the room.
type Service struct {
	Deps
	known diseases
}

// New makes the room and declares its facts and its patients' tables.
func New(d Deps) *Service {
	declare(d.Board)
	event.Declare[ItemChanged](d.Board)
	for _, t := range []struct {
		name   string
		unique []string
	}{
		{"visit_encounter", []string{"issuer", "number"}},
		{"visit_condition", []string{"key"}},
		{"visit_procedure", []string{"key"}},
		{"visit_charge", []string{"key"}},
		{"visit_report", []string{"key"}},
		{"visit_item", []string{"key"}},
		{"visit_session", nil},
	} {
		table := patient.Table{Name: t.name, Key: []string{"id"}}
		if t.unique != nil {
			table.Unique = [][]string{t.unique}
		}
		if t.name == "visit_encounter" {
			table.Combine = patient.Newest("told_at") // told for both records: the later word counts
		}
		d.Patient.Declare(table)
	}
	s := &Service{Deps: d}
	s.extendLists()
	return s
}

// date is the business day of i in the hospital's zone, "" for none.
func (s *Service) date(i clock.Instant) clock.Date {
	if i == 0 {
		return ""
	}
	return s.DB.Clock().Date(i)
}

// read gives the transaction of ctx or a reader.
func (s *Service) read(ctx context.Context) *db.Tx { return s.DB.Read(ctx) }
