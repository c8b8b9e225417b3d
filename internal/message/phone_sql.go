package message

import (
	"context"
	"strings"

	"renxin/internal/platform/db"
)

func listPhones(ctx context.Context, tx *db.Tx, like string, limit int) ([]Phone, error) {
	q := db.SQL(`
		select m.address as number, p.name, m.text as last_text, m.sending_at as last_at
		from (
			select address, max(id) as id
			from message_message
			where state in ('accepted', 'delivered', 'unknown')
			group by address
		) l
		join message_message m on m.id = l.id
		join patient_patient p on p.id = m.patient_id
		where 1 = 1`)
	like = "%" + strings.NewReplacer("%", "", "_", "").Replace(strings.TrimSpace(like)) + "%"
	q.Add(`and (m.address like ? or p.name like ?)`, like, like)
	return db.Rows[Phone](ctx, tx, q.Add(`order by m.sending_at desc, m.id desc limit ?`, limit))
}

func phoneOut(ctx context.Context, tx *db.Tx, number string) ([]Message, error) {
	return db.List[Message](ctx, tx, `
		select `+messageColumns+`
		from message_message m
		where m.address = $1 and m.state in ('accepted', 'delivered', 'unknown')
		order by m.created_at desc, m.id desc
		limit $2`, number, threadLines)
}

func phoneIn(ctx context.Context, tx *db.Tx, number string) ([]Reply, error) {
	return db.List[Reply](ctx, tx, `
		select `+replyColumns+`
		from message_incoming i
		where i.address = $1
		order by i.received_at desc, i.id desc
		limit $2`, number, threadLines)
}
