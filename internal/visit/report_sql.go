package visit

import (
	"context"

	"renxin/internal/platform/db"
)

func upsertReport(ctx context.Context, tx *db.Tx, r Report) (ReportID, Change, error) {
	return changed(ctx, tx, r.ID, `select id from visit_report where patient_id = $1 and key = $2`, `
		insert into visit_report (id, patient_id, encounter_id, key, kind, name, conclusion, abnormal, at, issuer, number, result)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		on conflict (patient_id, key) do update
		set kind = excluded.kind,
		name = excluded.name,
		conclusion = excluded.conclusion,
		abnormal = excluded.abnormal,
		at = excluded.at,
		result = case when excluded.result = '' then visit_report.result else excluded.result end
		where visit_report.name <> excluded.name
		or visit_report.conclusion <> excluded.conclusion
		or visit_report.abnormal <> excluded.abnormal
		or visit_report.at <> excluded.at
		or (excluded.result <> '' and visit_report.result <> excluded.result)
		returning id`, r.ID, r.PatientID, r.EncounterID, r.Key, r.Kind, r.Name, r.Conclusion, r.Abnormal, r.At, r.Issuer, r.Number, r.Result)
}
