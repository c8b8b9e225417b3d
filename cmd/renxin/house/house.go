// Package house puts the rooms together. It is the wiring that the commands and the tests share, and the only place that
// knows every room.
package house

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"renxin/internal/adapter/fhir"
	"renxin/internal/adapter/hl7"
	"renxin/internal/adapter/sheet"
	"renxin/internal/adapter/sqlpull"
	"renxin/internal/adapter/v3"
	"renxin/internal/attachment"
	"renxin/internal/audit"
	"renxin/internal/backup"
	"renxin/internal/booking"
	"renxin/internal/consent"
	"renxin/internal/field"
	"renxin/internal/followup"
	"renxin/internal/intake"
	"renxin/internal/message"
	"renxin/internal/organization"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/file"
	"renxin/internal/platform/job"
	"renxin/internal/platform/secret"
	"renxin/internal/platform/trail"
	"renxin/internal/profile"
	"renxin/internal/segment"
	"renxin/internal/setting"
	"renxin/internal/staff"
	"renxin/internal/timeline"
	"renxin/internal/view"
	"renxin/internal/visit"
	"renxin/internal/web/desk"
	"renxin/internal/web/hook"
	"renxin/ui"
)

// Options shape a house.
type Options struct {
	DB      *db.DB
	Files   *file.Dir   // uploads and backups
	Secret  *secret.Box // seals passwords of other systems
	Version string
	Lease   time.Duration // how long messages may be "sending"; 0 = the room's default
}

// folder is a place in the data directory, "" where a command has none.
func (o Options) folder(name string) string {
	if o.Files == nil {
		return ""
	}
	return filepath.Join(o.Files.Path, name)
}

// House is every room, wired.
type House struct {
	Options
	Board        *event.Board
	Jobs         *job.Runner
	Trail        *trail.Log
	Setting      *setting.Service
	Staff        *staff.Service
	Audit        *audit.Service
	View         *view.Service
	Patient      *patient.Service
	Organization *organization.Service
	Profile      *profile.Service
	Consent      *consent.Service
	Visit        *visit.Service
	Message      *message.Service
	Booking      *booking.Service
	Segment      *segment.Service
	Followup     *followup.Service
	Timeline     *timeline.Service
	Intake       *intake.Service
	Backup       *backup.Service
	Attachment   *attachment.Service
	Field        *field.Service
}

// New wires the rooms in the order of the ladder. The database must be migrated.
func New(o Options) *House {
	d := o.DB
	h := &House{Options: o, Board: event.NewBoard(d), Jobs: job.New(d), Trail: trail.New(d)}
	h.Setting = setting.New(setting.Deps{DB: d, Board: h.Board, Trail: h.Trail})
	h.Staff = staff.New(staff.Deps{DB: d, Board: h.Board, Trail: h.Trail, Setting: h.Setting})
	h.Audit = audit.New(audit.Deps{DB: d, Jobs: h.Jobs, Trail: h.Trail})
	h.Setting.Work(h.Jobs)
	h.Attachment = attachment.New(attachment.Deps{DB: d, Board: h.Board, Jobs: h.Jobs, Trail: h.Trail, Setting: h.Setting, Staff: h.Staff, Files: o.Files})
	h.Field = field.New(field.Deps{DB: d, Board: h.Board, Trail: h.Trail, Setting: h.Setting, Staff: h.Staff})
	h.View = view.New(view.Deps{DB: d, Board: h.Board, Jobs: h.Jobs, Trail: h.Trail, Staff: h.Staff, Dir: o.folder("export")})
	h.Patient = patient.New(patient.Deps{DB: d, Board: h.Board, Trail: h.Trail, Setting: h.Setting, Field: h.Field, View: h.View})
	h.Patient.Admit(h.Attachment)
	h.Organization = organization.New(organization.Deps{DB: d, Board: h.Board, Trail: h.Trail, Patient: h.Patient})
	h.Profile = profile.New(profile.Deps{DB: d, Board: h.Board, Jobs: h.Jobs, Trail: h.Trail, Patient: h.Patient})
	h.Consent = consent.New(consent.Deps{DB: d, Board: h.Board, Trail: h.Trail, Setting: h.Setting, Patient: h.Patient})
	h.Visit = visit.New(visit.Deps{DB: d, Board: h.Board, Trail: h.Trail, Staff: h.Staff, Patient: h.Patient})
	h.Message = message.New(message.Deps{DB: d, Board: h.Board, Jobs: h.Jobs, Trail: h.Trail, Setting: h.Setting, Staff: h.Staff, Patient: h.Patient, Consent: h.Consent, Lease: o.Lease})
	h.Booking = booking.New(booking.Deps{DB: d, Board: h.Board, Staff: h.Staff, Patient: h.Patient, Visit: h.Visit})
	h.Segment = segment.New(segment.Deps{DB: d, Board: h.Board, Jobs: h.Jobs, Trail: h.Trail, Setting: h.Setting, Field: h.Field, Staff: h.Staff, Patient: h.Patient, Visit: h.Visit})
	h.Followup = followup.New(followup.Deps{DB: d, Board: h.Board, Jobs: h.Jobs, Trail: h.Trail, Setting: h.Setting, Staff: h.Staff, Patient: h.Patient, Visit: h.Visit, Message: h.Message, Booking: h.Booking})
	h.Segment.Declare(h.Followup.Dimensions()...)
	h.Timeline = timeline.New(timeline.Deps{DB: d, Staff: h.Staff, Patient: h.Patient, Visit: h.Visit, Message: h.Message, Booking: h.Booking, Followup: h.Followup})
	h.Intake = intake.New(intake.Deps{DB: d, Board: h.Board, Jobs: h.Jobs, Trail: h.Trail, Setting: h.Setting, Patient: h.Patient, Visit: h.Visit, Booking: h.Booking, Files: o.Files, Secret: o.Secret,
		Puller: sqlpull.Puller{Allow: func(ctx context.Context) string { return h.Setting.Text(ctx, "intake.pull.hosts", 0) }},
		Readers: map[string]intake.Reader{"hl7": hl7.Reader{Zone: d.Clock().Zone()}, "table": sheet.Reader{Zone: d.Clock().Zone()},
			"fhir": fhir.Reader{Zone: d.Clock().Zone()}, "v3": v3.Reader{Zone: d.Clock().Zone()}}})
	h.Backup = backup.New(backup.Deps{DB: d, Board: h.Board, Jobs: h.Jobs, Trail: h.Trail, Setting: h.Setting, Dir: o.folder("backup")})
	h.Jobs.Every("staff.prune", 10*time.Minute, h.Staff.PruneSessions)
	h.Jobs.Every("job.prune", 24*time.Hour, h.Jobs.Prune)
	h.Jobs.Every("staff.prune_requests", time.Hour, h.Staff.PruneRequests)
	h.handOver()
	h.Staff.Catalogue(Permissions())
	return h
}

// Permissions is every right there is, in the order of the ladder.
func Permissions() []access.Permission {
	var out []access.Permission
	for _, p := range [][]access.Permission{setting.Permissions, staff.Permissions, audit.Permissions, attachment.Permissions, field.Permissions, view.Permissions, patient.Permissions, organization.Permissions, profile.Permissions, consent.Permissions,
		visit.Permissions, message.Permissions, booking.Permissions, segment.Permissions, followup.Permissions, timeline.Permissions, intake.Permissions, backup.Permissions, desk.OperationPermissions} {
		out = append(out, p...)
	}
	return out
}

// Prepare checks that the rooms fit the database and creates what a new hospital needs: the shipped roles and templates.
func (h *House) Prepare(ctx context.Context) error {
	ctx = access.AsSystem(ctx, "start")
	if err := h.Patient.CheckTables(ctx); err != nil {
		return err
	}
	if err := h.Staff.EnsureRoles(ctx); err != nil {
		return err
	}
	if err := h.Setting.EnsureEntries(ctx); err != nil {
		return fmt.Errorf("shipped dictionaries: %w", err)
	}
	if err := h.Message.EnsureTemplates(ctx); err != nil {
		return fmt.Errorf("shipped message templates: %w", err)
	}
	if err := h.Followup.EnsureTemplates(ctx); err != nil {
		return fmt.Errorf("shipped templates: %w", err)
	}
	return nil
}

// Settle runs facts, jobs and due work until nothing is left to do; tests and the demo call it instead of waiting.
func (h *House) Settle(ctx context.Context) error {
	for {
		facts, err := h.Board.Drain(ctx)
		if err != nil {
			return err
		}
		jobs, err := h.Jobs.Drain(ctx)
		if err != nil {
			return err
		}
		if facts+jobs == 0 {
			return nil
		}
	}
}

// Door describes the staff door of a house.
type Door struct {
	Demo      []desk.DemoAccount // shown on the sign-in page; nil outside a demo
	DemoRooms []desk.Routes      // demo phones and the like
	Insecure  bool               // plain http
	StartedAt clock.Instant
	DiskFree  func() int64
	Metrics   http.Handler
}

// Doors serves every door at its paths.
func (h *House) Doors(o Door) http.Handler {
	root := http.NewServeMux()
	root.Handle("/hook/", h.Hook().Handler())
	root.Handle("/", h.Desk(o).Handler())
	return root
}

// Hook builds the machines' door.
func (h *House) Hook() *hook.Door {
	return hook.New(hook.Options{Intake: h.Intake, Clock: h.DB.Clock()})
}

// Desk builds the staff door.
func (h *House) Desk(o Door) *desk.Door {
	if o.DiskFree == nil {
		o.DiskFree = func() int64 { return 0 }
	}
	if o.Metrics == nil {
		o.Metrics = http.NotFoundHandler()
	}
	routes := append([]desk.Routes{
		desk.SettingRoutes(h.Setting), desk.StaffRoutes(h.Staff), desk.ViewRoutes(h.View), desk.FieldRoutes(h.Field, h.Patient), desk.AttachmentRoutes(h.Attachment), desk.DictionaryRoutes(h.Setting, h.Patient), desk.AuditRoutes(h.Audit, h.Patient),
		desk.PatientRoutes(h.Patient, h.Staff, h.Visit, h.Followup),
		desk.RelationRoutes(h.Patient), desk.OrganizationRoutes(h.Organization, h.Staff), desk.ProfileRoutes(h.Profile), desk.ItemRoutes(h.Visit),
		desk.VisitRoutes(h.Visit, h.Followup), desk.BookingRoutes(h.Booking), desk.SegmentRoutes(h.Segment, h.Staff, h.Patient), desk.FollowupRoutes(h.Followup, h.Staff), desk.TimelineRoutes(h.Timeline, h.Intake),
		desk.MessageRoutes(h.Message, h.Followup), desk.IntakeRoutes(h.Intake), desk.FeedRoutes(h.Intake), desk.HookRoutes(h.Intake),
		desk.OperationRoutes(desk.Machinery{DB: h.DB, Jobs: h.Jobs, Board: h.Board, Trail: h.Trail, Backup: h.Backup, StartedAt: o.StartedAt, DiskFree: o.DiskFree}),
	}, o.DemoRooms...)
	return desk.New(desk.Options{
		Staff: h.Staff, Setting: h.Setting, Board: h.Board, Sees: h.sees, Badges: h.badges,
		Pages: ui.Handler(), Static: ui.Static(), Policy: ui.Policy, Metrics: o.Metrics, Version: h.Version, Demo: o.Demo, Insecure: o.Insecure,
		Ready: func(ctx context.Context) error { _, err := h.Board.LastSeq(ctx); return err },
	}, routes...)
}

func (h *House) sees(ctx context.Context, ids []int64) (map[int64]bool, error) {
	typed := make([]patient.ID, len(ids))
	for i, id := range ids {
		typed[i] = patient.ID(id)
	}
	seen, err := h.Patient.VisibleIDs(ctx, typed)
	out := map[int64]bool{}
	for _, id := range seen {
		out[int64(id)] = true
	}
	return out, err
}

// badges counts what waits for the caller; what they may not see has no number.
func (h *House) badges(ctx context.Context) map[string]int {
	out := map[string]int{}
	if c, err := h.Followup.Counts(ctx, "mine"); err == nil {
		out["worklist"] = c.Due + c.Overdue + c.Flags
	}
	if n, err := h.Message.Waiting(ctx); err == nil {
		out["inbox"] = n
	}
	if n, err := h.Intake.Waiting(ctx); err == nil {
		out["review"] = n
	}
	return out
}
