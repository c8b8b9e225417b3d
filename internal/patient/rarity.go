package patient

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"renxin/internal/identity"
	"renxin/internal/match"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// names remembers how frequent names are among the patients, so that two 张伟 weigh less than two bearers of a rare name.
type names struct {
	mu    sync.Mutex
	count *match.Names
	next  clock.Instant // when the patients are asked again
}

// How the frequency of names is learnt: from a sample spread over all patients, again every hour, and sooner while it is young.
const (
	nameSamples   = 100 // places in the order of patients at which a run of neighbours is read
	nameRun       = 200
	nameEvery     = time.Hour
	nameEveryTiny = time.Minute // while the sample is smaller than nameRun * 10
)

// share is the part of the patients that bear a name, 0 while too few are known to say. A failed look leaves names at their usual weight.
func (s *Service) share(ctx context.Context, name string) float64 {
	if name == "" {
		return 0
	}
	s.names.mu.Lock()
	defer s.names.mu.Unlock()
	if now := s.DB.Clock().Now(); now >= s.names.next {
		count, n, err := countNames(ctx, s.DB.Read(ctx))
		if err != nil {
			slog.Warn("names not counted", "error", err)
		} else {
			s.names.count = count
		}
		s.names.next = now.Add(nameEvery)
		if n < nameRun*10 {
			s.names.next = now.Add(nameEveryTiny)
		}
	}
	return s.names.count.Share(identity.SplitName(name))
}

// countNames reads the sample: runs of neighbours at even distances, so that neither a family that came together nor a day's import is all of it.
func countNames(ctx context.Context, tx *db.Tx) (*match.Names, int, error) {
	low, high, err := patientRange(ctx, tx)
	if err != nil || high == 0 {
		return nil, 0, err
	}
	out, step, at, n := &match.Names{}, (high-low)/nameSamples+1, low, 0
	for at <= high {
		rows, err := namesFrom(ctx, tx, at, nameRun)
		if err != nil {
			return nil, n, err
		}
		if len(rows) == 0 {
			break
		}
		for _, r := range rows {
			out.Add(identity.SplitName(r.Name))
		}
		n += len(rows)
		at = max(at+step, rows[len(rows)-1].ID+1)
	}
	return out, n, nil
}
