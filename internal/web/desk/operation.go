package desk

import (
	"context"
	"strconv"
	"time"

	"renxin/internal/backup"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
)

// Permissions of operations; they belong to no room because they concern the machinery of the house.
const (
	PermOperationRead  access.Permission = "operation.health.read"
	PermOperationRetry access.Permission = "operation.job.update"
	PermJobRead        access.Permission = "job.job.read"
)

// OperationPermissions lists them for the role editor.
var OperationPermissions = []access.Permission{PermOperationRead, PermOperationRetry, PermJobRead}

// Operations is the health of the house on one page.
type Operations struct {
	Version   string        `json:"version"`
	Engine    db.Engine     `json:"engine"`
	StartedAt clock.Instant `json:"started_at"`
	Now       clock.Instant `json:"now"`
	Beats     []BeatRow     `json:"beats"`
	Jobs      []job.Count   `json:"jobs"`
	Dead      []DeadJob     `json:"dead"`
	Letters   []DeadLetter  `json:"letters"`
	Backups   []backup.Copy `json:"backups"`
	DiskFree  int64         `json:"disk_free"` // bytes
}

// BeatRow is one periodic work with its verdict.
type BeatRow struct {
	Name  string        `json:"name"`
	At    clock.Instant `json:"at"`
	OkAt  clock.Instant `json:"ok_at"`
	Late  bool          `json:"late"`
	Error string        `json:"error"`
}

// DeadJob is a job that was given up.
type DeadJob struct {
	ID    string        `json:"id"`
	Kind  string        `json:"kind"`
	Error string        `json:"error"`
	At    clock.Instant `json:"at"`
}

// DeadLetter is a fact that a listener could not take.
type DeadLetter struct {
	FactID   string `json:"fact_id"`
	Listener string `json:"listener"`
	Name     string `json:"name"`
	Error    string `json:"error"`
}

// Machinery is what the operations page looks at.
type Machinery struct {
	DB        *db.DB
	Jobs      *job.Runner
	Board     *event.Board
	Trail     *trail.Log
	Backup    *backup.Service
	StartedAt clock.Instant
	DiskFree  func() int64
}

// OperationRoutes are the paths of operations and of long work.
func OperationRoutes(m Machinery) Routes {
	return func(d *Door) {
		add(d, Route{Method: "GET", Path: "/api/v1/operations", Permission: PermOperationRead, Text: "Health of the house"}, func(ctx context.Context, _ *struct{}) (Operations, error) {
			return m.look(ctx, d.Version)
		})
		add(d, Route{Method: "POST", Path: "/api/v1/operations/backup", Permission: backup.PermCreate, Text: "Make a backup now"}, func(ctx context.Context, _ *struct{}) (Created[string], error) {
			id, err := m.Backup.Start(ctx)
			return Created[string]{strconv.FormatInt(id, 10)}, err
		})
		add(d, Route{Method: "POST", Path: "/api/v1/operations/jobs/{id}/retry", Permission: PermOperationRetry, Text: "Put a dead job back to work"}, func(ctx context.Context, in *jobPath) (None, error) {
			return None{}, m.audited(ctx, "operation.job.retry", in.ID, func(ctx context.Context) error { return m.Jobs.Retry(ctx, in.ID) })
		})
		add(d, Route{Method: "POST", Path: "/api/v1/operations/letters/{id}/retry", Permission: PermOperationRetry, Text: "Deliver a dead letter again"}, func(ctx context.Context, in *struct {
			ID   int64 `path:"id"`
			Body struct {
				Listener string `json:"listener"`
			}
		}) (None, error) {
			return None{}, m.audited(ctx, "operation.letter.retry", in.ID, func(ctx context.Context) error { return m.Board.Revive(ctx, in.ID, in.Body.Listener) })
		})
		add(d, Route{Method: "GET", Path: "/api/v1/jobs/{id}", Permission: PermJobRead, Text: "Progress of long work"}, m.progress)
		add(d, Route{Method: "POST", Path: "/api/v1/jobs/{id}/cancel", Permission: PermOperationRetry, Text: "Ask long work to stop"}, func(ctx context.Context, in *jobPath) (None, error) {
			return None{}, m.audited(ctx, "operation.job.cancel", in.ID, func(ctx context.Context) error { return m.Jobs.Cancel(ctx, in.ID) })
		})
	}
}

type jobPath struct {
	ID int64 `path:"id"`
}

func (m Machinery) audited(ctx context.Context, action string, id int64, fn func(context.Context) error) error {
	return m.DB.Tx(ctx, func(ctx context.Context, _ *db.Tx) error {
		if err := fn(ctx); err != nil {
			return err
		}
		return m.Trail.Append(ctx, trail.Entry{Action: action, Entity: "job", EntityID: id})
	})
}

func (m Machinery) look(ctx context.Context, version string) (Operations, error) {
	o := Operations{Version: version, Engine: m.DB.Engine(), StartedAt: m.StartedAt, Now: m.DB.Clock().Now(), DiskFree: m.DiskFree(), Beats: []BeatRow{}, Dead: []DeadJob{}, Letters: []DeadLetter{}}
	beats, err := m.Jobs.Beats(ctx)
	if err != nil {
		return o, err
	}
	for _, b := range beats {
		o.Beats = append(o.Beats, BeatRow{b.Name, b.At, b.OkAt, b.Late(o.Now), b.Error})
	}
	if o.Jobs, err = m.Jobs.Counts(ctx); err != nil {
		return o, err
	}
	dead, err := m.Jobs.Dead(ctx, 50)
	if err != nil {
		return o, err
	}
	for _, j := range dead {
		o.Dead = append(o.Dead, DeadJob{strconv.FormatInt(j.ID, 10), j.Kind, j.Error, j.FinishedAt})
	}
	letters, err := m.Board.DeadLetters(ctx, 50)
	if err != nil {
		return o, err
	}
	for _, l := range letters {
		o.Letters = append(o.Letters, DeadLetter{strconv.FormatInt(l.FactID, 10), l.Listener, l.Name, l.Error})
	}
	if o.Backups, err = m.Backup.List(ctx); fault.Is(err, fault.Forbidden) {
		o.Backups, err = []backup.Copy{}, nil // one may watch the house without seeing its copies
	}
	return o, err
}

// Progress is how far long work is.
type Progress struct {
	job.Job
	Rate   float64 `json:"rate"`    // units a second since it began
	LeftMS int64   `json:"left_ms"` // at that rate; 0 when unknown
}

func (m Machinery) progress(ctx context.Context, in *jobPath) (Progress, error) {
	j, err := m.Jobs.Find(ctx, in.ID)
	if err != nil {
		return Progress{}, err
	}
	p := Progress{Job: j}
	end := j.FinishedAt
	if end == 0 {
		end = m.DB.Clock().Now()
	}
	if d := end.Sub(j.CreatedAt); d > 0 && j.Done > 0 {
		p.Rate = float64(j.Done) / d.Seconds()
		p.LeftMS = int64(float64(j.Total-j.Done) / p.Rate * float64(time.Second/time.Millisecond))
	}
	return p, nil
}
