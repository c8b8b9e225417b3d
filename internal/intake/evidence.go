package intake

import (
	"renxin/internal/match"
	"renxin/internal/patient"
)

// Evidence is what a record tells of its person, normalised as Apply would; area is the dialling code of local numbers. Judging a labelled
// sample reads it, so that the sample is seen as an import would see it.
func (p Person) Evidence(area string) match.Record { return patient.Evidence(p.feed(), area) }
