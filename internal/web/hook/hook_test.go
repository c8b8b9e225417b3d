package hook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"renxin/cmd/renxin/house"
	"renxin/internal/intake"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/file"
	"renxin/internal/web/hook"
)

// hospital is one with two senders, mounted as serve mounts it.
type hospital struct {
	*house.House
	t      *testing.T
	ctx    context.Context
	clock  *clock.Fake
	server *httptest.Server
	door   *hook.Door
	token  map[string]string // by format
	hooks  map[string]intake.Hook
}

func open(t *testing.T) *hospital {
	t.Helper()
	d, c := dbtest.New(t)
	files, err := file.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close() })
	h := &hospital{House: house.New(house.Options{DB: d, Files: files, Version: "test"}), t: t, ctx: access.AsSystem(context.Background(), "test"), clock: c,
		token: map[string]string{}, hooks: map[string]intake.Hook{}}
	if err := h.Prepare(h.ctx); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{intake.HookFHIR, intake.HookV3} {
		if h.hooks[format], h.token[format], err = h.Intake.CreateHook(h.ctx, intake.HookInput{Name: "sender " + format, Format: format, Issuer: "HIS"}); err != nil {
			t.Fatal(err)
		}
	}
	h.door = h.Hook()
	h.server = httptest.NewServer(h.Doors(house.Door{Insecure: true}))
	t.Cleanup(h.server.Close)
	return h
}

func (h *hospital) send(method, path, token, body string) (int, string) {
	h.t.Helper()
	req, err := http.NewRequest(method, h.server.URL+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return h.do(req)
}

func (h *hospital) do(req *http.Request) (int, string) {
	h.t.Helper()
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return r.StatusCode, string(b)
}

func (h *hospital) count(query string) int {
	h.t.Helper()
	n, err := db.One[int](h.ctx, h.DB.Read(h.ctx), query)
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

const patientJSON = `{"resourceType":"Patient","id":"1","identifier":[{"system":"urn:oid:2.16.156.10011.2.5.1.4","value":"0001987225"}],"name":[{"text":"王丽华"}],"gender":"female","birthDate":"1982-03-05"}`

const patientXML = `<PRPA_IN201311UV02 xmlns="urn:hl7-org:v3"><id extension="m1"/><creationTime value="20261103081500"/><interactionId extension="PRPA_IN201311UV02"/><sender><device><id extension="HIS"/></device></sender>
	<controlActProcess><subject><registrationRequest><subject1><patient><id root="2.16.156.10011.2.5.1.4" extension="0001987225"/><patientPerson><name>王丽华</name><administrativeGenderCode code="2"/><birthTime value="19820305"/></patientPerson></patient></subject1></registrationRequest></subject></controlActProcess></PRPA_IN201311UV02>`

// Every route has a rule and keeps it, whoever calls.
func TestSY04_EveryHookRouteHasARuleAndKeepsIt(t *testing.T) {
	h := open(t)
	_, revoked, err := h.Intake.CreateHook(h.ctx, intake.HookInput{Name: "gone", Format: intake.HookFHIR})
	if err != nil {
		t.Fatal(err)
	}
	hooks, err := h.Intake.Hooks(h.ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range hooks {
		if k.Name == "gone" {
			if _, err := h.Intake.RevokeHook(h.ctx, k.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	far := map[string]string{}
	for _, format := range []string{intake.HookFHIR, intake.HookV3} {
		if _, far[format], err = h.Intake.CreateHook(h.ctx, intake.HookInput{Name: "far " + format, Format: format, Allow: "10.9.8.0/24"}); err != nil {
			t.Fatal(err)
		}
	}
	other := map[string]string{intake.HookFHIR: h.token[intake.HookV3], intake.HookV3: h.token[intake.HookFHIR]}
	body := map[string]string{intake.HookFHIR: patientJSON, intake.HookV3: patientXML}
	before := h.count(`select count(*) from intake_message`)
	for _, r := range h.door.Table() {
		path := strings.NewReplacer("{type}", "Patient", "{id}", "1").Replace(r.Path)
		if r.Rule == hook.Public {
			for _, token := range []string{"", "wrong", h.token[r.Format]} {
				if status, _ := h.send(r.Method, path, token, ""); status != http.StatusOK {
					t.Errorf("%s %s answers %d", r.Method, path, status)
				}
			}
			continue
		}
		if r.Rule != hook.Sender {
			t.Errorf("%s %s has no rule", r.Method, r.Path)
		}
		for name, c := range map[string]struct {
			token string
			want  int
		}{"nobody": {"", 401}, "a wrong token": {h.token[r.Format] + "x", 401}, "no token at all": {"x", 401}, "a revoked one": {revoked, 401}, "another format's": {other[r.Format], 403}, "another address": {far[r.Format], 403}} {
			if status, text := h.send(r.Method, path, c.token, body[r.Format]); status != c.want {
				t.Errorf("%s %s with %s: %d, want %d: %.200s", r.Method, path, name, status, c.want, text)
			}
		}
	}
	if n := h.count(`select count(*) from intake_message`); n != before {
		t.Errorf("%d records came in without the right", n-before)
	}
	for _, r := range h.door.Table() {
		path := strings.NewReplacer("{type}", "Patient", "{id}", "1").Replace(r.Path)
		if status, text := h.send(r.Method, path, h.token[r.Format], body[r.Format]); status != 200 && status != 201 {
			t.Errorf("%s %s with its token: %d %.200s", r.Method, path, status, text)
		}
	}
	if status, _ := h.send("GET", "/hook/fhir", h.token["fhir"], ""); status != http.StatusMethodNotAllowed {
		t.Error("GET /hook/fhir:", status)
	}
	if status, _ := h.send("DELETE", "/hook/fhir/Patient/1", h.token["fhir"], ""); status != http.StatusMethodNotAllowed {
		t.Error("DELETE:", status)
	}
}

func TestIN01_FHIRAnswers(t *testing.T) {
	h := open(t)
	token := h.token["fhir"]
	type answer struct {
		ResourceType, Type string
		Issue              []struct{ Severity, Code, Diagnostics string }
		Entry              []struct {
			Response struct{ Status, Location string }
		}
	}
	ask := func(method, path, body string) (int, answer) {
		t.Helper()
		status, text := h.send(method, path, token, body)
		var a answer
		if err := json.Unmarshal([]byte(text), &a); err != nil {
			t.Fatalf("%d %s", status, text)
		}
		if strings.Contains(text, "王丽华") || strings.Contains(text, "0001987225") {
			t.Errorf("an answer repeats what was sent: %s", text)
		}
		return status, a
	}
	if status, a := ask("POST", "/hook/fhir", patientJSON); status != 201 || a.ResourceType != "OperationOutcome" || a.Issue[0].Severity != "information" {
		t.Errorf("new: %d %+v", status, a)
	}
	if status, a := ask("PUT", "/hook/fhir/Patient/1", patientJSON); status != 200 || a.Issue[0].Code != "duplicate" {
		t.Errorf("the same again: %d %+v", status, a)
	}
	if n := h.count(`select count(*) from intake_message`); n != 1 {
		t.Errorf("%d records of the same content", n)
	}
	if status, _ := ask("PUT", "/hook/fhir/Patient/1", strings.Replace(patientJSON, "1982-03-05", "1982-03-06", 1)); status != 200 {
		t.Error("changed:", status)
	}
	for _, path := range []string{"/hook/fhir/Patient/2", "/hook/fhir/Encounter/1"} {
		if status, a := ask("PUT", path, patientJSON); status != 422 || a.Issue[0].Diagnostics != "intake.hook.wrong_address" {
			t.Errorf("%s: %d %+v", path, status, a)
		}
	}
	for name, body := range map[string]string{"nothing": "", "text": "hello", "XML": "<Patient/>", "array": "[1]", "no type": `{"a":1}`, "unknown reference": `{"resourceType":"Encounter","id":"5","status":"arrived","subject":{"reference":"Patient/404"},"period":{"start":"2026-11-04"}}`,
		"nobody": `{"resourceType":"Encounter","id":"6","status":"arrived","period":{"start":"2026-11-04"}}`} {
		if status, a := ask("POST", "/hook/fhir", body); status != 422 || a.ResourceType != "OperationOutcome" || a.Issue[0].Severity != "error" || a.Issue[0].Diagnostics == "" {
			t.Errorf("%s: %d %+v", name, status, a)
		}
	}
	if status, a := ask("POST", "/hook/fhir", `{"resourceType":"Questionnaire","id":"q","status":"active"}`); status != 200 || a.Issue[0].Diagnostics != "intake.ignored.type" {
		t.Errorf("of no use to us: %d %+v", status, a)
	}
	if status, a := ask("POST", "/hook/fhir", `{"resourceType":"Bundle","type":"batch","entry":[
		{"resource":{"resourceType":"Patient","id":"8","identifier":[{"system":"urn:oid:2.16.156.10011.2.5.1.4","value":"8"}],"name":[{"text":"张三"}]},"request":{"method":"POST","url":"Patient"}},
		{"resource":{"resourceType":"Practitioner","id":"d","name":[{"text":"李四"}]},"request":{"method":"POST","url":"Practitioner"}},
		{"resource":{"resourceType":"Encounter","id":"9","status":"arrived","subject":{"reference":"Patient/404"},"period":{"start":"2026-11-04"}},"request":{"method":"POST","url":"Encounter"}},
		{"request":{"method":"DELETE","url":"Patient/8"}}]}`); status != 200 || a.Type != "batch-response" || len(a.Entry) != 4 ||
		a.Entry[0].Response.Status != "201 Created" || a.Entry[0].Response.Location != "Patient/8" || a.Entry[1].Response.Status != "200 OK" || !strings.HasPrefix(a.Entry[2].Response.Status, "422") || a.Entry[3].Response.Status != "200 OK" {
		t.Errorf("batch: %d %+v", status, a)
	}
	transaction := func(subject string) string {
		return `{"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"urn:uuid:a","resource":{"resourceType":"Patient","identifier":[{"system":"urn:oid:2.16.156.10011.2.5.1.4","value":"9"}],"name":[{"text":"赵五"}]},"request":{"method":"POST","url":"Patient"}},
		{"resource":{"resourceType":"Encounter","id":"10","status":"arrived","subject":{"reference":"` + subject + `"},"period":{"start":"2026-11-04"}},"request":{"method":"POST","url":"Encounter"}}]}`
	}
	if status, a := ask("POST", "/hook/fhir", transaction("Patient/404")); status != 422 || a.ResourceType != "OperationOutcome" || h.count(`select count(*) from patient_patient where name = '赵五'`) != 0 {
		t.Errorf("torn transaction: %d %+v", status, a)
	}
	if status, a := ask("POST", "/hook/fhir", transaction("urn:uuid:a")); status != 200 || a.Type != "transaction-response" || a.Entry[0].Response.Status != "201 Created" {
		t.Errorf("transaction: %d %+v", status, a)
	}
	var many bytes.Buffer
	many.WriteString(`{"resourceType":"Bundle","type":"transaction","entry":[`)
	for i := range intake.MaxWhole + 1 {
		if i > 0 {
			many.WriteString(",")
		}
		many.WriteString(`{"resource":{"resourceType":"Patient","name":[{"text":"某"}]}}`)
	}
	if status, a := ask("POST", "/hook/fhir", many.String()+`]}`); status != 413 {
		t.Errorf("more than one transaction carries: %d %+v", status, a)
	}
	if status, a := ask("POST", "/hook/fhir", strings.Repeat(" ", 8<<20)+patientJSON); status != 413 || a.Issue[0].Code != "too-long" {
		t.Errorf("more than 8 MB: %d %+v", status, a)
	}
	if status, a := ask("POST", "/hook/fhir", patientJSON+"\n"+strings.ReplaceAll(patientJSON, `"1"`, `"2"`)+"\n"); status != 200 || len(a.Entry) != 2 {
		t.Errorf("lines: %d %+v", status, a)
	}
}

func TestIN01_V3Answers(t *testing.T) {
	h := open(t)
	wrap := func(s string) string {
		return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><HIPMessageServer xmlns="urn:hl7-org:v3"><action>PatientInfoRegister</action><message><![CDATA[` + s + `]]></message></HIPMessageServer></s:Body></s:Envelope>`
	}
	for name, c := range map[string]struct{ body, code string }{
		"new": {wrap(patientXML), "AA"}, "the same again, alone": {patientXML, "AA"},
		"no patient":            {wrap(strings.Replace(patientXML, `<id root="2.16.156.10011.2.5.1.4" extension="0001987225"/>`, "", 1)), "AE"},
		"unknown interaction":   {strings.ReplaceAll(patientXML, "PRPA_IN201311UV02", "PRPA_IN777777UV"), "AR"},
		"known by its service":  {wrap(strings.NewReplacer("PRPA_IN201311UV02", "PRPA_IN777777UV", "m1", "m2").Replace(patientXML)), "AA"},
		"a query":               {wrap(strings.ReplaceAll(patientXML, "PRPA_IN201311UV02", "PRPA_IN201305UV02")), "AA"},
		"no XML":                {"hello", "AR"},
		"nothing in the letter": {`<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>`, "AR"},
	} {
		status, text := h.send("POST", "/hook/v3", h.token["v3"], c.body)
		text = strings.NewReplacer("&#34;", `"`, "&lt;", "<", "&gt;", ">").Replace(text)
		if status != 200 || !strings.Contains(text, `<acknowledgement typeCode="`+c.code+`">`) || strings.Contains(text, "王丽华") {
			t.Errorf("%s: %d %s", name, status, text)
		}
	}
	if n := h.count(`select count(*) from patient_patient`); n != 1 {
		t.Errorf("%d patients", n)
	}
	if status, text := h.send("POST", "/hook/v3", h.token["v3"], strings.Repeat(" ", 8<<20)+patientXML); status != 413 || !strings.Contains(text, "faultstring") {
		t.Errorf("%d %.200s", status, text)
	}
	req, err := http.NewRequest("POST", h.server.URL+"/hook/v3", strings.NewReader(patientXML))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth("anybody", h.token["v3"])
	if status, _ := h.do(req); status != 200 {
		t.Error("the token as a password:", status)
	}
	if status, text := h.send("GET", "/hook/v3?wsdl", "", ""); status != 200 || !strings.Contains(text, h.server.URL+"/hook/v3") {
		t.Errorf("%d %s", status, text)
	}
}

func TestIN01_WrongTokensHaveToWait(t *testing.T) {
	h := open(t)
	wrong, good := h.token["fhir"]+"x", h.token["fhir"]
	for i := range 10 {
		if status, _ := h.send("POST", "/hook/fhir", wrong, patientJSON); status != 401 {
			t.Fatalf("try %d: %d", i, status)
		}
	}
	if status, _ := h.send("POST", "/hook/fhir", wrong, patientJSON); status != 429 {
		t.Error("after ten wrong tokens:", status)
	}
	if status, _ := h.send("POST", "/hook/fhir", good, patientJSON); status != 429 {
		t.Error("right or wrong, the sender has to wait:", status)
	}
	if status, _ := h.send("POST", "/hook/v3", h.token["v3"], patientXML); status != 200 {
		t.Error("another sender of the same machine:", status)
	}
	h.clock.Advance(2 * time.Minute)
	if status, _ := h.send("POST", "/hook/fhir", good, patientJSON); status != 201 && status != 200 {
		t.Error("afterwards:", status)
	}
}
