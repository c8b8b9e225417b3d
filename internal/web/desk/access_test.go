package desk_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"renxin/cmd/renxin/house"
	"renxin/internal/audit"
	"renxin/internal/consent"
	"renxin/internal/followup"
	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/file"
	"renxin/internal/staff"
	"renxin/internal/visit"
	"renxin/internal/web/desk"
)

const secret = "correct horse battery"

// hospital is a small one with a door: two departments, a patient of each, one long unseen, and somebody in every role.
type hospital struct {
	*house.House
	ctx    context.Context
	clock  *clock.Fake
	door   *desk.Door
	server *httptest.Server
	dept   map[string]staff.DepartmentID
	who    map[string]staff.ID
	sick   map[string]patient.ID
}

// Names of patients by who sees them; each is unlike every other text of the product.
const (
	ofNurse = "欧阳甲一" // gynaecology, the nurse's own, seen today
	ofHead  = "欧阳乙二" // gynaecology, nobody's own, seen today
	old     = "欧阳丙三" // gynaecology, the nurse's own, seen ten days ago
	foreign = "欧阳丁四" // orthopaedics, seen today
)

func open(t *testing.T) *hospital {
	t.Helper()
	d, c := dbtest.New(t)
	files, err := file.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close() })
	h := &hospital{House: house.New(house.Options{DB: d, Files: files, Version: "test"}), clock: c, ctx: access.AsSystem(context.Background(), "test"),
		dept: map[string]staff.DepartmentID{}, who: map[string]staff.ID{}, sick: map[string]patient.ID{}}
	if err := h.Prepare(h.ctx); err != nil {
		t.Fatal(err)
	}
	h.people(t)
	h.patients(t)
	h.door = h.Desk(house.Door{Insecure: true, StartedAt: d.Clock().Now(), DemoRooms: []desk.Routes{desk.DemoRoutes(desk.Demo{Message: h.Message, Patient: h.Patient, Board: h.Board, Jobs: h.Jobs, Clock: clock.NewMovable(nil, time.Time{})})}})
	h.server = httptest.NewServer(h.door.Handler())
	t.Cleanup(h.server.Close)
	return h
}

func (h *hospital) people(t *testing.T) {
	t.Helper()
	for code, name := range map[string]string{"3100": "妇科", "2100": "骨科"} {
		id, err := h.Staff.Department(h.ctx, code, name)
		if err != nil {
			t.Fatal(err)
		}
		h.dept[name] = id
	}
	for _, role := range []string{"admin", "director", "head", "manager", "nurse", "agent", "consultant", "marketing", "auditor"} {
		r, err := h.Staff.RoleByCode(h.ctx, role)
		if err != nil {
			t.Fatal(err)
		}
		post := role
		if role == "manager" {
			post = "agent"
		}
		if h.who[role], err = h.Staff.Create(h.ctx, staff.Input{Login: role, Name: "员工" + role, Password: secret, RoleID: r.ID, Post: post, DepartmentID: h.dept["妇科"]}); err != nil {
			t.Fatal(err)
		}
	}
}

func (h *hospital) patients(t *testing.T) {
	t.Helper()
	for i, p := range []struct {
		name, dept string
		owner      staff.ID
	}{{old, "妇科", h.who["nurse"]}, {ofNurse, "妇科", h.who["nurse"]}, {ofHead, "妇科", 0}, {foreign, "骨科", 0}} {
		if i == 1 {
			h.clock.Advance(10 * 24 * time.Hour)
		}
		id, err := h.Patient.Create(h.ctx, patient.Draft{Name: p.name, Sex: "female", BirthDate: "1980-01-0" + string(rune('1'+i)), OwnerID: int64(p.owner), DepartmentID: int64(h.dept[p.dept]),
			Contacts: []patient.ContactInput{{System: "mobile", Value: "1540000000" + string(rune('1'+i)), Owner: "self"}}})
		if err != nil {
			t.Fatal(err)
		}
		h.sick[p.name] = id
		now := h.DB.Clock().Now()
		if _, _, err := h.Visit.UpsertEncounter(h.ctx, id, visit.EncounterInput{Issuer: "HIS", Number: "V" + p.name, Class: "AMB", DepartmentCode: map[string]string{"妇科": "3100", "骨科": "2100"}[p.dept], StartedAt: now}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Message.Send(h.ctx, message.Draft{PatientID: id, Purpose: consent.Care, Text: p.name + "您好，请按时复查。", Key: p.name, Room: "message"}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Followup.CreateTask(h.ctx, followup.AdHoc{PatientID: id, Channel: "call", Title: "问问恢复", Note: "问问恢复", OwnerID: map[bool]staff.ID{true: h.who["nurse"], false: h.who["manager"]}[p.owner != 0]}); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Settle(h.ctx); err != nil {
		t.Fatal(err)
	}
}

// browser is a signed-in person's; "" is nobody's.
func (h *hospital) browser(t *testing.T, login string) *http.Client {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	c := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if login == "" {
		return c
	}
	r, err := c.PostForm(h.server.URL+"/sign-in", url.Values{"login": {login}, "password": {secret}})
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s cannot sign in: %d", login, r.StatusCode)
	}
	return c
}

func (h *hospital) call(t *testing.T, c *http.Client, method, path, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(method, h.server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if method == "POST" && (path == "/api/v1/intake/uploads" || strings.HasSuffix(path, "/attachments")) {
		req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	}
	r, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	return r.StatusCode, string(b)
}

var hole = regexp.MustCompile(`\{[a-z_]+\}`)

// skipped ends the session or streams for ever; both have tests of their own.
func skipped(r desk.Route) bool {
	return r.Path == "/api/v1/live" || r.Path == "/api/v1/session/sign-out" || strings.HasSuffix(r.Path, "/view-as")
}

func TestSY04_EveryRouteHasARuleAndKeepsIt(t *testing.T) {
	h := open(t)
	nobody := h.browser(t, "")
	known := map[access.Permission]bool{}
	for _, p := range house.Permissions() {
		known[p] = true
	}
	for _, r := range h.door.Table() {
		if !r.Own && !known[r.Permission] {
			t.Errorf("%s %s has no rule, or one that no role can be given: %q", r.Method, r.Path, r.Permission)
		}
		if skipped(r) {
			continue
		}
		if status, body := h.call(t, nobody, r.Method, hole.ReplaceAllString(r.Path, "x"), "{}"); status != http.StatusUnauthorized {
			t.Errorf("%s %s answers %d to nobody: %.200s", r.Method, r.Path, status, body)
		}
	}
	for role, id := range h.who {
		c := h.browser(t, role)
		caller, _, err := h.Staff.Caller(h.ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range h.door.Table() {
			if skipped(r) {
				continue
			}
			allowed := r.Own || caller.Can(r.Permission)
			if r.Method != "GET" && caller.Scope().ReadOnly() && allowed && !r.Own && r.Permission.Writes() {
				t.Errorf("%s may %s %s although read-only", role, r.Method, r.Path)
			}
			if allowed && r.Method != "GET" && !strings.Contains(r.Path, "search") { // it would do something; the rooms' own tests do
				continue
			}
			status, body := h.call(t, c, r.Method, hole.ReplaceAllString(r.Path, "x"), "{}")
			if (status == http.StatusForbidden) == allowed || status == http.StatusUnauthorized || status >= 500 {
				t.Errorf("%s: %s %s is allowed %v, yet answers %d: %.200s", role, r.Method, r.Path, allowed, status, body)
			}
		}
	}
}

// sees is which of the four patients each role sees, by the scope it has.
var sees = map[string][]string{
	"nurse":    {ofNurse, old},
	"head":     {ofNurse, ofHead, old},
	"auditor":  {ofNurse, ofHead, foreign},
	"director": {ofNurse, ofHead, old, foreign},
}

// reading are the paths that show patients, as lists or one by one; {id} stands for a patient.
var reading = []struct{ method, path, body string }{
	{"POST", "/api/v1/patients/search", `{}`},
	{"POST", "/api/v1/patients/search", `{"text":"欧阳"}`},
	{"POST", "/api/v1/patients/search", `{"text":"oy"}`},
	{"POST", "/api/v1/patients/pick", `{"text":"欧阳"}`},
	{"POST", "/api/v1/patients/pick", `{"text":"0001"}`},
	{"GET", "/api/v1/patients/{id}", ""},
	{"GET", "/api/v1/patients/{id}/overview", ""},
	{"GET", "/api/v1/patients/{id}/timeline", ""},
	{"GET", "/api/v1/patients/{id}/encounters", ""},
	{"GET", "/api/v1/patients/{id}/thread", ""},
	{"GET", "/api/v1/patients/{id}/fields", ""},
	{"GET", "/api/v1/patients/{id}/touches", ""},
	{"GET", "/api/v1/patients/{id}/attachments", ""},
	{"GET", "/api/v1/messages?box=outbox", ""},
	{"GET", "/api/v1/messages?box=sent", ""},
	{"GET", "/api/v1/messages?box=blocked", ""},
	{"GET", "/api/v1/messages/inbox?tab=all", ""},
	{"GET", "/api/v1/followup/worklist?list=due&who=team", ""},
	{"GET", "/api/v1/followup/worklist?list=overdue&who=team", ""},
	{"GET", "/api/v1/followup/plans", ""},
	{"GET", "/api/v1/patients/review", ""},
	{"POST", "/api/v1/audit/search", `{}`},
	{"GET", "/api/v1/intake/records", ""},
}

func TestSY05_NoPathShowsAPatientOutOfScope(t *testing.T) {
	h := open(t)
	everybody := []string{ofNurse, ofHead, old, foreign}
	shown := map[string]int{} // role → how often somebody in scope appeared, so that silence proves nothing
	for role, visible := range sees {
		c := h.browser(t, role)
		in := map[string]bool{}
		for _, n := range visible {
			in[n] = true
		}
		for _, p := range reading {
			for _, about := range everybody {
				path := strings.ReplaceAll(p.path, "{id}", h.sick[about].String())
				status, body := h.call(t, c, p.method, path, p.body)
				if status >= 500 {
					t.Errorf("%s: %s %s answers %d: %.200s", role, p.method, path, status, body)
				}
				if path != p.path && !in[about] && status != http.StatusNotFound && status != http.StatusForbidden {
					t.Errorf("%s: %s %s of a patient out of scope answers %d", role, p.method, p.path, status)
				}
				for _, n := range everybody {
					switch {
					case strings.Contains(body, n) && !in[n]:
						t.Errorf("%s: %s %s shows %s, who is out of scope", role, p.method, p.path, n)
					case strings.Contains(body, n):
						shown[role+" "+p.method+" "+p.path]++
					}
				}
				if path == p.path {
					break // a list is the same for every patient
				}
			}
		}
	}
	for role := range sees {
		for _, path := range []string{"POST /api/v1/patients/search", "POST /api/v1/patients/pick", "GET /api/v1/patients/{id}", "GET /api/v1/patients/{id}/overview", "GET /api/v1/messages?box=outbox"} {
			if shown[role+" "+path] == 0 {
				t.Errorf("%s: %s shows nobody at all", role, path)
			}
		}
	}
}

func TestSY05_CountsEqualLists(t *testing.T) {
	h := open(t)
	for role, visible := range sees {
		c := h.browser(t, role)
		var page struct {
			Items []struct{ Name string }
			Total struct {
				Value int
				Exact bool
			}
		}
		_, body := h.call(t, c, "POST", "/api/v1/patients/search", `{"text":"欧阳"}`)
		if err := json.Unmarshal([]byte(body), &page); err != nil {
			t.Fatal(err, body)
		}
		if len(page.Items) != len(visible) || page.Total.Value != len(visible) || !page.Total.Exact {
			t.Errorf("%s: %d listed, %d counted, %d in scope", role, len(page.Items), page.Total.Value, len(visible))
		}
	}
}

func TestSY06_TheWindowMovesWithoutRestart(t *testing.T) {
	h := open(t)
	c := h.browser(t, "auditor")
	count := func() int {
		_, body := h.call(t, c, "POST", "/api/v1/patients/search", `{"text":"欧阳"}`)
		return strings.Count(body, `"name":"欧阳`)
	}
	if n := count(); n != 3 {
		t.Fatal("today:", n)
	}
	h.clock.Advance(2 * 24 * time.Hour)
	if n := count(); n != 3 {
		t.Error("on the third day they are still seen:", n)
	}
	h.clock.Advance(24 * time.Hour)
	if n := count(); n != 0 {
		t.Error("on the fourth day they are gone:", n)
	}
}

func TestPT36_NoNumberWithoutReasonAndTrail(t *testing.T) {
	h := open(t)
	nurse := h.browser(t, "nurse")
	id := h.sick[ofNurse].String()
	_, body := h.call(t, nurse, "GET", "/api/v1/patients/"+id, "")
	var d struct{ Contacts []struct{ ID, Value string } }
	if err := json.Unmarshal([]byte(body), &d); err != nil || len(d.Contacts) != 1 || strings.Contains(body, "15400000002") {
		t.Fatalf("%v %s", err, body)
	}
	reveal := func(c *http.Client, patient, reason string) (int, string) {
		return h.call(t, c, "POST", "/api/v1/patients/"+patient+"/reveal", `{"field":"contact","ref":"`+d.Contacts[0].ID+`","reason":"`+reason+`"}`)
	}
	if status, body := reveal(nurse, id, ""); status != 422 || strings.Contains(body, "15400000002") {
		t.Error("without a reason:", status, body)
	}
	if status, _ := reveal(nurse, h.sick[foreign].String(), "想看看"); status != 404 {
		t.Error("out of scope:", status)
	}
	for _, role := range []string{"admin", "auditor", "marketing", "director"} {
		if status, body := reveal(h.browser(t, role), id, "想看看"); status != 403 {
			t.Error(role, "may not reveal:", status, body)
		}
	}
	status, body := reveal(nurse, id, "核对复诊时间")
	if status != 200 || !strings.Contains(body, "15400000002") {
		t.Fatal(status, body)
	}
	_, trail := h.call(t, h.browser(t, "head"), "POST", "/api/v1/audit/search", `{}`)
	entries, err := h.Audit.List(h.ctx, audit.Filter{PatientID: int64(h.sick[ofNurse]), Limit: 200})
	found := 0
	for _, e := range entries.Items {
		if strings.Contains(e.Action, "reveal") && e.Reason == "核对复诊时间" && e.ActorID == int64(h.who["nurse"]) {
			found++
		}
	}
	if err != nil || found != 1 {
		t.Errorf("%d entries of the one look; %v", found, err)
	}
	if strings.Contains(trail, "15400000002") {
		t.Error("the trail itself shows the number")
	}
	if !bytes.Contains([]byte(body), []byte("seconds")) {
		t.Error("nobody says for how long:", body)
	}
}
