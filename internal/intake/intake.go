// Package intake takes in what other systems tell (数据接入): it stages every message and row with its bytes, judges it
// against the patients we know, applies it in one transaction and keeps what it could not decide for a person.
package intake

import (
	"time"

	"renxin/internal/booking"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/file"
	"renxin/internal/platform/job"
	"renxin/internal/platform/secret"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
	"renxin/internal/visit"
)

// Permissions of the room.
const (
	PermFeeds  access.Permission = "intake.feed.read"
	PermRead   access.Permission = "intake.record.read"
	PermRepair access.Permission = "intake.record.repair"
	PermImport access.Permission = "intake.upload.import"
	// PermFeedUpdate allows to make, change, start and stop feeds.
	PermFeedUpdate access.Permission = "intake.feed.update"
	// PermRollback allows to take a whole import back.
	PermRollback access.Permission = "intake.run.rollback"
)

// Permissions lists them for the role editor.
var Permissions = []access.Permission{PermFeeds, PermRead, PermRepair, PermImport, PermFeedUpdate, PermRollback}

type (
	feedKind   struct{}
	uploadKind struct{}
	runKind    struct{}
	recordKind struct{}
)

// Prefix implements db.Kind.
func (feedKind) Prefix() string { return "fd" }

// Prefix implements db.Kind.
func (uploadKind) Prefix() string { return "up" }

// Prefix implements db.Kind.
func (runKind) Prefix() string { return "rn" }

// Prefix implements db.Kind.
func (recordKind) Prefix() string { return "rc" }

// Keys of the room's rows.
type (
	FeedID   = db.ID[feedKind]   // a source that sends to us
	UploadID = db.ID[uploadKind] // a file somebody brought
	RunID    = db.ID[runKind]    // one import of a file
	RecordID = db.ID[recordKind] // one message or row as received
)

// Deps is what the room needs.
type Deps struct {
	DB      *db.DB
	Board   *event.Board
	Jobs    *job.Runner
	Trail   *trail.Log
	Setting *setting.Service
	Patient *patient.Service
	Visit   *visit.Service
	Booking *booking.Service
	Files   *file.Dir         // uploads are kept here
	Puller  Puller            // reads views of other databases
	Secret  *secret.Box       // seals their passwords
	Readers map[string]Reader // by format: "hl7", "table"
}

// Service is the room.
type Service struct {
	Deps
	afterChunk func() // for tests: called after every chunk of a roll-back
}

// New makes the room: its settings, its fact and its jobs.
func New(d Deps) *Service {
	d.Setting.Define(
		setting.Definition{Key: "intake.mllp.enhanced", Kind: setting.Bool, Default: "false"},
		setting.Definition{Key: "intake.mllp.allow", Kind: setting.Text, Default: "127.0.0.0/8 ::1/128"},
		setting.Definition{Key: "intake.pull.hosts", Kind: setting.Text, Default: "127.0.0.0/8 ::1/128"},
		setting.Definition{Key: "intake.table.issuer", Kind: setting.Text, Default: "HIS"},
		setting.Definition{Key: "intake.feed.late_minutes", Kind: setting.Int, Default: "30", Min: 1, Max: 10080},
		setting.Definition{Key: "intake.report.text", Kind: setting.Bool, Default: "false"},
		setting.Definition{Key: "intake.report.viewers", Kind: setting.Text, Default: ""},
		setting.Definition{Key: "intake.report.hosts", Kind: setting.Text, Default: ""},
		setting.Definition{Key: "intake.record.keep_days", Kind: setting.Int, Default: "180", Min: 7, Max: 3650},
	)
	declare(d.Board)
	s := &Service{Deps: d}
	d.Patient.Declare(patient.Table{Name: "intake_message", Key: []string{"id"}}, patient.Table{Name: "intake_patch", Key: []string{"id"}, Rule: patient.Stay})
	s.registerJobs()
	s.registerPull()
	s.registerSweep()
	s.Jobs.Every("intake.watch", time.Minute, s.watch)
	return s
}
