package intake

import "renxin/internal/patient"

// Verdict is what became of a record.
type Verdict string

// The verdicts. Duplicate is an answer, never stored: the first copy keeps its own.
const (
	Added     Verdict = "new"       // a person we did not know
	Updated   Verdict = "updated"   // something we hold changed
	Unchanged Verdict = "unchanged" // nothing new in it, or nothing for us
	Review    Verdict = "review"    // a person has to decide; nothing was written
	Duplicate Verdict = "duplicate" // received before, byte for byte
	Rejected  Verdict = "rejected"  // cannot be taken as it is; nothing was written
)

// Outcome is the judgement of one record.
type Outcome struct {
	Verdict   Verdict    `json:"verdict"`
	Code      string     `json:"code,omitempty"` // text key of the reason
	Reasons   []Reason   `json:"reasons,omitempty"`
	Key       string     `json:"key,omitempty"` // what the patient was found by: "card", "mobile" …
	PatientID patient.ID `json:"patient_id,omitempty"`
	Changed   []string   `json:"changed,omitempty"` // names of the fields that changed
	Was       Verdict    `json:"-"`                 // of a Duplicate: the verdict of the first copy

	Changes    []patient.Change    `json:"-"` // of the person, for a preview
	Candidates []patient.Candidate `json:"-"` // who it may be, for a review
}

// Reason is one line of why: a defect of the record, or a piece of evidence for a candidate. It holds no value of the record.
type Reason struct {
	Code  string `json:"code"`
	Field string `json:"field,omitempty"`
}

// Counts adds up verdicts.
type Counts struct {
	New       int `json:"new" db:"n_new"`
	Updated   int `json:"updated" db:"n_updated"`
	Unchanged int `json:"unchanged" db:"n_unchanged"`
	Review    int `json:"review" db:"n_review"`
	Duplicate int `json:"duplicate" db:"n_duplicate"`
	Rejected  int `json:"rejected" db:"n_rejected"`
}

func (c *Counts) add(v Verdict) {
	switch v {
	case Added:
		c.New++
	case Updated:
		c.Updated++
	case Unchanged:
		c.Unchanged++
	case Review:
		c.Review++
	case Duplicate:
		c.Duplicate++
	case Rejected:
		c.Rejected++
	}
}

// Sum is the number of records counted.
func (c Counts) Sum() int {
	return c.New + c.Updated + c.Unchanged + c.Review + c.Duplicate + c.Rejected
}
