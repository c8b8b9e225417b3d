package intake

import (
	"context"

	"renxin/internal/platform/db"
)

func listSaid(ctx context.Context, tx *db.Tx) ([]said, error) {
	return db.List[said](ctx, tx, `select word, department_id from intake_department`)
}

func putSaid(ctx context.Context, tx *db.Tx, x said, by int64) error {
	_, err := tx.Exec(ctx, `
		insert into intake_department (word, department_id, decided_by, decided_at)
		values ($1, $2, $3, $4)
		on conflict (word) do update set
			department_id = excluded.department_id,
			decided_by = excluded.decided_by,
			decided_at = excluded.decided_at`, x.Word, x.DepartmentID, null(by), tx.Now)
	return err
}
