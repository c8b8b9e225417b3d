package message

import "sync"

// gather lets many callers share one commit: the first becomes the leader and commits for everybody who came meanwhile.
// A provider that brings a thousand receipts a second costs some commits, not a thousand.
type gather[T any] struct {
	commit func([]T) error

	mu      sync.Mutex
	waiting []waiter[T]
	leading bool
}

type waiter[T any] struct {
	item T
	done chan error
}

const gatherMost = 256 // items in one commit

// do returns once item is committed.
func (g *gather[T]) do(item T) error {
	w := waiter[T]{item, make(chan error, 1)}
	g.mu.Lock()
	g.waiting = append(g.waiting, w)
	lead := !g.leading
	g.leading = true
	g.mu.Unlock()
	if lead {
		g.lead()
	}
	return <-w.done
}

// lead commits until nobody waits.
func (g *gather[T]) lead() {
	for {
		g.mu.Lock()
		list := g.waiting[:min(len(g.waiting), gatherMost)]
		g.waiting = g.waiting[len(list):]
		if len(list) == 0 {
			g.leading = false
			g.mu.Unlock()
			return
		}
		g.mu.Unlock()
		g.answer(list)
	}
}

// answer commits together, and one by one when that fails, so that one bad item harms only itself.
func (g *gather[T]) answer(list []waiter[T]) {
	items := make([]T, len(list))
	for i, w := range list {
		items[i] = w.item
	}
	err := g.commit(items)
	for i, w := range list {
		if err != nil && len(list) > 1 {
			w.done <- g.commit(items[i : i+1])
			continue
		}
		w.done <- err
	}
}
