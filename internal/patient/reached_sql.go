package patient

import (
	"context"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// InScopeOfAll is InScope for a query that looks at all its rows, such as a count, rather than at a page of them: the patients in scope are
// collected once and not asked for row by row.
func (s *Service) InScopeOfAll(ctx context.Context, q *db.Query, patientCol, atCol string) {
	sc, now := access.ScopeOf(ctx), s.DB.Clock().Now()
	if sc.Empty() || sc.All() || sc.Unassigned() {
		s.InScope(ctx, q, patientCol, atCol)
		return
	}
	since := s.since(sc)
	q.If(since > 0 && atCol != "", "and "+atCol+" >= ?", since)
	q.Add("and " + patientCol + " in (select pa.patient_id from (")
	reached(q, sc, now)
	q.Add(") pa")
	q.If(since > 0, "join patient_patient sp on sp.id = pa.patient_id and sp.seen_at >= ?", since)
	q.Add(")")
}

// reached lists the patients of a scope by staff, department or site, one range of the index after the other.
func reached(q *db.Query, sc access.Scope, now clock.Instant) {
	const of = "select a.patient_id from patient_access a where (a.until = 0 or a.until > ?) and a.kind = "
	q.Add(of+"'staff' and a.key = ?", now, sc.StaffID())
	counted(q, sc, "a")
	if ds := sc.Departments(); len(ds) > 0 {
		db.In(q.Add("union all "+of+"'department'", now), ds, "and a.key in (%s)")
		counted(q, sc, "a")
	}
	if ss := sc.Sites(); len(ss) > 0 {
		db.In(q.Add("union all "+of+"'site'", now), ss, "and a.key in (%s)")
		counted(q, sc, "a")
	}
}
