package v3

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"renxin/internal/intake"
	"renxin/internal/intake/intaketest"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/fault"
)

var his = intake.ReadOptions{Issuer: "HIS"}

func read(t testing.TB, raw string, o intake.ReadOptions) Message {
	t.Helper()
	m, err := Read([]byte(raw), o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func text(v intake.Text) string {
	if v == nil {
		return "<nil>"
	}
	return *v
}

// The two samples hold the same kind of message in the shape of 2012 and in that of 2020, and say of two persons what their
// README says.
func TestIN01_BothShapesGiveTheSameFields(t *testing.T) {
	for _, path := range intaketest.Glob(t, "v3-cn-authored", "*.xml") {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r := read(t, string(raw), his).Record
		want := intake.Person{Identifiers: []intake.Identifier{{Kind: "other", Issuer: "HIS", Value: "0001987225"}, {Kind: "id_card", Value: "370100198203052042"}, {Kind: "health_card", Value: "HC370100001"}},
			Telecoms: []intake.Telecom{{System: "mobile", Value: "15400010001", Owner: "self"}}}
		name, sex, birth := "王丽华", "female", "1982-03-05"
		if strings.Contains(path, "2020") {
			want.Identifiers = []intake.Identifier{{Kind: "other", Issuer: "HIS", Value: "0001987300"}, {Kind: "id_card", Value: "370100197609111175"}, {Kind: "health_card", Value: "HC370100002"}}
			want.Telecoms[0].Value = "15400010003"
			name, sex, birth = "王珅", "male", "1976-09-11"
		}
		want.Name, want.Sex, want.BirthDate = &name, &sex, &birth
		if !reflect.DeepEqual(r.Patient, want) || len(r.Problems) != 0 || r.Event != intake.PatientUpsert || r.Sender != "HIS" || r.Type != "V3 PRPA_IN201311UV02" {
			t.Errorf("%s: %+v\n%s %s %s", filepath.Base(path), r, text(r.Patient.Name), text(r.Patient.Sex), text(r.Patient.BirthDate))
		}
		if at := clock.At(time.Date(2026, 11, 3, 0, 15, 0, 0, time.UTC)); r.OccurredAt != at || !bytes.Equal(r.Raw, raw) {
			t.Errorf("%s: said at %d, want %d", filepath.Base(path), r.OccurredAt, at)
		}
	}
}

const register = `<PRPA_IN201311UV02 xmlns="urn:hl7-org:v3"><id extension="m1"/><creationTime value="20261103081500"/><interactionId extension="PRPA_IN201311UV02"/>
<sender><device><id extension="HIS"/></device></sender><controlActProcess><subject><registrationRequest><subject1><patient><id root="2.16.156.10011.2.5.1.4" extension="7"/>
<patientPerson><name>王珅</name><administrativeGenderCode code="1"/></patientPerson></patient></subject1></registrationRequest></subject></controlActProcess></PRPA_IN201311UV02>`

func cdata(s string) string { return "<![CDATA[" + s + "]]>" }

func TestIN01_MessagesInEveryWrapping(t *testing.T) {
	escaped := func(s string) string { return esc(s) }
	wrapped := map[string]string{
		"alone":             register,
		"with declaration":  `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + register,
		"SOAP 1.1":          `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header/><s:Body>` + register + `</s:Body></s:Envelope>`,
		"operation, CDATA":  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><HIPMessageServer xmlns="urn:hl7-org:v3"><action>PatientInfoRegister</action><message>` + cdata(register) + `</message></HIPMessageServer></s:Body></s:Envelope>`,
		"operation, text":   `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><HIPMessageServer xmlns="http://esb.example"><input1>S0001</input1><input2>` + escaped(`<?xml version="1.0" encoding="GB18030"?>`+register) + `</input2></HIPMessageServer></s:Body></s:Envelope>`,
		"operation, nested": `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><x:call xmlns:x="u"><in0>` + register + `</in0></x:call></s:Body></s:Envelope>`,
		"SOAP 1.2":          `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><call><arg0>S0001</arg0><arg1>` + cdata(register) + `</arg1></call></s:Body></s:Envelope>`,
		"no namespace":      strings.Replace(register, ` xmlns="urn:hl7-org:v3"`, "", 1),
		"prefixes":          strings.NewReplacer("</", "</v3:", "<", "<v3:", ` xmlns="urn`, ` xmlns:v3="urn`).Replace(register),
		"vendor's code":     strings.Replace(register, `interactionId extension="PRPA_IN201311UV02"`, `interactionId extension="S0001"`, 1),
		"odd root":          strings.ReplaceAll(strings.Replace(register, `extension="PRPA_IN201311UV02"`, `extension="S0001"`, 1), "PRPA_IN201311UV02", "request"),
	}
	want := read(t, register, his).Record
	for name, raw := range wrapped {
		m := read(t, raw, his)
		r := m.Record
		if !reflect.DeepEqual(r.Patient, want.Patient) || r.Event != intake.PatientUpsert || len(r.Problems) != 0 || r.ControlID != "m1" || !m.Supported {
			t.Errorf("%s: %+v", name, r)
		}
		answer := m.Ack(Answer{Code: Accept, ID: "9", At: 0, Zone: time.UTC, Text: "收到 <好> & \"好\""})
		checkAck(t, name, answer, strings.Contains(raw, "Envelope"))
	}
	for name, want := range map[string]string{"SOAP 1.2": "<callResponse><return>", "operation, CDATA": `<HIPMessageServerResponse xmlns="urn:hl7-org:v3"><HIPMessageServerResult>`, "operation, nested": `<callResponse xmlns="u"><out>`} {
		m := read(t, wrapped[name], his)
		if got := string(m.Ack(Answer{Code: Error, Zone: time.UTC})); !strings.Contains(got, want) {
			t.Errorf("%s: %s", name, got)
		}
		if soap := strings.Contains(m.ContentType(), "soap"); soap != (name == "SOAP 1.2") {
			t.Errorf("%s: %s", name, m.ContentType())
		}
	}
}

// checkAck reads an answer as a sender does.
func checkAck(t *testing.T, name string, raw []byte, wrapped bool) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(raw))
	var inner strings.Builder
	depth := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: the answer is no XML: %v\n%s", name, err, raw)
		}
		switch x := token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		case xml.CharData:
			inner.Write(x)
		}
	}
	got := string(raw)
	if strings.Contains(inner.String(), "acknowledgement") { // the answer stands as text in the result
		got = inner.String()
	}
	if root, err := parse([]byte(got)); err != nil || root.children[0].name != "MCCI_IN000002UV01" && root.children[0].name != "Envelope" {
		t.Fatalf("%s: %v %s", name, err, got)
	} else if p, _ := compile("//acknowledgement/@typeCode"); p.value(root, root) != Accept {
		t.Errorf("%s: %s", name, got)
	} else if p, _ := compile("//acknowledgement/targetMessage/id/@extension"); p.value(root, root) != "m1" {
		t.Errorf("%s: %s", name, got)
	} else if p, _ := compile("//acknowledgementDetail/text/@value"); p.value(root, root) != `收到 <好> & "好"` {
		t.Errorf("%s: %s", name, got)
	}
	if strings.Contains(string(raw), "Envelope") != wrapped {
		t.Errorf("%s: wrapped otherwise than the message", name)
	}
}

func TestIN01_CharacterSets(t *testing.T) {
	gb := func(s string) string {
		out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for name, c := range map[string]struct{ raw, said string }{
		"declared GB18030":          {gb(`<?xml version="1.0" encoding="GB18030"?>` + register), ""},
		"declared GBK":              {gb(`<?xml version='1.0' encoding='gbk'?>` + register), ""},
		"declared UTF-8, is not":    {gb(`<?xml version="1.0" encoding="utf-8"?>` + register), ""},
		"undeclared":                {gb(register), ""},
		"said by the transport":     {gb(register), "gb2312"},
		"UTF-8 with byte order":     {"\xef\xbb\xbf" + register, ""},
		"GB18030 inside SOAP, text": {gb(`<?xml version="1.0" encoding="GB18030"?><E:Envelope xmlns:E="e"><E:Body><o><m>` + cdata(register) + `</m></o></E:Body></E:Envelope>`), ""},
	} {
		o := his
		o.Charset = c.said
		if m := read(t, c.raw, o); text(m.Record.Patient.Name) != "王珅" {
			t.Errorf("%s: %s in %s", name, text(m.Record.Patient.Name), m.Charset)
		}
	}
	// 医院 in GBK happens to be valid UTF-8: the declaration wins
	m := read(t, gb(`<?xml version="1.0" encoding="GB2312"?>`+strings.Replace(register, "王珅", "医院", 1)), his)
	if text(m.Record.Patient.Name) != "医院" {
		t.Error(text(m.Record.Patient.Name))
	}
}

func TestIN01_AFeedsOwnPathsComeFirst(t *testing.T) {
	o := intake.ReadOptions{Issuer: "HIS", Paths: map[string]string{"patient.name": "patientPerson/extra[@key='name']/@value", "message.interaction": "//service/text()"},
		Systems: map[string]string{"9.9": "card@ESB", "2.16.156.10011.2.5.1.4": "outpatient"}}
	raw := strings.Replace(register, "<name>", `<extra key="no" value="错"/><extra key="name" value="张三"/><id root="9.9" extension="C1"/><id root="8.8" extension="U"/><name>`, 1)
	r := read(t, raw, o).Record
	want := []intake.Identifier{{Kind: "outpatient", Issuer: "HIS", Value: "7"}, {Kind: "card", Issuer: "ESB", Value: "C1"}, {Kind: "other", Issuer: "8.8", Value: "U"}}
	if text(r.Patient.Name) != "张三" || !reflect.DeepEqual(r.Patient.Identifiers, want) {
		t.Errorf("%s %+v", text(r.Patient.Name), r.Patient.Identifiers)
	}
	if r := read(t, register, o).Record; text(r.Patient.Name) != "王珅" {
		t.Error("without a value of its own the preset's path serves:", text(r.Patient.Name))
	}
	for _, bad := range []intake.ReadOptions{{Paths: map[string]string{"patient.name": "a["}}, {Paths: map[string]string{"nothing": "a"}}, {Systems: map[string]string{"1.2": "visit"}}, {Systems: map[string]string{"": "card"}}} {
		if err := (Reader{}).Check(bad); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if err := (Reader{}).Check(o); err != nil {
		t.Error(err)
	}
}

func TestIN01_WhatIsNoMessageIsRefused(t *testing.T) {
	bomb := `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]><PRPA_IN201311UV02>&lol2;</PRPA_IN201311UV02>`
	for name, raw := range map[string]string{
		"nothing": "", "text": "hello", "bomb": bomb, "entity": "<a>&x;</a>", "two roots": "<a/><b/>", "open": "<a><b></a>",
		"deep": strings.Repeat("<a>", 5000) + strings.Repeat("</a>", 5000), "wide": "<a>" + strings.Repeat("<b/>", maxElements+1) + "</a>",
		"empty envelope": "<Envelope><Body/></Envelope>", "no message inside": "<Envelope><Body><call><x>1</x></call></Body></Envelope>", "broken inside": "<Envelope><Body><call><x>&lt;a&gt;</x></call></Body></Envelope>",
	} {
		if m, err := Read([]byte(raw), his); fault.CodeOf(err) != fault.Invalid || fault.KeyOf(err) != problemXML {
			t.Errorf("%s: %v", name, err)
		} else if ack := string(m.Ack(Answer{Code: Reject, Zone: time.UTC})); !strings.Contains(ack, `AR`) {
			t.Errorf("%s: %s", name, ack)
		}
	}
	m := read(t, strings.ReplaceAll(register, "PRPA_IN201311UV02", "PRPA_IN999999UV"), his)
	if m.Supported || len(m.Record.Problems) != 1 || m.Record.Problems[0].Code != problemMapping || !m.Record.Problems[0].Fatal {
		t.Errorf("%+v", m.Record)
	}
	q := read(t, strings.ReplaceAll(register, "PRPA_IN201311UV02", "PRPA_IN201305UV02"), his)
	if q.Record.Event != intake.Ignored || q.Record.Reason != "intake.ignored.query" || !q.Supported {
		t.Errorf("%+v", q.Record)
	}
}

func TestIN04_InteractionsOfTheTable(t *testing.T) {
	for id, want := range map[string]intake.Event{"PRPA_IN201311UV02": intake.PatientUpsert, "PRPA_IN201314UV02": intake.PatientUpsert, "PRPA_IN201304UV02": intake.PatientMerge,
		"PRPA_IN400001UV": intake.EncounterOpen, "PRPA_IN400002UV01": intake.EncounterUpdate, "PRPA_IN302011UV": intake.EncounterUpdate, "PRPA_IN400003UV": intake.EncounterClose,
		"PRPA_IN410001UV": intake.AppointmentBook, "prpa_in410002uv": intake.AppointmentMove, "PRSC_IN030101UV": intake.Ignored, "PRPM_IN401030UV01": intake.Ignored,
		"S0032": intake.EncounterClose, "DischargeInfoAdd": intake.EncounterClose, " S0003 ": intake.PatientMerge} {
		if x, ok := shipped().interaction(id); !ok || x.Event != want {
			t.Errorf("%q: %s, want %s", id, x.Event, want)
		}
	}
	if x, ok := shipped().interaction("", "request", "S0053"); !ok || x.Event != intake.AppointmentBook {
		t.Error("the service named beside the message:", x)
	}
	if _, ok := shipped().interaction("", "request", "X"); ok {
		t.Error("an unknown one is known")
	}
}

func TestXPathSubset(t *testing.T) {
	root, err := parse([]byte(`<a x="0"><b k="1">one</b><b k="2">two<c z="9"/></b><d><b k="3"><c z="8"/></b></d><e> </e></a>`))
	if err != nil {
		t.Fatal(err)
	}
	a := root.children[0]
	for expr, want := range map[string]string{
		"/a/@x": "0", "b/@k": "1 2", "b/text()": "one two", "b": "one two", "/a/b[2]/@k": "2", "b[@k='2']/text()": "two", `b[@k="2"]/c/@z`: "9", "//b/@k": "1 2 3", ".//c/@z": "9 8", "d//c/@z": "8",
		"b[@k!='1']/@k": "2", "b[@q]/@k": "", "b[@k][2]/@k": "2", "*/@k": "1 2", "/*/@x": "0", "//*[@z='8']/@z": "8", "nothing | b[1]/@k": "1", "e | b/@k": "1 2", "./b[1]": "one", "v3:b[1]/@k": "1", "//b[1]/@k": "1",
	} {
		p, err := compile(expr)
		if err != nil {
			t.Errorf("%s: %v", expr, err)
			continue
		}
		if got := strings.Join(p.values(root, a), " "); got != want {
			t.Errorf("%s: %q, want %q", expr, got, want)
		}
	}
	for _, bad := range []string{"", "/", "//", "a/", "a[", "a[]", "a[0]", "a[@]", "a[@x=y]", "a[@x='y]", "a[x='y']", "a]", "a[1]b", "@x/b", "a//@x", "a||b", "a b", "count(a)", "a/../b", strings.Repeat("a/", 30) + "b", strings.Repeat("a", 700)} {
		if _, err := compile(bad); !errors.Is(err, ErrPath) {
			t.Errorf("%q is taken", bad)
		}
	}
	union, _ := compile("b | d/b | b[1]")
	if n := len(union.nodes(root, a)); n != 3 {
		t.Errorf("a list selects %d elements, want each once", n)
	}
}

func TestMoments(t *testing.T) {
	zone := time.FixedZone("", 8*3600)
	for in, want := range map[string]string{
		"20261103081500": "2026-11-03 2026-11-03T00:15:00Z", "20261103": "2026-11-03 2026-11-02T16:00:00Z", "202611": "2026-11 2026-10-31T16:00:00Z", "1982": "1982 1981-12-31T16:00:00Z",
		"20261103081500+0000": "2026-11-03 2026-11-03T08:15:00Z", "20261103081500.123-0500": "2026-11-03 2026-11-03T13:15:00Z", "2026-11-03 08:15:00": "2026-11-03 2026-11-03T00:15:00Z", "2026-11-03T08:15:00+08:00": "2026-11-03 2026-11-03T00:15:00Z",
		"2026-11-03": "2026-11-03 2026-11-02T16:00:00Z", "202611030815": "2026-11-03 2026-11-03T00:15:00Z", "": "", "20261341": "", "2026110308150": "", "abcd": "", "0000": "", "20260230": "",
	} {
		at, date, ok := moment(in, zone)
		got := ""
		if ok {
			got = date + " " + at.Time().UTC().Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzXPath(f *testing.F) {
	for field, s := range shipped().Fields {
		f.Add(s, field)
	}
	f.Add("a[@x='1']/b[2]//c/@d", "")
	doc, err := parse([]byte(register))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, expr, _ string) {
		p, err := compile(expr)
		if err != nil {
			return
		}
		if len(p.alternatives) == 0 {
			t.Fatal("compiled to nothing")
		}
		for _, v := range p.values(doc, doc) {
			if v == "" {
				t.Fatal("an empty value")
			}
		}
		p.nodes(doc, doc)
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(register))
	f.Add([]byte(`<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><o><m>` + cdata(register) + `</m></o></s:Body></s:Envelope>`))
	f.Add([]byte(`<?xml version="1.0" encoding="GB18030"?><PRPA_IN400003UV><encounterEvent><id extension="1"/><effectiveTime><high value="2026"/></effectiveTime></encounterEvent></PRPA_IN400003UV>`))
	f.Add([]byte(`<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := Read(raw, his)
		if err != nil {
			if fault.CodeOf(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		if m.Record.Event == "" || len(m.Record.Raw) == 0 {
			t.Fatalf("%+v", m.Record)
		}
		if _, err := parse(m.Ack(Answer{Code: Accept, Zone: time.UTC})); err != nil {
			t.Fatal("the answer is no XML")
		}
	})
}
