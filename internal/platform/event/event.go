// Package event carries facts from the room that saw them to the rooms that care, through an outbox written in the same
// transaction as the fact.
package event

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
	"sync"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// Fact is something that happened, named in the past tense. It carries IDs and codes only, never a name or a number.
type Fact interface {
	FactName() string   // wire name "booking.missed"; a new meaning gets a new name
	FactPatient() int64 // whose order it belongs to, 0 when no patient is concerned
}

// Stored is a fact as the outbox holds it.
type Stored struct {
	ID        int64
	Seq       int64 // order after commit; every cursor uses it
	Name      string
	PatientID int64
	Body      string
	At        clock.Instant
}

// Board knows which listener wants which fact, and runs the outbox.
type Board struct {
	db    *db.DB
	by    map[string][]listener
	types map[string]reflect.Type

	readers []*Reader // of the log; see Follow

	wake chan struct{} // hint: something was published
	mu   sync.Mutex
	subs map[chan struct{}]bool
}

type listener struct {
	name string // "followup.on_discharge"
	want func(f Fact) bool
	run  func(ctx context.Context, body []byte) error
}

// NewBoard makes an empty board on d.
func NewBoard(d *db.DB) *Board {
	return &Board{db: d, by: map[string][]listener{}, types: map[string]reflect.Type{}, wake: make(chan struct{}, 1), subs: map[chan struct{}]bool{}}
}

// Declare makes the fact type F known to the board, so that docs/events.md lists it even without a listener.
func Declare[F Fact](b *Board) {
	var zero F
	b.types[zero.FactName()] = reflect.TypeOf(zero)
}

// On registers a listener, named "room.on_what", for facts of type F. It runs in a transaction (in ctx) that also marks the
// delivery, as the system caller named after the listener. It must be repeatable and must not touch the network.
func On[F Fact](b *Board, name string, fn func(ctx context.Context, f F) error) {
	OnWhen(b, name, func(F) bool { return true }, fn)
}

// OnWhen is On for those facts that want accepts when they are published; for the others nothing is written, which matters
// where a feed publishes thousands that the listener would only put aside.
func OnWhen[F Fact](b *Board, name string, want func(f F) bool, fn func(ctx context.Context, f F) error) {
	var zero F
	Declare[F](b)
	b.by[zero.FactName()] = append(b.by[zero.FactName()], listener{name,
		func(f Fact) bool { return want(f.(F)) },
		func(ctx context.Context, body []byte) error {
			var f F
			if err := json.Unmarshal(body, &f); err != nil {
				return err
			}
			return fn(access.AsSystem(ctx, name), f)
		}})
}

// Publish records f in the running transaction: it exists if and only if that commits. Without a transaction in ctx it is refused.
func (b *Board) Publish(ctx context.Context, f Fact) error {
	if !db.InTx(ctx) {
		return fmt.Errorf("event: %s published outside a transaction", f.FactName())
	}
	if _, ok := b.types[f.FactName()]; !ok {
		return fmt.Errorf("event: %s is not declared on the board", f.FactName())
	}
	body, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return b.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		id := b.db.NextID()
		insertFact(tx, id, f.FactName(), f.FactPatient(), string(body))
		for _, l := range b.by[f.FactName()] {
			if !l.want(f) {
				continue
			}
			insertDelivery(tx, id, l.name, f.FactPatient())
		}
		tx.After(b.Wake)
		return nil
	})
}

// Wake hints that the outbox has work.
func (b *Board) Wake() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// Arrow is one line of docs/events.md.
type Arrow struct{ Fact, Fields, Listeners string }

// Arrows lists every declared fact with its fields and listeners, in order of name.
func (b *Board) Arrows() []Arrow {
	var out []Arrow
	for name, t := range b.types {
		a := Arrow{Fact: name}
		for i := range t.NumField() {
			if i > 0 {
				a.Fields += ", "
			}
			a.Fields += jsonName(t.Field(i))
		}
		for i, l := range b.by[name] {
			if i > 0 {
				a.Listeners += ", "
			}
			a.Listeners += l.name
		}
		out = append(out, a)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Fact < out[j].Fact })
	return out
}

func jsonName(f reflect.StructField) string {
	if n := f.Tag.Get("json"); n != "" {
		return n
	}
	return f.Name
}

// Subscribe gives a channel that is hinted whenever facts got their seq; call the returned function to stop.
func (b *Board) Subscribe() (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	b.mu.Lock()
	b.subs[c] = true
	b.mu.Unlock()
	return c, func() {
		b.mu.Lock()
		delete(b.subs, c)
		b.mu.Unlock()
	}
}

func (b *Board) announce() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.subs {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// Since lists facts after a seq, for live pages; at most limit.
func (b *Board) Since(ctx context.Context, seq int64, limit int) ([]Stored, error) {
	return since(ctx, b.db.Read(ctx), seq, limit)
}

// LastSeq is the newest seq.
func (b *Board) LastSeq(ctx context.Context) (int64, error) { return lastSeq(ctx, b.db.Read(ctx)) }
