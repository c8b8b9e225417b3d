package schema

import (
	"context"
	"io/fs"
	"regexp"
	"strings"

	"renxin/internal/platform/db"
)

var keyed = regexp.MustCompile(`(?m)^create table (\w+) \(\n\s+id bigint primary key`)

// lastID is the greatest key in any table, 0 in an empty database.
func lastID(ctx context.Context, d *db.DB) (int64, error) {
	var each []string
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return 0, err
	}
	for _, n := range names {
		b, err := fs.ReadFile(files, n)
		if err != nil {
			return 0, err
		}
		for _, m := range keyed.FindAllStringSubmatch(string(b), -1) {
			each = append(each, "select max(id) as id from "+m[1])
		}
	}
	return db.One[int64](ctx, d.Read(ctx), "select coalesce(max(id), 0) as id from ("+strings.Join(each, " union all ")+") x")
}
