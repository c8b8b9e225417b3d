package followup

import (
	"time"

	"renxin/internal/platform/clock"
)

// Rung is one step of the escalation ladder: who is told when nobody has acknowledged.
type Rung struct {
	After time.Duration // since the flag was raised
	Role  string        // the post: nurse, head_nurse, doctor or head
}

// The roles on the ladder, lowest first (idea 1).
const (
	RoleNurse     = "nurse"
	RoleHeadNurse = "head_nurse"
	RoleDoctor    = "doctor"
	RoleHead      = "head"
)

// AckWithin is how long a flag of that severity may wait for a human: 4 hours, 30 minutes, 10 minutes. Zero for none.
func (s Severity) AckWithin() time.Duration {
	switch s {
	case SeverityMild:
		return 4 * time.Hour
	case SeverityGrave:
		return 30 * time.Minute
	case SeverityAcute:
		return 10 * time.Minute
	}
	return 0
}

// Ladder is the escalation of a flag whose first deadline is ack: the owner at once, then one rung higher each time the deadline
// passes without a human.
func Ladder(ack time.Duration) []Rung {
	return []Rung{{0, RoleNurse}, {ack, RoleHeadNurse}, {2 * ack, RoleDoctor}, {3 * ack, RoleHead}}
}

// RungAt is the index of the rung that a flag raised at raised has reached at now when nobody acknowledged: the highest whose time has come.
func RungAt(ladder []Rung, raised, now clock.Instant) int {
	at := 0
	for i, r := range ladder {
		if now >= raised.Add(r.After) {
			at = i
		}
	}
	return at
}

// NextRungAt is the instant of the next escalation after rung, false at the top.
func NextRungAt(ladder []Rung, raised clock.Instant, rung int) (clock.Instant, bool) {
	if rung+1 >= len(ladder) {
		return 0, false
	}
	return raised.Add(ladder[rung+1].After), true
}

// Resolution is the forced outcome of a red flag: nobody closes one without saying what came of it.
type Resolution string

// Resolutions of a flag.
const (
	ResolvedAdvice     Resolution = "advice"      // advised by phone
	ResolvedReturn     Resolution = "return"      // asked to come back
	ResolvedAdmitted   Resolution = "admitted"    // admitted
	ResolvedFalseAlarm Resolution = "false_alarm" // nothing found
)

// Valid tells whether r is one of the four resolutions.
func (r Resolution) Valid() bool {
	return r == ResolvedAdvice || r == ResolvedReturn || r == ResolvedAdmitted || r == ResolvedFalseAlarm
}
