package staff_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
	"renxin/internal/staff"
)

const secret = "correct horse battery"

func room(t *testing.T) (context.Context, *staff.Service, *clock.Fake) {
	t.Helper()
	d, c := dbtest.New(t)
	b, l := event.NewBoard(d), trail.New(d)
	s := staff.New(staff.Deps{DB: d, Board: b, Trail: l, Setting: setting.New(setting.Deps{DB: d, Board: b, Trail: l})})
	s.Catalogue([]access.Permission{"patient.patient.list", "patient.patient.read", "patient.patient.update", "patient.detail.reveal", "visit.condition.read_clinical", "staff.account.update", "staff.role.preview"})
	ctx := access.AsSystem(context.Background(), "test")
	if err := s.EnsureRoles(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx, s, c
}

func account(t *testing.T, ctx context.Context, s *staff.Service, login, role, post string, dept staff.DepartmentID) staff.ID {
	t.Helper()
	r, err := s.RoleByCode(ctx, role)
	if err != nil {
		t.Fatal(err)
	}
	id, err := s.Create(ctx, staff.Input{Login: login, Name: "王" + login, Password: secret, RoleID: r.ID, Post: post, DepartmentID: dept})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestSY05_DepartmentScopeReachesBelow(t *testing.T) {
	ctx, s, _ := room(t)
	gyn, _ := s.Department(ctx, "3100", "妇科")
	ward, err := s.CreateDepartment(ctx, staff.Department{ParentID: gyn, Kind: "ward", Code: "3101", Name: "妇科一病区"})
	if err != nil {
		t.Fatal(err)
	}
	other, _ := s.Department(ctx, "3200", "产科")
	c, _, err := s.Caller(ctx, account(t, ctx, s, "head", "head", "head", gyn))
	if err != nil {
		t.Fatal(err)
	}
	ds := c.Scope().Departments()
	if !slices.Contains(ds, int64(gyn)) || !slices.Contains(ds, int64(ward)) || slices.Contains(ds, int64(other)) || c.Scope().All() {
		t.Errorf("departments seen: %v", ds)
	}
}

func TestSY07_ReadOnlyRoleMayNotWrite(t *testing.T) {
	ctx, s, _ := room(t)
	c, _, err := s.Caller(ctx, account(t, ctx, s, "audit", "auditor", "auditor", 0))
	if err != nil {
		t.Fatal(err)
	}
	if !c.Can("patient.patient.read") || c.Can("patient.patient.update") || c.Scope().Days() != 3 || !c.Scope().ReadOnly() {
		t.Errorf("auditor: %v days %d", c.Permissions(), c.Scope().Days())
	}
	r, _ := s.RoleByCode(ctx, "auditor")
	all := append(r.Permissions, "patient.patient.update")
	if err := s.UpdateRole(ctx, r.ID, staff.RolePatch{Version: r.Version, Permissions: &all}); err != nil {
		t.Fatal(err)
	}
	c, _, _ = s.Caller(ctx, c2id(c))
	if err := access.Need(access.With(ctx, c), "patient.patient.update"); fault.KeyOf(err) != "access.scope.read_only" {
		t.Errorf("a read-only scope must refuse a right that the role lists: %v", err)
	}
}

func c2id(c access.Caller) staff.ID { return staff.ID(c.StaffID) }

func TestSY04_ViewAsIsReadOnlyAndAsNarrowAsTheRole(t *testing.T) {
	ctx, s, _ := room(t)
	boss := account(t, ctx, s, "qian", "admin", "admin", 0)
	nurse := account(t, ctx, s, "lin", "nurse", "nurse", 0)
	c, _, _ := s.Caller(ctx, boss)
	seen, _, err := s.ViewAs(access.With(ctx, c), nurse, 0)
	if err != nil {
		t.Fatal(err)
	}
	if seen.StaffID != int64(nurse) || seen.Scope().All() || seen.Can("patient.patient.update") || !seen.Can("patient.patient.read") {
		t.Errorf("view as nurse: %+v", seen)
	}
	n, _, _ := s.Caller(ctx, nurse)
	if _, _, err := s.ViewAs(access.With(ctx, n), boss, 0); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a nurse looked as administrator: %v", err)
	}
}

func TestSignInThrottlesAndFreezesAtOnce(t *testing.T) {
	ctx, s, c := room(t)
	id := account(t, ctx, s, "zhou", "agent", "agent", 0)
	if _, err := s.SignIn(ctx, "zhou", secret, "10.0.0.1"); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if _, err := s.SignIn(ctx, "zhou", "wrong password", "10.0.0.1"); fault.KeyOf(err) != "staff.sign_in.wrong" {
			t.Fatal(err)
		}
	}
	if _, err := s.SignIn(ctx, "zhou", secret, "10.0.0.2"); !fault.Is(err, fault.TooMany) {
		t.Errorf("the sixth attempt, right or wrong, must wait: %v", err)
	}
	c.Advance(time.Hour + time.Minute)
	if _, err := s.SignIn(ctx, "zhou", secret, "10.0.0.1"); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	frozen := "frozen"
	a, _ := s.Find(ctx, id)
	if err := s.Update(ctx, id, staff.Patch{Version: a.Version, State: &frozen}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Caller(ctx, id); !fault.Is(err, fault.Unauthorized) {
		t.Errorf("a frozen account acts on: %v", err)
	}
	if _, err := s.SignIn(ctx, "nobody", secret, "10.0.0.1"); fault.KeyOf(err) != "staff.sign_in.wrong" {
		t.Errorf("an unknown login must look like a wrong password: %v", err)
	}
}

func TestSY02_NobodyChangesTheirOwnRights(t *testing.T) {
	ctx, s, _ := room(t)
	id := account(t, ctx, s, "qian", "admin", "admin", 0)
	c, a, _ := s.Caller(ctx, id)
	left := "left"
	if err := s.Update(access.With(ctx, c), id, staff.Patch{Version: a.Version, State: &left}); fault.KeyOf(err) != "staff.account.own_rights" {
		t.Error(err)
	}
	name := "钱明"
	if err := s.Update(access.With(ctx, c), id, staff.Patch{Version: a.Version - 1, Name: &name}); !fault.Is(err, fault.Conflict) {
		t.Errorf("an old version must not win: %v", err)
	}
	if _, err := s.Create(ctx, staff.Input{Login: "qian", Name: "另一位", Password: secret, RoleID: a.RoleID, Post: "admin"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("one login twice: %v", err)
	}
	p, err := s.List(ctx, staff.Filter{Text: "wang"})
	if err != nil || len(p.Items) != 1 || !p.Total.Exact {
		t.Errorf("found by pinyin: %+v %v", p, err)
	}
}

func TestPT07_RenamingADepartmentKeepsItsPast(t *testing.T) {
	ctx, s, c := room(t)
	id, err := s.Department(ctx, "3100", "妇科")
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := s.Department(ctx, "3100", "别名"); again != id {
		t.Error("a HIS code maps to one department")
	}
	before := s.DB.Clock().Now()
	c.Advance(48 * time.Hour)
	d, _ := s.DepartmentOf(ctx, id)
	name := "妇科中心"
	if err := s.UpdateDepartment(ctx, id, staff.DepartmentPatch{Version: d.Version, Name: &name}); err != nil {
		t.Fatal(err)
	}
	was, err := s.DepartmentAt(ctx, id, before)
	if err != nil || was.Name != "妇科" {
		t.Errorf("then: %+v %v", was, err)
	}
	if now, err := s.DepartmentAt(ctx, id, s.DB.Clock().Now()); err != nil || now.Name != "妇科中心" {
		t.Errorf("now: %+v %v", now, err)
	}
	self := staff.DepartmentPatch{Version: d.Version + 1, ParentID: &id}
	if err := s.UpdateDepartment(ctx, id, self); fault.KeyOf(err) != "staff.department.cycle" {
		t.Error(err)
	}
}

func TestARepeatedRequestGetsTheFirstAnswer(t *testing.T) {
	ctx, s, _ := room(t)
	if _, fresh, err := s.ClaimRequest(ctx, "k", "/p"); err != nil || !fresh {
		t.Fatal(fresh, err)
	}
	if _, _, err := s.ClaimRequest(ctx, "k", "/p"); !fault.Is(err, fault.Conflict) {
		t.Errorf("the first has not answered yet: %v", err)
	}
	s.KeepRequest(ctx, "k", "/p", staff.Kept{Status: 200, Type: "application/json", Body: `{"id":"x"}`})
	if k, fresh, err := s.ClaimRequest(ctx, "k", "/p"); err != nil || fresh || k.Body != `{"id":"x"}` {
		t.Errorf("%+v %v %v", k, fresh, err)
	}
	if _, fresh, err := s.ClaimRequest(ctx, "k", "/other"); err != nil || !fresh {
		t.Error("a key belongs to one path", fresh, err)
	}
}

func TestSY24_ColleaguesAreFoundByReadingInitialsAndCode(t *testing.T) {
	ctx, s, _ := room(t)
	r, err := s.RoleByCode(ctx, "nurse")
	if err != nil {
		t.Fatal(err)
	}
	for login, name := range map[string]string{"a1": "林静", "a2": "曾丽娜", "a3": "单雄信"} {
		if _, err := s.Create(ctx, staff.Input{Login: login, Code: "D" + login, Name: name, Password: secret, RoleID: r.ID, Post: "nurse"}); err != nil {
			t.Fatal(err)
		}
	}
	for text, want := range map[string]string{"lj": "林静", "linjing": "林静", "lin jing": "林静", "静": "林静", "zeng": "曾丽娜", "zln": "曾丽娜", "shan": "单雄信", "sxx": "单雄信", "da3": "单雄信", "a2": "曾丽娜", "ceng": "", "%": "3"} {
		p, err := s.List(ctx, staff.Filter{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		if want == "3" {
			if len(p.Items) != 3 {
				t.Errorf("a sign of the pattern is no text: %d", len(p.Items))
			}
			continue
		}
		if want == "" && len(p.Items) != 0 || want != "" && (len(p.Items) != 1 || p.Items[0].Name != want) {
			t.Errorf("%q finds %+v", text, p.Items)
		}
	}
}
