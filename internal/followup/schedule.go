package followup

import (
	"slices"

	"renxin/internal/platform/clock"
	"renxin/internal/setting"
)

// Planned is one step of a plan with its dates.
type Planned struct {
	Key     string
	Day     int        // n of Dn
	Nominal clock.Date // day 0 + n, before the shift
	Date    clock.Date // the day it is due, after the shift
	ActOn   clock.Date // the day something happens: Date, or Lead days before it for messages
	Until   clock.Date // last day on which it still makes sense
	Shut    bool       // no open day within reach: Date is the nominal day although it is closed
	Why     string     // name of the day off that moved it, "" for a weekday or when not moved
	Clash   bool       // another step of the same plan falls on the same Date
}

// Shifted tells by how many days the step was moved; negative is earlier.
func (p Planned) Shifted() int { return p.Date.Sub(p.Nominal) }

// Schedule computes the dates of every step from day 0 (business date in the hospital's zone): Dn = n calendar days later,
// then the step's shift over the department's calendar. A shifted step never drags the others along; two steps that meet on one day
// are flagged, not moved. A step that would be shifted to before day 0 is shifted later instead.
func Schedule(d Definition, day0 clock.Date, cal setting.Calendar) []Planned {
	out := make([]Planned, 0, len(d.Steps))
	on := map[clock.Date]int{}
	for _, s := range d.Steps {
		p := plannedStep(s, day0, cal)
		on[p.Date]++
		out = append(out, p)
	}
	for i := range out {
		out[i].Clash = on[out[i].Date] > 1
	}
	slices.SortStableFunc(out, func(a, b Planned) int { return a.Day - b.Day })
	return out
}

func plannedStep(s Step, day0 clock.Date, cal setting.Calendar) Planned {
	p := Planned{Key: s.Key, Day: s.Day, Nominal: day0.Add(s.Day)}
	date, ok := cal.Shift(p.Nominal, s.ShiftRule())
	if date < day0 {
		date, ok = cal.Shift(p.Nominal, setting.ShiftLater)
	}
	p.Date, p.Shut, p.Why = date, !ok, cal.Name(p.Nominal)
	if p.Date == p.Nominal {
		p.Why = ""
	}
	p.ActOn = max(date.Add(-s.Lead), day0)
	p.Until = date.Add(s.keepDays())
	return p
}

// keepDays is how long after its date a step still makes sense: its own, else a week for calls, two weeks for reviews, the day itself for reminders.
func (s Step) keepDays() int {
	switch {
	case s.Keep > 0:
		return s.Keep
	case s.Kind == StepCall:
		return 7
	case s.Kind == StepReview:
		return 14
	}
	return 0
}

// Lapsed tells whether the step is too late on day today, as when a discharge arrives weeks after it happened.
func (p Planned) Lapsed(today clock.Date) bool { return today > p.Until }

// Alive tells whether any step is still worth doing on day today; a plan without one is not started,
// so that loading three years of history calls nobody.
func Alive(steps []Planned, today clock.Date) bool {
	return slices.ContainsFunc(steps, func(p Planned) bool { return !p.Lapsed(today) })
}
