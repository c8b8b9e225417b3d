package visit

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/db"
)

// The newest of each sort, one line per code (or name).
const (
	summaryDiagnoses  = `select c.patient_id, c.code, c.name, c.kind as note, '' as status, max(c.at) as at, max(c.id) as id from visit_condition c where c.patient_id = ? group by c.patient_id, c.code, c.name, c.kind`
	summaryProcedures = `select r.patient_id, r.code, r.name, r.doctor as note, '' as status, r.at, r.id from visit_procedure r where r.patient_id = ?`
	summaryReports    = `select r.patient_id, r.kind as code, r.name, r.conclusion as note, r.abnormal as status, r.at, r.id from visit_report r where r.patient_id = ?`
)

func (s *Service) summaryLines(ctx context.Context, p patient.ID, from string) ([]SummaryLine, error) {
	q := db.SQL(`select x.code, x.name, x.note, x.status, x.at from (`+from+`) x where true`, p)
	s.Patient.InScope(ctx, q, "x.patient_id", "x.at")
	return db.Rows[SummaryLine](ctx, s.read(ctx), q.Add(`order by x.at desc, x.id desc limit ?`, summaryLines))
}

// spentInScope sums the charges that the caller sees.
func (s *Service) spentInScope(ctx context.Context, p patient.ID) (int64, error) {
	q := db.SQL(`select coalesce(cast(sum(c.amount_fen) as bigint), 0) from visit_charge c where c.patient_id = ?`, p)
	s.Patient.InScope(ctx, q, "c.patient_id", "c.at")
	n, _, err := db.FirstOf[int64](ctx, s.read(ctx), q)
	return n, err
}
