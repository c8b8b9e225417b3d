package patient

import (
	"context"
	"slices"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/trail"
	"renxin/internal/staff"
)

// handRoles are the relations that somebody has to take over when a person goes; what follows from visits and tasks stays as history.
var handRoles = append([]string{RoleOwner, RoleShare}, CareRoles...)

// Holdings are the patients a person answers for: owned, cared for in a role, or shared with them.
func (s *Service) Holdings() []staff.Holding {
	return []staff.Holding{{
		Key:     "patient.patient",
		Columns: []string{"patient_patient.owner_id"},
		Count:   func(ctx context.Context, of staff.ID) (int, error) { return countHeld(ctx, s.DB.Read(ctx), of) },
		Items: func(ctx context.Context, of staff.ID, after int64, limit int) ([]staff.Item, error) {
			return heldItems(ctx, s.DB.Read(ctx), of, after, limit)
		},
		Give: s.giveHeld,
		Lend: func(ctx context.Context, item int64, _, to staff.ID, until clock.Instant) error {
			return s.Grant(ctx, ID(item), Access{Kind: "staff", Key: int64(to), Role: RoleShare, Until: until})
		},
		Back: func(ctx context.Context, item int64, from, _ staff.ID) error {
			return s.Revoke(ctx, ID(item), Access{Kind: "staff", Key: int64(from), Role: RoleShare})
		},
	}}
}

// giveHeld gives what one person is to a patient to another; a share goes with its end.
func (s *Service) giveHeld(ctx context.Context, item int64, from, to staff.ID) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := resolve(ctx, tx, ID(item))
		if err != nil {
			return err
		}
		rs, err := carersOf(ctx, tx, id, tx.Now)
		if err != nil {
			return err
		}
		for _, r := range rs {
			if r.Kind != "staff" || r.Key != int64(from) || !slices.Contains(handRoles, r.Role) {
				continue
			}
			if err := revoke(ctx, tx, id, Access{Kind: "staff", Key: int64(from), Role: r.Role}); err != nil {
				return err
			}
			if err := s.receive(ctx, tx, id, r, to); err != nil {
				return err
			}
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "patient.patient.transfer", Entity: "patient", EntityID: int64(id), PatientID: int64(id), Detail: map[string]any{"from": from, "to": to}})
	})
}

func (s *Service) receive(ctx context.Context, tx *db.Tx, id ID, r Carer, to staff.ID) error {
	if r.Role != RoleOwner {
		return grant(ctx, tx, id, Access{Kind: "staff", Key: int64(to), Role: r.Role, Until: r.Until})
	}
	old, err := findPatient(ctx, tx, id)
	if err != nil {
		return err
	}
	fresh := old
	fresh.OwnerID = int64(to)
	return s.save(ctx, tx, old, fresh, false)
}
