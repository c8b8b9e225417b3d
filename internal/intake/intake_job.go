package intake

import (
	"context"
	"log/slog"
	"time"

	"renxin/internal/platform/db"
	"renxin/internal/platform/job"
)

const jobApply = "intake.apply"

type applyPayload struct {
	RunID RunID `json:"run_id"`
}

func (s *Service) registerJobs() {
	s.Jobs.Register(job.Kind{Name: jobApply, Lease: 30 * time.Second, MaxTries: 20}, s.runJob)
	s.Jobs.Register(job.Kind{Name: jobRollback, Lease: 30 * time.Second, MaxTries: 20}, s.rollbackJob)
	s.Jobs.Every("intake.prune", 6*time.Hour, s.prune)
}

// runJob applies an upload. Every chunk commits with its progress, so that a crash or a restart goes on where it stopped.
func (s *Service) runJob(ctx context.Context, j *job.Run) error {
	var p applyPayload
	if err := j.Into(&p); err != nil {
		return err
	}
	run, err := findRun(ctx, s.DB.Read(ctx), p.RunID)
	if err != nil || run.State != RunWaiting && run.State != RunRunning {
		return err
	}
	raw, err := s.content(run.Content)
	if err != nil {
		return err
	}
	o, err := readOptions(run.Options, s.DB.Clock().Zone())
	if err != nil {
		return err
	}
	reading, err := s.open(ctx, raw, o)
	if err != nil {
		return err
	}
	if err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return startRun(ctx, tx, run.ID) }); err != nil {
		return err
	}
	err = s.work(ctx, &run, reading, func(ctx context.Context, done, total int) bool {
		if err := j.Progress(ctx, done, total, run.File); err != nil {
			slog.Warn("intake progress not stored", "error", err)
		}
		slog.Debug("import chunk", "run", run.ID.String(), "done", done, "total", total)
		return !j.Cancelled(ctx)
	})
	if err == nil {
		slog.Info("import ended", "run", run.ID.String(), "state", run.State, "rows", run.Done)
	}
	if err == nil && run.State == RunCancelled {
		return job.ErrCancelled
	}
	return err
}

// prune empties the text of old settled records and the journal of old imports; what became of them stays.
func (s *Service) prune(ctx context.Context) error {
	keep := s.keepFor(ctx)
	for {
		var n, m int64
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			if n, err = forgetRaw(ctx, tx, tx.Now.Add(-keep), 1000); err != nil {
				return err
			}
			m, err = forgetPatches(ctx, tx, tx.Now.Add(-keep), 1000)
			return err
		})
		if err != nil || max(n, m) < 1000 {
			return err
		}
	}
}
