// Package consent is the one gate that every outgoing contact passes (同意与触达规则): what the patient allowed, what
// forbids contact for now, the hours and caps, and the ledger of every contact that was let through or refused.
package consent

import (
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
)

// Permissions of the room.
const (
	PermList   access.Permission = "consent.record.list"
	PermUpdate access.Permission = "consent.record.update"
)

// Permissions lists them for the role editor.
var Permissions = []access.Permission{PermList, PermUpdate}

type (
	recordKind  struct{}
	blockKind   struct{}
	contactKind struct{}
)

// Prefix implements db.Kind.
func (recordKind) Prefix() string { return "co" }

// Prefix implements db.Kind.
func (blockKind) Prefix() string { return "cb" }

// Prefix implements db.Kind.
func (contactKind) Prefix() string { return "ct" }

// The identifiers of the room's rows.
type (
	RecordID      = db.ID[recordKind]  // a decision of the patient
	BlockID       = db.ID[blockKind]   // a reason in the house
	ReservationID = db.ID[contactKind] // an entry of the contact ledger
)

// Purpose is why we contact somebody: one of the four words of the house.
type Purpose = string

// The purposes. Care is medical (wound care, review), notice is organisational (appointment moved), survey asks for an
// opinion, promotion advertises.
const (
	Care      Purpose = "care"
	Notice    Purpose = "notice"
	Survey    Purpose = "survey"
	Promotion Purpose = "promotion"
)

// Purposes lists the four in order of weight.
var Purposes = []Purpose{Care, Notice, Survey, Promotion}

// Any is the channel of a decision that holds for all channels.
const Any = "any"

// Deps is what the room needs.
type Deps struct {
	DB      *db.DB
	Board   *event.Board
	Trail   *trail.Log
	Setting *setting.Service
	Patient *patient.Service
}

// Service is the room.
type Service struct{ Deps }

// New makes the room.
func New(d Deps) *Service {
	event.Declare[Changed](d.Board)
	s := &Service{Deps: d}
	s.defineSettings()
	s.declareTables()
	return s
}
