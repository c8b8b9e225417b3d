package profile

import "renxin/internal/patient"

// PreferenceChanged is published when a preference or contraindication was noted, changed or ended.
type PreferenceChanged struct {
	PatientID patient.ID `json:"patient_id"`
	Kind      string     `json:"kind"`
}

// MembershipChanged is published when a membership was recorded, changed or removed.
type MembershipChanged struct {
	PatientID    patient.ID   `json:"patient_id"`
	MembershipID MembershipID `json:"membership_id"`
	Type         string       `json:"type"`
}

// MembershipExpired is published once on the day after a membership's last day.
type MembershipExpired struct {
	PatientID    patient.ID   `json:"patient_id"`
	MembershipID MembershipID `json:"membership_id"`
	Type         string       `json:"type"`
}

// FactName implements event.Fact.
func (PreferenceChanged) FactName() string { return "profile.preference_changed" }

// FactName implements event.Fact.
func (MembershipChanged) FactName() string { return "profile.membership_changed" }

// FactName implements event.Fact.
func (MembershipExpired) FactName() string { return "profile.membership_expired" }

// FactPatient implements event.Fact.
func (f PreferenceChanged) FactPatient() int64 { return int64(f.PatientID) }

// FactPatient implements event.Fact.
func (f MembershipChanged) FactPatient() int64 { return int64(f.PatientID) }

// FactPatient implements event.Fact.
func (f MembershipExpired) FactPatient() int64 { return int64(f.PatientID) }
