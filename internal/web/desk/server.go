package desk

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/lang"
	"renxin/internal/staff"
)

// Handler is the whole door: pages, API, sign-in, health.
func (d *Door) Handler() http.Handler {
	root := http.NewServeMux()
	root.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("ok\n")) })
	root.HandleFunc("GET /readyz", d.ready)
	root.Handle("GET /metrics", d.loopback(d.Metrics))
	root.Handle("/static/", d.Static)
	root.HandleFunc("GET /sign-in", d.signInPage)
	root.HandleFunc("POST /sign-in", d.signIn)
	root.Handle("/api/", d.mux)
	root.HandleFunc("/", d.page)
	guard := http.NewCrossOriginProtection()
	return d.watch(d.sessions.LoadAndSave(d.identify(guard.Handler(d.once(root)))))
}

func (d *Door) ready(w http.ResponseWriter, r *http.Request) {
	if err := d.Ready(r.Context()); err != nil {
		http.Error(w, "not ready", http.StatusServiceUnavailable)
		return
	}
	w.Write([]byte("ready\n"))
}

// loopback shows operational figures to this machine only; a reverse proxy decides about more.
func (d *Door) loopback(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ip := net.ParseIP(address(r)); ip == nil || !ip.IsLoopback() {
			http.NotFound(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// page serves the staff pages to those who are signed in and sends everybody else to the sign-in page.
func (d *Door) page(w http.ResponseWriter, r *http.Request) {
	asset := strings.HasPrefix(r.URL.Path, "/assets/") || strings.Contains(r.URL.Path[1:], ".")
	if access.From(r.Context()).StaffID == 0 && !asset {
		to := "/sign-in"
		if back := r.URL.RequestURI(); r.Method == http.MethodGet && back != "/" {
			to += "?" + url.Values{"next": {back}}.Encode()
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	d.Pages.ServeHTTP(w, r)
}

func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// watch gives every request an ID, logs it without its query, and turns a panic into an error answer.
func (d *Door) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		var b [8]byte
		rand.Read(b[:]) // never fails since Go 1.24
		id := hex.EncodeToString(b[:])
		w.Header().Set("X-Request-Id", id)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "same-origin")
		w.Header().Set("X-Frame-Options", "DENY")
		if strings.HasPrefix(r.URL.Path, "/api/") {
			w.Header().Set("Cache-Control", "no-store")
		}
		ctx := access.With(r.Context(), access.Caller{Door: "desk", RequestID: id})
		ctx = lang.With(ctx, lang.Parse(r.Header.Get("Accept-Language")))
		defer func() {
			p := recover()
			if p == http.ErrAbortHandler {
				panic(p)
			}
			if p != nil {
				slog.Error("request panicked", "request_id", id, "method", r.Method, "pattern", r.Pattern, "panic", p, "stack", string(debug.Stack()))
				http.Error(w, "internal error, request "+id, http.StatusInternalServerError)
			}
			slog.Debug("request", "request_id", id, "method", r.Method, "pattern", r.Pattern, "ms", time.Since(start).Milliseconds())
		}()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// identify puts the signed-in person into the context. It reads the account at every request, so a frozen one is out at once.
func (d *Door) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if id := d.sessions.GetInt64(ctx, sessStaff); id != 0 {
			if c, ok := d.caller(ctx, staff.ID(id)); ok {
				c.Door, c.RequestID = "desk", access.From(ctx).RequestID
				ctx = access.With(ctx, c)
				if r.Header.Get("Accept-Language") == "" || c.Locale != "" && !strings.HasPrefix(r.URL.Path, "/api/") {
					ctx = lang.With(ctx, lang.Parse(c.Locale))
				}
			}
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func (d *Door) caller(ctx context.Context, id staff.ID) (access.Caller, bool) {
	c, a, err := d.Staff.Caller(ctx, id)
	if err != nil || d.sessions.GetString(ctx, sessStamp) != stamp(a) {
		return access.Caller{}, false
	}
	role, as := d.sessions.GetInt64(ctx, sessViewRole), d.sessions.GetInt64(ctx, sessViewStaff)
	if role == 0 && as == 0 {
		return c, true
	}
	if as == 0 {
		as = int64(id)
	}
	seen, _, err := d.Staff.ViewAs(access.With(ctx, c), staff.ID(as), staff.RoleID(role))
	if err != nil {
		return c, true // the right to look as another is gone
	}
	seen.Locale = c.Locale
	return seen, true
}

// stamp changes with the password, which ends every session made with the old one.
func stamp(a staff.Account) string {
	h := a.PasswordHash
	return h[max(0, len(h)-12):]
}
