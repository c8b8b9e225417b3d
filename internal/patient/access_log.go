package patient

import (
	"context"
	"encoding/json"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// PermAccessLog lets somebody read who looked at a patient.
const PermAccessLog access.Permission = "patient.access.read"

// lookEvery is how long one entry stands for a person who opens the same patient again and again.
const lookEvery = time.Hour

// look records that a person opened a patient's page: one entry for each person, patient and hour of the clock. The house itself does not look.
func (s *Service) look(ctx context.Context, id ID) error {
	if access.From(ctx).StaffID == 0 {
		return nil
	}
	hour := s.DB.Clock().Now() / clock.Instant(lookEvery.Milliseconds()) * clock.Instant(lookEvery.Milliseconds())
	_, err := s.Trail.AppendOnce(ctx, trail.Entry{Action: "patient.patient.read", Entity: "patient", EntityID: int64(id), PatientID: int64(id)}, hour)
	return err
}

// Kinds of access.
const (
	AccessLook   = "look"   // the page was opened
	AccessReveal = "reveal" // a number or an address was seen whole, or a record's raw text
	AccessExport = "export" // data left the house
	AccessPlay   = "play"   // a recording was heard
	AccessChange = "change" // something was written
)

// AccessEntry is one line of a patient's access log.
type AccessEntry struct {
	ID         int64         `json:"-"`
	At         clock.Instant `json:"at"`
	Kind       string        `json:"kind" db:"-"`
	Action     string        `json:"action"`
	Actor      string        `json:"actor"`      // as signed in then
	Role       string        `json:"role"`       // the person's role today, "" for the house itself and for who has left the list
	Department string        `json:"department"` // the person's department today
	Door       string        `json:"door"`
	Reason     string        `json:"reason"`
	Field      string        `json:"field" db:"-"` // what was revealed: contact, identifier, address
	Detail     string        `json:"-"`
	Sealed     bool          `json:"sealed"` // the entry is in the chain that cannot be changed unseen
	Former     bool          `json:"former"` // it was done to a record that was merged into this one
	PatientID  ID            `json:"-"`
}

// AccessLog lists who did what with a patient's data, newest first, with what was done to the records merged into it. kind is "" for all, "look" for
// looks, reveals, exports and plays, "change" for what was written. Errors: not_found outside the scope, invalid for another kind.
func (s *Service) AccessLog(ctx context.Context, id ID, kind, cursor string, limit int) (db.Page[AccessEntry], error) {
	out := db.Page[AccessEntry]{Items: []AccessEntry{}}
	if err := access.Need(ctx, PermAccessLog); err != nil {
		return out, err
	}
	if kind != "" && kind != AccessLook && kind != AccessChange {
		return out, fault.New(fault.Invalid, "patient.access.kind")
	}
	id, err := s.Standing(ctx, id)
	if err != nil {
		return out, err
	}
	tx, limit := s.DB.Read(ctx), db.Limit(limit)
	ids, err := mergedInto(ctx, tx, id)
	if err != nil {
		return out, err
	}
	rows, err := accessEntries(ctx, tx, ids, kind, cursor, limit+1)
	if err != nil {
		return out, err
	}
	n, err := countAccess(ctx, tx, ids, kind)
	if err != nil {
		return out, err
	}
	out = db.Cut(rows, limit, db.Capped(n), func(e AccessEntry) string { return db.Cursor(e.At, e.ID) })
	for i := range out.Items {
		out.Items[i].describe(id)
	}
	return out, nil
}

// describe tells the kind of an entry from its action, whose last word is what was done.
func (e *AccessEntry) describe(id ID) {
	e.Kind, e.Former = AccessChange, e.PatientID != id
	for _, k := range []struct{ verb, kind string }{{".read", AccessLook}, {".reveal", AccessReveal}, {".export", AccessExport}, {".play", AccessPlay}} {
		if len(e.Action) > len(k.verb) && e.Action[len(e.Action)-len(k.verb):] == k.verb {
			e.Kind = k.kind
		}
	}
	var d struct {
		Field string `json:"field"`
	}
	if e.Kind == AccessReveal && json.Unmarshal([]byte(e.Detail), &d) == nil {
		e.Field = d.Field
	}
}
