package message

import (
	"context"

	"renxin/internal/platform/db"
)

const templateColumns = `id, code, name, family, purpose, text, state, version, updated_at`

func listTemplates(ctx context.Context, tx *db.Tx) ([]Template, error) {
	return db.List[Template](ctx, tx, `select `+templateColumns+` from message_template where deleted_at is null order by family, name, id`)
}

func findTemplate(ctx context.Context, tx *db.Tx, id TemplateID) (Template, bool, error) {
	return db.First[Template](ctx, tx, `select `+templateColumns+` from message_template where id = $1 and deleted_at is null`, id)
}

func approvedTemplates(ctx context.Context, tx *db.Tx, codes []string) ([]Template, error) {
	return gathered[Template](ctx, tx, codes, text(`select `+templateColumns+` from message_template where deleted_at is null and state = 'approved'`), `and code in (%s)`, "")
}

func insertTemplate(ctx context.Context, tx *db.Tx, t Template, by int64) error {
	_, err := tx.Exec(ctx, `
		insert into message_template (id, code, name, family, purpose, text, state, version, created_at, updated_at, updated_by, deleted_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, null)`,
		t.ID, t.Code, t.Name, t.Family, t.Purpose, t.Text, t.State, t.Version, tx.Now, orNull(by))
	return err
}

func updateTemplate(ctx context.Context, tx *db.Tx, t Template, by int64) error {
	_, err := tx.Exec(ctx, `
		update message_template
		set code = $1, name = $2, family = $3, purpose = $4, text = $5, state = $6, version = $7, updated_at = $8, updated_by = $9
		where id = $10`, t.Code, t.Name, t.Family, t.Purpose, t.Text, t.State, t.Version, tx.Now, orNull(by), t.ID)
	return err
}

func insertTemplateVersion(ctx context.Context, tx *db.Tx, t Template, by int64) error {
	_, err := tx.Exec(ctx, `
		insert into message_template_version (template_id, version, name, text, state, at, by_id)
		values ($1, $2, $3, $4, $5, $6, $7)`, t.ID, t.Version, t.Name, t.Text, t.State, tx.Now, orNull(by))
	return err
}

// templateCodes are all codes ever used, those of deleted templates too.
func templateCodes(ctx context.Context, tx *db.Tx) (map[string]bool, error) {
	list, err := db.List[string](ctx, tx, `select code from message_template`)
	codes := make(map[string]bool, len(list))
	for _, c := range list {
		codes[c] = true
	}
	return codes, err
}
