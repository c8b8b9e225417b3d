package patient

import (
	"context"

	"renxin/internal/platform/db"
)

type tagRow struct {
	PatientID ID
	Tag       string
}

func tagsOf(ctx context.Context, tx *db.Tx, ids []ID) ([]tagRow, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	q := db.SQL("select t.patient_id, t.tag from patient_tag t")
	db.In(q, padded(ids), "where t.patient_id in (%s)")
	q.Add("order by t.patient_id, t.tag")
	return db.Rows[tagRow](ctx, tx, q)
}

func insertTag(ctx context.Context, tx *db.Tx, id ID, tag string, by int64) error {
	_, err := tx.Exec(ctx, `
		insert into patient_tag (patient_id, tag, created_by, created_at)
		values ($1, $2, $3, $4)
		on conflict (patient_id, tag) do nothing`, id, tag, none(by), tx.Now)
	return err
}

func deleteTag(ctx context.Context, tx *db.Tx, id ID, tag string) error {
	_, err := tx.Exec(ctx, `delete from patient_tag where patient_id = $1 and tag = $2`, id, tag)
	return err
}

// tagsInUse walks the index from one tag to the next, so that its cost is that of the tags, not of the patients who wear them.
func tagsInUse(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.List[string](ctx, tx, `
		with recursive t (tag) as (
			select (select min(tag) from patient_tag)
			union all
			select (select min(n.tag) from patient_tag n where n.tag > t.tag)
			from t
			where t.tag is not null
		)
		select tag
		from t
		where tag is not null
		limit 1000`)
}
