package message

import "testing"

var states = []State{StateQueued, StateSending, StateAccepted, StateDelivered, StateFailed, StateUnknown, StateBlocked, StateCancelled}

func TestSM03_FinalStatesNeverRevert(t *testing.T) {
	for _, s := range []State{StateDelivered, StateFailed, StateBlocked, StateCancelled} {
		if !s.Final() || !s.Terminal() {
			t.Errorf("%s is not final", s)
		}
		for _, to := range states {
			if s.May(to) {
				t.Errorf("%s may go to %s", s, to)
			}
		}
	}
}

func TestSM03_UnknownMovesByReceiptOnly(t *testing.T) {
	if StateUnknown.Final() || !StateUnknown.Terminal() {
		t.Error("unknown closes the totals and stays open for a receipt")
	}
	for _, to := range states {
		want := to == StateDelivered || to == StateFailed
		if StateUnknown.May(to) != want {
			t.Errorf("unknown → %s: %v", to, !want)
		}
	}
	if StateUnknown.May(StateQueued) || StateUnknown.May(StateSending) {
		t.Error("unknown was resent")
	}
}

func TestSM02_CancelWorksUntilHandOver(t *testing.T) {
	for _, s := range states {
		if s.May(StateCancelled) != (s == StateQueued) {
			t.Errorf("cancel from %s: %v", s, s.May(StateCancelled))
		}
	}
}

func TestSM03_Receipts(t *testing.T) {
	for _, c := range []struct {
		from State
		r    ReceiptState
		to   State
		ok   bool
	}{
		{StateAccepted, ReceiptDelivered, StateDelivered, true},
		{StateAccepted, ReceiptFailed, StateFailed, true},
		{StateAccepted, ReceiptUnknown, StateUnknown, true},
		{StateUnknown, ReceiptDelivered, StateDelivered, true},
		{StateDelivered, ReceiptFailed, StateFailed, false},
		{StateFailed, ReceiptDelivered, StateDelivered, false},
		{StateUnknown, ReceiptUnknown, StateUnknown, false},
		{StateQueued, ReceiptDelivered, StateDelivered, false},
	} {
		if to, ok := c.from.After(c.r); ok != c.ok || to != c.to {
			t.Errorf("%s after %s: %s %v", c.from, c.r, to, ok)
		}
	}
}

func TestSM03_PartsFold(t *testing.T) {
	d, f, u := ReceiptDelivered, ReceiptFailed, ReceiptUnknown
	for _, c := range []struct {
		parts []ReceiptState
		total int
		want  ReceiptState
		ok    bool
	}{
		{[]ReceiptState{d, d}, 2, d, true},
		{[]ReceiptState{d}, 2, "", false},
		{[]ReceiptState{f}, 3, f, true},
		{[]ReceiptState{d, u}, 2, u, true},
		{[]ReceiptState{u}, 2, "", false},
	} {
		got, ok := Whole(c.parts, c.total)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("%v of %d: %s %v", c.parts, c.total, got, ok)
		}
	}
}

func TestSM03_ProviderIDs(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"00ab12", "AB12", true},
		{"1F4", "500", true},
		{"500", "1f4", true},
		{"0000000500", "500", true},
		{"msg-77", "msg-77", true},
		{"msg-77", "msg-78", false},
		{"12", "13", false},
		{"0", "00", true},
		{"", "0", false},
	} {
		if got := SameProviderID(c.a, c.b); got != c.same {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
}
