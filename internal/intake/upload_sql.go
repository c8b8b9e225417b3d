package intake

import (
	"context"

	"renxin/internal/platform/db"
)

func insertUpload(ctx context.Context, tx *db.Tx, u Upload) error {
	_, err := tx.Exec(ctx, `
		insert into intake_upload (id, name, content, size, format, charset, records, created_at, created_by, actor)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		u.ID, u.Name, u.Content, u.Size, u.Format, u.Charset, u.Records, u.CreatedAt, null(u.CreatedBy), u.Actor)
	return err
}

func findUpload(ctx context.Context, tx *db.Tx, id UploadID) (Upload, error) {
	return db.One[Upload](ctx, tx, `
		select id, name, content, size, format, charset, records, created_at, created_by, actor
		from intake_upload
		where id = $1`, id)
}
