package visit

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/db"
)

// changed reads what an upsert returned: nothing = unchanged, our own new id = new, another = updated.
func changed[K db.Kind](ctx context.Context, tx *db.Tx, fresh db.ID[K], find, text string, args ...any) (db.ID[K], Change, error) {
	id, ok, err := db.First[db.ID[K]](ctx, tx, text, args...)
	switch {
	case err != nil:
		return 0, "", err
	case !ok:
		id, err = db.One[db.ID[K]](ctx, tx, find, args[1], args[3])
		return id, Unchanged, err
	case id == fresh:
		return id, Created, nil
	}
	return id, Updated, nil
}

func upsertCondition(ctx context.Context, tx *db.Tx, c Condition) (ConditionID, Change, error) {
	return changed(ctx, tx, c.ID, `select id from visit_condition where patient_id = $1 and key = $2`, `
		insert into visit_condition (id, patient_id, encounter_id, key, code, name, kind, rank, by_hand, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		on conflict (patient_id, key) do update
		set name = excluded.name,
		rank = excluded.rank
		where visit_condition.name <> excluded.name
		or visit_condition.rank <> excluded.rank
		returning id`, c.ID, c.PatientID, c.EncounterID, c.Key, c.Code, c.Name, c.Kind, c.Rank, c.ByHand, c.At)
}

const conditionColumns = `id, patient_id, encounter_id, key, code, name, kind, rank, by_hand, at`

func conditionsOf(ctx context.Context, tx *db.Tx, p patient.ID, e EncounterID) ([]Condition, error) {
	return db.List[Condition](ctx, tx, `select `+conditionColumns+`
		from visit_condition where patient_id = $1 and encounter_id = $2 order by rank, id`, p, e)
}
