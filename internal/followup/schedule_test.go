package followup

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"renxin/internal/platform/clock"
	"renxin/internal/setting"
)

func starter(t *testing.T, code string) Definition {
	t.Helper()
	for _, s := range Starters() {
		if s.Code == code {
			return s.Definition
		}
	}
	t.Fatal("no starter", code)
	return Definition{}
}

func hospitalCalendar() setting.Calendar { return setting.NewCalendar(nil, setting.StatutoryDays()) }

func TestFU03_LEEPSchedule(t *testing.T) {
	leep := starter(t, "leep")
	for _, c := range []struct {
		day0  clock.Date
		dates []clock.Date // D10 D17 D24 D28 D90
		note  string
	}{
		{"2026-11-23", []clock.Date{"2026-12-03", "2026-12-10", "2026-12-17", "2026-12-21", "2027-02-21"}, "nothing in the way"},
		{"2026-12-22", []clock.Date{"2026-12-31", "2027-01-08", "2027-01-15", "2027-01-19", "2027-03-22"}, "D10 on New Year's Day: reminder earlier"},
		{"2026-11-08", []clock.Date{"2026-11-18", "2026-11-25", "2026-12-02", "2026-12-06", "2027-02-09"}, "D90 in the Spring Festival: review later"},
		{"2026-09-07", []clock.Date{"2026-09-17", "2026-09-24", "2026-09-30", "2026-10-05", "2026-12-06"}, "D24 on 1 October"},
	} {
		got := Schedule(leep, c.day0, hospitalCalendar())
		if len(got) != 5 {
			t.Fatalf("%s: %d steps", c.day0, len(got))
		}
		for i, n := range []int{10, 17, 24, 28, 90} {
			p := got[i]
			if p.Day != n || p.Nominal != c.day0.Add(n) || p.Date != c.dates[i] || p.Shut {
				t.Errorf("%s (%s): D%d = %+v, want %s", c.day0, c.note, n, p, c.dates[i])
			}
		}
	}
}

func TestFU03_DayZeroIsTheHospitalsDay(t *testing.T) {
	c := clock.NewFake(time.Date(2026, 11, 22, 16, 30, 0, 0, time.UTC)) // 00:30 on the 23rd in Shanghai
	got := Schedule(starter(t, "leep"), c.Date(c.Now()), hospitalCalendar())
	if got[0].Nominal != "2026-12-03" {
		t.Fatal(got[0])
	}
}

func TestFU03_CollisionsAreFlaggedNotMoved(t *testing.T) {
	d := Definition{Steps: []Step{
		{Key: "a", Day: 8, Kind: StepCall}, {Key: "b", Day: 9, Kind: StepCall}, {Key: "c", Day: 20, Kind: StepCall}}}
	cal := setting.NewCalendar(nil, []setting.CalendarDay{{Date: "2026-12-09", Kind: setting.DayOff}})
	got := Schedule(d, "2026-12-01", cal)
	if got[0].Date != "2026-12-10" || got[1].Date != "2026-12-10" || !got[0].Clash || !got[1].Clash {
		t.Error("two steps on one day must both be flagged", got)
	}
	if got[2].Clash || got[2].Date != "2026-12-21" {
		t.Error("a shift must not cascade", got[2])
	}
}

func TestFU03_EarlierNeverBeforeDayZero(t *testing.T) {
	d := Definition{Steps: []Step{{Key: "a", Day: 1, Kind: StepMessage, Lead: 1}}}
	cal := setting.NewCalendar(nil, []setting.CalendarDay{{Date: "2026-12-01", Kind: setting.DayOff}, {Date: "2026-12-02", Kind: setting.DayOff}})
	got := Schedule(d, "2026-12-01", cal)[0]
	if got.Date != "2026-12-03" || got.ActOn != "2026-12-02" {
		t.Fatal(got)
	}
}

// No step is planned twice, none is lost, every one lands on an open day on its rule's side and acts no earlier than day 0.
func TestFU03_ScheduleProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	rules := []setting.ShiftRule{"", setting.ShiftNone, setting.ShiftEarlier, setting.ShiftLater}
	kinds := []StepKind{StepMessage, StepCall, StepReview}
	for range 2000 {
		var d Definition
		for i := range 1 + r.IntN(12) {
			day := r.IntN(200)
			d.Steps = append(d.Steps, Step{Key: string(rune('a' + i)), Day: day, Kind: kinds[r.IntN(3)], Shift: rules[r.IntN(4)], Lead: min(r.IntN(4), day)})
		}
		var closed []time.Weekday
		for w := range time.Weekday(7) {
			if r.IntN(4) == 0 && len(closed) < 6 {
				closed = append(closed, w)
			}
		}
		cal := setting.NewCalendar(closed, setting.StatutoryDays())
		day0 := clock.Date("2026-06-01").Add(r.IntN(300))
		got := Schedule(d, day0, cal)
		if len(got) != len(d.Steps) {
			t.Fatal("steps lost or doubled", len(got), len(d.Steps))
		}
		seen := map[string]bool{}
		on := map[clock.Date]int{}
		for _, p := range got {
			on[p.Date]++
		}
		for _, p := range got {
			s, ok := d.Step(p.Key)
			if !ok || seen[p.Key] {
				t.Fatal("unknown or doubled step", p)
			}
			seen[p.Key] = true
			switch {
			case p.Nominal != day0.Add(s.Day):
				t.Fatal("Dn is not n days later", p)
			case s.ShiftRule() == setting.ShiftNone && p.Date != p.Nominal:
				t.Fatal("none was shifted", p)
			case s.ShiftRule() != setting.ShiftNone && (p.Shut || !cal.Open(p.Date)):
				t.Fatal("landed on a closed day", p)
			case s.ShiftRule() == setting.ShiftLater && p.Shifted() < 0:
				t.Fatal("later went earlier", p)
			case p.ActOn < day0 || p.ActOn > p.Date || p.Until < p.Date || p.Date < day0:
				t.Fatal("out of order", p)
			case p.Clash != (on[p.Date] > 1):
				t.Fatal("collision not told", p)
			}
		}
		if !slices.IsSortedFunc(got, func(a, b Planned) int { return a.Day - b.Day }) {
			t.Fatal("not in order of days")
		}
	}
}

func TestFU01_HistoryStartsNoPlan(t *testing.T) {
	steps := Schedule(starter(t, "leep"), "2026-05-01", hospitalCalendar())
	if Alive(steps, "2026-11-23") {
		t.Error("a procedure of half a year ago must call nobody")
	}
	if !Alive(steps, "2026-07-30") {
		t.Error("the review at D90 is still worth doing")
	}
}
