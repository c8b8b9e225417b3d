package desk

import (
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// params reads the outside forms of keys ("pt_…") and instants (RFC 3339) in paths and queries. The API library tells types
// by their kind and would take both for decimal numbers, which they are only inside the process.
type params struct{ request }

// request is huma.Context under a name that does not hide its method Context.
type request = huma.Context

// Param implements huma.Context.
func (p params) Param(name string) string {
	s := decimal(p.request.Param(name))
	if (name == "id" || strings.HasSuffix(name, "_id")) && strings.Trim(s, "0123456789") != "" {
		return "0" // no key at all: nothing is found under it
	}
	return s
}

// Query implements huma.Context.
func (p params) Query(name string) string { return decimal(p.request.Query(name)) }

func decimal(s string) string {
	if id, ok := db.Key(s); ok {
		return strconv.FormatInt(id, 10)
	}
	var at clock.Instant
	if len(s) >= len("2006-01-02T15:04:05Z") && at.UnmarshalText([]byte(s)) == nil {
		return strconv.FormatInt(int64(at), 10)
	}
	return s
}
