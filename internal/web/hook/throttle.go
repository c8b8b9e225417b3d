package hook

import (
	"strconv"
	"sync"
	"time"

	"renxin/internal/platform/clock"
)

// throttle counts wrong tokens per caller. A sender whose token is wrong waits longer and longer; an address that tries many
// senders waits as well, later, because one machine may speak for several.
type throttle struct {
	mu    sync.Mutex
	clock *clock.Clock
	tries map[string]tries
}

type tries struct {
	failures int
	until    clock.Instant
}

const (
	patience   = 10 // wrong tokens of one sender before it has to wait; ten times as many of one address
	maxTracked = 10_000
)

func newThrottle(c *clock.Clock) *throttle { return &throttle{clock: c, tries: map[string]tries{}} }

// wait is how long a caller has to be silent, 0 for not at all.
func (t *throttle) wait(address, key string) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock.Now()
	return max(t.tries[address].until.Sub(now), t.tries[address+" "+key].until.Sub(now), 0)
}

func (t *throttle) failed(address, key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock.Now()
	if len(t.tries) > maxTracked {
		for k, x := range t.tries {
			if x.until < now {
				delete(t.tries, k)
			}
		}
	}
	for k, most := range map[string]int{address: 10 * patience, address + " " + key: patience} {
		x := t.tries[k]
		if x.until != 0 && now.Sub(x.until) > time.Hour { // long ago
			x.failures = 0
		}
		x.failures++
		x.until = now
		if over := x.failures - most; over >= 0 {
			x.until = now.Add(min(time.Minute<<min(over, 6), time.Hour))
		}
		t.tries[k] = x
	}
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d/time.Second) + 1) }
