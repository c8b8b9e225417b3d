package messagetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"renxin/internal/message"
)

// Inlet remembers what a Sender heard.
type Inlet struct {
	mu       sync.Mutex
	receipts []message.Receipt
	incoming []message.Incoming
	parts    map[string][]message.Part
	refusals int
}

// Refuse makes the next n calls of OnIncoming fail, as a database that cannot commit.
func (i *Inlet) Refuse(n int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.refusals = n
}

// OnReceipt implements message.Inlet.
func (i *Inlet) OnReceipt(_ context.Context, _ string, r message.Receipt) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.receipts = append(i.receipts, r)
	return nil
}

// OnIncoming implements message.Inlet; parts are joined as the room does it.
func (i *Inlet) OnIncoming(_ context.Context, in message.Incoming) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.refusals > 0 {
		i.refusals--
		return errors.New("messagetest: the database cannot commit")
	}
	if in.Part.Total > 1 {
		if i.parts == nil {
			i.parts = map[string][]message.Part{}
		}
		key := in.From + in.Part.Ref
		i.parts[key] = append(i.parts[key], in.Part)
		text, whole := message.Join(i.parts[key])
		if !whole {
			return nil
		}
		in.Text = text
	}
	i.incoming = append(i.incoming, in)
	return nil
}

// Receipts lists what came, in order.
func (i *Inlet) Receipts() []message.Receipt {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]message.Receipt(nil), i.receipts...)
}

// Incoming lists the whole messages that came, in order.
func (i *Inlet) Incoming() []message.Incoming {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]message.Incoming(nil), i.incoming...)
}

// Texts lists what a number wrote, in order.
func (i *Inlet) Texts(from string) (texts []string) {
	for _, in := range i.Incoming() {
		if in.From == from {
			texts = append(texts, in.Text)
		}
	}
	return texts
}

// Until waits for cond, which something on another goroutine makes true, and fails the test after some seconds.
func Until(t *testing.T, what string, cond func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !cond() {
		if time.Now().After(deadline) {
			t.Fatalf("in vain: %s", what)
		}
		<-time.After(2 * time.Millisecond)
	}
}
