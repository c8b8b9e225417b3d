package message_test

import (
	"testing"

	"renxin/internal/consent"
	"renxin/internal/message"
)

func TestPT16_MergeMovesEveryMessageAndUnmergeBringsThemBack(t *testing.T) {
	h := open(t)
	a, b := h.person(1), h.person(2)
	m := h.ask(b, 9)
	h.send(message.Draft{PatientID: a, Purpose: consent.Care, Text: hello})
	h.send(message.Draft{PatientID: b, Purpose: consent.Care, Text: hello})
	h.send(message.Draft{PatientID: b, Purpose: consent.Care, Text: hello, Key: "plan/1"})
	h.drain()
	merge, err := h.patient.Merge(h.ctx, a, b, "同一人")
	if err != nil {
		t.Fatal(err)
	}
	count := func() int {
		lines, err := h.message.Thread(h.ctx, a)
		if err != nil {
			t.Fatal(err)
		}
		return len(lines)
	}
	if n := count(); n != 4 {
		t.Errorf("the survivor has %d of 4 messages", n)
	}
	h.reply(number(2), m.Extension, "3")
	if got := told[message.Answered](h); len(got) != 1 || got[0].PatientID != a || got[0].Code != "3" {
		t.Errorf("the question moved too: %+v", got)
	}
	h.receipt("p1", message.ReceiptDelivered)
	if h.state(m.ID) != message.StateDelivered {
		t.Errorf("a receipt after the merge: %s", h.state(m.ID))
	}
	if _, err := h.patient.Unmerge(h.ctx, merge); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 1 && n != 2 { // its own, and the reply that came while they were one
		t.Errorf("after the unmerge %d lines", n)
	}
}
