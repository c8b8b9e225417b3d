package intake

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// journalRooms are the rooms whose tables a record writes, and a roll-back puts back.
var journalRooms = []string{"patient", "field", "visit", "booking"}

// journal writes down what the records of one transaction of an import write: the image of every patient before the first, and what
// differs after the last. It travels in the context, so that every path that applies a record keeps it.
type journal struct {
	run     RunID
	before  map[patient.ID]patient.Image
	fresh   map[patient.ID]bool
	bound   map[patient.ID]bool // a merge happened, which is undone where patients are merged, not here
	touched []patient.ID
	unseen  []patient.ID // patients whose image is missing
}

type journalKey struct{}

// errUnseen says that a record is about a patient whose image was not taken; it is judged again once it has been.
var errUnseen = errors.New("intake: the patient's image is missing")

func newJournal(run RunID) *journal {
	return &journal{run: run, before: map[patient.ID]patient.Image{}, fresh: map[patient.ID]bool{}, bound: map[patient.ID]bool{}}
}

func (j *journal) in(ctx context.Context) context.Context {
	return context.WithValue(ctx, journalKey{}, j)
}

func journalOf(ctx context.Context) *journal {
	j, _ := ctx.Value(journalKey{}).(*journal)
	return j
}

// foresee takes the images of those whose numbers the records name, all at once.
func (s *Service) foresee(ctx context.Context, j *journal, records []Record) error {
	var values []string
	for _, r := range records {
		for _, n := range r.Patient.Identifiers {
			values = append(values, n.Value)
		}
	}
	for part := range slices.Chunk(values, 500) {
		known, err := s.Patient.OwnersOf(ctx, part)
		if err != nil {
			return err
		}
		if err := s.see(ctx, j, known); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) see(ctx context.Context, j *journal, ids []patient.ID) error {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id patient.ID) bool { _, have := j.before[id]; return have || j.fresh[id] })
	if len(ids) == 0 {
		return nil
	}
	images, err := s.Patient.Images(ctx, journalRooms, ids)
	for _, id := range ids {
		j.before[id] = images[id]
	}
	return err
}

// catchUp takes the images that were missing, before a record is judged again.
func (s *Service) catchUp(ctx context.Context) error {
	j := journalOf(ctx)
	if j == nil || len(j.unseen) == 0 {
		return nil
	}
	ids := j.unseen
	j.unseen = nil
	return s.see(ctx, j, ids)
}

// journalled notes whom a record was about. A patient who was not foreseen is refused, so that nothing is written without its image.
func journalled(ctx context.Context, r Record, o Outcome) error {
	j := journalOf(ctx)
	if j == nil || o.PatientID == 0 {
		return nil
	}
	if o.Verdict == Added {
		j.fresh[o.PatientID] = true
	} else if _, seen := j.before[o.PatientID]; !seen && !j.fresh[o.PatientID] {
		j.unseen = append(j.unseen, o.PatientID)
		return errUnseen
	}
	if r.Event == PatientMerge && o.Verdict == Updated {
		j.bound[o.PatientID] = true
	}
	if !slices.Contains(j.touched, o.PatientID) {
		j.touched = append(j.touched, o.PatientID)
	}
	return nil
}

// closeJournal stores what differs. It runs in the transaction of the records.
func (s *Service) closeJournal(ctx context.Context, tx *db.Tx, j *journal) error {
	if len(j.touched) == 0 {
		return nil
	}
	after, err := s.Patient.Images(ctx, journalRooms, j.touched)
	if err != nil {
		return err
	}
	rows := make([][]any, 0, len(j.touched))
	for _, id := range j.touched {
		changes := s.Patient.Difference(journalRooms, j.before[id], after[id])
		if len(changes) == 0 {
			continue
		}
		reason := ""
		if j.bound[id] {
			reason = "intake.rollback.merged"
		}
		rows = append(rows, []any{db.New[patchKind](s.DB), j.run, id, j.fresh[id], encode(changes), patchOpen, reason, tx.Now})
	}
	return insertPatches(ctx, tx, rows)
}

type patchKind struct{}

// Prefix implements db.Kind.
func (patchKind) Prefix() string { return "px" }

// States of a patch.
const (
	patchOpen   = "open"   // it can be taken back
	patchUndone = "undone" // it was
	patchKept   = "kept"   // somebody changed since what it wrote, so it stays
)

// patch is what an import wrote of one patient within one chunk.
type patch struct {
	ID        db.ID[patchKind]
	PatientID patient.ID
	Fresh     bool
	Content   string
	State     string
	Reason    string
	At        clock.Instant
}

func (p patch) changes() (list []patient.RowChange, err error) {
	err = json.Unmarshal([]byte(p.Content), &list)
	return list, err
}

// judgeJournalled judges a record of an import that waited; what it writes belongs to the import and goes with it.
func (s *Service) judgeJournalled(ctx context.Context, tx *db.Tx, run RunID, feed string, r Record, d decision) (Outcome, error) {
	if run == 0 {
		return s.judge(ctx, tx, feed, r, d)
	}
	j := newJournal(run)
	o, err := s.judge(j.in(ctx), tx, feed, r, d)
	if err != nil {
		return o, err
	}
	return o, s.closeJournal(ctx, tx, j)
}
