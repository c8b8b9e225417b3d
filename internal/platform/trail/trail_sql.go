package trail

import (
	"context"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
)

func insert(ctx context.Context, tx *db.Tx, id int64, c access.Caller, e Entry, detail string) error {
	_, err := tx.Exec(ctx, `
		insert into trail_entry (id, at, actor_id, actor, door, request_id, action, entity, entity_id, patient_id, reason, detail)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		id, tx.Now, c.StaffID, c.Name, c.Door, c.RequestID, e.Action, e.Entity, e.EntityID, e.PatientID, e.Reason, detail)
	return err
}

const columns = `id, seq, at, actor_id, actor, door, request_id, action, entity, entity_id, patient_id, reason, detail, hash`

func unsealed(ctx context.Context, tx *db.Tx, limit int) ([]Row, error) {
	return db.List[Row](ctx, tx, `select `+columns+` from trail_entry where seq is null order by id limit $1`, limit)
}

func last(ctx context.Context, tx *db.Tx) (Row, error) {
	r, _, err := db.First[Row](ctx, tx, `select `+columns+` from trail_entry where seq is not null order by seq desc limit 1`)
	return r, err
}

func seal(ctx context.Context, tx *db.Tx, id, seq int64, hash string) error {
	_, err := tx.Exec(ctx, `update trail_entry set seq = $1, hash = $2 where id = $3 and seq is null`, seq, hash, id)
	return err
}

func sealedFrom(ctx context.Context, tx *db.Tx, after int64, limit int) ([]Row, error) {
	return db.List[Row](ctx, tx, `select `+columns+` from trail_entry where seq > $1 order by seq limit $2`, after, limit)
}
