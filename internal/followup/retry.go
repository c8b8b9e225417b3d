package followup

import (
	"slices"
	"time"

	"renxin/internal/platform/clock"
	"renxin/internal/setting"
)

// retryGap is the least time between two attempts, so that a number is not rung twice in one coffee break.
const retryGap = 2 * time.Hour

// NextAttempt says when to call again after the attempts made so far (oldest first, at least one): at an hour of the ladder that was
// not tried yet, on an open day, at least two hours after the last attempt and inside the window. When every hour has been tried, at the
// one tried longest ago. False means that the ladder is used up.
func NextAttempt(r Retry, w Window, attempts []clock.Instant, cal setting.Calendar, c *clock.Clock) (clock.Instant, bool) {
	if len(attempts) == 0 || len(attempts) >= r.Tries || len(r.Hours) == 0 {
		return 0, false
	}
	last := attempts[len(attempts)-1]
	earliest := last.Add(retryGap)
	fresh := freshHours(r.Hours, attempts, c)
	for day := c.Date(last); day < c.Date(last).Add(shiftSearch); day = day.Add(1) {
		if !cal.Open(day) {
			continue
		}
		for _, h := range fresh {
			at := c.On(day, h, 0)
			if at >= earliest && w.Contains(c.Local(at)) {
				return at, true
			}
		}
	}
	return 0, false
}

// shiftSearch bounds the search for an open day.
const shiftSearch = 60

// freshHours are the ladder's hours in order of the day without those already tried; all but the latest when none is left.
func freshHours(hours []int, attempts []clock.Instant, c *clock.Clock) []int {
	sorted := slices.Sorted(slices.Values(hours))
	tried := map[int]bool{}
	for _, a := range attempts {
		tried[nearestHour(sorted, c.Local(a).Hour())] = true
	}
	fresh := slices.DeleteFunc(slices.Clone(sorted), func(h int) bool { return tried[h] })
	if len(fresh) > 0 {
		return fresh
	}
	if len(sorted) == 1 {
		return sorted
	}
	latest := nearestHour(sorted, c.Local(attempts[len(attempts)-1]).Hour())
	return slices.DeleteFunc(sorted, func(h int) bool { return h == latest })
}

// nearestHour is the ladder hour that an attempt at hour h stands for.
func nearestHour(hours []int, h int) int {
	best := hours[0]
	for _, x := range hours {
		if abs(x-h) < abs(best-h) {
			best = x
		}
	}
	return best
}

func abs(n int) int { return max(n, -n) }
