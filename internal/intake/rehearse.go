package intake

import (
	"context"
	"errors"
	"iter"

	"renxin/internal/platform/db"
)

var errRehearsed = errors.New("intake: a rehearsal is taken back")

// Rehearsal runs fn in a transaction that is taken back: every dry run inside it sees what the ones before it would have
// written. Nobody else writes meanwhile, so it is for a command that has the database for itself.
func (s *Service) Rehearsal(ctx context.Context, fn func(ctx context.Context) error) error {
	err := s.DB.Tx(ctx, func(ctx context.Context, _ *db.Tx) error {
		if err := fn(ctx); err != nil {
			return err
		}
		return errRehearsed
	})
	if errors.Is(err, errRehearsed) {
		return nil
	}
	return err
}

// rehearsalChunk is how many records see each other when others may want to write in between.
const rehearsalChunk = 2000

// rehearse judges every record of a file and writes nothing. Chunks are taken back one by one, so that others can write in
// between; inside a Rehearsal they stay until its end.
func (s *Service) rehearse(ctx context.Context, reading Reading, content string, o Options) (Run, error) {
	run := Run{File: o.File, State: RunDone, Total: reading.Total, heard: o.Heard}
	next, stop := iter.Pull(reading.Records)
	defer stop()
	for {
		records := pull(next, rehearsalChunk)
		if len(records) == 0 {
			return run, nil
		}
		verdicts, err := s.rehearseChunk(ctx, reading, content, o, records)
		if err != nil {
			return run, err
		}
		for i, r := range records {
			run.Counts.add(verdicts[i].Verdict)
			run.tell(r, verdicts[i])
		}
		run.Done += len(records)
		if o.OnChunk != nil && !o.OnChunk(ctx, run.Done, run.Total) {
			run.State = RunCancelled
			return run, nil
		}
	}
}

func (s *Service) rehearseChunk(ctx context.Context, reading Reading, content string, o Options, records []Record) (verdicts []Outcome, err error) {
	whole := db.InTx(ctx)
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		verdicts = verdicts[:0]
		f, err := s.feed(ctx, tx, o.Feed, o.Kind, "")
		if err != nil {
			return err
		}
		b := batch{feed: f, content: content, charset: reading.Charset}
		for _, r := range records {
			_, v, err := s.take(ctx, tx, b, r)
			if err != nil {
				return err
			}
			verdicts = append(verdicts, v)
		}
		if whole {
			return nil
		}
		return errRehearsed
	})
	if errors.Is(err, errRehearsed) {
		err = nil
	}
	return verdicts, err
}
