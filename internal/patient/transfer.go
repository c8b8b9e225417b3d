package patient

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
)

type transferKind struct{}

// Prefix implements db.Kind.
func (transferKind) Prefix() string { return "tf" }

// TransferID is the key of a transfer.
type TransferID = db.ID[transferKind]

// Transfer is a handing over of many patients to a new owner, done by a job and taken back by another.
type Transfer struct {
	ID         TransferID    `json:"id"`
	ToID       int64         `json:"-"`
	Reason     string        `json:"reason"`
	State      string        `json:"state"` // running, done, undoing, undone
	Total      int           `json:"total"`
	Moved      int           `json:"moved"`
	Skipped    int           `json:"skipped"` // already the receiver's, or changed by somebody since
	JobID      int64         `json:"-"`
	CreatedBy  int64         `json:"-"`
	CreatedAt  clock.Instant `json:"created_at"`
	FinishedAt clock.Instant `json:"finished_at"`
}

const (
	jobTransfer = "patient.transfer"
	jobBack     = "patient.transfer_back"
	// transferMost bounds one transfer; a larger hospital hands over department by department.
	transferMost  = 20_000
	transferBatch = 200
)

// Work registers the room's long work; wiring calls it once.
func (s *Service) Work(r *job.Runner) {
	s.jobs = r
	s.workScan(r)
	r.Register(job.Kind{Name: jobTransfer, Lease: 2 * time.Minute}, func(ctx context.Context, run *job.Run) error { return s.runTransfer(ctx, run, false) })
	r.Register(job.Kind{Name: jobBack, Lease: 2 * time.Minute}, func(ctx context.Context, run *job.Run) error { return s.runTransfer(ctx, run, true) })
}

// Reassign hands the patients of a list over to a new owner: those named by ids, else all that the filter gives the caller, at most 20,000.
// Errors: invalid without a receiver or a reason, or with too many patients.
func (s *Service) Reassign(ctx context.Context, ids []ID, f Filter, to int64, reason string) (Transfer, error) {
	if err := access.Need(ctx, PermAssign); err != nil {
		return Transfer{}, err
	}
	wrong := fault.New(fault.Invalid, "patient.access.invalid")
	if ok, err := receiver(ctx, s.DB.Read(ctx), "staff", to); err != nil || !ok {
		if err != nil {
			return Transfer{}, err
		}
		wrong.With("to_id", "patient.access.receiver")
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		wrong.With("reason", "patient.access.reason")
	}
	if err := wrong.Or(); err != nil {
		return Transfer{}, err
	}
	chosen, err := s.chosen(ctx, ids, f)
	if err != nil {
		return Transfer{}, err
	}
	t := Transfer{ID: db.New[transferKind](s.DB), ToID: to, Reason: reason, State: "running", Total: len(chosen), CreatedBy: access.From(ctx).StaffID}
	return t, s.startTransfer(ctx, &t, chosen)
}

func (s *Service) chosen(ctx context.Context, ids []ID, f Filter) ([]ID, error) {
	if len(ids) > 0 {
		var out []ID
		for part := range slices.Chunk(ids, 500) {
			seen, err := s.VisibleIDs(ctx, part)
			if err != nil {
				return nil, err
			}
			out = append(out, seen...)
		}
		slices.Sort(out)
		return slices.Compact(out), nil
	}
	var out []ID
	for f.Cursor = ""; ; {
		got, err := s.search(ctx, s.DB.Read(ctx), f, 501)
		if err != nil {
			return nil, err
		}
		page := got.patients[:min(len(got.patients), 500)]
		out = append(out, idsOf(page)...)
		if len(out) > transferMost {
			return nil, fault.New(fault.Invalid, "patient.access.too_many", "limit", transferMost)
		}
		if len(got.patients) <= 500 {
			return out, nil
		}
		f.Cursor = got.cursor(f.Sort, page[499].ID)
	}
}

// startTransfer writes the list in pieces and the job with the last of them, so that the writer is never held for long.
func (s *Service) startTransfer(ctx context.Context, t *Transfer, ids []ID) error {
	for part := range slices.Chunk(ids, loadBatch) {
		if err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return insertTransferRows(ctx, tx, t.ID, part) }); err != nil {
			return err
		}
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		t.CreatedAt = tx.Now
		if t.JobID, err = s.jobs.Enqueue(ctx, jobTransfer, t.ID, job.Option{Total: t.Total}); err != nil {
			return err
		}
		if err := insertTransfer(ctx, tx, *t); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "patient.transfer.create", Entity: "transfer", EntityID: int64(t.ID), Reason: t.Reason, Detail: map[string]any{"to_id": t.ToID, "patients": t.Total}})
	})
}

// FindTransfer tells how far a transfer is.
func (s *Service) FindTransfer(ctx context.Context, id TransferID) (Transfer, error) {
	if err := access.Need(ctx, PermAssign); err != nil {
		return Transfer{}, err
	}
	return findTransfer(ctx, s.DB.Read(ctx), id)
}

// UndoTransfer gives back what a finished transfer moved, except patients whose owner somebody has changed since.
func (s *Service) UndoTransfer(ctx context.Context, id TransferID) (Transfer, error) {
	if err := access.Need(ctx, PermAssign); err != nil {
		return Transfer{}, err
	}
	var t Transfer
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if t, err = findTransfer(ctx, tx, id); err != nil {
			return err
		}
		if t.State != "done" {
			return fault.New(fault.Conflict, "patient.access.not_done")
		}
		t.State, t.Skipped = "undoing", 0
		if t.JobID, err = s.jobs.Enqueue(ctx, jobBack, t.ID, job.Option{Total: t.Moved}); err != nil {
			return err
		}
		if err := updateTransfer(ctx, tx, t); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "patient.transfer.undo", Entity: "transfer", EntityID: int64(id)})
	})
	return t, err
}

// runTransfer moves batch by batch; a row that is done is marked in the same transaction, so that a crash repeats nothing.
func (s *Service) runTransfer(ctx context.Context, run *job.Run, back bool) error {
	var id TransferID
	if err := run.Into(&id); err != nil {
		return err
	}
	for {
		var t Transfer
		n := 0
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			if t, err = findTransfer(ctx, tx, id); err != nil {
				return err
			}
			n, err = s.moveBatch(ctx, tx, &t, back)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
		done := t.Moved + t.Skipped
		if back {
			done = t.Total - t.Moved
		}
		if err := run.Progress(ctx, done, t.Total, ""); err != nil {
			return err
		}
	}
}

func (s *Service) moveBatch(ctx context.Context, tx *db.Tx, t *Transfer, back bool) (int, error) {
	from, end := "ready", "done"
	if back {
		from, end = "moved", "undone"
	}
	rows, err := transferRows(ctx, tx, t.ID, from, transferBatch)
	if err != nil {
		return 0, err
	}
	if len(rows) == 0 {
		t.State, t.FinishedAt = end, tx.Now
		return 0, updateTransfer(ctx, tx, *t)
	}
	for _, r := range rows {
		state, err := s.moveOne(ctx, tx, t, r, back)
		if err != nil {
			return 0, fmt.Errorf("patient %d: %w", r.PatientID, err)
		}
		if err := markTransferRow(ctx, tx, t.ID, r, state); err != nil {
			return 0, err
		}
	}
	return len(rows), updateTransfer(ctx, tx, *t)
}

// moveOne changes the owner of one patient, or gives it back; it tells the state of the row.
func (s *Service) moveOne(ctx context.Context, tx *db.Tx, t *Transfer, r transferRow, back bool) (string, error) {
	id, err := resolve(ctx, tx, r.PatientID)
	if err != nil {
		return "", err
	}
	old, err := findPatient(ctx, tx, id)
	if err != nil {
		return "", err
	}
	fresh := old
	fresh.OwnerID = t.ToID
	if back {
		fresh.OwnerID = r.BeforeID
		t.Moved--
	}
	if old.OwnerID == fresh.OwnerID || back && old.OwnerID != t.ToID {
		t.Skipped++
		return "skipped", nil
	}
	state := "back"
	if !back {
		t.Moved++
		state = "moved"
	}
	if err := s.save(ctx, tx, old, fresh, false); err != nil {
		return "", err
	}
	return state, s.Trail.Append(ctx, trail.Entry{Action: "patient.patient.transfer", Entity: "patient", EntityID: int64(id), PatientID: int64(id),
		Detail: map[string]any{"transfer_id": t.ID, "by": t.CreatedBy, "from": old.OwnerID, "to": fresh.OwnerID}})
}
