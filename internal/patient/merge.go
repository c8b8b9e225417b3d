package patient

import (
	"context"
	"slices"
	"strings"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Merge makes one patient of two: everything of the loser goes to the survivor, the loser's record points to it, and the journal keeps
// every row as it was. take names fields ("name", "birth_date", "owner_id" …) in which the loser's value survives; elsewhere the survivor's
// does, and the loser's fills its gaps. Errors: not_found outside the scope; conflict where one is merged already, or where two different
// valid identity cards say that they are two persons; invalid for an unknown field.
func (s *Service) Merge(ctx context.Context, survivor, loser ID, reason string, take ...string) (MergeID, error) {
	if err := access.Need(ctx, PermMerge); err != nil {
		return 0, err
	}
	if survivor == loser {
		return 0, fault.New(fault.Invalid, "patient.merge.itself")
	}
	for _, f := range take {
		if !slices.Contains(fieldNames, f) {
			return 0, fault.New(fault.Invalid, "patient.merge.field", "field", f)
		}
	}
	var m MergeID
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, id := range []ID{survivor, loser} {
			if err := s.Visible(ctx, id); err != nil {
				return err
			}
		}
		var err error
		m, err = s.merge(ctx, tx, survivor, loser, reason, take)
		return err
	})
	return m, err
}

func (s *Service) merge(ctx context.Context, tx *db.Tx, survivor, loser ID, reason string, take []string) (MergeID, error) {
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
	m := merge{ID: db.New[mergeKind](s.DB), PatientID: survivor, LoserID: loser, Reason: reason, Chosen: strings.Join(take, " ")}
	if err := insertMerge(ctx, tx, m, access.From(ctx).StaffID); err != nil {
		return 0, err
	}
	rows := 0
	err = searchable(ctx, tx, []ID{survivor, loser}, func() error {
		rows, err = s.join(ctx, tx, m)
		return err
	})
	if err != nil {
		return 0, err
	}
	err = s.Trail.Append(ctx, trail.Entry{Action: "patient.patient.merge", Entity: "merge", EntityID: int64(m.ID), PatientID: int64(survivor), Reason: reason, Detail: map[string]any{"from_id": loser, "rows": rows, "chosen": take}})
	if err != nil {
		return 0, err
	}
	return m.ID, s.Board.Publish(ctx, Merged{survivor, loser, m.ID})
}

// searchable keeps the search terms of records right that fn changes.
func searchable(ctx context.Context, tx *db.Tx, ids []ID, fn func() error) error {
	before := make([][]string, len(ids))
	for i, id := range ids {
		p, err := findPatient(ctx, tx, id)
		if err != nil {
			return err
		}
		if p.MergedInto != 0 {
			continue
		}
		if before[i], err = termsOf(ctx, tx, p); err != nil {
			return err
		}
	}
	if err := fn(); err != nil {
		return err
	}
	for i, id := range ids {
		if err := reindex(ctx, tx, id, before[i]); err != nil {
			return err
		}
	}
	return nil
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

type merge struct {
	ID        MergeID
	PatientID ID
	LoserID   ID
	Reason    string
	Chosen    string
	MergedAt  clock.Instant
	UndoneAt  clock.Instant
}

// take lists the fields in which the loser's value was chosen.
func (m merge) take() []string { return strings.Fields(m.Chosen) }
