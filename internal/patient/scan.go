package patient

import (
	"context"
	"strconv"
	"strings"
	"time"

	"renxin/internal/match"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
)

const (
	jobScan   = "patient.scan"
	scanBatch = 200 // patients between two signs of life
)

// ScanState is how far the search for duplicates among the recorded patients is.
type ScanState struct {
	State      string        `json:"state"` // "" when nobody ever looked; ready running done dead cancelled
	Done       int           `json:"done"`  // patients looked at
	Total      int           `json:"total"`
	Found      int           `json:"found"` // pairs queued
	StartedAt  clock.Instant `json:"started_at"`
	FinishedAt clock.Instant `json:"finished_at"`
}

// StartScan has every recorded patient compared with the others, as a job; what is found joins the queue. Conflict while one runs.
func (s *Service) StartScan(ctx context.Context) (ScanState, error) {
	if err := access.Need(ctx, PermMerge); err != nil {
		return ScanState{}, err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		last, ok, err := s.jobs.Latest(ctx, jobScan)
		if err != nil {
			return err
		}
		if ok && (last.State == "ready" || last.State == "running") {
			return fault.New(fault.Conflict, "patient.scan.running")
		}
		total, err := countStanding(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := s.jobs.Enqueue(ctx, jobScan, nil, job.Option{Total: total}); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "patient.pair.scan", Entity: "pair", Detail: map[string]int{"patients": total}})
	})
	if err != nil {
		return ScanState{}, err
	}
	return s.ScanState(ctx)
}

// ScanState tells of the latest search.
func (s *Service) ScanState(ctx context.Context) (ScanState, error) {
	if err := access.Need(ctx, PermMerge); err != nil {
		return ScanState{}, err
	}
	j, ok, err := s.jobs.Latest(ctx, jobScan)
	if err != nil || !ok {
		return ScanState{}, err
	}
	_, found := scanPlace(j.Note)
	return ScanState{State: j.State, Done: j.Done, Total: j.Total, Found: found, StartedAt: j.CreatedAt, FinishedAt: j.FinishedAt}, nil
}

// StopScan ends a running search; what it found stays.
func (s *Service) StopScan(ctx context.Context) (ScanState, error) {
	if err := access.Need(ctx, PermMerge); err != nil {
		return ScanState{}, err
	}
	j, ok, err := s.jobs.Latest(ctx, jobScan)
	if err == nil && ok {
		err = s.jobs.Cancel(ctx, j.ID)
	}
	if err != nil {
		return ScanState{}, err
	}
	return s.ScanState(ctx)
}

// workScan registers the job.
func (s *Service) workScan(r *job.Runner) {
	r.Register(job.Kind{Name: jobScan, Lease: 2 * time.Minute}, s.runScan)
}

// runScan goes through the patients in order of their IDs. Its note holds the last one and what was found, so that it goes on there.
func (s *Service) runScan(ctx context.Context, run *job.Run) error {
	last, found := scanPlace(run.Note)
	done := run.Done
	for !run.Cancelled(ctx) {
		ids, err := standingAfter(ctx, s.DB.Read(ctx), last, scanBatch)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return run.Progress(ctx, done, max(done, run.Total), scanNote(last, found))
		}
		for _, id := range ids {
			n, err := s.Scan(ctx, id)
			if err != nil {
				return err
			}
			found += n
		}
		last, done = ids[len(ids)-1], done+len(ids)
		if err := run.Progress(ctx, done, max(done, run.Total), scanNote(last, found)); err != nil {
			return err
		}
	}
	return job.ErrCancelled
}

func scanNote(last ID, found int) string {
	return strconv.FormatInt(int64(last), 10) + " " + strconv.Itoa(found)
}

func scanPlace(note string) (last ID, found int) {
	at, n, _ := strings.Cut(note, " ")
	id, _ := strconv.ParseInt(at, 10, 64) // an empty note begins at the first patient
	found, _ = strconv.Atoi(n)
	return ID(id), found
}

// Scan compares one patient with everybody else and queues what may be the same person, and what must be held apart though it looks so.
// It gives the number of pairs for review with younger records, so that a look at everybody counts each pair once. Nothing is written where
// nothing is found.
func (s *Service) Scan(ctx context.Context, id ID) (int, error) {
	tx := s.DB.Read(ctx)
	p, err := findPatient(ctx, tx, id)
	if err != nil || p.MergedInto != 0 {
		return 0, err
	}
	es, err := s.evidence(ctx, tx, []Patient{p})
	if err != nil {
		return 0, err
	}
	found, err := s.compare(ctx, tx, es[id], false)
	if err != nil {
		return 0, err
	}
	var pairs []Candidate
	n := 0
	for _, c := range found {
		if c.ID == id || c.zone() == "" {
			continue
		}
		pairs = append(pairs, c)
		if c.Zone != match.None && id < c.ID { // the other way round it is the same pair
			n++
		}
	}
	if len(pairs) == 0 {
		return 0, nil
	}
	return n, s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, c := range pairs {
			if err := s.suspect(ctx, tx, id, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// zone is where a pair stands in the queue: auto and review to be decided, veto and mother to be seen only; "" stays out of it.
func (c Candidate) zone() string {
	switch {
	case c.Zone != match.None:
		return string(c.Zone)
	case c.Mother:
		return "mother"
	case c.vetoed && c.Bits >= match.ReviewBits:
		return "veto"
	}
	return ""
}
