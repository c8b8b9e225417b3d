package patient

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"renxin/internal/identity"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
)

type house struct {
	*Service
	t     testing.TB
	clock *clock.Fake
	admin context.Context
}

func newHouse(t testing.TB) house {
	d, c := dbtest.New(t)
	b, l := event.NewBoard(d), trail.New(d)
	s := New(Deps{DB: d, Board: b, Trail: l, Setting: setting.New(setting.Deps{DB: d, Board: b, Trail: l})})
	return house{s, t, c, as(1, access.Grant{Reach: "all", Unassigned: true})}
}

// as is a caller with every permission of the room and the given scope.
func as(staff int64, g access.Grant) context.Context {
	g.StaffID = staff
	return access.With(context.Background(), access.Person(staff, fmt.Sprintf("staff %d", staff), Permissions, access.Build(g)))
}

func (h house) create(d Draft) ID {
	h.t.Helper()
	id, err := h.Create(h.admin, d)
	h.must(err)
	return id
}

func (h house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h house) names(ctx context.Context, f Filter) string {
	h.t.Helper()
	p, err := h.List(ctx, f)
	h.must(err)
	var out []string
	for _, r := range p.Items {
		out = append(out, r.Name)
	}
	return strings.Join(out, " ")
}

func (h house) count(q string, args ...any) int {
	h.t.Helper()
	n, err := db.One[int64](context.Background(), h.DB.Read(context.Background()), q, args...)
	h.must(err)
	return int(n)
}

func phone(v string) ContactInput { return ContactInput{System: "mobile", Value: v} }

func text(s string) *string { return &s }

func wantFault(t testing.TB, err error, code fault.Code, key string) {
	t.Helper()
	if !fault.Is(err, code) || fault.KeyOf(err) != key {
		t.Errorf("error %v, want %s %s", err, code, key)
	}
	if !lang.Has(key) {
		t.Errorf("key %s has no text in both languages", key)
	}
}

var wangLi = Draft{Name: "王 丽", Sex: "女", Contacts: []ContactInput{phone("154 1234 5678(女儿)")},
	Identifiers: []IdentifierInput{{"id_card", "", "110100199003050022"}, {"outpatient", "HIS", "0001001"}}, Tags: []string{"VIP"}, Address: "山东省济南市历下区文化路12号"}

func TestPT01_CreateReadsWhatIsTyped(t *testing.T) {
	h := newHouse(t)
	card := wangLi.Identifiers[0].Value
	d := wangLi
	d.Identifiers = append([]IdentifierInput{}, d.Identifiers...)
	d.Identifiers[0].Value = card[:17] + string(identity.CheckDigit(card))
	id := h.create(d)
	p, err := h.Find(h.admin, id)
	h.must(err)
	if p.Name != "王丽" || p.Sex != identity.Female || p.BirthDate != "1990-03-05" || p.RegionCode != "370102" || p.Pinyin != "wangli" {
		t.Errorf("patient %+v", p.Patient)
	}
	if p.Address != "山东省济南市历下区******" || p.Contacts[0].Value != "154****5678" || p.Contacts[0].Label != "女儿" || !strings.HasPrefix(p.Identifiers[0].Value, "110****") || p.Identifiers[1].Value != "0001001" {
		t.Errorf("masking: %q %+v %+v", p.Address, p.Contacts, p.Identifiers)
	}
	n, err := h.Board.Drain(h.admin)
	if h.must(err); n != 1 {
		t.Errorf("%d deliveries, want the one that looks for duplicates", n)
	}
	if got := h.count("select count(*) from event_fact where name = 'patient.created'"); got != 1 {
		t.Errorf("%d patient.created facts, want 1", got)
	}
	if got := h.count("select count(*) from trail_entry where action = 'patient.patient.create'"); got != 1 {
		t.Errorf("%d trail entries, want 1", got)
	}
}

func TestPT01_WrongFieldsAreNamed(t *testing.T) {
	h := newHouse(t)
	_, err := h.Create(h.admin, Draft{Name: " ", BirthDate: "1990-02-30", Contacts: []ContactInput{phone("123")}, Identifiers: []IdentifierInput{{"id_card", "", "110105194912310021"}}, RegionCode: "999999"})
	wantFault(t, err, fault.Invalid, "patient.patient.invalid")
	var paths []string
	for _, f := range err.(*fault.Error).Fields {
		paths = append(paths, f.Path)
		if !lang.Has(f.Key) {
			t.Errorf("key %s has no text", f.Key)
		}
	}
	if got := strings.Join(paths, " "); got != "contacts.0.value identifiers.0.value name birth_date region_code" {
		t.Errorf("fields %s", got)
	}
	if n := h.count("select count(*) from patient_patient"); n != 0 {
		t.Errorf("%d patients after a refused create", n)
	}
}

func TestPT01_DuplicatesShowBeforeSave(t *testing.T) {
	h := newHouse(t)
	id := h.create(Draft{Name: "王丽", Sex: "女", BirthDate: "1990-03-05", Contacts: []ContactInput{phone("15412345678")}})
	h.create(Draft{Name: "李强", Sex: "男", Contacts: []ContactInput{phone("15412345678")}})
	for _, c := range []struct {
		name string
		d    Draft
		zone string
	}{
		{"name and mobile and birth date", Draft{Name: "王丽", BirthDate: "1990-03-05", Contacts: []ContactInput{phone("+86 154-1234-5678")}}, "auto"},
		{"name and mobile", Draft{Name: "王丽", Contacts: []ContactInput{phone("15412345678")}}, "review"},
		{"name only", Draft{Name: "王丽"}, "near"},
		{"half a mobile", Draft{Name: "王丽", Contacts: []ContactInput{phone("1541234")}}, "near"},
	} {
		got, outside, err := h.Duplicates(h.admin, c.d, 0)
		h.must(err)
		if len(got) == 0 || got[0].ID != id || got[0].Zone != c.zone || outside != 0 {
			t.Errorf("%s: %+v, want 王丽 as %s", c.name, got, c.zone)
		}
		if len(got) > 0 && got[0].Phone != "154****5678" {
			t.Errorf("%s: phone %s is not masked", c.name, got[0].Phone)
		}
	}
	if got, _, err := h.Duplicates(h.admin, Draft{Name: "王丽", BirthDate: "1990-03-05"}, id); err != nil || len(got) != 0 {
		t.Errorf("the edited patient is its own duplicate: %v %v", got, err)
	}
	got, outside, err := h.Duplicates(as(9, access.Grant{Reach: "own"}), Draft{Name: "王丽", BirthDate: "1990-03-05", Contacts: []ContactInput{phone("15412345678")}}, 0)
	if h.must(err); len(got) != 0 || outside != 1 {
		t.Errorf("outside the scope: %v shown, %d announced; want none shown and 1 announced", got, outside)
	}
}

func TestPT01_LostUpdateIsRefusedWithTheCurrentRow(t *testing.T) {
	h := newHouse(t)
	id := h.create(Draft{Name: "王丽"})
	p, err := h.Update(h.admin, id, Patch{Version: 1, Occupation: text("教师")})
	h.must(err)
	if p.Version != 2 || p.Occupation != "教师" {
		t.Errorf("%+v", p.Patient)
	}
	_, err = h.Update(h.admin, id, Patch{Version: 1, Occupation: text("医生"), Note: text("x")})
	wantFault(t, err, fault.Conflict, "db.version.conflict")
	now, ok := err.(*fault.Error).Data.(Detail)
	if !ok || now.Occupation != "教师" || now.Version != 2 {
		t.Errorf("conflict data %+v", err.(*fault.Error).Data)
	}
	if p, _ = h.Find(h.admin, id); p.Note != "" {
		t.Error("a refused edit left something behind")
	}
}

func TestPT04_WrongNumberSurvivesFeedsUntilVerified(t *testing.T) {
	h := newHouse(t)
	a := h.create(Draft{Name: "王丽", Contacts: []ContactInput{phone("15412345678"), phone("15487654321")}})
	b := h.create(Draft{Name: "李强", Contacts: []ContactInput{phone("15412345678")}})
	p, err := h.Find(h.admin, a)
	h.must(err)
	_, err = h.UpdateContact(h.admin, a, p.Contacts[0].ID, ContactPatch{State: text("wrong")})
	h.must(err)
	if c, err := h.BestMobile(h.admin, a); err != nil || c.Number != "15487654321" {
		t.Errorf("best mobile %v %v, want the second", c, err)
	}
	_, err = h.BestMobile(h.admin, b)
	wantFault(t, err, fault.NotFound, "patient.contact.none")
	_, err = h.Apply(h.admin, Feed{Source: "HIS", OccurredAt: 1, Name: text("李强"), Telecoms: []ContactInput{phone("+8615412345678")}, PatientID: b})
	h.must(err)
	if wrong, err := h.IsWrong(h.admin, "0086 154 1234 5678"); err != nil || !wrong {
		t.Errorf("a feed cleared the mark: %v %v", wrong, err)
	}
	_, err = h.UpdateContact(h.admin, a, p.Contacts[0].ID, ContactPatch{State: text("ok")})
	h.must(err)
	if c, err := h.BestMobile(h.admin, b); err != nil || c.Number != "15412345678" {
		t.Errorf("after verification %v %v", c, err)
	}
	h.must(h.MarkWrong(h.admin, "154-1234-5678", "空号"))
	if wrong, _ := h.IsWrong(h.admin, "15412345678"); !wrong {
		t.Error("MarkWrong did not mark")
	}
}

func TestPT04_ContactPoints(t *testing.T) {
	h := newHouse(t)
	id := h.create(Draft{Name: "王丽"})
	for _, c := range []ContactInput{{"mobile", "15412345678/15487654321", "daughter", ""}, {"email", "Wang@Example.com", "", ""}, {"qq", "12345", "", ""}, {"wechat", "wangli90", "", ""}, {"phone", "(0531)5550101转8", "", ""}, {"mobile", "+8615412345678", "", ""}} {
		_, err := h.AddContact(h.admin, id, c)
		h.must(err)
	}
	p, err := h.Find(h.admin, id)
	h.must(err)
	var got []string
	for _, c := range p.Contacts {
		got = append(got, string(c.System)+":"+c.Value+":"+c.Owner+":"+string(c.State))
	}
	want := "mobile:154****5678:daughter:unverified mobile:154****4321:daughter:unverified email:w***@example.com:self:unverified qq:1**45:self:unverified wechat:w*****90:self:unverified phone:0531-***0101:self:unverified"
	if strings.Join(got, " ") != want {
		t.Errorf("contacts\n%s, want\n%s", strings.Join(got, " "), want)
	}
	one := int64(1)
	_, err = h.UpdateContact(h.admin, id, p.Contacts[1].ID, ContactPatch{Rank: &one})
	h.must(err)
	if c, _ := h.BestMobile(h.admin, id); c.Number != "15487654321" {
		t.Errorf("best mobile %s after ranking the second first", c.Number)
	}
	past := h.DB.Clock().Now() - 1
	_, err = h.UpdateContact(h.admin, id, p.Contacts[1].ID, ContactPatch{Until: &past})
	h.must(err)
	if c, _ := h.BestMobile(h.admin, id); c.Number != "15412345678" {
		t.Errorf("best mobile %s although its validity ended", c.Number)
	}
	_, err = h.RemoveContact(h.admin, id, p.Contacts[0].ID)
	h.must(err)
	if got := h.names(h.admin, Filter{Text: "5678"}); got != "" {
		t.Errorf("a removed number still finds %s", got)
	}
	if got := h.names(h.admin, Filter{Text: "4321"}); got != "王丽" {
		t.Errorf("4321 finds %q", got)
	}
}

func TestPT36_NoLookWithoutTrail(t *testing.T) {
	h := newHouse(t)
	id := h.create(Draft{Name: "王丽", Contacts: []ContactInput{phone("15412345678")}, Address: "山东省济南市历下区文化路12号", Identifiers: []IdentifierInput{{"id_card", "", "11010519491231002X"}}})
	p, err := h.Find(h.admin, id)
	h.must(err)
	looks := func() int { return h.count("select count(*) from trail_entry where action = 'patient.detail.reveal'") }
	_, err = h.Reveal(h.admin, id, RevealInput{Field: "contact", Ref: p.Contacts[0].ID.String()})
	wantFault(t, err, fault.Invalid, "access.reason.required")
	for _, c := range []struct{ field, ref, want string }{{"contact", p.Contacts[0].ID.String(), "15412345678"}, {"identifier", p.Identifiers[0].ID.String(), "11010519491231002X"}, {"address", "", "山东省济南市历下区文化路12号"}} {
		before := looks()
		v, err := h.Reveal(h.admin, id, RevealInput{Field: c.field, Ref: c.ref, Reason: "核对随访电话"})
		if h.must(err); v != c.want {
			t.Errorf("%s reveals %q, want %q", c.field, v, c.want)
		}
		if looks() != before+1 {
			t.Errorf("%s: the look left no trail", c.field)
		}
	}
	before := looks()
	err = h.DB.Tx(h.admin, func(ctx context.Context, tx *db.Tx) error {
		_, err := h.Reveal(ctx, id, RevealInput{Field: "address", Reason: "核对地址"})
		return err
	})
	if err == nil {
		t.Error("a look inside a transaction that may still be undone was answered")
	}
	_, err = h.Reveal(as(7, access.Grant{Reach: "own"}), id, RevealInput{Field: "address", Reason: "核对地址"})
	wantFault(t, err, fault.NotFound, "db.row.missing")
	_, err = h.Reveal(access.With(context.Background(), access.Person(1, "x", []access.Permission{PermRead}, access.Build(access.Grant{Reach: "all", Unassigned: true}))), id, RevealInput{Field: "address", Reason: "核对地址"})
	wantFault(t, err, fault.Forbidden, "access.permission.missing")
	if looks() != before {
		t.Error("refused looks were recorded as looks")
	}
	var plain []string
	for _, q := range []string{"select detail from trail_entry", "select body from event_fact"} {
		rows, err := db.List[string](h.admin, h.DB.Read(h.admin), q)
		h.must(err)
		plain = append(plain, rows...)
	}
	if all := strings.Join(plain, " "); strings.Contains(all, "15412345678") || strings.Contains(all, "王丽") || strings.Contains(all, "002X") {
		t.Error("a number or a name stands in the trail or in a fact")
	}
}

func TestPT26_PartialBirthDates(t *testing.T) {
	h := newHouse(t)
	for born, want := range map[string]int{"1968": 58, "1968-12": 57, "1968-11-23": 58, "1968-11-24": 57, "": -1} {
		id := h.create(Draft{Name: "王丽", BirthDate: born})
		b, err := h.Briefs(h.admin, []ID{id})
		if h.must(err); int(b[id].Age) != want {
			t.Errorf("born %s: %d years on 2026-11-23, want %d", born, b[id].Age, want)
		}
	}
	h.clock.Advance(24 * time.Hour)
	if got := h.names(h.admin, Filter{AgeFrom: 58, AgeTo: 58, Sort: "created_at"}); strings.Count(got, "王丽") < 3 {
		t.Errorf("58-year-olds: %s", got)
	}
}

func TestPT34_HeaderData(t *testing.T) {
	h := newHouse(t)
	id := h.create(Draft{Name: "王丽", BirthDate: "1990-03-05", Alert: "青霉素过敏", Tags: []string{"b", "a", "a"}, OwnerID: 7, Contacts: []ContactInput{phone("15412345678")}})
	b, err := h.Briefs(h.admin, []ID{id, 999})
	h.must(err)
	want := Brief{ID: id, Name: "王丽", Sex: identity.UnknownSex, Age: 36, BirthDate: "1990-03-05", Phone: "154****5678", Tags: []string{"a", "b"}, Alert: "青霉素过敏"}
	if len(b) != 1 || !reflect.DeepEqual(b[id], want) {
		t.Errorf("brief %+v, want %+v", b, want)
	}
}
