package job

import "context"

// Latest gives the youngest job of a kind; ok is false where there was none, or only long ago.
func (r *Runner) Latest(ctx context.Context, kind string) (j Job, ok bool, err error) {
	return latest(ctx, r.db.Read(ctx), kind)
}
