package intake

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
)

const jobPull = "intake.pull"

type pullPayload struct {
	FeedID FeedID        `json:"feed_id"`
	Due    clock.Instant `json:"due"`
}

func (s *Service) registerPull() {
	s.Jobs.Register(job.Kind{Name: jobPull, Lease: 2 * time.Minute, MaxTries: 3}, s.pullJob)
	s.Jobs.Every("intake.pull", 30*time.Second, s.enqueuePulls)
}

// enqueuePulls makes a job of every pull that is due and names its next time. What fails or is missed is tried again then.
func (s *Service) enqueuePulls(ctx context.Context) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		due, err := duePulls(ctx, tx, tx.Now)
		if err != nil {
			return err
		}
		for _, p := range due {
			if _, err := s.Jobs.Enqueue(ctx, jobPull, pullPayload{p.FeedID, p.NextAt}, job.Option{Key: fmt.Sprintf("%s@%d", p.FeedID, p.NextAt)}); err != nil {
				return err
			}
			if err := duePull(ctx, tx, p.FeedID, tx.Now.Add(time.Duration(p.EveryMinutes)*time.Minute)); err != nil {
				return err
			}
		}
		return nil
	})
}

// pullJob pulls one feed. A source that cannot be reached is written on the feed; the schedule asks again.
func (s *Service) pullJob(ctx context.Context, j *job.Run) error {
	var p pullPayload
	if err := j.Into(&p); err != nil {
		return err
	}
	counts, err := s.pullNow(ctx, p.FeedID, func(ctx context.Context, done int) bool {
		if err := j.Progress(ctx, done, done, ""); err != nil {
			slog.Warn("pull progress not stored", "error", err)
		}
		return ctx.Err() == nil && !j.Cancelled(ctx)
	})
	switch {
	case err == nil:
		slog.Info("pulled", "feed", p.FeedID.String(), "records", counts.Sum())
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, errPullOvertaken):
		return nil
	case fault.CodeOf(err) != fault.Internal:
		return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return failPull(ctx, tx, p.FeedID, fault.KeyOf(err)) })
	}
	return err
}
