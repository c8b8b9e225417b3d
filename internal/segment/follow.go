package segment

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
)

// Entered is published once when a patient comes into a followed segment; those who are in when following begins are not told.
type Entered struct {
	PatientID patient.ID `json:"patient_id"`
	SegmentID ID         `json:"segment_id"`
}

// Left is published once when a patient is in a followed segment no more.
type Left struct {
	PatientID patient.ID `json:"patient_id"`
	SegmentID ID         `json:"segment_id"`
}

// FactName implements event.Fact.
func (Entered) FactName() string { return "segment.entered" }

// FactName implements event.Fact.
func (Left) FactName() string { return "segment.left" }

// FactPatient implements event.Fact.
func (f Entered) FactPatient() int64 { return int64(f.PatientID) }

// FactPatient implements event.Fact.
func (f Left) FactPatient() int64 { return int64(f.PatientID) }

const (
	fillJob    = "segment.fill"
	followTick = "segment.follow"
	dayTick    = "segment.day"
	factsEach  = 500 // facts in one transaction
	fillChunk  = 500 // patients in one transaction of a fill
)

func (s *Service) declare() {
	event.Declare[Entered](s.Board)
	event.Declare[Left](s.Board)
	s.reader = event.Follow(s.Board, followTick, "patient.*, and what the conditions of followed segments name")
}

func (s *Service) work() {
	s.Jobs.Register(job.Kind{Name: fillJob, Lease: 2 * time.Minute}, s.fill)
	s.Jobs.Every(followTick, 5*time.Second, func(ctx context.Context) error { _, err := s.Follow(ctx); return err })
	s.Jobs.Every(dayTick, time.Minute, s.NewDay)
}

// Follow brings the followed segments up to the newest facts: only the patients whom facts name are looked at, each once for many
// facts, and only in segments that the facts can change. It tells how many facts it read.
func (s *Service) Follow(ctx context.Context) (int, error) {
	ctx = access.AsSystem(ctx, followTick)
	total := 0
	for {
		waiting, err := s.reader.Waiting(ctx)
		if err != nil || !waiting {
			return total, err
		}
		last, err := s.Board.LastSeq(ctx)
		if err != nil {
			return total, err
		}
		gs, err := followedSegments(ctx, s.DB.Read(ctx))
		if err != nil {
			return total, err
		}
		if len(gs) == 0 { // whoever is followed later is filled from the data itself
			return total, s.reader.Skip(ctx, last)
		}
		n, err := s.reader.Next(ctx, factsEach, func(ctx context.Context, facts []event.Stored) error { return s.digest(ctx, facts) })
		total += n
		if err != nil || n == 0 {
			return total, err
		}
	}
}

// digest looks again at the patients of some facts.
func (s *Service) digest(ctx context.Context, facts []event.Stored) error {
	gs, err := followedSegments(ctx, s.DB.Read(ctx))
	if err != nil {
		return err
	}
	for _, g := range gs {
		p, whole, err := s.followed(ctx, g)
		if err != nil {
			return err
		}
		if p == nil {
			continue
		}
		ids, all := s.stirred(whole, facts)
		if all {
			if err := s.refill(ctx, g, fmt.Sprint("fact ", facts[len(facts)-1].Seq)); err != nil {
				return err
			}
		}
		for chunk := range slices.Chunk(ids, fillChunk) {
			if err := s.settle(ctx, g, p, chunk, false); err != nil {
				return err
			}
		}
	}
	return nil
}

// followed compiles a followed segment for now. One whose conditions cannot be asked any more is marked, and nil.
func (s *Service) followed(ctx context.Context, g Segment) (*plan, Tree, error) {
	whole, err := s.expand(ctx, g.Tree)
	if err == nil {
		err = s.check(whole)
	}
	var p *plan
	if err == nil {
		p, err = s.compile(ctx, whole.Root, s.now())
	}
	if err == nil || !fault.Is(err, fault.Invalid) {
		return p, whole, err
	}
	slog.Warn("segment cannot be followed", "segment", g.ID.String(), "reason", fault.KeyOf(err))
	return nil, whole, s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return setError(ctx, tx, g.ID, fault.KeyOf(err)) })
}

// stirred lists the patients whose place in a segment some facts may change, and whether a fact concerns everybody.
func (s *Service) stirred(t Tree, facts []event.Stored) (ids []patient.ID, all bool) {
	seen := map[patient.ID]bool{}
	for _, f := range facts {
		room, _, _ := strings.Cut(f.Name, ".")
		if !s.stirs(t, f.Name, room) {
			continue
		}
		if f.PatientID == 0 {
			all = all || room != "patient"
			continue
		}
		for _, id := range append(others(f), patient.ID(f.PatientID)) {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	return ids, all
}

// others are further patients whom a fact names: the other record of a merge.
func others(f event.Stored) []patient.ID {
	if f.Name != "patient.merged" && f.Name != "patient.unmerged" {
		return nil
	}
	var m patient.Merged
	if json.Unmarshal([]byte(f.Body), &m) != nil || m.FromID == 0 {
		return nil
	}
	return []patient.ID{m.FromID}
}

// settle writes who of some patients is in a segment now, and tells who came and who went unless quiet.
func (s *Service) settle(ctx context.Context, g Segment, p *plan, ids []patient.ID, quiet bool) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := takeTurn(ctx, tx, g.ID); err != nil {
			return err
		}
		is, err := s.among(ctx, p, ids)
		if err != nil {
			return err
		}
		was, err := membersAmong(ctx, tx, g.ID, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if is[id] == was[id] {
				continue
			}
			if err := s.move(ctx, tx, g.ID, id, is[id], quiet); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) move(ctx context.Context, tx *db.Tx, g ID, id patient.ID, in, quiet bool) error {
	var fact event.Fact = Left{id, g}
	write := leave
	if in {
		fact, write = Entered{id, g}, enter
	}
	if err := write(ctx, tx, g, id); err != nil || quiet {
		return err
	}
	return s.Board.Publish(ctx, fact)
}

// filling is the work of bringing all members of a followed segment up to date.
type filling struct {
	SegmentID ID         `json:"segment_id"`
	Version   int64      `json:"version"`
	Today     clock.Date `json:"today"`
}

// refill enqueues the work; the same reason on the same day and version does it once.
func (s *Service) refill(ctx context.Context, g Segment, reason string) error {
	today := s.DB.Clock().Today()
	_, err := s.Jobs.Enqueue(ctx, fillJob, filling{g.ID, g.Version, today}, job.Option{Key: fmt.Sprintf("%s %d %s %s", g.ID, g.Version, today, reason)})
	return err
}

// refillDependents enqueues it for the followed segments that stand on one.
func (s *Service) refillDependents(ctx context.Context, id ID) error {
	gs, err := followedSegments(ctx, s.DB.Read(ctx))
	if err != nil {
		return err
	}
	for _, g := range gs {
		yes, err := s.standsOn(ctx, g.Tree.Root, id, 0)
		if err != nil {
			return err
		}
		if yes && g.ID != id {
			if err := s.refill(ctx, g, fmt.Sprint("below ", s.DB.NextID())); err != nil {
				return err
			}
		}
	}
	return nil
}

// NewDay has the followed segments looked at again whose answers change with the day: the members who may leave, and those who match now.
func (s *Service) NewDay(ctx context.Context) error {
	gs, err := followedSegments(ctx, s.DB.Read(ctx))
	if err != nil {
		return err
	}
	today := s.DB.Clock().Today()
	for _, g := range gs {
		whole, err := s.expand(ctx, g.Tree)
		if err != nil || g.CheckedOn == "" || g.CheckedOn >= today || g.FilledAt == 0 || !s.moving(whole) {
			continue // what cannot be expanded is marked by the next fact
		}
		if err := s.refill(ctx, g, "day"); err != nil {
			return err
		}
	}
	return nil
}

// fill does the work of a filling: members who are none any more leave, patients who are members now enter, in small transactions.
func (s *Service) fill(ctx context.Context, run *job.Run) error {
	var f filling
	if err := run.Into(&f); err != nil {
		return err
	}
	g, err := find(ctx, s.DB.Read(ctx), f.SegmentID)
	if err != nil || g.Version != f.Version {
		return err // a newer version has its own filling
	}
	if !g.Tracked || g.State != Active {
		return s.forget(ctx, g.ID)
	}
	p, _, err := s.followed(ctx, g)
	if err != nil || p == nil {
		return err
	}
	today := s.DB.Clock().Today()
	quiet := g.CheckedOn == "" // following begins
	if err := s.fillAll(ctx, run, g, p, quiet); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return setFilled(ctx, tx, g, today) })
}

func (s *Service) fillAll(ctx context.Context, run *job.Run, g Segment, p *plan, quiet bool) error {
	tx := s.DB.Read(ctx)
	q, err := s.from(ctx, tx, p, db.SQL("select who.id"))
	if err != nil {
		return err
	}
	is, err := db.Rows[patient.ID](ctx, tx, q)
	if err != nil {
		return err
	}
	was, err := membersOf(ctx, tx, g.ID)
	if err != nil {
		return err
	}
	todo := differing(is, was)
	done := 0
	for chunk := range slices.Chunk(todo, fillChunk) {
		if run.Cancelled(ctx) {
			return job.ErrCancelled
		}
		if err := s.settle(ctx, g, p, chunk, quiet); err != nil {
			return err
		}
		done += len(chunk)
		if err := run.Progress(ctx, done, len(todo), g.ID.String()); err != nil {
			return err
		}
	}
	return nil
}

// differing lists who is in one of two lists only.
func differing(a, b []patient.ID) []patient.ID {
	in := make(map[patient.ID]bool, len(b))
	for _, id := range b {
		in[id] = true
	}
	var out []patient.ID
	for _, id := range a {
		if !in[id] {
			out = append(out, id)
		}
		delete(in, id)
	}
	for id := range in {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// forget drops the members of a segment that is followed no more.
func (s *Service) forget(ctx context.Context, id ID) error {
	for {
		n := int64(0)
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			n, err = dropMembers(ctx, tx, id, 2000)
			if err == nil && n == 0 {
				err = setUnfilled(ctx, tx, id)
			}
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

// Movement is how many came into a followed segment and left it since an instant, and how many are in.
type Movement struct {
	In      int           `json:"in"`
	Entered int           `json:"entered"`
	Left    int           `json:"left"`
	Since   clock.Instant `json:"since"`
}

// Moved tells the coming and going of the last days among the patients whom the caller sees.
func (s *Service) Moved(ctx context.Context, id ID, days int) (Movement, error) {
	if err := exactly(ctx); err != nil {
		return Movement{}, err
	}
	g, err := s.Find(ctx, id)
	if err != nil {
		return Movement{}, err
	}
	whole, err := s.expand(ctx, g.Tree)
	if err != nil {
		return Movement{}, err
	}
	if err := s.readable(ctx, whole); err != nil {
		return Movement{}, err
	}
	c := s.DB.Clock()
	m := Movement{Since: c.On(c.Today().Add(-min(max(days, 1), 366)), 0, 0)}
	return m, s.moved(ctx, id, &m)
}
