package desk_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"renxin/internal/visit"
)

func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestFU02_TemplateEditorAtTheDesk(t *testing.T) {
	h := open(t)
	c := h.browser(t, "head")
	list := items(h.ask(t, c, 200, "GET", "/api/v1/followup/templates", ""))
	if len(list) != 5 || list[0]["state"] != "draft" {
		t.Fatalf("%v", list)
	}
	var leep string
	for _, r := range list {
		if r["code"] == "leep" {
			leep = r["id"].(string)
		}
	}
	p := h.ask(t, c, 200, "POST", "/api/v1/followup/templates/"+leep+"/preview", `{"day0":"2026-11-08"}`)
	steps := p["steps"].([]any)
	last := steps[4].(map[string]any)
	if len(steps) != 5 || last["planned"] != "2027-02-09" || last["shifted_from"] != "2027-02-06" || last["reason"] != "春节" {
		t.Errorf("preview %v", last)
	}
	path := "/api/v1/followup/templates/" + leep
	if e := h.ask(t, c, 422, "POST", path+"/activate", `{"reviewer":"","valid_until":"2020-01-01"}`); len(e["fields"].([]any)) != 2 {
		t.Errorf("activation without a reviewer: %v", e["fields"])
	}
	d := h.ask(t, c, 200, "GET", path, "")
	first := d["steps"].([]any)[0].(map[string]any)
	if first["window_from"] != "08:00" || first["key"] != "dressing-10" || first["codes"].([]any)[2].(map[string]any)["severity"].(float64) != 2 {
		t.Errorf("%v", first)
	}
	for _, k := range []string{"id", "code", "state", "version", "running_plans", "updated_at", "versions", "reviewer", "valid_until"} {
		delete(d, k)
	}
	first["retry"] = nil // the page sends what it does not use as null
	first["text"] = "{{name}}您好,您的宫颈病变需换药。"
	e := h.ask(t, c, 422, "PUT", path, jsonOf(d))
	if f := e["fields"].([]any)[0].(map[string]any); f["path"] != "steps.0.text" || !strings.Contains(f["detail"].(string), "宫颈病变") {
		t.Errorf("the lint's word and place: %v", f)
	}
	first["text"] = "{{name}}您好,请于{{date}}到{{department}}换药。"
	d["name"] = "LEEP 新"
	saved := h.ask(t, c, 200, "PUT", path, jsonOf(d))
	if saved["name"] != "LEEP 新" || saved["version"].(float64) != 1 || len(saved["triggers"].([]any)) != 4 {
		t.Errorf("%v", saved)
	}
	if e := h.ask(t, c, 409, "PUT", path, jsonOf(d)); e["data"] == nil {
		t.Error("a lost update carries the template as it is")
	}
	done := h.ask(t, c, 200, "POST", path+"/activate", `{"reviewer":"王主任","source":"科室常规","valid_until":"2028-12-31"}`)
	if done["state"] != "active" || done["reviewer"] != "王主任" || done["versions"].([]any)[0].(map[string]any)["state"] != "active" {
		t.Errorf("%v", done)
	}
	made := h.ask(t, c, 200, "POST", "/api/v1/followup/templates", `{"code":"x","name":"新模板","family":"妇科","source":"科室","triggers":[{"kind":"discharge","department_id":"`+h.dept["妇科"].String()+`"}],
		"steps":[{"key":"d1","title":"问候","day":1,"kind":"message","shift":"none","window_from":"09:00","window_to":"18:00","text":"您好"}]}`)
	if made["triggers"].([]any)[0].(map[string]any)["department_id"] != h.dept["妇科"].String() {
		t.Errorf("%v", made["triggers"])
	}
	h.ask(t, h.browser(t, "nurse"), 403, "PUT", path, jsonOf(d))
}

func TestFU05_WorklistToOutcomeAtTheDesk(t *testing.T) {
	h := open(t)
	c := h.browser(t, "nurse")
	counts := h.ask(t, c, 200, "GET", "/api/v1/followup/worklist/counts?who=mine", "")
	due := h.ask(t, c, 200, "GET", "/api/v1/followup/worklist?list=due&who=mine", "")
	over := h.ask(t, c, 200, "GET", "/api/v1/followup/worklist?list=overdue&who=mine", "")
	if int(counts["due"].(float64)) != len(items(due)) || int(counts["overdue"].(float64)) != len(items(over)) || len(items(due)) != 1 || len(items(over)) != 1 {
		t.Fatalf("%v %v %v", counts, due, over)
	}
	row := items(due)[0]
	if row["patient"].(map[string]any)["name"] != ofNurse || row["patient"].(map[string]any)["phone"] != "154****0002" || row["owner"].(map[string]any)["name"] != "员工nurse" {
		t.Errorf("%v", row)
	}
	path := "/api/v1/followup/tasks/" + row["id"].(string)
	start := h.ask(t, c, 200, "POST", path+"/start", "")
	if start["phone"] != "15400000002" || start["call_link"] != "tel:15400000002" || start["contact_owner"] != "self" {
		t.Errorf("%v", start)
	}
	h.ask(t, c, 200, "PUT", path+"/draft", `{"text":"恢复得不错"}`)
	d := h.ask(t, c, 200, "GET", path, "")
	if d["draft"] != "恢复得不错" || len(d["outcomes"].([]any)) != 9 || d["contact"].(map[string]any)["value"] != "154****0002" || d["answer"] != nil {
		t.Errorf("%v", d)
	}
	rec := h.ask(t, c, 200, "POST", path+"/outcome", `{"code":"no_answer"}`)
	if task := rec["task"].(map[string]any); task["state"] != "open" || task["tries"].(float64) != 1 || task["next_try_at"] == nil || rec["next_id"] != items(over)[0]["id"] {
		t.Errorf("%v", rec)
	}
	h.ask(t, c, 200, "POST", path+"/undo", "")
	rec = h.ask(t, c, 200, "POST", path+"/outcome", `{"code":"unwell","notes":"出血较多"}`)
	if task := rec["task"].(map[string]any); task["state"] != "done" {
		t.Errorf("%v", task)
	}
	flags := items(h.ask(t, c, 200, "GET", "/api/v1/followup/worklist?list=flags&who=mine", ""))
	if len(flags) != 1 || flags[0]["severity"].(float64) != 2 || flags[0]["ack_by"] == nil {
		t.Fatalf("an unwell patient raises a flag: %v", flags)
	}
	seen := h.ask(t, c, 200, "POST", "/api/v1/followup/tasks/"+flags[0]["id"].(string)+"/acknowledge", "")
	if seen["acknowledged_at"] == nil {
		t.Errorf("%v", seen)
	}
	made := h.ask(t, c, 200, "POST", "/api/v1/followup/tasks", `{"patient_id":"`+h.sick[ofNurse].String()+`","due_date":"`+string(h.clock.Today())+`","channel":"call","title":"再问一次","note":""}`)
	later := h.ask(t, c, 200, "POST", "/api/v1/followup/tasks/"+made["id"].(string)+"/postpone", `{"until":"`+h.clock.Now().Add(3600*1e9*48).String()+`","reason":"患者要求"}`)
	if later["state"] != "open" {
		t.Errorf("%v", later)
	}
	h.ask(t, c, 403, "POST", "/api/v1/followup/tasks/"+made["id"].(string)+"/assign", `{"owner_id":"`+h.who["head"].String()+`"}`)
	moved := h.ask(t, h.browser(t, "head"), 200, "POST", "/api/v1/followup/tasks/"+made["id"].(string)+"/assign", `{"owner_id":"`+h.who["head"].String()+`"}`)
	if moved["owner"].(map[string]any)["name"] != "员工head" {
		t.Errorf("%v", moved["owner"])
	}
	if load := items(h.ask(t, h.browser(t, "head"), 200, "GET", "/api/v1/followup/load", "")); len(load) == 0 {
		t.Error("nobody has work")
	}
}

func TestPT34_OverviewTimelineAndSpendAtTheDesk(t *testing.T) {
	h := open(t)
	p := h.sick[ofNurse]
	for i, fen := range []int64{12345, -345} {
		if _, _, err := h.Visit.UpsertCharge(h.ctx, p, 0, visit.ChargeInput{Issuer: "HIS", Number: fmt.Sprint(i), Name: "检查费", Quantity: "1", AmountFen: fen, At: h.clock.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	c := h.browser(t, "nurse")
	path := "/api/v1/patients/" + p.String()
	o := h.ask(t, c, 200, "GET", path+"/overview", "")
	next, last := o["next_action"].(map[string]any), o["last_encounter"].(map[string]any)
	if o["patient"].(map[string]any)["name"] != ofNurse || next["title"] != "问问恢复" || next["owner_name"] != "员工nurse" || last["department"] != "妇科" || o["spend_total_fen"].(float64) != 12000 {
		t.Errorf("%v", o)
	}
	events := items(h.ask(t, c, 200, "GET", path+"/timeline", ""))
	counts := o["counts"].(map[string]any)
	sum := 0
	for _, n := range counts {
		sum += int(n.(float64))
	}
	if len(events) != sum || len(counts) != 7 {
		t.Errorf("header counts %d, timeline %d: %v", sum, len(events), counts)
	}
	for _, e := range events {
		if e["title"] == "" || strings.HasPrefix(e["title"].(string), "timeline.") {
			t.Errorf("an event without words: %v", e)
		}
	}
	s := h.ask(t, c, 200, "GET", path+"/spend", "")
	if day := s["days"].([]any)[0].(map[string]any); day["total_fen"].(float64) != 12000 || len(day["items"].([]any)) != 2 {
		t.Errorf("%v", s)
	}
	if v := items(h.ask(t, c, 200, "GET", path+"/encounters", "")); len(v) != 1 || v[0]["department"] != "妇科" {
		t.Errorf("%v", v)
	}
	h.ask(t, c, 404, "GET", "/api/v1/patients/"+h.sick[foreign].String()+"/overview", "")
}

func TestPT08_ConditionPreviewAtTheDesk(t *testing.T) {
	h := open(t)
	c := h.browser(t, "head")
	for _, r := range items(h.ask(t, c, 200, "GET", "/api/v1/followup/templates", "")) {
		if r["code"] == "diabetes" {
			h.ask(t, c, 200, "POST", "/api/v1/followup/templates/"+r["id"].(string)+"/activate", `{"reviewer":"李主任","valid_until":"2028-12-31"}`)
		}
	}
	g := h.ask(t, c, 200, "POST", "/api/v1/condition-groups", `{"name":"糖尿病","codes":["E10","E11"]}`)
	p := "/api/v1/patients/" + h.sick[ofHead].String()
	pre := h.ask(t, c, 200, "POST", p+"/conditions/preview", `{"code":"E11.9","name":"2型糖尿病"}`)
	plans := pre["plans"].([]any)
	if len(pre["groups"].([]any)) != 1 || len(plans) != 1 || plans[0].(map[string]any)["steps"].(float64) != 5 {
		t.Fatalf("%v", pre)
	}
	enc := items(h.ask(t, c, 200, "GET", p+"/encounters", ""))[0]["id"].(string)
	h.ask(t, c, 200, "POST", p+"/conditions", `{"code":"E11.9","name":"2型糖尿病","encounter_id":"`+enc+`"}`)
	if err := h.Settle(h.ctx); err != nil {
		t.Fatal(err)
	}
	running := items(h.ask(t, c, 200, "GET", "/api/v1/followup/plans?patient_id="+h.sick[ofHead].String(), ""))
	if len(running) != 1 || running[0]["state"] != "active" || running[0]["total"].(float64) != 5 {
		t.Fatalf("saving starts what the preview said: %v", running)
	}
	plan := h.ask(t, c, 200, "GET", "/api/v1/followup/plans/"+running[0]["id"].(string), "")
	if len(plan["steps"].([]any)) != 5 {
		t.Errorf("%v", plan)
	}
	out := h.ask(t, c, 200, "POST", "/api/v1/followup/plans/"+running[0]["id"].(string)+"/exit", `{"reason":"患者转院"}`)
	if out["state"] != "exited" || out["reason"] != "患者转院" {
		t.Errorf("%v", out)
	}
	if v := h.ask(t, c, 200, "POST", "/api/v1/condition-groups/preview", `{"codes":["E11"]}`); v["patients"].(float64) != 1 || len(v["plans"].([]any)) != 1 {
		t.Errorf("%v", v)
	}
	h.ask(t, c, 409, "PUT", "/api/v1/condition-groups/"+g["id"].(string), `{"name":"糖尿病","codes":["E11"],"version":9}`)
}

func TestFU03_CalendarImportMovesNewDates(t *testing.T) {
	h := open(t)
	c := h.browser(t, "admin")
	if e := h.ask(t, c, 422, "POST", "/api/v1/calendar", `{"text":"2026-12-03,off\n2026-13-01,off"}`); !strings.Contains(e["fields"].([]any)[0].(map[string]any)["detail"].(string), "2") {
		t.Errorf("the bad line is named: %v", e)
	}
	if got := h.ask(t, c, 200, "GET", "/api/v1/calendar", ""); len(got["days"].([]any)) != 0 || len(got["legal"].([]any)) != 26 {
		t.Errorf("%v", got)
	}
	h.ask(t, c, 200, "POST", "/api/v1/calendar", `{"text":"date,kind,name\n2026-12-03,off,院庆\n2026-12-05,work,"}`)
	for _, r := range items(h.ask(t, c, 200, "GET", "/api/v1/followup/templates", "")) {
		if r["code"] == "leep" {
			p := h.ask(t, c, 200, "POST", "/api/v1/followup/templates/"+r["id"].(string)+"/preview", `{"day0":"2026-11-23"}`)
			if s := p["steps"].([]any)[0].(map[string]any); s["planned"] != "2026-12-02" || s["reason"] != "院庆" {
				t.Errorf("D10 on the imported day: %v", s)
			}
		}
	}
}
