package setting

import (
	"time"

	"renxin/internal/platform/clock"
)

// DayKind says what a listed day is.
type DayKind string

// Kinds of listed days.
const (
	DayOff  DayKind = "off"  // statutory or local day off: closed
	DayWork DayKind = "work" // make-up workday: open, even where that weekday is closed
)

// CalendarDay is one day that differs from its weekday.
type CalendarDay struct {
	Date   clock.Date `json:"date"`
	Kind   DayKind    `json:"kind"`
	Name   string     `json:"name"`             // "春节"
	Source string     `json:"source,omitempty"` // who says so: the law, the yearly notice, the department
}

// ShiftRule says where a date goes when it falls on a closed day.
type ShiftRule string

// The shift rules.
const (
	ShiftNone    ShiftRule = "none"    // stays
	ShiftEarlier ShiftRule = "earlier" // to the last open day before
	ShiftLater   ShiftRule = "later"   // to the first open day after
)

// Valid tells whether r is one of the three rules.
func (r ShiftRule) Valid() bool { return r == ShiftNone || r == ShiftEarlier || r == ShiftLater }

// shiftReach is how far a shift looks for an open day; longer closures are a mistake in the calendar, not a holiday.
const shiftReach = 60

// Calendar knows the open days of one department. The zero value is open every day, weekends included,
// because wards and most clinics of a Chinese hospital are.
type Calendar struct {
	closed [7]bool // by time.Weekday
	listed map[clock.Date]CalendarDay
}

// NewCalendar builds a calendar from the weekdays on which the department is closed and any number of day lists;
// a later list wins, so pass the hospital's days first and the department's own after them.
func NewCalendar(closed []time.Weekday, lists ...[]CalendarDay) Calendar {
	c := Calendar{listed: map[clock.Date]CalendarDay{}}
	for _, w := range closed {
		c.closed[w] = true
	}
	for _, days := range lists {
		for _, d := range days {
			c.listed[d.Date] = d
		}
	}
	return c
}

// Open tells whether the department works on d.
func (c Calendar) Open(d clock.Date) bool {
	if day, ok := c.listed[d]; ok {
		return day.Kind == DayWork
	}
	return !c.closed[d.Weekday()]
}

// Name is the name of a listed day ("国庆节"), "" for any other.
func (c Calendar) Name(d clock.Date) string { return c.listed[d].Name }

// Shift moves d by rule to an open day. It answers d itself when d is open or the rule is none,
// and d with false when no open day lies within 60 days.
func (c Calendar) Shift(d clock.Date, rule ShiftRule) (clock.Date, bool) {
	if rule == ShiftNone {
		return d, true
	}
	step := 1
	if rule == ShiftEarlier {
		step = -1
	}
	for i := range shiftReach + 1 {
		if on := d.Add(i * step); c.Open(on) {
			return on, true
		}
	}
	return d, false
}
