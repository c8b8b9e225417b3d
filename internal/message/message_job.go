package message

import (
	"context"
	"fmt"
	"time"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/job"
)

const (
	jobSend   = "message.send"
	tickSweep = "message.sweep"
)

func (s *Service) registerJobs() {
	s.Jobs.Register(job.Kind{Name: jobSend, Workers: 2, Lease: 2 * s.Lease}, s.handOverAll)
	s.Jobs.Every(tickSweep, 5*time.Second, s.sweep)
}

// enqueue makes sure that a job looks at the queue when the first of the rows is due. One waiting job serves any number of
// messages; the sweep mends the rare case that it ran just before this commit.
func (s *Service) enqueue(ctx context.Context, tx *db.Tx, rows []Message) error {
	now, later := false, map[clock.Instant]bool{}
	for _, m := range rows {
		if m.State != StateQueued {
			continue
		}
		if m.NotBefore <= tx.Now {
			now = true
		} else {
			later[m.NotBefore] = true
		}
	}
	for at := range later {
		if err := s.wakeAt(ctx, at); err != nil {
			return err
		}
	}
	if !now {
		return nil
	}
	return s.wake(ctx, tx)
}

// wakeAt has the queue looked at later; the same instant counts once.
func (s *Service) wakeAt(ctx context.Context, at clock.Instant) error {
	_, err := s.Jobs.Enqueue(ctx, jobSend, nil, job.Option{Key: fmt.Sprintf("at:%d", int64(at)), RunAt: at})
	return err
}

func (s *Service) wake(ctx context.Context, tx *db.Tx) error {
	waiting, err := sendJobWaits(ctx, tx)
	if err != nil || waiting {
		return err
	}
	_, err = s.Jobs.Enqueue(ctx, jobSend, nil, job.Option{})
	return err
}

// handOverAll empties the queue.
func (s *Service) handOverAll(ctx context.Context, run *job.Run) error {
	sign := s.DB.Clock().Now()
	for n := 0; ; {
		done, err := s.handOver(ctx)
		if err != nil || done == 0 || ctx.Err() != nil {
			return err
		}
		n += done
		if s.DB.Clock().Now() > sign.Add(s.Lease) { // a sign of life for the job's lease
			if err := run.Progress(ctx, n, 0, ""); err != nil {
				return err
			}
			sign = s.DB.Clock().Now()
		}
	}
}

// sweep closes what nobody closed: messages that a dead process was sending, accepted ones whose receipt never came,
// questions past their time, parts of replies whose rest never came, and queued messages without a job.
func (s *Service) sweep(ctx context.Context) error {
	now := s.DB.Clock().Now()
	due, err := sweepNeeded(ctx, s.DB.Read(ctx), now, s.waitLimit(ctx, now))
	if err != nil || !due {
		return err
	}
	for {
		n := 0
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			lost, err := interrupted(ctx, tx)
			if err != nil {
				return err
			}
			silent, err := neverReceipted(ctx, tx, s.waitLimit(ctx, tx.Now))
			if err != nil {
				return err
			}
			n = len(lost) + len(silent)
			for _, m := range append(lost, silent...) {
				if err := s.publishSettled(ctx, m); err != nil {
					return err
				}
			}
			return s.sweepRest(ctx, tx)
		})
		if err != nil || n < sweepChunk {
			return err
		}
	}
}

const sweepChunk = 500

func (s *Service) sweepRest(ctx context.Context, tx *db.Tx) error {
	if err := s.reconcile(ctx, tx); err != nil {
		return err
	}
	if err := expireQuestions(ctx, tx); err != nil {
		return err
	}
	if err := dropOldReceipts(ctx, tx, tx.Now.Add(-30*24*time.Hour)); err != nil {
		return err
	}
	if err := s.giveUpParts(ctx, tx); err != nil {
		return err
	}
	waiting, err := overdue(ctx, tx)
	if err != nil || !waiting {
		return err
	}
	return s.wake(ctx, tx)
}

func (s *Service) waitLimit(ctx context.Context, now clock.Instant) clock.Instant {
	return now.Add(-time.Duration(s.Setting.Int(ctx, "message.receipt.wait_hours", 0)) * time.Hour)
}

func (s *Service) publishSettled(ctx context.Context, m Message) error {
	return s.Board.Publish(ctx, Settled{PatientID: m.PatientID, MessageID: m.ID, Room: m.Room, Ref: m.Ref, State: m.State, Code: m.Reason})
}
