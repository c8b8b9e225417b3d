package visit

import (
	"context"
	"strings"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Rights to treatment items.
const (
	PermItems     access.Permission = "visit.item.read"
	PermEditItems access.Permission = "visit.item.update"
)

type (
	itemKind    struct{}
	sessionKind struct{}
)

// Prefix implements db.Kind.
func (itemKind) Prefix() string { return "ti" }

// Prefix implements db.Kind.
func (sessionKind) Prefix() string { return "tu" }

// Typed IDs of treatment items.
type (
	ItemID    = db.ID[itemKind]    // a course of sessions
	SessionID = db.ID[sessionKind] // one session used or given back
)

// ByHand is the source of what a person recorded.
const ByHand = "hand"

// Item is a treatment bought in sessions.
type Item struct {
	ID         ItemID        `json:"id"`
	PatientID  patient.ID    `json:"-"`
	Key        string        `json:"-"`
	Code       string        `json:"code"`
	Name       string        `json:"name"`
	Bought     int64         `json:"bought"`
	Used       int64         `json:"used"`
	Left       int64         `json:"left" db:"-"` // never negative
	ValidUntil clock.Date    `json:"valid_until"` // last day, "" = no end
	Over       bool          `json:"over" db:"-"` // past its last day
	Source     string        `json:"source"`      // ByHand or the feed, which then counts by itself
	Note       string        `json:"note"`
	CreatedBy  int64         `json:"-"`
	CreatedAt  clock.Instant `json:"created_at"`
	UpdatedAt  clock.Instant `json:"updated_at"`
	Version    int64         `json:"version"`
}

// Session is one session used (1) or given back (-1).
type Session struct {
	ID        SessionID     `json:"id"`
	PatientID patient.ID    `json:"-"`
	ItemID    ItemID        `json:"item_id"`
	N         int64         `json:"n"`
	Note      string        `json:"note"`
	ByID      int64         `json:"-"`
	By        string        `json:"by"`
	At        clock.Instant `json:"at"`
}

// ItemInput is an item as typed, or as a feed told it with Issuer and Number.
type ItemInput struct {
	Issuer     string     `json:"-"`
	Number     string     `json:"-"`
	Code       string     `json:"code"`
	Name       string     `json:"name"`
	Bought     int64      `json:"bought"`
	Used       int64      `json:"used"`
	ValidUntil clock.Date `json:"valid_until"`
	Note       string     `json:"note"`
	Version    int64      `json:"version"` // of the one being changed
}

const mostSessions = 9999

// read takes what was told into it; more used than bought is refused, so that what is left is never negative.
func (in ItemInput) read(it *Item) error {
	f := fault.New(fault.Invalid, "visit.item.invalid")
	it.Code, it.Name, it.Note, it.ValidUntil = strings.TrimSpace(in.Code), strings.TrimSpace(in.Name), strings.TrimSpace(in.Note), in.ValidUntil
	it.Bought, it.Used = in.Bought, in.Used
	if it.Name == "" || len([]rune(it.Name)) > 80 {
		f.With("name", "visit.item.name")
	}
	if it.Bought < 1 || it.Bought > mostSessions {
		f.With("bought", "visit.item.bought", "limit", mostSessions)
	}
	if it.Used < 0 || it.Used > it.Bought {
		f.With("used", "visit.item.used")
	}
	if _, err := clock.ParseDate(string(it.ValidUntil)); it.ValidUntil != "" && err != nil {
		f.With("valid_until", "visit.item.day")
	}
	if len([]rune(it.Note)) > 200 {
		f.With("note", "visit.item.note")
	}
	return f.Or()
}

func (it Item) shown(today clock.Date) Item {
	it.Left, it.Over = it.Bought-it.Used, it.ValidUntil != "" && it.ValidUntil < today
	return it
}

// Items lists a patient's treatment items, those with sessions left first.
func (s *Service) Items(ctx context.Context, p patient.ID) ([]Item, error) {
	if err := access.Need(ctx, PermItems); err != nil {
		return nil, err
	}
	p, err := s.Patient.Standing(ctx, p)
	if err != nil {
		return nil, err
	}
	rows, err := itemsOf(ctx, s.read(ctx), p)
	for i := range rows {
		rows[i] = rows[i].shown(s.DB.Clock().Today())
	}
	return rows, err
}

// Sessions lists what was used and given back of an item, newest first.
func (s *Service) Sessions(ctx context.Context, p patient.ID, id ItemID) ([]Session, error) {
	if err := access.Need(ctx, PermItems); err != nil {
		return nil, err
	}
	p, err := s.Patient.Standing(ctx, p)
	if err != nil {
		return nil, err
	}
	return sessionsOf(ctx, s.read(ctx), p, id)
}

// AddItem records an item by hand.
func (s *Service) AddItem(ctx context.Context, p patient.ID, in ItemInput) (ItemID, error) {
	it := Item{ID: db.New[itemKind](s.DB), Source: ByHand, Version: 1}
	it.Key = "hand:" + it.ID.String()
	if err := in.read(&it); err != nil {
		return 0, err
	}
	err := s.changeItems(ctx, p, func(ctx context.Context, tx *db.Tx, p patient.ID) error {
		it.PatientID, it.CreatedBy, it.CreatedAt, it.UpdatedAt = p, access.From(ctx).StaffID, tx.Now, tx.Now
		if err := insertItem(ctx, tx, it); err != nil {
			return err
		}
		return s.tellItem(ctx, it, "create", "")
	})
	return it.ID, err
}

// UpdateItem changes an item that a person recorded. How many are used changes by sessions only.
func (s *Service) UpdateItem(ctx context.Context, p patient.ID, id ItemID, in ItemInput) error {
	return s.changeItems(ctx, p, func(ctx context.Context, tx *db.Tx, p patient.ID) error {
		it, err := ownItem(ctx, tx, p, id)
		if err != nil {
			return err
		}
		if it.Version != in.Version {
			return db.Stale(it.shown(s.DB.Clock().Today()))
		}
		in.Used = it.Used
		if err := in.read(&it); err != nil {
			return err
		}
		it.UpdatedAt, it.Version = tx.Now, it.Version+1
		if err := updateItem(ctx, tx, it); err != nil {
			return err
		}
		return s.tellItem(ctx, it, "update", "")
	})
}

// UseSession writes down that one session took place. Errors: conflict when none is left, the item is over, or a feed counts.
func (s *Service) UseSession(ctx context.Context, p patient.ID, id ItemID, note string) (Item, error) {
	return s.session(ctx, p, id, 1, note)
}

// ReturnSession gives one used session back.
func (s *Service) ReturnSession(ctx context.Context, p patient.ID, id ItemID, note string) (Item, error) {
	return s.session(ctx, p, id, -1, note)
}

func (s *Service) session(ctx context.Context, p patient.ID, id ItemID, n int64, note string) (Item, error) {
	var it Item
	err := s.changeItems(ctx, p, func(ctx context.Context, tx *db.Tx, p patient.ID) (err error) {
		if it, err = ownItem(ctx, tx, p, id); err != nil {
			return err
		}
		it = it.shown(s.DB.Clock().Today())
		switch {
		case n > 0 && it.Over:
			return fault.New(fault.Conflict, "visit.item.over")
		case n > 0 && it.Left < 1:
			return fault.New(fault.Conflict, "visit.item.none_left")
		case n < 0 && it.Used < 1:
			return fault.New(fault.Conflict, "visit.item.none_used")
		}
		it.Used, it.UpdatedAt, it.Version = it.Used+n, tx.Now, it.Version+1
		if err := updateItem(ctx, tx, it); err != nil {
			return err
		}
		use := Session{ID: db.New[sessionKind](s.DB), PatientID: p, ItemID: id, N: n, Note: strings.TrimSpace(note), ByID: access.From(ctx).StaffID, At: tx.Now}
		if err := insertSession(ctx, tx, use); err != nil {
			return err
		}
		it = it.shown(s.DB.Clock().Today())
		return s.tellItem(ctx, it, map[int64]string{1: "use", -1: "return"}[n], use.Note)
	})
	return it, err
}

// UpsertItem stores what a feed says of an item; the feed counts, so nobody uses its sessions by hand. A word that would leave a negative
// number is refused.
func (s *Service) UpsertItem(ctx context.Context, p patient.ID, in ItemInput) (id ItemID, c Change, err error) {
	it := Item{ID: db.New[itemKind](s.DB), Key: in.Issuer + ":" + in.Number, Source: in.Issuer, Version: 1}
	if err := in.read(&it); err != nil {
		return 0, "", err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		it.PatientID, it.CreatedAt, it.UpdatedAt = p, tx.Now, tx.Now
		if id, c, err = upsertItem(ctx, tx, it); err != nil || c == Unchanged {
			return err
		}
		return s.Board.Publish(ctx, ItemChanged{p, id, it.Bought - it.Used})
	})
	return id, c, err
}

// changeItems runs fn for a patient whom the caller sees.
func (s *Service) changeItems(ctx context.Context, p patient.ID, fn func(ctx context.Context, tx *db.Tx, p patient.ID) error) error {
	if err := access.Need(ctx, PermEditItems); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := s.Patient.Standing(ctx, p)
		if err != nil {
			return err
		}
		return fn(ctx, tx, p)
	})
}

// ownItem finds an item that people count, not a feed.
func ownItem(ctx context.Context, tx *db.Tx, p patient.ID, id ItemID) (Item, error) {
	it, err := findItem(ctx, tx, p, id)
	if err == nil && it.Source != ByHand {
		err = fault.New(fault.Conflict, "visit.item.feed_counts", "source", it.Source)
	}
	return it, err
}

func (s *Service) tellItem(ctx context.Context, it Item, verb, note string) error {
	err := s.Trail.Append(ctx, trail.Entry{Action: "visit.item." + verb, Entity: "item", EntityID: int64(it.ID), PatientID: int64(it.PatientID), Reason: note,
		Detail: map[string]int64{"bought": it.Bought, "used": it.Used}})
	if err != nil {
		return err
	}
	return s.Board.Publish(ctx, ItemChanged{it.PatientID, it.ID, it.Bought - it.Used})
}

// ItemChanged is published when a treatment item is new or its sessions changed.
type ItemChanged struct {
	PatientID patient.ID `json:"patient_id"`
	ItemID    ItemID     `json:"item_id"`
	Left      int64      `json:"left"`
}

// FactName implements event.Fact.
func (ItemChanged) FactName() string { return "visit.item_changed" }

// FactPatient implements event.Fact.
func (f ItemChanged) FactPatient() int64 { return int64(f.PatientID) }
