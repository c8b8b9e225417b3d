package desk_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"renxin/internal/consent"
	"renxin/internal/message"
	"renxin/internal/patient"
)

// carrier takes every message.
// carrier takes every message; several are handed over at once.
type carrier struct {
	mu   sync.Mutex
	sent []message.Outgoing
}

func (c *carrier) Name() string    { return "carrier" }
func (c *carrier) Channel() string { return "sms" }
func (c *carrier) Ability() message.Ability {
	return message.Ability{FreeText: true, Receipts: true, Replies: true}
}
func (c *carrier) Send(_ context.Context, m message.Outgoing) (message.Accepted, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent = append(c.sent, m)
	return message.Accepted{ProviderIDs: []string{m.To + m.Text}}, nil
}

// texted is a hospital at ten in the morning with a way out.
func texted(t *testing.T) (*hospital, *carrier) {
	h, out := open(t), &carrier{}
	h.Message.Connect(out)
	h.clock.Advance(3 * time.Hour)
	h.settle(t)
	return h, out
}

func (h *hospital) settle(t *testing.T) {
	t.Helper()
	if err := h.Settle(h.ctx); err != nil {
		t.Fatal(err)
	}
}

func (h *hospital) texts(t *testing.T, from, text string) {
	t.Helper()
	if err := h.Message.OnIncoming(context.Background(), message.Incoming{Route: "carrier", From: from, To: "10690001", Text: text}); err != nil {
		t.Fatal(err)
	}
	h.settle(t)
}

func TestSM04_PreviewCountsAndSends(t *testing.T) {
	h, out := texted(t)
	c := h.browser(t, "nurse")
	body := `{"patient_id":"` + h.sick[ofNurse].String() + `","text":"{{name|您}}您好👍","purpose":"care"}`
	p := h.ask(t, c, 200, "POST", "/api/v1/messages/preview", body)
	if p["text"] != "【仁安医院】欧阳甲一您好👍" || p["encoding"] != "ucs2" || p["units"].(float64) != 14 || p["parts"].(float64) != 1 || p["per_part"].(float64) != 70 || p["cost_fen"].(float64) != 5 {
		t.Errorf("preview %v", p)
	}
	if gate := p["gate"].(map[string]any); gate["allowed"] != true || gate["not_before"] != nil {
		t.Errorf("gate %v", gate)
	}
	bad := h.ask(t, c, 200, "POST", "/api/v1/messages/preview", strings.Replace(body, "您好", "根治", 1))
	if lint := bad["lint"].([]any); len(lint) != 1 || lint[0].(map[string]any)["blocking"] != true || !strings.Contains(lint[0].(map[string]any)["text"].(string), "根治") {
		t.Errorf("lint %v", bad["lint"])
	}
	h.ask(t, c, 422, "POST", "/api/v1/messages", strings.Replace(body, "您好", "根治", 1))
	before := len(out.sent)
	m := h.ask(t, c, 200, "POST", "/api/v1/messages", body)
	if m["state"] != "queued" || m["to"] != "154****0002" || m["sender_name"] != "员工nurse" {
		t.Errorf("message %v", m)
	}
	h.settle(t)
	if len(out.sent) != before {
		t.Error("it went out before it could be taken back")
	}
	h.clock.Advance(10 * time.Second)
	h.settle(t)
	if len(out.sent) != before+1 || out.sent[before].To != "15400000002" {
		t.Errorf("the carrier got %v", out.sent[before:])
	}
	h.ask(t, c, 404, "POST", "/api/v1/messages", strings.Replace(body, h.sick[ofNurse].String(), h.sick[foreign].String(), 1))
}

func TestSM02_OutboxCancelAndPlainReasons(t *testing.T) {
	h, out := texted(t)
	c := h.browser(t, "manager")
	id := h.sick[ofHead]
	later := h.clock.Now().Add(2 * time.Hour).String()
	m := h.ask(t, c, 200, "POST", "/api/v1/messages", `{"patient_id":"`+id.String()+`","text":"明日复查","purpose":"care","not_before":"`+later+`"}`)
	no := h.ask(t, c, 200, "POST", "/api/v1/messages", `{"patient_id":"`+id.String()+`","text":"义诊，拒收请回复R","purpose":"promotion"}`)
	if no["state"] != "blocked" || no["reason_text"] != "没有患者的同意记录" {
		t.Errorf("promotion without consent: %v", no)
	}
	box := items(h.ask(t, c, 200, "GET", "/api/v1/messages?box=outbox&patient_id="+id.String(), ""))
	if len(box) != 1 || box[0]["eta"] != later || box[0]["id"] != m["id"] {
		t.Errorf("outbox %v", box)
	}
	h.ask(t, c, 200, "POST", "/api/v1/messages/"+m["id"].(string)+"/cancel", "")
	h.ask(t, c, 409, "POST", "/api/v1/messages/"+m["id"].(string)+"/cancel", "")
	before := len(out.sent)
	h.clock.Advance(3 * time.Hour)
	h.settle(t)
	if len(out.sent) != before {
		t.Error("the cancelled message went out")
	}
	blocked := items(h.ask(t, c, 200, "GET", "/api/v1/messages?box=blocked", ""))
	if len(blocked) != 2 {
		t.Errorf("blocked %v", blocked)
	}
	totals := h.ask(t, c, 200, "GET", "/api/v1/messages/totals", "")
	if totals["sent"].(float64) != totals["delivered"].(float64)+totals["failed"].(float64)+totals["unknown"].(float64) || totals["pending"].(float64) != 4 {
		t.Errorf("totals %v", totals)
	}
}

func TestSM01_InboxRepliesAndUnmatched(t *testing.T) {
	h, out := texted(t)
	nurse, agent, head := h.browser(t, "nurse"), h.browser(t, "agent"), h.browser(t, "head")
	h.texts(t, "15400000002", "伤口可以碰水吗")
	h.texts(t, "15499990000", "几点开门")
	mine := items(h.ask(t, nurse, 200, "GET", "/api/v1/messages/inbox?tab=mine", ""))
	if len(mine) != 1 || mine[0]["patient"].(map[string]any)["name"] != ofNurse || mine[0]["from"] != "154****0002" || mine[0]["state"] != "new" || mine[0]["owner_name"] != "员工nurse" {
		t.Fatalf("mine %v", mine)
	}
	if status, _ := h.call(t, nurse, "GET", "/api/v1/messages/inbox?tab=unmatched", ""); status != http.StatusForbidden {
		t.Errorf("a nurse sees unknown numbers: %d", status)
	}
	unmatched := items(h.ask(t, agent, 200, "GET", "/api/v1/messages/inbox?tab=unmatched", ""))
	if len(unmatched) != 1 || unmatched[0]["patient"] != nil || unmatched[0]["reason_text"] != "没有患者登记过这个号码" {
		t.Errorf("unmatched %v", unmatched)
	}
	if all := items(h.ask(t, head, 200, "GET", "/api/v1/messages/inbox?tab=all", "")); len(all) != 1 {
		t.Errorf("all %v", all)
	}
	h.ask(t, agent, 200, "POST", "/api/v1/messages/inbox/"+unmatched[0]["id"].(string)+"/match", `{"patient_id":"`+h.sick[foreign].String()+`"}`)
	reply := h.ask(t, nurse, 200, "POST", "/api/v1/messages/inbox/"+mine[0]["id"].(string)+"/reply", `{"text":"拆线前请不要碰水。"}`)
	h.clock.Advance(10 * time.Second)
	h.settle(t)
	if last := out.sent[len(out.sent)-1]; last.To != "15400000002" || !strings.HasSuffix(last.Text, "拆线前请不要碰水。") || reply["room"] != "message" {
		t.Errorf("reply %v, sent %+v", reply, last)
	}
	thread := items(h.ask(t, nurse, 200, "GET", "/api/v1/patients/"+h.sick[ofNurse].String()+"/thread", ""))
	if len(thread) != 3 || thread[1]["direction"] != "in" || thread[2]["actor"] != "员工nurse" {
		t.Errorf("thread %v", thread)
	}
}

func TestSM21_ReplyPopsUpForItsOwnerWithinTwoSeconds(t *testing.T) {
	h, _ := texted(t)
	nurse := h.browser(t, "nurse")
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", h.server.URL+"/api/v1/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := nurse.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	lines := bufio.NewScanner(stream.Body)
	for lines.Scan() && lines.Text() != "event: hello" {
	}
	running, stop := context.WithCancel(h.ctx)
	defer stop()
	go h.Board.Run(running)
	start := time.Now()
	if err := h.Message.OnIncoming(context.Background(), message.Incoming{Route: "carrier", From: "15400000002", To: "10690001", Text: "3"}); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() && lines.Text() != "event: pop" {
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("it popped up after %v", took)
	}
	if lines.Scan(); !strings.Contains(lines.Text(), `"kind":"reply"`) || !strings.Contains(lines.Text(), h.sick[ofNurse].String()) {
		t.Errorf("the pop says %s", lines.Text())
	}
	me := h.ask(t, nurse, 200, "GET", "/api/v1/me", "")
	if badges := me["badges"].(map[string]any); badges["inbox"].(float64) != 1 {
		t.Errorf("badges at sign-in %v", badges)
	}
}

// heard is what a browser's live stream says up to the second reply of a patient.
func (h *hospital) heard(t *testing.T, login, until string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", h.server.URL+"/api/v1/live?after=0", nil)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := h.browser(t, login).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	said, times := strings.Builder{}, 0
	for lines := bufio.NewScanner(stream.Body); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), until) && strings.Contains(lines.Text(), "message.received") {
			if times++; times == 2 {
				return said.String()
			}
		}
	}
	t.Fatalf("%s heard nothing of %s:\n%s", login, until, said.String())
	return ""
}

func TestSM21_UnknownNumbersPopUpForThoseWhoSortThem(t *testing.T) {
	h, _ := texted(t)
	h.texts(t, "15400009999", "你好，我想咨询")
	alone, err := h.Patient.Create(h.ctx, patient.Draft{Name: "司马无主", DepartmentID: int64(h.dept["妇科"]), Contacts: []patient.ContactInput{{System: "mobile", Value: "15400000008", Owner: "self"}}})
	if err != nil {
		t.Fatal(err)
	}
	h.texts(t, "15400000008", "请回电") // nobody's reply, of a patient whom the department sees
	h.texts(t, "15400000002", "3")
	h.texts(t, "15400000002", "谢谢")
	unknown := `"patient_id":"","owner_id":""`
	for login, sorts := range map[string]bool{"agent": true, "nurse": false, "head": true} {
		said := h.heard(t, login, h.sick[ofNurse].String())
		if got := strings.Count(said, unknown); sorts && got != 2 || !sorts && got != 0 { // the fact and its pop
			t.Errorf("%s hears %d times of an unknown number:\n%s", login, got, said)
		}
		pops := strings.Count(said, `"kind":"reply"`)
		want := map[string]int{"agent": 2, "nurse": 1, "head": 2}[login]
		if pops != want || strings.Contains(said, alone.String()) != (login != "nurse") {
			t.Errorf("%s: %d replies pop up instead of %d:\n%s", login, pops, want, said)
		}
	}
}

func TestFU24_InboxLeadsToTheRedFlag(t *testing.T) {
	h, _ := texted(t)
	h.texts(t, "15400000002", "伤口出血了怎么办")
	h.texts(t, "15400000002", "谢谢")
	nurse := h.browser(t, "nurse")
	rows := items(h.ask(t, nurse, 200, "GET", "/api/v1/messages/inbox?tab=mine", ""))
	flags := items(h.ask(t, nurse, 200, "GET", "/api/v1/followup/worklist?list=flags&who=mine", ""))
	if len(rows) != 2 || len(flags) != 1 || rows[1]["task_id"] != flags[0]["id"] || rows[0]["task_id"] != "" {
		t.Errorf("replies %v, flags %v", rows, flags)
	}
}

func TestFU05_SheetSaysWhenThePatientRefusedCalls(t *testing.T) {
	h, _ := texted(t)
	nurse := h.browser(t, "nurse")
	id := h.ask(t, nurse, 200, "POST", "/api/v1/followup/tasks", `{"patient_id":"`+h.sick[ofNurse].String()+`","channel":"call","title":"问候"}`)["id"].(string)
	if note := h.ask(t, nurse, 200, "GET", "/api/v1/followup/tasks/"+id, "")["consent_note"]; note != "" {
		t.Errorf("nothing was refused: %v", note)
	}
	if err := h.Consent.Decide(h.ctx, h.sick[ofNurse], "call", []consent.Purpose{consent.Care}, "denied", "desk", "当面"); err != nil {
		t.Fatal(err)
	}
	if note, _ := h.ask(t, nurse, 200, "GET", "/api/v1/followup/tasks/"+id, "")["consent_note"].(string); note == "" || strings.HasPrefix(note, "message.") {
		t.Errorf("the note says %q", note)
	}
}

func TestSM22_ReplyOpensTheCardInScopeOnly(t *testing.T) {
	h, _ := texted(t)
	h.texts(t, "15400000002", "请回电")
	h.texts(t, "15400000004", "请回电")
	nurse := h.browser(t, "nurse")
	all := items(h.ask(t, nurse, 200, "GET", "/api/v1/messages/inbox?tab=all", ""))
	if len(all) != 1 {
		t.Fatalf("all %v", all)
	}
	id := all[0]["patient"].(map[string]any)["id"].(string)
	h.ask(t, nurse, 200, "GET", "/api/v1/patients/"+id+"/thread", "")
	h.ask(t, nurse, 200, "GET", "/api/v1/patients/"+id+"/overview", "")
	h.ask(t, nurse, 404, "GET", "/api/v1/patients/"+h.sick[foreign].String()+"/thread", "")
	page, err := h.Message.Inbox(h.ctx, message.InboxFilter{PatientID: h.sick[foreign]})
	if err != nil || len(page.Items) != 1 {
		t.Fatal(page.Items, err)
	}
	for verb, body := range map[string]string{"reply": `{"text":"x"}`, "match": `{"patient_id":"` + id + `"}`, "done": ""} {
		h.ask(t, nurse, 404, "POST", "/api/v1/messages/inbox/"+page.Items[0].ID.String()+"/"+verb, body)
	}
}

func TestSM18_TemplatesAtTheDesk(t *testing.T) {
	h, _ := texted(t)
	c := h.browser(t, "manager")
	shipped := len(items(h.ask(t, c, 200, "GET", "/api/v1/message-templates", "")))
	one := h.ask(t, c, 200, "POST", "/api/v1/message-templates", `{"code":"review.d1","name":"复查提醒","family":"review","purpose":"care","text":"{{name|您}}好，{{date}}复查。"}`)
	if one["state"] != "draft" || len(one["variables"].([]any)) != 2 {
		t.Errorf("created %v", one)
	}
	path := "/api/v1/message-templates/" + one["id"].(string)
	e := h.ask(t, c, 422, "PUT", path, `{"code":"review.d1","name":"复查提醒","family":"review","purpose":"promotion","text":"根治","state":"approved","version":1}`)
	if len(e["fields"].([]any)) != 2 {
		t.Errorf("an approved text without opt-out and with a promise: %v", e)
	}
	two := h.ask(t, c, 200, "PUT", path, `{"code":"review.d1","name":"复查提醒","family":"review","purpose":"care","text":"{{name|您}}好，明日复查。","state":"approved","version":1}`)
	if two["version"].(float64) != 2 {
		t.Errorf("updated %v", two)
	}
	h.ask(t, c, 409, "PUT", path, `{"code":"review.d1","name":"复查提醒","family":"review","purpose":"care","text":"x","state":"draft","version":1}`)
	list := items(h.ask(t, c, 200, "GET", "/api/v1/message-templates", ""))
	if len(list) != shipped+1 || shipped < 100 {
		t.Errorf("%d templates, %d of them shipped", len(list), shipped)
	}
}

func TestSM04_DemoPhones(t *testing.T) {
	h, _ := texted(t)
	c := h.browser(t, "nurse")
	phones := items(h.ask(t, c, 200, "GET", "/api/v1/demo/phones", ""))
	if len(phones) != 4 || phones[0]["name"] == "" || phones[0]["unread"].(float64) != 1 {
		t.Fatalf("phones %v", phones)
	}
	if some := items(h.ask(t, c, 200, "GET", "/api/v1/demo/phones?text=0002", "")); len(some) != 1 || some[0]["name"] != ofNurse {
		t.Errorf("by number %v", some)
	}
	screen := h.ask(t, c, 200, "GET", "/api/v1/demo/phones/15400000002", "")
	if lines := screen["items"].([]any); len(lines) != 1 || lines[0].(map[string]any)["direction"] != "out" {
		t.Errorf("screen %v", screen)
	}
	if some := items(h.ask(t, c, 200, "GET", "/api/v1/demo/phones?text=0002", "")); some[0]["unread"].(float64) != 0 {
		t.Errorf("after a look %v", some)
	}
	h.ask(t, c, 503, "POST", "/api/v1/demo/phones/15400000002/reply", `{"text":"3"}`)
}

func TestSM28_ConsentsAtTheDesk(t *testing.T) {
	h, _ := texted(t)
	c := h.browser(t, "nurse")
	path := "/api/v1/patients/" + h.sick[ofNurse].String() + "/consents"
	preview := `{"patient_id":"` + h.sick[ofNurse].String() + `","text":"义诊，拒收请回复R","purpose":"promotion"}`
	e := h.ask(t, c, 422, "POST", path, `{"channel":"pigeon","purposes":["promotion"],"decision":"granted"}`)
	if len(e["fields"].([]any)) != 1 {
		t.Errorf("fields %v", e)
	}
	list := items(h.ask(t, c, 200, "POST", path, `{"channel":"any","purposes":["promotion"],"decision":"granted","proof":"签字单 12"}`))
	if len(list) != 1 || list[0]["decision"] != "granted" {
		t.Errorf("records %v", list)
	}
	if gate := h.ask(t, c, 200, "POST", "/api/v1/messages/preview", preview)["gate"].(map[string]any); gate["allowed"] != true {
		t.Errorf("granted, yet %v", gate)
	}
	h.ask(t, c, 200, "POST", path, `{"channel":"any","purposes":["promotion"],"decision":"denied","proof":"来电"}`)
	if gate := h.ask(t, c, 200, "POST", "/api/v1/messages/preview", preview)["gate"].(map[string]any); gate["allowed"] != false || gate["reason"] != "患者已拒绝此类消息" {
		t.Errorf("denied, yet %v", gate)
	}
	h.ask(t, c, 404, "GET", "/api/v1/patients/"+h.sick[foreign].String()+"/consents", "")
}

func TestSM03_ReceiptsInPlainWords(t *testing.T) {
	h, out := texted(t)
	states := map[string]string{}
	for i, code := range []string{"DELIVRD", "UNDELIV 001", "MK:0012"} {
		m := out.sent[i]
		state := message.ReceiptFailed
		if i == 0 {
			state = message.ReceiptDelivered
		}
		if err := h.Message.OnReceipt(context.Background(), "carrier", message.Receipt{ProviderID: m.To + m.Text, State: state, Code: code}); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range items(h.ask(t, h.browser(t, "manager"), 200, "GET", "/api/v1/messages?box=sent", "")) {
		states[m["reason_text"].(string)] = m["state"].(string)
	}
	want := map[string]string{"已送达手机": "delivered", "无法送达，可能停机或空号": "failed", "运营商代码 MK:0012": "failed", "": "accepted"}
	for text, state := range want {
		if states[text] != state {
			t.Errorf("%q is %q, want %q; all: %v", text, states[text], state, states)
		}
	}
}
