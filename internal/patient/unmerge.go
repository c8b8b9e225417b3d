package patient

import (
	"context"
	"slices"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Undone tells where rows went that came after the merge.
type Undone struct {
	Kept     map[string]int `json:"kept"`     // rows per table of which nothing says whose they are: they stayed with the survivor
	Followed map[string]int `json:"followed"` // rows per table that went to the other record, by their number or by what they belong to
	Rows     []KeptRow      `json:"rows"`     // those kept, the newest first, at most 200
}

// KeptRow is a row that stayed with the survivor and that a person should look at.
type KeptRow struct {
	Table string        `json:"table"`
	At    clock.Instant `json:"at"` // when it was made
}

// keptShown bounds the list of kept rows.
const keptShown = 200

// Unmerge gives the two records back as they were at the merge. Rows changed since keep their later content. Rows made since follow the
// number under which they came, the row they belong to or the telephone they name; the rest stays with the survivor and is listed.
// Merges may be undone in any order: later ones that touched the records are taken back first and carried out anew behind.
// Errors: not_found outside the scope, conflict when undone already.
func (s *Service) Unmerge(ctx context.Context, id MergeID) (Undone, error) {
	var out Undone
	if err := access.Need(ctx, PermMerge); err != nil {
		return out, err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		out = Undone{Kept: map[string]int{}, Followed: map[string]int{}, Rows: []KeptRow{}}
		m, err := findMerge(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.Visible(ctx, m.PatientID); err != nil {
			return err
		}
		if m.UndoneAt != 0 {
			return fault.New(fault.Conflict, "patient.merge.undone")
		}
		if err := s.unmerge(ctx, tx, m, &out); err != nil {
			return err
		}
		if err := closeMerge(ctx, tx, m.ID, access.From(ctx).StaffID); err != nil {
			return err
		}
		if err := s.Trail.Append(ctx, trail.Entry{Action: "patient.patient.unmerge", Entity: "merge", EntityID: int64(m.ID), PatientID: int64(m.PatientID), Detail: map[string]any{"from_id": m.LoserID, "kept": out.Kept, "followed": out.Followed}}); err != nil {
			return err
		}
		return s.Board.Publish(ctx, Unmerged{m.PatientID, m.LoserID, m.ID})
	})
	slices.SortFunc(out.Rows, func(a, b KeptRow) int { return int(b.At - a.At) })
	out.Rows = out.Rows[:min(len(out.Rows), keptShown)]
	return out, err
}

// unmerge takes back the later merges, the newest first, then m, and carries the later ones out anew.
func (s *Service) unmerge(ctx context.Context, tx *db.Tx, m merge, out *Undone) error {
	later, ids, err := chain(ctx, tx, m)
	if err != nil {
		return err
	}
	return searchable(ctx, tx, ids, func() error {
		for _, l := range slices.Backward(append([]merge{m}, later...)) {
			if err := s.restore(ctx, tx, l); err != nil {
				return err
			}
			if err := s.part(ctx, tx, l, out); err != nil {
				return err
			}
		}
		for _, l := range later {
			if err := forgetJournal(ctx, tx, l); err != nil {
				return err
			}
			if _, err := s.join(ctx, tx, l); err != nil {
				return err
			}
		}
		return nil
	})
}

// chain lists the later merges that stand on m, the oldest first, and every record that they and m concern.
func chain(ctx context.Context, tx *db.Tx, m merge) (later []merge, ids []ID, err error) {
	ids = []ID{m.PatientID, m.LoserID}
	for {
		n := len(ids)
		if later, err = laterMerges(ctx, tx, m.ID, ids); err != nil {
			return nil, nil, err
		}
		for _, l := range later {
			ids = append(ids, l.PatientID, l.LoserID)
		}
		if ids = unique64(ids); len(ids) == n {
			return later, ids, nil
		}
	}
}

// restore walks the journal backwards.
func (s *Service) restore(ctx context.Context, tx *db.Tx, m merge) error {
	lines, err := journalOf(ctx, tx, m)
	if err != nil {
		return err
	}
	for _, l := range lines {
		was, now, err := l.rows()
		if err != nil {
			return err
		}
		if err := s.table(l.TableName).undo(ctx, tx, was, now); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) table(name string) Table {
	for _, t := range s.tables {
		if t.Name == name {
			return t
		}
	}
	return Table{Name: name, Key: []string{"id"}}
}

// where identifies a row.
func (t Table) where(r Row) Row {
	w := Row{"patient_id": r["patient_id"]}
	if t.Name == "patient_patient" {
		w = Row{}
	}
	for _, c := range t.Key {
		w[c] = r[c]
	}
	return w
}

// undo puts one row back; columns that changed since the merge keep their later value, but for whose row it is.
func (t Table) undo(ctx context.Context, tx *db.Tx, was, now Row) error {
	if now == nil {
		return insertRow(ctx, tx, t.Name, was)
	}
	rows, err := rowsWhere(ctx, tx, t.Name, t.where(now), nil)
	if err != nil || len(rows) == 0 {
		return err
	}
	back := Row{}
	for c, v := range was {
		if rows[0][c] == now[c] && v != now[c] {
			back[c] = v
		}
	}
	if len(back) == 0 {
		return nil
	}
	return setRow(ctx, tx, t.Name, t.where(now), back)
}
