package setting

import (
	"context"
	"slices"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
)

// mergeChunk is how many rows one transaction of a merge re-points.
const mergeChunk = 2000

// Use is a column that holds codes of a dictionary. Its own room writes it, so it hands over how.
type Use struct {
	Dictionary string
	Place      string // table.column
	// Count tells how many rows hold a code, looking at no more than limit.
	Count func(ctx context.Context, code string, limit int) (int, error)
	// Move turns one code into another in at most limit rows and names those rows; none left gives no keys. Where a row with the new code stands
	// already, the old row may go.
	Move func(ctx context.Context, from, into string, limit int) (keys []string, err error)
	// Back turns the named rows from one code to another, but for those that changed since.
	Back func(ctx context.Context, from, into string, keys []string) error
}

// Uses declares columns at wiring. A place declared twice is a programming error.
func (s *Service) Uses(uses ...Use) {
	for _, u := range uses {
		if slices.ContainsFunc(s.uses, func(x Use) bool { return x.Place == u.Place }) {
			panic("setting: used twice: " + u.Place)
		}
		s.uses = append(s.uses, u)
	}
}

// Work lets merges run as jobs; call it at wiring.
func (s *Service) Work(j *job.Runner) {
	s.jobs = j
	j.Register(job.Kind{Name: "setting.merge", MaxTries: 20}, func(ctx context.Context, run *job.Run) error {
		var p struct {
			Merge EntryMergeID `json:"merge"`
		}
		if err := run.Into(&p); err != nil {
			return err
		}
		return s.carryMerge(ctx, p.Merge)
	})
}

// EntryMerge is one merge of two words of a dictionary.
type EntryMerge struct {
	ID         EntryMergeID  `json:"id"`
	Dictionary string        `json:"dictionary"`
	FromCode   string        `json:"from_code"`
	IntoCode   string        `json:"into_code"`
	State      string        `json:"state"` // running, done, undoing, undone
	Moved      int64         `json:"moved"` // rows re-pointed so far
	ByName     string        `json:"by_name"`
	At         clock.Instant `json:"at"`
	UndoneAt   clock.Instant `json:"undone_at"`
}

// Usage tells how many records hold a code, per place, exact up to db.CountCap.
func (s *Service) Usage(ctx context.Context, dictionary, code string) (map[string]db.Total, error) {
	if err := access.Need(ctx, PermDictionary); err != nil {
		return nil, err
	}
	out := map[string]db.Total{}
	for _, u := range s.uses {
		if u.Dictionary != dictionary {
			continue
		}
		n, err := u.Count(ctx, code, db.CountCap+1)
		if err != nil {
			return nil, err
		}
		out[u.Place] = db.Capped(n)
	}
	return out, nil
}

// MergeEntries lets one word take the place of another: pickers and labels follow at once, a job re-points every record that holds the old code,
// and the journal can turn it back. Errors: not_found; conflict when one is merged already or is the other's parent.
func (s *Service) MergeEntries(ctx context.Context, dictionary, from, into string) (EntryMerge, error) {
	var m EntryMerge
	if err := access.Need(ctx, PermDictionary); err != nil {
		return m, err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := entryByCode(ctx, tx, dictionary, from)
		if err != nil {
			return err
		}
		b, err := entryByCode(ctx, tx, dictionary, into)
		if err != nil {
			return err
		}
		if a.MergedInto != "" || b.MergedInto != "" || a.Code == b.Code || b.Parent == a.Code {
			return fault.New(fault.Conflict, "setting.entry.cannot_merge")
		}
		a.MergedInto, a.Version, a.UpdatedAt = b.Code, a.Version+1, tx.Now
		if err := updateEntry(ctx, tx, a); err != nil {
			return err
		}
		if err := follow(ctx, tx, dictionary, from, into); err != nil {
			return err
		}
		top := b.Code
		if b.Parent != "" {
			top = b.Parent
		}
		if err := adopt(ctx, tx, dictionary, from, top); err != nil {
			return err
		}
		m = EntryMerge{ID: db.New[mergeKind](s.DB), Dictionary: dictionary, FromCode: from, IntoCode: into, State: "running", ByName: access.From(ctx).Name, At: tx.Now}
		if err := insertMerge(ctx, tx, m); err != nil {
			return err
		}
		if _, err := s.jobs.Enqueue(ctx, "setting.merge", map[string]any{"merge": m.ID}, job.Option{}); err != nil {
			return err
		}
		return s.tellEntry(ctx, "setting.dictionary.merge", a, map[string]any{"into": into})
	})
	return m, err
}

// UndoMerge turns a merge back: the word stands again, and a job gives the re-pointed records their old code, but for those that changed since.
// Errors: not_found; conflict while the merge is still running or undone already.
func (s *Service) UndoMerge(ctx context.Context, id EntryMergeID) error {
	if err := access.Need(ctx, PermDictionary); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, err := findMerge(ctx, tx, id)
		if err != nil {
			return err
		}
		e, err := entryByCode(ctx, tx, m.Dictionary, m.FromCode)
		if err != nil {
			return err
		}
		if m.State != "done" || e.MergedInto != m.IntoCode {
			return fault.New(fault.Conflict, "setting.entry.cannot_undo")
		}
		e.MergedInto, e.Version, e.UpdatedAt = "", e.Version+1, tx.Now
		if err := updateEntry(ctx, tx, e); err != nil {
			return err
		}
		m.State = "undoing"
		if err := setMerge(ctx, tx, m); err != nil {
			return err
		}
		if _, err := s.jobs.Enqueue(ctx, "setting.merge", map[string]any{"merge": m.ID}, job.Option{}); err != nil {
			return err
		}
		return s.tellEntry(ctx, "setting.dictionary.unmerge", e, map[string]any{"into": m.IntoCode})
	})
}

// Merges lists the merges of a dictionary, newest first.
func (s *Service) Merges(ctx context.Context, dictionary string) ([]EntryMerge, error) {
	if err := access.Need(ctx, PermDictionary); err != nil {
		return nil, err
	}
	return listMerges(ctx, s.DB.Read(ctx), dictionary)
}

// carryMerge re-points or turns back chunk by chunk; each chunk commits with its journal, so that a crash goes on where it stopped.
func (s *Service) carryMerge(ctx context.Context, id EntryMergeID) error {
	for _, u := range s.uses {
		for more := true; more; {
			err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
				m, err := findMerge(ctx, tx, id)
				more = false
				if err != nil || m.Dictionary != u.Dictionary {
					return err
				}
				switch m.State {
				case "running":
					more, err = s.forth(ctx, tx, u, m)
				case "undoing":
					more, err = s.back(ctx, tx, u, m)
				}
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, err := findMerge(ctx, tx, id)
		if err != nil {
			return err
		}
		switch m.State {
		case "running":
			m.State = "done"
		case "undoing":
			m.State, m.UndoneAt = "undone", tx.Now
		}
		return setMerge(ctx, tx, m)
	})
}

func (s *Service) forth(ctx context.Context, tx *db.Tx, u Use, m EntryMerge) (bool, error) {
	keys, err := u.Move(ctx, m.FromCode, m.IntoCode, mergeChunk)
	if err != nil || len(keys) == 0 {
		return false, err
	}
	if err := journalMoved(ctx, tx, m.ID, u.Place, keys); err != nil {
		return false, err
	}
	m.Moved += int64(len(keys))
	return true, setMerge(ctx, tx, m)
}

func (s *Service) back(ctx context.Context, tx *db.Tx, u Use, m EntryMerge) (bool, error) {
	keys, err := movedRows(ctx, tx, m.ID, u.Place, mergeChunk)
	if err != nil || len(keys) == 0 {
		return false, err
	}
	if err := u.Back(ctx, m.IntoCode, m.FromCode, keys); err != nil {
		return false, err
	}
	return true, forgetMoved(ctx, tx, m.ID, u.Place, keys)
}
