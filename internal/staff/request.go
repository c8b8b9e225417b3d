package staff

import (
	"context"
	"log/slog"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// Kept is the answer a creating request got.
type Kept struct {
	Status int
	Type   string
	Body   string
}

const keepRequests = 24 * time.Hour

// ClaimRequest takes an idempotency key of the caller for a path. fresh says that nobody had it; else the first answer is
// given. A key whose first request has not answered yet, or died doing it, is a conflict: nobody knows its outcome.
func (s *Service) ClaimRequest(ctx context.Context, key, path string) (k Kept, fresh bool, err error) {
	id := access.From(ctx).StaffID
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if fresh, err = claimRequest(ctx, tx, id, key, path); err != nil || fresh {
			return err
		}
		k, err = findRequest(ctx, tx, id, key, path)
		return err
	})
	if err == nil && !fresh && k.Status == 0 {
		err = fault.New(fault.Conflict, "staff.request.pending")
	}
	return k, fresh, err
}

// KeepRequest stores the answer of a claimed request.
func (s *Service) KeepRequest(ctx context.Context, key, path string, k Kept) {
	s.endRequest(ctx, func(ctx context.Context, tx *db.Tx) error {
		return keepRequest(ctx, tx, access.From(ctx).StaffID, key, path, k)
	})
}

// DropRequest forgets a claimed request that failed on our side, so that it may be tried again.
func (s *Service) DropRequest(ctx context.Context, key, path string) {
	s.endRequest(ctx, func(ctx context.Context, tx *db.Tx) error {
		return dropRequest(ctx, tx, access.From(ctx).StaffID, key, path)
	})
}

func (s *Service) endRequest(ctx context.Context, fn func(context.Context, *db.Tx) error) {
	if err := s.DB.Tx(context.WithoutCancel(ctx), fn); err != nil {
		slog.Error("idempotency key not settled", "error", err)
	}
}

// PruneRequests forgets answers older than a day.
func (s *Service) PruneRequests(ctx context.Context) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return pruneRequests(ctx, tx, tx.Now.Add(-keepRequests)) })
}
