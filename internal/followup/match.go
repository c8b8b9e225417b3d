package followup

import (
	"slices"
	"strings"

	"renxin/internal/platform/clock"
)

// Happening is what an encounter has come to, as far as triggers care. It is rebuilt from the visit room after every fact,
// so the order in which facts arrive and how often they are repeated makes no difference.
type Happening struct {
	Class      string // IMP AMB EMER CHK
	Department string // department code
	Started    clock.Date
	Discharged clock.Date // "" while open, after a cancelled discharge, and for cancelled encounters
	Cancelled  bool
	Diagnoses  []Coded
	Groups     []string // condition groups of the diagnoses
	Procedures []Coded
}

// Coded is a diagnosis or procedure with its day.
type Coded struct {
	Code string
	Name string
	Date clock.Date
}

// Anchor decides whether h starts a plan of this template and which day is day 0.
func (w When) Anchor(h Happening) (clock.Date, bool) {
	if h.Cancelled || !w.fits(h) {
		return "", false
	}
	var day clock.Date
	switch w.Kind {
	case KindDischarge:
		if h.Class != "IMP" && len(w.Classes) == 0 {
			return "", false // an outpatient who goes home is not a discharge
		}
		day = h.Discharged
	case KindVisit:
		day = h.Started
	case KindProcedure:
		day = firstDate(h.Procedures, w.isProcedure)
	case KindDiagnosis:
		day = firstDate(h.Diagnoses, func(c Coded) bool { return len(w.ICD) == 0 || anyPrefix(w.ICD, []string{c.Code}) })
	}
	return day, day != ""
}

// fits tells whether the filled conditions all agree.
func (w When) fits(h Happening) bool {
	return (len(w.Classes) == 0 || slices.Contains(w.Classes, h.Class)) &&
		(len(w.Departments) == 0 || slices.Contains(w.Departments, h.Department)) &&
		anyPrefix(w.ICD, codes(h.Diagnoses)) &&
		overlap(w.Groups, h.Groups) &&
		(len(w.Procedures) == 0 || slices.ContainsFunc(h.Procedures, w.isProcedure))
}

func (w When) isProcedure(c Coded) bool {
	return slices.ContainsFunc(w.Procedures, func(p string) bool {
		return hasCodePrefix(c.Code, p) || strings.Contains(strings.ToUpper(c.Name), strings.ToUpper(strings.TrimSpace(p)))
	})
}

func codes(list []Coded) []string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = c.Code
	}
	return out
}

// firstDate is the earliest day among the entries that suit.
func firstDate(list []Coded, suits func(Coded) bool) clock.Date {
	var first clock.Date
	for _, c := range list {
		if suits(c) && c.Date != "" && (first == "" || c.Date < first) {
			first = c.Date
		}
	}
	return first
}
