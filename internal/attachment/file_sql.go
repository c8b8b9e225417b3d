package attachment

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

const fileColumns = `id, patient_id, owner_kind, owner_id, content, media, size, name, title, category, created_by, created_at, deleted_by, deleted_at`

func insertFile(ctx context.Context, tx *db.Tx, f File) error {
	_, err := tx.Exec(ctx, `
		insert into attachment_file (`+fileColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, null, 0)`,
		f.ID, f.PatientID, f.OwnerKind, f.OwnerID, f.Content, f.Media, f.Size, f.Name, f.Title, f.Category, f.CreatedBy, f.CreatedAt)
	return err
}

func findFile(ctx context.Context, tx *db.Tx, patient int64, id ID) (File, error) {
	return db.One[File](ctx, tx, `select `+fileColumns+` from attachment_file where patient_id = $1 and id = $2`, patient, id)
}

func filesOf(ctx context.Context, tx *db.Tx, patient int64, ownerKind string, owner int64) ([]File, error) {
	return db.List[File](ctx, tx, `
		select `+fileColumns+`
		from attachment_file
		where patient_id = $1
		and owner_kind = $2
		and owner_id = $3
		and deleted_at = 0
		order by id desc
		limit 500`, patient, ownerKind, owner)
}

func updateFile(ctx context.Context, tx *db.Tx, f File) error {
	_, err := tx.Exec(ctx, `
		update attachment_file
		set title = $1,
		category = $2
		where patient_id = $3
		and id = $4`, f.Title, f.Category, f.PatientID, f.ID)
	return err
}

func setDeleted(ctx context.Context, tx *db.Tx, f File) error {
	_, err := tx.Exec(ctx, `
		update attachment_file
		set deleted_at = $1,
		deleted_by = $2
		where patient_id = $3
		and id = $4`, f.DeletedAt, orNull(f.DeletedBy), f.PatientID, f.ID)
	return err
}

func longDeleted(ctx context.Context, tx *db.Tx, before clock.Instant) ([]File, error) {
	return db.List[File](ctx, tx, `
		select `+fileColumns+`
		from attachment_file
		where deleted_at > 0
		and deleted_at < $1
		order by deleted_at
		limit 500`, before)
}

func dropFile(ctx context.Context, tx *db.Tx, f File) error {
	_, err := tx.Exec(ctx, `delete from attachment_file where patient_id = $1 and id = $2`, f.PatientID, f.ID)
	return err
}

func contentUsed(ctx context.Context, tx *db.Tx, content string) (bool, error) {
	_, used, err := db.First[int64](ctx, tx, `select 1 from attachment_file where content = $1 limit 1`, content)
	return used, err
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
