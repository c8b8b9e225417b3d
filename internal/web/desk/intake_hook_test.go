package desk_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"renxin/internal/platform/db"
)

func TestIN01_OnlyAnAdministratorHandsOutTokensAndNothingKeepsThem(t *testing.T) {
	h := open(t)
	const body = `{"name":"集成平台","format":"fhir","allow":"10.1.0.0/16"}`
	for _, role := range []string{"manager", "nurse", "head", "auditor"} {
		if status, _ := h.call(t, h.browser(t, role), "POST", "/api/v1/intake/hooks", body); status != http.StatusForbidden {
			t.Errorf("%s: %d", role, status)
		}
	}
	admin := h.browser(t, "admin")
	ask := func(path, body string) map[string]any {
		t.Helper()
		req, err := http.NewRequest("POST", h.server.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", "once-"+path)
		r, err := admin.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		out := map[string]any{}
		if err := json.NewDecoder(r.Body).Decode(&out); err != nil || r.StatusCode != http.StatusOK {
			t.Fatal(r.StatusCode, out, err)
		}
		return out
	}
	made := ask("/api/v1/intake/hooks", body)
	id := made["id"].(string)
	tokens := []string{made["token"].(string), ask("/api/v1/intake/hooks/"+id+"/rotate", "{}")["token"].(string)}
	if tokens[0] == tokens[1] {
		t.Error("a new token is the old one")
	}
	for _, token := range tokens {
		_, secret, _ := strings.Cut(token, ".")
		for table, column := range map[string]string{"staff_request": "body", "trail_entry": "detail", "intake_hook": "token_hash", "event_fact": "body"} {
			n, err := db.One[int](h.ctx, h.DB.Read(h.ctx), `select count(*) from `+table+` where `+column+` like $1`, "%"+secret+"%")
			if err != nil || n != 0 {
				t.Errorf("%s holds the token: %d %v", table, n, err)
			}
		}
	}
	_, list := h.call(t, h.browser(t, "manager"), "GET", "/api/v1/intake/hooks", "")
	if !strings.Contains(list, "集成平台") || strings.Contains(list, "token") {
		t.Error(list)
	}
	if status, text := h.call(t, admin, "PATCH", "/api/v1/intake/hooks/"+id, `{"allow":"nonsense","version":2}`); status != 422 || !strings.Contains(text, "allow") {
		t.Error(status, text)
	}
	if out := ask("/api/v1/intake/hooks/"+id+"/revoke", "{}"); out["active"] != false {
		t.Error(out)
	}
}
