package ui

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func site() fstest.MapFS {
	return fstest.MapFS{
		"index.html":        {Data: []byte(`<meta name="csp-nonce" content="__NONCE__">`)},
		"assets/a-1.js":     {Data: []byte("plain")},
		"assets/a-1.js.gz":  {Data: []byte("gz")},
		"assets/a-1.js.br":  {Data: []byte("br")},
		"favicon.svg":       {Data: []byte("<svg/>")},
		"assets/only-1.css": {Data: []byte("a{}")},
	}
}

func get(t *testing.T, h http.Handler, path, accept string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", accept)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestHandler_NegotiatesStoredForms(t *testing.T) {
	for _, c := range []struct{ path, accept, body, encoding string }{
		{"/assets/a-1.js", "gzip, deflate, br", "br", "br"},
		{"/assets/a-1.js", "gzip, deflate", "gz", "gzip"},
		{"/assets/a-1.js", "br;q=0, gzip;q=0.5", "gz", "gzip"},
		{"/assets/a-1.js", "", "plain", ""},
		{"/assets/only-1.css", "br", "a{}", ""},
	} {
		w := get(t, handler(site()), c.path, c.accept)
		if w.Body.String() != c.body || w.Header().Get("Content-Encoding") != c.encoding {
			t.Errorf("%s with %q: %q %q", c.path, c.accept, w.Body, w.Header().Get("Content-Encoding"))
		}
		if !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: cache headers %v", c.path, w.Header())
		}
	}
}

func TestHandler_FreshNonceInEveryShell(t *testing.T) {
	h := handler(site())
	first, second := get(t, h, "/", ""), get(t, h, "/patients/pt_1", "")
	if first.Code != 200 || second.Code != 200 || first.Body.String() == second.Body.String() {
		t.Fatalf("shells: %d %d, nonce repeated: %v", first.Code, second.Code, first.Body.String() == second.Body.String())
	}
	_, rest, _ := strings.Cut(first.Body.String(), `content="`)
	nonce, _, _ := strings.Cut(rest, `"`)
	if nonce == "" || nonce == nonceMark || !strings.Contains(first.Header().Get("Content-Security-Policy"), "'nonce-"+nonce+"'") {
		t.Fatalf("nonce %q is not the one in %q", nonce, first.Header().Get("Content-Security-Policy"))
	}
	if first.Header().Get("Cache-Control") != "no-store" {
		t.Error("a shell may not be stored")
	}
}

func TestHandler_MissingAssetIsNotTheShell(t *testing.T) {
	if w := get(t, handler(site()), "/assets/gone-2.js", "br"); w.Code != http.StatusNotFound {
		t.Fatalf("status %d", w.Code)
	}
}

func TestHandler_PlaceholderWithoutBuild(t *testing.T) {
	w := get(t, handler(fstest.MapFS{".keep": {}}), "/", "")
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "make ui") || strings.Contains(w.Body.String(), nonceMark) {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
}
