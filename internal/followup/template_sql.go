package followup

import (
	"context"

	"renxin/internal/platform/db"
)

const templateColumns = `t.id, t.code, t.name, t.department_id, t.state, t.active_version, t.version, t.created_at, t.updated_at`

// templateRow is a template joined with its newest version.
type templateRow struct {
	Template
	Latest  int
	Body    string
	Running int
}

func (r templateRow) row() (TemplateRow, error) {
	d, err := Version{Body: r.Body}.Definition()
	return TemplateRow{r.Template, d, r.Latest, r.Running}, err
}

const templateRows = `select ` + templateColumns + `,
	v.version as latest,
	v.body,
	(select count(*) from followup_plan p where p.template_id = t.id and p.state = 'active') as running
	from followup_template t
	join followup_version v on v.template_id = t.id
	and v.version = (select max(w.version) from followup_version w where w.template_id = t.id)`

func listTemplates(ctx context.Context, tx *db.Tx) ([]templateRow, error) {
	return db.List[templateRow](ctx, tx, templateRows+` order by t.state, t.name, t.id`)
}

func oneTemplateRow(ctx context.Context, tx *db.Tx, id TemplateID) (templateRow, error) {
	return db.One[templateRow](ctx, tx, templateRows+` where t.id = $1`, id)
}

func activeTemplates(ctx context.Context, tx *db.Tx) ([]Template, error) {
	return db.List[Template](ctx, tx, `select `+templateColumns+` from followup_template t where t.state = 'active' order by t.id`)
}

func templateCode(ctx context.Context, tx *db.Tx, code string) (bool, error) {
	_, ok, err := db.First[int64](ctx, tx, `select id from followup_template where code = $1`, code)
	return ok, err
}

func insertTemplate(ctx context.Context, tx *db.Tx, t Template) error {
	_, err := tx.Exec(ctx, `
		insert into followup_template (id, code, name, department_id, state, active_version, version, created_at, updated_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		t.ID, t.Code, t.Name, t.DepartmentID, t.State, t.ActiveVersion, t.Version, t.CreatedAt, t.UpdatedAt)
	return err
}

func updateTemplate(ctx context.Context, tx *db.Tx, t Template) error {
	n, err := tx.Exec(ctx, `
		update followup_template
		set name = $1,
		department_id = $2,
		state = $3,
		active_version = $4,
		version = $5,
		updated_at = $6
		where id = $7 and version = $8`, t.Name, t.DepartmentID, t.State, t.ActiveVersion, t.Version, t.UpdatedAt, t.ID, t.Version-1)
	if err == nil && n == 0 {
		err = db.Stale(nil)
	}
	return err
}

func putVersion(ctx context.Context, tx *db.Tx, v Version) error {
	_, err := tx.Exec(ctx, `
		insert into followup_version (template_id, version, state, body, author_id, author, created_at, activated_at)
		values ($1, $2, $3, $4, $5, $6, $7, 0)
		on conflict (template_id, version) do update
		set body = excluded.body,
		author_id = excluded.author_id,
		author = excluded.author
		where followup_version.state = 'draft'`, v.TemplateID, v.Version, v.State, v.Body, v.AuthorID, v.Author, v.CreatedAt)
	return err
}

func activateVersion(ctx context.Context, tx *db.Tx, id TemplateID, n int) error {
	if _, err := tx.Exec(ctx, `update followup_version set state = 'retired' where template_id = $1 and state = 'active'`, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `update followup_version set state = 'active', activated_at = $1 where template_id = $2 and version = $3`, tx.Now, id, n)
	return err
}

func versionsOf(ctx context.Context, tx *db.Tx, id TemplateID) ([]Version, error) {
	return db.List[Version](ctx, tx, `
		select template_id, version, state, '' as body, author_id, author, created_at, activated_at
		from followup_version
		where template_id = $1
		order by version desc`, id)
}

func oneVersion(ctx context.Context, tx *db.Tx, id TemplateID, n int) (Version, error) {
	return db.One[Version](ctx, tx, `
		select template_id, version, state, body, author_id, author, created_at, activated_at
		from followup_version
		where template_id = $1 and version = $2`, id, n)
}
