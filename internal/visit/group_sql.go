package visit

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

type groupRow struct {
	ID        GroupID
	Name      string
	Codes     string
	Version   int64
	UpdatedAt clock.Instant
}

func listGroups(ctx context.Context, tx *db.Tx) ([]groupRow, error) {
	return db.List[groupRow](ctx, tx, `
		select id, name, codes, version, updated_at
		from visit_group
		where deleted_at is null
		order by name, id`)
}

func insertGroup(ctx context.Context, tx *db.Tx, g Group, codes string) error {
	_, err := tx.Exec(ctx, `
		insert into visit_group (id, name, codes, version, updated_at)
		values ($1, $2, $3, $4, $5)`, g.ID, g.Name, codes, g.Version, g.UpdatedAt)
	return err
}

func updateGroup(ctx context.Context, tx *db.Tx, g Group, version int64, codes string) (int64, error) {
	return tx.Exec(ctx, `
		update visit_group
		set name = $1,
		codes = $2,
		version = $3,
		updated_at = $4
		where id = $5 and version = $6 and deleted_at is null`, g.Name, codes, g.Version, g.UpdatedAt, g.ID, version)
}

func distinctCodes(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.List[string](ctx, tx, `select distinct code from visit_condition where code <> ''`)
}

// countWith counts the patients in the caller's scope who have a diagnosis of one of the codes.
func (s *Service) countWith(ctx context.Context, codes []string) (int, error) {
	q := db.SQL(`select count(distinct c.patient_id) from visit_condition c where true`)
	db.In(q, codes, `and c.code in (%s)`)
	s.Patient.InScope(ctx, q, "c.patient_id", "c.at")
	n, _, err := db.FirstOf[int](ctx, s.read(ctx), q)
	return n, err
}
