package followup

import (
	"slices"
	"strings"

	"renxin/internal/platform/clock"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

// Happening is what an encounter has come to, as far as triggers care. It is rebuilt from the visit room after every fact,
// so the order in which facts arrive and how often they are repeated makes no difference.
type Happening struct {
	Class        string // IMP AMB EMER CHK
	DepartmentID staff.DepartmentID
	Started      clock.Date
	Discharged   clock.Date // "" while open, after a cancelled discharge, and for cancelled encounters
	Cancelled    bool
	Diagnoses    []Coded
	Groups       []visit.GroupID // condition groups of the diagnoses
	Procedures   []Coded
}

// Coded is a diagnosis or procedure with its day.
type Coded struct {
	Code string
	Name string
	Date clock.Date
}

// Anchor decides whether h fits this trigger and which day is day 0.
func (t Trigger) Anchor(h Happening) (clock.Date, bool) {
	if h.Cancelled || !t.fits(h) {
		return "", false
	}
	var day clock.Date
	switch t.Kind {
	case KindDischarge:
		if h.Class == "IMP" || len(t.Classes) > 0 { // an outpatient who goes home is not a discharge
			day = h.Discharged
		}
	case KindVisit:
		day = h.Started
	case KindProcedure:
		day = firstDate(h.Procedures, t.names)
	case KindCondition:
		day = firstDate(h.Diagnoses, t.names)
	}
	return day, day != ""
}

// Anchor is the first of the template's triggers that h fits, with its day 0: however many fit, one encounter starts one plan.
func (d Definition) Anchor(h Happening) (Kind, clock.Date, bool) {
	for _, t := range d.Triggers {
		if day, ok := t.Anchor(h); ok {
			return t.Kind, day, true
		}
	}
	return "", "", false
}

// AnchorOf is Anchor among the triggers of one kind: a plan stays anchored on what started it.
func (d Definition) AnchorOf(k Kind, h Happening) (clock.Date, bool) {
	for _, t := range d.Triggers {
		if t.Kind != k {
			continue
		}
		if day, ok := t.Anchor(h); ok {
			return day, true
		}
	}
	return "", false
}

func (t Trigger) fits(h Happening) bool {
	named := h.Diagnoses
	if t.Kind == KindProcedure {
		named = h.Procedures
	}
	return (len(t.Classes) == 0 || slices.Contains(t.Classes, h.Class)) &&
		(t.DepartmentID == 0 || t.DepartmentID == h.DepartmentID) &&
		(t.GroupID == 0 || slices.Contains(h.Groups, t.GroupID)) &&
		(t.Code == "" && t.Name == "" || slices.ContainsFunc(named, t.names))
}

// names tells whether the trigger's code and name, where given, are those of c.
func (t Trigger) names(c Coded) bool {
	return (t.Code == "" || hasCodePrefix(c.Code, t.Code)) &&
		(t.Name == "" || strings.Contains(strings.ToUpper(c.Name), strings.ToUpper(strings.TrimSpace(t.Name))))
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
