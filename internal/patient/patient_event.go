package patient

import (
	"context"

	"renxin/internal/platform/event"
)

// Created is published when a patient was recorded.
type Created struct {
	PatientID ID   `json:"patient_id"`
	ByHand    bool `json:"by_hand,omitempty"` // by a person, not by a feed
}

// FactName implements event.Fact.
func (Created) FactName() string { return "patient.created" }

// FactPatient implements event.Fact.
func (f Created) FactPatient() int64 { return int64(f.PatientID) }

// Updated is published when a patient's own fields, numbers or contact points changed.
type Updated struct {
	PatientID ID       `json:"patient_id"`
	Fields    []string `json:"fields"` // names only
}

// FactName implements event.Fact.
func (Updated) FactName() string { return "patient.updated" }

// FactPatient implements event.Fact.
func (f Updated) FactPatient() int64 { return int64(f.PatientID) }

// Merged is published when two records became one.
type Merged struct {
	PatientID ID      `json:"patient_id"` // the survivor
	FromID    ID      `json:"from_id"`
	MergeID   MergeID `json:"merge_id"`
}

// FactName implements event.Fact.
func (Merged) FactName() string { return "patient.merged" }

// FactPatient implements event.Fact.
func (f Merged) FactPatient() int64 { return int64(f.PatientID) }

// Unmerged is published when a merge was undone.
type Unmerged struct {
	PatientID ID      `json:"patient_id"` // the survivor of the merge
	FromID    ID      `json:"from_id"`    // the record that stands alone again
	MergeID   MergeID `json:"merge_id"`
}

// FactName implements event.Fact.
func (Unmerged) FactName() string { return "patient.unmerged" }

// FactPatient implements event.Fact.
func (f Unmerged) FactPatient() int64 { return int64(f.PatientID) }

// listen makes the room follow its own facts. Whom the recorder of a new patient was shown and passed over is looked at again by those
// who review duplicates: after the recording, so that nobody waits for it. Feeds look for the person before they record one.
func (s *Service) listen() {
	event.OnWhen(s.Board, "patient.scan", func(f Created) bool { return f.ByHand }, func(ctx context.Context, f Created) error {
		_, err := s.Scan(ctx, f.PatientID)
		return err
	})
}
