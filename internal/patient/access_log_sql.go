package patient

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// mergedInto lists a record and all that were merged into it, over any number of steps.
func mergedInto(ctx context.Context, tx *db.Tx, id ID) ([]ID, error) {
	return db.List[ID](ctx, tx, `
		with recursive former (id) as (
			select p.id from patient_patient p where p.id = $1
			union
			select p.id from patient_patient p join former f on p.merged_into = f.id
		)
		select id from former`, id)
}

func accessFrom(q *db.Query, ids []ID, kind string) {
	db.In(q, padded(ids), "where e.patient_id in (%s)")
	looks := "(e.action like '%.read' or e.action like '%.reveal' or e.action like '%.export' or e.action like '%.play')"
	q.If(kind == AccessLook, "and "+looks)
	q.If(kind == AccessChange, "and not "+looks)
}

func accessEntries(ctx context.Context, tx *db.Tx, ids []ID, kind, cursor string, limit int) ([]AccessEntry, error) {
	q := db.SQL(`
		select e.id, e.at, e.action, e.actor, coalesce(r.name, '') as role, coalesce(d.name, '') as department, e.door, e.reason, e.detail,
			(e.hash is not null) as sealed, e.patient_id
		from trail_entry e
		left join staff_account a on a.id = e.actor_id
		left join staff_role r on r.id = a.role_id
		left join staff_department d on d.id = a.department_id`)
	accessFrom(q, ids, kind)
	if cursor != "" {
		var at clock.Instant
		var id int64
		if err := db.Uncursor(cursor, &at, &id); err != nil {
			return nil, err
		}
		q.Add("and (e.at, e.id) < (?, ?)", at, id)
	}
	return db.Rows[AccessEntry](ctx, tx, q.Add("order by e.at desc, e.id desc limit ?", limit))
}

func countAccess(ctx context.Context, tx *db.Tx, ids []ID, kind string) (int, error) {
	q := db.SQL("select count(*) from (select 1 from trail_entry e")
	accessFrom(q, ids, kind)
	n, _, err := db.FirstOf[int64](ctx, tx, q.Add("limit ?) x", db.CountCap+1))
	return int(n), err
}
