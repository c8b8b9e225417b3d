package view

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/staff"
)

const exportColumns = `id, owner_id, source, format, request, reason, unmasked, words, locale, state, error, job_id, done, total, size, sha256, canary, downloads,
	created_at, started_at, finished_at, expires_at`

func insertExport(ctx context.Context, tx *db.Tx, e Export) error {
	_, err := tx.Exec(ctx, `
		insert into view_export (`+exportColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`,
		e.ID, e.OwnerID, e.Source, e.Format, e.Request, e.Reason, e.Unmasked, e.Words, e.Locale, e.State, e.Error, e.JobID, e.Done, e.Total, e.Size, e.SHA256, e.Canary, e.Downloads,
		e.CreatedAt, e.StartedAt, e.FinishedAt, e.ExpiresAt)
	return err
}

func findExport(ctx context.Context, tx *db.Tx, id ExportID) (Export, error) {
	return db.One[Export](ctx, tx, `select `+exportColumns+` from view_export where id = $1`, id)
}

func exportsByCanary(ctx context.Context, tx *db.Tx, phone string) ([]Export, error) {
	return db.List[Export](ctx, tx, `
		select `+exportColumns+`
		from view_export
		where canary = $1
		order by id desc
		limit 20`, phone)
}

func recentExports(ctx context.Context, tx *db.Tx) ([]Export, error) {
	return db.List[Export](ctx, tx, `
		select `+exportColumns+`
		from view_export
		order by id desc
		limit 5000`)
}

func exportsOf(ctx context.Context, tx *db.Tx, owner staff.ID) ([]Export, error) {
	return db.List[Export](ctx, tx, `
		select `+exportColumns+`
		from view_export
		where owner_id = $1
		and state <> 'expired'
		order by id desc
		limit 100`, owner)
}

func unfinished(ctx context.Context, tx *db.Tx, owner staff.ID) (int64, error) {
	n, _, err := db.First[int64](ctx, tx, `
		select count(*)
		from view_export
		where owner_id = $1
		and state in ('waiting', 'running')`, owner)
	return n, err
}

func expiring(ctx context.Context, tx *db.Tx, now clock.Instant) ([]Export, error) {
	return db.List[Export](ctx, tx, `
		select `+exportColumns+`
		from view_export
		where state in ('waiting', 'running', 'done')
		and expires_at <= $1
		order by expires_at
		limit 500`, now)
}

func setState(ctx context.Context, tx *db.Tx, id ExportID, state string) error {
	_, err := tx.Exec(ctx, `update view_export set state = $1 where id = $2`, state, id)
	return err
}

// startExport begins or begins again; one that was cancelled or is over stays so.
func startExport(ctx context.Context, tx *db.Tx, id ExportID, words string) (bool, error) {
	n, err := tx.Exec(ctx, `
		update view_export
		set state = 'running',
		done = 0,
		words = $1,
		started_at = $2
		where id = $3
		and state in ('waiting', 'running')`, words, tx.Now, id)
	return n == 1, err
}

func progressExport(ctx context.Context, tx *db.Tx, id ExportID, done, total int64) error {
	_, err := tx.Exec(ctx, `update view_export set done = $1, total = $2 where id = $3 and state = 'running'`, done, total, id)
	return err
}

func endExport(ctx context.Context, tx *db.Tx, e Export) (bool, error) {
	n, err := tx.Exec(ctx, `
		update view_export
		set state = $1,
		error = $2,
		done = $3,
		total = $4,
		size = $5,
		sha256 = $6,
		finished_at = $7
		where id = $8
		and state in ('waiting', 'running')`, e.State, e.Error, e.Done, e.Total, e.Size, e.SHA256, e.FinishedAt, e.ID)
	return n == 1, err
}

func countDownload(ctx context.Context, tx *db.Tx, id ExportID) error {
	_, err := tx.Exec(ctx, `update view_export set downloads = downloads + 1 where id = $1`, id)
	return err
}
