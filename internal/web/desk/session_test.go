package desk_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// After an expired session people come back to the page they were on, and never to another server.
func TestSY03_SignInLeadsBack(t *testing.T) {
	h := open(t)
	page := "/patients/pt_1?tab=message&q=%E5%A4%8D%E6%9F%A5"
	r, err := h.browser(t, "").Get(h.server.URL + page)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	at, _ := url.Parse(r.Header.Get("Location"))
	if r.StatusCode != http.StatusSeeOther || at.Path != "/sign-in" || at.Query().Get("next") != page {
		t.Fatalf("%d %s", r.StatusCode, at)
	}
	form, err := h.browser(t, "").Get(h.server.URL + at.String())
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(form.Body)
	form.Body.Close()
	if !strings.Contains(string(body), `name="next" value="/patients/pt_1?tab=message&amp;q=`) {
		t.Errorf("the form forgets the page: %s", body)
	}
	for next, want := range map[string]string{page: page, "": "/", "/": "/", "//evil.example": "/", `/\evil.example`: "/", "https://evil.example/": "/", "evil": "/", "/\t/evil.example": "/", "/sign-in": "/", "javascript:alert(1)": "/"} {
		r, err := h.browser(t, "").PostForm(h.server.URL+"/sign-in", url.Values{"login": {"nurse"}, "password": {secret}, "next": {next}})
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if got := r.Header.Get("Location"); r.StatusCode != http.StatusSeeOther || got != want {
			t.Errorf("next %q: %d to %q, want %q", next, r.StatusCode, got, want)
		}
	}
	wrong, err := h.browser(t, "").PostForm(h.server.URL+"/sign-in", url.Values{"login": {"nurse"}, "password": {"wrong wrong wrong"}, "next": {page}})
	if err != nil {
		t.Fatal(err)
	}
	body, _ = io.ReadAll(wrong.Body)
	wrong.Body.Close()
	if wrong.StatusCode != http.StatusUnauthorized || !strings.Contains(string(body), `name="next"`) {
		t.Errorf("a mistyped password loses the page: %d", wrong.StatusCode)
	}
}
