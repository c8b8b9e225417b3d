package intake

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

const feedColumns = `id, name, kind, address, last_run_at, lag_ms, n_new, n_updated, n_unchanged, n_review, n_duplicate, n_rejected, last_error, error_at, created_at, stopped_at, late_minutes, alarmed_at, told_at, n_discarded`

func listFeeds(ctx context.Context, tx *db.Tx) ([]Feed, error) {
	return db.List[Feed](ctx, tx, `
		select f.id, f.name, coalesce(h.format, f.kind) as kind, f.address, f.last_run_at, f.lag_ms, f.n_new, f.n_updated, f.n_unchanged, f.n_review,
			f.n_duplicate, f.n_rejected, f.last_error, f.error_at, f.created_at,
			f.stopped_at, f.late_minutes, f.alarmed_at, f.told_at, f.n_discarded
		from intake_feed f
		left join intake_hook h on h.feed_id = f.id
		order by f.name`)
}

func feedByName(ctx context.Context, tx *db.Tx, name string) (Feed, bool, error) {
	return db.First[Feed](ctx, tx, `select `+feedColumns+` from intake_feed where name = $1`, name)
}

func feedByID(ctx context.Context, tx *db.Tx, id FeedID) (Feed, error) {
	return db.One[Feed](ctx, tx, `select `+feedColumns+` from intake_feed where id = $1`, id)
}

func insertFeed(ctx context.Context, tx *db.Tx, f Feed) error {
	_, err := tx.Exec(ctx, `
		insert into intake_feed (`+feedColumns+`)
		values ($1, $2, $3, $4, 0, 0, 0, 0, 0, 0, 0, 0, '', 0, $5, 0, 0, 0, 0, 0)`,
		f.ID, f.Name, f.Kind, f.Address, f.CreatedAt)
	return err
}

// beat adds a run's counts to its feed.
type beat struct {
	address string
	lagMs   int64
	toldAt  clock.Instant
	fault   string
	faultAt clock.Instant
	counts  Counts
}

func beatFeed(ctx context.Context, tx *db.Tx, id FeedID, b beat) error {
	_, err := tx.Exec(ctx, `
		update intake_feed set
			address = case when $2 = '' then address else $2 end,
			last_run_at = $3,
			lag_ms = $4,
			n_new = n_new + $5,
			n_updated = n_updated + $6,
			n_unchanged = n_unchanged + $7,
			n_review = n_review + $8,
			n_duplicate = n_duplicate + $9,
			n_rejected = n_rejected + $10,
			last_error = $11,
			error_at = $12,
			told_at = case when cast($13 as bigint) = 0 then told_at else cast($13 as bigint) end,
			alarmed_at = 0
		where id = $1`,
		id, b.address, tx.Now, b.lagMs, b.counts.New, b.counts.Updated, b.counts.Unchanged, b.counts.Review, b.counts.Duplicate, b.counts.Rejected,
		b.fault, b.faultAt, b.toldAt)
	if err != nil || b.counts.Sum() == 0 {
		return err
	}
	c := b.counts
	_, err = tx.Exec(ctx, `
		insert into intake_hour (feed_id, hour, taken, open, repeated)
		values ($1, $2, $3, $4, $5)
		on conflict (feed_id, hour) do update
		set taken = intake_hour.taken + excluded.taken,
		open = intake_hour.open + excluded.open,
		repeated = intake_hour.repeated + excluded.repeated`,
		id, int64(tx.Now)-int64(tx.Now)%hourMs, c.New+c.Updated+c.Unchanged, c.Review+c.Rejected, c.Duplicate)
	return err
}

const hourMs = 3_600_000

// sumHours adds up what came in since an instant, by feed.
func sumHours(ctx context.Context, tx *db.Tx, since clock.Instant) (map[FeedID]Counts, error) {
	rows, err := db.List[struct {
		FeedID FeedID
		Counts
	}](ctx, tx, `
		select feed_id, sum(taken) as n_new, sum(open) as n_review, sum(repeated) as n_duplicate
		from intake_hour
		where hour > $1
		group by feed_id`, since)
	out := map[FeedID]Counts{}
	for _, r := range rows {
		out[r.FeedID] = r.Counts
	}
	return out, err
}

func listHours(ctx context.Context, tx *db.Tx, id FeedID, since clock.Instant) ([]Hour, error) {
	return db.List[Hour](ctx, tx, `
		select hour as at, taken, open, repeated
		from intake_hour
		where feed_id = $1
		and hour > $2
		order by hour`, id, since)
}

func dropHours(ctx context.Context, tx *db.Tx, before clock.Instant) error {
	_, err := tx.Exec(ctx, `delete from intake_hour where hour < $1`, before)
	return err
}

func setStopped(ctx context.Context, tx *db.Tx, id FeedID, at clock.Instant) error {
	_, err := tx.Exec(ctx, `update intake_feed set stopped_at = $2, alarmed_at = 0 where id = $1`, id, at)
	return err
}

func setLate(ctx context.Context, tx *db.Tx, id FeedID, minutes int) error {
	_, err := tx.Exec(ctx, `update intake_feed set late_minutes = $2, alarmed_at = 0 where id = $1`, id, minutes)
	return err
}

func setAlarmed(ctx context.Context, tx *db.Tx, id FeedID) error {
	_, err := tx.Exec(ctx, `update intake_feed set alarmed_at = $2 where id = $1`, id, tx.Now)
	return err
}

type openCount struct {
	FeedID  FeedID
	Verdict Verdict
	N       int
}

func openCounts(ctx context.Context, tx *db.Tx) ([]openCount, error) {
	return db.List[openCount](ctx, tx, `
		select feed_id, verdict, count(*) as n
		from intake_message
		where verdict in ('review', 'rejected') and undone_at = 0
		group by feed_id, verdict`)
}
