// Package message sends and hears (消息): messages out through one gate and a ledger that never sends twice, receipts,
// replies in with the questions they answer, templates and their lint. Senders are adapters that keep the Sender contract.
package message

import (
	"time"

	"renxin/internal/consent"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
	"renxin/internal/staff"
)

// Permissions of the room. Incoming messages of unknown numbers are behind their own.
const (
	PermList           access.Permission = "message.message.list"
	PermSend           access.Permission = "message.message.send"
	PermCancel         access.Permission = "message.message.cancel"
	PermInbox          access.Permission = "message.incoming.list"
	PermHandle         access.Permission = "message.incoming.update"
	PermUnmatched      access.Permission = "message.incoming.read_unassigned"
	PermTemplateList   access.Permission = "message.template.list"
	PermTemplateUpdate access.Permission = "message.template.update"
)

// Permissions lists them for the role editor.
var Permissions = []access.Permission{PermList, PermSend, PermCancel, PermInbox, PermHandle, PermUnmatched, PermTemplateList, PermTemplateUpdate}

type (
	messageKind  struct{}
	incomingKind struct{}
	templateKind struct{}
)

// Prefix implements db.Kind.
func (messageKind) Prefix() string { return "ms" }

// Prefix implements db.Kind.
func (incomingKind) Prefix() string { return "mi" }

// Prefix implements db.Kind.
func (templateKind) Prefix() string { return "mt" }

// The identifiers of the room's rows.
type (
	ID         = db.ID[messageKind]  // a message that goes out
	IncomingID = db.ID[incomingKind] // a message that came in
	TemplateID = db.ID[templateKind] // a template
)

// Deps is what the room needs.
type Deps struct {
	DB      *db.DB
	Board   *event.Board
	Jobs    *job.Runner
	Trail   *trail.Log
	Setting *setting.Service
	Staff   *staff.Service
	Patient *patient.Service
	Consent *consent.Service
	// Lease is how long a process may hold messages as "sending"; whoever finds them later must assume that they left.
	// It outlives the longest Send. 0 = 2 minutes.
	Lease time.Duration
}

// Service is the room. It implements Inlet.
type Service struct {
	Deps
	senders  map[string][]Sender // by channel, in order of registration
	receipts gather[heard]
}

// New makes the room.
func New(d Deps) *Service {
	if d.Lease == 0 {
		d.Lease = 2 * time.Minute
	}
	s := &Service{Deps: d, senders: map[string][]Sender{}}
	s.receipts.commit = s.commitReceipts
	event.Declare[Received](d.Board)
	event.Declare[Answered](d.Board)
	event.Declare[Settled](d.Board)
	event.Declare[Blocked](d.Board)
	d.Setting.Define(
		setting.Definition{Key: "message.sms.price_li", Kind: setting.Int, Default: "45", Min: 0, Max: 1000},
		setting.Definition{Key: "message.sms.extension_digits", Kind: setting.Int, Default: "4", Min: 0, Max: 6},
		setting.Definition{Key: "message.receipt.wait_hours", Kind: setting.Int, Default: "72", Min: 1, Max: 240},
		setting.Definition{Key: "message.retry.hours", Kind: setting.Int, Default: "12", Min: 1, Max: 72},
	)
	s.registerJobs()
	s.declareTables()
	return s
}

// Connect registers a way out; wiring calls it. The first one of a channel is used, the next ones only hear.
func (s *Service) Connect(sender Sender) {
	s.senders[sender.Channel()] = append(s.senders[sender.Channel()], sender)
}

// route is the sender that takes messages of a channel, nil when there is none.
func (s *Service) route(channel string) Sender {
	if list := s.senders[channel]; len(list) > 0 {
		return list[0]
	}
	return nil
}
