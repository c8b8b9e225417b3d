// Package followup decides who must be contacted again, when and why (随访): templates, plans and their dates, tasks and worklists,
// red flags and their clocks. All automation gathers here.
package followup

import (
	"context"
	"sync"
	"time"

	"renxin/internal/booking"
	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

// Permissions of the room.
const (
	PermReadTemplates access.Permission = "followup.template.read"
	PermEditTemplates access.Permission = "followup.template.update"
	PermActivate      access.Permission = "followup.template.activate"
	PermReadPlans     access.Permission = "followup.plan.read"
	PermEnrol         access.Permission = "followup.plan.create"
	PermExit          access.Permission = "followup.plan.update"
	PermList          access.Permission = "followup.task.list"
	PermWork          access.Permission = "followup.task.update" // call, record, acknowledge, postpone
	PermCreateTask    access.Permission = "followup.task.create"
	PermAssign        access.Permission = "followup.task.assign"
	PermReadRules     access.Permission = "followup.rule.read"
	PermEditRules     access.Permission = "followup.rule.update"
)

// Permissions lists them for the role editor.
var Permissions = []access.Permission{PermReadTemplates, PermEditTemplates, PermActivate, PermReadPlans, PermEnrol, PermExit,
	PermList, PermWork, PermCreateTask, PermAssign, PermReadRules, PermEditRules}

type (
	templateKind struct{}
	planKind     struct{}
	stepKind     struct{}
	taskKind     struct{}
	noteKind     struct{}
	ruleKind     struct{}
	reminderKind struct{}
)

// Prefix implements db.Kind.
func (templateKind) Prefix() string { return "ft" }

// Prefix implements db.Kind.
func (planKind) Prefix() string { return "fp" }

// Prefix implements db.Kind.
func (stepKind) Prefix() string { return "fs" }

// Prefix implements db.Kind.
func (taskKind) Prefix() string { return "tk" }

// Prefix implements db.Kind.
func (noteKind) Prefix() string { return "fn" }

// Prefix implements db.Kind.
func (ruleKind) Prefix() string { return "fr" }

// Prefix implements db.Kind.
func (reminderKind) Prefix() string { return "rm" }

// Typed IDs of the room.
type (
	TemplateID = db.ID[templateKind] // a template
	PlanID     = db.ID[planKind]     // one patient's plan
	StepID     = db.ID[stepKind]     // one step of a plan
	TaskID     = db.ID[taskKind]     // one thing a person has to do
	NoteID     = db.ID[noteKind]     // one line of a task's history
	RuleID     = db.ID[ruleKind]     // one assignment rule
	ReminderID = db.ID[reminderKind] // one appointment reminder
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
	Visit   *visit.Service
	Message *message.Service
	Booking *booking.Service
}

// Service is the room.
type Service struct {
	Deps
	mu   sync.Mutex
	defs map[versionKey]Definition // activated versions never change
}

// Settings of the room.
const (
	setReminderHours = "followup.reminder.hours_before"
	setAck           = "followup.flag.ack_minutes_" // + severity
)

// New makes the room: settings, facts, listeners, periodic work.
func New(d Deps) *Service {
	s := &Service{Deps: d, defs: map[versionKey]Definition{}}
	d.Setting.Define(
		setting.CalendarClosed,
		setting.Definition{Key: setReminderHours, Kind: setting.Int, Default: "24", Min: 0, Max: 168, PerDepartment: true},
		setting.Definition{Key: setAck + "1", Kind: setting.Int, Default: "240", Min: 1, Max: 2880, PerDepartment: true},
		setting.Definition{Key: setAck + "2", Kind: setting.Int, Default: "30", Min: 1, Max: 1440, PerDepartment: true},
		setting.Definition{Key: setAck + "3", Kind: setting.Int, Default: "10", Min: 1, Max: 240, PerDepartment: true},
	)
	for name, unique := range map[string][]string{
		"followup_plan": {"key"}, "followup_step": {"plan_id", "key"}, "followup_task": {"key"},
		"followup_note": nil, "followup_reminder": {"appointment_id"},
	} {
		t := patient.Table{Name: name, Key: []string{"id"}}
		if unique != nil {
			t.Unique = [][]string{unique}
		}
		if name == "followup_reminder" {
			t.Combine = remindedOnce
		}
		d.Patient.Declare(t)
	}
	s.declare()
	s.listen()
	s.listenTakenBack()
	s.extendLists()
	d.Jobs.Every("followup.due", 30*time.Second, func(ctx context.Context) error { _, err := s.RunDue(ctx); return err })
	d.Jobs.Every("followup.escalate", 5*time.Second, func(ctx context.Context) error { _, err := s.Escalate(ctx); return err })
	d.Jobs.Every("followup.assign", time.Minute, func(ctx context.Context) error { _, err := s.RunAssign(ctx); return err })
	d.Jobs.Every("followup.remind", time.Minute, func(ctx context.Context) error { _, err := s.RunReminders(ctx); return err })
	return s
}

func (s *Service) read(ctx context.Context) *db.Tx { return s.DB.Read(ctx) }
