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

// yearTotals sums the charges that the caller sees by calendar year, the newest first.
func (s *Service) yearTotals(ctx context.Context, p patient.ID) ([]YearTotal, error) {
	q := db.SQL(`
		select cast(substr(c.date, 1, 4) as bigint) as year, cast(sum(c.amount_fen) as bigint) as total_fen
		from visit_charge c
		where c.patient_id = ?`, p)
	s.Patient.InScope(ctx, q, "c.patient_id", "c.at")
	return db.Rows[YearTotal](ctx, s.read(ctx), q.Add("group by substr(c.date, 1, 4) order by 1 desc"))
}

func (s *Service) chargesOfYear(ctx context.Context, p patient.ID, year string) ([]Charge, error) {
	q := db.SQL(`
		select c.id, c.patient_id, c.encounter_id, c.key, c.code, c.name, c.category, c.quantity, c.amount_fen, c.at, c.date
		from visit_charge c
		where c.patient_id = ? and c.date >= ? and c.date < ?`, p, year+"-01-01", year+"-12-32")
	s.Patient.InScope(ctx, q, "c.patient_id", "c.at")
	return db.Rows[Charge](ctx, s.read(ctx), q.Add("order by c.date desc, c.at, c.id"))
}
