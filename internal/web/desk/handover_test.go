package desk_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"renxin/internal/followup"
	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/staff"
	"renxin/internal/view"
)

// burdened gives the nurse one of everything that a person can hold.
func (h *hospital) burdened(t *testing.T) {
	t.Helper()
	nurse := h.who["nurse"]
	caller, _, err := h.Staff.Caller(h.ctx, nurse)
	must(t, err)
	_, err = h.View.Create(access.With(h.ctx, caller), view.View{Page: "patients", Name: "自己的视图", Query: "q=1"})
	must(t, err)
	var shared view.View
	shared, err = h.View.Create(access.With(h.ctx, caller), view.View{Page: "patients", Name: "共享的视图", Query: "q=2"})
	must(t, err)
	on := true
	must(t, h.View.Update(access.With(access.AsSystem(h.ctx, "test"), access.Person(int64(nurse), "nurse", []access.Permission{view.PermShare}, caller.Scope())), shared.ID, view.Patch{Shared: &on}))
	must(t, h.Followup.SetRules(h.ctx, []followup.AssignRule{{Staff: []staff.ID{nurse}}}))
	must(t, h.Patient.Assign(h.ctx, h.sick[foreign], patient.Access{Kind: "staff", Key: int64(nurse), Role: "consultant"}))
	must(t, h.Message.OnIncoming(h.ctx, message.Incoming{Route: "demo", ProviderID: "in1", From: "15400000002", To: "106900", Text: "请问明天几点去？", At: h.DB.Clock().Now()}))
	must(t, h.Settle(h.ctx))
}

// pastHandover is one line of the wizard's history.
type pastHandover struct {
	ID, State string
	Moved     int
	LeftOver  int `json:"left_over"`
}

// look asks the wizard's path.
func (h *hospital) look(t *testing.T, c *http.Client, id staff.ID) (held map[string]int, total int, past []pastHandover) {
	t.Helper()
	status, body := h.call(t, c, "GET", "/api/v1/staff/"+id.String()+"/handover", "")
	var v struct {
		Held []struct {
			Key, Name string
			N         int
		}
		Total int
		Past  []pastHandover
	}
	if err := json.Unmarshal([]byte(body), &v); err != nil || status != 200 {
		t.Fatal(status, body)
	}
	held = map[string]int{}
	for _, x := range v.Held {
		held[x.Key] = x.N
		if x.Name == "" || strings.HasPrefix(x.Name, "staff.holding") {
			t.Error("a kind without a name:", x.Key)
		}
	}
	return held, v.Total, v.Past
}

// orphans counts, column by column of the live schema, the open rows that still name a person; columns that tell history are kept by name.
func (h *hospital) orphans(t *testing.T, id staff.ID) map[string]int {
	t.Helper()
	must(t, h.Staff.CheckHoldings(h.ctx)) // every column of the live schema is spoken for
	out := map[string]int{}
	for name, text := range map[string]string{
		"patients":  `select count(*) from patient_patient where owner_id = $1`,
		"relations": `select count(*) from patient_access where kind = 'staff' and key = $1 and role in ('owner', 'share', 'attending', 'nurse', 'consultant', 'referrer', 'unit')`,
		"tasks":     `select count(*) from followup_task where owner_id = $1 and state = 'open'`,
		"replies":   `select count(*) from message_incoming where owner_id = $1 and state <> 'done'`,
		"views":     `select count(*) from view_view where owner_id = $1`,
	} {
		n, err := db.One[int](h.ctx, h.DB.Read(h.ctx), text, id)
		must(t, err)
		out[name] = n
	}
	rules, err := h.Followup.Rules(h.ctx)
	must(t, err)
	for _, r := range rules {
		for _, s := range r.Staff {
			if s == id {
				out["rules"]++
			}
		}
	}
	return out
}

func TestSY13_ALeaverLeavesNothingBehind(t *testing.T) {
	h := open(t)
	h.burdened(t)
	nurse, admin := h.who["nurse"], h.browser(t, "admin")
	theirs := h.browser(t, "nurse")
	held, total, _ := h.look(t, admin, nurse)
	before := h.orphans(t, nurse)
	if total < 7 || held["view.view"] != 2 || held["followup.rule"] != 1 || held["followup.task"] == 0 || held["patient.patient"] != 3 || held["message.incoming"] != 1 {
		t.Fatal("held:", held, before)
	}
	body := fmt.Sprintf(`{"kind":"leave","way":"evenly","receivers":[%q,%q]}`, h.who["agent"], h.who["head"])
	if status, answer := h.call(t, theirs, "POST", "/api/v1/staff/"+nurse.String()+"/handover", body); status != 403 {
		t.Error("a nurse hands over accounts:", status, answer)
	}
	status, answer := h.call(t, admin, "POST", "/api/v1/staff/"+nurse.String()+"/handover", body)
	if status != 200 {
		t.Fatal(status, answer)
	}
	if status, _ := h.call(t, admin, "POST", "/api/v1/staff/"+nurse.String()+"/handover", body); status != 409 {
		t.Error("two hand-overs at once:", status)
	}
	if _, names := h.call(t, admin, "GET", "/api/v1/colleagues", ""); strings.Contains(names, "员工nurse") {
		t.Error("who is leaving is still picked")
	}
	must(t, h.Settle(h.ctx))
	_, left, past := h.look(t, admin, nurse)
	if left != 0 || len(past) != 1 || past[0].State != "done" || past[0].LeftOver != 0 || past[0].Moved != total {
		t.Errorf("left %d of %d: %+v", left, total, past)
	}
	for what, n := range h.orphans(t, nurse) {
		if n != 0 {
			t.Errorf("%d orphan %s (%d before)", n, what, before[what])
		}
	}
	a, err := h.Staff.Find(h.ctx, nurse)
	if err != nil || a.State != "left" {
		t.Error(a.State, err)
	}
	if status, _ := h.call(t, theirs, "GET", "/api/v1/me", ""); status != 401 {
		t.Error("the session still works:", status)
	}
	got := map[staff.ID]int{}
	for _, to := range []staff.ID{h.who["agent"], h.who["head"]} {
		n, err := db.One[int](h.ctx, h.DB.Read(h.ctx), `select count(*) from staff_handover_item where to_id = $1`, to)
		must(t, err)
		got[to] = n
	}
	if d := got[h.who["agent"]] - got[h.who["head"]]; d < -1 || d > 1 {
		t.Error("not even:", got)
	}
	n, err := db.One[int](h.ctx, h.DB.Read(h.ctx), `select count(*) from view_view where name = '共享的视图'`)
	if err != nil || n != 1 {
		t.Error("the shared view is gone:", n, err)
	}
}

func TestSY13_AnAbsenceLendsAndGetsBack(t *testing.T) {
	h := open(t)
	h.burdened(t)
	nurse, agent := h.who["nurse"], h.who["head"]
	before := h.orphans(t, nurse)
	until := h.DB.Clock().Now().Add(7 * 24 * time.Hour)
	caller := access.Person(int64(h.who["admin"]), "admin", h.everything(), access.ScopeOf(h.ctx))
	_, err := h.Staff.HandOver(access.With(h.ctx, caller), staff.Handover{StaffID: nurse, Kind: "absence", Way: staff.WayPerson, Receivers: []staff.ID{agent}, Until: until})
	must(t, err)
	must(t, h.Settle(h.ctx))
	during := h.orphans(t, nurse)
	if during["tasks"] != 0 || during["replies"] != 0 || during["patients"] != before["patients"] || during["views"] != before["views"] {
		t.Error("during the absence", during, "before", before)
	}
	if n, err := db.One[int](h.ctx, h.DB.Read(h.ctx), `select count(*) from patient_access where kind = 'staff' and key = $1 and role = 'share' and until = $2`, agent, until); err != nil || n != 3 {
		t.Error("patients are lent until the return:", n, err)
	}
	h.clock.Advance(7*24*time.Hour + time.Minute)
	must(t, h.Settle(h.ctx))
	after := h.orphans(t, nurse)
	for what, n := range before {
		if after[what] != n {
			t.Errorf("%s: %d before, %d after the return", what, n, after[what])
		}
	}
	if n, err := db.One[int](h.ctx, h.DB.Read(h.ctx), `select count(*) from patient_access where kind = 'staff' and key = $1 and role = 'share'`, agent); err != nil || n != 0 {
		t.Error("shares that outlive the absence:", n, err)
	}
	past, err := h.Staff.Handovers(h.ctx, nurse)
	if err != nil || len(past) != 1 || past[0].State != "returned" {
		t.Errorf("%+v %v", past, err)
	}
}

func TestSY13_ByDepartmentEveryItemStaysNear(t *testing.T) {
	h := open(t)
	h.worker(t, "bone", "骨科", staff.Role{Reach: "own", Permissions: h.everything()})
	must(t, h.Patient.Assign(h.ctx, h.sick[foreign], patient.Access{Kind: "staff", Key: int64(h.who["nurse"]), Role: "owner"}))
	_, err := h.Staff.HandOver(h.ctx, staff.Handover{StaffID: h.who["nurse"], Kind: "leave", Way: staff.WayDepartment})
	must(t, err)
	must(t, h.Settle(h.ctx))
	for name, dept := range map[string]string{foreign: "骨科", ofNurse: "妇科", old: "妇科"} {
		p, err := h.Patient.Find(h.ctx, h.sick[name])
		must(t, err)
		a, err := h.Staff.Find(h.ctx, staff.ID(p.OwnerID))
		must(t, err)
		if a.DepartmentID != h.dept[dept] {
			t.Errorf("%s went out of %s", name, dept)
		}
	}
}

func TestSY13_AWrongHandOverIsRefusedByField(t *testing.T) {
	h := open(t)
	for name, in := range map[string]staff.Handover{
		"nobody":       {Kind: "leave", Way: staff.WayPerson},
		"two for one":  {Kind: "leave", Way: staff.WayPerson, Receivers: []staff.ID{h.who["head"], h.who["agent"]}},
		"themselves":   {Kind: "leave", Way: staff.WayEvenly, Receivers: []staff.ID{h.who["nurse"]}},
		"no return":    {Kind: "absence", Way: staff.WayPerson, Receivers: []staff.ID{h.who["head"]}},
		"leave return": {Kind: "leave", Way: staff.WayPerson, Receivers: []staff.ID{h.who["head"]}, Until: h.clock.Now().Add(time.Hour)},
	} {
		in.StaffID = h.who["nurse"]
		if _, err := h.Staff.HandOver(h.ctx, in); err == nil {
			t.Error(name, "was taken")
		}
	}
}
