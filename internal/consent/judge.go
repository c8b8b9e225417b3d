package consent

import (
	"slices"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
)

// Request asks the gate for one contact.
type Request struct {
	PatientID patient.ID
	Channel   string // sms, call, wechat, email or letter
	Purpose   Purpose
	Address   string        // normalised number; its wrong-number mark forbids the contact; "" = do not look
	Topic     string        // what it is about, for the ledger: a template's code
	Urgent    bool          // care and notice only: goes at night too and is counted under no cap
	At        clock.Instant // when it is meant to go; zero = now
	Ref       int64         // the message or call
}

// Decision is what the gate says. A refusal has a Code; a contact that must wait is allowed with NotBefore.
type Decision struct {
	Allowed       bool
	NotBefore     clock.Instant // the first allowed instant; zero = at once
	Code          string        // one of the codes below; of a contact that waits "quiet" or "cap_day"
	ReservationID ReservationID
}

// Codes of refusals and delays.
const (
	CodeDeceased    = "deceased"      // the patient died
	CodeWrongNumber = "wrong_number"  // somebody marked the number as not the patient's
	CodeDenied      = "denied"        // the patient said no
	CodeBlocked     = "house_block"   // the house stopped it: an open complaint …
	CodeNoConsent   = "no_consent"    // promotion, or survey where the setting is off, without a record
	CodeCapDay      = "cap_day"       // enough for one day
	CodeCapWeek     = "cap_promotion" // enough promotions for a week
	CodeQuiet       = "quiet"         // outside the hours
)

// standing is what the gate knows of a patient.
type standing struct {
	deceased bool
	records  []inForce
	blocks   []string // reasons
	counts   []count
	holders  map[string][]inForce // by number: what the relative decided who is reached there in the patient's place
}

// inForce is a decision that nothing superseded; after a merge there may be several for one purpose.
type inForce struct {
	PatientID patient.ID
	Purpose   Purpose
	Channel   string
	Decision  string
	Until     clock.Instant
}

// count is how many contacts the ledger holds for a day.
type count struct {
	PatientID patient.ID
	Channel   string
	Purpose   Purpose
	Day       clock.Date
	N         int
}

// judge decides about r; it has no effect. The order of the checks is the order of weight of the reasons.
func (p policy) judge(r Request, st standing, wrong bool, now clock.Instant) Decision {
	if code := p.forbids(r, st, wrong, now); code != "" {
		return Decision{Code: code}
	}
	at := max(r.At, now)
	if r.Urgent && (r.Purpose == Care || r.Purpose == Notice) {
		return wait(at, now, "")
	}
	w := p.window[r.Purpose]
	code := ""
	if first := w.next(at, p.clock); first > at {
		at, code = first, CodeQuiet
	}
	for full := p.full(r, st, at); full != ""; full = p.full(r, st, at) {
		if r.Purpose == Survey || r.Purpose == Promotion {
			return Decision{Code: full}
		}
		code = full
		at = w.next(p.clock.On(p.clock.Date(at).Add(1), 0, 0), p.clock)
	}
	return wait(at, now, code)
}

func wait(at, now clock.Instant, code string) Decision {
	if at <= now {
		return Decision{Allowed: true}
	}
	return Decision{Allowed: true, NotBefore: at, Code: code}
}

// forbids gives the reason that no waiting cures, "" when there is none.
func (p policy) forbids(r Request, st standing, wrong bool, now clock.Instant) string {
	decision := decided(r, st.records, now)
	if decided(r, st.holders[r.Address], now) == "denied" {
		return CodeDenied
	}
	consented := r.Purpose == Care || r.Purpose == Notice || r.Purpose == Survey && p.surveyAllowed
	switch {
	case st.deceased:
		return CodeDeceased
	case wrong:
		return CodeWrongNumber
	case decision == "denied":
		return CodeDenied
	case len(st.blocks) > 0 && (r.Purpose == Survey || r.Purpose == Promotion):
		return CodeBlocked
	case slices.Contains(st.blocks, "deceased"):
		return CodeDeceased
	case decision == "" && !consented:
		return CodeNoConsent
	}
	return ""
}

// decided gives granted, denied or "" from the decisions in force for r; the strictest counts.
func decided(r Request, records []inForce, now clock.Instant) string {
	found := ""
	for _, x := range records {
		if x.Purpose != r.Purpose || x.Channel != Any && x.Channel != r.Channel || x.Until != 0 && x.Until <= now {
			continue
		}
		if x.Decision == "denied" {
			return "denied"
		}
		found = x.Decision
	}
	return found
}

// full tells which cap the day of at has reached for r, "" when there is room.
func (p policy) full(r Request, st standing, at clock.Instant) string {
	day := p.clock.Date(at)
	all, promotions := 0, 0
	for _, c := range st.counts {
		if c.Channel != r.Channel {
			continue
		}
		if c.Day == day {
			all += c.N
		}
		if since := day.Sub(c.Day); c.Purpose == Promotion && since >= 0 && since < 7 {
			promotions += c.N
		}
	}
	switch {
	case all >= p.capDay:
		return CodeCapDay
	case r.Purpose == Promotion && promotions >= p.capPromotion:
		return CodeCapWeek
	}
	return ""
}

// add counts a contact, or with n = −1 takes one back, so that one batch sees its own contacts.
func (st *standing) add(r Request, day clock.Date, n int) {
	for i, c := range st.counts {
		if c.Channel == r.Channel && c.Purpose == r.Purpose && c.Day == day {
			st.counts[i].N += n
			return
		}
	}
	st.counts = append(st.counts, count{PatientID: r.PatientID, Channel: r.Channel, Purpose: r.Purpose, Day: day, N: n})
}
