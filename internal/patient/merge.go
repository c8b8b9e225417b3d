package patient

import (
	"context"
	"slices"

	"renxin/internal/identity"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Merge makes one patient of two: everything of the loser goes to the survivor, the loser's record points to it, and the journal keeps
// every row as it was. Errors: not_found outside the scope; conflict where one is merged already, or where two different valid identity
// cards say that they are two persons.
func (s *Service) Merge(ctx context.Context, survivor, loser ID, reason string) (MergeID, error) {
	if err := access.Need(ctx, PermMerge); err != nil {
		return 0, err
	}
	if survivor == loser {
		return 0, fault.New(fault.Invalid, "patient.merge.itself")
	}
	var m MergeID
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, id := range []ID{survivor, loser} {
			if err := s.Visible(ctx, id); err != nil {
				return err
			}
		}
		var err error
		m, err = s.merge(ctx, tx, survivor, loser, reason)
		return err
	})
	return m, err
}

func (s *Service) merge(ctx context.Context, tx *db.Tx, survivor, loser ID, reason string) (MergeID, error) {
	a, err := findPatient(ctx, tx, survivor)
	if err != nil {
		return 0, err
	}
	b, err := findPatient(ctx, tx, loser)
	if err != nil {
		return 0, err
	}
	if a.MergedInto != 0 || b.MergedInto != 0 {
		return 0, fault.New(fault.Conflict, "patient.merge.already")
	}
	if two, err := s.twoPersons(ctx, tx, a, b); err != nil || two {
		return 0, orElse(err, fault.New(fault.Conflict, "patient.merge.two_persons"))
	}
	m := db.New[mergeKind](s.DB)
	if err := insertMerge(ctx, tx, m, survivor, loser, reason, access.From(ctx).StaffID); err != nil {
		return 0, err
	}
	before, err := termsOf(ctx, tx, a)
	if err != nil {
		return 0, err
	}
	gone, err := termsOf(ctx, tx, b)
	if err != nil {
		return 0, err
	}
	j := &journal{merge: m, patient: survivor}
	if err := s.join(ctx, tx, j, a, b); err != nil {
		return 0, err
	}
	if err := reindex(ctx, tx, loser, gone); err != nil {
		return 0, err
	}
	if err := reindex(ctx, tx, survivor, before); err != nil {
		return 0, err
	}
	err = s.Trail.Append(ctx, trail.Entry{Action: "patient.patient.merge", Entity: "merge", EntityID: int64(m), PatientID: int64(survivor), Reason: reason, Detail: map[string]any{"from_id": loser, "rows": j.seq}})
	if err != nil {
		return 0, err
	}
	return m, s.Board.Publish(ctx, Merged{survivor, loser, m})
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// twoPersons reports the veto: both carry a valid identity card, and they differ.
func (s *Service) twoPersons(ctx context.Context, tx *db.Tx, a, b Patient) (bool, error) {
	rs, err := s.evidence(ctx, tx, []Patient{a, b})
	if err != nil || len(rs) < 2 {
		return false, err
	}
	x, y := rs[a.ID], rs[b.ID]
	return x.IDValid && y.IDValid && x.ID != y.ID, nil
}

// join moves every declared table's rows and then the two patient rows themselves.
func (s *Service) join(ctx context.Context, tx *db.Tx, j *journal, a, b Patient) error {
	for _, t := range s.tables {
		if t.Rule != Move {
			continue
		}
		if err := t.move(ctx, tx, j, a.ID, b.ID); err != nil {
			return err
		}
	}
	return joinRows(ctx, tx, j, a, b)
}

// joinRows fills the survivor's empty fields from the other and points the other to it.
func joinRows(ctx context.Context, tx *db.Tx, j *journal, a, b Patient) error {
	oldA, err := oneRow(ctx, tx, "patient_patient", Row{"id": int64(a.ID)})
	if err != nil {
		return err
	}
	oldB, err := oneRow(ctx, tx, "patient_patient", Row{"id": int64(b.ID)})
	if err != nil {
		return err
	}
	fresh := a
	for _, f := range fieldNames {
		if v := fieldOf(a, f); v == "" || v == string(identity.UnknownSex) {
			setField(&fresh, f, fieldOf(b, f))
		}
	}
	if fresh.OwnerID == 0 {
		fresh.OwnerID = b.OwnerID
	}
	if fresh.DepartmentID == 0 {
		fresh.DepartmentID = b.DepartmentID
	}
	fresh.MetAt, fresh.Version, fresh.UpdatedAt = max(a.MetAt, b.MetAt), a.Version+1, tx.Now
	if fresh.SeenAt = max(a.SeenAt, b.SeenAt); fresh.MetAt > 0 {
		fresh.SeenAt = fresh.MetAt
	}
	if err := updatePatient(ctx, tx, fresh, a.Version); err != nil {
		return err
	}
	if err := setMerged(ctx, tx, a.ID, fresh.MetAt, fresh.SeenAt, b.ID); err != nil {
		return err
	}
	for id, old := range map[ID]Row{a.ID: oldA, b.ID: oldB} {
		now, err := oneRow(ctx, tx, "patient_patient", Row{"id": int64(id)})
		if err != nil {
			return err
		}
		if err := j.write(ctx, tx, "patient_patient", old, now); err != nil {
			return err
		}
	}
	return nil
}

// move takes the loser's rows of one table to the survivor.
func (t Table) move(ctx context.Context, tx *db.Tx, j *journal, survivor, loser ID) error {
	theirs, err := rowsWhere(ctx, tx, t.Name, Row{"patient_id": int64(loser)}, t.Key)
	if err != nil || len(theirs) == 0 {
		return err
	}
	var ours []Row
	if keys := t.clashing(); len(keys) > 0 {
		if ours, err = rowsWhere(ctx, tx, t.Name, Row{"patient_id": int64(survivor)}, t.Key); err != nil {
			return err
		}
	}
	for _, r := range theirs {
		i := t.clash(ours, r)
		if i < 0 {
			if err := t.repoint(ctx, tx, j, r, survivor); err != nil {
				return err
			}
			continue
		}
		if ours[i], err = t.settle(ctx, tx, j, ours[i], r); err != nil {
			return err
		}
	}
	return nil
}

// clashing lists the unique keys that rows of two patients can share; a key of one id never is.
func (t Table) clashing() [][]string {
	keys := t.Unique
	if !slices.Equal(t.Key, []string{"id"}) {
		keys = append([][]string{t.Key}, keys...)
	}
	return keys
}

func (t Table) clash(ours []Row, r Row) int {
	for i, o := range ours {
		for _, key := range t.clashing() {
			if !slices.ContainsFunc(key, func(c string) bool { return o[c] == nil || o[c] != r[c] }) {
				return i
			}
		}
	}
	return -1
}

func (t Table) repoint(ctx context.Context, tx *db.Tx, j *journal, r Row, to ID) error {
	now := r.with("patient_id", int64(to))
	if err := setRow(ctx, tx, t.Name, t.where(r), Row{"patient_id": int64(to)}); err != nil {
		return err
	}
	return j.write(ctx, tx, t.Name, r, now)
}

// settle resolves a clash: the other row leaves the table for the journal, and the survivor's takes what the rule combines.
func (t Table) settle(ctx context.Context, tx *db.Tx, j *journal, ours, other Row) (Row, error) {
	if err := deleteRow(ctx, tx, t.Name, t.where(other)); err != nil {
		return ours, err
	}
	if err := j.write(ctx, tx, t.Name, other, nil); err != nil {
		return ours, err
	}
	if t.Combine == nil {
		return ours, nil
	}
	now := t.Combine(ours, other)
	if now.text() == ours.text() {
		return ours, nil
	}
	if err := setRow(ctx, tx, t.Name, t.where(ours), now); err != nil {
		return ours, err
	}
	return now, j.write(ctx, tx, t.Name, ours, now)
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

// Undone tells what an unmerge could not give back by itself.
type Undone struct {
	Kept map[string]int `json:"kept"` // rows per table that came after the merge and stayed with the survivor
}

// Unmerge gives the two records back as they were at the merge. Rows changed since keep their later content; rows made since stay with
// the survivor and are counted. Errors: conflict when undone already, or when a later merge of one of them must be undone first.
func (s *Service) Unmerge(ctx context.Context, id MergeID) (Undone, error) {
	out := Undone{Kept: map[string]int{}}
	if err := access.Need(ctx, PermMerge); err != nil {
		return out, err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
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
		if later, err := laterMerge(ctx, tx, m); err != nil || later {
			return orElse(err, fault.New(fault.Conflict, "patient.merge.later_first"))
		}
		return s.unmerge(ctx, tx, m, out)
	})
	return out, err
}

func (s *Service) unmerge(ctx context.Context, tx *db.Tx, m merge, out Undone) error {
	a, err := findPatient(ctx, tx, m.PatientID)
	if err != nil {
		return err
	}
	before, err := termsOf(ctx, tx, a)
	if err != nil {
		return err
	}
	if err := s.restore(ctx, tx, m); err != nil {
		return err
	}
	if err := reindex(ctx, tx, m.PatientID, before); err != nil {
		return err
	}
	if err := reindex(ctx, tx, m.LoserID, nil); err != nil {
		return err
	}
	for _, t := range s.tables {
		if t.Rule == Move && slices.Equal(t.Key, []string{"id"}) {
			n, err := countAfter(ctx, tx, t.Name, m)
			if err != nil {
				return err
			}
			if n > 0 {
				out.Kept[t.Name] = n
			}
		}
	}
	if err := closeMerge(ctx, tx, m.ID, access.From(ctx).StaffID); err != nil {
		return err
	}
	if err := s.Trail.Append(ctx, trail.Entry{Action: "patient.patient.unmerge", Entity: "merge", EntityID: int64(m.ID), PatientID: int64(m.PatientID), Detail: map[string]any{"from_id": m.LoserID}}); err != nil {
		return err
	}
	return s.Board.Publish(ctx, Unmerged{m.PatientID, m.LoserID, m.ID})
}

// restore walks the journal backwards.
func (s *Service) restore(ctx context.Context, tx *db.Tx, m merge) error {
	lines, err := journalOf(ctx, tx, m)
	if err != nil {
		return err
	}
	for _, l := range lines {
		t := s.table(l.TableName)
		was, now, err := l.rows()
		if err != nil {
			return err
		}
		if err := t.undo(ctx, tx, was, now); err != nil {
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

type merge struct {
	ID        MergeID
	PatientID ID
	LoserID   ID
	Reason    string
	MergedAt  clock.Instant
	UndoneAt  clock.Instant
}
