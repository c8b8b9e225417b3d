package sms

import (
	"context"
	"sync"
	"time"
)

// pace keeps a route below its agreed rate and slows it down when the message centre says "throttled". Places are handed
// out strictly 1/rate apart, so that no second ever holds more than rate of them.
type pace struct {
	mu    sync.Mutex
	gap   time.Duration // between two places; 0 = no agreed rate
	next  time.Time     // the first place that is free
	brake time.Duration // how long the last "throttled" stopped everybody
}

// Bounds of the brake; it doubles with every refusal and halves with every success.
const (
	brakeMin = 20 * time.Millisecond
	brakeMax = 2 * time.Second
)

func newPace(perSecond int) *pace {
	p := &pace{}
	if perSecond > 0 {
		p.gap = time.Second / time.Duration(perSecond)
	}
	return p
}

// place reserves the next place and tells how long to wait for it.
func (p *pace) place(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next.Before(now) {
		p.next = now
	}
	wait := p.next.Sub(now)
	p.next = p.next.Add(p.gap)
	return wait
}

// slower is told of a refusal.
func (p *pace) slower(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.brake = min(max(2*p.brake, brakeMin), brakeMax)
	if until := now.Add(p.brake); p.next.Before(until) {
		p.next = until
	}
}

// faster is told of a success.
func (p *pace) faster() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.brake /= 2
}

// wait sleeps until this caller's place comes.
func (p *pace) wait(ctx context.Context) error {
	return pause(ctx, p.place(time.Now()))
}

// pause sleeps for d or until ctx ends, whichever comes first.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
