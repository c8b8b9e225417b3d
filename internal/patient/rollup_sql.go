package patient

import (
	"context"
	"strconv"

	"renxin/internal/platform/db"
)

// countRegions counts live patients in scope whose region begins with a prefix, by its first n digits.
func (s *Service) countRegions(ctx context.Context, prefix string, n int) ([]RegionPart, error) {
	q := db.SQL(`
		select substr(p.region_code, 1, ` + strconv.Itoa(n) + `) as code, count(*) as patients
		from patient_patient p
		where p.merged_into is null
		and p.deleted_at is null`)
	q.If(prefix != "", "and p.region_code >= ? and p.region_code < ?", prefix, prefix+"~")
	s.InScopeOfAll(ctx, q, "p.id", "")
	return db.Rows[RegionPart](ctx, s.DB.Read(ctx), q.Add("group by 1 order by 1"))
}

// addressesIn lists the addresses of the live patients in scope of one county.
func (s *Service) addressesIn(ctx context.Context, code string) ([]string, error) {
	q := db.SQL(`
		select p.address
		from patient_patient p
		where p.merged_into is null
		and p.deleted_at is null
		and p.region_code = ?`, code)
	s.InScopeOfAll(ctx, q, "p.id", "")
	return db.Rows[string](ctx, s.DB.Read(ctx), q)
}
