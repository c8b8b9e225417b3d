// Package clock is the one source of time: instants in UTC milliseconds, business dates in the hospital's zone.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time and knows the hospital's zone. The zero value is not usable; call New or NewFake.
type Clock struct {
	now  func() time.Time
	zone *time.Location
}

// New returns the wall clock for a hospital in zone; a nil zone means Asia/Shanghai (UTC+8, no daylight saving).
func New(zone *time.Location) *Clock {
	return &Clock{now: time.Now, zone: orShanghai(zone)}
}

// Now is the present instant.
func (c *Clock) Now() Instant { return At(c.now()) }

// Today is the business date at the present instant in the hospital's zone.
func (c *Clock) Today() Date { return c.Date(c.Now()) }

// Date is the business date on which i falls in the hospital's zone.
func (c *Clock) Date(i Instant) Date { return DateOf(i.Time().In(c.zone)) }

// Zone is the hospital's zone.
func (c *Clock) Zone() *time.Location { return c.zone }

// Local gives i as a time in the hospital's zone, for display and for hours of the day.
func (c *Clock) Local(i Instant) time.Time { return i.Time().In(c.zone) }

// On is the instant of hour:minute on day d in the hospital's zone.
func (c *Clock) On(d Date, hour, minute int) Instant {
	t := d.Time()
	return At(time.Date(t.Year(), t.Month(), t.Day(), hour, minute, 0, 0, c.zone))
}

// Fake is a clock that moves only when told to, for tests and for the demo's time travel.
type Fake struct {
	*Clock
	mu sync.Mutex
	at time.Time
}

// NewFake starts a clock at t in Asia/Shanghai that stands still until Advance or Set.
func NewFake(t time.Time) *Fake {
	f := &Fake{at: t}
	f.Clock = &Clock{now: f.read, zone: orShanghai(nil)}
	return f
}

func (f *Fake) read() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.at
}

// Advance moves the clock forward by d.
func (f *Fake) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at = f.at.Add(d)
}

// Set moves the clock to t.
func (f *Fake) Set(t time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at = t
}

func orShanghai(z *time.Location) *time.Location {
	if z != nil {
		return z
	}
	return time.FixedZone("Asia/Shanghai", 8*60*60)
}

// Movable is a running clock that can be set forward, so that a demo shows in a minute what takes days.
type Movable struct {
	*Clock
	mu    sync.Mutex
	ahead time.Duration
}

// NewMovable starts a clock in zone that shows start now and runs on from there; a zero start means the real time.
func NewMovable(zone *time.Location, start time.Time) *Movable {
	m := &Movable{}
	if !start.IsZero() {
		m.ahead = time.Until(start)
	}
	m.Clock = &Clock{now: m.read, zone: orShanghai(zone)}
	return m
}

func (m *Movable) read() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Now().Add(m.ahead)
}

// Advance moves the clock forward by d; back is refused by doing nothing, because times in the database only rise.
func (m *Movable) Advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ahead += max(d, 0)
}
