// Package desk is the door for staff (工作台): the pages, their API and its description, sessions and live updates.
package desk

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"path"
	"reflect"
	"regexp"
	"strings"

	"github.com/alexedwards/scs/v2"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"renxin/internal/platform/access"
	"renxin/internal/platform/event"
	"renxin/internal/setting"
	"renxin/internal/staff"
)

// Route is one path of the API. Every route names the permission it needs, or says why it needs none.
type Route struct {
	Method     string
	Path       string
	Permission access.Permission
	Own        bool   // every signed-in person may call it: it shows or changes only what is theirs
	Text       string // one line for the API page
	MaxBytes   int64  // largest request body; 1 MB when zero
	Form       bool   // the body is a multipart form
	Secret     bool   // the answer holds what is shown once: it is not kept for a repeated request
}

// Routes adds a room's paths to a door.
type Routes func(d *Door)

// Options make a Door.
type Options struct {
	Staff    *staff.Service
	Setting  *setting.Service
	Board    *event.Board
	Sees     func(ctx context.Context, patientIDs []int64) (map[int64]bool, error) // which patients the caller may see
	Badges   func(ctx context.Context) map[string]int                              // numbers beside the navigation
	Pages    http.Handler                                                          // the embedded staff pages
	Static   http.Handler                                                          // files of the pages without JavaScript
	Policy   func(nonce string) string                                             // content security policy
	Ready    func(ctx context.Context) error
	Metrics  http.Handler
	Version  string
	Demo     []DemoAccount // shown on the sign-in page of a demo hospital; nil otherwise
	Insecure bool          // plain http on loopback: the cookie cannot be Secure
}

// DemoAccount is a sign-in that a demo hospital tells everybody.
type DemoAccount struct{ Login, Password, Name, Post string }

// Door is the staff door.
type Door struct {
	Options
	mux      *http.ServeMux
	api      huma.API
	sessions *scs.SessionManager
	routes   []Route
}

// New builds the door from the rooms' routes.
func New(o Options, routes ...Routes) *Door {
	d := &Door{Options: o, mux: http.NewServeMux(), sessions: newSessions(o)}
	d.api = humago.New(d.mux, config(o.Version))
	d.meRoutes()
	for _, r := range routes {
		r(d)
	}
	d.mux.HandleFunc("GET /api/v1/live", d.live)
	d.routes = append(d.routes, Route{Method: "GET", Path: "/api/v1/live", Own: true, Text: "Live facts as server-sent events"})
	return d
}

// API describes every path, for the API page and the generated types.
func (d *Door) API() *huma.OpenAPI { return d.api.OpenAPI() }

// Table lists every route of the API in order of registration; the access matrix test walks it.
func (d *Door) Table() []Route { return d.routes }

func config(version string) huma.Config {
	huma.DefaultArrayNullable = false
	reg := huma.NewMapRegistry("#/components/schemas/", schemaNamer())
	c := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI:    "3.1.0",
			Info:       &huma.Info{Title: "Renxin", Version: version},
			Components: &huma.Components{Schemas: reg},
		},
		Formats:       map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat: "application/json",
	}
	c.FieldsOptionalByDefault = true // rooms validate, with texts a person understands
	return c
}

// schemaNamer keeps schema names readable where two rooms use one word: package and type ("PatientDetail"), without
// repetition; should two types still meet under one name, the later gets its package at the end.
func schemaNamer() func(t reflect.Type, hint string) string {
	taken := map[string]reflect.Type{}
	return func(t reflect.Type, hint string) string {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		name, pkg := strange.ReplaceAllString(huma.DefaultSchemaNamer(t, hint), ""), path.Base(t.PkgPath())
		if t.PkgPath() != "" && pkg != "desk" && t.Name() != "" && !strings.HasPrefix(strings.ToLower(name), pkg) {
			name = strings.ToUpper(pkg[:1]) + pkg[1:] + name
		}
		if first, ok := taken[name]; ok && first != t {
			name += "Of" + strings.ToUpper(pkg[:1]) + pkg[1:]
		}
		taken[name] = t
		return name
	}
}

// strange is what a name in the types of the pages may not hold; type arguments bring it.
var strange = regexp.MustCompile(`[^A-Za-z0-9]+`)

// add registers a path whose answer is the JSON of O.
func add[I, O any](d *Door, r Route, h func(ctx context.Context, in *I) (O, error)) {
	d.routes = append(d.routes, r)
	type output struct{ Body O }
	huma.Register(d.api, operation(r), func(ctx context.Context, in *I) (*output, error) {
		v, err := h(ctx, in)
		if err != nil {
			return nil, problem(ctx, err)
		}
		return &output{v}, nil
	})
}

// None is the empty answer {}.
type None struct{}

// File is an answer that a browser saves.
type File struct {
	Name  string // proposed file name
	Type  string // media type
	Write func(w io.Writer) error
}

// addFile registers a path that answers with a file. What Write cannot finish ends the connection, so that a browser never
// takes half a file for a whole one.
func addFile[I any](d *Door, r Route, h func(ctx context.Context, in *I) (File, error)) {
	d.routes = append(d.routes, r)
	huma.Register(d.api, operation(r), func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		f, err := h(ctx, in)
		if err != nil {
			return nil, problem(ctx, err)
		}
		return &huma.StreamResponse{Body: func(c huma.Context) {
			c.SetHeader("Content-Type", f.Type)
			c.SetHeader("Content-Disposition", disposition(f.Name))
			c.SetHeader("X-Content-Type-Options", "nosniff")
			c.SetHeader("Cache-Control", "no-store")
			if err := f.Write(c.BodyWriter()); err != nil {
				panic(http.ErrAbortHandler)
			}
		}}, nil
	})
}

// disposition proposes a name: plain for old programs, exact for the others (RFC 6266 section 4.3).
func disposition(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' {
			return '_'
		}
		return r
	}, name)
	if plain == name {
		return `attachment; filename="` + name + `"`
	}
	return `attachment; filename="` + plain + `"; filename*=UTF-8''` + url.PathEscape(name)
}

// guard turns away who lacks the permission before a word of the request is read, so that nothing is told about its form.
func (r Route) guard(c huma.Context, next func(huma.Context)) {
	err := r.allow(c.Context())
	if err == nil {
		next(params{c})
		return
	}
	p := problem(c.Context(), err)
	c.SetHeader("Content-Type", p.ContentType(""))
	c.SetStatus(p.Status)
	json.NewEncoder(c.BodyWriter()).Encode(p)
}

func (r Route) allow(ctx context.Context) error {
	if r.Own {
		if access.From(ctx).StaffID == 0 {
			return unauthorized()
		}
		return nil
	}
	return access.Need(ctx, r.Permission)
}

func operation(r Route) huma.Operation {
	op := huma.Operation{Method: r.Method, Path: r.Path, Summary: r.Text, OperationID: operationID(r), MaxBodyBytes: r.MaxBytes, DefaultStatus: http.StatusOK, Middlewares: huma.Middlewares{r.guard}, SkipValidateParams: true}
	op.Description = "Permission: " + string(r.Permission)
	if r.Own {
		op.Description = "Every signed-in person."
	}
	return op
}

func operationID(r Route) string {
	s := strings.NewReplacer("/api/v1/", "", "/", "-", "{", "", "}", "").Replace(r.Path)
	return strings.ToLower(r.Method) + "-" + s
}
