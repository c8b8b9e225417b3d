package followup

import (
	"testing"
	"time"

	"renxin/internal/platform/clock"
	"renxin/internal/setting"
)

func TestFU07_NoAnswerClimbsTheLadder(t *testing.T) {
	c := clock.NewFake(time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC))
	at := func(d clock.Date, h, m int) clock.Instant { return c.On(d, h, m) }
	std, w := StandardRetry(), Window{"09:00", "20:00"}
	rest := setting.NewCalendar(nil, []setting.CalendarDay{{Date: "2026-11-24", Kind: setting.DayOff}})
	for _, k := range []struct {
		name     string
		r        Retry
		w        Window
		attempts []clock.Instant
		cal      setting.Calendar
		want     clock.Instant
		ok       bool
	}{
		{"morning then afternoon", std, w, []clock.Instant{at("2026-11-23", 10, 4)}, setting.Calendar{}, at("2026-11-23", 15, 0), true},
		{"then the evening", std, w, []clock.Instant{at("2026-11-23", 10, 4), at("2026-11-23", 15, 10)}, setting.Calendar{}, at("2026-11-23", 19, 0), true},
		{"three tries and no more", std, w, []clock.Instant{at("2026-11-23", 10, 4), at("2026-11-23", 15, 10), at("2026-11-23", 19, 1)}, setting.Calendar{}, 0, false},
		{"two hours apart", std, w, []clock.Instant{at("2026-11-23", 13, 10)}, setting.Calendar{}, at("2026-11-23", 19, 0), true},
		{"late call goes on tomorrow morning", std, w, []clock.Instant{at("2026-11-23", 19, 30)}, setting.Calendar{}, at("2026-11-24", 10, 0), true},
		{"not on a closed day", std, w, []clock.Instant{at("2026-11-23", 19, 30)}, rest, at("2026-11-25", 10, 0), true},
		{"window forbids the evening", std, Window{"09:00", "18:00"}, []clock.Instant{at("2026-11-23", 10, 0), at("2026-11-23", 15, 0)}, setting.Calendar{}, 0, false},
		{"one hour only: next day", Retry{3, []int{10}}, w, []clock.Instant{at("2026-11-23", 10, 0)}, setting.Calendar{}, at("2026-11-24", 10, 0), true},
		{"more tries than hours: another hour than the last", Retry{5, []int{10, 15}}, w,
			[]clock.Instant{at("2026-11-23", 10, 0), at("2026-11-23", 15, 0)}, setting.Calendar{}, at("2026-11-24", 10, 0), true},
	} {
		got, ok := NextAttempt(k.r, k.w, k.attempts, k.cal, c.Clock)
		if got != k.want || ok != k.ok {
			t.Errorf("%s: %s %v, want %s", k.name, got, ok, k.want)
		}
	}
}

func TestFU24_AlarmWordsInFreeAnswers(t *testing.T) {
	for text, want := range map[string]bool{"有点出血": true, "没有出血": false, "没有发烧但是伤口疼得厉害": true, "谢谢": false, "不发热": false,
		"发热38.5": true, "没有出血，今天又出血了": true, "": false} {
		if Alarming(text) != want {
			t.Errorf("%q alarming = %v", text, !want)
		}
	}
}

func FuzzAlarming(f *testing.F) {
	f.Add("没有出血")
	f.Fuzz(func(_ *testing.T, s string) { Alarming(s) })
}

func TestFU24_EscalationFiresToTheSecond(t *testing.T) {
	c := clock.NewFake(time.Date(2026, 11, 23, 1, 12, 0, 0, time.UTC))
	raised := c.Now()
	ladder := Ladder(SeverityGrave.AckWithin())
	for _, k := range []struct {
		after time.Duration
		rung  int
	}{{0, 0}, {30*time.Minute - time.Millisecond, 0}, {30 * time.Minute, 1}, {31 * time.Minute, 1}, {60*time.Minute - time.Millisecond, 1}, {time.Hour, 2}, {90 * time.Minute, 3}, {9 * time.Hour, 3}} {
		if got := RungAt(ladder, raised, raised.Add(k.after)); got != k.rung {
			t.Errorf("after %s on rung %d, want %d", k.after, got, k.rung)
		}
	}
	if at, ok := NextRungAt(ladder, raised, 0); !ok || at != raised.Add(30*time.Minute) {
		t.Error(at, ok)
	}
	if _, ok := NextRungAt(ladder, raised, 3); ok {
		t.Error("nothing above the top")
	}
}
