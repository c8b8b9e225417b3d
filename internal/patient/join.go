package patient

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"renxin/internal/platform/db"
)

// joining is one merge being carried out.
type joining struct {
	*journal
	tx       *db.Tx
	survivor ID
	replaced map[int64]int64 // rows that gave way to their double, by ID, and the row that stays
	moved    []movedRow
}

type movedRow struct {
	table Table
	row   Row // as it stands now
}

// join moves every declared table's rows and then the two patient rows themselves, and gives the number of rows journalled.
//
// Where both records hold the same row (one encounter told for both), one of the two gives way; whatever named it by its ID names the other
// from then on: IDs are unique over all tables, so a column that holds one can mean nothing else.
func (s *Service) join(ctx context.Context, tx *db.Tx, m merge) (int, error) {
	a, err := findPatient(ctx, tx, m.PatientID)
	if err != nil {
		return 0, err
	}
	b, err := findPatient(ctx, tx, m.LoserID)
	if err != nil {
		return 0, err
	}
	j := &joining{journal: &journal{merge: m.ID, patient: a.ID}, tx: tx, survivor: a.ID, replaced: map[int64]int64{}}
	for _, t := range s.moving() {
		if err := j.take(ctx, t, b.ID); err != nil {
			return 0, err
		}
	}
	if err := j.rename(ctx); err != nil {
		return 0, err
	}
	return j.seq, joinRows(ctx, tx, j.journal, a, b, m.take())
}

// moving lists the tables whose rows a merge moves; those whose unique keys name rows of another table come after it.
func (s *Service) moving() []Table {
	var first, last []Table
	for _, t := range s.tables {
		switch {
		case t.Rule != Move:
		case slices.ContainsFunc(t.clashing(), func(key []string) bool {
			return slices.ContainsFunc(key, func(c string) bool { return strings.HasSuffix(c, "_id") })
		}):
			last = append(last, t)
		default:
			first = append(first, t)
		}
	}
	return append(first, last...)
}

// clashing lists the unique keys that rows of two patients can share; a key of one id never is.
func (t Table) clashing() [][]string {
	if t.byID() {
		return t.Unique
	}
	return append([][]string{t.Key}, t.Unique...)
}

// byID: rows have an ID of their own.
func (t Table) byID() bool { return slices.Equal(t.Key, []string{"id"}) }

// take moves the loser's rows of one table to the survivor.
func (j *joining) take(ctx context.Context, t Table, loser ID) error {
	theirs, err := rowsWhere(ctx, j.tx, t.Name, Row{"patient_id": int64(loser)}, t.Key)
	if err != nil || len(theirs) == 0 {
		return err
	}
	ours, err := t.shelf(ctx, j.tx, j.survivor)
	if err != nil {
		return err
	}
	for _, was := range theirs {
		now := j.renamed(was).with("patient_id", int64(j.survivor))
		double := ours.find(now)
		if double == nil {
			err = j.move(ctx, t, was, now)
			ours.put(now)
		} else {
			err = j.settle(ctx, t, ours, double, was, now)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (j *joining) move(ctx context.Context, t Table, was, now Row) error {
	if err := setRow(ctx, j.tx, t.Name, t.where(was), t.changes(was, now)); err != nil {
		return err
	}
	j.moved = append(j.moved, movedRow{t, now})
	return j.write(ctx, j.tx, t.Name, was, now)
}

// changes are the columns in which two states of a row differ.
func (t Table) changes(was, now Row) Row {
	out := Row{}
	for c, v := range now {
		if was[c] != v {
			out[c] = v
		}
	}
	return out
}

// settle resolves a clash: the other row leaves the table for the journal, and the survivor's takes what the rule combines.
func (j *joining) settle(ctx context.Context, t Table, ours *shelf, mine, was, other Row) error {
	if err := deleteRow(ctx, j.tx, t.Name, t.where(was)); err != nil {
		return err
	}
	if err := j.write(ctx, j.tx, t.Name, was, nil); err != nil {
		return err
	}
	if t.byID() {
		j.replaced[number(was["id"])] = number(mine["id"])
	}
	if t.Combine == nil {
		return nil
	}
	now := t.Combine(mine, other)
	if now.text() == mine.text() {
		return nil
	}
	if err := setRow(ctx, j.tx, t.Name, t.where(mine), t.changes(mine, now)); err != nil {
		return err
	}
	ours.put(now)
	j.moved = append(j.moved, movedRow{t, now})
	return j.write(ctx, j.tx, t.Name, mine, now)
}

// renamed is the row with the IDs that gave way replaced.
func (j *joining) renamed(r Row) Row {
	out := r
	for c, v := range r {
		if n, ok := v.(int64); ok && c != "id" && c != "patient_id" && j.replaced[n] != 0 {
			out = out.with(c, j.replaced[n])
		}
	}
	return out
}

// rename goes over the rows moved before the rows they name gave way.
func (j *joining) rename(ctx context.Context) error {
	if len(j.replaced) == 0 {
		return nil
	}
	for _, m := range j.moved {
		now := j.renamed(m.row)
		changes := m.table.changes(m.row, now)
		if len(changes) == 0 {
			continue
		}
		if err := setRow(ctx, j.tx, m.table.Name, m.table.where(m.row), changes); err != nil {
			return err
		}
		if err := j.write(ctx, j.tx, m.table.Name, m.row, now); err != nil {
			return err
		}
	}
	return nil
}

// joinRows fills the survivor's empty fields from the other, takes the other's where somebody chose so, and points the other to it.
func joinRows(ctx context.Context, tx *db.Tx, j *journal, a, b Patient, take []string) error {
	ids := []ID{a.ID, b.ID}
	var old [2]Row
	for i, id := range ids {
		var err error
		if old[i], err = oneRow(ctx, tx, "patient_patient", Row{"id": int64(id)}); err != nil {
			return err
		}
	}
	fresh := filled(a, b, take)
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
	for i, id := range ids {
		now, err := oneRow(ctx, tx, "patient_patient", Row{"id": int64(id)})
		if err != nil {
			return err
		}
		if err := j.write(ctx, tx, "patient_patient", old[i], now); err != nil {
			return err
		}
	}
	return nil
}

// filled is the survivor with the other's values where its own are empty or where they were chosen.
func filled(a, b Patient, take []string) Patient {
	fresh := a
	for _, f := range fieldNames {
		chosen := slices.Contains(take, f)
		switch v := fieldOf(a, f); {
		case f == "owner_id" && (a.OwnerID == 0 || chosen):
			fresh.OwnerID = b.OwnerID
		case f == "department_id" && (a.DepartmentID == 0 || chosen):
			fresh.DepartmentID = b.DepartmentID
		case f == "owner_id", f == "department_id":
		case v == "", f == "sex" && v == "unknown", chosen:
			setField(&fresh, f, fieldOf(b, f))
		}
	}
	if fresh.Name != a.Name {
		fresh.Pinyin = b.Pinyin
	}
	return fresh
}

// shelf finds rows of one patient by the unique keys of their table.
type shelf struct {
	keys [][]string
	rows map[string]Row
}

func (t Table) shelf(ctx context.Context, tx *db.Tx, id ID) (*shelf, error) {
	s := &shelf{t.clashing(), map[string]Row{}}
	if len(s.keys) == 0 {
		return s, nil
	}
	rows, err := rowsWhere(ctx, tx, t.Name, Row{"patient_id": int64(id)}, t.Key)
	for _, r := range rows {
		s.put(r)
	}
	return s, err
}

func (s *shelf) put(r Row) {
	for _, key := range s.keys {
		if p := place(key, r); p != "" {
			s.rows[p] = r
		}
	}
}

func (s *shelf) find(r Row) Row {
	for _, key := range s.keys {
		if p := place(key, r); p != "" && s.rows[p] != nil {
			return s.rows[p]
		}
	}
	return nil
}

// place is a key's values as text, "" where one of them is null and the key therefore meets no other.
func place(key []string, r Row) string {
	var b strings.Builder
	for _, c := range key {
		if r[c] == nil {
			return ""
		}
		fmt.Fprintf(&b, "%s=%v\x00", c, r[c])
	}
	return b.String()
}
