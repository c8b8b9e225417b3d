package booking

import (
	"context"

	"renxin/internal/platform/db"
)

// Load stores appointments of long ago that are known to be new, at most about a thousand at a time. IDs, dates and history are
// filled in. It publishes no facts, because what is long past reminds nobody.
func (s *Service) Load(ctx context.Context, all []Appointment) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var rows, changes [][]any
		for _, a := range all {
			a.ID, a.Date, a.UpdatedAt = db.New[appointmentKind](s.DB), s.DB.Clock().Date(a.StartsAt), tx.Now
			if a.CreatedAt == 0 {
				a.CreatedAt = tx.Now
			}
			rows = append(rows, loadRow(a))
			changes = append(changes, loadChange(s.DB.NextID(), a, "booked", a.CreatedAt))
			if a.State != StateBooked {
				changes = append(changes, loadChange(s.DB.NextID(), a, string(a.State), a.ToldAt))
			}
		}
		return load(ctx, tx, rows, changes)
	})
}

// CountAll counts all appointments. It reads a whole index: not for pages.
func CountAll(ctx context.Context, d *db.DB) (int64, error) { return countAll(ctx, d.Read(ctx)) }
