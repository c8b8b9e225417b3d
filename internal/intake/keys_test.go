package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"renxin/internal/intake"
	"renxin/internal/patient"
)

// person is a registration row; empty fields are left out.
type person struct {
	name, sex, birth, mobile, phone, card, outpatient, inpatient string
}

var (
	anna = person{"王丽华", "女", "1982-03-05", "15400010001", "0531-5550101", "C100", "O100", "I100"}
	bert = person{"赵国强", "男", "1971-11-20", "15400020002", "0531-5550202", "C200", "O200", "I200"}
)

func rows(list ...person) []byte {
	var b strings.Builder
	b.WriteString("源系统,姓名,性别,出生日期,手机,电话,一卡通号,门诊号,住院号\n")
	for _, p := range list {
		fmt.Fprintf(&b, "HIS,%s,%s,%s,%s,%s,%s,%s,%s\n", p.name, p.sex, p.birth, p.mobile, p.phone, p.card, p.outpatient, p.inpatient)
	}
	return []byte(b.String())
}

// keys sets one of the five identity keys of a row.
var keys = []struct {
	name string
	set  func(p *person, from person)
}{
	{"mobile", func(p *person, from person) { p.mobile = from.mobile }},
	{"phone", func(p *person, from person) { p.phone = from.phone }},
	{"card", func(p *person, from person) { p.card = from.card }},
	{"outpatient", func(p *person, from person) { p.outpatient = from.outpatient }},
	{"inpatient", func(p *person, from person) { p.inpatient = from.inpatient }},
}

func (h *house) only(run intake.Run) intake.Message {
	h.t.Helper()
	page, err := h.Records(h.ctx, intake.RecordFilter{RunID: run.ID})
	if err != nil || len(page.Items) != 1 {
		h.t.Fatalf("%d records, %v", len(page.Items), err)
	}
	return page.Items[0]
}

func TestPT03_EachKeyAloneFindsThePatient(t *testing.T) {
	for _, k := range keys {
		t.Run(k.name, func(t *testing.T) {
			h := newHouse(t)
			h.importRaw("base.csv", rows(anna, bert))
			who := h.owner("card", "C100")
			p := person{name: anna.name, sex: anna.sex, birth: anna.birth}
			k.set(&p, anna)
			m := h.only(h.importRaw("one.csv", rows(p)))
			if m.Verdict != intake.Unchanged || m.PatientID != who || m.Key == "" {
				t.Errorf("%s found %s by %q, want %s", m.Verdict, m.PatientID, m.Key, who)
			}
			if h.persons() != 2 {
				t.Errorf("%d persons", h.persons())
			}
		})
	}
}

// A key that says one patient and a key that says another: every pair of the five goes to review, and nothing is written.
func TestPT03_KeysInConflictGoToReview(t *testing.T) {
	h := newHouse(t)
	h.importRaw("base.csv", rows(anna, bert))
	before := h.fingerprint()
	for i, a := range keys {
		for j, b := range keys {
			if i == j || i < 2 && j < 2 { // two telephone numbers alone name nobody
				continue
			}
			p := person{name: anna.name}
			a.set(&p, anna)
			b.set(&p, bert)
			m := h.only(h.importRaw("conflict.csv", rows(p)))
			if m.Verdict != intake.Review || m.PatientID != 0 || m.Code == "" {
				t.Errorf("%s says A, %s says B: %s (%s)", a.name, b.name, m.Verdict, m.Code)
			}
		}
	}
	after := h.fingerprint()
	for _, table := range []string{"patient_patient", "patient_identifier", "patient_contact", "patient_provenance", "visit_encounter", "trail_entry"} {
		if before[table] != after[table] {
			t.Errorf("%s was written: %s, was %s", table, after[table], before[table])
		}
	}
}

// A shared family telephone with another name is somebody else, or a question: never an overwrite.
func TestPT03_FamilyTelephoneOverwritesNobody(t *testing.T) {
	h := newHouse(t)
	h.importRaw("base.csv", rows(anna))
	before, err := h.Patient.Find(h.ctx, h.owner("card", "C100"))
	if err != nil {
		t.Fatal(err)
	}
	child := person{name: "王小宝", sex: "男", birth: "2015-06-01", mobile: anna.mobile, phone: anna.phone, card: "C101"}
	m := h.only(h.importRaw("child.csv", rows(child)))
	if m.Verdict == intake.Updated || m.Verdict == intake.Unchanged {
		t.Errorf("the child was taken for the mother: %s", m.Verdict)
	}
	after, err := h.Patient.Find(h.ctx, before.ID)
	if err != nil || after.Version != before.Version || len(after.Contacts) != len(before.Contacts) {
		t.Errorf("the mother changed: %+v %v", after.Patient, err)
	}
}

func TestPT02_ReviewIsDecidedByAPerson(t *testing.T) {
	h := newHouse(t)
	h.importRaw("base.csv", rows(anna, bert))
	conflict := person{name: anna.name, sex: anna.sex, birth: anna.birth, mobile: "15400030003", card: anna.card, inpatient: bert.inpatient}
	m := h.only(h.importRaw("conflict.csv", rows(conflict)))
	d, err := h.Reveal(h.ctx, m.ID, "test of reading")
	if err != nil || d.Verdict != intake.Review || !strings.Contains(d.Text, "王丽华") || d.Record.Patient.Identifiers[0].Value != "C100" || d.Candidates == "[]" {
		t.Fatalf("%+v %v", d, err)
	}
	who := h.owner("card", "C100")
	settled, err := h.Decide(h.ctx, m.ID, who)
	if err != nil || settled.Verdict != intake.Updated || settled.PatientID != who || settled.Attempts != 2 {
		t.Fatalf("%+v %v", settled, err)
	}
	if h.owner("inpatient", "I200") == who {
		t.Error("B's inpatient number went to A")
	}
	if ids, err := h.Patient.ByNumber(h.ctx, "15400030003"); err != nil || len(ids) != 1 || ids[0] != who {
		t.Errorf("the decided record's telephone: %v %v", ids, err)
	}
	if _, err := h.Decide(h.ctx, m.ID, patient.ID(0)); err == nil {
		t.Error("a settled record was decided again")
	}
	other := h.only(h.importRaw("stranger.csv", rows(person{name: "钱多多", card: anna.card, outpatient: bert.outpatient})))
	fresh, err := h.Decide(h.ctx, other.ID, 0)
	if err != nil || fresh.Verdict != intake.Added || fresh.PatientID == who || h.persons() != 3 {
		t.Errorf("%+v %v", fresh, err)
	}
	if n, err := h.Waiting(h.ctx); err != nil || n != 0 {
		t.Errorf("%d records still wait, %v", n, err)
	}
}

func TestPT02_RejectedRowIsRepairedAndRunAlone(t *testing.T) {
	h := newHouse(t)
	lost := person{name: "孙子涵", sex: "女", birth: "1990-01-02", mobile: "1.54E+10", card: "C300"}
	run := h.importRaw("mixed.csv", rows(anna, lost, bert))
	if run.Counts != (intake.Counts{New: 2, Rejected: 1}) {
		t.Fatalf("%+v", run.Counts)
	}
	m := h.open(intake.Rejected)[0]
	if m.Ref != "R3" || m.Code != "intake.record.lost_digits" {
		t.Errorf("%s %s", m.Ref, m.Code)
	}
	if again, err := h.Rerun(h.ctx, m.ID); err != nil || again.Verdict != intake.Rejected || again.Attempts != 2 {
		t.Errorf("run again as it is: %+v %v", again, err)
	}
	if _, err := h.Repair(h.ctx, m.ID, map[string]string{"patient.shoe_size": "42"}); err == nil {
		t.Error("an unknown field was repaired")
	}
	before := h.fingerprint()
	fixed, err := h.Repair(h.ctx, m.ID, map[string]string{"patient.mobile": "15400090009"})
	if err != nil || fixed.Verdict != intake.Added {
		t.Fatalf("%+v %v", fixed, err)
	}
	if ids, err := h.Patient.ByNumber(h.ctx, "15400090009"); err != nil || len(ids) != 1 || ids[0] != fixed.PatientID {
		t.Errorf("%v %v", ids, err)
	}
	if after := h.fingerprint(); after["visit_encounter"] != before["visit_encounter"] || h.persons() != 3 {
		t.Error("more than the one row was run")
	}
	if again := h.importRaw("mixed.csv", rows(anna, lost, bert)); again.Counts != (intake.Counts{Duplicate: 3}) {
		t.Errorf("replay %+v", again.Counts)
	}
}
