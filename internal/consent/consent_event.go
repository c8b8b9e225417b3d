package consent

import "renxin/internal/patient"

// Changed is published when a patient granted or denied something.
type Changed struct {
	PatientID patient.ID `json:"patient_id"`
	Purpose   Purpose    `json:"purpose"`
	Channel   string     `json:"channel"`
	Decision  string     `json:"decision"`
}

// FactName implements event.Fact.
func (Changed) FactName() string { return "consent.changed" }

// FactPatient implements event.Fact.
func (f Changed) FactPatient() int64 { return int64(f.PatientID) }
