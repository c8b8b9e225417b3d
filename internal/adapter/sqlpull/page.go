package sqlpull

import (
	"context"
	"database/sql"
	"strings"

	"renxin/internal/intake"
	"renxin/internal/platform/fault"
)

// most views that a list shows; a database with more is searched by its owner.
const mostViews = 2000

// Views implements intake.Database: views first, then tables.
func (c *connection) Views(ctx context.Context) ([]string, error) {
	var out []string
	err := c.each(ctx, c.views, nil, func(r *sql.Rows) error {
		var schema, name string
		if err := r.Scan(&schema, &name); err != nil {
			return err
		}
		if len(out) < mostViews {
			out = append(out, schema+"."+name)
		}
		return nil
	})
	return out, err
}

// Columns implements intake.Database.
func (c *connection) Columns(ctx context.Context, view string) ([]intake.ViewColumn, error) {
	schema, name, _ := strings.Cut(view, ".")
	var out []intake.ViewColumn
	err := c.each(ctx, c.columns, []any{schema, name}, func(r *sql.Rows) error {
		var col intake.ViewColumn
		if err := r.Scan(&col.Name, &col.Type); err != nil {
			return err
		}
		col.Moment = c.moments.MatchString(col.Type)
		out = append(out, col)
		return nil
	})
	if err == nil && len(out) == 0 {
		err = fault.New(fault.Invalid, "intake.pull.view_unknown").With("view", "intake.pull.view_unknown")
	}
	return out, err
}

// Page implements intake.Database.
func (c *connection) Page(ctx context.Context, q intake.PageQuery) ([]intake.PulledRow, error) {
	text, args := c.page(q)
	var out []intake.PulledRow
	err := c.each(ctx, text, args, func(r *sql.Rows) error {
		var key, mark sql.NullString
		var ahead int
		cells := make([]sql.NullString, len(q.Columns))
		dest := []any{&key, &mark, &ahead}
		for i := range cells {
			dest = append(dest, &cells[i])
		}
		if err := r.Scan(dest...); err != nil {
			return err
		}
		row := intake.PulledRow{Key: key.String, Mark: mark.String, Ahead: ahead != 0, Cells: make([]string, len(cells))}
		for i, x := range cells {
			row.Cells[i] = strings.TrimSuffix(x.String, ".000000")
		}
		out = append(out, row)
		return nil
	})
	return out, err
}

func (c *connection) each(ctx context.Context, text string, args []any, fn func(r *sql.Rows) error) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	r, err := c.conn.QueryContext(ctx, text, args...)
	if err != nil {
		return c.refused(ctx, err)
	}
	defer r.Close()
	for r.Next() {
		if err := fn(r); err != nil {
			return c.refused(ctx, err)
		}
	}
	if err := r.Err(); err != nil {
		return c.refused(ctx, err)
	}
	return nil
}
