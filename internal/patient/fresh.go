package patient

import (
	"context"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// FreshDays is how long a verified telephone number counts as fresh.
const FreshDays = 365

// Freshness says how many of the telephone numbers in the caller's scope somebody verified within FreshDays.
type Freshness struct {
	Points int   `json:"points"`
	Fresh  int   `json:"fresh"`
	Old    int   `json:"old"`   // verified, but longer ago
	Never  int   `json:"never"` // never verified
	Wrong  int   `json:"wrong"` // marked wrong; among Never
	Days   int64 `json:"days"`
}

// Freshness counts how fresh the telephone numbers are (PT-35).
func (s *Service) Freshness(ctx context.Context) (Freshness, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return Freshness{}, err
	}
	q := s.freshness(ctx, s.DB.Clock().Now())
	f, _, err := db.FirstOf[Freshness](ctx, s.DB.Read(ctx), q)
	f.Never, f.Days = f.Points-f.Fresh-f.Old, FreshDays
	return f, err
}

// ConfirmReach says that the number a call about a patient went to is right: it is verified today and no longer marked wrong, whoever has
// it. Undo gives back what stood before.
func (s *Service) ConfirmReach(ctx context.Context, id ID) (Reach, error) {
	return s.judgeReach(ctx, id, "patient.contact.confirm", func(tx *db.Tx) clock.Instant { return tx.Now })
}

// UnconfirmReach takes a confirmation back: the number counts as verified when it was before.
func (s *Service) UnconfirmReach(ctx context.Context, id ID, before clock.Instant) (Reach, error) {
	return s.judgeReach(ctx, id, "patient.contact.unconfirm", func(*db.Tx) clock.Instant { return before })
}

func (s *Service) judgeReach(ctx context.Context, id ID, action string, at func(tx *db.Tx) clock.Instant) (Reach, error) {
	var r Reach
	if err := access.Need(ctx, PermUpdate); err != nil {
		return r, err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := s.Standing(ctx, id)
		if err != nil {
			return err
		}
		if r, err = s.ReachFor(ctx, id, "care"); err != nil {
			return err
		}
		v := at(tx)
		if v > tx.Now {
			return fault.New(fault.Invalid, "patient.patient.invalid").With("verified_at", "patient.contact.state_unknown")
		}
		if r.Contact.ID == 0 {
			err = verifyRelation(ctx, tx, id, r.Contact.Number, v)
		} else {
			err = verifyContact(ctx, tx, r.Contact.PatientID, r.Contact.ID, v)
		}
		if err != nil {
			return err
		}
		r.Contact.VerifiedAt = v
		if err := s.Trail.Append(ctx, trail.Entry{Action: action, Entity: "contact", EntityID: int64(r.Contact.ID), PatientID: int64(id)}); err != nil {
			return err
		}
		return s.Board.Publish(ctx, Updated{PatientID: id, Fields: []string{"contacts"}})
	})
	return r, err
}
