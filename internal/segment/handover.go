package segment

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/staff"
)

// Holdings are a person's saved segments: those that others see go on under the receiver, private ones too, because a follow-up or a
// report may stand on them.
func (s *Service) Holdings() []staff.Holding {
	return []staff.Holding{{
		Key:     "segment.segment",
		Columns: []string{"segment_segment.owner_id"},
		Count:   func(ctx context.Context, of staff.ID) (int, error) { return countHeld(ctx, s.DB.Read(ctx), of) },
		Items: func(ctx context.Context, of staff.ID, after int64, limit int) ([]staff.Item, error) {
			return heldItems(ctx, s.DB.Read(ctx), of, after, limit)
		},
		Give: func(ctx context.Context, item int64, from, to staff.ID) error {
			return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return give(ctx, tx, ID(item), from, to) })
		},
		Lend: func(context.Context, int64, staff.ID, staff.ID, clock.Instant) error { return nil }, // its members are the same whoever owns it
		Back: func(context.Context, int64, staff.ID, staff.ID) error { return nil },
	}}
}
