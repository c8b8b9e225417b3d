package patient

// Removed is published when a patient whom an import had brought was taken back.
type Removed struct {
	PatientID ID   `json:"patient_id"`
	Kept      bool `json:"kept"` // the row stays as deleted, because something the house did refers to it
}

// FactName implements event.Fact.
func (Removed) FactName() string { return "patient.removed" }

// FactPatient implements event.Fact.
func (f Removed) FactPatient() int64 { return int64(f.PatientID) }
