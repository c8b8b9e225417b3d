package visit

import (
	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/event"
)

// Opened is published when an encounter becomes known, or known again after a cancellation.
type Opened struct {
	PatientID   patient.ID  `json:"patient_id"`
	EncounterID EncounterID `json:"encounter_id"`
}

// Changed is published when department, doctor, ward or times of an encounter changed.
type Changed struct {
	PatientID   patient.ID  `json:"patient_id"`
	EncounterID EncounterID `json:"encounter_id"`
}

// Discharged is published when an encounter ends, and again when its end moves to another day.
type Discharged struct {
	PatientID   patient.ID  `json:"patient_id"`
	EncounterID EncounterID `json:"encounter_id"`
	Date        clock.Date  `json:"date"`
}

// DischargeCancelled is published when an ended encounter is open again.
type DischargeCancelled struct {
	PatientID   patient.ID  `json:"patient_id"`
	EncounterID EncounterID `json:"encounter_id"`
}

// Cancelled is published when an encounter turns out never to have been.
type Cancelled struct {
	PatientID   patient.ID  `json:"patient_id"`
	EncounterID EncounterID `json:"encounter_id"`
}

// Diagnosed is published for every new diagnosis.
type Diagnosed struct {
	PatientID   patient.ID  `json:"patient_id"`
	EncounterID EncounterID `json:"encounter_id"`
	ConditionID ConditionID `json:"condition_id"`
	Code        string      `json:"code"`
}

// Operated is published for every new procedure, and again when its day changed.
type Operated struct {
	PatientID   patient.ID  `json:"patient_id"`
	EncounterID EncounterID `json:"encounter_id"`
	ProcedureID ProcedureID `json:"procedure_id"`
	Code        string      `json:"code"`
	Date        clock.Date  `json:"date"`
}

// Charged is published for every charge line that is new or changed.
type Charged struct {
	PatientID   patient.ID  `json:"patient_id"`
	EncounterID EncounterID `json:"encounter_id"`
}

// Reported is published when a result is ready or its flag changed.
type Reported struct {
	PatientID   patient.ID  `json:"patient_id"`
	EncounterID EncounterID `json:"encounter_id"`
	Kind        string      `json:"kind"`
	Abnormal    string      `json:"abnormal"`
}

// Regrouped is published when a condition group's codes changed.
type Regrouped struct {
	GroupID GroupID `json:"group_id"`
}

// FactName implements event.Fact.
func (Opened) FactName() string { return "visit.opened" }

// FactName implements event.Fact.
func (Changed) FactName() string { return "visit.changed" }

// FactName implements event.Fact.
func (Discharged) FactName() string { return "visit.discharged" }

// FactName implements event.Fact.
func (DischargeCancelled) FactName() string { return "visit.discharge_cancelled" }

// FactName implements event.Fact.
func (Cancelled) FactName() string { return "visit.cancelled" }

// FactName implements event.Fact.
func (Diagnosed) FactName() string { return "visit.diagnosed" }

// FactName implements event.Fact.
func (Operated) FactName() string { return "visit.operated" }

// FactName implements event.Fact.
func (Charged) FactName() string { return "visit.charged" }

// FactName implements event.Fact.
func (Reported) FactName() string { return "visit.reported" }

// FactName implements event.Fact.
func (Regrouped) FactName() string { return "visit.regrouped" }

// FactPatient implements event.Fact.
func (f Opened) FactPatient() int64 { return int64(f.PatientID) }

// FactPatient implements event.Fact.
func (f Changed) FactPatient() int64 { return int64(f.PatientID) }

// FactPatient implements event.Fact.
func (f Discharged) FactPatient() int64 { return int64(f.PatientID) }

// FactPatient implements event.Fact.
func (f DischargeCancelled) FactPatient() int64 { return int64(f.PatientID) }

// FactPatient implements event.Fact.
func (f Cancelled) FactPatient() int64 { return int64(f.PatientID) }

// FactPatient implements event.Fact.
func (f Diagnosed) FactPatient() int64 { return int64(f.PatientID) }

// FactPatient implements event.Fact.
func (f Operated) FactPatient() int64 { return int64(f.PatientID) }

// FactPatient implements event.Fact.
func (f Charged) FactPatient() int64 { return int64(f.PatientID) }

// FactPatient implements event.Fact.
func (f Reported) FactPatient() int64 { return int64(f.PatientID) }

// FactPatient implements event.Fact.
func (Regrouped) FactPatient() int64 { return 0 }

func declare(b *event.Board) {
	event.Declare[Opened](b)
	event.Declare[Changed](b)
	event.Declare[Discharged](b)
	event.Declare[DischargeCancelled](b)
	event.Declare[Cancelled](b)
	event.Declare[Removed](b)
	event.Declare[Diagnosed](b)
	event.Declare[Operated](b)
	event.Declare[Charged](b)
	event.Declare[Reported](b)
	event.Declare[Regrouped](b)
}
