package view

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/staff"
)

// Holdings are a person's saved views: shared ones go on under the receiver, private ones go with the person.
func (s *Service) Holdings() []staff.Holding {
	stays := func(context.Context, int64, staff.ID, staff.ID) error { return nil }
	return []staff.Holding{{
		Key:     "view.view",
		Columns: []string{"view_view.owner_id"},
		Count:   func(ctx context.Context, of staff.ID) (int, error) { return countOf(ctx, s.DB.Read(ctx), of) },
		Items: func(ctx context.Context, of staff.ID, after int64, limit int) ([]staff.Item, error) {
			return itemsOf(ctx, s.DB.Read(ctx), of, after, limit)
		},
		Give: func(ctx context.Context, item int64, from, to staff.ID) error {
			return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
				v, err := find(ctx, tx, ID(item))
				if err != nil || v.OwnerID != from {
					return err
				}
				if !v.Shared {
					return remove(ctx, tx, v.ID)
				}
				return give(ctx, tx, v.ID, to)
			})
		},
		Lend: func(context.Context, int64, staff.ID, staff.ID, clock.Instant) error { return nil }, // nobody needs an absent person's views
		Back: stays,
	}}
}
