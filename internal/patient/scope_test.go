package patient

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"renxin/internal/identity"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// every path by which a caller can learn of a patient, for one scope.
func (h house) see(ctx context.Context, name string) map[string]bool {
	h.t.Helper()
	ids := map[string]ID{}
	rows, err := db.List[Patient](ctx, h.DB.Read(ctx), "select "+patientColumns+" from patient_patient p")
	h.must(err)
	for _, p := range rows {
		ids[p.Name] = p.ID
	}
	id := ids[name]
	out := map[string]bool{}
	out["list"] = strings.Contains(h.names(ctx, Filter{}), name)
	out["list by name"] = strings.Contains(h.names(ctx, Filter{Sort: "name"}), name)
	out["search"] = h.names(ctx, Filter{Text: name}) == name
	total, err := h.Count(ctx, Filter{Text: name})
	h.must(err)
	out["count"] = total.Value == 1
	hits, err := h.Pick(ctx, name, 0)
	h.must(err)
	out["pick"] = len(hits) == 1
	_, err = h.Find(ctx, id)
	out["find"] = err == nil
	out["visible"] = h.Visible(ctx, id) == nil
	_, err = h.Reveal(ctx, id, RevealInput{Field: "address", Reason: "核对"})
	out["reveal"] = err == nil
	doubles, _, err := h.Duplicates(ctx, Draft{Name: name}, 0)
	h.must(err)
	out["duplicates"] = len(doubles) == 1
	lines, err := h.exported(ctx, Filter{Text: name}, false)
	h.must(err)
	out["export"] = strings.Contains(lines, name)
	q := db.SQL("select count(*) from patient_contact c where c.patient_id = ?", id)
	h.InScope(ctx, q, "c.patient_id", "")
	n, _, err := db.FirstOf[int64](ctx, h.DB.Read(ctx), q)
	h.must(err)
	out["rows of later rooms"] = n == 1
	return out
}

func (h house) wantSeen(ctx context.Context, name string, want bool) {
	h.t.Helper()
	for path, got := range h.see(ctx, name) {
		if got != want {
			h.t.Errorf("%s by %s: %v, want %v", name, path, got, want)
		}
	}
}

func newScopes(t *testing.T) house {
	h := newHouse(t)
	for name, a := range map[string][]Access{
		"甲": {{Kind: "staff", Key: 7, Role: "owner"}},
		"乙": {{Kind: "staff", Key: 8, Role: "owner"}, {Kind: "department", Key: 70, Role: "encounter"}},
		"丙": {{Kind: "department", Key: 71, Role: "encounter"}},
		"丁": {{Kind: "site", Key: 700, Role: "encounter"}},
		"戊": {},
	} {
		id := h.create(Draft{Name: name, Contacts: []ContactInput{phone("15412345678")}, Address: "山东省济南市历下区"})
		h.must(h.Revoke(h.admin, id, Access{Kind: "staff", Key: 1, Role: "creator"}))
		for _, x := range a {
			h.must(h.Grant(h.admin, id, x))
			h.must(h.Grant(h.admin, id, x))
		}
	}
	return h
}

func TestSY04_ScopeOwn(t *testing.T) {
	h := newScopes(t)
	own := as(7, access.Grant{Reach: "own"})
	h.wantSeen(own, "甲", true)
	for _, n := range []string{"乙", "丙", "丁", "戊"} {
		h.wantSeen(own, n, false)
	}
	nobody := as(7, access.Grant{})
	h.wantSeen(nobody, "甲", false)
	if _, err := h.List(context.Background(), Filter{}); !fault.Is(err, fault.Unauthorized) {
		t.Errorf("no caller: %v", err)
	}
}

func TestSY05_ScopeDepartment(t *testing.T) {
	h := newScopes(t)
	ctx := as(9, access.Grant{Reach: "department", Departments: []int64{70, 72}})
	h.wantSeen(ctx, "乙", true)
	h.wantSeen(ctx, "丙", false)
	h.wantSeen(ctx, "戊", false)
	h.wantSeen(as(7, access.Grant{Reach: "department", Departments: []int64{71}}), "甲", true) // own patients beside the department's
	h.wantSeen(as(9, access.Grant{Reach: "site", Sites: []int64{700}}), "丁", true)
	h.wantSeen(as(9, access.Grant{Reach: "site", Sites: []int64{700}}), "乙", false)
	h.wantSeen(as(9, access.Grant{Reach: "department", Departments: []int64{70}, Unassigned: true}), "戊", true)
	h.wantSeen(as(9, access.Grant{Reach: "all"}), "戊", false)
	h.wantSeen(as(9, access.Grant{Reach: "all"}), "丙", true)
	h.wantSeen(as(9, access.Grant{Reach: "all", Unassigned: true}), "戊", true)
	var bing ID
	p, err := h.List(h.admin, Filter{Text: "丙"})
	h.must(err)
	bing = p.Items[0].ID
	h.must(h.Grant(h.admin, bing, Access{Kind: "department", Key: 72, Role: "consult", Until: h.DB.Clock().Now().Add(time.Hour)}))
	h.wantSeen(ctx, "丙", true)
	h.clock.Advance(2 * time.Hour)
	h.wantSeen(ctx, "丙", false)
}

func TestSY06_ScopeLastDays(t *testing.T) {
	h := newScopes(t)
	three := as(7, access.Grant{Reach: "own", Days: 3})
	h.wantSeen(three, "甲", true) // created today, Monday
	h.clock.Set(h.clock.On("2026-11-25", 23, 59).Time())
	h.wantSeen(three, "甲", true)
	h.clock.Set(h.clock.On("2026-11-26", 0, 0).Time())
	h.wantSeen(three, "甲", false)
	p, err := h.List(h.admin, Filter{Text: "甲"})
	h.must(err)
	h.must(h.Saw(h.admin, p.Items[0].ID, h.clock.On("2026-11-25", 8, 0)))
	h.wantSeen(three, "甲", true)
	h.must(h.Saw(h.admin, p.Items[0].ID, h.clock.On("2026-11-20", 8, 0)))
	h.wantSeen(three, "甲", true)
	q := db.SQL("select count(*) from patient_contact c where true")
	h.InScope(three, q, "c.patient_id", "c.created_at")
	if n, _, err := db.FirstOf[int64](three, h.DB.Read(three), q); err != nil || n != 0 {
		t.Errorf("a row older than the window shows: %d %v", n, err)
	}
	h.wantSeen(as(3, access.Grant{Reach: "all", Unassigned: true, Days: 1}), "乙", false)
}

func TestSY07_ReadOnlyRefusesEveryChange(t *testing.T) {
	h := newScopes(t)
	ctx := as(7, access.Grant{Reach: "all", Unassigned: true, ReadOnly: true})
	h.wantSeen(ctx, "甲", true)
	p, err := h.List(h.admin, Filter{})
	h.must(err)
	a, b := p.Items[0].ID, p.Items[1].ID
	d, err := h.Find(h.admin, a)
	h.must(err)
	contact := d.Contacts[0].ID
	for name, change := range map[string]func() error{
		"create":      func() error { _, err := h.Create(ctx, Draft{Name: "x"}); return err },
		"update":      func() error { _, err := h.Update(ctx, a, Patch{Version: 1, Note: text("x")}); return err },
		"add contact": func() error { _, err := h.AddContact(ctx, a, phone("15487654321")); return err },
		"update contact": func() error {
			_, err := h.UpdateContact(ctx, a, contact, ContactPatch{State: text("wrong")})
			return err
		},
		"remove contact":  func() error { _, err := h.RemoveContact(ctx, a, contact); return err },
		"add number":      func() error { _, err := h.AddIdentifier(ctx, a, IdentifierInput{"card", "HIS", "1"}); return err },
		"remove number":   func() error { _, err := h.RemoveIdentifier(ctx, a, 1); return err },
		"tag":             func() error { _, err := h.Tag(ctx, a, []string{"x"}, nil); return err },
		"bulk tag":        func() error { _, err := h.ApplyBulk(ctx, Bulk{IDs: []ID{a}, Action: "tag", Tag: "x"}); return err },
		"bulk assign":     func() error { _, err := h.ApplyBulk(ctx, Bulk{IDs: []ID{a}, Action: "assign", OwnerID: 3}); return err },
		"merge":           func() error { _, err := h.Merge(ctx, a, b, "same"); return err },
		"unmerge":         func() error { _, err := h.Unmerge(ctx, 1); return err },
		"decide":          func() error { _, err := h.Decide(ctx, a, 1, true); return err },
		"pair is no pair": func() error { return h.Different(ctx, 1) },
		"unmasked export": func() error { _, err := h.exported(ctx, Filter{}, true); return err },
	} {
		err := change()
		if name == "unmasked export" { // looking is not changing; a masked or unmasked export stays a matter of permission
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if !fault.Is(err, fault.Forbidden) || fault.KeyOf(err) != "access.scope.read_only" {
			t.Errorf("%s: %v, want refused as read-only", name, err)
		}
	}
}

func TestSY24_SearchAndPick(t *testing.T) {
	h := newHouse(t)
	h.create(Draft{Name: "曾小乐", Contacts: []ContactInput{phone("15412345678")}, Identifiers: []IdentifierInput{{"outpatient", "HIS", "0001987225"}, {"id_card", "", "11010519491231002X"}}})
	h.create(Draft{Name: "张伟", Contacts: []ContactInput{phone("15400001234")}})
	h.create(Draft{Name: "张伟明", Contacts: []ContactInput{phone("15400005678")}})
	h.create(Draft{Name: "John Smith"})
	for text, want := range map[string]string{
		"曾小乐": "曾小乐", "小乐": "曾小乐", "zengxiaole": "曾小乐", "ceng": "曾小乐", "zxl": "曾小乐", "ZXL": "曾小乐", "1987225": "曾小乐", "0001987225": "曾小乐", "002x": "曾小乐", "154-1234-5678": "曾小乐",
		"张伟": "张伟明 张伟", "zw": "张伟明 张伟", "张伟 1234": "张伟", "zhangwei1234": "", "zw 5678": "张伟明", "5678": "张伟明 曾小乐", "smith": "John Smith", "js": "John Smith", "伟明": "张伟明", "不存在": "", "": "John Smith 张伟明 张伟 曾小乐", "%": "John Smith 张伟明 张伟 曾小乐",
	} {
		f := Filter{Text: text, Sort: "-created_at"}
		if text == "%" {
			f.Text = ""
		}
		if got := h.names(h.admin, f); got != want {
			t.Errorf("search %q finds %q, want %q", text, got, want)
		}
		n, err := h.Count(h.admin, f)
		if h.must(err); n.Value != len(strings.Fields(strings.ReplaceAll(want, "John ", ""))) || !n.Exact {
			t.Errorf("search %q counts %+v, lists %q", text, n, want)
		}
	}
	hits, err := h.Pick(h.admin, "张伟", 1)
	if h.must(err); len(hits) != 1 || hits[0].Name != "张伟" {
		t.Errorf("the exact name is not picked first: %+v", hits)
	}
}

func TestSY28_KeysetPagesAndCounts(t *testing.T) {
	h := newHouse(t)
	r := rand.New(rand.NewPCG(1, 2))
	var rows []LoadRow
	given := []string{"伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋"}
	for i := range 437 {
		p := Patient{Name: "王" + given[r.IntN(10)] + given[r.IntN(10)], Sex: []identity.Sex{identity.Male, identity.Female}[i%2], Source: []string{"网络", "门诊"}[i%2], SeenAt: h.DB.Clock().Now() - 1000*3600*24, MetAt: h.DB.Clock().Now().Add(-time.Duration(r.IntN(40)) * time.Hour)}
		row := LoadRow{Patient: p, Access: []Access{{Kind: "department", Key: int64(70 + i%3), Role: "encounter"}}}
		if i%5 == 0 {
			row.Tags = []string{"VIP"}
		}
		rows = append(rows, row)
	}
	h.must(h.Load(h.admin, rows))
	scoped := as(5, access.Grant{Reach: "department", Departments: []int64{70, 71}})
	for _, ctx := range []context.Context{h.admin, scoped} {
		for _, f := range []Filter{{}, {Sort: "name"}, {Sort: "-name"}, {Sort: "seen_at"}, {Sort: "created_at"}, {Tag: "VIP"}, {Sex: identity.Female, Sort: "name"}, {DepartmentID: 70}, {Source: "网络"}, {Text: "wang"}, {Text: "丽", Sort: "name"}, {SeenFrom: "2026-11-23"}, {SeenTo: "2026-11-21", Tag: "VIP"}} {
			total, err := h.Count(ctx, f)
			h.must(err)
			seen := map[ID]bool{}
			pages := 0
			for f.Limit = 30; ; pages++ {
				p, err := h.List(ctx, f)
				h.must(err)
				for _, x := range p.Items {
					if seen[x.ID] {
						t.Fatalf("%+v: a patient stands on two pages", f)
					}
					seen[x.ID] = true
				}
				if p.Total != total {
					t.Errorf("%+v page %d says %+v, count says %+v", f, pages, p.Total, total)
				}
				if f.Cursor = p.Next; f.Cursor == "" {
					break
				}
			}
			if !total.Exact || total.Value != len(seen) || len(seen) == 0 {
				t.Errorf("%+v: count %+v, listed %d", f, total, len(seen))
			}
		}
	}
	_, err := h.List(h.admin, Filter{Sort: "password"})
	wantFault(t, err, fault.Invalid, "patient.sort.unknown")
	_, err = h.List(h.admin, Filter{Cursor: "zzz"})
	wantFault(t, err, fault.Invalid, "db.cursor.malformed")
}

func TestSY28_CountsStopAtTheCap(t *testing.T) {
	h := newHouse(t)
	var rows []LoadRow
	for range db.CountCap + 5 {
		rows = append(rows, LoadRow{Patient: Patient{Name: "王丽"}})
	}
	h.must(h.Load(h.admin, rows))
	if n, err := h.Count(h.admin, Filter{}); err != nil || n.Exact || n.Value != db.CountCap {
		t.Errorf("%+v %v, want at least %d", n, err, db.CountCap)
	}
}
