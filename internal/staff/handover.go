package staff

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
)

type handoverKind struct{}

// Prefix implements db.Kind.
func (handoverKind) Prefix() string { return "ho" }

// HandoverID is the key of a hand-over.
type HandoverID = db.ID[handoverKind]

// Ways of choosing who receives an item.
const (
	WayPerson     = "person"     // one receiver takes everything
	WayEvenly     = "evenly"     // the receivers in turn
	WayDepartment = "department" // a receiver of the item's department, in turn; else the receivers in turn
)

// Handover is the handing over of everything that a person holds, because they leave or are away for a while.
type Handover struct {
	ID         HandoverID    `json:"id"`
	StaffID    ID            `json:"staff_id"`
	Kind       string        `json:"kind"` // leave, absence
	Way        string        `json:"way"`  // person, evenly, department
	Receivers  []ID          `json:"receivers" db:"-"`
	Stored     string        `json:"-" db:"receivers"`
	Until      clock.Instant `json:"until"` // when it comes back, zero = for good
	State      string        `json:"state"` // running, done, returned, failed
	Moved      int           `json:"moved"`
	Total      int           `json:"total"`
	LeftOver   int           `json:"left_over"` // still held by the person at the end
	JobID      int64         `json:"-"`
	CreatedBy  ID            `json:"-"`
	CreatedAt  clock.Instant `json:"created_at"`
	FinishedAt clock.Instant `json:"finished_at"`
}

// HandoverPreview is what a hand-over would move.
type HandoverPreview struct {
	Held  []Held `json:"held"`
	Total int    `json:"total"`
}

const (
	jobHandover   = "staff.handover"
	jobReturn     = "staff.handover_return"
	handoverBatch = 100
)

// Work registers the room's long work; wiring calls it once.
func (s *Service) Work(r *job.Runner) {
	s.jobs = r
	r.Register(job.Kind{Name: jobHandover, Lease: 2 * time.Minute}, s.runHandover)
	r.Register(job.Kind{Name: jobReturn, Lease: 2 * time.Minute}, s.runReturn)
}

// PreviewHandover counts what a person holds.
func (s *Service) PreviewHandover(ctx context.Context, id ID) (HandoverPreview, error) {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return HandoverPreview{}, err
	}
	if _, err := findAccount(ctx, s.DB.Read(ctx), id); err != nil {
		return HandoverPreview{}, err
	}
	held, total, err := s.held(access.AsSystem(ctx, "staff"), id)
	return HandoverPreview{held, total}, err
}

// HandOver starts a hand-over: a job gives everything away piece by piece; then a leaver's account is closed with all its sessions and
// accesses. An absence needs an end, when what is still open comes back. From the start nobody picks the person any more. Errors: invalid
// with the wrong fields; conflict while another hand-over runs, or for one's own account.
func (s *Service) HandOver(ctx context.Context, h Handover) (Handover, error) {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return h, err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.checkHandover(ctx, tx, h); err != nil {
			return err
		}
		_, total, err := s.held(access.AsSystem(ctx, "staff"), h.StaffID)
		if err != nil {
			return err
		}
		h.ID, h.State, h.Total, h.Moved, h.CreatedBy, h.CreatedAt = db.New[handoverKind](s.DB), "running", total, 0, ID(access.From(ctx).StaffID), tx.Now
		if h.JobID, err = s.jobs.Enqueue(ctx, jobHandover, h.ID, job.Option{Total: total}); err != nil {
			return err
		}
		if err := insertHandover(ctx, tx, h.packed()); err != nil {
			return err
		}
		if h.Kind == "absence" {
			if err := s.markAbsent(ctx, tx, h.StaffID, h.Until); err != nil {
				return err
			}
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "staff.handover.start", Entity: "staff", EntityID: int64(h.StaffID), Detail: h})
	})
	return h, err
}

func (s *Service) checkHandover(ctx context.Context, tx *db.Tx, h Handover) error {
	a, err := findAccount(ctx, tx, h.StaffID)
	if err != nil {
		return err
	}
	if access.From(ctx).StaffID == int64(h.StaffID) {
		return fault.New(fault.Invalid, "staff.account.own_rights")
	}
	if busy, err := runningHandover(ctx, tx, h.StaffID); err != nil || busy || a.State == "left" {
		if err == nil {
			err = fault.New(fault.Conflict, "staff.handover.running")
		}
		return err
	}
	f := fault.New(fault.Invalid, "staff.handover.invalid")
	if h.Kind != "leave" && h.Kind != "absence" {
		f.With("kind", "staff.field.required")
	}
	if !slices.Contains([]string{WayPerson, WayEvenly, WayDepartment}, h.Way) {
		f.With("way", "staff.field.required")
	}
	if (h.Until == 0) != (h.Kind == "leave") || h.Until != 0 && h.Until <= tx.Now {
		f.With("until", "staff.handover.until")
	}
	people, err := s.receivers(ctx, tx, h)
	if err != nil {
		return err
	}
	if len(people) == 0 || h.Way == WayPerson && len(h.Receivers) != 1 || h.Way != WayDepartment && len(people) != len(h.Receivers) {
		f.With("receivers", "staff.handover.receivers")
	}
	return f.Or()
}

// receivers are those who can take something now: chosen, active, present and not the person themselves. By department without a choice
// it is everybody who cares for patients.
func (s *Service) receivers(ctx context.Context, tx *db.Tx, h Handover) ([]Member, error) {
	all, err := s.Members(ctx, 0)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(m Member) bool {
		chosen := slices.Contains(h.Receivers, m.ID) || h.Way == WayDepartment && len(h.Receivers) == 0 && slices.Contains(carers, m.Post)
		return !chosen || m.ID == h.StaffID || m.Absent
	}), nil
}

// carers are the posts that take over patients' work when nobody was chosen.
var carers = []string{"nurse", "head_nurse", "doctor", "head", "agent", "consultant"}

// markAbsent notes the absence without its fact: what the person holds is given to those who were chosen, not to anybody.
func (s *Service) markAbsent(ctx context.Context, tx *db.Tx, id ID, until clock.Instant) error {
	a, err := findAccount(ctx, tx, id)
	if err != nil {
		return err
	}
	a.AbsentFrom, a.AbsentUntil, a.Version = tx.Now, until, a.Version+1
	return updateAccount(ctx, tx, a)
}

func (h Handover) packed() Handover {
	words := make([]string, len(h.Receivers))
	for i, id := range h.Receivers {
		words[i] = strconv.FormatInt(int64(id), 10)
	}
	h.Stored = strings.Join(words, ",")
	return h
}

func (h Handover) unpacked() Handover {
	h.Receivers = []ID{}
	for word := range strings.SplitSeq(h.Stored, ",") {
		if id, err := strconv.ParseInt(word, 10, 64); err == nil {
			h.Receivers = append(h.Receivers, ID(id))
		}
	}
	return h
}

// Handovers lists those of a person, newest first.
func (s *Service) Handovers(ctx context.Context, id ID) ([]Handover, error) {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return nil, err
	}
	return listHandovers(ctx, s.DB.Read(ctx), id)
}

// turn chooses receivers one after the other, by department where that is asked for.
type turn struct {
	way    string
	people []Member
	next   map[DepartmentID]int
}

func (t *turn) take(d DepartmentID) ID {
	if t.way == WayDepartment {
		var near []Member
		for _, m := range t.people {
			if m.DepartmentID == d {
				near = append(near, m)
			}
		}
		if len(near) > 0 {
			t.next[d]++
			return near[(t.next[d]-1)%len(near)].ID
		}
	}
	t.next[0]++
	return t.people[(t.next[0]-1)%len(t.people)].ID
}

// runHandover gives away kind by kind. What moved is written down in the transaction that moved it, so that a crash repeats nothing.
func (s *Service) runHandover(ctx context.Context, run *job.Run) error {
	var id HandoverID
	if err := run.Into(&id); err != nil {
		return err
	}
	h, err := findHandover(ctx, s.DB.Read(ctx), id)
	if err != nil || h.State != "running" {
		return err
	}
	people, err := s.receivers(ctx, s.DB.Read(ctx), h)
	if err != nil {
		return err
	}
	if len(people) > 0 { // else everything is left over, which the end says
		t := &turn{h.Way, people, map[DepartmentID]int{}}
		for _, kind := range s.holdings {
			if err := s.giveAll(ctx, run, &h, kind, t); err != nil {
				return fmt.Errorf("%s: %w", kind.Key, err)
			}
		}
	}
	return s.finishHandover(ctx, h)
}

func (s *Service) giveAll(ctx context.Context, run *job.Run, h *Handover, kind Holding, t *turn) error {
	home, err := findAccount(ctx, s.DB.Read(ctx), h.StaffID)
	if err != nil {
		return err
	}
	for after := int64(0); ; {
		var got []Item
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			if got, err = kind.Items(ctx, h.StaffID, after, handoverBatch); err != nil {
				return err
			}
			for _, it := range got {
				if it.DepartmentID == 0 {
					it.DepartmentID = home.DepartmentID
				}
				to := t.take(it.DepartmentID)
				if err := kind.hand(ctx, it.ID, h.StaffID, to, h.Until); err != nil {
					return fmt.Errorf("item %d: %w", it.ID, err)
				}
				if err := insertHandoverItem(ctx, tx, h.ID, kind.Key, it.ID, to); err != nil {
					return err
				}
			}
			h.Moved += len(got)
			return updateHandover(ctx, tx, *h)
		})
		if err != nil || len(got) == 0 {
			return err
		}
		after = got[len(got)-1].ID
		if err := run.Progress(ctx, h.Moved, max(h.Total, h.Moved), kind.Key); err != nil {
			return err
		}
	}
}

// finishHandover counts what is left, closes a leaver's account and plans the return of an absent one.
func (s *Service) finishHandover(ctx context.Context, h Handover) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, left, err := s.held(ctx, h.StaffID)
		if err != nil {
			return err
		}
		h.State, h.FinishedAt, h.LeftOver = "done", tx.Now, left
		if h.Until != 0 {
			h.LeftOver = 0 // lent things still belong to the person
			if _, err := s.jobs.Enqueue(ctx, jobReturn, h.ID, job.Option{RunAt: h.Until}); err != nil {
				return err
			}
		}
		if h.LeftOver > 0 {
			h.State = "failed"
		}
		if h.Kind == "leave" && h.State == "done" {
			if err := s.close(ctx, tx, h.StaffID); err != nil {
				return err
			}
		}
		if err := updateHandover(ctx, tx, h); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "staff.handover.finish", Entity: "staff", EntityID: int64(h.StaffID), Detail: map[string]any{"moved": h.Moved, "left_over": h.LeftOver, "state": h.State}})
	})
}

// close ends an account: nobody signs in with it, every session ends at its next request.
func (s *Service) close(ctx context.Context, tx *db.Tx, id ID) error {
	a, err := findAccount(ctx, tx, id)
	if err != nil {
		return err
	}
	before := a
	a.State, a.Version = "left", a.Version+1
	if err := updateAccount(ctx, tx, a); err != nil {
		return err
	}
	return s.tell(ctx, before, a)
}

// ReturnHandover ends an absence before its time: what is still open comes back now.
func (s *Service) ReturnHandover(ctx context.Context, id HandoverID) error {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		h, err := findHandover(ctx, tx, id)
		if err != nil {
			return err
		}
		if h.Kind != "absence" || h.State != "done" {
			return fault.New(fault.Conflict, "staff.handover.not_lent")
		}
		a, err := findAccount(ctx, tx, h.StaffID)
		if err != nil {
			return err
		}
		a.AbsentUntil, a.Version = max(tx.Now, a.AbsentFrom+1), a.Version+1
		if err := updateAccount(ctx, tx, a); err != nil {
			return err
		}
		if _, err := s.jobs.Enqueue(ctx, jobReturn, h.ID, job.Option{}); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "staff.handover.return", Entity: "staff", EntityID: int64(h.StaffID)})
	})
}

// runReturn gives back what the receivers still hold.
func (s *Service) runReturn(ctx context.Context, run *job.Run) error {
	var id HandoverID
	if err := run.Into(&id); err != nil {
		return err
	}
	for {
		n := 0
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			h, err := findHandover(ctx, tx, id)
			if err != nil || h.State != "done" {
				return err
			}
			rows, err := handoverItems(ctx, tx, id, handoverBatch)
			if err != nil {
				return err
			}
			for _, r := range rows {
				if err := s.giveBack(ctx, h, r); err != nil {
					return err
				}
				if err := markReturned(ctx, tx, id, r); err != nil {
					return err
				}
			}
			if n = len(rows); n == 0 {
				h.State = "returned"
				return updateHandover(ctx, tx, h)
			}
			return nil
		})
		if err != nil || n == 0 {
			return err
		}
		if err := run.Progress(ctx, run.Done+n, run.Total, ""); err != nil {
			return err
		}
	}
}

func (s *Service) giveBack(ctx context.Context, h Handover, r handoverItem) error {
	i := slices.IndexFunc(s.holdings, func(x Holding) bool { return x.Key == r.Holding })
	if i < 0 {
		return nil
	}
	return s.holdings[i].back(ctx, r.ItemID, r.ToID, h.StaffID)
}
