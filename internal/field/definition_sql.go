package field

import (
	"context"

	"renxin/internal/platform/db"
)

const definitionColumns = `id, entity, key, label_zh, label_en, kind, help_zh, help_en, section, position, required, minimum, maximum, pattern, dictionary, options, sees, edits,
	active, version, created_at, updated_at`

func listDefinitions(ctx context.Context, tx *db.Tx, entity string) ([]Definition, error) {
	return db.List[Definition](ctx, tx, `
		select `+definitionColumns+`
		from field_definition
		where entity = $1
		order by position, id`, entity)
}

func findDefinition(ctx context.Context, tx *db.Tx, id ID) (Definition, error) {
	return db.One[Definition](ctx, tx, `select `+definitionColumns+` from field_definition where id = $1`, id)
}

// extent tells how many fields an entity has and the last position.
func extent(ctx context.Context, tx *db.Tx, entity string) (n, last int64, err error) {
	r, _, err := db.First[struct{ N, Last int64 }](ctx, tx, `
		select count(*) as n, coalesce(max(position), 0) as last
		from field_definition
		where entity = $1`, entity)
	return r.N, r.Last, err
}

func insertDefinition(ctx context.Context, tx *db.Tx, d Definition) error {
	_, err := tx.Exec(ctx, `
		insert into field_definition (`+definitionColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`,
		d.ID, d.Entity, d.Key, d.LabelZH, d.LabelEN, string(d.Kind), d.HelpZH, d.HelpEN, d.Section, d.Position, d.Required, d.Minimum, d.Maximum, d.Pattern, d.Dictionary,
		d.StoredOptions, d.StoredSees, d.StoredEdits, d.Active, d.Version, d.CreatedAt, d.UpdatedAt)
	return err
}

func updateDefinition(ctx context.Context, tx *db.Tx, d Definition) error {
	_, err := tx.Exec(ctx, `
		update field_definition
		set label_zh = $1,
		label_en = $2,
		help_zh = $3,
		help_en = $4,
		section = $5,
		required = $6,
		minimum = $7,
		maximum = $8,
		pattern = $9,
		dictionary = $10,
		options = $11,
		sees = $12,
		edits = $13,
		active = $14,
		version = $15,
		updated_at = $16
		where id = $17`, d.LabelZH, d.LabelEN, d.HelpZH, d.HelpEN, d.Section, d.Required, d.Minimum, d.Maximum, d.Pattern, d.Dictionary,
		d.StoredOptions, d.StoredSees, d.StoredEdits, d.Active, d.Version, d.UpdatedAt, d.ID)
	return err
}

func placeDefinition(ctx context.Context, tx *db.Tx, entity string, p Place, position int64) error {
	_, err := tx.Exec(ctx, `
		update field_definition
		set section = $1,
		position = $2
		where id = $3
		and entity = $4`, p.Section, position, p.ID, entity)
	return err
}
