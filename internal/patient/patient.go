// Package patient keeps who the patients are (患者): identity, numbers, contact points, tags, whose patients they are, how they are
// found, and how two records become one and two again.
package patient

import (
	"renxin/internal/field"
	"renxin/internal/identity"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
	"renxin/internal/view"
)

// Permissions of the room.
const (
	PermRead     access.Permission = "patient.patient.read"
	PermCreate   access.Permission = "patient.patient.create"
	PermUpdate   access.Permission = "patient.patient.update"
	PermAssign   access.Permission = "patient.patient.assign"
	PermShare    access.Permission = "patient.patient.share" // let a colleague see a patient for a while
	PermMerge    access.Permission = "patient.patient.merge"
	PermExport   access.Permission = "patient.patient.export"
	PermUnmasked access.Permission = "patient.unmasked.export"
	PermReveal   access.Permission = "patient.detail.reveal"
)

// Permissions lists them for the role editor.
var Permissions = []access.Permission{PermRead, PermCreate, PermUpdate, PermAssign, PermShare, PermMerge, PermExport, PermUnmasked, PermReveal, PermSource, PermAccessLog}

type (
	kind         struct{}
	contactKind  struct{}
	numberKind   struct{}
	mergeKind    struct{}
	pairKind     struct{}
	proposalKind struct{}
)

// Prefix implements db.Kind.
func (kind) Prefix() string { return "pt" }

// Prefix implements db.Kind.
func (contactKind) Prefix() string { return "cp" }

// Prefix implements db.Kind.
func (numberKind) Prefix() string { return "pn" }

// Prefix implements db.Kind.
func (mergeKind) Prefix() string { return "mg" }

// Prefix implements db.Kind.
func (pairKind) Prefix() string { return "pp" }

// Prefix implements db.Kind.
func (proposalKind) Prefix() string { return "pv" }

// The identifiers of the room's rows.
type (
	ID           = db.ID[kind]         // a patient
	ContactID    = db.ID[contactKind]  // a contact point
	IdentifierID = db.ID[numberKind]   // an identifier
	MergeID      = db.ID[mergeKind]    // a merge
	PairID       = db.ID[pairKind]     // two records that may be one person
	ProposalID   = db.ID[proposalKind] // a feed's value that waits for a person
)

// Patient is one person as the hospital knows them. Find and List mask the address.
type Patient struct {
	ID           ID            `json:"id"`
	Name         string        `json:"name"`
	Pinyin       string        `json:"-"`
	Sex          identity.Sex  `json:"sex"`
	BirthDate    clock.Date    `json:"birth_date"` // YYYY-MM-DD, YYYY-MM or YYYY where no more is known, or ""
	Occupation   string        `json:"occupation"`
	Ethnicity    string        `json:"ethnicity"`
	Marital      string        `json:"marital"`
	Address      string        `json:"address"`
	RegionCode   string        `json:"region_code"` // GB/T 2260
	Source       string        `json:"source"`      // how they came to us
	OwnerID      int64         `json:"-"`           // staff.ID of who looks after them
	DepartmentID int64         `json:"-"`           // staff.DepartmentID
	Note         string        `json:"note"`
	Alert        string        `json:"alert"` // what everyone must see first: 青霉素过敏
	DeceasedAt   string        `json:"deceased_at"`
	CreatedBy    int64         `json:"-"`
	CreatedAt    clock.Instant `json:"created_at"`
	UpdatedAt    clock.Instant `json:"updated_at"`
	MetAt        clock.Instant `json:"seen_at"` // last encounter, zero = none yet
	SeenAt       clock.Instant `json:"-"`       // last encounter, else creation: what scopes by days count from
	Version      int64         `json:"version"`
	MergedInto   ID            `json:"merged_into"`
	DeletedAt    clock.Instant `json:"-"`
}

// Brief is what lists show of a patient; the telephone is masked.
type Brief struct {
	ID        ID             `json:"id"`
	Name      string         `json:"name"`
	Sex       identity.Sex   `json:"sex"`
	Age       identity.Years `json:"age"` // whole years today
	BirthDate clock.Date     `json:"birth_date"`
	Phone     string         `json:"phone"`
	Tags      []string       `json:"tags"`
	Alert     string         `json:"alert"`
}

// Detail is everything the patient's own page shows; values are masked.
type Detail struct {
	Patient
	Contacts    []Contact
	Identifiers []Identifier
	Tags        []string
	Proposals   []Proposal
}

// Deps is what the room needs.
type Deps struct {
	DB      *db.DB
	Board   *event.Board
	Trail   *trail.Log
	Setting *setting.Service
	Field   *field.Service // nil where records have no custom fields
	View    *view.Service  // nil where nothing is exported
}

// Service is the room.
type Service struct {
	Deps
	tables []Table
	names  names
	jobs   *job.Runner // set by Work

	narrowers map[string]Narrower // by kind; see NarrowBy
	columns   []Columns           // of later rooms; see AddColumns
}

// New makes the room.
func New(d Deps) *Service {
	event.Declare[Created](d.Board)
	event.Declare[Updated](d.Board)
	event.Declare[Merged](d.Board)
	event.Declare[Unmerged](d.Board)
	event.Declare[AccessChanged](d.Board)
	event.Declare[Removed](d.Board)
	d.Setting.Define(
		setting.Definition{Key: "patient.phone.area_code", Kind: setting.Text, Default: ""},
	)
	s := &Service{Deps: d}
	s.declareOwn()
	s.declareUses()
	if d.View != nil {
		d.View.Offer("patients", s.sheet)
	}
	s.listen()
	return s
}
