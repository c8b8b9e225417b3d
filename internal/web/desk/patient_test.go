package desk_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// ask makes a call that must answer status, and reads the answer.
func (h *hospital) ask(t *testing.T, c *http.Client, status int, method, path, body string) map[string]any {
	t.Helper()
	got, text := h.call(t, c, method, path, body)
	if got != status {
		t.Fatalf("%s %s answers %d: %.400s, want %d", method, path, got, text, status)
	}
	out := map[string]any{}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatalf("%s %s: %v: %.200s", method, path, err, text)
	}
	return out
}

func items(v map[string]any) []map[string]any {
	var out []map[string]any
	for _, x := range v["items"].([]any) {
		out = append(out, x.(map[string]any))
	}
	return out
}

func TestPT01_FormEndToEnd(t *testing.T) {
	h := open(t)
	c := h.browser(t, "manager")
	p := h.ask(t, c, 200, "POST", "/api/v1/patients", `{"name":"司马小明","sex":"男","birth_date":"1968-07-30","address":"山东省济南市历下区文化路12号","contacts":[{"system":"mobile","value":"154 1234 5678","owner":"daughter"}],"identifiers":[{"kind":"outpatient","issuer":"HIS","value":"0009001"}],"tags":["VIP"]}`)
	id := p["id"].(string)
	contact := p["contacts"].([]any)[0].(map[string]any)
	if p["age"].(float64) != 58 || p["phone"] != "154****5678" || contact["value"] != "154****5678" || contact["state"] != "unverified" || p["region"].(map[string]any)["name"] != "山东省济南市历下区" || p["address"] != "山东省济南市历下区******" || p["owner"] != nil {
		t.Errorf("detail %v", p)
	}
	d := items(h.ask(t, c, 200, "POST", "/api/v1/patients/duplicates", `{"name":"司马小明","birth_date":"1968-07-30","contacts":[{"system":"mobile","value":"15412345678"}]}`))
	if len(d) != 1 || d[0]["id"] != id || d[0]["zone"] != "auto" {
		t.Errorf("duplicates %v", d)
	}
	if e := h.ask(t, c, 422, "POST", "/api/v1/patients", `{"name":"","birth_date":"1968-02-30"}`); len(e["fields"].([]any)) != 2 {
		t.Errorf("field errors %v", e)
	}
	p = h.ask(t, c, 200, "PATCH", "/api/v1/patients/"+id, `{"version":1,"occupation":"教师"}`)
	if p["version"].(float64) != 2 || p["name"] != "司马小明" {
		t.Errorf("after an edit %v", p)
	}
	e := h.ask(t, c, 409, "PATCH", "/api/v1/patients/"+id, `{"version":1,"occupation":"医生"}`)
	if now := e["data"].(map[string]any); now["occupation"] != "教师" || now["version"].(float64) != 2 {
		t.Errorf("the conflict carries %v", now)
	}
	found := items(h.ask(t, c, 200, "POST", "/api/v1/patients/search", `{"text":"smxm"}`))
	if len(found) != 1 || found[0]["name"] != "司马小明" {
		t.Errorf("search %v", found)
	}
	if tags := h.ask(t, c, 200, "GET", "/api/v1/tags", ""); len(tags["items"].([]any)) != 1 {
		t.Errorf("tags %v", tags)
	}
	if regions := items(h.ask(t, c, 200, "GET", "/api/v1/regions?parent=370100", "")); len(regions) < 10 {
		t.Errorf("%d counties", len(regions))
	}
}

func TestPT36_DoorRevealsOnlyWithAReason(t *testing.T) {
	h := open(t)
	c := h.browser(t, "nurse")
	id := h.sick[ofNurse].String()
	p := h.ask(t, c, 200, "GET", "/api/v1/patients/"+id, "")
	ref := p["contacts"].([]any)[0].(map[string]any)["id"].(string)
	before := h.trails(t)
	h.ask(t, c, 422, "POST", "/api/v1/patients/"+id+"/reveal", `{"field":"contact","ref":"`+ref+`"}`)
	if h.trails(t) != before {
		t.Error("a refused look left an entry")
	}
	v := h.ask(t, c, 200, "POST", "/api/v1/patients/"+id+"/reveal", `{"field":"contact","ref":"`+ref+`","reason":"术后回访"}`)
	if v["value"] != "15400000002" || v["seconds"].(float64) != 30 || h.trails(t) != before+1 {
		t.Errorf("reveal %v", v)
	}
	h.ask(t, c, 404, "POST", "/api/v1/patients/"+h.sick[foreign].String()+"/reveal", `{"field":"address","reason":"术后回访"}`)
}

func (h *hospital) trails(t *testing.T) int {
	t.Helper()
	rows, err := h.DB.Read(h.ctx).Query(h.ctx, "select id from trail_entry where action = 'patient.detail.reveal'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		n++
	}
	return n
}

func TestPT16_DoorMergesAndUndoes(t *testing.T) {
	h := open(t)
	c := h.browser(t, "manager")
	a, b := h.sick[ofNurse].String(), h.sick[ofHead].String()
	m := h.ask(t, c, 200, "POST", "/api/v1/patients/merge", `{"survivor_id":"`+a+`","loser_id":"`+b+`","reason":"同一人"}`)
	if p := h.ask(t, c, 200, "GET", "/api/v1/patients/"+b, ""); p["merged_into"] != a {
		t.Errorf("the merged record says %v", p["merged_into"])
	}
	_, timeline := h.call(t, c, "GET", "/api/v1/patients/"+a+"/timeline?kind=message", "")
	if !strings.Contains(timeline, ofHead) {
		t.Errorf("the message of the other is not on the survivor's page: %.300s", timeline)
	}
	h.ask(t, c, 200, "POST", "/api/v1/merges/"+m["merge_id"].(string)+"/undo", "")
	if p := h.ask(t, c, 200, "GET", "/api/v1/patients/"+b, ""); p["merged_into"] != "" || p["name"] != ofHead {
		t.Errorf("after the undo %v", p)
	}
}

func TestSY05_ExportKeepsScopeAndMasks(t *testing.T) {
	h := open(t)
	file := func(c *http.Client, format string) string {
		e := h.ask(t, c, 200, "POST", "/api/v1/patients/export", `{"text":"欧阳","format":"`+format+`","reason":"院长例会名单"}`)
		if err := h.Settle(h.ctx); err != nil {
			t.Fatal(err)
		}
		status, body := h.call(t, c, "GET", "/api/v1/exports/"+e["id"].(string)+"/file", "")
		if status != 200 {
			t.Fatalf("the file answers %d: %.300s", status, body)
		}
		return body
	}
	for role, want := range map[string][]string{"manager": {ofNurse, ofHead, old, foreign}, "nurse": {ofNurse, old}} {
		body := file(h.browser(t, role), "csv")
		for _, n := range []string{ofNurse, ofHead, old, foreign} {
			if strings.Contains(body, n) != slices.Contains(want, n) {
				t.Errorf("%s: %s is in the file %v", role, n, strings.Contains(body, n))
			}
		}
		if strings.Contains(body, "1540000000") || !strings.Contains(body, "154****000") {
			t.Errorf("%s: telephones are not masked: %.300s", role, body)
		}
	}
	c := h.browser(t, "manager")
	if status, _ := h.call(t, c, "POST", "/api/v1/patients/export", `{"format":"csv"}`); status != 422 {
		t.Errorf("an export without a reason answers %d", status)
	}
	if body := file(c, "xlsx"); !strings.HasPrefix(body, "PK") {
		t.Errorf("xlsx is %.20q", body)
	}
	mine := items(h.ask(t, h.browser(t, "nurse"), 200, "GET", "/api/v1/exports", ""))
	theirs := items(h.ask(t, c, 200, "GET", "/api/v1/exports", ""))
	if len(mine) != 1 || len(theirs) != 2 {
		t.Fatalf("%d and %d files", len(mine), len(theirs))
	}
	if status, _ := h.call(t, h.browser(t, "nurse"), "GET", "/api/v1/exports/"+theirs[0]["id"].(string)+"/file", ""); status != 404 {
		t.Errorf("another's file answers %d", status)
	}
}
