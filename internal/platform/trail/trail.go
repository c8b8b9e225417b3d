// Package trail is the append-only record of who did and saw what, sealed into a chain of SHA-256 hashes.
package trail

import (
	"context"
	"encoding/json"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// Entry is one line of the trail. Detail holds IDs, codes and field names, and before/after values only where the
// audit needs them; never a whole phone, ID number or address.
type Entry struct {
	Action    string // "room.noun.verb", e.g. "patient.contact.reveal"
	Entity    string // "patient", "message" …
	EntityID  int64
	PatientID int64 // 0 when no patient is concerned
	Reason    string
	Detail    any // encoded as JSON
}

// Log appends to the trail.
type Log struct{ db *db.DB }

// New makes the log on d.
func New(d *db.DB) *Log { return &Log{d} }

// Append writes e in the running transaction, or in one of its own, with the caller of ctx as actor.
func (l *Log) Append(ctx context.Context, e Entry) error {
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return err
	}
	c := access.From(ctx)
	return l.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return insert(ctx, tx, l.db.NextID(), c, e, string(detail))
	})
}

// AppendReveal is Append for looks at masked data: the reason is demanded, and the entry is durable before the look is answered.
func (l *Log) AppendReveal(ctx context.Context, e Entry) error {
	if len([]rune(e.Reason)) < 2 {
		return fault.New(fault.Invalid, "access.reason.required").With("reason", "access.reason.required")
	}
	return l.Append(ctx, e)
}

// Row is a stored entry.
type Row struct {
	ID        int64         `json:"-"`
	Seq       int64         `json:"seq"` // place in the chain, 0 until sealed
	At        clock.Instant `json:"at"`
	ActorID   int64         `json:"-"`
	Actor     string        `json:"actor"`
	Door      string        `json:"door"`
	RequestID string        `json:"request_id"`
	Action    string        `json:"action"`
	Entity    string        `json:"entity"`
	EntityID  int64         `json:"-"`
	PatientID int64         `json:"-"`
	Reason    string        `json:"reason"`
	Detail    string        `json:"detail"`
	Hash      string        `json:"hash"`
}
