package setting

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"renxin/internal/platform/clock"
)

func TestFU03_StatutoryDaysAreThirteenAYear(t *testing.T) {
	count := map[string]int{}
	for _, d := range StatutoryDays() {
		if d.Kind != DayOff || d.Name == "" || d.Source == "" {
			t.Errorf("%+v is not a sourced day off", d)
		}
		count[string(d.Date[:4])]++
	}
	if count["2026"] != 13 || count["2027"] != 13 || len(count) != 2 {
		t.Fatal(count)
	}
}

func TestFU03_CalendarOpenAndShift(t *testing.T) {
	law := StatutoryDays()
	notice := []CalendarDay{{Date: "2027-02-04", Kind: DayOff}, {Date: "2027-02-13", Kind: DayWork}}
	everyDay := NewCalendar(nil, law)
	weekdays := NewCalendar([]time.Weekday{time.Saturday, time.Sunday}, law, notice)
	for _, c := range []struct {
		name string
		cal  Calendar
		day  clock.Date
		rule ShiftRule
		want clock.Date
	}{
		{"zero calendar never shifts", Calendar{}, "2027-02-06", ShiftLater, "2027-02-06"},
		{"weekend open by default", everyDay, "2026-11-22", ShiftLater, "2026-11-22"},
		{"spring festival later", everyDay, "2027-02-05", ShiftLater, "2027-02-09"},
		{"spring festival earlier", everyDay, "2027-02-08", ShiftEarlier, "2027-02-04"},
		{"none stays on the holiday", everyDay, "2027-02-06", ShiftNone, "2027-02-06"},
		{"imported bridge day counts", weekdays, "2027-02-08", ShiftEarlier, "2027-02-03"},
		{"make-up Saturday is open", weekdays, "2027-02-13", ShiftLater, "2027-02-13"},
		{"plain Saturday is not", weekdays, "2027-02-20", ShiftLater, "2027-02-22"},
	} {
		if got, ok := c.cal.Shift(c.day, c.rule); got != c.want || !ok {
			t.Errorf("%s: %s %s = %s %v, want %s", c.name, c.day, c.rule, got, ok, c.want)
		}
	}
	never := NewCalendar([]time.Weekday{0, 1, 2, 3, 4, 5, 6})
	if got, ok := never.Shift("2026-11-23", ShiftLater); ok || got != "2026-11-23" {
		t.Error("a calendar without open days must say so", got, ok)
	}
}

// Whatever the calendar, a shifted date is open, on the right side, and no open day was passed over.
func TestFU03_ShiftAlwaysLandsOnTheNearestOpenDay(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 11))
	for range 3000 {
		var closed []time.Weekday
		for w := range time.Weekday(7) {
			if r.IntN(3) == 0 {
				closed = append(closed, w)
			}
		}
		var own []CalendarDay
		for range r.IntN(40) {
			k := DayOff
			if r.IntN(3) == 0 {
				k = DayWork
			}
			own = append(own, CalendarDay{Date: clock.Date("2026-11-01").Add(r.IntN(120)), Kind: k})
		}
		c := NewCalendar(closed, StatutoryDays(), own)
		from := clock.Date("2026-11-01").Add(r.IntN(120))
		for _, rule := range []ShiftRule{ShiftEarlier, ShiftLater} {
			to, ok := c.Shift(from, rule)
			if !ok {
				continue // every weekday closed: reported, not invented
			}
			step := 1
			if rule == ShiftEarlier {
				step = -1
			}
			if !c.Open(to) || (to.Sub(from))*step < 0 {
				t.Fatalf("%s %s landed on %s", from, rule, to)
			}
			for d := from; d != to; d = d.Add(step) {
				if c.Open(d) {
					t.Fatalf("%s %s passed over %s", from, rule, d)
				}
			}
		}
	}
}

func TestFU03_CalendarImport(t *testing.T) {
	days, err := ParseCalendarDays(strings.NewReader("\ufeff日期,类型,名称\r\n2027-02-13,补班\r\n2027-02-05,休,除夕\r\n"))
	if err != nil || len(days) != 2 || days[0].Date != "2027-02-05" || days[1].Kind != DayWork {
		t.Fatal(days, err)
	}
	for text, want := range map[string]LineError{
		"2027-02-05,off\n2027-02-30,off":   {2, "date"},
		"# x\n2027/02/05,off":              {2, "date"},
		"2027-02-05,maybe":                 {1, "kind"},
		"2027-02-05":                       {1, "columns"},
		"2027-02-05,off\n2027-02-05,work":  {2, "twice"},
		"date,kind\n2027-02-05,off\nx,off": {3, "date"},
	} {
		var e *LineError
		if got, err := ParseCalendarDays(strings.NewReader(text)); !errors.As(err, &e) || *e != want || got != nil {
			t.Errorf("%q: %v, want %v", text, err, want)
		}
	}
}

func FuzzParseCalendarDays(f *testing.F) {
	f.Add("date,kind\n2027-02-05,off\n")
	f.Add("\"")
	f.Fuzz(func(t *testing.T, s string) {
		days, err := ParseCalendarDays(strings.NewReader(s))
		for i, d := range days {
			if err != nil || d.Kind != DayOff && d.Kind != DayWork || i > 0 && days[i-1].Date >= d.Date {
				t.Fatal(days, err)
			}
		}
	})
}
