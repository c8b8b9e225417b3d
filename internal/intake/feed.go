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
	FeedMLLP    = "mllp"    // a system that sends HL7 over a connection
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
	LagMs     int64 // from the message's own time to our commit, of the last one taken live
	Counts
	LastError string // text key, "" when the last record went well
	ErrorAt   clock.Instant
	CreatedAt clock.Instant
	State     string `db:"-"` // ok late error idle
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
	late := time.Duration(s.Setting.Int(ctx, "intake.feed.late_minutes", 0)) * time.Minute
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
		f.State = f.state(tx.Now, late)
	}
	return feeds, nil
}

func (f Feed) state(now clock.Instant, late time.Duration) string {
	switch {
	case f.LastRunAt == 0:
		return "idle"
	case f.LastError != "":
		return "error"
	case f.Kind == FeedMLLP && now.Sub(f.LastRunAt) > late:
		return "late"
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
