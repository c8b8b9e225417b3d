package fhir

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"renxin/internal/intake"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/fault"
)

var his = intake.ReadOptions{Issuer: "HIS"}

func read(t testing.TB, raw string) Bundle {
	t.Helper()
	b, err := Read([]byte(raw), his)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func one(t testing.TB, raw string) intake.Record {
	t.Helper()
	b := read(t, raw)
	if len(b.Records) != 1 {
		t.Fatalf("%d records of %s", len(b.Records), raw)
	}
	return b.Records[0]
}

func text(v intake.Text) string {
	if v == nil {
		return "<nil>"
	}
	return *v
}

func TestIN01_IdentifiersBySystemTypeAndTable(t *testing.T) {
	o := intake.ReadOptions{Issuer: "HIS", Systems: map[string]string{"http://his/card": "card", "1.2.3": "checkup@TJ", "http://his/visit": "visit"}}
	for in, want := range map[string]intake.Identifier{
		`{"system":"urn:oid:2.16.156.10011.1.3","value":"370100198203052042"}`:          {Kind: "id_card", Value: "370100198203052042"},
		`{"system":"2.16.156.10011.1.11","value":"M1"}`:                                 {Kind: "outpatient", Issuer: "HIS", Value: "M1"},
		`{"system":"urn:oid:2.16.156.10011.1.12","value":"Z1"}`:                         {Kind: "inpatient", Issuer: "HIS", Value: "Z1"},
		`{"system":"urn:oid:2.16.156.10011.1.19","value":"H1"}`:                         {Kind: "health_card", Value: "H1"},
		`{"system":"urn:oid:2.16.156.10011.2.5.1.4","value":"7"}`:                       {Kind: "other", Issuer: "HIS", Value: "7"},
		`{"system":"http://his/card","value":"C"}`:                                      {Kind: "card", Issuer: "HIS", Value: "C"},
		`{"system":"urn:oid:1.2.3","value":"T"}`:                                        {Kind: "checkup", Issuer: "TJ", Value: "T"},
		`{"system":"http://else/mrn","type":{"coding":[{"code":"MR"}]},"value":"5"}`:    {Kind: "other", Issuer: "http://else/mrn", Value: "5"},
		`{"type":{"coding":[{"code":"PPN"}]},"system":"http://passports","value":"E1"}`: {Kind: "passport", Value: "E1"},
		`{"assigner":{"display":"Acme"},"value":"9"}`:                                   {Kind: "other", Issuer: "Acme", Value: "9"},
		`{"value":"10"}`: {Kind: "other", Issuer: "HIS", Value: "10"},
	} {
		b, err := Read([]byte(`{"resourceType":"Patient","identifier":[`+in+`,{"system":"http://his/visit","value":"V"},{"use":"old","value":"O"},{"system":"x"}],"name":[{"text":"王"}]}`), o)
		if err != nil || len(b.Records) != 1 || !reflect.DeepEqual(b.Records[0].Patient.Identifiers, []intake.Identifier{want}) {
			t.Errorf("%s: %+v %v", in, b.Records, err)
		}
	}
	for _, bad := range []map[string]string{{"": "card"}, {"a": "nonsense"}, {"a": "@HIS"}} {
		if err := (Reader{}).Check(intake.ReadOptions{Systems: bad}); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

func TestIN01_PersonsAsTheyAreWritten(t *testing.T) {
	r := one(t, `{"resourceType":"Patient","id":"1","meta":{"versionId":"3"},"unknown":{"deep":[1,{"x":null}]},"name":[{"use":"maiden","text":"李丽华"},{"use":"usual","family":"WANG","given":["Lihua"]},{"family":"王","given":["丽","华"]}],
		"gender":"female","birthDate":"1982-03","_birthDate":{"extension":[]},"deceasedDateTime":"2026-01-02T03:04:05Z","multipleBirthInteger":2,
		"telecom":[{"system":"phone","value":"tel:+86 154-0001-0001"},{"system":"phone","value":"0531-88880101","use":"home"},{"system":"fax","value":"1"},{"system":"email","value":"a@b.c"},{"system":"phone","value":"15400010009","use":"old"},{"value":7}],
		"address":[{"use":"old","text":"旧址"},{"use":"home","state":"山东省","city":"济南市","district":"历下区","line":["文化西路107号"]}],
		"contact":[{"relationship":[{"coding":[{"code":"DAU"}]}],"telecom":[{"system":"phone","value":"15400010002"}]},{"relationship":[{"text":"邻居"}],"telecom":[{"system":"phone","value":"15400010003"}]}],"photo":"x","contact2":1}`)
	p := r.Patient
	if text(p.Name) != "王丽华" || text(p.Sex) != "female" || text(p.BirthDate) != "1982-03" || text(p.DeceasedAt) != "2026-01-02" || text(p.Address) != "山东省济南市历下区文化西路107号" {
		t.Errorf("%s %s %s %s %s", text(p.Name), text(p.Sex), text(p.BirthDate), text(p.DeceasedAt), text(p.Address))
	}
	want := []intake.Telecom{{System: "mobile", Value: "+86 154-0001-0001", Owner: "self"}, {System: "phone", Value: "0531-88880101", Owner: "self"}, {System: "email", Value: "a@b.c", Owner: "self"}, {System: "phone", Value: "7", Owner: "self"},
		{System: "mobile", Value: "15400010002", Owner: "daughter"}, {System: "mobile", Value: "15400010003", Owner: "邻居"}}
	if !reflect.DeepEqual(p.Telecoms, want) {
		t.Errorf("%+v", p.Telecoms)
	}
	if r.Origin == nil || r.Origin.Patient != "Patient/1" || r.Origin.Undated != "" {
		t.Errorf("%+v", r.Origin)
	}
	if r := one(t, `{"resourceType":"Patient","id":"1","name":[{"text":"王"}]}`); r.Origin.Undated != "Patient/1" {
		t.Errorf("neither version nor time: %+v", r.Origin)
	}
}

func TestIN01_DatesKeepTheirPrecision(t *testing.T) {
	zone := time.FixedZone("", 8*3600)
	for in, want := range map[string]string{"2026": "2026 2025-12-31T16:00:00Z", "2026-11": "2026-11 2026-10-31T16:00:00Z", "2026-11-03": "2026-11-03 2026-11-02T16:00:00Z", "2026-11-03T08:15:00+08:00": "2026-11-03 2026-11-03T00:15:00Z",
		"2026-11-03T08:15:00.123456Z": "2026-11-03 2026-11-03T08:15:00Z", "2026-11-03T08:15:00": "2026-11-03 2026-11-03T00:15:00Z", "2026-11-03T08:15+08:00": "2026-11-03 2026-11-03T00:15:00Z", "2026-02-30": "", "": "", "soon": "", "0001-01-01": ""} {
		d, ok := date(in)
		at, also := instant(in, zone)
		got := ""
		if ok && also {
			got = d + " " + at.Time().UTC().Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestIN01_DecimalsAreExact(t *testing.T) {
	for value, want := range map[string]int64{"35.10": 3510, "0.1": 10, "1.005": 101, "-86.50": -8650, "1.5e2": 15000, "259.5": 25950, "100": 10000, "0.30000000000000004": 30, "90071992547409.93": 9007199254740993} {
		r := one(t, `{"resourceType":"ChargeItem","id":"1","status":"billed","subject":{"reference":"Patient/1"},"code":{"text":"x"},"priceOverride":{"value":`+value+`,"currency":"CNY"}}`)
		if len(r.Charges) != 1 || r.Charges[0].AmountFen != want || r.Charges[0].Currency != "" {
			t.Errorf("%s: %+v", value, r.Charges)
		}
	}
	for _, value := range []string{"1e999999999", "1e40", `"much"`, "null", "1" + strings.Repeat("0", 60)} {
		r := one(t, `{"resourceType":"ChargeItem","id":"1","status":"billed","subject":{"reference":"Patient/1"},"code":{"text":"x"},"priceOverride":{"value":`+value+`}}`)
		if len(r.Charges) != 0 || len(r.Problems) != 1 || r.Problems[0].Code != problemAmount {
			t.Errorf("%s: %+v %+v", value, r.Charges, r.Problems)
		}
	}
	r := one(t, `{"resourceType":"ChargeItem","id":"1","status":"billable","subject":{"reference":"Patient/1"},"code":{"text":"x"},"quantity":{"value":3},"unitPriceComponent":{"amount":{"value":12.34,"currency":"EUR"}}}`)
	if r.Charges[0].AmountFen != 3702 || r.Charges[0].Currency != "EUR" || r.Charges[0].Quantity != "3" {
		t.Errorf("R5 unit price: %+v", r.Charges)
	}
}

func TestIN03_EncounterOfR4AndR5(t *testing.T) {
	r4 := `{"resourceType":"Encounter","id":"5","status":"finished","class":{"code":"IMP"},"subject":{"reference":"Patient/1"},"period":{"start":"2026-11-06T09:00:00+08:00","end":"2026-11-13T10:00:00+08:00"},
		"hospitalization":{"dischargeDisposition":{"text":"家中"}},"participant":[{"individual":{"display":"赵敏"}}]}`
	r5 := strings.NewReplacer(`"finished"`, `"completed"`, `{"code":"IMP"}`, `[{"coding":[{"code":"IMP"}]}]`, `"period"`, `"actualPeriod"`, `"hospitalization"`, `"admission"`, `"individual"`, `"actor"`).Replace(r4)
	a, b := one(t, r4), one(t, r5)
	a.Raw, b.Raw = nil, nil
	if !reflect.DeepEqual(a, b) || a.Event != intake.EncounterClose || a.Encounter.Class != "IMP" || a.Encounter.Disposition != "家中" || a.Encounter.DoctorName != "赵敏" || a.Encounter.EndedAt == 0 || a.Origin.OfPatient != "Patient/1" {
		t.Errorf("%+v %+v\n%+v %+v", a, a.Encounter, b, b.Encounter)
	}
	for status, want := range map[string]intake.Event{"planned": intake.PatientUpsert, "arrived": intake.EncounterOpen, "in-progress": intake.EncounterOpen, "finished": intake.EncounterClose, "discharged": intake.EncounterClose,
		"cancelled": intake.EncounterCancel, "entered-in-error": intake.EncounterCancel, "unknown": intake.EncounterUpdate} {
		r := one(t, strings.Replace(r4, `"finished"`, `"`+status+`"`, 1))
		if r.Event != want || (r.Encounter == nil) != (status == "planned") || want == intake.EncounterOpen && r.Encounter.EndedAt != 0 {
			t.Errorf("%s: %s %+v", status, r.Event, r.Encounter)
		}
	}
	for class, want := range map[string]string{"AMB": "AMB", "EMER": "EMER", "ACUTE": "IMP", "SS": "IMP", "VR": "AMB", "": "AMB"} {
		if r := one(t, strings.Replace(r4, `"IMP"`, `"`+class+`"`, 1)); r.Encounter.Class != want {
			t.Errorf("%s: %s", class, r.Encounter.Class)
		}
	}
	if r := one(t, strings.Replace(r4, `"class"`, `"type":[{"text":"健康体检"}],"class"`, 1)); r.Encounter.Class != "CHK" {
		t.Error(r.Encounter.Class)
	}
}

func TestIN02_AppointmentStates(t *testing.T) {
	for status, want := range map[string]intake.Event{"booked": intake.AppointmentBook, "pending": intake.AppointmentBook, "arrived": intake.AppointmentBook, "fulfilled": intake.AppointmentBook, "cancelled": intake.AppointmentCancel,
		"entered-in-error": intake.AppointmentCancel, "noshow": intake.AppointmentNoShow, "proposed": intake.Ignored, "waitlist": intake.Ignored} {
		r := one(t, `{"resourceType":"Appointment","id":"a","status":"`+status+`","start":"2026-11-10T09:00:00+08:00","end":"2026-11-10T09:30:00+08:00","participant":[{"actor":{"reference":"Location/1","display":"妇科门诊"}},{"actor":{"reference":"Patient/1"}},{"actor":{"reference":"Practitioner/2","display":"赵敏"}}]}`)
		if r.Event != want || r.Origin.OfPatient != "Patient/1" {
			t.Errorf("%s: %s %+v", status, r.Event, r.Origin)
		}
		if a := r.Appointment; want != intake.Ignored && (a.Number != "a" || a.StartsAt != clock.At(time.Date(2026, 11, 10, 1, 0, 0, 0, time.UTC)) || a.DepartmentName != "妇科门诊" || a.DoctorName != "赵敏") {
			t.Errorf("%s: %+v", status, a)
		}
	}
	if r := one(t, `{"resourceType":"Appointment","id":"a","status":"booked","participant":[{"actor":{"reference":"Patient/1"}}]}`); len(r.Problems) != 1 || !r.Problems[0].Fatal {
		t.Errorf("booked for no time: %+v", r.Problems)
	}
}

func TestIN01_ReferencesOfEveryKind(t *testing.T) {
	patient := `"identifier":[{"system":"urn:oid:2.16.156.10011.2.5.1.4","value":"7"}],"name":[{"text":"王丽华"}]`
	want := []intake.Identifier{{Kind: "other", Issuer: "HIS", Value: "7"}}
	visit := func(subject, more string) string {
		return `{"resourceType":"Encounter","id":"5","status":"arrived","subject":` + subject + `,"period":{"start":"2026-11-04"}` + more + `}`
	}
	bundle := func(url, subject string) string {
		return `{"resourceType":"Bundle","type":"collection","entry":[{"resource":` + visit(subject, "") + `},{"fullUrl":"` + url + `","resource":{"resourceType":"Patient","id":"1",` + patient + `}}]}`
	}
	for name, raw := range map[string]string{
		"urn:uuid": bundle("urn:uuid:0", `{"reference":"urn:uuid:0"}`), "relative": bundle("", `{"reference":"Patient/1"}`), "absolute": bundle("http://a/fhir/Patient/1", `{"reference":"http://a/fhir/Patient/1"}`),
		"version": bundle("", `{"reference":"Patient/1/_history/3"}`), "other base": bundle("http://a/fhir/Patient/1", `{"reference":"http://b/Patient/1"}`),
		"identifier only": bundle("", `{"identifier":{"system":"urn:oid:2.16.156.10011.2.5.1.4","value":"7"}}`), "contained": visit(`{"reference":"#p"}`, `,"contained":[{"resourceType":"Patient","id":"p",`+patient+`}]`),
		"lines": strings.ReplaceAll(visit(`{"reference":"Patient/1"}`, ""), "\n", "") + "\n\n" + `{"resourceType":"Patient","id":"1",` + patient + "}\r\n",
	} {
		r := one(t, raw)
		if !reflect.DeepEqual(r.Patient.Identifiers, want) || text(r.Patient.Name) != "王丽华" || r.Event != intake.EncounterOpen {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if r := one(t, visit(`{"identifier":{"system":"urn:oid:2.16.156.10011.2.5.1.4","value":"7"}}`, "")); !reflect.DeepEqual(r.Patient.Identifiers, want) || r.Origin.OfPatient != "" {
		t.Errorf("identifier alone: %+v", r)
	}
	b := read(t, visit(`{"reference":"Patient/1"}`, "")+"\n{broken\n"+`{"resourceType":"Patient","id":"1",`+patient+`}`)
	if len(b.Records) != 2 || len(b.Records[1].Problems) != 1 || b.Records[1].Problems[0].Code != problemJSON || string(b.Records[1].Raw) != "{broken" || b.Records[1].Ref != "2" {
		t.Errorf("a broken line: %+v", b.Records)
	}
}

func TestIN04_LinksAreMerges(t *testing.T) {
	id := func(n string) string {
		return `"identifier":[{"system":"urn:oid:2.16.156.10011.2.5.1.4","value":"` + n + `"}]`
	}
	from, into := []intake.Identifier{{Kind: "other", Issuer: "HIS", Value: "old"}}, []intake.Identifier{{Kind: "other", Issuer: "HIS", Value: "new"}}
	for name, raw := range map[string]string{
		"replaced-by": `{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Patient","id":"a",` + id("old") + `,"link":[{"type":"replaced-by","other":{"reference":"Patient/b"}},{"type":"seealso","other":{"reference":"Patient/z"}}]}},{"resource":{"resourceType":"Patient","id":"b",` + id("new") + `,"name":[{"text":"王"}]},"search":{"mode":"include"}}]}`,
		"replaces":    `{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Patient","id":"b",` + id("new") + `,"name":[{"text":"王"}],"link":[{"type":"replaces","other":{"reference":"Patient/a"}}]}},{"resource":{"resourceType":"Patient","id":"a",` + id("old") + `},"search":{"mode":"include"}}]}`,
		"by number":   `{"resourceType":"Patient","id":"b",` + id("new") + `,"name":[{"text":"王"}],"link":[{"type":"replaces","other":{"identifier":{"system":"urn:oid:2.16.156.10011.2.5.1.4","value":"old"}}}]}`,
	} {
		r := one(t, raw)
		if r.Event != intake.PatientMerge || len(r.Merges) != 1 || !reflect.DeepEqual(r.Merges[0].From, from) || !reflect.DeepEqual(r.Merges[0].Into, into) || text(r.Patient.Name) != "王" {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if r := one(t, `{"resourceType":"Patient","id":"a",`+id("old")+`,"link":[{"type":"refer","other":{"reference":"Patient/b"}}]}`); r.Event != intake.PatientUpsert {
		t.Error("a referral is no merge:", r.Event)
	}
}

func TestIN06_ReportsKeepConclusionAndFlag(t *testing.T) {
	raw := `{"resourceType":"DiagnosticReport","id":"r","status":"final","subject":{"reference":"Patient/1"},"code":{"text":"血常规"},"conclusion":"偏高","result":[{"reference":"#o"},{"reference":"#p"}],"presentedForm":[{"contentType":"text/plain","data":"5YWo5paH"}],
		"text":{"div":"<div>18.7</div>"},"contained":[{"resourceType":"Observation","id":"o","code":{"text":"WBC"},"valueQuantity":{"value":18.70,"unit":"10*9/L"},"interpretation":[{"coding":[{"code":"HH"}]}]},{"resourceType":"Observation","id":"p","code":{"text":"HGB"},"valueString":"正常"}]}`
	r := one(t, raw)
	x := r.Reports[0]
	if x.Conclusion != "偏高" || x.Abnormal != "critical" || x.Result != "WBC 18.70 10*9/L\nHGB 正常\n全文" || x.Kind != "lab" {
		t.Errorf("%+v", x)
	}
	if kept := string(r.Kept); strings.Contains(kept, "18.7") || strings.Contains(kept, "正常") || strings.Contains(kept, "5YWo") || !strings.Contains(kept, "偏高") || !strings.Contains(kept, `"HH"`) {
		t.Errorf("kept: %s", kept)
	}
	for _, status := range []string{"registered", "partial", "preliminary", "cancelled", "entered-in-error"} {
		if r := one(t, strings.Replace(raw, `"final"`, `"`+status+`"`, 1)); r.Event != intake.Ignored || len(r.Reports) != 0 {
			t.Errorf("%s: %+v", status, r)
		}
	}
	if o := one(t, `{"resourceType":"Observation","id":"o","valueString":"secret"}`); o.Event != intake.Ignored || strings.Contains(string(o.Kept), "secret") || o.Kept == nil {
		t.Errorf("%+v %s", o, o.Kept)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{`{"resourceType":"Patient","id":"1","link":[{"type":"replaces","other":{"reference":"Patient/1"}}]}`, `{"resourceType":"Bundle","type":"batch","entry":[{"resource":null},{"resource":1},5,{"resource":{"resourceType":"Encounter","subject":{"reference":"#x"},"class":[[{}]]}}]}`,
		`{"resourceType":"ChargeItem","id":"1","priceOverride":{"value":1e12}}`, `{"resourceType":"DiagnosticReport","id":"1","status":"final","result":[{"reference":"urn:uuid:1"}]}`, "{\"resourceType\":\"Patient\"}\n{x\n", `{"resourceType":"Appointment","participant":[{"actor":{"reference":"Patient/1"}}]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, err := Read(raw, his)
		if err != nil {
			if fault.CodeOf(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		for _, r := range b.Records {
			if r.Event == "" || r.Ref == "" || r.Type == "" {
				t.Fatalf("%+v", r)
			}
			if again, err := Read(r.Raw, his); r.Event != intake.Ignored && (err != nil || len(again.Records) != 1 || again.Records[0].Event != r.Event) {
				t.Fatalf("reads again as %d records: %s", len(again.Records), r.Raw)
			}
		}
		for _, e := range b.Entries {
			if e.Record >= len(b.Records) || e.Record < 0 && e.Reason == "" {
				t.Fatalf("%+v", e)
			}
		}
	})
}
