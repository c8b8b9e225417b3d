package intake

import "renxin/internal/platform/event"

// Waiting is published when a record needs a person: it is in review, or was rejected.
type Waiting struct {
	RecordID RecordID `json:"record_id"`
	Verdict  Verdict  `json:"verdict"`
}

// FactName implements event.Fact.
func (Waiting) FactName() string { return "intake.waiting" }

// FactPatient implements event.Fact. Whose record it is, is the question.
func (Waiting) FactPatient() int64 { return 0 }

func declare(b *event.Board) { event.Declare[Waiting](b) }
