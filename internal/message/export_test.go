package message

import (
	"context"

	"renxin/internal/platform/db"
)

// TakeForTest commits what hand-over commits before the first octet leaves, and stops there, as a machine that dies.
func (s *Service) TakeForTest(ctx context.Context) (n int, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		taken, _, err := s.take(ctx, tx)
		n = len(taken)
		return err
	})
	return n, err
}
