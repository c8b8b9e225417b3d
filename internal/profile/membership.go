package profile

import (
	"context"
	"slices"
	"strings"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// NoEnd is the last day of a membership without an end.
const NoEnd clock.Date = "9999-12-31"

// Types are the sorts of membership that the house ships with.
var Types = []string{"standard", "silver", "gold", "platinum", "family", "staff"}

// Membership is a card that a patient holds from one day to another.
type Membership struct {
	ID        MembershipID  `json:"id"`
	PatientID patient.ID    `json:"-"`
	Type      string        `json:"type"`
	Number    string        `json:"number"`
	ValidFrom clock.Date    `json:"valid_from"`
	ValidTo   clock.Date    `json:"valid_to"` // last day; NoEnd where there is none
	Benefits  string        `json:"benefits"`
	Expired   bool          `json:"-"` // that it ended has been told
	CreatedBy int64         `json:"-"`
	CreatedAt clock.Instant `json:"created_at"`
	UpdatedAt clock.Instant `json:"updated_at"`
	Version   int64         `json:"version"`
	State     string        `json:"state" db:"-"` // current, coming, expired: as of today
}

// MembershipInput is a membership as typed; ValidTo "" = no end.
type MembershipInput struct {
	Type      string     `json:"type"`
	Number    string     `json:"number"`
	ValidFrom clock.Date `json:"valid_from"`
	ValidTo   clock.Date `json:"valid_to"`
	Benefits  string     `json:"benefits"`
	Version   int64      `json:"version"` // of the one being changed
}

// Current tells whether a membership from one day to another holds on day; both ends belong to it.
func Current(from, to, day clock.Date) bool { return from <= day && day <= to }

func (m Membership) state(today clock.Date) string {
	switch {
	case Current(m.ValidFrom, m.ValidTo, today):
		return "current"
	case m.ValidFrom > today:
		return "coming"
	}
	return "expired"
}

// check reads what was typed into m.
func (in MembershipInput) check(m *Membership, today clock.Date) error {
	f := fault.New(fault.Invalid, "profile.membership.invalid")
	in.Type, in.Number, in.Benefits = strings.TrimSpace(in.Type), strings.TrimSpace(in.Number), strings.TrimSpace(in.Benefits)
	if !slices.Contains(Types, in.Type) {
		f.With("type", "profile.membership.unknown_type")
	}
	if in.Number == "" || len([]rune(in.Number)) > 40 {
		f.With("number", "profile.membership.number")
	}
	if in.ValidFrom == "" {
		in.ValidFrom = today
	}
	if in.ValidTo == "" {
		in.ValidTo = NoEnd
	}
	if _, err := clock.ParseDate(string(in.ValidFrom)); err != nil {
		f.With("valid_from", "profile.membership.day")
	}
	if _, err := clock.ParseDate(string(in.ValidTo)); err != nil || in.ValidTo < in.ValidFrom {
		f.With("valid_to", "profile.membership.order")
	}
	if len([]rune(in.Benefits)) > 500 {
		f.With("benefits", "profile.preference.too_long", "limit", 500)
	}
	m.Type, m.Number, m.ValidFrom, m.ValidTo, m.Benefits = in.Type, in.Number, in.ValidFrom, in.ValidTo, in.Benefits
	return f.Or()
}

// Memberships lists a patient's, the current ones first, with their state today.
func (s *Service) Memberships(ctx context.Context, id patient.ID) ([]Membership, error) {
	if err := access.Need(ctx, PermMembers); err != nil {
		return nil, err
	}
	id, err := s.Patient.Standing(ctx, id)
	if err != nil {
		return nil, err
	}
	rows, err := membershipsOf(ctx, s.read(ctx), id)
	today := s.DB.Clock().Today()
	for i := range rows {
		rows[i].State = rows[i].state(today)
	}
	order := map[string]int{"current": 0, "coming": 1, "expired": 2}
	slices.SortStableFunc(rows, func(a, b Membership) int { return order[a.State] - order[b.State] })
	return rows, err
}

// AddMembership records a card. Errors: conflict when a live card of that type and number is another patient's.
func (s *Service) AddMembership(ctx context.Context, id patient.ID, in MembershipInput) (MembershipID, error) {
	var m Membership
	err := s.change(ctx, PermEditMembers, id, func(ctx context.Context, tx *db.Tx, id patient.ID) error {
		m = Membership{ID: db.New[membershipKind](s.DB), PatientID: id, CreatedBy: access.From(ctx).StaffID, CreatedAt: tx.Now, UpdatedAt: tx.Now, Version: 1}
		return s.keep(ctx, tx, m, in, "create", insertMembership)
	})
	return m.ID, err
}

// UpdateMembership changes a card; one whose end is moved beyond today holds again at once.
func (s *Service) UpdateMembership(ctx context.Context, id patient.ID, which MembershipID, in MembershipInput) error {
	return s.change(ctx, PermEditMembers, id, func(ctx context.Context, tx *db.Tx, id patient.ID) error {
		m, err := findMembership(ctx, tx, id, which)
		if err != nil {
			return err
		}
		if m.Version != in.Version {
			return db.Stale(m)
		}
		m.UpdatedAt, m.Version = tx.Now, m.Version+1
		return s.keep(ctx, tx, m, in, "update", updateMembership)
	})
}

// keep checks and writes m with write, and tells it. A card that is over already when it is written has nothing left to tell.
func (s *Service) keep(ctx context.Context, tx *db.Tx, m Membership, in MembershipInput, verb string, write func(context.Context, *db.Tx, Membership) error) error {
	today := s.DB.Clock().Today()
	if err := in.check(&m, today); err != nil {
		return err
	}
	m.Expired = m.ValidTo < today
	taken, err := holders(ctx, tx, m)
	if err != nil {
		return err
	}
	if taken > 0 {
		return fault.New(fault.Conflict, "profile.membership.taken").With("number", "profile.membership.taken")
	}
	if err := write(ctx, tx, m); err != nil {
		return err
	}
	return s.tellMembership(ctx, m, verb)
}

// RemoveMembership takes away a card that was recorded by mistake.
func (s *Service) RemoveMembership(ctx context.Context, id patient.ID, which MembershipID) error {
	return s.change(ctx, PermEditMembers, id, func(ctx context.Context, tx *db.Tx, id patient.ID) error {
		m, err := findMembership(ctx, tx, id, which)
		if err != nil {
			return err
		}
		if err := deleteMembership(ctx, tx, id, which); err != nil {
			return err
		}
		return s.tellMembership(ctx, m, "delete")
	})
}

func (s *Service) tellMembership(ctx context.Context, m Membership, verb string) error {
	err := s.Trail.Append(ctx, trail.Entry{Action: "profile.membership." + verb, Entity: "membership", EntityID: int64(m.ID), PatientID: int64(m.PatientID),
		Detail: map[string]string{"type": m.Type, "valid_from": string(m.ValidFrom), "valid_to": string(m.ValidTo)}})
	if err != nil {
		return err
	}
	return s.Board.Publish(ctx, MembershipChanged{m.PatientID, m.ID, m.Type})
}

// expireAtOnce is how many ended memberships one transaction tells.
const expireAtOnce = 500

// Expire tells the end of every membership whose last day is over, each once.
func (s *Service) Expire(ctx context.Context) error {
	for {
		n := 0
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			rows, err := ended(ctx, tx, s.DB.Clock().Date(tx.Now), expireAtOnce)
			if err != nil {
				return err
			}
			n = len(rows)
			for _, m := range rows {
				m.Expired = true
				if err := updateMembership(ctx, tx, m); err != nil {
					return err
				}
				if err := s.Board.Publish(ctx, MembershipExpired{m.PatientID, m.ID, m.Type}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || n < expireAtOnce {
			return err
		}
	}
}
