package intake_test

import (
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"renxin/internal/intake"
	"renxin/internal/patient"
	"renxin/internal/platform/db"
)

const utf8Header = "MSH|^~\\&|HIS|H|CRM|H|%TIME||%TYPE|%ID|P|2.5|||AL|NE|CHN|UNICODE UTF-8\n"

var serial int

func message(kind, at, body string) string {
	serial++
	head := strings.NewReplacer("%TIME", at, "%TYPE", kind, "%ID", "T"+strconv.Itoa(serial)).Replace(utf8Header)
	return head + body
}

func pidOf(number, name string) string {
	return "PID|1||" + number + "^^^HIS^PatientNO||" + name + "\n"
}

func (h *house) appointment(number string) (state string, startsAt int64) {
	h.t.Helper()
	a, _, err := db.First[struct {
		State    string
		StartsAt int64
	}](h.ctx, h.db.Read(h.ctx), `select state, starts_at from booking_appointment where number = $1`, number)
	if err != nil {
		h.t.Fatal(err)
	}
	return a.State, a.StartsAt
}

func TestIN02_MessageTimeOrdersNotArrival(t *testing.T) {
	h := newHouse(t)
	book := message("SIU^S12", "20261103102000", "SCH|P1|F1|||||||15|min|^^^20261110090000\n"+pidOf("1", "王丽华")+"PV1|1|O|0305^妇科门诊\n")
	move := message("SIU^S13", "20261105080000", "SCH|P1|F1|||||||15|min|^^^20261112143000\n"+pidOf("1", "王丽华"))
	cancel := message("SIU^S15", "20261106080000", "SCH|P1|F1|||||||15|min|^^^20261112143000\n"+pidOf("1", "王丽华"))
	h.take(move)
	h.take(book)
	if state, at := h.appointment("F1"); state != "booked" || at != 1794465000000 {
		t.Errorf("the older booking won: %s %d", state, at)
	}
	h.take(cancel)
	h.take(message("SIU^S14", "20261104080000", "SCH|P1|F1|||||||15|min|^^^20261111090000\n"+pidOf("1", "王丽华")))
	if state, _ := h.appointment("F1"); state != "cancelled" {
		t.Errorf("an older change woke a cancelled appointment: %s", state)
	}
	h.take(message("ADT^A03", "20261113103000", pidOf("1", "王丽华")+"PV1|1|I|12W||||||||||||||||ZY1|||||||||||||||||||||||||20261106090000|20261113103000\n"))
	h.take(message("ADT^A01", "20261106090000", pidOf("1", "王丽华")+"PV1|1|I|12W||||||||||||||||ZY1|||||||||||||||||||||||||20261106090000\n"))
	if state, err := db.One[string](h.ctx, h.db.Read(h.ctx), `select state from visit_encounter where number = 'ZY1'`); err != nil || state != "finished" {
		t.Errorf("the admission that arrived late undid the discharge: %s %v", state, err)
	}
}

func TestIN04_MergeBeforeEitherNumberIsKnown(t *testing.T) {
	h := newHouse(t)
	h.take(message("ADT^A40", "20261103100000", "PID|1||30^^^HIS^PatientNO\nMRG|20^^^HIS^PatientNO\n"))
	h.take(message("ADT^A40", "20261103090000", "PID|1||20^^^HIS^PatientNO\nMRG|10^^^HIS^PatientNO\n"))
	if h.persons() != 0 {
		t.Fatal("a merge of strangers made a person")
	}
	h.take(message("ADT^A31", "20261103110000", pidOf("30", "王丽华")))
	first := h.take(message("ADT^A04", "20261102080000", pidOf("10", "王丽华")+"PV1|1|O|0305^妇科门诊||||||||||||||||OP1\n"))
	if first.PatientID != h.owner("other", "30") || h.persons() != 1 {
		t.Errorf("10 → 20 → 30 was not followed: %+v, %d persons", first, h.persons())
	}
}

func TestIN04_MergeOfTwoKnownPersonsMovesEverything(t *testing.T) {
	h := newHouse(t)
	h.take(message("ADT^A04", "20261101080000", pidOf("1", "王丽华")+"PV1|1|O|0305^妇科门诊||||||||||||||||OP1\n"))
	h.take(message("ADT^A04", "20261102080000", pidOf("2", "王莉华")+"PV1|1|O|0305^妇科门诊||||||||||||||||OP2\n"))
	if h.persons() != 2 {
		t.Fatalf("%d persons", h.persons())
	}
	merge := message("ADT^A40", "20261103100000", pidOf("1", "王丽华")+"MRG|2^^^HIS^PatientNO\n")
	if o := h.take(merge); o.Verdict != intake.Updated {
		t.Errorf("%+v", o)
	}
	survivor := h.owner("other", "1")
	if n := h.count(`select count(*) from visit_encounter where patient_id = $1`, survivor); n != 2 || h.persons() != 1 {
		t.Errorf("%d visits with the survivor, %d persons", n, h.persons())
	}
	if o := h.take(merge); o.Verdict != intake.Duplicate {
		t.Errorf("the same merge again: %+v", o)
	}
	late := h.take(message("ADT^A03", "20261104080000", pidOf("2", "王莉华")+"PV1|1|O|0305^妇科门诊||||||||||||||||OP2\n"))
	if late.PatientID != survivor {
		t.Errorf("a late message of the merged number went to %s", late.PatientID)
	}
}

func TestIN04_AccountMoveIsNoPersonMerge(t *testing.T) {
	h := newHouse(t)
	h.take(message("ADT^A31", "20261101080000", pidOf("1", "王丽华")))
	h.take(message("ADT^A31", "20261101080000", pidOf("2", "赵国强")))
	for _, kind := range []string{"ADT^A41", "ADT^A35", "ADT^A44", "ADT^A45"} {
		o := h.take(message(kind, "20261103100000", pidOf("1", "王丽华")+"MRG|2^^^HIS^PatientNO||ACC2||V2\n"))
		if o.Verdict != intake.Review || o.Code != "intake.review.move" {
			t.Errorf("%s: %+v", kind, o)
		}
	}
	o := h.take(message("ADT^A47", "20261103100000", "PID|1||1X^^^HIS^PatientNO||王丽华\nMRG|1^^^HIS^PatientNO\n"))
	if o.Verdict != intake.Updated || h.owner("other", "1X") != h.owner("other", "1") {
		t.Errorf("A47 changes a number: %+v", o)
	}
	if h.persons() != 2 || h.count(`select count(*) from patient_merge`) != 0 {
		t.Error("persons were merged")
	}
}

func TestIN04_MergesInReviewAreClosedByAPerson(t *testing.T) {
	h := newHouse(t)
	h.take(message("ADT^A31", "20261101080000", pidOf("1", "王丽华")))
	p := h.owner("other", "1")
	for i, c := range []struct {
		who  patient.ID
		code string
	}{{p, "intake.settled.by_hand"}, {0, "intake.settled.not_followed"}} {
		h.take(message("ADT^A40", "2026110310000"+strconv.Itoa(i), pidOf("1", "王丽华")+"MRG|2^^^LIS^PatientNO\n"))
		m := h.open(intake.Review)[0]
		if again, err := h.Rerun(h.ctx, m.ID); err != nil || again.Verdict != intake.Review {
			t.Errorf("%+v %v", again, err)
		}
		if m, err := h.Decide(h.ctx, m.ID, c.who); err != nil || m.Verdict != intake.Unchanged || m.Code != c.code || m.PatientID != c.who {
			t.Errorf("%+v %v", m, err)
		}
	}
	if h.persons() != 1 || h.count(`select count(*) from patient_merge`) != 0 {
		t.Error("closing a record merged persons")
	}
}

func TestPT22_ArrivalClosesTheBooking(t *testing.T) {
	h := newHouse(t)
	h.take(message("SIU^S12", "20261120102000", "SCH|P1|F1|||||||15|min|^^^20261123090000\n"+pidOf("1", "王丽华")+"PV1|1|O|0305^妇科门诊\n"))
	if state, _ := h.appointment("F1"); state != "booked" {
		t.Fatal(state)
	}
	o := h.take(message("ADT^A04", "20261123085500", pidOf("1", "王丽华")+"PV1|1|O|0305^妇科门诊^^本部||||1021^赵敏||||||||||||OP1|||||||||||||||||||||||||20261123085500\nDG1|1|ICD10|N76.0^急性阴道炎||20261123|W\n"))
	h.settle()
	if state, _ := h.appointment("F1"); state != "arrived" {
		t.Errorf("the visit did not close its booking: %s", state)
	}
	page, err := h.Visit.Encounters(h.ctx, o.PatientID, "", 10)
	if err != nil || len(page.Items) != 1 {
		t.Fatal(page, err)
	}
	if v := page.Items[0]; v.Department != "妇科门诊" || v.DoctorName != "赵敏" || v.Diagnosis != "急性阴道炎" {
		t.Errorf("%+v", v)
	}
}

func TestIN03_ChargesBeforeTheVisitDoNotHideIt(t *testing.T) {
	h := newHouse(t)
	h.take(message("DFT^P03", "20261113110000", pidOf("1", "王丽华")+"PV1|1|I|||||||||||||||||ZY1\nFT1|1|T1||20261108||CG|A^手术费|||1|100.00\nFT1|2|T2||20261108||CG|B^x|||1|100&USD\n"))
	h.take(message("ADT^A01", "20261106090000", pidOf("1", "王丽华")+"PV1|1|I|12W||||1021^赵敏|||012^妇科|||||||||ZY1|||||||||||||||||||||||||20261106090000\n"))
	e, err := db.One[struct {
		DoctorName string
		StartedAt  int64
		N          int
	}](h.ctx, h.db.Read(h.ctx), `select doctor_name, started_at, (select count(*) from visit_encounter) as n from visit_encounter`)
	if err != nil || e.DoctorName != "赵敏" || e.StartedAt != 1793926800000 || e.N != 1 {
		t.Errorf("%+v %v", e, err)
	}
	if fen := h.count(`select sum(amount_fen) from visit_charge`); fen != 10000 {
		t.Errorf("%d fen: a foreign amount stands in a sum of yuan", fen)
	}
}

func TestPT02_UnreadableMessageCanBeSeenButStaysRejected(t *testing.T) {
	h := newHouse(t)
	if o := h.take("姓名,手机\n王丽,15400000001\n李四,15400000002\n"); o.Verdict != intake.Rejected || o.Code != "intake.record.no_header" {
		t.Fatalf("%+v", o)
	}
	m := h.open(intake.Rejected)[0]
	d, err := h.Reveal(h.ctx, m.ID, "test of reading")
	if err != nil || !strings.Contains(d.Text, "王丽") {
		t.Errorf("%+v %v", d, err)
	}
	if _, err := h.Rerun(h.ctx, m.ID); err == nil || h.persons() != 0 {
		t.Errorf("text that came as HL7 was read as a table: %v", err)
	}
}

// The bytes of a message in GB 18030 are kept as they came, shown as text, and read the same again.
func TestPT02_GB18030RecordIsShownAndRunAgain(t *testing.T) {
	h := newHouse(t)
	text := strings.Replace(message("ADT^A31", "20261103100000", "PID|1||||王珅\n"), "UNICODE UTF-8", "GB 18030-2000", 1)
	raw, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	if o := h.take(raw); o.Verdict != intake.Rejected {
		t.Fatalf("%+v", o)
	}
	m := h.open(intake.Rejected)[0]
	d, err := h.Reveal(h.ctx, m.ID, "test of reading")
	if err != nil || !strings.Contains(d.Text, "王珅") || *d.Record.Patient.Name != "王珅" {
		t.Fatalf("%+v %v", d, err)
	}
	fixed, err := h.Repair(h.ctx, m.ID, map[string]string{"patient.card": "C77"})
	if err != nil || fixed.Verdict != intake.Added || fixed.PatientID == 0 {
		t.Errorf("%+v %v", fixed, err)
	}
}

// A sender's header of any length is taken; what goes into keys is cut.
func TestIN01_EndlessHeaderFieldsAreCut(t *testing.T) {
	h := newHouse(t)
	long := strings.Repeat("长", 5000)
	raw := "MSH|^~\\&|" + long + "|H|CRM|H|20261103081500||ADT^A31|" + long + "|P|2.4\n" + pidOf("1", "王丽华")
	if o := h.take(raw); o.Verdict != intake.Added {
		t.Fatalf("%+v", o)
	}
	if o := h.take(raw); o.Verdict != intake.Duplicate {
		t.Errorf("the same again: %+v", o)
	}
	if m := h.open("")[0]; len([]rune(m.ControlID)) != 199 {
		t.Errorf("control number of %d runes", len([]rune(m.ControlID)))
	}
}
