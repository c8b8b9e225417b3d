package segment

import (
	"context"

	"renxin/internal/platform/db"
	"renxin/internal/view"
)

// row is a segment as stored.
type row struct {
	Segment
	Stored string `db:"tree"`
}

const selectSegment = `
	select g.id, g.kind, g.name, g.description, g.owner_id, g.shared, g.tracked, g.tree, g.state, g.filled_at, g.checked_on, g.error,
		g.created_at, g.updated_at, g.updated_by, g.version
	from segment_segment g`

func read(rows []row) ([]Segment, error) {
	out := make([]Segment, len(rows))
	for i, r := range rows {
		t, err := readTree(r.Stored)
		if err != nil {
			return nil, err
		}
		out[i] = r.Segment
		out[i].Tree = t
	}
	return out, nil
}

func find(ctx context.Context, tx *db.Tx, id ID) (Segment, error) {
	r, err := db.One[row](ctx, tx, selectSegment+` where g.id = $1`, id)
	if err != nil {
		return Segment{}, err
	}
	gs, err := read([]row{r})
	if err != nil {
		return Segment{}, err
	}
	return gs[0], nil
}

// listSegments gives who is the owner's and what is shared, by name.
func listSegments(ctx context.Context, tx *db.Tx, owner int64, state string) ([]Segment, error) {
	rows, err := db.List[row](ctx, tx, selectSegment+`
		where g.state = $1
		and (g.shared = true or g.owner_id = $2)
		order by g.name, g.id`, state, owner)
	if err != nil {
		return nil, err
	}
	return read(rows)
}

// followedSegments lists what is followed, in order of key.
func followedSegments(ctx context.Context, tx *db.Tx) ([]Segment, error) {
	rows, err := db.List[row](ctx, tx, selectSegment+`
		where g.state = 'active'
		and g.tracked = true
		order by g.id`)
	if err != nil {
		return nil, err
	}
	return read(rows)
}

func keySegments(ctx context.Context, tx *db.Tx) ([]Segment, error) {
	rows, err := db.List[row](ctx, tx, selectSegment+`
		where g.state = 'active'
		and g.kind = 'key'
		order by g.name, g.id`)
	if err != nil {
		return nil, err
	}
	return read(rows)
}

// store inserts a new segment or replaces one of the given version.
func store(ctx context.Context, tx *db.Tx, g Segment, version int64) error {
	if version == 0 {
		_, err := tx.Exec(ctx, `
			insert into segment_segment (id, kind, name, description, owner_id, shared, tracked, tree, state, filled_at, followed_at, checked_on, error, created_at, updated_at, updated_by, version)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, '', '', $10, $11, $12, $13)`,
			g.ID, g.Kind, g.Name, g.Description, orNull(g.OwnerID), g.Shared, g.Tracked, g.Tree.text(), g.State, g.CreatedAt, g.UpdatedAt, orNull(g.UpdatedBy), g.Version)
		return err
	}
	n, err := tx.Exec(ctx, `
		update segment_segment
		set name = $1,
		description = $2,
		shared = $3,
		tracked = $4,
		tree = $5,
		state = $6,
		filled_at = $7,
		error = $8,
		updated_at = $9,
		updated_by = $10,
		version = $11
		where id = $12
		and version = $13`,
		g.Name, g.Description, g.Shared, g.Tracked, g.Tree.text(), g.State, g.FilledAt, g.Error, g.UpdatedAt, orNull(g.UpdatedBy), g.Version, g.ID, version)
	if err == nil && n == 0 {
		err = db.Stale(nil)
	}
	return err
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

func insertVersion(ctx context.Context, tx *db.Tx, g Segment, author string) error {
	_, err := tx.Exec(ctx, `
		insert into segment_version (segment_id, version, name, description, shared, tracked, state, tree, author_id, author, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		g.ID, g.Version, g.Name, g.Description, g.Shared, g.Tracked, g.State, g.Tree.text(), orNull(g.UpdatedBy), author, g.UpdatedAt)
	return err
}

type versionRow struct {
	Version
	Stored string `db:"tree"`
}

func listVersions(ctx context.Context, tx *db.Tx, id ID) ([]Version, error) {
	rows, err := db.List[versionRow](ctx, tx, `
		select version, name, description, shared, tracked, state, tree, author, at
		from segment_version
		where segment_id = $1
		order by version desc
		limit 200`, id)
	out := make([]Version, len(rows))
	for i, r := range rows {
		if err != nil {
			break
		}
		out[i] = r.Version
		out[i].Tree, err = readTree(r.Stored)
	}
	return out, err
}

type viewRow struct {
	ID   view.ID
	Name string
}

// viewsWith lists saved views of the caller and shared ones that are narrowed to a segment.
func viewsWith(ctx context.Context, tx *db.Tx, me int64, id ID) ([]Use, error) {
	rows, err := db.List[viewRow](ctx, tx, `
		select v.id, v.name
		from view_view v
		where v.query like $1 escape '!'
		and (v.shared = true or v.owner_id = $2)
		order by v.name, v.id
		limit 50`, like("segment="+id.String()), me)
	out := make([]Use, len(rows))
	for i, r := range rows {
		out[i] = Use{"view", r.Name, r.ID.String()}
	}
	return out, err
}

// countOf counts the rows of a select, up to one more than CountCap unless exact.
func countOf(ctx context.Context, tx *db.Tx, q *db.Query, exact bool) (int, error) {
	c := db.SQL("select count(*) from (").Add(q.Raw(), q.Args()...)
	c.If(!exact, "limit ?", CountCap+1)
	n, _, err := db.FirstOf[int](ctx, tx, c.Add(") x"))
	return n, err
}
