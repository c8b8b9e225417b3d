package message

// State is where an outgoing message stands.
type State string

// The states of an outgoing message (DESIGN §8). Blocked, cancelled, delivered and failed are final.
// Unknown closes a batch's totals too, but a receipt may still turn it into delivered or failed; only a person resends.
const (
	StateQueued    State = "queued"    // waits for its time, a place in the rate or a decision of the gate
	StateSending   State = "sending"   // recorded before the effect; whoever finds it after a crash must assume that it left
	StateAccepted  State = "accepted"  // the provider has it
	StateDelivered State = "delivered" // a receipt says that the phone has it
	StateFailed    State = "failed"    // the provider or a receipt says that it will never arrive
	StateUnknown   State = "unknown"   // nobody can say whether it left or arrived
	StateBlocked   State = "blocked"   // the gate said no; the reason stands in the row
	StateCancelled State = "cancelled" // a person or a rule took it back before hand-over
)

// moves lists every allowed transition. Sending → queued is allowed only when the adapter swears that nothing left (NotSent).
var moves = map[State][]State{
	StateQueued:   {StateSending, StateBlocked, StateCancelled},
	StateSending:  {StateAccepted, StateFailed, StateUnknown, StateQueued, StateDelivered},
	StateAccepted: {StateDelivered, StateFailed, StateUnknown},
	StateUnknown:  {StateDelivered, StateFailed},
}

// May tells whether a message in state s may go to state to.
func (s State) May(to State) bool {
	for _, m := range moves[s] {
		if m == to {
			return true
		}
	}
	return false
}

// Final tells that no event changes the state any more.
func (s State) Final() bool { return len(moves[s]) == 0 }

// Terminal tells that the state closes a batch's totals: every final state and unknown.
func (s State) Terminal() bool { return s.Final() || s == StateUnknown }

// After is the state that a receipt leads to; ok is false when the receipt comes too late or says nothing new.
func (s State) After(r ReceiptState) (to State, ok bool) {
	switch r {
	case ReceiptDelivered:
		to = StateDelivered
	case ReceiptFailed:
		to = StateFailed
	default:
		to = StateUnknown
	}
	return to, s.May(to)
}

// Whole folds the outcomes of the parts of one message: failed as soon as one part failed, delivered when all are,
// unknown when all have spoken and one is unknown; ok is false while a part is still open.
func Whole(parts []ReceiptState, total int) (r ReceiptState, ok bool) {
	delivered, unknown := 0, 0
	for _, p := range parts {
		switch p {
		case ReceiptFailed:
			return ReceiptFailed, true
		case ReceiptDelivered:
			delivered++
		case ReceiptUnknown:
			unknown++
		}
	}
	if delivered >= total {
		return ReceiptDelivered, true
	}
	return ReceiptUnknown, delivered+unknown >= total && unknown > 0
}
