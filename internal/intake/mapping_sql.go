package intake

import (
	"context"

	"renxin/internal/platform/db"
)

const mappingColumns = `id, name, fingerprint, options, uses, used_at, created_at, created_by, actor`

func listMappings(ctx context.Context, tx *db.Tx) ([]Mapping, error) {
	return db.List[Mapping](ctx, tx, `select `+mappingColumns+` from intake_mapping order by used_at desc, id desc limit 200`)
}

func mappingByFingerprint(ctx context.Context, tx *db.Tx, fingerprint string) (Mapping, bool, error) {
	return db.First[Mapping](ctx, tx, `
		select `+mappingColumns+`
		from intake_mapping
		where fingerprint = $1
		order by used_at desc, id desc
		limit 1`, fingerprint)
}

// putMapping saves under a name; the same name again replaces what it held.
func putMapping(ctx context.Context, tx *db.Tx, m Mapping) error {
	_, err := tx.Exec(ctx, `
		insert into intake_mapping (`+mappingColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (name) do update set
			fingerprint = excluded.fingerprint,
			options = excluded.options,
			uses = intake_mapping.uses + 1,
			used_at = excluded.used_at,
			created_by = excluded.created_by,
			actor = excluded.actor`,
		m.ID, m.Name, m.Fingerprint, m.Options, m.Uses, m.UsedAt, m.CreatedAt, null(m.CreatedBy), m.Actor)
	return err
}

func touchMapping(ctx context.Context, tx *db.Tx, fingerprint string) error {
	_, err := tx.Exec(ctx, `update intake_mapping set uses = uses + 1, used_at = $2 where fingerprint = $1 and fingerprint <> ''`, fingerprint, tx.Now)
	return err
}

func deleteMapping(ctx context.Context, tx *db.Tx, id MappingID) (int64, error) {
	return tx.Exec(ctx, `delete from intake_mapping where id = $1`, id)
}
