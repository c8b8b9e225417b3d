// Package hook is the door for machines (机器接口): other systems push FHIR resources over REST and HL7 V3 messages over SOAP.
// Every sender has a token of its own; nothing is answered before it is committed.
package hook

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"

	"renxin/internal/intake"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
)

const (
	maxBody  = 8 << 20 // of one request, as of one HL7 v2 frame
	maxTurns = 64      // requests at a time; a hospital has a handful of sending systems
)

// Rule says who may call a route.
type Rule string

// The rules. A token opens the routes of its own format only.
const (
	Sender Rule = "sender" // the token of a sender of the route's format, from an address that it may call from
	Public Rule = "public" // anybody: the answer is the same for all and holds nothing of the hospital
)

// Route is one path of the door with its rule.
type Route struct {
	Method string
	Path   string
	Rule   Rule
	Format string // intake.HookFHIR or intake.HookV3
	Text   string
}

// Options make a Door.
type Options struct {
	Intake *intake.Service
	Clock  *clock.Clock
}

// Door is the machines' door.
type Door struct {
	Options
	mux    *http.ServeMux
	routes []Route
	turns  chan struct{}
	wrong  *throttle
}

// New builds the door.
func New(o Options) *Door {
	d := &Door{Options: o, mux: http.NewServeMux(), turns: make(chan struct{}, maxTurns), wrong: newThrottle(o.Clock)}
	d.add(Route{"POST", "/hook/fhir", Sender, intake.HookFHIR, "A resource, a Bundle or NDJSON"}, d.postFHIR)
	d.add(Route{"POST", "/hook/fhir/{type}", Sender, intake.HookFHIR, "Create a resource of one type"}, d.postFHIR)
	d.add(Route{"PUT", "/hook/fhir/{type}/{id}", Sender, intake.HookFHIR, "Create or change a resource by its id"}, d.postFHIR)
	d.add(Route{"GET", "/hook/fhir/metadata", Public, intake.HookFHIR, "What the FHIR door takes (CapabilityStatement)"}, d.metadata)
	d.add(Route{"POST", "/hook/v3", Sender, intake.HookV3, "An HL7 V3 message, alone or in SOAP"}, d.postV3)
	d.add(Route{"GET", "/hook/v3", Public, intake.HookV3, "The WSDL of the V3 door"}, d.wsdl)
	return d
}

// Table lists every route; the access test walks it.
func (d *Door) Table() []Route { return d.routes }

// Handler is the whole door; it answers below /hook/ only.
func (d *Door) Handler() http.Handler { return d.watch(d.mux) }

// call is one admitted request.
type call struct {
	hook    intake.Hook
	address string
	body    []byte
}

func (d *Door) add(r Route, answer func(w http.ResponseWriter, req *http.Request, c call)) {
	d.routes = append(d.routes, r)
	d.mux.HandleFunc(r.Method+" "+r.Path, func(w http.ResponseWriter, req *http.Request) {
		c := call{address: address(req)}
		if r.Rule == Sender {
			var err error
			if c, err = d.admit(w, req, r); err != nil {
				d.refuse(w, req, r, err)
				return
			}
			defer func() { <-d.turns }()
		}
		answer(w, req, c)
	})
}

// admit lets a sender in: token, format, address, then the body. Nothing of the body is read before the token is known. After
// success the caller gives the turn back.
func (d *Door) admit(w http.ResponseWriter, req *http.Request, r Route) (c call, err error) {
	c.address = address(req)
	given := token(req)
	key, _, _ := strings.Cut(given, ".")
	if wait := d.wrong.wait(c.address, key); wait > 0 {
		w.Header().Set("Retry-After", seconds(wait))
		return c, fault.New(fault.TooMany, "intake.hook.throttled")
	}
	if c.hook, err = d.Intake.Authenticate(req.Context(), given); err != nil {
		if fault.Is(err, fault.Unauthorized) {
			d.wrong.failed(c.address, key)
		}
		return c, err
	}
	switch {
	case c.hook.Format != r.Format:
		return c, fault.New(fault.Forbidden, "intake.hook.bad_format")
	case !c.hook.Admits(c.address):
		return c, fault.New(fault.Forbidden, "intake.hook.bad_address")
	}
	select {
	case d.turns <- struct{}{}:
	default:
		w.Header().Set("Retry-After", "1")
		return c, fault.New(fault.Unavailable, "intake.hook.busy")
	}
	if c.body, err = io.ReadAll(http.MaxBytesReader(w, req.Body, maxBody)); err != nil {
		<-d.turns
		if _, big := errors.AsType[*http.MaxBytesError](err); big {
			return c, fault.New(fault.TooLarge, "intake.hook.too_large")
		}
		return c, fault.Wrap(err, fault.Invalid, "intake.hook.nothing")
	}
	return c, nil
}

// token is the sender's, as bearer or as the password of basic authentication, which is all that some SOAP tools can send.
func token(req *http.Request) string {
	if t, ok := strings.CutPrefix(req.Header.Get("Authorization"), "Bearer "); ok {
		return strings.TrimSpace(t)
	}
	_, password, _ := req.BasicAuth()
	return password
}

func address(req *http.Request) string {
	host, _, err := net.SplitHostPort(req.RemoteAddr)
	if err != nil {
		return req.RemoteAddr
	}
	return host
}

// watch names every request, speaks the caller's language, and turns a panic into an error answer.
func (d *Door) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		var b [8]byte
		rand.Read(b[:]) // never fails since Go 1.24
		id := hex.EncodeToString(b[:])
		w.Header().Set("X-Request-Id", id)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		ctx := lang.With(access.AsSystem(req.Context(), "hook"), lang.Parse(req.Header.Get("Accept-Language")))
		defer func() {
			p := recover()
			if p == http.ErrAbortHandler {
				panic(p)
			}
			if p != nil {
				slog.Error("hook panicked", "request_id", id, "pattern", req.Pattern, "panic", p, "stack", string(debug.Stack()))
				http.Error(w, "internal error, request "+id, http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, req.WithContext(ctx))
	})
}

var statuses = map[fault.Code]int{
	fault.Invalid:      http.StatusUnprocessableEntity,
	fault.Unauthorized: http.StatusUnauthorized,
	fault.Forbidden:    http.StatusForbidden,
	fault.NotFound:     http.StatusNotFound,
	fault.Conflict:     http.StatusConflict,
	fault.TooMany:      http.StatusTooManyRequests,
	fault.TooLarge:     http.StatusRequestEntityTooLarge,
	fault.Unavailable:  http.StatusServiceUnavailable,
}

// refuse answers an error in the form of the route.
func (d *Door) refuse(w http.ResponseWriter, req *http.Request, r Route, err error) {
	status, ok := statuses[fault.CodeOf(err)]
	if !ok {
		status = http.StatusInternalServerError
		slog.Error("hook request failed", "request_id", w.Header().Get("X-Request-Id"), "pattern", req.Pattern, "error", err)
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="renxin"`)
	}
	_, text := lang.Fault(lang.From(req.Context()), err)
	if r.Format == intake.HookV3 {
		soapFault(w, status, text)
		return
	}
	answerJSON(w, status, outcome(issue{severity: "error", code: issueCode(status), text: text, key: fault.KeyOf(err)}))
}

// said is the text of a key in the caller's language.
func said(ctx context.Context, key string) string {
	if key == "" {
		return ""
	}
	return lang.Text(lang.From(ctx), key, nil)
}
