package organization

import (
	"context"

	"renxin/internal/platform/db"
	"renxin/internal/platform/trail"
	"renxin/internal/staff"
)

// Holdings are the organisations a person answers for; the visits they paid stay theirs.
func (s *Service) Holdings() []staff.Holding {
	return []staff.Holding{{
		Key:     "organization.organization",
		Columns: []string{"organization_organization.owner_id"},
		Count:   func(ctx context.Context, of staff.ID) (int, error) { return countHeld(ctx, s.DB.Read(ctx), of) },
		Items: func(ctx context.Context, of staff.ID, after int64, limit int) ([]staff.Item, error) {
			return heldItems(ctx, s.DB.Read(ctx), of, after, limit)
		},
		Give: func(ctx context.Context, item int64, from, to staff.ID) error {
			return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
				n, err := give(ctx, tx, ID(item), from, to)
				if err != nil || n == 0 {
					return err
				}
				return s.Trail.Append(ctx, trail.Entry{Action: "organization.organization.transfer", Entity: "organization", EntityID: item, Detail: map[string]any{"from": from, "to": to}})
			})
		},
	}}
}
