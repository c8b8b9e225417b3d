package message

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/db"
)

func waitingByPrefix(ctx context.Context, tx *db.Tx, prefix string) ([]Message, error) {
	return db.List[Message](ctx, tx, `
		select `+messageColumns+`
		from message_message m
		where m.key >= $1 and m.key < $2 and m.key <> '' and m.state = 'queued'`, prefix, prefix+"\U0010FFFF")
}

const threadLines = 200

func threadOut(ctx context.Context, tx *db.Tx, p patient.ID) ([]Message, error) {
	return db.List[Message](ctx, tx, `
		select `+messageColumns+`
		from message_message m
		where m.patient_id = $1 and m.state not in ('blocked', 'cancelled')
		order by m.created_at desc, m.id desc
		limit $2`, p, threadLines)
}

func threadIn(ctx context.Context, tx *db.Tx, p patient.ID) ([]Reply, error) {
	return db.List[Reply](ctx, tx, `
		select `+replyColumns+`
		from message_incoming i
		where i.patient_id = $1
		order by i.received_at desc, i.id desc
		limit $2`, p, threadLines)
}
