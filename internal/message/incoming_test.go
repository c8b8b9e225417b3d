package message_test

import (
	"context"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"renxin/internal/consent"
	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/fault"
)

func (h *house) ask(p patient.ID, ref int64) message.Message {
	h.t.Helper()
	id := h.send(message.Draft{PatientID: p, Purpose: consent.Care, Text: "恢复得怎样？1好 2一般 3不适", Room: "followup", Ref: ref, Question: &message.Question{
		Codes: []string{"1", "2", "3"}, Labels: []string{"好", "一般", "不适"}, ExpiresAt: h.clock.Now().Add(48 * time.Hour), Room: "followup", Ref: ref}})
	h.drain()
	return h.find(id)
}

func TestFU24_ReplyResolvesAndIsPublished(t *testing.T) {
	h := open(t)
	p := h.person(1)
	m := h.ask(p, 77)
	h.reply("86"+number(1), m.Extension, "３")
	answers := told[message.Answered](h)
	if len(answers) != 1 || answers[0].PatientID != p || answers[0].MessageID != m.ID || answers[0].Room != "followup" || answers[0].Ref != 77 ||
		answers[0].Code != "3" || answers[0].Provisional {
		t.Fatalf("%+v", answers)
	}
	in := h.inbox("all")
	if len(in) != 1 || in[0].State != message.InboxCoded || in[0].CodeLabel != "不适" || in[0].ID != answers[0].IncomingID {
		t.Errorf("%+v", in)
	}
}

func TestFU24_SharedPhoneResolvesByExtension(t *testing.T) {
	h := open(t)
	mother, child := h.personAt("王芳", number(1)), h.personAt("王小宝", number(1))
	a, b := h.ask(mother, 1), h.ask(child, 2)
	if a.Extension == b.Extension {
		t.Fatal("two open questions of one number share an extension")
	}
	h.reply(number(1), b.Extension, "2")
	h.reply(number(1), a.Extension, "1")
	answers := told[message.Answered](h)
	if len(answers) != 2 || answers[0].PatientID != child || answers[0].Code != "2" || answers[1].PatientID != mother || answers[1].Code != "1" {
		t.Errorf("%+v", answers)
	}
}

func TestFU24_WithoutExtensionOnlyOneOpenQuestionIsSure(t *testing.T) {
	h := open(t)
	p := h.person(1)
	h.ask(p, 1)
	h.reply(number(1), "", "1")
	second := h.ask(p, 2)
	third := h.ask(p, 3)
	h.clock.Advance(time.Minute)
	h.reply(number(1), "", "3")
	answers := told[message.Answered](h)
	if len(answers) != 2 || answers[0].Ref != 1 || answers[0].Provisional {
		t.Fatalf("%+v", answers)
	}
	if answers[1].MessageID != third.ID || !answers[1].Provisional || answers[1].Code != "3" {
		t.Errorf("with %v and %v open: %+v", second.ID, third.ID, answers[1])
	}
	in := h.inbox("all")
	if in[0].State != message.InboxPerson || in[0].Reason != message.ReasonAmbiguous {
		t.Errorf("%+v", in[0])
	}
}

func TestFU24_UnclearGuessesFireProvisionally(t *testing.T) {
	h := open(t)
	m := h.ask(h.person(1), 1)
	h.reply(number(1), m.Extension, "伤口不适，要不要来？")
	h.reply(number(1), m.Extension, "谢谢")
	h.reply(number(1), m.Extension, "1")
	h.reply(number(1), m.Extension, "3")
	h.clock.Advance(72 * time.Hour)
	h.reply(number(1), m.Extension, "2")
	answers := told[message.Answered](h)
	if len(answers) != 4 {
		t.Fatalf("%+v", answers)
	}
	for i, want := range []struct {
		code        string
		provisional bool
	}{{"3", true}, {"1", false}, {"3", true}, {"2", true}} {
		if answers[i].Code != want.code || answers[i].Provisional != want.provisional {
			t.Errorf("answer %d: %+v", i, answers[i])
		}
	}
	reasons := []string{}
	for _, r := range h.inbox("all") {
		reasons = append(reasons, r.Reason)
	}
	if got := strings.Join(reasons, " "); got != "changed changed  unclear unclear" {
		t.Errorf("%q", got)
	}
}

func TestSM28_OptOutStopsPromotionNotCare(t *testing.T) {
	h := open(t)
	p := h.person(1)
	if err := h.consent.Decide(h.ctx, p, consent.Any, []consent.Purpose{consent.Promotion}, "granted", "desk", "form"); err != nil {
		t.Fatal(err)
	}
	h.send(message.Draft{PatientID: p, Purpose: consent.Promotion, Text: "义诊活动，拒收请回复R"})
	h.drain()
	h.reply(number(1), "", "Ｒ")
	care := h.send(message.Draft{PatientID: p, Purpose: consent.Care, Text: hello})
	promotion := h.send(message.Draft{PatientID: p, Purpose: consent.Promotion, Text: "义诊活动，拒收请回复R"})
	h.drain()
	if h.state(care) != message.StateAccepted || h.find(promotion).Reason != consent.CodeDenied {
		t.Errorf("%s %s", h.state(care), h.find(promotion).Reason)
	}
	if in := h.inbox("all"); len(in) != 1 || !in[0].OptOut || in[0].State != message.InboxPerson {
		t.Errorf("%+v", in)
	}
}

func TestSM01_UnmatchedKeptInOwnTab(t *testing.T) {
	h := open(t)
	h.reply("15499990000", "", "请问几点开门")
	if got := h.inbox("all"); len(got) != 0 {
		t.Errorf("it stands in the common inbox: %+v", got)
	}
	in := h.inbox("unmatched")
	if len(in) != 1 || in[0].Reason != message.ReasonUnmatched || in[0].Text != "请问几点开门" {
		t.Fatalf("%+v", in)
	}
	agent := h.member(5, "all", message.PermInbox, message.PermHandle)
	if _, err := h.message.Inbox(agent, message.InboxFilter{Tab: "unmatched"}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("without the permission: %v", err)
	}
	if _, err := h.message.FindReply(agent, in[0].ID); !fault.Is(err, fault.Forbidden) {
		t.Errorf("one of them without the permission: %v", err)
	}
	if _, err := h.message.Answer(h.ctx, in[0].ID, "八点"); !fault.Is(err, fault.Conflict) {
		t.Errorf("a reply to nobody: %v", err)
	}
	p := h.person(1)
	if err := h.message.Match(h.ctx, in[0].ID, p); err != nil {
		t.Fatal(err)
	}
	if got := h.inbox("all"); len(got) != 1 || got[0].PatientID != p || len(h.inbox("unmatched")) != 0 {
		t.Errorf("after matching: %+v", got)
	}
}

func TestSM01_ScopeHoldsInTheInbox(t *testing.T) {
	h := open(t)
	h.person(1)
	h.reply(number(1), "", "你好")
	nurse := h.member(5, "own", message.PermInbox, message.PermList)
	if page, err := h.message.Inbox(nurse, message.InboxFilter{}); err != nil || len(page.Items) != 0 {
		t.Errorf("%+v %v", page.Items, err)
	}
	if _, err := h.message.FindReply(nurse, h.inbox("all")[0].ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("%v", err)
	}
}

func TestSM08_ReplyKeepsNumberAndExtension(t *testing.T) {
	h := open(t)
	p := h.person(1)
	m := h.ask(p, 1)
	h.reply(number(1), m.Extension, "伤口可以碰水吗")
	in := h.inbox("all")[0]
	h.clock.Advance(13 * time.Hour) // at night: an answer to who has just written may go
	id, err := h.message.Answer(h.ctx, in.ID, "拆线前请不要碰水。")
	if err != nil {
		t.Fatal(err)
	}
	h.clock.Advance(10 * time.Second)
	h.drain()
	last := h.post.sent[len(h.post.sent)-1]
	if last.Extension != m.Extension || last.To != number(1) || h.find(id).ReplyTo != in.ID {
		t.Errorf("%+v", last)
	}
	lines, err := h.message.Thread(h.ctx, p)
	if err != nil || len(lines) != 3 || lines[0].Direction != "out" || lines[1].Direction != "in" || lines[2].Direction != "out" {
		t.Errorf("%+v %v", lines, err)
	}
	if h.inbox("all")[0].State != message.InboxDone {
		t.Error("the answered message is still open")
	}
}

func TestSM08_LongReplyJoinsAndRepeatsDoNotDouble(t *testing.T) {
	h := open(t)
	h.person(1)
	units := utf16.Encode([]rune("伤口有点疼👍" + strings.Repeat("好", 70)))
	part := func(i int, u []uint16) message.Incoming {
		return message.Incoming{Route: "post", From: number(1), To: "10690001", Part: message.Part{Ref: "9", Index: i, Total: 2, Units: u}}
	}
	for _, in := range []message.Incoming{part(2, units[6:]), part(2, units[6:]), part(1, units[:6]), part(1, units[:6]), part(2, units[6:])} {
		if err := h.message.OnIncoming(context.Background(), in); err != nil {
			t.Fatal(err)
		}
	}
	h.reply(number(1), "", "在吗")
	h.reply(number(1), "", "在吗")
	h.clock.Advance(time.Hour)
	if err := h.jobs.Tick(context.Background(), "message.sweep"); err != nil {
		t.Fatal(err)
	}
	in := h.inbox("all")
	if len(in) != 2 || in[1].Text != string(utf16.Decode(units)) || in[0].Text != "在吗" {
		t.Errorf("%d messages: %+v", len(in), in)
	}
}

func TestSM08_TornReplyIsNotLost(t *testing.T) {
	h := open(t)
	h.person(1)
	err := h.message.OnIncoming(context.Background(), message.Incoming{Route: "post", From: number(1), To: "10690001",
		Part: message.Part{Ref: "9", Index: 2, Total: 2, Units: utf16.Encode([]rune("出血了"))}})
	if err != nil {
		t.Fatal(err)
	}
	h.clock.Advance(11 * time.Minute)
	if err := h.jobs.Tick(context.Background(), "message.sweep"); err != nil {
		t.Fatal(err)
	}
	if in := h.inbox("all"); len(in) != 1 || in[0].Text != "[…]出血了" {
		t.Errorf("%+v", in)
	}
}

func TestSM21_ReplyReachesItsOwner(t *testing.T) {
	h := open(t)
	p := h.person(1)
	_, err := h.message.SendAll(h.ctx, []message.Draft{{PatientID: p, Purpose: consent.Care, Text: hello, SenderStaffID: 42}})
	if err != nil {
		t.Fatal(err)
	}
	h.drain()
	h.reply(number(1), "", "收到")
	got := told[message.Received](h)
	if len(got) != 1 || got[0].OwnerID != 42 || got[0].PatientID != p {
		t.Fatalf("%+v", got)
	}
	owner := h.member(42, "all", message.PermInbox, message.PermHandle)
	if n, err := h.message.Waiting(owner); err != nil || n != 1 {
		t.Errorf("badge %d %v", n, err)
	}
	if page, err := h.message.Inbox(owner, message.InboxFilter{Tab: "mine"}); err != nil || len(page.Items) != 1 {
		t.Errorf("%+v %v", page.Items, err)
	}
	if err := h.message.Done(owner, got[0].IncomingID); err != nil {
		t.Fatal(err)
	}
	if n, err := h.message.Waiting(owner); err != nil || n != 0 {
		t.Errorf("badge %d %v after it was done", n, err)
	}
}

func TestSM18_TemplatesAreApprovedBeforeTheySend(t *testing.T) {
	h := open(t)
	p := h.person(1)
	tpl := message.Template{Code: "review.d1", Name: "复查提醒", Family: "review", Purpose: consent.Care, Text: "{{name|您}}好，请于{{date}}复查。"}
	id, err := h.message.CreateTemplate(h.ctx, tpl)
	if err != nil {
		t.Fatal(err)
	}
	d := message.Draft{PatientID: p, Purpose: consent.Care, TemplateCode: "review.d1", Params: map[string]string{"date": "明日"}}
	if _, err := h.message.Send(h.ctx, d); !fault.Is(err, fault.Invalid) {
		t.Errorf("a draft was sent: %v", err)
	}
	tpl.ID, tpl.Version, tpl.State = id, 1, "approved"
	if err := h.message.UpdateTemplate(h.ctx, tpl); err != nil {
		t.Fatal(err)
	}
	if err := h.message.UpdateTemplate(h.ctx, tpl); !fault.Is(err, fault.Conflict) {
		t.Errorf("a lost update: %v", err)
	}
	if m := h.find(h.send(d)); !strings.Contains(m.Text, "请于明日复查") {
		t.Errorf("%q", m.Text)
	}
	d.Params = nil
	if _, err := h.message.Send(h.ctx, d); fault.KeyOf(err) != "message.text.variables" {
		t.Errorf("a text with a hole: %v", err)
	}
	tpl.Version, tpl.Text = 2, "根治"
	if err := h.message.UpdateTemplate(h.ctx, tpl); fault.KeyOf(err) != "message.lint.blocked" {
		t.Errorf("an approved template with a forbidden word: %v", err)
	}
	if _, err := h.message.CreateTemplate(h.ctx, message.Template{Code: "review.d1", Name: "x", Purpose: consent.Care, Text: "x"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("one code twice: %v", err)
	}
}
