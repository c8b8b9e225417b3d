package fhir

import (
	"strings"
	"time"

	"renxin/internal/platform/clock"
)

// instant reads dateTime and instant (2.24.0.1): YYYY, YYYY-MM, YYYY-MM-DD or a full time with offset. A day alone begins
// at midnight in zone, as does a time that lacks the offset it should have.
func instant(s string, zone *time.Location) (clock.Instant, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return sane(t)
		}
	}
	for _, layout := range []string{"2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02", "2006-01", "2006"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return sane(t)
		}
	}
	return 0, false
}

// sane: years outside 1850–2200 are typing errors.
func sane(t time.Time) (clock.Instant, bool) {
	if t.Year() < 1850 || t.Year() > 2200 {
		return 0, false
	}
	return clock.At(t), true
}

// date reads the date part as precise as written: YYYY-MM-DD, YYYY-MM or YYYY.
func date(s string) (string, bool) {
	s, _, _ = strings.Cut(s, "T")
	for _, layout := range []string{"2006-01-02", "2006-01", "2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			_, ok := sane(t)
			return s, ok
		}
	}
	return "", false
}
