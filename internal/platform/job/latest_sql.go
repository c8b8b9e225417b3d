package job

import (
	"context"

	"renxin/internal/platform/db"
)

func latest(ctx context.Context, tx *db.Tx, kind string) (Job, bool, error) {
	return db.First[Job](ctx, tx, `select `+columns+` from job_job where kind = $1 order by id desc limit 1`, kind)
}
