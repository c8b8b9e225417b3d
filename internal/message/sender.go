package message

import (
	"context"

	"renxin/internal/platform/clock"
)

// Outgoing is one message handed to a Sender. ID is ours, unique for ever and the provider's idempotency key where it has one.
type Outgoing struct {
	ID           int64             // our message id
	To           string            // normalised number or address: 11 digits for a mainland mobile
	Text         string            // rendered text including the 【signature】
	TemplateCode string            // for providers that send approved templates only
	Params       map[string]string // for the same
	Signature    string            // signature without brackets
	Extension    string            // digits appended to our sender number, so that the reply finds its thread
}

// Accepted is the provider's word that it took the message: one provider id per part, in order. Beside an error it holds
// the ids of the parts that were taken before it.
type Accepted struct {
	ProviderIDs []string
}

// Receipt is the provider's later word on one part.
type Receipt struct {
	ProviderID string        // as text; compared as text, then as hexadecimal or decimal without leading zeros
	Number     string        // the phone that the receipt is about, as the provider writes it; "" when it does not say
	State      ReceiptState  // delivered, failed or unknown
	Code       string        // the provider's code ("DELIVRD", "UNDELIV 069")
	At         clock.Instant // when the provider says it happened
}

// ReceiptState is the outcome a receipt tells.
type ReceiptState string

// Outcomes of a receipt.
const (
	ReceiptDelivered ReceiptState = "delivered"
	ReceiptFailed    ReceiptState = "failed"
	ReceiptUnknown   ReceiptState = "unknown"
)

// Incoming is a message that a patient sent us.
type Incoming struct {
	Route      string        // which sender received it
	ProviderID string        // the provider's key for it, for de-duplication; may be ""
	From       string        // number as received
	To         string        // our number as dialled, with its extension
	Text       string        // decoded; of a part only a preview
	Part       Part          // set when this is one part of a long message
	At         clock.Instant // when we received it
}

// Part places one part of a long incoming message. Parts are stored as they come, each acknowledged after its own commit,
// because a provider may send the next one only then; the room joins them when all are there.
type Part struct {
	Ref   string   // what the parts of one message share, unique for some minutes per number
	Index int      // from 1
	Total int      // 0 or 1 = the message is whole
	Units []uint16 // the raw UTF-16 units: a phone may cut inside a surrogate pair
}

// Inlet takes what a Sender hears: it must not return before the fact is committed, because the Sender acknowledges afterwards.
type Inlet interface {
	// OnReceipt stores one receipt; an unknown ProviderID is kept and matched later. Safe to call twice.
	OnReceipt(ctx context.Context, route string, r Receipt) error
	// OnIncoming stores one reply. Safe to call twice with the same ProviderID.
	OnIncoming(ctx context.Context, in Incoming) error
}

// Ability declares what a Sender can do.
type Ability struct {
	FreeText       bool // sends any text
	TemplatesOnly  bool // sends approved templates only
	Receipts       bool // reports delivery
	Replies        bool // hears patients
	IdempotencyKey bool // the provider refuses a second send of the same Outgoing.ID
	MaxPerSecond   int  // agreed rate; 0 = none
}

// Sender is one way out (an SMSC bind, a cloud account). Implementations live in internal/adapter.
// Send must return within ctx. Its error decides what happens next:
//   - nil: accepted;
//   - *Refused: the provider said no (final when Permanent, else try again later);
//   - *NotSent: nothing left this machine (no connection, window full): safe to try again;
//   - anything else, or a context that ended after the write: the outcome is unknown and nobody resends by itself.
type Sender interface {
	Name() string
	Channel() string // "sms"
	Ability() Ability
	Send(ctx context.Context, m Outgoing) (Accepted, error)
}

// Refused is the provider's clear no.
type Refused struct {
	Code      string // the provider's code in words, without patient data
	Permanent bool
}

// Error implements error.
func (e *Refused) Error() string { return "message: refused: " + e.Code }

// NotSent says that the message certainly did not leave.
type NotSent struct{ Err error }

// Error implements error.
func (e *NotSent) Error() string { return "message: not sent: " + e.Err.Error() }

// Unwrap gives the cause.
func (e *NotSent) Unwrap() error { return e.Err }
