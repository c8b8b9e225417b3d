package intake

import (
	"context"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
)

// Editor is a Reader whose records can be put right part by part, as the sender wrote them.
type Editor interface {
	// Parts lists the parts of one record, at most some hundreds.
	Parts(raw []byte, charset string) []Part
	// Edit writes new values into parts, by place. A place that is not there is an invalid fault.
	Edit(raw []byte, charset string, values map[string]string) ([]byte, error)
}

// Part is one field of a message as sent.
type Part struct {
	Place    string // "2/PID-3": second segment, third field
	Value    string
	Personal bool // tells something of a person: hidden until it is revealed
	Hidden   bool // Value was left out
}

// hide leaves the values of personal parts out.
func hide(parts []Part) []Part {
	out := make([]Part, len(parts))
	for i, p := range parts {
		if out[i] = p; p.Personal && p.Value != "" {
			out[i].Value, out[i].Hidden = "", true
		}
	}
	return out
}

// parts takes a record apart, as mended where it was.
func (s *Service) parts(m Message, mended string) []Part {
	e, ok := s.Readers[formatOf(m.Bytes())].(Editor)
	if !ok || m.Raw == "" || table(Record{Type: m.Type}) {
		return nil
	}
	raw := m.Bytes()
	if mended != "" {
		raw = []byte(mended)
	}
	return e.Parts(raw, m.Charset)
}

// Mend writes new values into parts of an open message (see Part.Place) and judges it again. What was received is kept.
func (s *Service) Mend(ctx context.Context, id RecordID, values map[string]string) (Message, error) {
	return s.again(ctx, id, "intake.record.mend", decision{}, func(r *Record) error {
		e, ok := s.Readers[formatOf(r.Raw)].(Editor)
		if !ok || len(values) == 0 {
			return fault.New(fault.Invalid, "intake.repair.invalid")
		}
		raw := r.Raw
		if r.Mended != "" {
			raw = []byte(r.Mended)
		}
		edited, err := e.Edit(raw, "", values)
		if err != nil {
			return err
		}
		reading, err := s.openAs(ctx, formatOf(edited), edited, ReadOptions{})
		if err != nil {
			return err
		}
		for fresh := range reading.Records {
			fresh.Ref, fresh.Raw, fresh.Mended = r.Ref, r.Raw, string(edited)
			*r = fresh
			return nil
		}
		return fault.New(fault.Invalid, "intake.file.empty")
	})
}

// maxReason is how long the reason for putting a record aside may be, in characters.
const maxReason = 200

// Discard puts an open record aside for good, with a reason. Its bytes stay as long as those of any settled record.
func (s *Service) Discard(ctx context.Context, id RecordID, reason string) error {
	if err := access.Need(ctx, PermRepair); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	if reason == "" || utf8.RuneCountInString(reason) > maxReason {
		return fault.New(fault.Invalid, "intake.record.no_reason").With("reason", "intake.record.no_reason")
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, err := findMessage(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.visible(ctx, m); err != nil {
			return err
		}
		if m.Verdict != Review && m.Verdict != Rejected || m.UndoneAt != 0 {
			return fault.New(fault.Conflict, "intake.record.settled")
		}
		if err := discardMessage(ctx, tx, m, reason, access.From(ctx).StaffID); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "intake.record.discard", Entity: "record", EntityID: int64(id), PatientID: int64(m.PatientID), Reason: reason})
	})
}

// Sweep is a deed on many open records.
type Sweep struct {
	Records []RecordID // those; none = all that the filter leaves
	Filter  RecordFilter
	Discard bool // put aside with Reason; else judge again
	Reason  string
}

const jobSweep = "intake.sweep"

type sweepPayload struct {
	Sweep
	StaffID int64
	Actor   string
}

func (s *Service) registerSweep() {
	s.Jobs.Register(job.Kind{Name: jobSweep, Lease: 2 * time.Minute, MaxTries: 3}, s.sweepJob)
}

// Sweep judges many open records again, or puts them aside; a job does the work. Records of which the caller may not see the patient
// cannot be told apart here, so the scope must have no limit.
func (s *Service) Sweep(ctx context.Context, w Sweep) (jobID int64, err error) {
	if err := access.Need(ctx, PermRepair); err != nil {
		return 0, err
	}
	if !everything(ctx) {
		return 0, fault.New(fault.Forbidden, "intake.record.scope")
	}
	if w.Filter.Verdict != Rejected && w.Filter.Verdict != Review {
		return 0, fault.New(fault.Invalid, "intake.repair.invalid").With("verdict", "intake.repair.invalid")
	}
	w.Reason = strings.TrimSpace(w.Reason)
	if w.Discard && (w.Reason == "" || utf8.RuneCountInString(w.Reason) > maxReason) {
		return 0, fault.New(fault.Invalid, "intake.record.no_reason").With("reason", "intake.record.no_reason")
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		who := access.From(ctx)
		if jobID, err = s.Jobs.Enqueue(ctx, jobSweep, sweepPayload{w, who.StaffID, who.Name}, job.Option{}); err != nil {
			return err
		}
		action := "intake.record.rerun_many"
		if w.Discard {
			action = "intake.record.discard_many"
		}
		return s.Trail.Append(ctx, trail.Entry{Action: action, Entity: "feed", EntityID: int64(w.Filter.FeedID), Reason: w.Reason,
			Detail: map[string]any{"verdict": w.Filter.Verdict, "code": w.Filter.Code, "records": len(w.Records)}})
	})
	return jobID, err
}

// sweepJob goes through the open records from the oldest on, so that a message is judged before one that builds on it.
func (s *Service) sweepJob(ctx context.Context, j *job.Run) error {
	var p sweepPayload
	if err := j.Into(&p); err != nil {
		return err
	}
	list := p.Records
	if len(list) == 0 {
		var err error
		if list, err = openRecords(ctx, s.DB.Read(ctx), p.Filter); err != nil {
			return err
		}
	}
	for i, id := range list {
		if err := ctx.Err(); err != nil {
			return err
		}
		var err error
		if p.Discard {
			err = s.Discard(ctx, id, p.Reason)
		} else {
			_, err = s.Rerun(ctx, id)
		}
		if err != nil && fault.CodeOf(err) == fault.Internal {
			return err
		}
		if i%20 == 0 || i == len(list)-1 {
			if err := j.Progress(ctx, i+1, len(list), ""); err != nil {
				slog.Warn("sweep progress not stored", "error", err)
			}
			if j.Cancelled(ctx) {
				return job.ErrCancelled
			}
		}
	}
	return nil
}

// Reasons counts the open records of a verdict by their reason, the most frequent first.
func (s *Service) Reasons(ctx context.Context, f RecordFilter) ([]ReasonCount, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return nil, err
	}
	if !everything(ctx) {
		return []ReasonCount{}, nil
	}
	return countReasons(ctx, s.DB.Read(ctx), f)
}

// ReasonCount is how many open records have one reason.
type ReasonCount struct {
	Code string
	N    int
}
