package intake

import (
	"context"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// Kinds of feed.
const (
	FeedMLLP    = "mllp"    // a system that sends HL7 over a connection; a hook's feed is one too
	FeedUpload  = "upload"  // files that people bring
	FeedCommand = "command" // files read by `renxin import`
)

// Feed is a source with its health.
type Feed struct {
	ID        FeedID
	Name      string
	Kind      string
	Address   string // of the sender, as last seen
	LastRunAt clock.Instant
	LagMs     int64         // from the message's own time to our commit, of the last one taken live
	ToldAt    clock.Instant // that message's own time
	Counts
	LastError string // text key, "" when the last record went well
	ErrorAt   clock.Instant
	CreatedAt clock.Instant
	StoppedAt clock.Instant // a person stopped it, 0 = it runs
	AlarmedAt clock.Instant // its silence was reported, 0 = it is not silent

	LateMinutes int    // silence after which it is late, 0 = the hospital's setting
	Discarded   int    `db:"n_discarded"`
	State       string `db:"-"` // ok late behind error idle stopped
	Late        int    `db:"-"` // minutes of silence that count, by its own word or the hospital's
	Last        Counts `db:"-"` // of the last 24 hours: New holds all that was taken, Review all that waited, Duplicate the repeated
}

// Feeds lists the sources and how they are. Review and Rejected count what is still open; the others count since the feed exists.
func (s *Service) Feeds(ctx context.Context) ([]Feed, error) {
	if err := access.Need(ctx, PermFeeds); err != nil {
		return nil, err
	}
	tx := s.DB.Read(ctx)
	feeds, err := listFeeds(ctx, tx)
	if err != nil {
		return nil, err
	}
	open, err := openCounts(ctx, tx)
	if err != nil {
		return nil, err
	}
	late := int(s.Setting.Int(ctx, "intake.feed.late_minutes", 0))
	day, err := sumHours(ctx, tx, tx.Now.Add(-24*time.Hour))
	for i := range feeds {
		f := &feeds[i]
		f.Review, f.Rejected = 0, 0
		for _, o := range open {
			if o.FeedID != f.ID {
				continue
			}
			if o.Verdict == Review {
				f.Review = o.N
			} else {
				f.Rejected = o.N
			}
		}
		f.Last, f.Late = day[f.ID], late
		if f.LateMinutes > 0 {
			f.Late = f.LateMinutes
		}
		f.State = f.state(tx.Now)
	}
	return feeds, err
}

// live feeds are expected to speak by themselves.
func (f Feed) live() bool { return f.Kind != FeedUpload && f.Kind != FeedCommand }

// state is how a feed is. behind means that it speaks, but of what happened long ago: the sender works off a backlog.
func (f Feed) state(now clock.Instant) string {
	late := time.Duration(f.Late) * time.Minute
	switch {
	case f.StoppedAt != 0:
		return "stopped"
	case f.LastRunAt == 0 && f.LastError == "":
		return "idle"
	case f.LastError != "":
		return "error"
	case f.live() && now.Sub(f.LastRunAt) > late:
		return "late"
	case f.live() && f.Kind != FeedSQL && time.Duration(f.LagMs)*time.Millisecond > late:
		return "behind"
	}
	return "ok"
}

// Waiting counts what a person has to look at, for the navigation.
func (s *Service) Waiting(ctx context.Context) (int, error) {
	if access.Need(ctx, PermRead) != nil || !everything(ctx) {
		return 0, nil
	}
	open, err := openCounts(ctx, s.DB.Read(ctx))
	n := 0
	for _, o := range open {
		n += o.N
	}
	return n, err
}

// feed finds a feed by name, or makes it.
func (s *Service) feed(ctx context.Context, tx *db.Tx, name, kind, address string) (Feed, error) {
	name = label(name, 100)
	f, ok, err := feedByName(ctx, tx, name)
	if err != nil || ok {
		return f, err
	}
	f = Feed{ID: db.New[feedKind](s.DB), Name: name, Kind: kind, Address: address, CreatedAt: tx.Now}
	err = tx.Savepoint(ctx, func(ctx context.Context) error { return insertFeed(ctx, tx, f) })
	if db.IsUnique(err) { // another connection of the same system was faster
		f, _, err = feedByName(ctx, tx, name)
	}
	return f, err
}
