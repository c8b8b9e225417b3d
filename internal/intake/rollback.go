package intake

import (
	"context"
	"errors"
	"slices"
	"time"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
)

type rollbackKind struct{}

// Prefix implements db.Kind.
func (rollbackKind) Prefix() string { return "rb" }

// RollbackID identifies a roll-back.
type RollbackID = db.ID[rollbackKind]

// Rollback is one attempt to take an import back.
type Rollback struct {
	ID         RollbackID
	RunID      RunID
	JobID      int64
	State      string // of a run: waiting running done cancelled failed
	Total      int    // patches to look at
	Done       int
	NRemoved   int // patients who had come with the import and went
	NRestored  int // patients who are as they were before
	NKept      int // patches that stay, because somebody changed since what they wrote
	CreatedAt  clock.Instant
	StartedAt  clock.Instant
	FinishedAt clock.Instant
	ActorID    int64
	Actor      string
}

// Rate is patches a second, so far.
func (b Rollback) Rate(now clock.Instant) float64 {
	return Run{Done: b.Done, StartedAt: b.StartedAt, FinishedAt: b.FinishedAt}.Rate(now)
}

// RollbackPreview is what a roll-back would do, judged on a sample where the import is large.
type RollbackPreview struct {
	Patients int           // that came with the import
	Changed  int           // patients whom it changed
	Undone   int           // patches taken back before
	Stay     []Kept        // whose import would stay, and why: of those looked at
	Looked   int           // patches looked at
	Total    int           // patches there are
	Departed bool          // the journal was emptied: too old to take back
	Until    clock.Instant // when the journal is emptied
}

// rollbackLook is how many patches a preview looks at.
const rollbackLook = 2000

// PreviewRollback says what Rollback would do. Errors: not_found.
func (s *Service) PreviewRollback(ctx context.Context, id RunID) (RollbackPreview, error) {
	var p RollbackPreview
	if err := access.Need(ctx, PermRollback); err != nil {
		return p, err
	}
	tx := s.DB.Read(ctx)
	run, err := findRun(ctx, tx, id)
	if err != nil {
		return p, err
	}
	counts, err := countPatches(ctx, tx, id)
	if err != nil {
		return p, err
	}
	for _, c := range counts {
		switch {
		case c.State == patchUndone:
			p.Undone += c.N
			continue
		case c.Fresh:
			p.Patients += c.N
		default:
			p.Changed += c.N
		}
		p.Total += c.N
	}
	p.Until = run.CreatedAt.Add(s.keepFor(ctx))
	p.Departed = p.Total+p.Undone == 0 && run.Counts.New+run.Counts.Updated > 0
	list, err := openPatches(ctx, tx, id, rollbackLook)
	if err != nil {
		return p, err
	}
	kept := map[patient.ID]bool{}
	for part := range slices.Chunk(list, chunk) {
		whole, err := s.examine(ctx, tx, id, part, kept)
		if err != nil {
			return p, err
		}
		for _, e := range whole {
			p.Looked++
			if e.reason != "" {
				p.Stay = append(p.Stay, Kept{PatientID: e.PatientID, Reason: e.reason})
			}
		}
	}
	return p, nil
}

// Rollback takes an import back by a job: patients who came with it go, those it changed are as they were, unless somebody changed them
// since; these stay and are listed. Errors: conflict while the import or another roll-back runs; invalid where nothing is left to undo.
func (s *Service) Rollback(ctx context.Context, id RunID) (Rollback, error) {
	if err := access.Need(ctx, PermRollback); err != nil {
		return Rollback{}, err
	}
	b := Rollback{ID: db.New[rollbackKind](s.DB), RunID: id, State: RunWaiting, ActorID: access.From(ctx).StaffID, Actor: access.From(ctx).Name}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		run, err := findRun(ctx, tx, id)
		if err != nil {
			return err
		}
		if run.State == RunWaiting || run.State == RunRunning {
			return fault.New(fault.Conflict, "intake.rollback.still_running")
		}
		last, ok, err := lastRollback(ctx, tx, id)
		if err != nil {
			return err
		}
		if ok && (last.State == RunWaiting || last.State == RunRunning) {
			return fault.New(fault.Conflict, "intake.rollback.already")
		}
		if err := reopenPatches(ctx, tx, id); err != nil {
			return err
		}
		counts, err := countPatches(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, c := range counts {
			if c.State == patchOpen {
				b.Total += c.N
			}
		}
		if b.Total == 0 && len(counts) > 0 || run.Done == 0 {
			return fault.New(fault.Invalid, "intake.rollback.nothing")
		}
		if b.Total == 0 && run.Counts.New+run.Counts.Updated > 0 {
			return fault.New(fault.Invalid, "intake.rollback.too_old")
		}
		b.CreatedAt = tx.Now
		if b.JobID, err = s.Jobs.Enqueue(ctx, jobRollback, rollbackPayload{b.ID}, job.Option{Key: b.ID.String(), Total: b.Total}); err != nil {
			return err
		}
		if err := insertRollback(ctx, tx, b); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: string(PermRollback), Entity: "run", EntityID: int64(id), Detail: map[string]any{"patches": b.Total}})
	})
	return b, err
}

// Rollbacks lists the roll-backs of a run, newest first.
func (s *Service) Rollbacks(ctx context.Context, id RunID) ([]Rollback, error) {
	if err := access.Need(ctx, PermFeeds); err != nil {
		return nil, err
	}
	return listRollbacks(ctx, s.DB.Read(ctx), id)
}

// KeptOf lists the patients whose import stays after a roll-back, newest first, from a cursor on.
func (s *Service) KeptOf(ctx context.Context, id RunID, cursor string, limit int) (db.Page[Kept], error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return db.Page[Kept]{}, err
	}
	var before int64
	if cursor != "" {
		if err := db.Uncursor(cursor, &before); err != nil {
			return db.Page[Kept]{}, err
		}
	}
	limit = db.Limit(limit)
	rows, err := listKept(ctx, s.DB.Read(ctx), id, before, limit+1)
	return db.Cut(rows, limit, db.Total{Value: len(rows), Exact: len(rows) <= limit && cursor == ""}, func(k Kept) string { return db.Cursor(k.ID) }), err
}

// CancelRollback stops a roll-back after the chunk it is in. What was taken back is back.
func (s *Service) CancelRollback(ctx context.Context, id RunID) error {
	if err := access.Need(ctx, PermRollback); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		b, ok, err := lastRollback(ctx, tx, id)
		if err != nil || !ok || b.State != RunWaiting && b.State != RunRunning {
			return err
		}
		if err := s.Jobs.Cancel(ctx, b.JobID); err != nil {
			return err
		}
		if b.State == RunWaiting {
			return endRollback(ctx, tx, b.ID, RunCancelled)
		}
		return nil
	})
}

const jobRollback = "intake.rollback"

type rollbackPayload struct {
	ID RollbackID `json:"rollback_id"`
}

// factsAhead is how many facts may be on their way before a roll-back waits for them: what listeners make of an import must stand
// before it is judged, and patients about whom a fact is under way keep their row.
const factsAhead = 5000

func (s *Service) rollbackJob(ctx context.Context, j *job.Run) error {
	var p rollbackPayload
	if err := j.Into(&p); err != nil {
		return err
	}
	b, err := findRollback(ctx, s.DB.Read(ctx), p.ID)
	if err != nil || b.State != RunWaiting && b.State != RunRunning {
		return err
	}
	if err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return startRollback(ctx, tx, b.ID) }); err != nil {
		return err
	}
	for {
		n, err := undelivered(ctx, s.DB.Read(ctx), factsAhead+1)
		if err != nil {
			return err
		}
		if n > factsAhead {
			return job.Later(time.Second)
		}
		done, err := s.rollbackChunk(ctx, &b)
		if err != nil {
			return err
		}
		if err := j.Progress(ctx, b.Done, b.Total, ""); err != nil {
			return err
		}
		if done {
			return s.finishRollback(ctx, b)
		}
		if s.afterChunk != nil {
			s.afterChunk()
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if j.Cancelled(ctx) {
			err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return endRollback(ctx, tx, b.ID, RunCancelled) })
			return errors.Join(err, job.ErrCancelled)
		}
	}
}

// rollbackChunk takes the newest patches back in one transaction; done means that none is left.
func (s *Service) rollbackChunk(ctx context.Context, b *Rollback) (done bool, err error) {
	var next Rollback
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		next, done = *b, false
		list, err := openPatches(ctx, tx, b.RunID, chunk)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			done = true
			return nil
		}
		if err := s.takeBack(ctx, tx, &next, distinct(list)); err != nil {
			return err
		}
		return advanceRollback(ctx, tx, next)
	})
	if err == nil {
		*b = next
	}
	return done, err
}

// distinct keeps the patches up to the second of one patient, whose image changes with the first.
func distinct(list []patch) []patch {
	seen := map[patient.ID]bool{}
	for i, p := range list {
		if seen[p.PatientID] {
			return list[:i]
		}
		seen[p.PatientID] = true
	}
	return list
}

func (s *Service) takeBack(ctx context.Context, tx *db.Tx, b *Rollback, list []patch) error {
	whole, err := s.examine(ctx, tx, b.RunID, list, map[patient.ID]bool{})
	if err != nil {
		return err
	}
	var undone []db.ID[patchKind]
	var back []patient.ID
	for _, e := range whole {
		b.Done++
		if e.reason != "" {
			b.NKept++
			if err := settlePatches(ctx, tx, []db.ID[patchKind]{e.ID}, patchKept, e.reason); err != nil {
				return err
			}
			continue
		}
		if e.Fresh {
			b.NRemoved++
		} else {
			b.NRestored++
		}
		undone, back = append(undone, e.ID), append(back, e.PatientID)
		list, err := s.Patient.TakeBack(ctx, journalRooms, e.PatientID, e.Fresh, e.keepRow, e.list, e.now)
		if err != nil {
			return err
		}
		if e.Fresh {
			continue // the patient's own fact says it all
		}
		if err := s.Visit.TakenBack(ctx, e.PatientID, list); err != nil {
			return err
		}
		if err := s.Booking.TakenBack(ctx, e.PatientID, list); err != nil {
			return err
		}
	}
	if err := settlePatches(ctx, tx, undone, patchUndone, ""); err != nil || len(back) == 0 {
		return err
	}
	return undoMessages(ctx, tx, b.RunID, back)
}

// finishRollback closes the records that had written nothing, in chunks, and ends the roll-back.
func (s *Service) finishRollback(ctx context.Context, b Rollback) error {
	for {
		var n int64
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			n, err = undoUnwritten(ctx, tx, b.RunID, 2000)
			return err
		})
		if err != nil {
			return err
		}
		if n < 2000 {
			break
		}
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := endRollback(ctx, tx, b.ID, RunDone); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "intake.run.rolled_back", Entity: "run", EntityID: int64(b.RunID),
			Detail: map[string]any{"removed": b.NRemoved, "restored": b.NRestored, "kept": b.NKept, "by": b.ActorID}})
	})
}

// examined is a patch and whether it can be taken back.
type examined struct {
	patch
	list    []patient.RowChange
	now     patient.Image
	reason  string // why it stays, "" where it can be taken back
	keepRow bool
}

// examine looks at patches of different patients. stays gathers the patients found to stay, so that what the import wrote of them
// before stays too.
func (s *Service) examine(ctx context.Context, tx *db.Tx, run RunID, list []patch, stays map[patient.ID]bool) ([]examined, error) {
	var ids, fresh []patient.ID
	for _, p := range list {
		ids = append(ids, p.PatientID)
		if p.Fresh {
			fresh = append(fresh, p.PatientID)
		}
	}
	now, err := s.Patient.Images(ctx, journalRooms, ids)
	if err != nil {
		return nil, err
	}
	later, err := keptLater(ctx, tx, run, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range later {
		stays[id] = true
	}
	busy, err := handled(ctx, tx, fresh)
	if err != nil {
		return nil, err
	}
	rows, err := s.rowsToKeep(ctx, tx, fresh)
	if err != nil {
		return nil, err
	}
	out := make([]examined, 0, len(list))
	for _, p := range list {
		e := examined{patch: p, now: now[p.PatientID], reason: p.Reason, keepRow: rows[p.PatientID]}
		if e.list, err = p.changes(); err != nil {
			return nil, err
		}
		switch {
		case e.reason != "":
		case stays[p.PatientID]:
			e.reason = "intake.rollback.later"
		case slices.Contains(busy, p.PatientID) && p.Fresh:
			e.reason = "intake.rollback.handled"
		case len(s.Patient.Touched(journalRooms, p.Fresh, e.list, e.now)) > 0:
			e.reason = "intake.rollback.touched"
		}
		if e.reason != "" {
			stays[p.PatientID] = true
		}
		out = append(out, e)
	}
	return out, nil
}

// rowsToKeep tells of whom the row must stay as deleted: something the house did by itself refers to it, or a fact is under way.
func (s *Service) rowsToKeep(ctx context.Context, tx *db.Tx, fresh []patient.ID) (map[patient.ID]bool, error) {
	keep, err := s.Patient.Attached(ctx, journalRooms, fresh)
	if err != nil || len(fresh) == 0 {
		return keep, err
	}
	waiting, err := expecting(ctx, tx, fresh)
	for _, id := range waiting {
		keep[id] = true
	}
	return keep, err
}

// keepFor is how long records and the journal of imports are kept.
func (s *Service) keepFor(ctx context.Context) time.Duration {
	return time.Duration(s.Setting.Int(ctx, "intake.record.keep_days", 0)) * 24 * time.Hour
}
