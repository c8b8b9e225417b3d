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

// Silent is published once when a feed has said nothing for longer than its threshold.
type Silent struct {
	FeedID  FeedID `json:"feed_id"`
	Minutes int    `json:"minutes"` // of silence
}

// FactName implements event.Fact.
func (Silent) FactName() string { return "intake.silent" }

// FactPatient implements event.Fact.
func (Silent) FactPatient() int64 { return 0 }

func declare(b *event.Board) {
	event.Declare[Waiting](b)
	event.Declare[Silent](b)
}
