package trail

import (
	"context"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
)

// AppendOnce is Append for things that repeat: the entry is written unless the caller did the same to the same patient since the instant.
// It reports whether it wrote.
func (l *Log) AppendOnce(ctx context.Context, e Entry, since clock.Instant) (bool, error) {
	known, err := appendedSince(ctx, l.db.Read(ctx), access.From(ctx).StaffID, e, since)
	if err != nil || known {
		return false, err
	}
	return true, l.Append(ctx, e)
}
