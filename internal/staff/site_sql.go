package staff

import (
	"context"

	"renxin/internal/platform/db"
)

func listSites(ctx context.Context, tx *db.Tx) ([]Site, error) {
	return db.List[Site](ctx, tx, `select id, code, name, active, version from staff_site order by id`)
}

func findSite(ctx context.Context, tx *db.Tx, id SiteID) (Site, error) {
	return db.One[Site](ctx, tx, `select id, code, name, active, version from staff_site where id = $1`, id)
}

func insertSite(ctx context.Context, tx *db.Tx, s Site) error {
	_, err := tx.Exec(ctx, `insert into staff_site (id, code, name, active, version) values ($1, $2, $3, $4, $5)`, s.ID, s.Code, s.Name, s.Active, s.Version)
	return err
}

func updateSite(ctx context.Context, tx *db.Tx, s Site) error {
	_, err := tx.Exec(ctx, `update staff_site set name = $1, active = $2, version = $3 where id = $4`, s.Name, s.Active, s.Version, s.ID)
	return err
}

func openDepartments(ctx context.Context, tx *db.Tx, id SiteID) (int, error) {
	return db.One[int](ctx, tx, `select count(*) from staff_department where site_id = $1 and active = true`, id)
}
