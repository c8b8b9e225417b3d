package message_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"renxin/internal/consent"
	"renxin/internal/message"
)

func (h *house) sent(n int) message.ID {
	h.t.Helper()
	id := h.send(message.Draft{PatientID: h.person(n), Purpose: consent.Care, Text: hello})
	h.drain()
	return id
}

func TestSM03_ReceiptsOnceTwiceAndContrary(t *testing.T) {
	h := open(t)
	id := h.sent(1)
	h.receipt("p1", message.ReceiptDelivered)
	h.receipt("p1", message.ReceiptDelivered)
	h.receipt("p1", message.ReceiptFailed)
	if h.state(id) != message.StateDelivered {
		t.Errorf("%s", h.state(id))
	}
	if n := len(told[message.Settled](h)); n != 1 {
		t.Errorf("%d facts for one delivery", n)
	}
}

func TestSM03_EarlyReceiptIsKeptAndMatched(t *testing.T) {
	h := open(t)
	id := h.send(message.Draft{PatientID: h.person(1), Purpose: consent.Care, Text: hello})
	h.post.respond = func(m message.Outgoing) (message.Accepted, error) {
		h.receipt("AB12", message.ReceiptDelivered) // before the answer to the submit
		h.receipt("AB12", message.ReceiptDelivered)
		return message.Accepted{ProviderIDs: []string{"00ab12"}}, nil
	}
	h.drain()
	if h.state(id) != message.StateDelivered {
		t.Errorf("%s", h.state(id))
	}
}

func TestSM03_HexAndDecimalNeedTheNumber(t *testing.T) {
	h := open(t)
	h.post.respond = func(m message.Outgoing) (message.Accepted, error) {
		return message.Accepted{ProviderIDs: []string{map[string]string{number(1): "1F4", number(2): "500"}[m.To]}}, nil
	}
	a, b := h.sent(1), h.sent(2)
	err := h.message.OnReceipt(context.Background(), "post", message.Receipt{ProviderID: "500", Number: "86" + number(1), State: message.ReceiptDelivered, Code: "DELIVRD"})
	if err != nil {
		t.Fatal(err)
	}
	if h.state(a) != message.StateDelivered || h.state(b) != message.StateAccepted {
		t.Errorf("500 for the first number: %s, %s", h.state(a), h.state(b))
	}
}

func TestSM03_LongMessageNeedsAllParts(t *testing.T) {
	h := open(t)
	id := h.send(message.Draft{PatientID: h.person(1), Purpose: consent.Care, Text: strings.Repeat("请注意休息。", 30)})
	h.drain()
	if m := h.find(id); m.Parts != 3 || m.CostFen != 14 {
		t.Fatalf("%d parts, %d fen", m.Parts, m.CostFen)
	}
	h.receipt("p1", message.ReceiptDelivered)
	h.receipt("p3", message.ReceiptDelivered)
	if h.state(id) != message.StateAccepted {
		t.Errorf("after two of three: %s", h.state(id))
	}
	h.receipt("p2", message.ReceiptFailed)
	if m := h.find(id); m.State != message.StateFailed || m.ProviderCode != "UNDELIV 001" {
		t.Errorf("%s %s", m.State, m.ProviderCode)
	}
}

func TestSM03_NeverReceiptedAgesIntoUnknownAndALateReceiptStillCounts(t *testing.T) {
	h := open(t)
	id := h.sent(1)
	h.clock.Advance(73 * time.Hour)
	if err := h.jobs.Tick(context.Background(), "message.sweep"); err != nil {
		t.Fatal(err)
	}
	if m := h.find(id); m.State != message.StateUnknown || m.Reason != "no_receipt" {
		t.Fatalf("%s %s", m.State, m.Reason)
	}
	h.receipt("p1", message.ReceiptDelivered)
	if h.state(id) != message.StateDelivered {
		t.Errorf("%s", h.state(id))
	}
}

func TestSM03_TotalsAddUp(t *testing.T) {
	h := open(t)
	for i := range 12 {
		h.sent(i)
	}
	h.send(message.Draft{PatientID: h.person(50), Purpose: consent.Promotion, Text: hello + "拒收请回复R"})
	h.send(message.Draft{PatientID: h.person(51), Purpose: consent.Care, Text: hello, NotBefore: h.clock.Now().Add(time.Hour)})
	for i := range 12 {
		h.receipt(fmt.Sprintf("p%d", i+1), []message.ReceiptState{message.ReceiptDelivered, message.ReceiptDelivered, message.ReceiptFailed, message.ReceiptUnknown}[i%4])
	}
	got, err := h.message.Totals(h.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if want := (message.Totals{Sent: 12, Delivered: 6, Failed: 3, Unknown: 3, Pending: 1, Blocked: 1}); got != want {
		t.Errorf("%+v", got)
	}
	nobody, err := h.message.Totals(h.member(9, "own", message.PermList))
	if err != nil || nobody != (message.Totals{}) {
		t.Errorf("outside the scope: %+v %v", nobody, err)
	}
}

func TestSM03_UnclaimedReceiptSettlesTheOnlyDoubtfulMessage(t *testing.T) {
	h := open(t)
	h.post.respond = func(message.Outgoing) (message.Accepted, error) { return message.Accepted{}, context.DeadlineExceeded }
	one, twice := h.sent(1), h.sent(2)
	p := h.find(twice).PatientID
	again := h.send(message.Draft{PatientID: p, Purpose: consent.Care, Text: "再发一条"})
	h.drain()
	for i, n := range []int{1, 2} {
		if err := h.message.OnReceipt(context.Background(), "post", message.Receipt{ProviderID: fmt.Sprint(900 + i), Number: "86" + number(n), State: message.ReceiptDelivered, Code: "DELIVRD"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.jobs.Tick(context.Background(), "message.sweep"); err != nil {
		t.Fatal(err)
	}
	if h.state(one) != message.StateDelivered {
		t.Errorf("the only doubtful one is %s", h.state(one))
	}
	if h.state(twice) != message.StateUnknown || h.state(again) != message.StateUnknown {
		t.Errorf("of two doubtful ones nobody knows which: %s %s", h.state(twice), h.state(again))
	}
}
