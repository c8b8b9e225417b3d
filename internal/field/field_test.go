package field

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
	"renxin/internal/staff"
)

type room struct {
	*Service
	t     *testing.T
	admin context.Context
}

func newRoom(t *testing.T) room {
	d, _ := dbtest.New(t)
	b, l := event.NewBoard(d), trail.New(d)
	set := setting.New(setting.Deps{DB: d, Board: b, Trail: l})
	st := staff.New(staff.Deps{DB: d, Board: b, Trail: l, Setting: set})
	st.Catalogue(append(Permissions, staff.Permissions...))
	r := room{New(Deps{DB: d, Board: b, Trail: l, Setting: set, Staff: st}), t, access.AsSystem(context.Background(), "test")}
	r.must(st.EnsureRoles(r.admin))
	r.must(set.EnsureEntries(r.admin))
	return r
}

func (r room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r room) person(role string) (context.Context, string) {
	r.t.Helper()
	ro, err := r.Staff.RoleByCode(r.admin, role)
	r.must(err)
	id, err := r.Staff.Create(r.admin, staff.Input{Login: role, Name: role, Password: "correct horse battery", RoleID: ro.ID, Post: "nurse"})
	r.must(err)
	c, _, err := r.Staff.Caller(r.admin, id)
	r.must(err)
	return access.With(context.Background(), c), ro.ID.String()
}

func (r room) add(d Definition) Definition {
	r.t.Helper()
	d.Entity = Patient
	if d.LabelZH == "" {
		d.LabelZH = d.Key
	}
	d, err := r.Create(r.admin, d)
	r.must(err)
	return d
}

func (r room) write(ctx context.Context, patient int64, in Values) error {
	return r.DB.Tx(ctx, func(ctx context.Context, _ *db.Tx) error { _, err := r.Write(ctx, patient, in, false); return err })
}

// found are the patients a condition finds, in order.
func (r room) found(c Condition) string {
	r.t.Helper()
	m, err := r.Match(r.admin, c)
	r.must(err)
	q := db.SQL("select distinct v.patient_id from field_value v where true")
	m.Narrow(q, "v.patient_id")
	q.Add("order by v.patient_id")
	ids, err := db.Rows[int64](r.admin, r.DB.Read(r.admin), q)
	r.must(err)
	return strings.Trim(fmt.Sprint(ids), "[]")
}

func TestValuesAreReadByKind(t *testing.T) {
	yes := Definition{Options: []Option{{Code: "a", Active: true}, {Code: "b", Active: true}, {Code: "old"}}}
	for _, c := range []struct {
		kind          Kind
		in, want, bad string
		min, max      string
		pattern       string
	}{
		{kind: Text, in: "  你好 ", want: "你好"},
		{kind: Text, in: "一\n二", bad: "field.value.one_line"},
		{kind: LongText, in: "一\n二", want: "一\n二"},
		{kind: Text, in: "abc", max: "2", bad: "field.value.too_long"},
		{kind: Text, in: "a", min: "2", bad: "field.value.too_short"},
		{kind: Text, in: "A12", pattern: "[A-Z][0-9]+", want: "A12"},
		{kind: Text, in: "xA12", pattern: "[A-Z][0-9]+", bad: "field.value.pattern"},
		{kind: Integer, in: "007", want: "7"},
		{kind: Integer, in: "1,234", want: "1234"},
		{kind: Integer, in: "-3", want: "-3"},
		{kind: Integer, in: "1.5", bad: "field.value.integer"},
		{kind: Integer, in: "9", max: "8", bad: "field.value.too_large"},
		{kind: Integer, in: "-9", min: "-8", bad: "field.value.too_small"},
		{kind: Decimal, in: "36.50", want: "36.5"},
		{kind: Decimal, in: "-0.0001", want: "-0.0001"},
		{kind: Decimal, in: "1.00001", bad: "field.value.decimal"},
		{kind: Decimal, in: "1e5", bad: "field.value.decimal"},
		{kind: Decimal, in: "--1", bad: "field.value.decimal"},
		{kind: Date, in: "2026-02-28", want: "2026-02-28"},
		{kind: Date, in: "2026-02-30", bad: "field.value.date"},
		{kind: Date, in: "2026-02-28", max: "2026-01-01", bad: "field.value.too_large"},
		{kind: Boolean, in: "true", want: "true"},
		{kind: Boolean, in: "yes", bad: "field.value.boolean"},
		{kind: Choice, in: "a", want: "a"},
		{kind: Choice, in: "old", bad: "field.value.choice"},
		{kind: MultiChoice, in: "c", bad: "field.value.choice"},
		{kind: Person, in: "st_0000000000001", want: "st_0000000000001"},
		{kind: Person, in: "王五", bad: "field.value.person"},
	} {
		d := Definition{Kind: c.kind, Minimum: c.min, Maximum: c.max, Pattern: c.pattern, Options: yes.Options}
		rows, problem, _ := d.read([]string{c.in})
		if problem != c.bad || problem == "" && (len(rows) != 1 || rows[0].Text != c.want) {
			t.Errorf("%s %q: %v %q, want %q %q", c.kind, c.in, rows, problem, c.want, c.bad)
		}
		if problem != "" && (!lang.Has(problem)) {
			t.Errorf("%s has no text in a language", problem)
		}
	}
	d := Definition{Kind: MultiChoice, Maximum: "1", Options: yes.Options, Required: true}
	if _, problem, _ := d.read([]string{"a", "b"}); problem != "field.value.too_many" {
		t.Error(problem)
	}
	if _, problem, _ := d.read([]string{" "}); problem != "field.value.required" {
		t.Error(problem)
	}
}

// Two hundred fields of every kind stand without a change of tables, and each is found by index.
func TestSY10_TwoHundredFieldsFoundByIndex(t *testing.T) {
	r := newRoom(t)
	before, err := db.List[string](r.admin, r.DB.Read(r.admin), tableNames(r.DB.Engine()))
	r.must(err)
	defs := make([]Definition, 200)
	for i := range defs {
		d := Definition{Key: fmt.Sprintf("f%03d", i), Kind: Kinds[i%len(Kinds)], Section: fmt.Sprint("分组", i/40)}
		if d.Kind == Choice || d.Kind == MultiChoice {
			d.Options = []Option{{Code: "x", ZH: "甲", EN: "X", Active: true}, {Code: "y", ZH: "乙", EN: "Y", Active: true}}
		}
		defs[i] = r.add(d)
	}
	value := func(d Definition, n int) []string {
		switch d.Kind {
		case Integer, Decimal:
			return []string{fmt.Sprint(n)}
		case Date:
			return []string{fmt.Sprintf("2026-01-%02d", n%28+1)}
		case Choice:
			return []string{[]string{"x", "y"}[n%2]}
		case MultiChoice:
			return []string{"x", "y"}[:n%2+1]
		case Boolean:
			return []string{fmt.Sprint(n%2 == 0)}
		case Person:
			return []string{staff.ID(n + 1).String()}
		}
		return []string{fmt.Sprint("Wert ", n)}
	}
	for p := range 20 {
		in := Values{}
		for _, d := range defs {
			in[d.ID] = value(d, p)
		}
		r.must(r.write(r.admin, int64(p+1), in))
	}
	got, err := r.Of(r.admin, Patient, []int64{7})
	if r.must(err); len(got[7]) != 200 {
		t.Fatalf("%d values", len(got[7]))
	}
	for _, d := range defs {
		var c Condition
		want := "7"
		switch d.Kind {
		case Integer, Decimal:
			c = Condition{d.ID, Between, []string{"6", "6"}}
		case Text, LongText:
			c = Condition{d.ID, Is, []string{"wert  6"}}
		case Date:
			c = Condition{d.ID, Between, []string{"2026-01-07", "2026-01-07"}}
		case Person:
			c = Condition{d.ID, Is, []string{staff.ID(7).String()}}
		default:
			continue
		}
		if found := r.found(c); found != want {
			t.Errorf("%s: %+v finds %q", d.Kind, c, found)
		}
	}
	text, number := defs[0].ID, defs[2].ID
	for _, c := range []struct {
		Condition
		want string
	}{
		{Condition{text, StartsWith, []string{"WERT 1"}}, "2 11 12 13 14 15 16 17 18 19 20"},
		{Condition{number, Between, []string{"18", ""}}, "19 20"},
		{Condition{number, Between, []string{"", "1"}}, "1 2"},
		{Condition{number, Is, []string{"3", "5"}}, "4 6"},
		{Condition{text, Empty, nil}, ""},
		{Condition{defs[5].ID, Is, []string{"y"}}, "2 4 6 8 10 12 14 16 18 20"},
		{Condition{defs[6].ID, Is, []string{"y"}}, "2 4 6 8 10 12 14 16 18 20"},
	} {
		if found := r.found(c.Condition); found != c.want {
			t.Errorf("%+v finds %q, want %q", c.Condition, found, c.want)
		}
	}
	after, err := db.List[string](r.admin, r.DB.Read(r.admin), tableNames(r.DB.Engine()))
	if r.must(err); strings.Join(after, " ") != strings.Join(before, " ") {
		t.Errorf("tables or columns changed")
	}
	r.planned(number)
}

// tableNames lists every table and column there is.
func tableNames(e db.Engine) string {
	if e == db.SQLite {
		return `select m.name || '.' || i.name from sqlite_master m join pragma_table_info(m.name) i where m.type = 'table' order by 1`
	}
	return `select table_name || '.' || column_name from information_schema.columns where table_schema = 'public' order by 1`
}

// planned checks that a condition is answered from the index and not by reading the table.
func (r room) planned(id ID) {
	r.t.Helper()
	if r.DB.Engine() != db.SQLite {
		return // so few rows are read whole there, which is right
	}
	plan, err := db.List[struct {
		ID, Parent, Notused int64
		Detail              string
	}](r.admin, r.DB.Read(r.admin), `explain query plan select patient_id from field_value where field_id = $1 and number >= $2`, id, 18*unit)
	r.must(err)
	if len(plan) == 0 || !strings.Contains(plan[0].Detail, "field_value_number") {
		r.t.Errorf("the plan is %+v", plan)
	}
}

func TestSY10_RulesSpeakBothLanguagesAndNameTheField(t *testing.T) {
	r := newRoom(t)
	a := r.add(Definition{Key: "weight", LabelZH: "体重", LabelEN: "Weight", Kind: Decimal, Minimum: "1", Maximum: "300"})
	b := r.add(Definition{Key: "ward", Kind: Text, Required: true})
	err := r.Check(r.admin, Patient, Values{a.ID: {"500"}}, true)
	e, ok := err.(*fault.Error)
	if !ok || len(e.Fields) != 2 || e.Fields[0].Path != "fields."+a.ID.String() || e.Fields[1].Path != "fields."+b.ID.String() {
		t.Fatalf("%v", err)
	}
	for l, want := range map[lang.Locale]string{lang.ZH: "不能大于 300。", lang.EN: "Must not be above 300."} {
		if got := lang.Text(l, e.Fields[0].Key, e.Fields[0].Args); got != want {
			t.Errorf("%s says %q", l, got)
		}
	}
	for _, bad := range []Definition{
		{Key: "Ü", Kind: Text, LabelZH: "x"}, {Key: "a", Kind: "color", LabelZH: "x"}, {Key: "a", Kind: Choice, LabelZH: "x"}, {Key: "a", Kind: Integer, LabelZH: "x", Minimum: "5", Maximum: "1"},
		{Key: "a", Kind: Text, LabelZH: "x", Pattern: "("}, {Key: "a", Kind: Text, LabelZH: " "}, {Key: "a", Kind: Date, LabelZH: "x", Minimum: "yesterday"},
	} {
		bad.Entity = Patient
		if _, err := r.Create(r.admin, bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v is accepted: %v", bad, err)
		}
	}
	if _, err := r.Create(r.admin, Definition{Entity: Patient, Key: "ward", Kind: Text, LabelZH: "又一"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("the same key twice: %v", err)
	}
}

// A role sees and edits what the field allows; a field put out of use hides and keeps its values.
func TestSY10_FieldsByRoleAndOutOfUse(t *testing.T) {
	r := newRoom(t)
	nurse, nurseRole := r.person("nurse")
	head, headRole := r.person("head")
	secret := r.add(Definition{Key: "income", Kind: Integer, Sees: []string{headRole}})
	shown := r.add(Definition{Key: "habit", Kind: Text, Sees: []string{headRole, nurseRole}, Edits: []string{headRole}})
	r.must(r.write(head, 1, Values{secret.ID: {"5"}, shown.ID: {"早起"}}))
	if got, _ := r.Of(nurse, Patient, []int64{1}); len(got[1]) != 1 || got[1][shown.ID][0] != "早起" {
		t.Errorf("the nurse sees %v", got)
	}
	defs, err := r.Definitions(nurse, Patient)
	if r.must(err); len(defs) != 1 || defs[0].Editable {
		t.Errorf("%+v", defs)
	}
	for id, want := range map[ID]string{secret.ID: "field.value.unknown", shown.ID: "field.value.forbidden"} {
		err := r.write(nurse, 1, Values{id: {"1"}})
		if e, ok := err.(*fault.Error); !ok || e.Fields[0].Key != want {
			t.Errorf("%v", err)
		}
	}
	if _, err := r.Match(nurse, Condition{secret.ID, Is, []string{"5"}}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a filter tells what is hidden: %v", err)
	}
	if _, err := r.Create(nurse, Definition{Entity: Patient, Key: "x", LabelZH: "x", Kind: Text}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("%v", err)
	}
	shown.Active = false
	shown, err = r.Update(r.admin, shown)
	r.must(err)
	if got, _ := r.Of(head, Patient, []int64{1}); len(got[1]) != 1 {
		t.Errorf("out of use, yet %v", got)
	}
	shown.Active = true
	if _, err = r.Update(r.admin, shown); err != nil {
		t.Fatal(err)
	}
	if got, _ := r.Of(head, Patient, []int64{1}); got[1][shown.ID][0] != "早起" {
		t.Errorf("the value is lost: %v", got)
	}
	if _, err := r.Update(r.admin, shown); !fault.Is(err, fault.Conflict) {
		t.Errorf("a stale version: %v", err)
	}
}

// A choice that is retired stays where it stands and is offered no more; facts tell of changes only.
func TestSY11_RetiredChoicesStayInHistory(t *testing.T) {
	r := newRoom(t)
	d := r.add(Definition{Key: "blood", Kind: Choice, Options: []Option{{Code: "a", ZH: "A 型", EN: "A", Active: true}, {Code: "b", ZH: "B 型", Active: true}}})
	other := r.add(Definition{Key: "other", Kind: Text})
	r.must(r.write(r.admin, 1, Values{d.ID: {"a"}}))
	d.Options[0].Active = false
	d, err := r.Update(r.admin, d)
	r.must(err)
	r.must(r.write(r.admin, 1, Values{d.ID: {"a"}, other.ID: {"x"}}))
	if err := r.write(r.admin, 2, Values{d.ID: {"a"}}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a retired choice is taken: %v", err)
	}
	got, err := r.Of(r.admin, Patient, []int64{1})
	if r.must(err); d.Show(lang.ZH, got[1][d.ID]) != "A 型" || d.Show(lang.EN, got[1][d.ID]) != "A" {
		t.Errorf("%v", got)
	}
	facts, err := db.List[string](r.admin, r.DB.Read(r.admin), `select body from event_fact where name = 'field.changed' order by id`)
	if r.must(err); len(facts) != 2 || !strings.Contains(facts[1], other.ID.String()) || strings.Contains(facts[1], d.ID.String()) {
		t.Errorf("%v", facts)
	}
	w := r.add(Definition{Key: "job", Kind: Choice, Dictionary: "occupation"})
	defs, err := r.Definitions(r.admin, Patient)
	if r.must(err); len(defs) != 3 || len(defs[2].Options) < 10 || defs[2].ID != w.ID {
		t.Errorf("the dictionary's words are not offered: %+v", defs)
	}
}

// Numbers as people write them come back as they were, whatever their size.
func TestNumbersRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 2000 {
		n := r.Int64N(2_000_000_000_000) - 1_000_000_000_000
		if back, err := parseNumber(numberText(n), 4); err != nil || back != n {
			t.Fatal(n, numberText(n), back, err)
		}
	}
}
