package message

import (
	"context"

	"renxin/internal/platform/db"
	"renxin/internal/staff"
)

func countHeld(ctx context.Context, tx *db.Tx, of staff.ID) (int, error) {
	return db.One[int](ctx, tx, `select count(*) from message_incoming where owner_id = $1 and state <> 'done'`, of)
}

func heldReplies(ctx context.Context, tx *db.Tx, of staff.ID, after int64, limit int) ([]staff.Item, error) {
	return db.List[staff.Item](ctx, tx, `
		select i.id, p.department_id
		from message_incoming i
		left join patient_patient p on p.id = i.patient_id
		where i.owner_id = $1
		and i.state <> 'done'
		and i.id > $2
		order by i.id
		limit $3`, of, after, limit)
}

func giveReply(ctx context.Context, tx *db.Tx, id IncomingID, from, to staff.ID) (int64, error) {
	return tx.Exec(ctx, `update message_incoming set owner_id = $1 where id = $2 and owner_id = $3 and state <> 'done'`, to, id, from)
}
