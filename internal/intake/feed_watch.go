package intake

import (
	"context"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Hour is what came in within one hour.
type Hour struct {
	At       clock.Instant
	Taken    int // new, updated or unchanged
	Open     int // to review or rejected
	Repeated int
}

// Hours gives the last 24 hours of a feed, oldest first, the running one last; hours in which nothing came are there with zeros.
func (s *Service) Hours(ctx context.Context, id FeedID) ([]Hour, error) {
	if err := access.Need(ctx, PermFeeds); err != nil {
		return nil, err
	}
	tx := s.DB.Read(ctx)
	if _, err := feedByID(ctx, tx, id); err != nil {
		return nil, err
	}
	now := tx.Now - tx.Now%hourMs
	rows, err := listHours(ctx, tx, id, now.Add(-24*time.Hour))
	out := make([]Hour, 0, 24)
	for at := now.Add(-23 * time.Hour); at <= now; at = at.Add(time.Hour) {
		h := Hour{At: at}
		for _, r := range rows {
			if r.At == at {
				h = r
			}
		}
		out = append(out, h)
	}
	return out, err
}

// StopFeed lets nothing in any more: a sender gets no answer and keeps what it has, a view is not read.
func (s *Service) StopFeed(ctx context.Context, id FeedID) error {
	return s.steer(ctx, id, "intake.feed.stop", func(ctx context.Context, tx *db.Tx) error { return setStopped(ctx, tx, id, tx.Now) })
}

// StartFeed lets a feed go on.
func (s *Service) StartFeed(ctx context.Context, id FeedID) error {
	return s.steer(ctx, id, "intake.feed.start", func(ctx context.Context, tx *db.Tx) error { return setStopped(ctx, tx, id, 0) })
}

// LateAfter says after how many minutes of silence a feed is late; 0 follows the hospital's setting.
func (s *Service) LateAfter(ctx context.Context, id FeedID, minutes int) error {
	if minutes < 0 || minutes > 10_080 {
		return fault.New(fault.Invalid, "intake.pull.invalid").With("late_minutes", "intake.pull.range")
	}
	return s.steer(ctx, id, string(PermFeedUpdate), func(ctx context.Context, tx *db.Tx) error { return setLate(ctx, tx, id, minutes) })
}

func (s *Service) steer(ctx context.Context, id FeedID, action string, change func(ctx context.Context, tx *db.Tx) error) error {
	if err := access.Need(ctx, PermFeedUpdate); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := feedByID(ctx, tx, id); err != nil {
			return err
		}
		if err := change(ctx, tx); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: action, Entity: "feed", EntityID: int64(id)})
	})
}

// watch reports feeds that fell silent, once, and forgets old hours.
func (s *Service) watch(ctx context.Context) error {
	feeds, err := s.Feeds(ctx)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, f := range feeds {
			silence := tx.Now.Sub(f.LastRunAt)
			if !f.live() || f.StoppedAt != 0 || f.LastRunAt == 0 || f.AlarmedAt != 0 || silence <= time.Duration(f.Late)*time.Minute {
				continue
			}
			if err := setAlarmed(ctx, tx, f.ID); err != nil {
				return err
			}
			if err := s.Board.Publish(ctx, Silent{f.ID, int(silence.Minutes())}); err != nil {
				return err
			}
		}
		return dropHours(ctx, tx, tx.Now.Add(-8*24*time.Hour))
	})
}
