package message_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"renxin/internal/consent"
	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/fault"
)

const hello = "{{name|您}}您好，请于明日复查。"

func TestSM04_SendRendersSignsAndCounts(t *testing.T) {
	h := open(t)
	p := h.personAt("李秀英", number(1))
	id := h.send(message.Draft{PatientID: p, Purpose: consent.Care, Text: hello})
	h.drain()
	m := h.find(id)
	if m.Text != "【仁安医院】李秀英您好，请于明日复查。" || m.State != message.StateAccepted || m.Parts != 1 || m.CostFen != 5 {
		t.Errorf("%+v", m)
	}
	if len(h.post.sent) != 1 || h.post.sent[0].To != number(1) || len(h.post.sent[0].Extension) != 4 {
		t.Errorf("the provider got %+v", h.post.sent)
	}
}

func TestSM04_PreviewHasNoEffect(t *testing.T) {
	h := open(t)
	p := h.person(1)
	v, err := h.message.Preview(h.ctx, message.Draft{PatientID: p, Purpose: consent.Promotion, Text: "根治，" + strings.Repeat("好", 60)})
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Segments.Parts) != 1 || v.Segments.Units != 69 || v.CostFen != 5 {
		t.Errorf("%+v", v.Segments)
	}
	if !message.Blocks(v.Lint) || v.Gate.Allowed || v.Gate.Code != consent.CodeNoConsent {
		t.Errorf("%+v %+v", v.Lint, v.Gate)
	}
	if page, err := h.message.List(h.ctx, message.Filter{}); err != nil || len(page.Items) != 0 {
		t.Errorf("a preview left %d messages, %v", len(page.Items), err)
	}
}

func TestSM04_KeySendsOnce(t *testing.T) {
	h := open(t)
	p := h.person(1)
	d := message.Draft{PatientID: p, Purpose: consent.Care, Text: hello, Key: "plan/1/step/2"}
	first := h.send(d)
	if again := h.send(d); again != first {
		t.Errorf("a second message %v for one key", again)
	}
	h.drain()
	if again := h.send(d); again != first {
		t.Errorf("a second message %v after it was sent", again)
	}
	h.drain()
	if len(h.post.sent) != 1 {
		t.Errorf("sent %d times", len(h.post.sent))
	}
}

func TestSM04_KeySendsOnceUnderConcurrency(t *testing.T) {
	h := open(t)
	p := h.person(1)
	ids := make(chan message.ID, 10)
	for range cap(ids) {
		go func() {
			id, err := h.message.Send(h.ctx, message.Draft{PatientID: p, Purpose: consent.Care, Text: hello, Key: "birthday/2026"})
			if err != nil {
				t.Error(err)
			}
			ids <- id
		}()
	}
	first := <-ids
	for range cap(ids) - 1 {
		if id := <-ids; id != first {
			t.Errorf("two messages for one key: %v and %v", first, id)
		}
	}
}

func TestSM04_RefusalsAreRowsWithReasons(t *testing.T) {
	h := open(t)
	ok, wrong, denied := h.person(1), h.person(2), h.person(3)
	none := h.personAt("无号", "")
	if err := h.patient.MarkWrong(h.ctx, number(2), "told by phone"); err != nil {
		t.Fatal(err)
	}
	if err := h.consent.OptOut(h.ctx, denied, consent.Any, []consent.Purpose{consent.Care}, "form"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		d      message.Draft
		reason string
	}{
		{message.Draft{PatientID: wrong, Purpose: consent.Care, Text: hello}, consent.CodeWrongNumber},
		{message.Draft{PatientID: none, Purpose: consent.Care, Text: hello}, "no_number"},
		{message.Draft{PatientID: denied, Purpose: consent.Care, Text: hello}, consent.CodeDenied},
		{message.Draft{PatientID: ok, Purpose: consent.Promotion, Text: hello + "拒收请回复R"}, consent.CodeNoConsent},
		{message.Draft{PatientID: ok, Purpose: consent.Survey, Text: hello}, consent.CodeNoConsent},
		{message.Draft{PatientID: ok, Purpose: consent.Care, Text: "您的乙肝复查"}, "lint"},
	} {
		m := h.find(h.send(c.d))
		if m.State != message.StateBlocked || m.Reason != c.reason {
			t.Errorf("want %s, got %s %s", c.reason, m.State, m.Reason)
		}
	}
	h.drain()
	if len(h.post.sent) != 0 {
		t.Errorf("%d blocked messages were sent", len(h.post.sent))
	}
	if n := len(told[message.Blocked](h)); n != 6 {
		t.Errorf("%d facts", n)
	}
}

func TestSM04_PersonsAreStoppedByLintAndScope(t *testing.T) {
	h := open(t)
	p := h.person(1)
	nurse := h.member(7, "own", message.PermSend, message.PermList)
	_, err := h.message.Send(nurse, message.Draft{PatientID: p, Purpose: consent.Care, Text: hello})
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("a stranger's patient: %v", err)
	}
	director := h.member(8, "all", message.PermSend)
	_, err = h.message.Send(director, message.Draft{PatientID: p, Purpose: consent.Care, Text: "根治"})
	if f, ok := errors.AsType[*fault.Error](err); !ok || f.Code != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Path != "text" {
		t.Errorf("lint: %v", err)
	}
	_, err = h.message.Send(context.Background(), message.Draft{PatientID: p, Purpose: consent.Care, Text: hello})
	if !fault.Is(err, fault.Unauthorized) {
		t.Errorf("nobody: %v", err)
	}
}

func TestSM02_OutboxCancelUntilHandOver(t *testing.T) {
	h := open(t)
	later := h.send(message.Draft{PatientID: h.person(1), Purpose: consent.Care, Text: hello, NotBefore: h.clock.Now().Add(3 * time.Hour)})
	now := h.send(message.Draft{PatientID: h.person(2), Purpose: consent.Care, Text: hello})
	page, err := h.message.List(h.ctx, message.Filter{Box: "outbox"})
	if err != nil || len(page.Items) != 2 || page.Total.Value != 2 {
		t.Fatalf("%+v %v", page, err)
	}
	if eta := h.find(later).NotBefore; eta != h.clock.Now().Add(3*time.Hour) {
		t.Errorf("eta %v", eta)
	}
	h.post.respond = func(message.Outgoing) (message.Accepted, error) {
		if err := h.message.Cancel(h.ctx, now); !fault.Is(err, fault.Conflict) { // at the very moment of hand-over
			t.Errorf("cancel while sending: %v", err)
		}
		return message.Accepted{}, nil
	}
	h.drain()
	if err := h.message.Cancel(h.ctx, now); !fault.Is(err, fault.Conflict) || h.state(now) != message.StateAccepted {
		t.Errorf("cancel after hand-over: %v", err)
	}
	if err := h.message.Cancel(h.ctx, later); err != nil || h.state(later) != message.StateCancelled {
		t.Errorf("cancel before: %v", err)
	}
	h.clock.Advance(4 * time.Hour)
	h.drain()
	if len(h.post.sent) != 1 {
		t.Errorf("the cancelled message went out: %d", len(h.post.sent))
	}
}

func TestSM02_CancelByKey(t *testing.T) {
	h := open(t)
	at := h.clock.Now().Add(time.Hour)
	for i := range 5 {
		h.send(message.Draft{PatientID: h.person(i), Purpose: consent.Care, Text: hello, Key: fmt.Sprintf("plan/%d/a", i/3), NotBefore: at})
	}
	if n, err := h.message.CancelByKey(h.ctx, "plan/0/"); err != nil || n != 3 {
		t.Errorf("%d %v", n, err)
	}
	h.clock.Advance(time.Hour)
	h.drain()
	if len(h.post.sent) != 2 {
		t.Errorf("%d went out", len(h.post.sent))
	}
}

func TestSM02_QuietHoursPostpone(t *testing.T) {
	h := open(t)
	h.clock.Advance(13 * time.Hour) // 22:00
	p := h.person(1)
	care := h.send(message.Draft{PatientID: p, Purpose: consent.Care, Text: hello})
	urgent := h.send(message.Draft{PatientID: p, Purpose: consent.Care, Text: "请立即回院。", Urgent: true})
	h.drain()
	if h.state(urgent) != message.StateAccepted {
		t.Errorf("urgent is %s", h.state(urgent))
	}
	m := h.find(care)
	if m.State != message.StateQueued || m.Reason != consent.CodeQuiet || h.clock.Local(m.NotBefore).Format("02 15:04") != "24 08:00" {
		t.Errorf("%s %s %v", m.State, m.Reason, h.clock.Local(m.NotBefore))
	}
	h.clock.Advance(10 * time.Hour)
	h.drain()
	if h.state(care) != message.StateAccepted {
		t.Errorf("in the morning it is %s", h.state(care))
	}
}

func TestSM02_GateAsksAgainWhenSending(t *testing.T) {
	h := open(t)
	at := h.clock.Now().Add(time.Hour)
	p, q, r := h.person(1), h.person(2), h.person(3)
	refused := h.send(message.Draft{PatientID: p, Purpose: consent.Care, Text: hello, NotBefore: at})
	wrong := h.send(message.Draft{PatientID: q, Purpose: consent.Care, Text: hello, NotBefore: at})
	fine := h.send(message.Draft{PatientID: r, Purpose: consent.Care, Text: hello, NotBefore: at})
	if err := h.consent.OptOut(h.ctx, p, "sms", []consent.Purpose{consent.Care}, "form"); err != nil {
		t.Fatal(err)
	}
	if err := h.patient.MarkWrong(h.ctx, number(2), "other person"); err != nil {
		t.Fatal(err)
	}
	h.clock.Advance(time.Hour)
	h.drain()
	if h.state(refused) != message.StateBlocked || h.state(wrong) != message.StateBlocked || h.state(fine) != message.StateAccepted {
		t.Errorf("%s %s %s", h.state(refused), h.state(wrong), h.state(fine))
	}
	if len(h.post.sent) != 1 {
		t.Errorf("%d were sent", len(h.post.sent))
	}
}

func TestFU06_OutcomesOfSend(t *testing.T) {
	for _, c := range []struct {
		name   string
		err    error
		state  message.State
		reason string
	}{
		{"refused for good", &message.Refused{Code: "SMPP 0x0B", Permanent: true}, message.StateFailed, "refused"},
		{"throttled", &message.Refused{Code: "SMPP 0x58"}, message.StateQueued, "throttled"},
		{"nothing left", &message.NotSent{Err: errors.New("no connection")}, message.StateQueued, "no_route"},
		{"the sender broke down", nil, message.StateUnknown, "no_answer"},
		{"timeout after the write", context.DeadlineExceeded, message.StateUnknown, "no_answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := open(t)
			id := h.send(message.Draft{PatientID: h.person(1), Purpose: consent.Care, Text: hello})
			h.post.respond = func(message.Outgoing) (message.Accepted, error) {
				if c.err == nil {
					panic("broken")
				}
				return message.Accepted{}, c.err
			}
			h.drain()
			if m := h.find(id); m.State != c.state || m.Reason != c.reason {
				t.Fatalf("%s %s", m.State, m.Reason)
			}
			h.post.respond = nil
			h.clock.Advance(10 * time.Minute)
			h.drain()
			want := 1
			if c.state == message.StateQueued {
				want = 2
			}
			if len(h.post.sent) != want {
				t.Errorf("handed over %d times, want %d", len(h.post.sent), want)
			}
		})
	}
}

func TestFU06_InterruptedBecomesUnknownAndIsNotResent(t *testing.T) {
	h := open(t)
	id := h.send(message.Draft{PatientID: h.person(1), Purpose: consent.Care, Text: hello})
	if n, err := h.message.TakeForTest(h.ctx); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if h.state(id) != message.StateSending {
		t.Fatalf("it is %s", h.state(id))
	}
	if err := h.jobs.Tick(context.Background(), "message.sweep"); err != nil || h.state(id) != message.StateSending {
		t.Fatalf("before its lease ends it is %s, %v", h.state(id), err)
	}
	h.clock.Advance(3 * time.Minute)
	if err := h.jobs.Tick(context.Background(), "message.sweep"); err != nil {
		t.Fatal(err)
	}
	h.drain()
	m := h.find(id)
	if m.State != message.StateUnknown || m.Reason != "interrupted" || len(h.post.sent) != 0 {
		t.Errorf("%s %s, handed over %d times", m.State, m.Reason, len(h.post.sent))
	}
	settled := told[message.Settled](h)
	if len(settled) != 1 || settled[0].State != message.StateUnknown {
		t.Errorf("%+v", settled)
	}
}

func TestSM03_BoxesPageInOrderForEveryScope(t *testing.T) {
	h := open(t)
	mine := map[message.ID]bool{}
	var all []message.ID
	for i := range 23 {
		p := h.person(i)
		if i%2 == 0 {
			if err := h.patient.Grant(h.ctx, p, patient.Access{Kind: "staff", Key: 7, Role: "owner"}); err != nil {
				t.Fatal(err)
			}
		}
		id := h.send(message.Draft{PatientID: p, Purpose: consent.Care, Text: hello})
		h.drain()
		h.receipt(fmt.Sprintf("p%d", i+1), []message.ReceiptState{message.ReceiptDelivered, message.ReceiptFailed, message.ReceiptUnknown}[i%3])
		mine[id] = i%2 == 0
		all = append([]message.ID{id}, all...)
		h.clock.Advance(time.Second)
	}
	nurse := h.member(7, "own", message.PermList)
	for _, c := range []struct {
		ctx  context.Context
		want int
	}{{h.ctx, 23}, {nurse, 12}} {
		var got []message.ID
		cursor, pages := "", 0
		for {
			page, err := h.message.List(c.ctx, message.Filter{Box: "sent", Limit: 5, Cursor: cursor})
			if err != nil || page.Total.Value != c.want || !page.Total.Exact {
				t.Fatalf("%+v %v", page.Total, err)
			}
			for _, m := range page.Items {
				got = append(got, m.ID)
			}
			pages++
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		var want []message.ID
		for _, id := range all {
			if c.want == 23 || mine[id] {
				want = append(want, id)
			}
		}
		if !slices.Equal(got, want) || pages != (c.want+4)/5 {
			t.Errorf("%d pages, %v", pages, got)
		}
		totals, err := h.message.Totals(c.ctx)
		if err != nil || totals.Sent != c.want {
			t.Errorf("%+v %v", totals, err)
		}
	}
	if page, err := h.message.List(h.ctx, message.Filter{Box: "outbox", State: message.StateDelivered}); err != nil || len(page.Items) != 0 {
		t.Errorf("a state that is not in the box: %v %v", page.Items, err)
	}
	if page, err := h.message.List(h.ctx, message.Filter{Box: "sent", State: message.StateFailed}); err != nil || len(page.Items) != 8 {
		t.Errorf("failed only: %d %v", len(page.Items), err)
	}
}
