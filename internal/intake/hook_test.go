package intake_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"renxin/internal/adapter/fhir"
	"renxin/internal/adapter/v3"
	"renxin/internal/intake"
	"renxin/internal/intake/intaketest"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/setting"
)

// systems is how the hospital of these tests names its counting in FHIR.
var systems = map[string]string{"http://his.example/patient": "other@HIS", "http://his.example/card": "card@HIS", "http://his.example/visit": "visit@HIS"}

// hook admits a sender.
func (h *house) hook(name, format string) intake.Hook {
	h.t.Helper()
	k, _, err := h.CreateHook(h.ctx, intake.HookInput{Name: name, Format: format, Issuer: "HIS", Systems: map[string]map[string]string{intake.HookFHIR: systems}[format]})
	if err != nil {
		h.t.Fatal(err)
	}
	return k
}

func (h *house) pushFHIR(k intake.Hook, text string) []intake.Outcome {
	h.t.Helper()
	b, err := fhir.Read([]byte(text), h.OptionsOf(h.ctx, k))
	if err != nil {
		h.t.Fatal(err)
	}
	out, err := h.Push(h.ctx, intake.Push{Hook: k, Address: "127.0.0.1", Charset: "UTF-8", Records: b.Records, Whole: b.Type == "transaction"})
	if err != nil {
		h.t.Fatal(err)
	}
	h.settle()
	return out
}

func (h *house) pushV3(k intake.Hook, text string) intake.Outcome {
	h.t.Helper()
	m, err := v3.Read([]byte(text), h.OptionsOf(h.ctx, k))
	if err != nil {
		h.t.Fatal(err)
	}
	out, err := h.Push(h.ctx, intake.Push{Hook: k, Address: "127.0.0.1", Charset: m.Charset, Records: []intake.Record{m.Record}})
	if err != nil {
		h.t.Fatal(err)
	}
	h.settle()
	return out[0]
}

// rows are the business rows of the house without keys and clocks: what the pages show.
func (h *house) rows() map[string][]string {
	h.t.Helper()
	out := map[string][]string{}
	for table, columns := range map[string]string{
		"patient_patient":     "name, sex, birth_date, address, marital",
		"patient_identifier":  "kind, issuer, value",
		"patient_contact":     "system, number, owner",
		"visit_encounter":     "issuer, number, class, state, ward, bed, doctor_name, started_at, ended_at",
		"visit_condition":     "code, name, kind, rank",
		"visit_charge":        "code, name, amount_fen",
		"visit_report":        "issuer, number, kind, name, conclusion, abnormal, result, at",
		"booking_appointment": "issuer, number, state, doctor_name, starts_at, ends_at",
		"staff_department":    "code, name",
	} {
		parts := strings.Split(columns, ", ")
		for i, c := range parts {
			parts[i] = "cast(" + c + " as text)"
		}
		list, err := db.List[string](h.ctx, h.db.Read(h.ctx), `select `+strings.Join(parts, ` || '|' || `)+` from `+table)
		if err != nil {
			h.t.Fatal(table, err)
		}
		slices.Sort(list)
		out[table] = list
	}
	return out
}

func (h *house) tellsAlike(what string, got, want map[string][]string, but ...string) {
	h.t.Helper()
	for _, table := range slices.Sorted(maps.Keys(want)) {
		if !slices.Contains(but, table) && !slices.Equal(got[table], want[table]) {
			h.t.Errorf("%s: %s\n got %q\nwant %q", what, table, got[table], want[table])
		}
	}
}

const personV2 = "MSH|^~\\&|HIS|XXYY|HCRM|XXYY|20261103081500||ADT^A28^ADT_A05|A1|P|2.4|||AL|NE|CHN|UNICODE UTF-8\n" +
	"PID|1||0001987225^^^HIS^PatientNO~370100198203052042^^^GA^IDCard~C7^^^HIS^CardNO||王丽华||19820305|F|||山东省济南市历下区文化西路107号||15400010001^PRN^CP"

const personFHIR = `{"resourceType":"Patient","id":"1","meta":{"lastUpdated":"2026-11-03T08:15:00+08:00"},
	"identifier":[{"system":"http://his.example/patient","value":"0001987225"},{"system":"urn:oid:2.16.156.10011.1.3","value":"370100198203052042"},{"system":"http://his.example/card","value":"C7"}],
	"name":[{"use":"official","text":"王丽华","family":"王","given":["丽华"]}],"gender":"female","birthDate":"1982-03-05",
	"telecom":[{"system":"phone","value":"15400010001","use":"mobile"}],"address":[{"use":"home","text":"山东省济南市历下区文化西路107号"}]}`

const personV3 = `<?xml version="1.0" encoding="UTF-8"?><PRPA_IN201311UV02 xmlns="urn:hl7-org:v3"><id root="2.16.156.10011.2.5.1.1" extension="m1"/><creationTime value="20261103081500"/>
	<interactionId root="2.16.156.10011.2.5.1.2" extension="S0001"/><sender><device><id><item root="2.16.156.10011.2.5.1.3" extension="HIS"/></id></device></sender>
	<controlActProcess><subject><registrationRequest><subject1><patient><id><item root="2.16.156.10011.2.5.1.4" extension="0001987225"/></id>
	<patientPerson><id><item root="2.16.156.10011.1.3" extension="370100198203052042"/></id><name><item><part value="王丽华"/></item></name>
	<telecom><item value="15400010001"/></telecom><administrativeGenderCode code="2"/><birthTime value="19820305"/><addr><item use="H"><part type="SAL" value="山东省济南市历下区文化西路107号"/></item></addr>
	<asOtherIDs><id><item root="1.2.3.77" extension="C7"/></id></asOtherIDs></patientPerson></patient></subject1></registrationRequest></subject></controlActProcess></PRPA_IN201311UV02>`

const personCSV = "患者编号,身份证号,就诊卡号,姓名,性别,出生日期,手机,地址\n0001987225,370100198203052042,C7,王丽华,女,1982-03-05,15400010001,山东省济南市历下区文化西路107号\n"

func (h *house) v3hook() intake.Hook {
	h.t.Helper()
	k, _, err := h.CreateHook(h.ctx, intake.HookInput{Name: "ESB", Format: intake.HookV3, Issuer: "HIS", Systems: map[string]string{"1.2.3.77": "card"}})
	if err != nil {
		h.t.Fatal(err)
	}
	return k
}

// senders tell the same facts of one person, each in its own language.
var senders = map[string]func(h *house){
	"HL7 v2": func(h *house) { h.take(personV2) },
	"FHIR":   func(h *house) { h.pushFHIR(h.hook("FHIR", intake.HookFHIR), personFHIR) },
	"V3":     func(h *house) { h.pushV3(h.v3hook(), personV3) },
	"CSV":    func(h *house) { h.importRaw("p.csv", []byte(personCSV)) },
}

func TestIN01_FHIRPatientLandsInTheSameStaging(t *testing.T) {
	first := newHouse(t)
	senders["HL7 v2"](first)
	want := first.rows()
	if len(want["patient_patient"]) != 1 || len(want["patient_identifier"]) != 3 || len(want["patient_contact"]) != 1 {
		t.Fatal(want)
	}
	for _, name := range slices.Sorted(maps.Keys(senders)) {
		h := newHouse(t)
		senders[name](h)
		h.tellsAlike(name+" alone", h.rows(), want)
		if n := h.count(`select count(*) from intake_message where verdict = 'new' and raw <> ''`); n != 1 {
			t.Errorf("%s: %d staged records", name, n)
		}
		for _, other := range slices.Sorted(maps.Keys(senders)) {
			if other != name {
				senders[other](h)
			}
		}
		h.tellsAlike(name+", then the others", h.rows(), want)
		if open := append(h.open(intake.Review), h.open(intake.Rejected)...); len(open) != 0 {
			t.Errorf("%s first: %+v", name, open)
		}
	}
}

func TestIN01_EveryPublishedFHIRResourceIsAnswered(t *testing.T) {
	h := newHouse(t)
	k := h.hook("samples", intake.HookFHIR)
	files := append(intaketest.Glob(t, "fhir-r4-synthea", "*.json"), intaketest.Glob(t, "fhir-r4-examples", "*.json")...)
	push := func() (n map[intake.Verdict]int) {
		n = map[intake.Verdict]int{}
		for _, path := range files {
			for _, o := range h.pushFHIR(k, string(intaketest.File(t, path[strings.LastIndex(path[:strings.LastIndexByte(path, '/')], "/")+1:]))) {
				n[o.Verdict]++
				if o.Verdict == "" || o.Verdict == intake.Rejected && (o.Code == "" || o.Code == "intake.record.failed") {
					t.Errorf("%s: %+v", path, o)
				}
			}
		}
		return n
	}
	t.Logf("%v", push())
	if n := h.count(`select count(*) from visit_encounter where number in (select number from visit_encounter where state = 'finished')`); n < 16 {
		t.Errorf("%d visits, want the 16 of the generated persons at least", n)
	}
	before := h.fingerprint()
	for v, n := range push() {
		if v != intake.Duplicate && v != intake.Rejected {
			t.Errorf("replay: %d %s", n, v)
		}
	}
	h.same(before)
}

func TestIN01_V3SamplesOfBothShapes(t *testing.T) {
	h := newHouse(t)
	h.importFolder("hl7v2-cn-authored", "*")
	persons := h.persons()
	h.importFolder("v3-cn-authored", "*.xml")
	if open := append(h.open(intake.Review), h.open(intake.Rejected)...); len(open) != 0 || h.persons() != persons {
		t.Errorf("%d persons, were %d; %+v", h.persons(), persons, open)
	}
	for number, card := range map[string]string{"0001987225": "HC370100001", "0001987300": "HC370100002"} {
		if a, b := h.owner("other", number), h.owner("health_card", card); a == 0 || a != b {
			t.Errorf("%s holds no health card %s: %s %s", number, card, a, b)
		}
	}
	before := h.fingerprint()
	if again := h.importFolder("v3-cn-authored", "*.xml"); again.Duplicate != 2 {
		t.Errorf("replay: %+v", again)
	}
	h.same(before)
}

// stories are one stay and one outpatient visit with everything around them, told in three languages.
const visitV2 = "MSH|^~\\&|HIS|X|HCRM|X|20261104091500||ADT^A04|B1|P|2.4|||AL|NE|CHN|UNICODE UTF-8\nEVN|A04|20261104091500\n" +
	"PID|1||0001987225^^^HIS^PatientNO||王丽华||19820305|F\nPV1|1|O|3100^妇科||||1021^赵敏||||||||||||MZ88^^^HIS|||||||||||||||||||||||||20261104090000\nDG1|1||N87.1^宫颈上皮内瘤变II级^ICD10|||F"

const visitFHIR = `{"resourceType":"Bundle","type":"transaction","timestamp":"2026-11-04T09:15:00+08:00","entry":[
	{"fullUrl":"urn:uuid:p","resource":{"resourceType":"Patient","identifier":[{"system":"http://his.example/patient","value":"0001987225"}],"name":[{"text":"王丽华"}],"gender":"female","birthDate":"1982-03-05"},"request":{"method":"POST","url":"Patient"}},
	{"fullUrl":"urn:uuid:d","resource":{"resourceType":"Practitioner","identifier":[{"system":"urn:oid:2.16.156.10011.1.4","value":"1021"}],"name":[{"text":"赵敏"}]},"request":{"method":"POST","url":"Practitioner"}},
	{"fullUrl":"urn:uuid:e","resource":{"resourceType":"Encounter","status":"in-progress","class":{"code":"AMB"},"identifier":[{"system":"http://his.example/visit","value":"MZ88"}],
		"subject":{"reference":"urn:uuid:p"},"period":{"start":"2026-11-04T09:00:00+08:00"},"serviceType":{"coding":[{"code":"3100","display":"妇科"}]},
		"participant":[{"type":[{"coding":[{"code":"ATND"}]}],"individual":{"reference":"urn:uuid:d"}}]},"request":{"method":"POST","url":"Encounter"}},
	{"fullUrl":"urn:uuid:c","resource":{"resourceType":"Condition","subject":{"reference":"urn:uuid:p"},"encounter":{"reference":"urn:uuid:e"},
		"code":{"coding":[{"system":"http://snomed.info/sct","code":"285838002","display":"CIN 2"},{"system":"http://hl7.org/fhir/sid/icd-10","code":"N87.1","display":"宫颈上皮内瘤变II级"}]}},"request":{"method":"POST","url":"Condition"}}]}`

func visitV3(kind, inner string) string {
	return `<` + kind + ` xmlns="urn:hl7-org:v3"><id extension="` + fmt.Sprint(len(inner)) + `"/><creationTime value="20261104091500"/><interactionId extension="` + kind + `"/><sender><device><id extension="HIS"/></device></sender>
		<controlActProcess><subject><encounterEvent>` + inner + `<subject><patient><id><item root="2.16.156.10011.2.5.1.4" extension="0001987225"/></id><patientPerson><name><item><part value="王丽华"/></item></name>
		<administrativeGenderCode code="2"/><birthTime value="19820305"/></patientPerson></patient></subject></encounterEvent></subject></controlActProcess></` + kind + `>`
}

const placeV3 = `<admitter><assignedPerson><id><item root="2.16.156.10011.1.4" extension="1021"/></id><assignedPerson><name><item><part value="赵敏"/></item></name></assignedPerson></assignedPerson></admitter>
	<location><serviceDeliveryLocation><location><id><item root="2.16.156.10011.1.26" extension="3100"/></id><name><item><part value="妇科"/></item></name></location></serviceDeliveryLocation></location>`

func TestIN03_OneOutpatientVisitInThreeLanguages(t *testing.T) {
	outpatient := visitV3("PRPA_IN400001UV", `<id><item root="2.16.156.10011.2.5.1.9" extension="MZ88"/></id><code code="1"><displayName value="门诊"/></code><effectiveTime><low value="20261104090000"/></effectiveTime>
		<reason><observationDx><value code="N87.1"><displayName value="宫颈上皮内瘤变II级"/></value></observationDx></reason>`+placeV3)
	tell := map[string]func(h *house){
		"HL7 v2": func(h *house) { h.take(visitV2) },
		"FHIR":   func(h *house) { h.pushFHIR(h.hook("FHIR", intake.HookFHIR), visitFHIR) },
		"V3":     func(h *house) { h.pushV3(h.v3hook(), outpatient) },
	}
	first := newHouse(t)
	tell["HL7 v2"](first)
	want := first.rows()
	if len(want["visit_encounter"]) != 1 || len(want["visit_condition"]) != 1 {
		t.Fatal(want)
	}
	for _, name := range slices.Sorted(maps.Keys(tell)) {
		h := newHouse(t)
		tell[name](h)
		h.tellsAlike(name, h.rows(), want)
		for _, other := range slices.Sorted(maps.Keys(tell)) {
			if other != name {
				tell[other](h)
			}
		}
		h.tellsAlike(name+", then the others", h.rows(), want)
	}
}

func TestIN04_StayDischargeAndMergeInThreeLanguages(t *testing.T) {
	v2 := func(h *house) {
		h.take("MSH|^~\\&|HIS|X|HCRM|X|20261106091500||ADT^A01|S1|P|2.4|||AL|NE|CHN|UNICODE UTF-8\nEVN|A01|20261106091500\nPID|1||0001987225^^^HIS^PatientNO||王丽华||19820305|F\n" +
			"PV1|1|I|W31^^12||||1021^赵敏|||3100^妇科|||||||||ZY9^^^HIS|||||||||||||||||||||||||20261106090000")
		h.take("MSH|^~\\&|HIS|X|HCRM|X|20261113101500||ADT^A03|S2|P|2.4|||AL|NE|CHN|UNICODE UTF-8\nEVN|A03|20261113101500\nPID|1||0001987225^^^HIS^PatientNO||王丽华||19820305|F\n" +
			"PV1|1|I|W31^^12||||1021^赵敏|||3100^妇科|||||||||ZY9^^^HIS|||||||||||||||||||||||||20261106090000|20261113100000\nDG1|1||D25.900^子宫平滑肌瘤^ICD10|||F")
		h.take("MSH|^~\\&|HIS|X|HCRM|X|20261114101500||ADT^A40|S3|P|2.4|||AL|NE|CHN|UNICODE UTF-8\nEVN|A40|20261114101500\nPID|1||0001987225^^^HIS^PatientNO||王丽华||19820305|F\nMRG|0001990001^^^HIS^PatientNO")
	}
	stay := func(status, end, at string) string {
		return `{"resourceType":"Bundle","type":"message","timestamp":"` + at + `","entry":[{"resource":{"resourceType":"MessageHeader","source":{"name":"HIS"}}},
		{"resource":{"resourceType":"Patient","id":"1","identifier":[{"system":"http://his.example/patient","value":"0001987225"}],"name":[{"text":"王丽华"}],"gender":"female","birthDate":"1982-03-05"}},
		{"resource":{"resourceType":"Encounter","id":"9","status":"` + status + `","class":{"code":"IMP"},"identifier":[{"system":"http://his.example/visit","value":"ZY9"}],"subject":{"reference":"Patient/1"},
		"period":{"start":"2026-11-06T09:00:00+08:00"` + end + `},"serviceType":{"coding":[{"code":"3100","display":"妇科"}]},
		"location":[{"location":{"reference":"#w"}},{"location":{"reference":"#b"}}],
		"contained":[{"resourceType":"Location","id":"w","identifier":[{"value":"W31"}],"physicalType":{"coding":[{"code":"wa"}]}},{"resourceType":"Location","id":"b","name":"12","physicalType":{"coding":[{"code":"bd"}]}}],
		"participant":[{"individual":{"identifier":{"value":"1021"},"display":"赵敏"}}]}}`
	}
	viaFHIR := func(h *house) {
		k := h.hook("FHIR", intake.HookFHIR)
		h.pushFHIR(k, stay("in-progress", "", "2026-11-06T09:15:00+08:00")+"]}")
		h.pushFHIR(k, stay("finished", `,"end":"2026-11-13T10:00:00+08:00"`, "2026-11-13T10:15:00+08:00")+
			`,{"resource":{"resourceType":"Condition","subject":{"reference":"Patient/1"},"encounter":{"reference":"Encounter/9"},"code":{"coding":[{"system":"urn:oid:2.16.156.10011.2.3.3.11","code":"D25.900","display":"子宫平滑肌瘤"}]}}}]}`)
		h.pushFHIR(k, `{"resourceType":"Patient","id":"old","meta":{"lastUpdated":"2026-11-14T10:15:00+08:00"},"active":false,"identifier":[{"system":"http://his.example/patient","value":"0001990001"}],
			"link":[{"type":"replaced-by","other":{"reference":"Patient/1"}}]}`)
	}
	viaV3 := func(h *house) {
		k := h.v3hook()
		ids := `<id><item root="2.16.156.10011.1.12" extension="7001"/><item root="2.16.156.10011.2.5.1.9" extension="ZY9"/></id><code code="3"><displayName value="住院"/></code>`
		ward := `<departedBy><x><locatedPlace><id><item root="2.16.156.10011.1.27" extension="W31"/></id></locatedPlace><locatedPlace><id><item root="2.16.156.10011.1.28" extension="12"/></id></locatedPlace></x></departedBy>`
		h.pushV3(k, strings.Replace(visitV3("PRPA_IN400001UV", ids+`<effectiveTime><low value="20261106090000"/></effectiveTime>`+placeV3+ward), "20261104091500", "20261106091500", 1))
		h.pushV3(k, strings.Replace(visitV3("PRPA_IN400003UV", ids+`<effectiveTime><high value="20261113100000"/></effectiveTime><reason><observationDx><value code="D25.900"><displayName value="子宫平滑肌瘤"/></value></observationDx></reason>`+placeV3), "20261104091500", "20261113101500", 1))
		h.pushV3(k, `<PRPA_IN201304UV02><id extension="g"/><creationTime value="20261114101500"/><interactionId extension="PRPA_IN201304UV02 "/><sender><device><id extension="HIS"/></device></sender><controlActProcess><subject><registrationEvent>
			<subject1><patient><id><item root="2.16.156.10011.2.5.1.4" extension="0001987225"/></id><patientPerson><name><item><part value="王丽华"/></item></name></patientPerson></patient></subject1>
			<replacementOf><priorRegistration><subject1><priorRegisteredRole><id><item root="2.16.156.10011.2.5.1.4" extension="0001990001"/></id></priorRegisteredRole></subject1></priorRegistration></replacementOf>
			</registrationEvent></subject></controlActProcess></PRPA_IN201304UV02>`)
	}
	first := newHouse(t)
	v2(first)
	want := first.rows()
	for name, tell := range map[string]func(*house){"FHIR": viaFHIR, "V3": viaV3} {
		h := newHouse(t)
		tell(h)
		h.tellsAlike(name, h.rows(), want)
		before := h.fingerprint()
		v2(h)
		h.tellsAlike(name+", then HL7 v2", h.rows(), want)
		if after := h.fingerprint(); after["visit_encounter"] != before["visit_encounter"] || after["patient_identifier"] != before["patient_identifier"] {
			t.Errorf("%s: HL7 v2 changed rows that say the same", name)
		}
		o := h.take("MSH|^~\\&|HIS|X|HCRM|X|20261115080000||ADT^A31|L1|P|2.4|||AL|NE|CHN|UNICODE UTF-8\nPID|1||0001990001^^^HIS^PatientNO||王丽华")
		if o.PatientID != h.owner("other", "0001987225") || h.persons() != 1 {
			t.Errorf("%s: a late message of the merged number: %+v, %d persons", name, o, h.persons())
		}
	}
}

func TestIN02_BookingsInThreeLanguages(t *testing.T) {
	siu := func(trigger, control, at string) string {
		return "MSH|^~\\&|HIS|X|HCRM|X|" + control + "||SIU^" + trigger + "|" + control + "|P|2.5|||AL|NE|CHN|UNICODE UTF-8\nSCH|AP1|AP1|||||||30|min|^^^" + at + "\nPID|1||0001987225^^^HIS^PatientNO||王丽华||19820305|F\n" +
			"PV1|1|O|3100^妇科\nAIP|1||1021^赵敏"
	}
	resource := func(id, status, said, start, end string) string {
		return `{"resourceType":"Bundle","type":"batch","entry":[{"fullUrl":"urn:uuid:p","resource":{"resourceType":"Patient","identifier":[{"system":"http://his.example/patient","value":"0001987225"}],"name":[{"text":"王丽华"}],"gender":"female","birthDate":"1982-03-05"}},
		{"resource":{"resourceType":"Appointment","id":"` + id + `","meta":{"lastUpdated":"` + said + `"},"status":"` + status + `","identifier":[{"value":"AP1"}],"start":"` + start + `","end":"` + end + `",
		"participant":[{"actor":{"reference":"urn:uuid:p"},"status":"accepted"},{"actor":{"type":"Practitioner","identifier":{"value":"1021"},"display":"赵敏"},"status":"accepted"}],
		"serviceType":[{"coding":[{"code":"3100","display":"妇科"}]}]}}]}`
	}
	v3msg := func(kind, said, from, to, state string) string {
		return `<` + kind + `><id extension="` + said + `"/><creationTime value="` + said + `"/><interactionId extension="` + kind + `"/><sender><device><id extension="HIS"/></device></sender><controlActProcess><subject><encounterAppointment>
		<id><item root="2.16.156.10011.2.5.1.29" extension="AP1"/></id><statusCode code="active"/><effectiveTime><low value="20261101080000"/></effectiveTime>
		<subject><patient><id><item root="2.16.156.10011.2.5.1.4" extension="0001987225"/></id><patientPerson><name><item><part value="王丽华"/></item></name><administrativeGenderCode code="2"/><birthTime value="19820305"/></patientPerson></patient></subject>
		<reusableDevice><assignedDevice><code><displayName value="` + state + `"/></code></assignedDevice></reusableDevice>
		<performer><assignedPerson><id><item root="2.16.156.10011.1.4" extension="1021"/></id><assignedPerson><name><item><part value="赵敏"/></item></name></assignedPerson><representedOrganization><id><item extension="3100"/></id><name><item><part value="妇科"/></item></name></representedOrganization></assignedPerson></performer>
		<arrivedBy><transportationIntent><effectiveTime><low value="` + from + `"/><high value="` + to + `"/></effectiveTime></transportationIntent></arrivedBy></encounterAppointment></subject></controlActProcess></` + kind + `>`
	}
	steps := []func(h *house, fhirHook, v3Hook intake.Hook) [3]func(){
		func(h *house, f, v intake.Hook) [3]func() {
			return [3]func(){
				func() { h.take(siu("S12", "20261101080000", "20261110090000")) },
				func() {
					h.pushFHIR(f, resource("a", "booked", "2026-11-01T08:00:00+08:00", "2026-11-10T09:00:00+08:00", "2026-11-10T09:30:00+08:00"))
				},
				func() {
					h.pushV3(v, v3msg("PRPA_IN410001UV", "20261101080000", "20261110090000", "20261110093000", "已预约"))
				},
			}
		},
		func(h *house, f, v intake.Hook) [3]func() {
			return [3]func(){
				func() { h.take(siu("S13", "20261102080000", "20261112143000")) },
				func() {
					h.pushFHIR(f, resource("a", "booked", "2026-11-02T08:00:00+08:00", "2026-11-12T14:30:00+08:00", "2026-11-12T15:00:00+08:00"))
				},
				func() {
					h.pushV3(v, v3msg("PRPA_IN410002UV", "20261102080000", "20261112143000", "20261112150000", "改期"))
				},
			}
		},
		func(h *house, f, v intake.Hook) [3]func() {
			return [3]func(){
				func() { h.take(siu("S26", "20261113080000", "20261112143000")) },
				func() {
					h.pushFHIR(f, resource("a", "noshow", "2026-11-13T08:00:00+08:00", "2026-11-12T14:30:00+08:00", "2026-11-12T15:00:00+08:00"))
				},
				func() {
					h.pushV3(v, v3msg("PRPA_IN410002UV", "20261113080000", "20261112143000", "20261112150000", "爽约"))
				},
			}
		},
		func(h *house, f, v intake.Hook) [3]func() {
			return [3]func(){
				func() { h.take(siu("S15", "20261114080000", "20261112143000")) },
				func() {
					h.pushFHIR(f, resource("a", "cancelled", "2026-11-14T08:00:00+08:00", "2026-11-12T14:30:00+08:00", "2026-11-12T15:00:00+08:00"))
				},
				func() {
					h.pushV3(v, v3msg("PRPA_IN410002UV", "20261114080000", "20261112143000", "20261112150000", "已取消"))
				},
			}
		},
	}
	var houses [3]*house
	var hooks [3][2]intake.Hook
	for i := range houses {
		houses[i] = newHouse(t)
		hooks[i] = [2]intake.Hook{houses[i].hook("FHIR", intake.HookFHIR), houses[i].v3hook()}
	}
	for n, step := range steps {
		var rows [3]map[string][]string
		for i, h := range houses {
			step(h, hooks[i][0], hooks[i][1])[i]()
			rows[i] = h.rows()
		}
		if len(rows[0]["booking_appointment"]) != 1 {
			t.Fatal(rows[0])
		}
		houses[1].tellsAlike(fmt.Sprintf("step %d in FHIR", n+1), rows[1], rows[0])
		houses[2].tellsAlike(fmt.Sprintf("step %d in V3", n+1), rows[2], rows[0])
	}
}

const (
	resultText = "WBC 18.7 10*9/L"
	resultV2   = "MSH|^~\\&|LIS|X|HCRM|X|20261105100000||ORU^R01|R1|P|2.4|||AL|NE|CHN|UNICODE UTF-8\nPID|1||0001987225^^^HIS^PatientNO||王丽华\nOBR|1||LAB77|CBC^血常规|||20261105093000||||||||||||||20261105100000||LAB\n" +
		"OBX|1|NM|WBC^WBC||18.7|10*9/L|3.5-9.5|HH\nNTE|1||WBC 18.7 10*9/L\nOBX|2|TX|CON^结论||白细胞明显升高，请尽快复诊"
	resultFHIR = `{"resourceType":"Bundle","type":"batch","timestamp":"2026-11-05T10:00:00+08:00","entry":[
		{"fullUrl":"urn:uuid:p","resource":{"resourceType":"Patient","identifier":[{"system":"http://his.example/patient","value":"0001987225"}],"name":[{"text":"王丽华"}]}},
		{"fullUrl":"urn:uuid:o","resource":{"resourceType":"Observation","code":{"text":"WBC"},"subject":{"reference":"urn:uuid:p"},"interpretation":[{"coding":[{"code":"HH"}]}],"valueQuantity":{"value":18.7,"unit":"10*9/L"}}},
		{"resource":{"resourceType":"DiagnosticReport","id":"r","status":"final","identifier":[{"value":"LAB77"}],"category":[{"coding":[{"code":"LAB"}]}],"code":{"text":"血常规"},"subject":{"reference":"urn:uuid:p"},
		"issued":"2026-11-05T10:00:00+08:00","conclusion":"白细胞明显升高，请尽快复诊","result":[{"reference":"urn:uuid:o"}],"text":{"status":"generated","div":"<div>WBC 18.7 10*9/L</div>"}}}]}`
)

func TestIN06_ConclusionAndFlagButNoResultText(t *testing.T) {
	for name, send := range map[string]func(h *house){
		"HL7 v2": func(h *house) { h.take(resultV2) },
		"FHIR":   func(h *house) { h.pushFHIR(h.hook("LIS", intake.HookFHIR), resultFHIR) },
	} {
		for _, allowed := range []bool{false, true} {
			h := newHouse(t)
			h.take(personV2)
			if allowed {
				if err := h.Setting.Set(h.ctx, setting.Update{Key: "intake.report.text", Value: "true"}); err != nil {
					t.Fatal(err)
				}
			}
			send(h)
			r := h.rows()["visit_report"]
			if len(r) != 1 || !strings.Contains(r[0], "HIS|LAB77|lab|血常规|白细胞明显升高，请尽快复诊|critical|") {
				t.Errorf("%s: %q", name, r)
			}
			if got := len(r) == 1 && strings.Contains(r[0], resultText); got != allowed {
				t.Errorf("%s: text allowed %v, stored %v: %q", name, allowed, got, r)
			}
			raw := h.count(`select count(*) from intake_message where raw like '%18.7%' or repaired like '%18.7%'`)
			if (raw > 0) != allowed {
				t.Errorf("%s: text allowed %v, yet %d staged messages hold it", name, allowed, raw)
			}
			if rows := h.count(`select count(*) from intake_message where raw like '%白细胞明显升高%'`); rows != 1 {
				t.Errorf("%s: %d staged messages hold the conclusion", name, rows)
			}
			before := h.fingerprint()
			send2 := map[string]func(){"HL7 v2": func() { send(h) }, "FHIR": func() {
				hooks, err := h.Hooks(h.ctx)
				if err != nil {
					t.Fatal(err)
				}
				h.pushFHIR(hooks[0], resultFHIR)
			}}[name]
			send2()
			h.same(before)
		}
	}
}

func TestIN06_LinkLeadsToListedHostsOnly(t *testing.T) {
	h := newHouse(t)
	versions := map[string]int64{}
	set := func(key, v string) {
		t.Helper()
		err := h.Setting.Set(h.ctx, setting.Update{Key: key, Value: v, Version: versions[key]})
		if versions[key]++; err != nil {
			t.Fatal(err)
		}
	}
	link := func(issuer, number string) string { return h.ReportLink(h.ctx, issuer, number) }
	if l := link("LIS", "1"); l != "" {
		t.Error("without a template:", l)
	}
	set("intake.report.viewers", "LIS=https://lis.example/report?no={number} PACS=http://pacs.example:8443/view/{number}?x=1 *=https://{number}.evil.example/ XSS=javascript:alert({number})")
	if l := link("LIS", "1"); l != "" {
		t.Error("a host that nobody listed:", l)
	}
	set("intake.report.hosts", "lis.example, pacs.example:8443")
	for _, c := range []struct{ issuer, number, want string }{
		{"LIS", "LAB77", "https://lis.example/report?no=LAB77"},
		{"LIS", "A&b=1 #/中", "https://lis.example/report?no=A%26b%3D1+%23%2F%E4%B8%AD"},
		{"PACS", "../x", "http://pacs.example:8443/view/..%2Fx?x=1"},
		{"LIS", "", ""},
		{"other", "1", ""},
		{"other", "lis.example/", ""},
		{"XSS", "1", ""},
	} {
		if got := link(c.issuer, c.number); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.issuer, c.number, got, c.want)
		}
	}
	set("intake.report.viewers", "LIS=https://user:secret@lis.example/{number}")
	if l := link("LIS", "1"); l != "" {
		t.Error("with a password in it:", l)
	}
}

// A server names things by address and sends them one by one; an address nobody has told us of waits for a person.
func TestIN03_ReferencesAreFollowedAcrossRequests(t *testing.T) {
	h := newHouse(t)
	k := h.hook("FHIR", intake.HookFHIR)
	encounter := `{"resourceType":"Encounter","id":"5","status":"arrived","class":[{"coding":[{"code":"AMB"}]}],"subject":{"reference":"Patient/1"},"actualPeriod":{"start":"2026-11-04T09:00:00+08:00"}}`
	if o := h.pushFHIR(k, encounter)[0]; o.Verdict != intake.Rejected || o.Code != "intake.record.unknown_reference" {
		t.Fatalf("%+v", o)
	}
	h.pushFHIR(k, personFHIR)
	if m, err := h.Rerun(h.ctx, h.open(intake.Rejected)[0].ID); err != nil || m.Verdict != intake.Updated {
		t.Fatalf("after the patient came: %s %s %v", m.Verdict, m.Code, err)
	}
	h.pushFHIR(k, `{"resourceType":"Condition","id":"c","subject":{"reference":"http://server/fhir/Patient/1"},"encounter":{"reference":"Encounter/5/_history/2"},"code":{"text":"高血压"}}`)
	h.pushFHIR(k, `{"resourceType":"ChargeItem","id":"x","status":"billed","subject":{"identifier":{"system":"http://his.example/patient","value":"0001987225"}},"context":{"reference":"Encounter/5"},"code":{"text":"血常规"},"occurrenceDateTime":"2026-11-04","priceOverride":{"value":35.10,"currency":"CNY"}}`)
	owner := h.owner("other", "0001987225")
	for _, q := range []string{`select count(*) from visit_condition c join visit_encounter e on e.id = c.encounter_id where e.number = '5' and e.state = 'open' and c.patient_id = $1`,
		`select count(*) from visit_charge c join visit_encounter e on e.id = c.encounter_id where e.number = '5' and c.amount_fen = 3510 and c.patient_id = $1`} {
		if n := h.count(q, owner); n != 1 {
			t.Errorf("%d: %s", n, q)
		}
	}
	h.pushFHIR(k, `{"resourceType":"ChargeItem","id":"x","status":"entered-in-error","subject":{"reference":"Patient/1"},"context":{"reference":"Encounter/5"},"code":{"text":"血常规"},"occurrenceDateTime":"2026-11-04"}`)
	if fen := h.count(`select sum(amount_fen) from visit_charge`); fen != 0 {
		t.Errorf("a charge that was entered in error still counts %d fen", fen)
	}
}

// What has neither version nor time may honestly come back: A, B, A is three words, A, A is one.
func TestIN01_UndatedContentThatComesBack(t *testing.T) {
	h := newHouse(t)
	k := h.hook("FHIR", intake.HookFHIR)
	say := func(marital string) intake.Outcome {
		h.clock.Advance(time.Minute)
		return h.pushFHIR(k, `{"resourceType":"Patient","id":"1","identifier":[{"system":"http://his.example/patient","value":"7"}],"name":[{"text":"王丽华"}],"maritalStatus":{"text":"`+marital+`"}}`)[0]
	}
	for i, c := range []struct {
		say  string
		want intake.Verdict
	}{{"未婚", intake.Added}, {"未婚", intake.Duplicate}, {"已婚", intake.Updated}, {"未婚", intake.Updated}, {"未婚", intake.Duplicate}} {
		if o := say(c.say); o.Verdict != c.want {
			t.Errorf("word %d: %+v, want %s", i, o, c.want)
		}
	}
	if n := h.count(`select count(*) from patient_patient where marital = '未婚'`); n != 1 {
		t.Error("the last word does not stand")
	}
}

func TestIN01_ATransactionIsAllOrNothing(t *testing.T) {
	h := newHouse(t)
	k := h.hook("FHIR", intake.HookFHIR)
	bundle := func(kind, subject string) string {
		return `{"resourceType":"Bundle","type":"` + kind + `","entry":[{"resource":` + personFHIR + `},
			{"resource":{"resourceType":"Encounter","id":"5","status":"arrived","subject":{"reference":"` + subject + `"},"period":{"start":"2026-11-04"}}}]}`
	}
	before := h.fingerprint()
	out := h.pushFHIR(k, bundle("transaction", "Patient/404"))
	if len(out) != 2 || out[0].Code != "intake.hook.whole" || out[1].Code != "intake.record.unknown_reference" || h.persons() != 0 {
		t.Fatalf("%+v, %d persons", out, h.persons())
	}
	if after := h.fingerprint(); after["patient_identifier"] != before["patient_identifier"] {
		t.Error("something of it stayed")
	}
	if n := len(h.open(intake.Rejected)); n != 1 {
		t.Errorf("%d rejected records are seen, want the one", n)
	}
	if again := h.pushFHIR(k, bundle("transaction", "Patient/404")); again[1].Was != intake.Rejected || h.persons() != 0 {
		t.Errorf("the same again: %+v", again)
	}
	if out := h.pushFHIR(k, bundle("batch", "Patient/404")); out[0].Verdict != intake.Added {
		t.Errorf("a batch takes what it can: %+v", out)
	}
	if out := h.pushFHIR(k, bundle("transaction", "Patient/1")); len(out) != 1 || out[0].Verdict != intake.Updated {
		t.Errorf("%+v", out)
	}
}

func TestIN01_RelativesAreRelationsOrNumbers(t *testing.T) {
	h := newHouse(t)
	k := h.hook("FHIR", intake.HookFHIR)
	text := `{"resourceType":"Bundle","type":"collection","entry":[{"resource":` + personFHIR + `},
		{"resource":{"resourceType":"RelatedPerson","id":"r1","patient":{"reference":"Patient/1"},"relationship":[{"coding":[{"code":"DAU"}]}],"name":[{"text":"李小雨"}],"telecom":[{"system":"phone","value":"15400010088"}]}},
		{"resource":{"resourceType":"RelatedPerson","id":"r2","patient":{"reference":"Patient/1"},"relationship":[{"coding":[{"code":"SPO"}]}],"telecom":[{"system":"phone","value":"15400010099"}]}}]}`
	h.pushFHIR(k, text)
	if n := h.count(`select count(*) from patient_relation where kind = 'daughter' and name = '李小雨' and number = '15400010088'`); n != 1 {
		t.Errorf("%d relations", n)
	}
	if n := h.count(`select count(*) from patient_contact where number = '15400010099' and owner = 'spouse'`); n != 1 {
		t.Errorf("%d numbers of the spouse", n)
	}
	before := h.fingerprint()
	h.pushFHIR(k, strings.Replace(text, `"collection"`, `"batch"`, 1)) // the same content in another wrapping
	h.same(before)
	if n := h.count(`select count(*) from patient_relation`); n != 1 {
		t.Errorf("%d relations after the same again", n)
	}
}

func TestIN01_TokensAreHashedShownOnceAndEnd(t *testing.T) {
	h := newHouse(t)
	if _, _, err := h.CreateHook(access.With(h.ctx, access.Caller{}), intake.HookInput{Name: "X", Format: "fhir"}); fault.CodeOf(err) != fault.Unauthorized {
		t.Error("nobody may create a sender:", err)
	}
	k, token, err := h.CreateHook(h.ctx, intake.HookInput{Name: "EMR", Format: "fhir", Allow: "10.1.0.0/16 192.0.2.7"})
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"intake_hook", "trail_entry"} {
		column := map[string]string{"intake_hook": "token_hash", "trail_entry": "detail"}[table]
		if n := h.count(`select count(*) from `+table+` where `+column+` like $1`, "%"+token[strings.IndexByte(token, '.')+1:]+"%"); n != 0 {
			t.Errorf("%s holds the token", table)
		}
	}
	good := func(token string) bool {
		_, err := h.Authenticate(h.ctx, token)
		if err != nil && fault.CodeOf(err) != fault.Unauthorized {
			t.Error(err)
		}
		return err == nil
	}
	if !good(token) || good("") || good(token+"x") || good(k.ID.String()+".") || good(strings.Replace(token, "hk_", "hk_z", 1)) {
		t.Error("tokens are not told apart")
	}
	for address, want := range map[string]bool{"10.1.2.3": true, "192.0.2.7": true, "192.0.2.8": false, "::ffff:10.1.2.3": true, "": false} {
		if k.Admits(address) != want {
			t.Errorf("%q admitted: %v", address, !want)
		}
	}
	k, second, err := h.RotateHook(h.ctx, k.ID)
	if err != nil || good(token) || !good(second) {
		t.Error("a new token ends the old one:", err)
	}
	if _, err := h.RevokeHook(h.ctx, k.ID); err != nil || good(second) {
		t.Error("a revoked token still opens:", err)
	}
	if _, err := h.UpdateHook(h.ctx, k.ID, intake.HookInput{Version: 1}); fault.CodeOf(err) != fault.Conflict {
		t.Error("a change of an old reading:", err)
	}
	for field, in := range map[string]intake.HookInput{
		"name": {Format: "fhir"}, "format": {Name: "a", Format: "ftp"}, "allow": {Name: "a", Format: "fhir", Allow: "10.0.0"},
		"options": {Name: "a", Format: "v3", Paths: map[string]string{"patient.name": "///"}},
	} {
		_, _, err := h.CreateHook(h.ctx, in)
		if b, _ := json.Marshal(fault.KeyOf(err)); fault.KeyOf(err) != "intake.hook.invalid" || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v %s", field, err, b)
		}
	}
}
