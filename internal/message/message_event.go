package message

import (
	"renxin/internal/patient"
	"renxin/internal/staff"
)

// Received is published when somebody wrote to us. PatientID is zero for an unknown number.
type Received struct {
	IncomingID IncomingID `json:"incoming_id"`
	PatientID  patient.ID `json:"patient_id"`
	OwnerID    staff.ID   `json:"owner_id"` // who should see it first, zero = the team
}

// FactName implements event.Fact.
func (Received) FactName() string { return "message.received" }

// FactPatient implements event.Fact.
func (f Received) FactPatient() int64 { return int64(f.PatientID) }

// Answered is published when a reply says something to a question. Provisional: a person must still decide, Code is the
// likely answer, so that a red flag can fire at once.
type Answered struct {
	PatientID   patient.ID `json:"patient_id"`
	MessageID   ID         `json:"message_id"`
	IncomingID  IncomingID `json:"incoming_id"`
	Room        string     `json:"room"`
	Ref         int64      `json:"ref"`
	Code        string     `json:"code"`
	Provisional bool       `json:"provisional"`
}

// FactName implements event.Fact.
func (Answered) FactName() string { return "message.answered" }

// FactPatient implements event.Fact.
func (f Answered) FactPatient() int64 { return int64(f.PatientID) }

// Settled is published when a message came to an end: delivered, failed, unknown or cancelled. A delivered or failed may
// follow an unknown.
type Settled struct {
	PatientID patient.ID `json:"patient_id"`
	MessageID ID         `json:"message_id"`
	Room      string     `json:"room"`
	Ref       int64      `json:"ref"`
	State     State      `json:"state"`
	Code      string     `json:"code"`
}

// FactName implements event.Fact.
func (Settled) FactName() string { return "message.settled" }

// FactPatient implements event.Fact.
func (f Settled) FactPatient() int64 { return int64(f.PatientID) }

// Blocked is published when the gate or the lint refused a message.
type Blocked struct {
	PatientID patient.ID `json:"patient_id"`
	MessageID ID         `json:"message_id"`
	Room      string     `json:"room"`
	Ref       int64      `json:"ref"`
	Code      string     `json:"code"`
}

// FactName implements event.Fact.
func (Blocked) FactName() string { return "message.blocked" }

// FactPatient implements event.Fact.
func (f Blocked) FactPatient() int64 { return int64(f.PatientID) }
