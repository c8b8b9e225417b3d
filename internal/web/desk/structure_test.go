package desk_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

// must ends the test on an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// site makes a campus with a department of its own.
func (h *hospital) place(t *testing.T, site staff.SiteID, parent staff.DepartmentID, code, name string, division bool) staff.DepartmentID {
	t.Helper()
	id, err := h.Staff.CreateDepartment(h.ctx, staff.Department{SiteID: site, ParentID: parent, Kind: "department", Code: code, Name: name, Division: division})
	must(t, err)
	h.dept[name] = id
	return id
}

// worker makes an account in a department with a role of its own.
func (h *hospital) worker(t *testing.T, login, dept string, r staff.Role) staff.ID {
	t.Helper()
	r.Name = "角色" + login
	role, err := h.Staff.CreateRole(h.ctx, r)
	must(t, err)
	id, err := h.Staff.Create(h.ctx, staff.Input{Login: login, Name: "员工" + login, Password: secret, RoleID: role, Post: "nurse", DepartmentID: h.dept[dept]})
	must(t, err)
	h.who[login] = id
	return id
}

// sickIn records a patient who was seen in a department, with a message and a task.
func (h *hospital) sickIn(t *testing.T, name, code string, n int) {
	t.Helper()
	id, err := h.Patient.Create(h.ctx, patient.Draft{Name: name, Sex: "female", BirthDate: "1980-01-01", Contacts: []patient.ContactInput{{System: "mobile", Value: fmt.Sprintf("1541111%04d", n), Owner: "self"}}})
	must(t, err)
	h.sick[name] = id
	_, _, err = h.Visit.UpsertEncounter(h.ctx, id, visit.EncounterInput{Issuer: "HIS", Number: "S" + name, Class: "AMB", DepartmentCode: code, StartedAt: h.DB.Clock().Now()})
	must(t, err)
	_, err = h.Message.Send(h.ctx, message.Draft{PatientID: id, Purpose: "care", Text: name + "您好，请按时复查。", Key: name, Room: "message"})
	must(t, err)
}

// asking are the bodies of requests that answer with data although they are no GET.
var asking = map[string]string{
	"POST /api/v1/patients/search":     `{"text":"欧阳"}`,
	"POST /api/v1/patients/pick":       `{"text":"欧阳"}`,
	"POST /api/v1/patients/duplicates": `{"name":"%s","contacts":[{"system":"mobile","value":"%s"}]}`,
	"POST /api/v1/audit/search":        `{}`,
}

// leaks asks every path of the route table as one person for a patient whom they may not see: nothing may name the patient, and no path of
// that patient may answer with success.
func (h *hospital) leaks(t *testing.T, login, foreign string) {
	t.Helper()
	c, asked := h.browser(t, login), 0
	for _, r := range h.door.Table() {
		body, asks := asking[r.Method+" "+r.Path]
		of := strings.HasPrefix(r.Path, "/api/v1/patients/{id}")
		if skipped(r) || r.Method != "GET" && !asks && !of {
			continue
		}
		if strings.Contains(body, "%s") {
			body = fmt.Sprintf(body, foreign, "15411110001")
		}
		if body == "" {
			body = "{}"
		}
		path := hole.ReplaceAllString(r.Path, h.sick[foreign].String())
		status, answer := h.call(t, c, r.Method, path, body)
		asked++
		if status >= 500 || strings.Contains(answer, foreign) || strings.Contains(answer, "15411110001") {
			t.Errorf("%s: %s %s answers %d and shows %s: %.200s", login, r.Method, r.Path, status, foreign, answer)
		}
		if of && status < 300 {
			t.Errorf("%s: %s %s of a patient out of scope answers %d", login, r.Method, r.Path, status)
		}
	}
	if asked < 60 {
		t.Errorf("only %d paths were asked", asked)
	}
	caller, _, err := h.Staff.Caller(h.ctx, h.who[login])
	must(t, err)
	seen, err := h.Patient.VisibleIDs(access.With(h.ctx, caller), []patient.ID{h.sick[foreign]}) // what the live stream asks for every fact
	if err != nil || len(seen) != 0 {
		t.Errorf("%s: the live stream would show %s: %v", login, foreign, err)
	}
}

// found tells whom a person finds, in the list, and that the count agrees.
func (h *hospital) found(t *testing.T, login string) string {
	t.Helper()
	status, body := h.call(t, h.browser(t, login), "POST", "/api/v1/patients/search", `{"text":"欧阳","sort":"name"}`)
	var page struct {
		Items []struct{ Name string }
		Total struct{ Value int }
	}
	if err := json.Unmarshal([]byte(body), &page); err != nil || status != http.StatusOK || page.Total.Value != len(page.Items) {
		t.Fatalf("%s: %d %s", login, status, body)
	}
	var out []string
	for _, p := range page.Items {
		out = append(out, p.Name)
	}
	return strings.Join(out, " ")
}

// everything is every permission there is.
func (h *hospital) everything() []access.Permission { return h.Staff.AllPermissions() }

func TestSY14_NothingLeaksFromOneSiteToAnother(t *testing.T) {
	h := open(t)
	east, err := h.Staff.CreateSite(h.ctx, "EAST", "东院")
	must(t, err)
	h.place(t, east, 0, "E1", "东院眼科", false)
	h.place(t, east, 0, "E2", "东院口腔科", false)
	h.sickIn(t, "欧阳东一", "E1", 1)
	h.sickIn(t, "欧阳东二", "E2", 2)
	must(t, h.Settle(h.ctx))
	h.worker(t, "east", "东院眼科", staff.Role{Reach: "site", Permissions: h.everything()})
	h.worker(t, "main", "妇科", staff.Role{Reach: "site", Permissions: h.everything()})
	if got := h.found(t, "east"); got != "欧阳东二 欧阳东一" && got != "欧阳东一 欧阳东二" {
		t.Errorf("the eastern campus sees %q", got)
	}
	if got := h.found(t, "main"); strings.Contains(got, "东") || strings.Count(got, "欧阳") != 4 {
		t.Errorf("the main campus sees %q", got)
	}
	h.leaks(t, "main", "欧阳东一")
	h.leaks(t, "east", foreign)

	// Shared data: a patient of both campuses is seen by each, and a share with a campus ends on time.
	_, _, err = h.Visit.UpsertEncounter(h.ctx, h.sick["欧阳东二"], visit.EncounterInput{Issuer: "HIS", Number: "shared", Class: "AMB", DepartmentCode: "2100", StartedAt: h.DB.Clock().Now()})
	must(t, err)
	main := h.siteOf(t, "妇科")
	must(t, h.Patient.Assign(h.ctx, h.sick["欧阳东一"], patient.Access{Kind: "site", Key: int64(main), Role: patient.RoleShare, Until: h.DB.Clock().Now().Add(time.Hour)}))
	if got := h.found(t, "main"); strings.Count(got, "东") != 2 {
		t.Errorf("shared with the main campus: %q", got)
	}
	h.clock.Advance(time.Hour)
	if got := h.found(t, "main"); !strings.Contains(got, "欧阳东二") || strings.Contains(got, "欧阳东一") {
		t.Errorf("after the share ended: %q", got)
	}
	h.leaks(t, "main", "欧阳东一")
}

func (h *hospital) siteOf(t *testing.T, dept string) staff.SiteID {
	t.Helper()
	d, err := h.Staff.DepartmentOf(h.ctx, h.dept[dept])
	must(t, err)
	return d.SiteID
}

func TestSY15_ADivisionSeesItselfOnly(t *testing.T) {
	h := open(t)
	site := h.siteOf(t, "妇科")
	surgery := h.place(t, site, 0, "D1", "外科部", true)
	h.place(t, site, surgery, "D11", "普外科", false)
	h.place(t, site, surgery, "D12", "胸外科", false)
	medicine := h.place(t, site, 0, "D2", "内科部", true)
	h.place(t, site, medicine, "D21", "心内科", false)
	h.sickIn(t, "欧阳内一", "D21", 1)
	h.sickIn(t, "欧阳外一", "D11", 2)
	h.sickIn(t, "欧阳外二", "D12", 3)
	must(t, h.Settle(h.ctx))
	h.worker(t, "surgeon", "普外科", staff.Role{Reach: "division", Permissions: h.everything()})
	h.worker(t, "internist", "心内科", staff.Role{Reach: "division", Permissions: h.everything()})
	if got := h.found(t, "surgeon"); strings.Count(got, "欧阳外") != 2 || strings.Count(got, "欧阳") != 2 {
		t.Errorf("surgery sees %q", got)
	}
	if got := h.found(t, "internist"); got != "欧阳内一" {
		t.Errorf("medicine sees %q", got)
	}
	h.leaks(t, "surgeon", "欧阳内一")
	h.leaks(t, "internist", "欧阳外二")
	roles, err := h.Staff.Roles(h.ctx)
	must(t, err)
	for _, r := range roles {
		if r.Name == "角色surgeon" && r.Reach != "division" {
			t.Error("the role forgot its reach:", r.Reach)
		}
	}
}

// past reads the department that every encounter of a patient shows.
func (h *hospital) departmentsShown(t *testing.T, c *http.Client, name string) string {
	t.Helper()
	_, body := h.call(t, c, "GET", "/api/v1/patients/"+h.sick[name].String()+"/encounters", "")
	var page struct {
		Items []struct{ Department string }
	}
	must(t, json.Unmarshal([]byte(body), &page))
	var out []string
	for _, e := range page.Items {
		out = append(out, e.Department)
	}
	return strings.Join(out, " ")
}

func TestPT07_RenameNeverChangesPastPeriods(t *testing.T) {
	h := open(t)
	c := h.browser(t, "director")
	october := h.DB.Clock().Now()
	byName := func() map[string]int { // what a report of a past period counts: encounters by the name their department had then
		out := map[string]int{}
		for _, name := range []string{ofNurse, ofHead, old, foreign} {
			for _, d := range strings.Fields(h.departmentsShown(t, c, name)) {
				out[d]++
			}
		}
		return out
	}
	before := byName()
	if before["妇科"] != 3 || before["骨科"] != 1 {
		t.Fatal(before)
	}
	h.clock.Advance(40 * 24 * time.Hour)
	d, err := h.Staff.DepartmentOf(h.ctx, h.dept["妇科"])
	must(t, err)
	east, err := h.Staff.CreateSite(h.ctx, "EAST", "东院")
	must(t, err)
	name, code := "妇产科", "3100"
	must(t, h.Staff.UpdateDepartment(h.ctx, d.ID, staff.DepartmentPatch{Version: d.Version, Name: &name, SiteID: &east}))
	must(t, h.Staff.SetCodes(h.ctx, d.ID, []staff.Code{{Code: "FCK"}, {Source: "LIS", Code: "77"}}))
	if got := byName(); got["妇科"] != 3 || got["骨科"] != 1 || got["妇产科"] != 0 {
		t.Error("after the rename the past reads", got)
	}
	h.clock.Advance(time.Hour)
	for i, in := range []visit.EncounterInput{{Issuer: "HIS", DepartmentCode: code}, {Issuer: "HIS", DepartmentCode: "FCK"}, {Issuer: "LIS", DepartmentCode: "77"}} {
		in.Number, in.Class, in.StartedAt = fmt.Sprint("new", i), "AMB", h.DB.Clock().Now()
		_, _, err := h.Visit.UpsertEncounter(h.ctx, h.sick[ofHead], in)
		must(t, err)
	}
	if got := byName(); got["妇产科"] != 3 || got["妇科"] != 3 {
		t.Error("with new visits by three codes:", got)
	}
	// Merging it away changes the past as little: the codes mean the heir from now on, and who sees the heir sees the patients.
	must(t, h.Staff.MergeDepartment(h.ctx, d.ID, h.dept["骨科"]))
	h.clock.Advance(time.Hour)
	_, _, err = h.Visit.UpsertEncounter(h.ctx, h.sick[ofHead], visit.EncounterInput{Issuer: "LIS", Number: "after", Class: "AMB", DepartmentCode: "77", StartedAt: h.DB.Clock().Now()})
	must(t, err)
	if got := byName(); got["妇科"] != 3 || got["妇产科"] != 3 || got["骨科"] != 2 {
		t.Error("after the merge:", got)
	}
	was, err := h.Staff.DepartmentAt(h.ctx, d.ID, october)
	if err != nil || was.Name != "妇科" || was.SiteID == east {
		t.Error("then it was", was, err)
	}
	h.worker(t, "bone", "骨科", staff.Role{Reach: "department", Permissions: h.everything()})
	if got := h.found(t, "bone"); strings.Count(got, "欧阳") != 4 {
		t.Errorf("the heir sees %q", got)
	}
	ds, err := h.Staff.Departments(h.ctx)
	must(t, err)
	for _, x := range ds {
		if x.ID == d.ID && (x.Active || len(x.History) != 2) {
			t.Errorf("%+v", x)
		}
	}
}

func TestPT07_AnUnknownCodeWaitsForSomebodyToLook(t *testing.T) {
	h := open(t)
	_, _, err := h.Visit.UpsertEncounter(h.ctx, h.sick[ofHead], visit.EncounterInput{Issuer: "HIS", Number: "odd", Class: "AMB", DepartmentName: "外星科", StartedAt: h.DB.Clock().Now()})
	must(t, err)
	odd, ok, err := h.Staff.DepartmentByCode(h.ctx, "HIS", "外星科")
	must(t, err)
	ds, _ := h.Staff.Departments(h.ctx)
	open := 0
	for _, d := range ds {
		if d.ID == odd && !d.Checked {
			open++
		}
	}
	if !ok || open != 1 {
		t.Fatal("nobody is asked:", ok, open)
	}
	must(t, h.Staff.MergeDepartment(h.ctx, odd, h.dept["妇科"]))
	again, _, err := h.Staff.DepartmentByCode(h.ctx, "HIS", "外星科")
	if err != nil || again != h.dept["妇科"] {
		t.Error("the name means the right department from now on:", again, err)
	}
}

func TestSY11_InactiveIsHiddenFromEveryPickerAndKeptInHistory(t *testing.T) {
	h := open(t)
	c := h.browser(t, "admin")
	dept := h.place(t, h.siteOf(t, "妇科"), 0, "9900", "旧科室", false)
	site, err := h.Staff.CreateSite(h.ctx, "OLD", "旧院区")
	must(t, err)
	h.worker(t, "gone", "旧科室", staff.Role{Reach: "own", Permissions: h.everything()})
	h.sickIn(t, "欧阳旧一", "9900", 9)
	pickers := map[string]string{ // path → what must vanish from it
		"/api/v1/colleagues":              "员工gone",
		"/api/v1/departments?active=true": "旧科室",
		"/api/v1/sites?active=true":       "旧院区",
		"/api/v1/roles?active=true":       "角色gone",
		"/api/v1/staff?state=active":      "员工gone",
	}
	for path, name := range pickers {
		if _, body := h.call(t, c, "GET", path, ""); !strings.Contains(body, name) {
			t.Fatalf("%s does not offer %s: %.300s", path, name, body)
		}
	}
	off, left := false, "left"
	a, err := h.Staff.Find(h.ctx, h.who["gone"])
	must(t, err)
	must(t, h.Staff.Update(h.ctx, a.ID, staff.Patch{Version: a.Version, State: &left}))
	d, err := h.Staff.DepartmentOf(h.ctx, dept)
	must(t, err)
	must(t, h.Staff.UpdateDepartment(h.ctx, dept, staff.DepartmentPatch{Version: d.Version, Active: &off}))
	must(t, h.Staff.UpdateSite(h.ctx, site, staff.SitePatch{Version: 1, Active: &off}))
	must(t, h.Staff.UpdateRole(h.ctx, a.RoleID, staff.RolePatch{Version: 1, Active: &off}))
	for path, name := range pickers {
		if _, body := h.call(t, c, "GET", path, ""); strings.Contains(body, name) {
			t.Errorf("%s still offers %s", path, name)
		}
	}
	// Nothing of them is gone: the account is listed, the department's patient still shows it, and neither can be newly chosen.
	if _, body := h.call(t, c, "GET", "/api/v1/staff?state=left", ""); !strings.Contains(body, "员工gone") || !strings.Contains(body, "旧科室") || !strings.Contains(body, "角色gone") {
		t.Error("the account's history:", body)
	}
	if got := h.departmentsShown(t, h.browser(t, "director"), "欧阳旧一"); got != "旧科室" {
		t.Errorf("the visit shows %q", got)
	}
	body := fmt.Sprintf(`{"login":"fresh","name":"新人","password":%q,"post":"nurse","role_id":%q,"department_id":%q}`, secret, a.RoleID, dept)
	if status, answer := h.call(t, c, "POST", "/api/v1/staff", body); status != 422 || !strings.Contains(answer, "role_id") || !strings.Contains(answer, "department_id") {
		t.Error("inactive things are chosen anew:", status, answer)
	}
	if err := h.Patient.Assign(h.ctx, h.sick["欧阳旧一"], patient.Access{Kind: "staff", Key: int64(a.ID), Role: "nurse"}); err == nil {
		t.Error("a patient is given to somebody who left")
	}
}
