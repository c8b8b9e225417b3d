package setting

import (
	_ "embed" // the statutory days ship inside the binary
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"renxin/internal/platform/clock"
)

//go:embed data/statutory_days.csv
var statutoryDays string

// StatutoryDays lists the legal holidays of 2026 and 2027 that ship with the product, by date. They hold what the law fixes,
// not the yearly notice on bridge days and make-up workdays: a hospital imports that notice when it is published.
func StatutoryDays() []CalendarDay {
	days, err := ParseCalendarDays(strings.NewReader(statutoryDays))
	if err != nil {
		panic("setting: embedded calendar: " + err.Error())
	}
	return days
}

// dayWords are the words that lists in use write for the two kinds.
var dayWords = map[string]DayKind{
	"off": DayOff, "休": DayOff, "放假": DayOff, "节假日": DayOff, "holiday": DayOff,
	"work": DayWork, "班": DayWork, "上班": DayWork, "补班": DayWork, "调休上班": DayWork, "workday": DayWork,
}

// LineError names the line of an imported list that cannot be used, never its content.
type LineError struct {
	Line   int    // counted from 1
	Reason string // columns, date, kind or twice
}

// Error implements error.
func (e *LineError) Error() string { return fmt.Sprintf("setting: line %d: %s", e.Line, e.Reason) }

// ParseCalendarDays reads a list "date,kind,name,source" (the last two may be absent; UTF-8, with or without a byte-order mark,
// a heading line and # remarks allowed) and answers it by date. Any bad line refuses the whole list with a *LineError,
// because a half-imported calendar moves patients' dates wrongly without a sign.
func ParseCalendarDays(r io.Reader) ([]CalendarDay, error) {
	b, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return nil, err
	}
	c := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\ufeff")))
	c.Comment, c.FieldsPerRecord, c.LazyQuotes, c.TrimLeadingSpace = '#', -1, true, true
	var days []CalendarDay
	seen := map[clock.Date]bool{}
	for first := true; ; first = false {
		f, err := c.Read()
		if err == io.EOF {
			break
		}
		line, _ := c.FieldPos(0)
		if err != nil {
			return nil, &LineError{line, "columns"}
		}
		if first && isHeading(f) {
			continue
		}
		d, reason := calendarDay(f)
		if reason == "" && seen[d.Date] {
			reason = "twice"
		}
		if reason != "" {
			return nil, &LineError{line, reason}
		}
		seen[d.Date] = true
		days = append(days, d)
	}
	slices.SortFunc(days, func(a, b CalendarDay) int { return strings.Compare(string(a.Date), string(b.Date)) })
	return days, nil
}

func isHeading(f []string) bool {
	h := strings.ToLower(strings.TrimSpace(f[0]))
	return h == "date" || h == "日期"
}

func calendarDay(f []string) (CalendarDay, string) {
	if len(f) < 2 {
		return CalendarDay{}, "columns"
	}
	on, err := clock.ParseDate(strings.TrimSpace(f[0]))
	if err != nil {
		return CalendarDay{}, "date"
	}
	kind, ok := dayWords[strings.ToLower(strings.TrimSpace(f[1]))]
	if !ok {
		return CalendarDay{}, "kind"
	}
	d := CalendarDay{Date: on, Kind: kind}
	if len(f) > 2 {
		d.Name = strings.TrimSpace(f[2])
	}
	if len(f) > 3 {
		d.Source = strings.TrimSpace(f[3])
	}
	return d, ""
}
