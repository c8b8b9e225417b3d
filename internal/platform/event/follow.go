package event

import (
	"context"

	"renxin/internal/platform/db"
)

// Reader is somebody who reads the log of facts in order instead of being told each: many facts in one transaction, where only the
// last word counts.
type Reader struct {
	Name  string // "segment.follow", unique in the house
	Facts string // which facts it looks at, for docs/events.md: "patient.*, visit.*"
	board *Board
}

// Follow makes a reader of the board's log and lists it among the arrows.
func Follow(b *Board, name, facts string) *Reader {
	r := &Reader{Name: name, Facts: facts, board: b}
	b.readers = append(b.readers, r)
	return r
}

// Readers lists who reads the log.
func (b *Board) Readers() []*Reader { return b.readers }

// Next hands fn the facts after those it saw, at most limit, in the transaction that also moves the reader on: each fact is seen once.
// It tells how many there were.
func (r *Reader) Next(ctx context.Context, limit int, fn func(ctx context.Context, facts []Stored) error) (int, error) {
	n := 0
	err := r.board.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		at, err := cursorAt(ctx, tx, r.Name)
		if err != nil {
			return err
		}
		facts, err := since(ctx, tx, at, limit)
		if n = len(facts); err != nil || n == 0 {
			return err
		}
		if err := fn(ctx, facts); err != nil {
			return err
		}
		return moveCursor(ctx, tx, r.Name, facts[n-1].Seq)
	})
	return n, err
}

// Waiting tells whether there are facts that the reader has not seen.
func (r *Reader) Waiting(ctx context.Context) (bool, error) {
	tx := r.board.db.Read(ctx)
	at, err := cursorAt(ctx, tx, r.Name)
	if err != nil {
		return false, err
	}
	last, err := lastSeq(ctx, tx)
	return last > at, err
}

// Skip moves the reader behind a fact without looking at those before it.
func (r *Reader) Skip(ctx context.Context, seq int64) error {
	return r.board.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return moveCursor(ctx, tx, r.Name, seq) })
}
