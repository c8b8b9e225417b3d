package desk

import (
	"context"
	"strconv"

	"renxin/internal/intake"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/lang"
)

// FeedRow is a source and how it is.
type FeedRow struct {
	ID        intake.FeedID `json:"id"`
	Name      string        `json:"name"`
	Kind      string        `json:"kind"`
	Address   string        `json:"address"`
	State     string        `json:"state"` // ok, late, behind, error, idle, stopped
	LastRunAt clock.Instant `json:"last_run_at"`
	intake.Counts
	LagMs       int64         `json:"lag_ms"`
	ToldAt      clock.Instant `json:"told_at"` // the sender's own time of the last record
	LastError   string        `json:"last_error"`
	ErrorAt     clock.Instant `json:"error_at"`
	Late        int           `json:"late_minutes"`
	LateOwn     bool          `json:"late_own"`
	Discarded   int           `json:"discarded"`
	DayTaken    int           `json:"day_taken"`
	DayOpen     int           `json:"day_open"`
	DayRepeated int           `json:"day_repeated"`
}

// HourRow is what came in within one hour.
type HourRow struct {
	At       clock.Instant `json:"at"`
	Taken    int           `json:"taken"`
	Open     int           `json:"open"`
	Repeated int           `json:"repeated"`
}

// DriverRow is an engine that views can be read from.
type DriverRow struct {
	Name    string `json:"name"`
	Present bool   `json:"present"`
	Port    int    `json:"port"`
}

// PullSource says where a database is. An empty password keeps the stored one.
type PullSource struct {
	FeedID     intake.FeedID `json:"feed_id"`
	Driver     string        `json:"driver"`
	Host       string        `json:"host"`
	Port       int           `json:"port"`
	Database   string        `json:"database"`
	Account    string        `json:"account"`
	Password   string        `json:"password"`
	Encryption string        `json:"encryption"` // off, on, verified
}

// PullInput is a view to be read by schedule.
type PullInput struct {
	PullSource
	Name           string            `json:"name"`
	View           string            `json:"view"`
	KeyColumn      string            `json:"key_column"`
	ChangedColumn  string            `json:"changed_column"`
	Mapping        map[string]string `json:"mapping"`
	DateOrder      string            `json:"date_order"`
	Issuer         string            `json:"issuer"`
	EveryMinutes   int               `json:"every_minutes"`
	RowCap         int               `json:"row_cap"`
	TimeoutSeconds int               `json:"timeout_seconds"`
	Version        int64             `json:"version"`
}

func (in PullInput) room() intake.PullInput {
	s := in.PullSource
	return intake.PullInput{FeedID: s.FeedID, Name: in.Name, View: in.View, KeyColumn: in.KeyColumn, ChangedColumn: in.ChangedColumn,
		Source: intake.Source{Driver: s.Driver, Host: s.Host, Port: s.Port, Database: s.Database, Account: s.Account, Password: s.Password, Encryption: s.Encryption},
		Read:   intake.ReadOptions{Mapping: in.Mapping, DateOrder: in.DateOrder, Issuer: in.Issuer}, EveryMinutes: in.EveryMinutes, RowCap: in.RowCap,
		TimeoutSeconds: in.TimeoutSeconds, Version: in.Version}
}

// PullRow is a view that is read by schedule; its password is never told.
type PullRow struct {
	PullInput
	NextAt    clock.Instant `json:"next_at"`
	Mark      string        `json:"mark"`
	Seen      int           `json:"seen"`
	Gone      int           `json:"gone"`
	LastError string        `json:"last_error"`
}

func pullRow(ctx context.Context, p intake.Pull) PullRow {
	in := PullInput{Name: p.Name, View: p.View, KeyColumn: p.KeyColumn, ChangedColumn: p.ChangedColumn, Mapping: p.Options.Mapping, DateOrder: p.Options.DateOrder,
		Issuer: p.Options.Issuer, EveryMinutes: p.EveryMinutes, RowCap: p.RowCap, TimeoutSeconds: p.TimeoutSeconds, Version: p.Version}
	in.PullSource = PullSource{FeedID: p.FeedID, Driver: p.Driver, Host: p.Host, Port: p.Port, Database: p.Database, Account: p.Account, Encryption: p.Encryption}
	if in.Mapping == nil {
		in.Mapping = map[string]string{}
	}
	return PullRow{PullInput: in, NextAt: p.NextAt, Mark: p.Mark, Seen: p.Seen, Gone: p.Gone, LastError: reasonText(ctx, p.LastError)}
}

// PullDraft is what a view holds, how its columns are understood, and what its first rows would do.
type PullDraft struct {
	Columns []PullColumn  `json:"columns"`
	Fields  []FieldChoice `json:"fields"`
	Counts  intake.Counts `json:"counts"`
	Rows    []PullPreview `json:"rows"`
}

// PullColumn is one column of a view.
type PullColumn struct {
	Name    string   `json:"name"`
	Type    string   `json:"type"`
	Moment  bool     `json:"moment"`
	Field   string   `json:"field"`
	Sure    bool     `json:"sure"`
	Samples []string `json:"samples"`
}

// PullPreview is one row and its judgement.
type PullPreview struct {
	Ref     string         `json:"ref"`
	Name    string         `json:"name"`
	Verdict intake.Verdict `json:"verdict"`
	Reason  string         `json:"reason"`
}

// FeedRoutes are the paths by which feeds are watched and steered and views of databases are connected.
func FeedRoutes(s *intake.Service) Routes {
	return func(d *Door) {
		feedRoutes(d, s)
		pullRoutes(d, s)
	}
}

func feedRoutes(d *Door, s *intake.Service) {
	add(d, Route{Method: "GET", Path: "/api/v1/intake/feeds", Permission: intake.PermFeeds, Text: "Sources with their last run, counts and lag"}, func(ctx context.Context, in *struct{}) (items[FeedRow], error) {
		feeds, err := s.Feeds(ctx)
		out := make([]FeedRow, 0, len(feeds))
		for _, f := range feeds {
			out = append(out, FeedRow{ID: f.ID, Name: f.Name, Kind: f.Kind, Address: f.Address, State: f.State, LastRunAt: f.LastRunAt, Counts: f.Counts,
				LagMs: f.LagMs, ToldAt: f.ToldAt, LastError: reasonText(ctx, f.LastError), ErrorAt: f.ErrorAt, Late: f.Late, LateOwn: f.LateMinutes > 0,
				Discarded: f.Discarded, DayTaken: f.Last.New, DayOpen: f.Last.Review, DayRepeated: f.Last.Duplicate})
		}
		return listed(out, err)
	})
	type one struct {
		ID intake.FeedID `path:"id"`
	}
	add(d, Route{Method: "GET", Path: "/api/v1/intake/feeds/{id}/hours", Permission: intake.PermFeeds, Text: "What came in within each of the last 24 hours"}, func(ctx context.Context, in *one) (items[HourRow], error) {
		hours, err := s.Hours(ctx, in.ID)
		out := make([]HourRow, 0, len(hours))
		for _, h := range hours {
			out = append(out, HourRow(h))
		}
		return listed(out, err)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/intake/feeds/{id}/stop", Permission: intake.PermFeedUpdate, Text: "Let nothing of a source in until it is started"}, func(ctx context.Context, in *one) (None, error) {
		return None{}, s.StopFeed(ctx, in.ID)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/intake/feeds/{id}/start", Permission: intake.PermFeedUpdate, Text: "Let a stopped source go on"}, func(ctx context.Context, in *one) (None, error) {
		return None{}, s.StartFeed(ctx, in.ID)
	})
	add(d, Route{Method: "PATCH", Path: "/api/v1/intake/feeds/{id}", Permission: intake.PermFeedUpdate, Text: "After how many minutes of silence a source is late; 0 follows the setting"}, func(ctx context.Context, in *struct {
		ID   intake.FeedID `path:"id"`
		Body struct {
			LateMinutes int `json:"late_minutes"`
		}
	}) (None, error) {
		return None{}, s.LateAfter(ctx, in.ID, in.Body.LateMinutes)
	})
}

func pullRoutes(d *Door, s *intake.Service) {
	add(d, Route{Method: "GET", Path: "/api/v1/intake/drivers", Permission: intake.PermFeedUpdate, Text: "Engines that views can be read from"}, func(ctx context.Context, in *struct{}) (items[DriverRow], error) {
		list, err := s.Drivers(ctx)
		out := make([]DriverRow, 0, len(list))
		for _, x := range list {
			out = append(out, DriverRow(x))
		}
		return listed(out, err)
	})
	add(d, Route{Method: "POST", Path: "/api/v1/intake/pulls/views", Permission: intake.PermFeedUpdate, Text: "Connect to a database, read-only, and list its views"}, func(ctx context.Context, in *struct{ Body PullSource }) (items[string], error) {
		return listed(s.TestPull(ctx, PullInput{PullSource: in.Body}.room()))
	})
	add(d, Route{Method: "POST", Path: "/api/v1/intake/pulls/preview", Permission: intake.PermFeedUpdate, Text: "The columns of a view, how they are understood, and what its first 50 rows would do"}, func(ctx context.Context, in *struct{ Body PullInput }) (PullDraft, error) {
		draft, err := s.PreviewPull(ctx, in.Body.room())
		return pullDraft(ctx, draft), err
	})
	add(d, Route{Method: "POST", Path: "/api/v1/intake/pulls", Permission: intake.PermFeedUpdate, Text: "Read a view by schedule, or change how it is read"}, func(ctx context.Context, in *struct{ Body PullInput }) (PullRow, error) {
		p, err := s.SavePull(ctx, in.Body.room())
		return pullRow(ctx, p), err
	})
	type one struct {
		ID intake.FeedID `path:"id"`
	}
	add(d, Route{Method: "GET", Path: "/api/v1/intake/pulls/{id}", Permission: intake.PermFeeds, Text: "How a view is read and how far that is"}, func(ctx context.Context, in *one) (PullRow, error) {
		p, err := s.Pull(ctx, in.ID)
		return pullRow(ctx, p), err
	})
	add(d, Route{Method: "POST", Path: "/api/v1/intake/pulls/{id}/run", Permission: intake.PermFeedUpdate, Text: "Read a view now"}, func(ctx context.Context, in *one) (None, error) {
		return None{}, s.RunPull(ctx, in.ID)
	})
}

func pullDraft(ctx context.Context, x intake.DraftPull) PullDraft {
	out := PullDraft{Columns: []PullColumn{}, Fields: []FieldChoice{}, Counts: x.Preview.Counts, Rows: []PullPreview{}}
	for _, f := range x.Reading.Fields {
		out.Fields = append(out.Fields, FieldChoice{f, lang.Text(lang.From(ctx), "intake.field."+f, nil)})
	}
	for _, c := range x.Columns {
		col := PullColumn{Name: c.Name, Type: c.Type, Moment: c.Moment, Samples: []string{}}
		for _, r := range x.Reading.Columns {
			if r.Heading == c.Name {
				col.Field, col.Sure, col.Samples = r.Field, r.Sure, append(col.Samples, r.Samples...)
			}
		}
		out.Columns = append(out.Columns, col)
	}
	for i, p := range x.Preview.Items {
		out.Rows = append(out.Rows, PullPreview{Ref: strconv.Itoa(i + 1), Name: p.Name, Verdict: p.Verdict, Reason: reasonText(ctx, p.Code)})
	}
	return out
}
