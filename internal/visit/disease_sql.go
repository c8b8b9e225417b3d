package visit

import (
	"context"

	"renxin/internal/platform/db"
)

// usedDiseases lists every code among the diagnoses with one of its names; each code is one step in the index.
func usedDiseases(ctx context.Context, tx *db.Tx) ([]Disease, error) {
	return db.List[Disease](ctx, tx, `
		with recursive c (code) as (
			select min(code) from visit_condition where code > ''
			union all
			select (select min(n.code) from visit_condition n where n.code > c.code) from c where c.code is not null
		)
		select c.code,
		(select d.name from visit_condition d where d.code = c.code order by d.patient_id limit 1) as name
		from c
		where c.code is not null`)
}
