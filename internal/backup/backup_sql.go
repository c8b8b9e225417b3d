package backup

import (
	"context"
	"database/sql"
	"fmt"

	"renxin/internal/platform/db"
	"renxin/internal/platform/trail"
)

const columns = `id, name, state, size, sha256, started_at, finished_at, verified_at, tables, rows_copied, error`

func put(ctx context.Context, tx *db.Tx, c Copy) error {
	_, err := tx.Exec(ctx, `
		insert into backup_copy (`+columns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		on conflict (id) do update
		set state = excluded.state,
		size = excluded.size,
		sha256 = excluded.sha256,
		finished_at = excluded.finished_at,
		verified_at = excluded.verified_at,
		tables = excluded.tables,
		rows_copied = excluded.rows_copied,
		error = excluded.error`,
		c.ID, c.Name, c.State, c.Size, c.SHA256, c.StartedAt, c.FinishedAt, c.VerifiedAt, c.Tables, c.RowsCopied, c.Error)
	return err
}

func list(ctx context.Context, tx *db.Tx, limit int) ([]Copy, error) {
	return db.List[Copy](ctx, tx, `select `+columns+` from backup_copy order by started_at desc, id desc limit $1`, limit)
}

// vacuumInto copies a SQLite database through a connection of its own: a read transaction that holds nobody up.
func vacuumInto(ctx context.Context, from, to string) error {
	d, err := sql.Open("sqlite", "file:"+from+"?_pragma=busy_timeout(10000)")
	if err != nil {
		return err
	}
	defer d.Close()
	_, err = d.ExecContext(ctx, `vacuum into $1`, to)
	return err
}

func integrity(ctx context.Context, path string) error {
	d, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		return err
	}
	defer d.Close()
	var word string
	if err := d.QueryRowContext(ctx, `pragma integrity_check(1)`).Scan(&word); err != nil {
		return err
	}
	if word != "ok" {
		return fmt.Errorf("integrity check: %s", word)
	}
	return nil
}

// counts is the number of rows of every table.
func counts(ctx context.Context, tx *db.Tx, e db.Engine) (map[string]int64, error) {
	text := `select name from sqlite_master where type = 'table'`
	if e == db.Postgres {
		text = `select table_name as name from information_schema.tables where table_schema = 'public'`
	}
	names, err := db.List[string](ctx, tx, text)
	if err != nil {
		return nil, err
	}
	out := map[string]int64{}
	for _, n := range names {
		if !isOurs(n) {
			continue
		}
		if out[n], err = db.One[int64](ctx, tx, `select count(*) from `+n); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// chainHolds proves that the trail in the copy is whole.
func chainHolds(ctx context.Context, d *db.DB) error {
	_, broken, err := trail.New(d).Verify(ctx)
	if err == nil && broken != nil {
		err = refuse(fmt.Errorf("trail breaks at %d", broken.Seq), "backup.copy.incomplete")
	}
	return err
}
