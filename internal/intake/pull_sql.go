package intake

import (
	"context"
	"encoding/json"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

const pullColumns = `p.feed_id, p.driver, p.host, p.port, p.database_name, p.account, p.password, p.encryption, p.view_name, p.key_column, p.changed_column,
	p.options, p.every_minutes, p.row_cap, p.timeout_seconds, p.mark, p.mark_key, p.unfinished, p.pass, p.next_at, p.last_error, p.seen, p.gone,
	p.version, p.created_at, p.created_by, p.updated_at`

func findPull(ctx context.Context, tx *db.Tx, id FeedID) (Pull, error) {
	p, err := db.One[Pull](ctx, tx, `
		select f.name, `+pullColumns+`
		from intake_pull p
		join intake_feed f on f.id = p.feed_id
		where p.feed_id = $1`, id)
	if err == nil {
		err = json.Unmarshal([]byte(p.Stored), &p.Options)
	}
	p.Options.Zone = tx.DB().Clock().Zone()
	return p, err
}

// pullOptions are those with which a pull's rows are read; those of any other feed are empty.
func pullOptions(ctx context.Context, tx *db.Tx, id FeedID) (o ReadOptions, err error) {
	text, ok, err := db.First[string](ctx, tx, `select options from intake_pull where feed_id = $1`, id)
	if err == nil && ok {
		err = json.Unmarshal([]byte(text), &o)
	}
	return o, err
}

func insertPull(ctx context.Context, tx *db.Tx, p Pull) error {
	return tx.Insert(ctx, "intake_pull", `feed_id, driver, host, port, database_name, account, password, encryption, view_name, key_column, changed_column,
		options, every_minutes, row_cap, timeout_seconds, mark, mark_key, unfinished, pass, next_at, last_error, seen, gone, version, created_at, created_by, updated_at`,
		[][]any{{p.FeedID, p.Driver, p.Host, p.Port, p.Database, p.Account, p.Sealed, p.Encryption, p.View, p.KeyColumn, p.ChangedColumn,
			p.Stored, p.EveryMinutes, p.RowCap, p.TimeoutSeconds, p.Mark, p.MarkKey, p.Unfinished, p.Pass, p.NextAt, "", 0, 0, p.Version, p.CreatedAt, null(p.CreatedBy), p.UpdatedAt}})
}

func updatePull(ctx context.Context, tx *db.Tx, p Pull) error {
	_, err := tx.Exec(ctx, `
		update intake_pull set
			driver = $2,
			host = $3,
			port = $4,
			database_name = $5,
			account = $6,
			password = $7,
			encryption = $8,
			view_name = $9,
			key_column = $10,
			changed_column = $11,
			options = $12,
			every_minutes = $13,
			row_cap = $14,
			timeout_seconds = $15,
			mark = $16,
			mark_key = $17,
			unfinished = $18,
			pass = $19,
			next_at = $20,
			version = $21,
			updated_at = $22
		where feed_id = $1`,
		p.FeedID, p.Driver, p.Host, p.Port, p.Database, p.Account, p.Sealed, p.Encryption, p.View, p.KeyColumn, p.ChangedColumn, p.Stored,
		p.EveryMinutes, p.RowCap, p.TimeoutSeconds, p.Mark, p.MarkKey, p.Unfinished, p.Pass, p.NextAt, p.Version, p.UpdatedAt)
	return err
}

// movePull puts the place forward unless somebody else did meanwhile.
func movePull(ctx context.Context, tx *db.Tx, old, now Pull) (bool, error) {
	n, err := tx.Exec(ctx, `
		update intake_pull set
			mark = $2,
			mark_key = $3,
			unfinished = $4,
			pass = $5,
			seen = $6,
			gone = $7,
			last_error = ''
		where feed_id = $1
		and mark = $8
		and mark_key = $9
		and pass = $10
		and version = $11`,
		now.FeedID, now.Mark, now.MarkKey, now.Unfinished, now.Pass, now.Seen, now.Gone, old.Mark, old.MarkKey, old.Pass, old.Version)
	return n == 1, err
}

func duePulls(ctx context.Context, tx *db.Tx, now clock.Instant) ([]Pull, error) {
	return db.List[Pull](ctx, tx, `
		select f.name, `+pullColumns+`
		from intake_pull p
		join intake_feed f on f.id = p.feed_id
		where p.next_at <= $1
		and f.stopped_at = 0
		order by p.next_at`, now)
}

func duePull(ctx context.Context, tx *db.Tx, id FeedID, at clock.Instant) error {
	_, err := tx.Exec(ctx, `update intake_pull set next_at = $2 where feed_id = $1`, id, at)
	return err
}

func failPull(ctx context.Context, tx *db.Tx, id FeedID, reason string) error {
	_, err := tx.Exec(ctx, `update intake_pull set last_error = $2 where feed_id = $1`, id, reason)
	if err == nil {
		_, err = tx.Exec(ctx, `update intake_feed set last_error = $2, error_at = $3 where id = $1`, id, reason, tx.Now)
	}
	return err
}

func pulledHashes(ctx context.Context, tx *db.Tx, id FeedID, keys []string) (map[string]string, error) {
	out := map[string]string{}
	if len(keys) == 0 {
		return out, nil
	}
	q := db.SQL(`select row_key, hash from intake_pulled where feed_id = ?`, id)
	rows, err := db.Rows[struct{ RowKey, Hash string }](ctx, tx, db.In(q, keys, `and row_key in (%s)`))
	for _, r := range rows {
		out[r.RowKey] = r.Hash
	}
	return out, err
}

// keepPulled remembers what rows said. Those that said nothing new are only marked as met.
func keepPulled(ctx context.Context, tx *db.Tx, id FeedID, pass int64, fresh, same []PulledRow) error {
	for _, r := range fresh {
		_, err := tx.Exec(ctx, `
			insert into intake_pulled (feed_id, row_key, hash, pass, at)
			values ($1, $2, $3, $4, $5)
			on conflict (feed_id, row_key) do update
			set hash = excluded.hash,
			pass = excluded.pass,
			at = excluded.at`, id, r.Key, r.hash(), pass, tx.Now)
		if err != nil {
			return err
		}
	}
	if len(same) == 0 {
		return nil
	}
	keys := make([]string, len(same))
	for i, r := range same {
		keys[i] = r.Key
	}
	q := db.SQL(`update intake_pulled set pass = ?, at = ? where feed_id = ?`, pass, tx.Now, id)
	db.In(q, keys, `and row_key in (%s)`)
	_, err := tx.Exec(ctx, q.Text(), q.Args()...)
	return err
}

// dropVanished forgets the rows that a walk over the whole view did not meet and tells how many they were.
func dropVanished(ctx context.Context, tx *db.Tx, id FeedID, pass int64) (int, error) {
	n, err := tx.Exec(ctx, `delete from intake_pulled where feed_id = $1 and pass < $2`, id, pass)
	return int(n), err
}

// prunePulled forgets rows that have not been met for long: behind the overlap nobody asks for them.
func prunePulled(ctx context.Context, tx *db.Tx, id FeedID, before clock.Instant) error {
	_, err := tx.Exec(ctx, `
		delete from intake_pulled
		where feed_id = $1
		and row_key in (
			select row_key from intake_pulled
			where feed_id = $1
			and at < $2
			limit 1000
		)`, id, before)
	return err
}

func forgetPulled(ctx context.Context, tx *db.Tx, id FeedID) error {
	_, err := tx.Exec(ctx, `delete from intake_pulled where feed_id = $1`, id)
	return err
}
