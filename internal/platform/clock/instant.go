package clock

import (
	"fmt"
	"strings"
	"time"
)

// Instant is a moment: milliseconds since 1970-01-01T00:00:00Z, as stored (BIGINT). Zero means "none".
// As JSON it is RFC 3339 in UTC with milliseconds, and null when zero.
type Instant int64

// At converts a time.
func At(t time.Time) Instant { return Instant(t.UnixMilli()) }

// Time gives the instant as a UTC time.
func (i Instant) Time() time.Time { return time.UnixMilli(int64(i)).UTC() }

// Add moves the instant by d, to the millisecond.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d.Milliseconds()) }

// Sub is the time passed from j to i.
func (i Instant) Sub(j Instant) time.Duration { return time.Duration(i-j) * time.Millisecond }

// String is the RFC 3339 form, or "" for zero.
func (i Instant) String() string {
	if i == 0 {
		return ""
	}
	return i.Time().Format("2006-01-02T15:04:05.000Z07:00")
}

// MarshalJSON writes the RFC 3339 form, or null for zero.
func (i Instant) MarshalJSON() ([]byte, error) {
	if i == 0 {
		return []byte("null"), nil
	}
	return []byte(`"` + i.String() + `"`), nil
}

// UnmarshalJSON reads an RFC 3339 string or null.
func (i *Instant) UnmarshalJSON(b []byte) error {
	s := strings.Trim(string(b), `"`)
	if s == "null" || s == "" {
		*i = 0
		return nil
	}
	return i.UnmarshalText([]byte(s))
}

// UnmarshalText reads an RFC 3339 instant.
func (i *Instant) UnmarshalText(b []byte) error {
	t, err := time.Parse(time.RFC3339Nano, string(b))
	if err != nil {
		return fmt.Errorf("clock: %q is not an RFC 3339 instant", b)
	}
	*i = At(t)
	return nil
}

// Date is a business day as stored and shown: "2006-01-02" in the hospital's zone. The empty string means "none".
type Date string

// DateOf is the calendar day of t in t's own zone.
func DateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// ParseDate accepts exactly YYYY-MM-DD of a day that exists.
func ParseDate(s string) (Date, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fmt.Errorf("clock: %q is not a date (YYYY-MM-DD)", s)
	}
	return Date(s), nil
}

// Time is midnight UTC of the day; for calendar arithmetic only.
func (d Date) Time() time.Time {
	t, _ := time.Parse(time.DateOnly, string(d))
	return t
}

// Add moves by whole days.
func (d Date) Add(days int) Date { return DateOf(d.Time().AddDate(0, 0, days)) }

// Sub counts the days from e to d.
func (d Date) Sub(e Date) int { return int(d.Time().Sub(e.Time()).Hours() / 24) }

// Weekday of the day.
func (d Date) Weekday() time.Weekday { return d.Time().Weekday() }

// Age in whole years on day on, for someone born on d; a birthday on 29 February counts from 1 March in common years
// (General Principles of Civil Law practice: the day after 28 February). −1 when either date is empty or on lies before d.
func (d Date) Age(on Date) int {
	if d == "" || on == "" || on < d {
		return -1
	}
	b, o := d.Time(), on.Time()
	age := o.Year() - b.Year()
	if o.Month() < b.Month() || o.Month() == b.Month() && o.Day() < b.Day() {
		age--
	}
	return age
}
