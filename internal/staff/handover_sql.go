package staff

import (
	"context"

	"renxin/internal/platform/db"
)

const handoverColumns = `id, staff_id, kind, way, receivers, until, state, moved, total, left_over, job_id, created_by, created_at, finished_at`

func insertHandover(ctx context.Context, tx *db.Tx, h Handover) error {
	_, err := tx.Exec(ctx, `
		insert into staff_handover (`+handoverColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		h.ID, h.StaffID, h.Kind, h.Way, h.Stored, h.Until, h.State, h.Moved, h.Total, h.LeftOver, h.JobID, h.CreatedBy, h.CreatedAt, h.FinishedAt)
	return err
}

func updateHandover(ctx context.Context, tx *db.Tx, h Handover) error {
	_, err := tx.Exec(ctx, `
		update staff_handover
		set state = $1,
		moved = $2,
		left_over = $3,
		finished_at = $4
		where id = $5`, h.State, h.Moved, h.LeftOver, h.FinishedAt, h.ID)
	return err
}

func findHandover(ctx context.Context, tx *db.Tx, id HandoverID) (Handover, error) {
	h, err := db.One[Handover](ctx, tx, `select `+handoverColumns+` from staff_handover where id = $1`, id)
	return h.unpacked(), err
}

func listHandovers(ctx context.Context, tx *db.Tx, id ID) ([]Handover, error) {
	hs, err := db.List[Handover](ctx, tx, `select `+handoverColumns+` from staff_handover where staff_id = $1 order by id desc limit 50`, id)
	for i := range hs {
		hs[i] = hs[i].unpacked()
	}
	return hs, err
}

func runningHandover(ctx context.Context, tx *db.Tx, id ID) (bool, error) {
	_, ok, err := db.First[int64](ctx, tx, `select 1 from staff_handover where staff_id = $1 and state = 'running'`, id)
	return ok, err
}

type handoverItem struct {
	Holding string
	ItemID  int64
	ToID    ID
}

func insertHandoverItem(ctx context.Context, tx *db.Tx, id HandoverID, holding string, item int64, to ID) error {
	_, err := tx.Exec(ctx, `
		insert into staff_handover_item (handover_id, holding, item_id, to_id, returned)
		values ($1, $2, $3, $4, false)
		on conflict (handover_id, holding, item_id) do update
		set to_id = excluded.to_id`, id, holding, item, to)
	return err
}

func handoverItems(ctx context.Context, tx *db.Tx, id HandoverID, limit int) ([]handoverItem, error) {
	return db.List[handoverItem](ctx, tx, `
		select holding, item_id, to_id
		from staff_handover_item
		where handover_id = $1
		and returned = false
		order by holding, item_id
		limit $2`, id, limit)
}

func markReturned(ctx context.Context, tx *db.Tx, id HandoverID, r handoverItem) error {
	_, err := tx.Exec(ctx, `update staff_handover_item set returned = true where handover_id = $1 and holding = $2 and item_id = $3`, id, r.Holding, r.ItemID)
	return err
}

// holderColumns lists "table.column" of every column of the live schema that names a person as the holder of something.
func holderColumns(ctx context.Context, tx *db.Tx) ([]string, error) {
	if tx.DB().Engine() == db.SQLite {
		return db.List[string](ctx, tx, `
			select distinct m.name || '.' || c.name
			from sqlite_master m
			join pragma_table_info(m.name) c
			left join pragma_foreign_key_list(m.name) f on f."from" = c.name and f."table" = 'staff_account'
			where m.type = 'table'
			and c.name not like '%\_by' escape '\'
			and m.name not like 'staff\_%' escape '\'
			and (f."table" is not null or c.name in ('owner_id', 'staff_id', 'assignee_id', 'doctor_id', 'sender_id', 'actor_id', 'receiver_id') or c.name like '%\_staff\_id' escape '\')
			order by 1`)
	}
	return db.List[string](ctx, tx, `
		select distinct c.table_name || '.' || c.column_name
		from information_schema.columns c
		join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name and t.table_type = 'BASE TABLE'
		left join (
			select k.table_schema, k.table_name, k.column_name
			from information_schema.key_column_usage k
			join information_schema.constraint_column_usage u on u.constraint_schema = k.constraint_schema and u.constraint_name = k.constraint_name and u.table_name = 'staff_account'
			join information_schema.table_constraints tc on tc.constraint_schema = k.constraint_schema and tc.constraint_name = k.constraint_name and tc.constraint_type = 'FOREIGN KEY'
		) f on f.table_schema = c.table_schema and f.table_name = c.table_name and f.column_name = c.column_name
		where c.table_schema = current_schema()
		and c.column_name not like '%\_by' escape '\'
		and c.table_name not like 'staff\_%' escape '\'
		and (f.column_name is not null or c.column_name in ('owner_id', 'staff_id', 'assignee_id', 'doctor_id', 'sender_id', 'actor_id', 'receiver_id') or c.column_name like '%\_staff\_id' escape '\')
		order by 1`)
}
