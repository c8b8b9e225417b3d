package event

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"renxin/internal/platform/db"
)

const (
	poll     = 250 * time.Millisecond // look for facts that other instances published
	chunk    = 100                    // deliveries in one transaction
	maxTries = 12                     // then the delivery goes to the dead-letter list
)

// Run delivers until ctx ends. Several processes may run it: a lease lets one work at a time.
func (b *Board) Run(ctx context.Context) {
	t := time.NewTicker(poll)
	defer t.Stop()
	for {
		if _, err := b.Drain(ctx); err != nil && ctx.Err() == nil {
			slog.Error("event delivery", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-b.wake:
		case <-t.C:
		}
	}
}

// Drain delivers until nothing is due and tells how many deliveries were made. Tests call it instead of waiting.
func (b *Board) Drain(ctx context.Context) (int, error) {
	total := 0
	for {
		n, err := b.order(ctx)
		if err != nil {
			return total, err
		}
		d, err := b.pass(ctx)
		total += d
		if err != nil || n+d == 0 {
			return total, err
		}
	}
}

// order gives committed facts their seq.
func (b *Board) order(ctx context.Context) (int, error) {
	waiting, err := hasUnordered(ctx, b.db.Read(ctx))
	if err != nil || !waiting {
		return 0, err
	}
	n := 0
	err = b.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err = assignSeq(ctx, tx, 1000)
		return err
	})
	if n > 0 {
		b.announce()
	}
	return n, err
}

// pass delivers one chunk; each delivery has its own savepoint, so a failing one delays only its patient and listener.
func (b *Board) pass(ctx context.Context) (int, error) {
	due, err := dueDeliveries(ctx, b.db.Read(ctx), b.db.Clock().Now(), chunk)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	made := 0
	err = b.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		made = 0
		blocked := map[string]bool{}
		for _, d := range due {
			key := fmt.Sprint(d.Listener, d.PatientID)
			if d.PatientID != 0 && blocked[key] {
				continue
			}
			fresh, err := markDone(ctx, tx, d)
			if err != nil {
				return err
			}
			if !fresh {
				continue
			}
			made++
			if err := tx.Savepoint(ctx, func(ctx context.Context) error { return b.hand(ctx, d) }); err != nil {
				blocked[key] = true
				slog.Error("listener failed", "listener", d.Listener, "fact", d.Name, "tries", d.Tries+1, "error", err)
				if err := markFailed(ctx, tx, d, tx.Now.Add(backoff(d.Tries)), err.Error()); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return made, err
}

func (b *Board) hand(ctx context.Context, d delivery) error {
	for _, l := range b.by[d.Name] {
		if l.name == d.Listener {
			return l.run(ctx, []byte(d.Body))
		}
	}
	return nil // a listener that an older version had
}

// backoff doubles from one second to an hour.
func backoff(tries int) time.Duration {
	return min(time.Second<<min(tries, 12), time.Hour)
}

// Dead is a delivery that was given up.
type Dead struct {
	FactID   int64
	Listener string
	Name     string
	Tries    int
	Error    string
}

// DeadLetters lists deliveries that were given up, newest first.
func (b *Board) DeadLetters(ctx context.Context, limit int) ([]Dead, error) {
	return deadDeliveries(ctx, b.db.Read(ctx), limit)
}

// Revive puts a dead delivery back to work.
func (b *Board) Revive(ctx context.Context, factID int64, listener string) error {
	return b.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		tx.After(b.Wake)
		return revive(ctx, tx, factID, listener)
	})
}
