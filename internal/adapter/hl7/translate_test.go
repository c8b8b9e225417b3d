package hl7

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"renxin/internal/intake"
	"renxin/internal/intake/intaketest"
	"renxin/internal/platform/clock"
)

func read(t testing.TB, raw string) intake.Record {
	t.Helper()
	m, r := Read([]byte(raw), Options{})
	if m == nil {
		t.Fatalf("unreadable: %+v", r.Problems)
	}
	return r
}

func at(t testing.TB, s string) clock.Instant {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", s, time.FixedZone("", 8*3600))
	if err != nil {
		t.Fatal(err)
	}
	return clock.At(v)
}

func str(v intake.Text) string {
	if v == nil {
		return "<nil>"
	}
	return *v
}

const (
	msh = "MSH|^~\\&|HIS|H|CRM|H|20261103081500||"
	pid = "\rPID|1||7^^^HIS^PatientNO||王丽华"
)

func TestIN01_EventsOfTheTable(t *testing.T) {
	pv1 := "\rPV1|1|I|W1||||1021^赵敏||||||||||||ZY1|||||||||||||||||||||||||20261103080000"
	mrg := "\rMRG|8^^^HIS^PatientNO||ACC1||V1"
	for trigger, want := range map[string]intake.Event{
		"A01": intake.EncounterOpen, "A04": intake.EncounterOpen, "A05": intake.EncounterOpen, "A02": intake.EncounterUpdate,
		"A08": intake.EncounterUpdate, "A03": intake.EncounterClose, "A11": intake.EncounterCancel, "A13": intake.EncounterReopen,
		"A28": intake.PatientUpsert, "A31": intake.PatientUpsert, "A60": intake.PatientUpsert,
		"A40": intake.PatientMerge, "A34": intake.PatientMerge, "A18": intake.PatientMerge, "A39": intake.PatientMerge,
		"A41": intake.AccountMove, "A35": intake.AccountMove, "A44": intake.AccountMove, "A45": intake.AccountMove,
		"A47": intake.IdentifierChange, "A24": intake.Ignored, "A37": intake.Ignored, "A29": intake.Ignored, "A14": intake.Ignored, "A99": intake.Ignored,
	} {
		r := read(t, msh+"ADT^"+trigger+"|1|P|2.4\rEVN|A01|20261103081500"+pid+pv1+mrg)
		if r.Event != want {
			t.Errorf("%s: %s, want %s", trigger, r.Event, want)
		}
		if r.Event == intake.Ignored && r.Reason == "" {
			t.Errorf("%s ignored without a reason", trigger)
		}
		if merges := len(r.Merges); (merges > 0) != (want == intake.PatientMerge || want == intake.IdentifierChange) {
			t.Errorf("%s: %d merge pairs", trigger, merges)
		}
		if (r.Move != nil) != (want == intake.AccountMove) {
			t.Errorf("%s: move %v", trigger, r.Move)
		}
	}
	for trigger, want := range map[string]intake.Event{
		"S12": intake.AppointmentBook, "S13": intake.AppointmentMove, "S14": intake.AppointmentMove, "S15": intake.AppointmentCancel,
		"S16": intake.AppointmentCancel, "S17": intake.AppointmentCancel, "S26": intake.AppointmentNoShow, "S23": intake.Ignored,
	} {
		if r := read(t, msh+"SIU^"+trigger+"|1|P|2.5\rSCH|P1|F1|||||||15|min|^^^20261110090000"+pid); r.Event != want {
			t.Errorf("%s: %s, want %s", trigger, r.Event, want)
		}
	}
}

func TestIN04_MergePairsRepeatAndPairByMessageOrder(t *testing.T) {
	r := read(t, msh+"ADT^A40|1|P|2.4\rPID|1||1^^^A^MR~5^^^B^MR\rMRG|2^^^A^MR\rPID|2||3^^^A^MR\rMRG|4^^^A^MR~6^^^A^MR")
	id := func(issuer, v string) intake.Identifier {
		return intake.Identifier{Kind: "other", Issuer: issuer, Value: v}
	}
	want := []intake.MergePair{
		{From: []intake.Identifier{id("A", "2")}, Into: []intake.Identifier{id("A", "1"), id("B", "5")}},
		{From: []intake.Identifier{id("A", "4"), id("A", "6")}, Into: []intake.Identifier{id("A", "3")}},
	}
	if !reflect.DeepEqual(r.Merges, want) {
		t.Errorf("got %+v", r.Merges)
	}
	bare := read(t, msh+"ADT^A40|1|P|2.4"+pid)
	if len(bare.Problems) != 1 || !bare.Problems[0].Fatal {
		t.Errorf("a merge without MRG passes: %+v", bare.Problems)
	}
}

func TestPT02_DeleteAndLeaveAlone(t *testing.T) {
	r := read(t, msh+`ADT^A31|1|P|2.4`+"\rPID|1||7^^^HIS||\"\"||1982|\"\"|||||\"\"^PRN^CP~010-5550101^PRN^PH")
	p := r.Patient
	if str(p.Name) != "" || p.Name == nil || str(p.Sex) != "" || p.Sex == nil {
		t.Errorf(`"" must delete: name %q sex %q`, str(p.Name), str(p.Sex))
	}
	if p.Address != nil || p.Marital != nil {
		t.Error("an empty field must leave alone")
	}
	if str(p.BirthDate) != "1982" {
		t.Errorf("birth %q, want the year only", str(p.BirthDate))
	}
	want := []intake.Telecom{{System: "mobile", Owner: "self"}, {System: "phone", Value: "010-5550101", Owner: "self"}}
	if !reflect.DeepEqual(p.Telecoms, want) {
		t.Errorf("telecoms %+v", p.Telecoms)
	}
}

func TestIN03_Amounts(t *testing.T) {
	r := read(t, msh+"DFT^P03|1|P|2.4"+pid+
		"\rFT1|1|T1||20261108||CG|A^手术费|||1|3260.00"+
		"\rFT1|2|T2||20261108||CR|B^退费|||1|86.50"+
		"\rFT1|3|T3||20261108||CR|B^退费|||1|-86.50"+
		"\rFT1|4|T4||20261108||CG|C^x|||2|100&USD|50&USD"+
		"\rFT1|5|T5||20261108||CG|D^x|||3||0.335"+
		"\rFT1|6|||20261108||CG|E^x|||1|1,000"+
		"\rFT1|7|||20261108||CG|E^x|||1|1,000"+
		"\rFT1|8|T8||20261108||PY|F^x|||1|10"+
		"\rFT1|9|T9||20261108||CG|G^x|||1|1E+5")
	var fen []int64
	for _, c := range r.Charges {
		fen = append(fen, c.AmountFen)
	}
	if want := []int64{326000, -8650, -8650, 10000, 101, 100000, 100000}; !reflect.DeepEqual(fen, want) {
		t.Fatalf("amounts %v, want %v", fen, want)
	}
	if r.Charges[3].Currency != "USD" || r.Charges[0].Currency != "" {
		t.Error("currency lost")
	}
	a, b := r.Charges[5].Number, r.Charges[6].Number
	if a == "" || a == b {
		t.Errorf("two equal lines without a number need two keys: %q %q", a, b)
	}
	if len(r.Problems) != 1 || r.Problems[0].Code != problemAmount {
		t.Errorf("problems %+v", r.Problems)
	}
}

func TestIN02_TimesOfAppointments(t *testing.T) {
	base := msh + "SIU^S12|1|P|2.5\rSCH|P1|F1|||||||15|min|^^15^20201001112600+0215"
	cases := []struct{ name, raw, from, to string }{
		{"TQ1 beats SCH-11", base + "\rTQ1|||||||20261110090000|20261110091500" + pid, "2026-11-10 09:00", "2026-11-10 09:15"},
		{"SCH-11 with its offset", base + pid, "2020-10-01 17:11", "2020-10-01 17:26"},
		{"AIS stands in", msh + "SIU^S12|1|P|2.5\rSCH|P1" + pid + "\rRGS|1\rAIS|1|A|X|20261110090000|||30|min", "2026-11-10 09:00", "2026-11-10 09:30"},
	}
	for _, c := range cases {
		a := read(t, c.raw).Appointment
		if a.StartsAt != at(t, c.from) || a.EndsAt != at(t, c.to) {
			t.Errorf("%s: %s–%s", c.name, a.StartsAt, a.EndsAt)
		}
	}
	if a := read(t, cases[2].raw).Appointment; a.Number != "P1" {
		t.Errorf("without SCH-2 the placer is the key, got %q", a.Number)
	}
}

func TestIN01_Times(t *testing.T) {
	zone := time.FixedZone("", 8*3600)
	for in, want := range map[string]string{
		"20261103081500": "2026-11-03T00:15:00.000Z", "202611030815+0215": "2026-11-03T06:00:00.000Z", "20210817151943.4+0200": "2021-08-17T13:19:43.000Z",
		"2026": "2025-12-31T16:00:00.000Z", "2026-11-03 08:15:00": "2026-11-03T00:15:00.000Z", "2026/11/03": "2026-11-02T16:00:00.000Z",
	} {
		got, ok := parseTime(in, zone)
		if !ok || got.String() != want {
			t.Errorf("%s: %s %v, want %s", in, got, ok, want)
		}
	}
	for _, bad := range []string{"20260231", "2026110", "99999999", "yesterday", "2026110325", "1", "20261103-1", "00000000"} {
		if got, ok := parseTime(bad, zone); ok {
			t.Errorf("%q read as %s", bad, got)
		}
	}
	if d, _ := parseDate("19240229000000+1400"); d != "1924-02-29" {
		t.Errorf("a birth date is the date as written, got %q", d)
	}
	if _, ok := parseDate("19230229"); ok {
		t.Error("29 February 1923 accepted")
	}
}

func TestIN06_ReportsHoldConclusionAndFlagBesideTheText(t *testing.T) {
	r := read(t, msh+"ORU^R01|1|P|2.4"+pid+
		"\rOBR|1|P1|F1|TJ01^健康体检总检|||20261107083000|||||||||||||||20261107160000"+
		"\rOBX|1|NM|GLU^空腹血糖||27.8|mmol/L|3.9-6.1|HH|||F"+
		"\rOBX|2|ST|SUM^总检建议||1. 血糖升高\\S\\~2. 复查||||||F")
	want := []intake.Report{{Number: "F1", Kind: "checkup", Name: "健康体检总检", Conclusion: "1. 血糖升高^\n2. 复查", Abnormal: "critical", Result: "空腹血糖 27.8 mmol/L", At: at(t, "2026-11-07 16:00")}}
	if !reflect.DeepEqual(r.Reports, want) {
		t.Errorf("got %+v", r.Reports)
	}
}

func TestIN01_NamesAndNumbers(t *testing.T) {
	for field, want := range map[string]string{
		"王丽华^WANG LIHUA": "王丽华", "王^丽华": "王丽华", "DUCK^DONALD^D": "DONALD D DUCK", "WANG^LIHUA~王^丽华^^^^^^I": "王丽华",
		"EVERYMAN&&&&Aniston^ADAM^A^III": "ADAM A EVERYMAN", "古丽娜尔·买买提": "古丽娜尔·买买提", "": "<nil>",
	} {
		if got := str(read(t, msh+"ADT^A31|1|P|2.4\rPID|1||7||"+field).Patient.Name); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
	ids := read(t, msh+"ADT^A31|1|P|2.4\rPID|1||7^^^HIS^PatientNO~370100198203052042^^^GA^IdentifyNO~66^^^HIS^CardNO~9^^^HIS^OutpatientNO~V1^^^HIS^VN~8^^^&1.2.3&ISO^InpatientNO||||||||||||||||370100198203052042").Patient.Identifiers
	want := []intake.Identifier{{Kind: "other", Issuer: "HIS", Value: "7"}, {Kind: "id_card", Value: "370100198203052042"}, {Kind: "card", Issuer: "HIS", Value: "66"},
		{Kind: "outpatient", Issuer: "HIS", Value: "9"}, {Kind: "inpatient", Issuer: "1.2.3", Value: "8"}}
	if !reflect.DeepEqual(ids, want) {
		t.Errorf("identifiers %+v", ids)
	}
	none := read(t, msh+"ADT^A31|1|P|2.4\rPID|1||||王丽华")
	if len(none.Problems) != 1 || !none.Problems[0].Fatal || none.Problems[0].Field != "PID-3" {
		t.Errorf("a person without a number passes: %+v", none.Problems)
	}
}

// Every third-party sample is read without a fatal problem; what each counts to is the README's table.
func TestIN01_SamplesAllParse(t *testing.T) {
	for _, c := range []struct {
		folder, pattern string
		messages        int
	}{{"hl7v2-microsoft", "*.hl7", 36}, {"hl7v2-simhospital", "*.hl7", 506}, {"hl7v2-cn-authored", "*", 14}} {
		total := 0
		for _, path := range intaketest.Glob(t, c.folder, c.pattern) {
			file, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			list, unread := Split(file)
			if unread > 0 {
				t.Errorf("%s: %d unread", filepath.Base(path), unread)
			}
			for i, raw := range list {
				total++
				_, r := Read(raw, Options{})
				for _, p := range r.Problems {
					if p.Fatal {
						t.Errorf("%s #%d %s: %+v", filepath.Base(path), i+1, r.Type, p)
					} else {
						t.Logf("%s #%d %s: %+v", filepath.Base(path), i+1, r.Type, p)
					}
				}
			}
		}
		if total != c.messages {
			t.Errorf("%s: %d messages, want %d", c.folder, total, c.messages)
		}
	}
}

func TestIN04_SimulatedHospitalCounts(t *testing.T) {
	list, _ := Split(intaketest.File(t, "hl7v2-simhospital", "messages-001-506.hl7"))
	types, numbers, merges := map[string]int{}, map[string]bool{}, []intake.MergePair{}
	for _, raw := range list {
		_, r := Read(raw, Options{})
		types[r.Type]++
		merges = append(merges, r.Merges...)
		for _, id := range append(r.Patient.Identifiers, allFrom(r.Merges)...) {
			if id.Issuer == "SIMULATOR MRN" {
				numbers[id.Value] = true
			}
		}
	}
	if want := map[string]int{"ADT^A01": 206, "ORU^R01": 298, "MDM^T02": 1, "ADT^A34": 1}; !reflect.DeepEqual(types, want) {
		t.Errorf("types %v", types)
	}
	if len(numbers) != 208 {
		t.Errorf("%d patient numbers, want 208", len(numbers))
	}
	if len(merges) != 1 || merges[0].From[0].Value != "618454581" || merges[0].Into[0].Value != "2777246431" {
		t.Errorf("merges %+v", merges)
	}
}

func allFrom(pairs []intake.MergePair) []intake.Identifier {
	var out []intake.Identifier
	for _, p := range pairs {
		out = append(out, p.From...)
	}
	return out
}

func TestIN02_MicrosoftAppointmentIsOne(t *testing.T) {
	starts := map[string]clock.Instant{}
	for _, path := range intaketest.Glob(t, "hl7v2-microsoft", "SIU*.hl7") {
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		a := read(t, string(file)).Appointment
		if a == nil || a.Number != "36996" || a.Placer != "12345" {
			t.Errorf("%s: %+v", filepath.Base(path), a)
			continue
		}
		starts[filepath.Base(path)] = a.StartsAt
	}
	// TQ1-7 is 2021-09-24 09:30 +0215; SCH-11 says 2020-10-01.
	if got := starts["SIU-S12-01.hl7"].String(); got != "2021-09-24T07:15:00.000Z" {
		t.Errorf("S12 starts %s", got)
	}
}

func TestIN01_ChineseSamples(t *testing.T) {
	records := map[string]intake.Record{}
	for _, path := range intaketest.Glob(t, "hl7v2-cn-authored", "*.hl7") {
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		records[filepath.Base(path)[:2]] = read(t, string(file))
	}
	p := records["01"].Patient
	wantIDs := []intake.Identifier{{Kind: "other", Issuer: "HIS", Value: "0001987225"}, {Kind: "id_card", Value: "370100198203052042"},
		{Kind: "card", Issuer: "HIS", Value: "6601987225"}, {Kind: "outpatient", Issuer: "HIS", Value: "18841189"}}
	wantTel := []intake.Telecom{{System: "mobile", Value: "15400010001", Owner: "self"}, {System: "phone", Value: "0531-5550101", Owner: "self"}, {System: "mobile", Value: "15400010002", Owner: "husband"}}
	if !reflect.DeepEqual(p.Identifiers, wantIDs) || !reflect.DeepEqual(p.Telecoms, wantTel) {
		t.Errorf("01: %+v %+v", p.Identifiers, p.Telecoms)
	}
	e := records["01"].Encounter
	if e == nil || e.Number != "OP202611030001" || e.Class != "AMB" || e.DepartmentName != "妇科门诊" || e.DoctorName != "赵敏" || e.StartedAt != at(t, "2026-11-03 08:15") {
		t.Errorf("01 visit: %+v", e)
	}
	if got := str(records["02"].Patient.Name) + str(records["02"].Patient.Address); got != "王珅山东省济南市歷城區運河路8號" {
		t.Errorf("02: %s", got)
	}
	if r := records["03"]; str(r.Patient.Name) != "張瑋" || r.Patient.Telecoms[0].Value != "" {
		t.Errorf("03: %s %+v", str(r.Patient.Name), r.Patient.Telecoms)
	}
	if a := records["06"].Appointment; a.Number != "AP9001-F" || a.StartsAt != at(t, "2026-11-12 14:30") || a.EndsAt != at(t, "2026-11-12 14:45") || a.DoctorName != "赵敏" || a.DepartmentName != "妇科门诊" || a.Reason != "复诊" {
		t.Errorf("06: %+v", a)
	}
	d := records["10"]
	if d.Encounter.EndedAt != at(t, "2026-11-13 10:30") || d.Encounter.Number != "ZY2026110601" || d.Encounter.WardCode != "12W" || d.Encounter.Bed != "1205-02" ||
		d.Conditions[0].Code != "D25.900" || d.Conditions[0].Kind != "discharge" || d.Procedures[0].Code != "68.2904" || d.Procedures[0].At != at(t, "2026-11-08 00:00") {
		t.Errorf("10: %+v %+v %+v", d.Encounter, d.Conditions, d.Procedures)
	}
	var net int64
	for _, c := range records["11"].Charges {
		net += c.AmountFen
	}
	if net != 343300 || records["11"].Encounter.Number != "ZY2026110601" {
		t.Errorf("charges %d fen", net)
	}
	rep := records["12"].Reports[0]
	if rep.Kind != "checkup" || rep.Abnormal != "abnormal" || !strings.Contains(rep.Conclusion, "甲状腺结节") || strings.Contains(rep.Conclusion, "7.8") {
		t.Errorf("12: %+v", rep)
	}
}

func BenchmarkRead(b *testing.B) {
	list, _ := Split(intaketest.File(b, "hl7v2-simhospital", "messages-001-506.hl7"))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Read(list[i%len(list)], Options{})
	}
}
