// Package attachment keeps files that belong to a patient or to a case of theirs (附件): stored once by the hash of their content, of few known
// types, seen by who sees the patient.
package attachment

import (
	"context"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/file"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
	"renxin/internal/staff"
)

// Permissions of the room.
const (
	PermRead   access.Permission = "attachment.file.read"
	PermCreate access.Permission = "attachment.file.create"
	PermDelete access.Permission = "attachment.file.delete"
)

// Permissions lists them for the role editor.
var Permissions = []access.Permission{PermRead, PermCreate, PermDelete}

type kind struct{}

// Prefix implements db.Kind.
func (kind) Prefix() string { return "at" }

// ID is an attachment's key.
type ID = db.ID[kind]

// Patient is the owner kind of files that belong to the patient and to no case.
const Patient = "patient"

// keepDeleted is how long a removed file may be brought back before its row, and the content nobody else has, are gone.
const keepDeleted = 30 * 24 * time.Hour

// Deps is what the room needs.
type Deps struct {
	DB      *db.DB
	Board   *event.Board
	Jobs    *job.Runner
	Trail   *trail.Log
	Setting *setting.Service
	Staff   *staff.Service
	Files   *file.Dir // nil where a command needs no files
}

// Stand follows merges to the patient that stands now and refuses one out of the caller's scope.
type Stand func(ctx context.Context, patient int64) (int64, error)

// Service is the room.
type Service struct {
	Deps
	store *file.Dir
	stand Stand
	owns  map[string]func(ctx context.Context, patient, owner int64) error
}

// New makes the room with the daily end of removed files.
func New(d Deps) *Service {
	s := &Service{Deps: d, owns: map[string]func(context.Context, int64, int64) error{}}
	if d.Files != nil {
		s.store = d.Files.Part("attachment")
	}
	d.Setting.Define(setting.Definition{Key: "attachment.file.max_mb", Kind: setting.Int, Default: "20", Min: 1, Max: 200})
	event.Declare[Attached](d.Board)
	d.Jobs.Every("attachment.prune", time.Hour, s.Prune)
	return s
}

// Guard tells who may be seen; the patients' room does at wiring.
func (s *Service) Guard(stand Stand) { s.stand = stand }

// Own lets a later room attach files to its cases: check refuses a case that is not the patient's or not the caller's to see.
func (s *Service) Own(ownerKind string, check func(ctx context.Context, patient, owner int64) error) {
	s.owns[ownerKind] = check
}

// Attached is published when a file was attached.
type Attached struct {
	PatientID    int64  `json:"patient_id"`
	AttachmentID ID     `json:"attachment_id"`
	OwnerKind    string `json:"owner_kind"`
}

// FactName implements event.Fact.
func (Attached) FactName() string { return "attachment.attached" }

// FactPatient implements event.Fact.
func (f Attached) FactPatient() int64 { return f.PatientID }
