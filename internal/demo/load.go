package demo

import (
	"context"
	"time"

	"renxin/internal/booking"
	"renxin/internal/followup"
	"renxin/internal/intake"
	"renxin/internal/organization"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/profile"
	"renxin/internal/segment"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

// Deps are the rooms that a hospital is loaded into.
type Deps struct {
	DB           *db.DB
	Board        *event.Board
	Staff        *staff.Service
	Patient      *patient.Service
	Visit        *visit.Service
	Booking      *booking.Service
	Organization *organization.Service // nil with Profile: nobody belongs to anybody
	Profile      *profile.Service
	Segment      *segment.Service // nil: no segments are saved
	Followup     *followup.Service
	Intake       *intake.Service
}

// FeedDays is how much of the past comes through the feed, message by message, when a loader is asked for a feed; what is older
// is loaded in bulk, as a hospital does when it starts.
const FeedDays = 120

// never is an instant that no record reaches.
const never clock.Instant = 1 << 60

// Loader fills an empty database with a data set.
type Loader struct {
	Deps
	// Feed sends the last FeedDays days through the intake as HL7 messages, so that matching, facts and plans are the real ones.
	// Without it everything is loaded in bulk, and open tasks stand without plans.
	Feed   bool
	Result Result
	// Tell hears how far the work is; nil is allowed.
	Tell func(Progress)

	gen         *Generator
	departments map[string]staff.DepartmentID
	doctors     map[string]staff.ID
	owners      map[string]int64 // follow-up nurse by department code
	agent       int64            // who calls for departments without one
	split       clock.Instant    // what is told from here on comes through the feed
	messages    []timed
}

// Result is what a load did.
type Result struct {
	Feed intake.Counts // verdicts of the messages that came through the feed
}

// Progress says what is being done and how far it is.
type Progress struct {
	Step  string // structure, history, feed, facts
	Done  int
	Total int
	Rate  float64       // items a second since the step began
	Left  time.Duration // expected time for the rest of the step
}

// Load builds the hospital and its patients. A database that holds patients is refused (conflict, demo.load.not_empty).
func (l *Loader) Load(ctx context.Context, o Options) error {
	ctx = access.AsSystem(ctx, "demo")
	l.gen = New(o)
	if err := l.refuseFull(ctx); err != nil {
		return err
	}
	l.step("structure", 0)(0)
	if err := structure(ctx, l.Staff); err != nil {
		return err
	}
	if err := l.readStructure(ctx); err != nil {
		return err
	}
	if err := l.activate(ctx); err != nil {
		return err
	}
	l.split = never
	if l.Feed {
		l.split = (l.gen.today - FeedDays).at(0)
	}
	tell := l.step("history", l.gen.Options().Patients)
	for n := range l.gen.Blocks() {
		people := l.gen.Block(n)
		if err := l.block(ctx, people); err != nil {
			return err
		}
		tell(min((n+1)*blockSize, l.gen.Options().Patients))
	}
	if err := l.feed(ctx); err != nil {
		return err
	}
	if err := l.belonging(ctx); err != nil {
		return err
	}
	if err := l.custom(ctx); err != nil {
		return err
	}
	return l.segments(ctx)
}

// activate puts the shipped templates to work, as the head of gynaecology would after reading them.
func (l *Loader) activate(ctx context.Context) error {
	if err := l.Followup.EnsureTemplates(ctx); err != nil {
		return err
	}
	all, err := l.Followup.Templates(ctx)
	if err != nil {
		return err
	}
	for _, t := range all {
		if t.State != followup.TemplateDraft {
			continue
		}
		a := followup.Approval{Reviewer: "王雅琴", Source: t.Definition.Source, ValidUntil: l.gen.today.date().Add(365)}
		if _, err := l.Followup.Activate(ctx, t.ID, a); err != nil {
			return err
		}
	}
	return nil
}

func (l *Loader) refuseFull(ctx context.Context) error {
	page, err := l.Patient.List(ctx, patient.Filter{Limit: 1})
	if err != nil {
		return err
	}
	if len(page.Items) > 0 {
		return fault.New(fault.Conflict, "demo.load.not_empty")
	}
	return nil
}

// readStructure learns the keys of departments and accounts.
func (l *Loader) readStructure(ctx context.Context) error {
	all, err := l.Staff.Departments(ctx)
	if err != nil {
		return err
	}
	l.departments, l.doctors, l.owners = map[string]staff.DepartmentID{}, map[string]staff.ID{}, map[string]int64{}
	for _, d := range all {
		l.departments[d.Code] = d.ID
	}
	for _, m := range cast {
		id, ok, err := l.Staff.ByCode(ctx, m.Code)
		if err != nil {
			return err
		}
		if ok {
			l.doctors[m.Code] = id
			switch m.Post {
			case "nurse":
				l.owners[m.DepartmentCode] = int64(id)
			case "agent":
				l.agent = int64(id)
			}
		}
	}
	return nil
}

// step starts a step and gives the function that reports its progress.
func (l *Loader) step(name string, total int) func(done int) {
	start := time.Now()
	return func(done int) {
		if l.Tell == nil {
			return
		}
		p := Progress{Step: name, Done: done, Total: total}
		if took := time.Since(start).Seconds(); took > 0 && done > 0 {
			p.Rate = float64(done) / took
			p.Left = time.Duration(float64(total-done) / p.Rate * float64(time.Second)).Round(time.Second)
		}
		l.Tell(p)
	}
}
