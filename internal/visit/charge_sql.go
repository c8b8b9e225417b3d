package visit

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/db"
)

func upsertCharge(ctx context.Context, tx *db.Tx, r Charge) (ChargeID, Change, error) {
	return changed(ctx, tx, r.ID, `select id from visit_charge where patient_id = $1 and key = $2`, `
		insert into visit_charge (id, patient_id, encounter_id, key, code, name, category, quantity, amount_fen, at, date)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		on conflict (patient_id, key) do update
		set code = excluded.code,
		name = excluded.name,
		category = excluded.category,
		quantity = excluded.quantity,
		amount_fen = excluded.amount_fen,
		at = excluded.at,
		date = excluded.date
		where visit_charge.code <> excluded.code
		or visit_charge.name <> excluded.name
		or visit_charge.category <> excluded.category
		or visit_charge.quantity <> excluded.quantity
		or visit_charge.amount_fen <> excluded.amount_fen
		or visit_charge.at <> excluded.at
		returning id`, r.ID, r.PatientID, r.EncounterID, r.Key, r.Code, r.Name, r.Category, r.Quantity, r.AmountFen, r.At, r.Date)
}

func yearTotals(ctx context.Context, tx *db.Tx, p patient.ID) ([]YearTotal, error) {
	return db.List[YearTotal](ctx, tx, `
		select cast(substr(date, 1, 4) as bigint) as year, cast(sum(amount_fen) as bigint) as total_fen
		from visit_charge
		where patient_id = $1
		group by substr(date, 1, 4)
		order by 1 desc`, p)
}

func chargesOfYear(ctx context.Context, tx *db.Tx, p patient.ID, year string) ([]Charge, error) {
	return db.List[Charge](ctx, tx, `
		select id, patient_id, encounter_id, key, code, name, category, quantity, amount_fen, at, date
		from visit_charge
		where patient_id = $1 and date >= $2 and date < $3
		order by date desc, at, id`, p, year+"-01-01", year+"-12-32")
}
