package patient

import (
	"context"
	"fmt"
	"testing"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
	"renxin/internal/setting"
	"renxin/internal/staff"
)

// hospital is a house with colleagues and departments who can be given patients.
type hospital struct {
	house
	staff *staff.Service
	jobs  *job.Runner
	dept  staff.DepartmentID
	who   map[string]staff.ID
}

func newHospital(t *testing.T) hospital {
	h := hospital{house: newHouse(t), who: map[string]staff.ID{}}
	h.jobs = job.New(h.DB)
	h.Work(h.jobs)
	h.staff = staff.New(staff.Deps{DB: h.DB, Board: h.Board, Trail: h.Trail, Setting: setting.New(setting.Deps{DB: h.DB, Board: event.NewBoard(h.DB), Trail: h.Trail})})
	sys := access.AsSystem(context.Background(), "test")
	h.must(h.staff.EnsureRoles(sys))
	var err error
	h.dept, err = h.staff.Department(sys, "3100", "妇科")
	h.must(err)
	r, err := h.staff.RoleByCode(sys, "nurse")
	h.must(err)
	for _, name := range []string{"林静", "吴海", "赵敏"} {
		h.who[name], err = h.staff.Create(sys, staff.Input{Login: "login" + name, Name: name, Password: "correct horse battery", RoleID: r.ID, Post: "nurse", DepartmentID: h.dept})
		h.must(err)
	}
	return h
}

func (h hospital) as(name string, g access.Grant) context.Context { return as(int64(h.who[name]), g) }

func (h hospital) drain() {
	h.t.Helper()
	_, err := h.jobs.Drain(access.AsSystem(context.Background(), "test"))
	h.must(err)
}

func TestPT21_AnyRoleCanBeTheScopeKey(t *testing.T) {
	h := newHospital(t)
	me := int64(h.who["林静"])
	for i, role := range append([]string{RoleOwner}, CareRoles...) {
		id := h.create(Draft{Name: "关系" + role, Contacts: mobile(fmt.Sprintf("1540000000%d", i)), Address: "山东省济南市历下区经十路1号"})
		h.must(h.Assign(h.admin, id, Access{Kind: "staff", Key: me, Role: role}))
		dept := h.create(Draft{Name: "科室" + role, Contacts: mobile(fmt.Sprintf("1540000001%d", i)), Address: "山东省济南市历下区经十路1号"})
		h.must(h.Assign(h.admin, dept, Access{Kind: "department", Key: int64(h.dept), Role: role}))
	}
	for _, key := range append([]string{RoleOwner}, CareRoles...) {
		own := h.as("林静", access.Grant{Reach: "own", Roles: []string{key}})
		team := h.as("林静", access.Grant{Reach: "department", Departments: []int64{int64(h.dept)}, Roles: []string{key}})
		for _, role := range append([]string{RoleOwner}, CareRoles...) {
			h.wantSeen(own, "关系"+role, role == key)
			h.wantSeen(own, "科室"+role, false)
			h.wantSeen(team, "科室"+role, role == key)
		}
	}
	several := h.as("林静", access.Grant{Reach: "own", Roles: []string{"nurse", "consultant"}})
	if n, err := h.Count(several, Filter{}); err != nil || n.Value != 2 {
		t.Error("two relations count together:", n, err)
	}
	every := h.as("林静", access.Grant{Reach: "own"})
	if n, err := h.Count(every, Filter{}); err != nil || n.Value != 1+len(CareRoles) {
		t.Error("without keys every relation counts:", n, err)
	}
}

func TestPT21_WhatOneRecordsOrIsGivenForAWhileAlwaysCounts(t *testing.T) {
	h := newHospital(t)
	narrow := h.as("林静", access.Grant{Reach: "own", Roles: []string{"attending"}})
	mine, err := h.Create(narrow, Draft{Name: "自己登记"})
	h.must(err)
	h.must(h.Visible(narrow, mine))
	other := h.create(Draft{Name: "别人登记"})
	h.must(h.Assign(h.admin, other, Access{Kind: "staff", Key: int64(h.who["林静"]), Role: RoleShare, Until: h.DB.Clock().Now().Add(time.Hour)}))
	h.must(h.Visible(narrow, other))
}

func TestSY12_AShareEndsToTheMinute(t *testing.T) {
	h := newHospital(t)
	id := h.create(Draft{Name: "共享者", Contacts: mobile("15400000001"), Address: "山东省济南市历下区经十路1号"})
	end := h.DB.Clock().Now().Add(48 * time.Hour)
	for kind, key := range map[string]int64{"staff": int64(h.who["林静"]), "department": int64(h.dept)} {
		h.must(h.Assign(h.admin, id, Access{Kind: kind, Key: key, Role: RoleShare, Until: end}))
	}
	nurse := h.as("林静", access.Grant{Reach: "own"})
	head := h.as("吴海", access.Grant{Reach: "department", Departments: []int64{int64(h.dept)}})
	for _, step := range []struct {
		later time.Duration
		want  bool
	}{{0, true}, {47*time.Hour + 59*time.Minute, true}, {time.Minute, false}, {time.Hour, false}} {
		h.clock.Advance(step.later)
		for _, who := range []context.Context{nurse, head} {
			h.wantSeen(who, "共享者", step.want)
		}
	}
	if h.DB.Clock().Now() < end {
		t.Fatal("the clock did not reach the end")
	}
	h.must(h.Assign(h.admin, id, Access{Kind: "staff", Key: int64(h.who["林静"]), Role: RoleShare, Until: h.DB.Clock().Now().Add(time.Hour)}))
	h.wantSeen(nurse, "共享者", true) // given again
	h.must(h.Assign(h.admin, id, Access{Kind: "staff", Key: int64(h.who["林静"]), Role: RoleShare, Until: h.DB.Clock().Now().Add(time.Minute)}))
	h.clock.Advance(time.Minute)
	h.wantSeen(nurse, "共享者", false) // shortened
}

func TestSY12_AShareIsTakenBackByWhoGaveIt(t *testing.T) {
	h := newHospital(t)
	id := h.create(Draft{Name: "共享者", OwnerID: int64(h.who["林静"])})
	owner := h.as("林静", access.Grant{Reach: "own"})
	share := Access{Kind: "staff", Key: int64(h.who["吴海"]), Role: RoleShare, Until: h.DB.Clock().Now().Add(time.Hour)}
	h.must(h.Assign(owner, id, share))
	taker := h.as("吴海", access.Grant{Reach: "own"})
	h.must(h.Visible(taker, id))
	only := access.With(context.Background(), access.Person(int64(h.who["吴海"]), "吴海", []access.Permission{PermRead, PermShare}, access.Build(access.Grant{Reach: "own", StaffID: int64(h.who["吴海"])})))
	if err := h.Release(only, id, share); fault.CodeOf(err) != fault.Forbidden {
		t.Error("only who gave a share, or who assigns, ends it:", err)
	}
	rs, err := h.Carers(owner, id)
	h.must(err)
	if len(rs) != 3 || rs[0].Role != RoleOwner || rs[2].ByID != int64(h.who["林静"]) || !rs[2].ByHand() {
		t.Errorf("%+v", rs)
	}
	h.must(h.Release(owner, id, share))
	if err := h.Visible(taker, id); !fault.Is(err, fault.NotFound) {
		t.Error("a share that was ended still shows the patient:", err)
	}
	n, err := db.One[int64](h.admin, h.DB.Read(h.admin), `select count(*) from trail_entry where action in ('patient.access.assign', 'patient.access.release') and patient_id = $1`, id)
	if err != nil || n != 2 {
		t.Error("the trail holds", n, err)
	}
}

func TestSY12_WhatCannotBeSharedIsSaidByField(t *testing.T) {
	h := newHospital(t)
	id := h.create(Draft{Name: "共享者"})
	now, to := h.DB.Clock().Now(), int64(h.who["林静"])
	for field, a := range map[string]Access{
		"until": {Kind: "staff", Key: to, Role: RoleShare},
		"role":  {Kind: "staff", Key: to, Role: "encounter"},
		"key":   {Kind: "staff", Key: 4711, Role: "nurse"},
		"kind":  {Kind: "site", Key: to, Role: RoleOwner},
	} {
		if err := h.Assign(h.admin, id, a); fault.Is(err, fault.Invalid) == false || !named(err, field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, until := range []clock.Instant{now, now.Add(-time.Minute), now.Add(longestShare + time.Minute)} {
		if err := h.Assign(h.admin, id, Access{Kind: "staff", Key: to, Role: RoleShare, Until: until}); !named(err, "until") {
			t.Error(until, err)
		}
	}
	if err := h.Assign(h.as("吴海", access.Grant{Reach: "own"}), id, Access{Kind: "staff", Key: to, Role: "nurse"}); !fault.Is(err, fault.NotFound) {
		t.Error("out of scope:", err)
	}
}

func TestSY12_ManyPatientsChangeHandsAndComeBack(t *testing.T) {
	h := newHospital(t)
	from, to := int64(h.who["林静"]), int64(h.who["吴海"])
	var ids []ID
	for i := range 2*transferBatch + 7 {
		ids = append(ids, h.create(Draft{Name: fmt.Sprintf("患者%d", i), OwnerID: from}))
	}
	gone := h.create(Draft{Name: "已归他", OwnerID: to})
	tr, err := h.Reassign(h.admin, nil, Filter{OwnerID: from}, to, "岗位调整")
	h.must(err)
	if tr.Total != len(ids) {
		t.Fatal("chosen:", tr.Total)
	}
	h.drain()
	tr, err = h.FindTransfer(h.admin, tr.ID)
	h.must(err)
	if tr.State != "done" || tr.Moved != len(ids) || tr.Skipped != 0 {
		t.Fatalf("%+v", tr)
	}
	count := func(owner int64) int {
		n, err := h.Count(h.admin, Filter{OwnerID: owner})
		h.must(err)
		m, err := h.Count(as(owner, access.Grant{Reach: "own"}), Filter{})
		h.must(err)
		if m.Value != n.Value {
			t.Errorf("%d own %d but see %d", owner, n.Value, m.Value)
		}
		return n.Value
	}
	if count(from) != 0 || count(to) != len(ids)+1 {
		t.Error(count(from), count(to))
	}
	// Somebody changes one of them meanwhile: the undo leaves that one alone.
	h.must(h.Assign(h.admin, ids[3], Access{Kind: "staff", Key: int64(h.who["赵敏"]), Role: RoleOwner}))
	_, err = h.UndoTransfer(h.admin, tr.ID)
	h.must(err)
	h.drain()
	tr, err = h.FindTransfer(h.admin, tr.ID)
	h.must(err)
	if tr.State != "undone" || tr.Moved != 0 || tr.Skipped != 1 {
		t.Errorf("%+v", tr)
	}
	if count(from) != len(ids)-1 || count(to) != 1 || count(int64(h.who["赵敏"])) != 1 {
		t.Error(count(from), count(to))
	}
	if _, err := h.UndoTransfer(h.admin, tr.ID); !fault.Is(err, fault.Conflict) {
		t.Error("undone twice:", err)
	}
	h.must(h.Visible(as(to, access.Grant{Reach: "own"}), gone))
}

// named reports whether a fault names a field.
func named(err error, field string) bool {
	e, ok := err.(*fault.Error)
	if !ok {
		return false
	}
	for _, f := range e.Fields {
		if f.Path == field {
			return true
		}
	}
	return false
}
