// Package ui holds the built staff pages and serves them (页面).
package ui

import (
	"bytes"
	"crypto/rand"
	"embed"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed all:dist
var dist embed.FS

//go:embed placeholder.html
var placeholder []byte

//go:embed all:static
var static embed.FS

// nonceMark stands in every HTML shell where the nonce of the answer belongs.
const nonceMark = "__NONCE__"

// Handler serves the embedded staff pages: hashed assets for a year, stored .br and .gz siblings
// where the browser takes them, and the shell with a fresh nonce for every path without a file.
// Without a build it answers 503 with a page that says how to build. A missing asset is a 404, so
// that a stale shell never receives HTML as a script.
func Handler() http.Handler {
	root, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the folder is embedded at compile time
	}
	return handler(root)
}

// Static serves the few files that pages without JavaScript need (sign-in, error pages):
// login.css and the mark. Mount it at /static/.
func Static() http.Handler {
	root, err := fs.Sub(static, "static")
	if err != nil {
		panic(err)
	}
	return http.StripPrefix("/static/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=3600")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		http.FileServerFS(root).ServeHTTP(w, r)
	}))
}

// Policy is the Content-Security-Policy of every HTML answer. The pages make style elements and
// stamp them with nonce; style attributes cannot carry a nonce and are allowed by themselves.
func Policy(nonce string) string {
	return "default-src 'self'; style-src 'self' 'nonce-" + nonce + "'; style-src-attr 'unsafe-inline'; " +
		"img-src 'self' data: blob:; frame-src blob:; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; form-action 'self'"
}

func handler(root fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
		if info, err := fs.Stat(root, name); err == nil && !info.IsDir() && !strings.HasSuffix(name, ".html") && name != ".keep" {
			serveFile(w, r, root, name)
			return
		}
		if strings.HasPrefix(name, "assets/") {
			http.NotFound(w, r)
			return
		}
		serveShell(w, root)
	})
}

func serveShell(w http.ResponseWriter, root fs.FS) {
	status := http.StatusOK
	page, err := fs.ReadFile(root, "index.html")
	if err != nil {
		page, status = placeholder, http.StatusServiceUnavailable
	}
	nonce := rand.Text()
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Content-Security-Policy", Policy(nonce))
	w.WriteHeader(status)
	_, _ = w.Write(bytes.ReplaceAll(page, []byte(nonceMark), []byte(nonce))) // the reader is gone; nothing to tell it
}

func serveFile(w http.ResponseWriter, r *http.Request, root fs.FS, name string) {
	h := w.Header()
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		h.Set("Content-Type", kind)
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	body, encoding, err := stored(root, name, r.Header.Get("Accept-Encoding"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// stored returns the smallest stored form of name that accept allows.
func stored(root fs.FS, name, accept string) (body []byte, encoding string, err error) {
	for _, form := range []struct{ encoding, ext string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if !accepts(accept, form.encoding) {
			continue
		}
		if body, err = fs.ReadFile(root, name+form.ext); err == nil {
			return body, form.encoding, nil
		}
	}
	body, err = fs.ReadFile(root, name)
	return body, "", err
}

// accepts reads an Accept-Encoding header (RFC 9110 §12.5.3); a weight of zero refuses.
func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			q := strings.ReplaceAll(weight, " ", "")
			return q != "q=0" && !strings.HasPrefix(q, "q=0.0") || strings.Trim(q, "q=0.") != ""
		}
	}
	return false
}
