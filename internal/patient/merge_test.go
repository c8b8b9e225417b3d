package patient

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"sort"
	"strings"
	"testing"
	"time"

	"renxin/internal/identity"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
)

// hash is the state of every table that a merge may touch, byte by byte.
func (h house) hash() string {
	h.t.Helper()
	tables := []string{"patient_patient", "patient_wrong_number", "patient_alias"}
	for _, t := range h.tables {
		if t.Rule != Stay {
			tables = append(tables, t.Name)
		}
	}
	sum := sha256.New()
	for _, t := range tables {
		rows, err := rowsWhere(h.admin, h.DB.Read(h.admin), t, Row{}, nil)
		h.must(err)
		var lines []string
		for _, r := range rows {
			lines = append(lines, r.text())
		}
		sort.Strings(lines)
		fmt.Fprintln(sum, t, strings.Join(lines, "\n"))
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func (h house) twoOfOne() (a, b ID) {
	a = h.create(Draft{Name: "王丽", Contacts: []ContactInput{phone("15412345678"), phone("15400000001")}, Identifiers: []IdentifierInput{{"outpatient", "HIS", "1001"}}, Tags: []string{"VIP", "糖尿病"}})
	b = h.create(Draft{Name: "王莉", Sex: "女", BirthDate: "1990-03-05", OwnerID: 7, Contacts: []ContactInput{phone("15412345678"), phone("15487654321")}, Identifiers: []IdentifierInput{{"outpatient", "HIS", "1002"}, {"card", "HIS", "9"}}, Tags: []string{"VIP", "复诊"}, Address: "山东省济南市历下区"})
	h.must(h.Grant(h.admin, a, Access{Kind: "department", Key: 70, Role: "encounter", Until: 100}))
	h.must(h.Grant(h.admin, b, Access{Kind: "department", Key: 70, Role: "encounter", Until: 200}))
	h.must(h.Grant(h.admin, b, Access{Kind: "department", Key: 71, Role: "encounter"}))
	return a, b
}

func TestPT16_MergeMovesEverything(t *testing.T) {
	h := newHouse(t)
	a, b := h.twoOfOne()
	var facts []Merged
	event.On(h.Board, "test.on_merge", func(_ context.Context, f Merged) error { facts = append(facts, f); return nil })
	m, err := h.Merge(h.admin, a, b, "同一人，两次登记")
	h.must(err)
	p, err := h.Find(h.admin, a)
	h.must(err)
	if p.Sex != identity.Female || p.BirthDate != "1990-03-05" || p.OwnerID != 7 || p.RegionCode != "370102" || p.Name != "王丽" {
		t.Errorf("the survivor's empty fields were not filled: %+v", p.Patient)
	}
	if len(p.Contacts) != 3 || len(p.Identifiers) != 3 || strings.Join(p.Tags, " ") != "VIP 复诊 糖尿病" {
		t.Errorf("contacts %d, numbers %d, tags %v", len(p.Contacts), len(p.Identifiers), p.Tags)
	}
	for text, want := range map[string]string{"4321": "王丽", "1002": "王丽", "王莉": ""} {
		if got := h.names(h.admin, Filter{Text: text}); got != want {
			t.Errorf("search %s finds %q, want %q", text, got, want)
		}
	}
	if got := h.names(as(7, access.Grant{Reach: "own"}), Filter{}); got != "王丽" {
		t.Errorf("the loser's owner sees %q", got)
	}
	if n := h.count("select until from patient_access where patient_id = $1 and key = 70", a); n != 200 {
		t.Errorf("access until %d, want the later 200", n)
	}
	if to, err := h.Resolve(h.admin, b); err != nil || to != a {
		t.Errorf("resolve gives %v %v", to, err)
	}
	if d, err := h.Find(h.admin, b); err != nil || d.MergedInto != a {
		t.Errorf("the merged record is not found as itself: %+v %v", d.MergedInto, err)
	}
	if bs, err := h.Briefs(h.admin, []ID{b}); err != nil || bs[b].ID != a {
		t.Errorf("brief of the merged record %+v %v", bs, err)
	}
	if _, err := h.Board.Drain(h.admin); err != nil || len(facts) != 1 || facts[0] != (Merged{a, b, m}) {
		t.Errorf("facts %+v %v", facts, err)
	}
	_, err = h.Merge(h.admin, a, b, "again")
	wantFault(t, err, fault.Conflict, "patient.merge.already")
	_, err = h.Merge(h.admin, a, a, "itself")
	wantFault(t, err, fault.Invalid, "patient.merge.itself")
}

func TestPT16_UnmergeRestores(t *testing.T) {
	h := newHouse(t)
	a, b := h.twoOfOne()
	before := h.hash()
	m, err := h.Merge(h.admin, a, b, "误合并")
	h.must(err)
	if h.hash() == before {
		t.Fatal("the hash does not see a merge")
	}
	_, err = h.Unmerge(h.admin, m)
	h.must(err)
	if h.hash() != before {
		t.Error("the state after the unmerge is not the state before the merge")
	}
	_, err = h.Unmerge(h.admin, m)
	wantFault(t, err, fault.Conflict, "patient.merge.undone")
}

func TestPT16_UnmergeKeepsWhatCameLater(t *testing.T) {
	h := newHouse(t)
	a, b := h.twoOfOne()
	m, err := h.Merge(h.admin, a, b, "误合并")
	h.must(err)
	_, err = h.AddContact(h.admin, a, phone("15499999999"))
	h.must(err)
	p, _ := h.Find(h.admin, a)
	_, err = h.Update(h.admin, a, Patch{Version: p.Version, Occupation: text("教师")})
	h.must(err)
	u, err := h.Unmerge(h.admin, m)
	h.must(err)
	if u.Kept["patient_contact"] != 1 {
		t.Errorf("kept %v, want one later contact listed", u.Kept)
	}
	p, err = h.Find(h.admin, a)
	h.must(err)
	if p.Occupation != "教师" || p.BirthDate != "" || len(p.Contacts) != 3 {
		t.Errorf("survivor %+v with %d contacts: wants the later edit, not the other's birth date", p.Patient, len(p.Contacts))
	}
	if got := h.names(h.admin, Filter{Text: "15499999999"}); got != "王丽" {
		t.Errorf("the later number finds %q", got)
	}
	if got := h.names(h.admin, Filter{Text: "1002"}); got != "王莉" {
		t.Errorf("the other's number finds %q", got)
	}
}

func TestPT16_TwoValidCardsAreTwoPersons(t *testing.T) {
	h := newHouse(t)
	a := h.create(Draft{Name: "王丽", Identifiers: []IdentifierInput{{"id_card", "", "11010519491231002X"}}})
	b := h.create(Draft{Name: "王丽", Identifiers: []IdentifierInput{{"id_card", "", "440524188001010014"}}})
	_, err := h.Merge(h.admin, a, b, "同名")
	wantFault(t, err, fault.Conflict, "patient.merge.two_persons")
}

func TestPT16_UndeclaredTablesAreFound(t *testing.T) {
	h := newHouse(t)
	err := h.CheckTables(h.admin)
	// The later rooms are not wired here, so the check must name their tables and none of ours.
	if fault.KeyOf(err) != "patient.merge.undeclared" {
		t.Fatalf("%v", err)
	}
	missing := fmt.Sprint(err.(*fault.Error).Args["missing"])
	if !strings.Contains(missing, "visit_encounter") || strings.Contains(missing, "patient_") || fmt.Sprint(err.(*fault.Error).Args["extra"]) != "" {
		t.Errorf("missing %q extra %q", missing, err.(*fault.Error).Args["extra"])
	}
	h.Declare(Table{Name: "nowhere", Key: []string{"id"}})
	if err := h.CheckTables(h.admin); !strings.Contains(fmt.Sprint(err.(*fault.Error).Args["extra"]), "nowhere") {
		t.Error("a declaration without a table passes")
	}
}

// A chain is undone from either end; what is not undone stands.
func TestPT16_ChainsAreUndoneInAnyOrder(t *testing.T) {
	h := newHouse(t)
	a, b := h.twoOfOne()
	c := h.create(Draft{Name: "王丽丽", Contacts: []ContactInput{phone("15412345678"), phone("15411110003")}, Tags: []string{"VIP"}})
	first := h.hash()
	one, err := h.Merge(h.admin, a, b, "b is a")
	h.must(err)
	two, err := h.Merge(h.admin, c, a, "a is c")
	h.must(err)
	_, err = h.Unmerge(h.admin, one)
	h.must(err)
	for id, want := range map[ID]ID{a: c, b: b, c: c} {
		if to, err := h.Resolve(h.admin, id); err != nil || to != want {
			t.Errorf("after the older merge is undone %v resolves to %v %v, want %v", id, to, err, want)
		}
	}
	if got := h.names(h.admin, Filter{Text: "1002"}); got != "王莉" {
		t.Errorf("the number of the record that stands alone again finds %q", got)
	}
	if got := h.names(h.admin, Filter{Text: "1001"}); got != "王丽丽" {
		t.Errorf("the number of the record that is merged still finds %q", got)
	}
	_, err = h.Unmerge(h.admin, two)
	h.must(err)
	if h.hash() != first {
		t.Error("undoing the older merge first does not end at the first state")
	}
}

func TestPT16_FieldsAreChosenOneByOne(t *testing.T) {
	h := newHouse(t)
	a, b := h.twoOfOne()
	before := h.hash()
	_, err := h.Merge(h.admin, a, b, "同一人", "name", "sex", "nonsense")
	wantFault(t, err, fault.Invalid, "patient.merge.field")
	m, err := h.Merge(h.admin, a, b, "同一人", "name", "owner_id")
	h.must(err)
	p, err := h.Find(h.admin, a)
	h.must(err)
	if p.Name != "王莉" || p.OwnerID != 7 || p.Sex != identity.Female {
		t.Errorf("survivor %+v: wants the other's name and owner", p.Patient)
	}
	if got := h.names(h.admin, Filter{Text: "wangli"}); got != "王莉" {
		t.Errorf("search finds %q", got)
	}
	_, err = h.Unmerge(h.admin, m)
	h.must(err)
	if h.hash() != before {
		t.Error("a chosen field does not return")
	}
}

// Random merges and unmerges, in any order, end at the first state once every merge is undone.
func TestPT16_RandomMergesReturnToTheFirstState(t *testing.T) {
	for seed := range uint64(6) {
		h := newHouse(t)
		r := rand.New(rand.NewPCG(seed, 7))
		var ids []ID
		for i := range 6 {
			d := Draft{Name: []string{"王丽", "王莉", "李强"}[r.IntN(3)], Occupation: []string{"", "教师"}[r.IntN(2)], Tags: []string{fmt.Sprint("t", r.IntN(3)), "all"}, Identifiers: []IdentifierInput{{"outpatient", "HIS", fmt.Sprint(1000 + i)}}}
			for range r.IntN(4) {
				d.Contacts = append(d.Contacts, phone(fmt.Sprintf("1540000000%d", r.IntN(5))))
			}
			id := h.create(d)
			ids = append(ids, id)
			h.must(h.Grant(h.admin, id, Access{Kind: "department", Key: int64(r.IntN(3) + 1), Role: "encounter", Until: h.DB.Clock().Now().Add(int64ms(r.IntN(3)))}))
			_, err := h.Apply(h.admin, Feed{Source: "HIS", OccurredAt: 5, Name: &d.Name, Ethnicity: text([]string{"汉", "回"}[r.IntN(2)]), PatientID: id})
			h.must(err)
		}
		first := h.hash()
		var open []MergeID
		for range 25 {
			if r.IntN(3) > 0 {
				m, err := h.Merge(h.admin, ids[r.IntN(6)], ids[r.IntN(6)], "随机")
				if err == nil {
					open = append(open, m)
				}
				continue
			}
			if len(open) > 0 {
				i := r.IntN(len(open))
				_, err := h.Unmerge(h.admin, open[i])
				h.must(err)
				open = append(open[:i], open[i+1:]...)
			}
		}
		for _, i := range r.Perm(len(open)) {
			_, err := h.Unmerge(h.admin, open[i])
			h.must(err)
		}
		if h.hash() != first {
			t.Errorf("seed %d: the last state is not the first", seed)
		}
		for _, id := range ids {
			if to, err := h.Resolve(h.admin, id); err != nil || to != id {
				t.Errorf("seed %d: %v resolves to %v %v", seed, id, to, err)
			}
		}
	}
}

func TestPT16_PairsToReview(t *testing.T) {
	h := newHouse(t)
	a := h.create(Draft{Name: "王丽", BirthDate: "1990-03-05", Contacts: []ContactInput{phone("15412345678")}})
	b := h.create(Draft{Name: "王莉", BirthDate: "1990-03-05", Contacts: []ContactInput{phone("15412345678")}})
	c := h.create(Draft{Name: "王丽", BirthDate: "1990-03-05", Contacts: []ContactInput{phone("15412345678")}})
	for _, id := range []ID{a, b, c, a} {
		_, err := h.Scan(h.admin, id)
		h.must(err)
	}
	p, err := h.Pairs(h.admin, false, "", 2)
	h.must(err)
	if len(p.Items) != 2 || p.Total != (db.Total{Value: 3, Exact: true}) || p.Items[0].A.ID != a || p.Items[0].B.ID != c || len(p.Items[0].Reasons) == 0 {
		t.Fatalf("pairs %+v, want the surest first of 3", p)
	}
	next, err := h.Pairs(h.admin, false, p.Next, 2)
	if h.must(err); len(next.Items) != 1 || next.Next != "" {
		t.Errorf("second page %+v", next)
	}
	h.must(h.Different(h.admin, p.Items[1].ID))
	_, err = h.Merge(h.admin, a, c, "同一人")
	h.must(err)
	p, err = h.Pairs(h.admin, false, "", 10)
	if h.must(err); len(p.Items) != 1 {
		t.Errorf("%d pairs left after one merge and one decision, want 1", len(p.Items))
	}
	if p, err := h.Pairs(as(9, access.Grant{Reach: "own"}), false, "", 10); err != nil || len(p.Items) != 0 {
		t.Errorf("pairs outside the scope show: %v %v", p.Items, err)
	}
	_, err = h.Scan(h.admin, b)
	h.must(err)
	if p, _ := h.Pairs(h.admin, false, "", 10); len(p.Items) != 1 {
		t.Errorf("a decided pair came back: %d", len(p.Items))
	}
}

func int64ms(n int) time.Duration { return time.Duration(n) * time.Millisecond }
