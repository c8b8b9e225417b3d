// Package messagetest proves implementations of message.Sender (发送通道一致性测试).
package messagetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"renxin/internal/message"
)

// Rig is a Sender with the other end in the hand of the test. A nil function means that the provider has no such thing,
// and the tests that need it are left out.
type Rig struct {
	Sender message.Sender
	// Phone lists the whole texts that a number received, oldest first.
	Phone func(number string) []string
	// Reply sends text from a phone to our number with extension; it returns after the Sender acknowledged.
	Reply func(from, extension, text string) error
	// Fail makes the provider refuse this number for good, with a receipt or at once.
	Fail func(number string)
	// Mute makes the provider swallow everything from now on without an answer.
	Mute func()
	// Cut ends the connection, keeps it away and returns once the Sender knows.
	Cut func()
}

// Sender proves that what open builds keeps the contract of message.Sender and message.Inlet. Every test opens its own rig.
// Answers within the rig must come within a second or two; a rig sets its time-outs low.
func Sender(t *testing.T, open func(t *testing.T, in message.Inlet) Rig) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, *Inlet, Rig)
	}{
		{"names itself", namesItself},
		{"sends texts whole", sendsWhole},
		{"brings a receipt for every part", bringsReceipts},
		{"says no clearly", saysNo},
		{"hears replies after the commit", hearsReplies},
		{"does not guess when nobody answers", doesNotGuess},
		{"knows when nothing left", knowsUnsent},
		{"is safe for many callers", manyCallers},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := &Inlet{}
			c.run(t, in, open(t, in))
		})
	}
}

const patience = 10 * time.Second

func short(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

func namesItself(t *testing.T, _ *Inlet, r Rig) {
	if r.Sender.Name() == "" || r.Sender.Channel() == "" {
		t.Error("a sender needs a name and a channel")
	}
	a := r.Sender.Ability()
	if a.FreeText == a.TemplatesOnly {
		t.Error("a sender takes free text or templates only, never both or none")
	}
}

var texts = []string{
	"【仁心医院】您好，请于明日9:00复查。",
	"【仁心医院】" + strings.Repeat("恢复期间请注意休息，", 12) + "祝您早日康复👍",
	strings.Repeat("👍", 70),
	"Renxin: " + strings.Repeat("your appointment {tomorrow} costs 5€. ", 9),
}

func sendsWhole(t *testing.T, _ *Inlet, r Rig) {
	for i, text := range texts {
		to := fmt.Sprintf("1540000%04d", i)
		a, err := r.Sender.Send(short(t), message.Outgoing{ID: int64(i + 1), To: to, Text: text, Signature: "仁心医院"})
		if err != nil {
			t.Fatalf("text %d: %v", i, err)
		}
		if len(a.ProviderIDs) == 0 || slices.Contains(a.ProviderIDs, "") {
			t.Errorf("text %d: provider ids %q", i, a.ProviderIDs)
		}
		if r.Phone != nil {
			Until(t, "the text arrives whole", func() bool { return slices.Equal(r.Phone(to), []string{text}) })
		}
	}
}

func bringsReceipts(t *testing.T, in *Inlet, r Rig) {
	if !r.Sender.Ability().Receipts {
		t.Skip("this provider sends no receipts")
	}
	a, err := r.Sender.Send(short(t), message.Outgoing{ID: 1, To: "15400000001", Text: texts[1], Signature: "仁心医院"})
	if err != nil {
		t.Fatal(err)
	}
	Until(t, "a receipt for every part", func() bool {
		for _, id := range a.ProviderIDs {
			if !slices.ContainsFunc(in.Receipts(), func(r message.Receipt) bool {
				return r.State == message.ReceiptDelivered && message.SameProviderID(id, r.ProviderID)
			}) {
				return false
			}
		}
		return true
	})
}

func saysNo(t *testing.T, in *Inlet, r Rig) {
	if r.Fail == nil {
		t.Skip("this provider refuses nobody")
	}
	r.Fail("15400000009")
	_, err := r.Sender.Send(short(t), message.Outgoing{ID: 1, To: "15400000009", Text: texts[0], Signature: "仁心医院"})
	if refused, ok := errors.AsType[*message.Refused](err); ok {
		if !refused.Permanent || refused.Code == "" {
			t.Errorf("refusal %+v", refused)
		}
		return
	}
	if err != nil {
		t.Fatalf("a refusal came as %v", err)
	}
	Until(t, "a receipt that says failed", func() bool {
		return slices.ContainsFunc(in.Receipts(), func(r message.Receipt) bool { return r.State == message.ReceiptFailed && r.Code != "" })
	})
}

func hearsReplies(t *testing.T, in *Inlet, r Rig) {
	if r.Reply == nil {
		t.Skip("this provider brings no replies")
	}
	long := strings.Repeat("伤口有点疼👍", 30)
	for _, text := range []string{"3", "ok thanks", "伤口👍", long} {
		if err := r.Reply("15400000003", "77", text); err != nil {
			t.Fatal(err)
		}
	}
	got := in.Texts("15400000003")
	if want := []string{"3", "ok thanks", "伤口👍", long}; !slices.Equal(got, want) {
		t.Errorf("heard %q", got)
	}
	for _, m := range in.Incoming() {
		if !strings.HasSuffix(m.To, "77") || m.Route != r.Sender.Name() || m.At == 0 {
			t.Errorf("incoming %+v", m)
		}
	}
	in.Refuse(2)
	if err := r.Reply("15400000004", "77", "1"); err != nil {
		t.Fatalf("a reply that could not be stored at first was lost: %v", err)
	}
	if got := in.Texts("15400000004"); !slices.Equal(got, []string{"1"}) {
		t.Errorf("after two failed commits: %q", got)
	}
}

func doesNotGuess(t *testing.T, _ *Inlet, r Rig) {
	if r.Mute == nil {
		t.Skip("this provider cannot be muted")
	}
	r.Mute()
	start := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := r.Sender.Send(ctx, message.Outgoing{ID: 1, To: "15400000005", Text: texts[0], Signature: "仁心医院"})
	if err == nil {
		t.Fatal("a message that nobody answered counts as accepted")
	}
	if _, ok := errors.AsType[*message.NotSent](err); ok {
		t.Error("a message that left counts as not sent: it would be sent twice")
	}
	if _, ok := errors.AsType[*message.Refused](err); ok {
		t.Error("a message that nobody answered counts as refused")
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("Send outlived its context by %v", took)
	}
}

func knowsUnsent(t *testing.T, _ *Inlet, r Rig) {
	if r.Cut == nil {
		t.Skip("this provider has no connection to cut")
	}
	r.Cut()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := r.Sender.Send(ctx, message.Outgoing{ID: 1, To: "15400000006", Text: texts[0], Signature: "仁心医院"})
	if _, ok := errors.AsType[*message.NotSent](err); !ok {
		t.Errorf("without a connection Send said %v", err)
	}
}

func manyCallers(t *testing.T, _ *Inlet, r Rig) {
	const callers = 50
	errs := make(chan error, callers)
	for i := range callers {
		go func() {
			_, err := r.Sender.Send(short(t), message.Outgoing{ID: int64(i + 1), To: fmt.Sprintf("1540001%04d", i), Text: texts[i%2], Signature: "仁心医院"})
			errs <- err
		}()
	}
	for range callers {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	for i := range callers {
		if r.Phone != nil {
			to := fmt.Sprintf("1540001%04d", i)
			Until(t, "exactly one message", func() bool { return slices.Equal(r.Phone(to), []string{texts[i%2]}) })
		}
	}
}
