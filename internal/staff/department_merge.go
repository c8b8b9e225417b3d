package staff

import (
	"context"
	"slices"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Merged is published when a department went into another.
type Merged struct {
	DepartmentID DepartmentID `json:"department_id"`
	IntoID       DepartmentID `json:"into_id"`
}

// FactName implements event.Fact.
func (Merged) FactName() string { return "staff.department_merged" }

// FactPatient implements event.Fact.
func (Merged) FactPatient() int64 { return 0 }

// MergeDepartment closes a department into another: its codes mean the other from now on, its staff and its lower departments move there,
// and who sees the other sees its patients. What happened under its name keeps that name. Errors: conflict for a department merged before,
// invalid for one below itself.
func (s *Service) MergeDepartment(ctx context.Context, id, into DepartmentID) error {
	if err := access.Need(ctx, PermDeptUpdate); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := findDepartment(ctx, tx, id)
		if err != nil {
			return err
		}
		to, err := findDepartment(ctx, tx, into)
		if err != nil {
			return err
		}
		if d.IntoID != 0 || to.IntoID != 0 || !to.Active {
			return fault.New(fault.Conflict, "staff.department.merged")
		}
		ds, err := listDepartments(ctx, tx)
		if err != nil {
			return err
		}
		if under, _ := below(ds, id); slices.Contains(under, int64(into)) {
			return fault.New(fault.Invalid, "staff.department.cycle").With("into_id", "staff.department.cycle")
		}
		if err := s.inherit(ctx, tx, ds, d, into); err != nil {
			return err
		}
		d.Active, d.Checked, d.IntoID, d.Version = false, true, into, d.Version+1
		if err := updateDepartment(ctx, tx, d); err != nil {
			return err
		}
		if err := s.Board.Publish(ctx, Merged{id, into}); err != nil {
			return err
		}
		return s.Trail.Append(ctx, trail.Entry{Action: "staff.department.merge", Entity: "department", EntityID: int64(id), Detail: map[string]any{"into_id": into}})
	})
}

// inherit moves what belongs to today: codes, staff, lower departments and what was merged here before.
func (s *Service) inherit(ctx context.Context, tx *db.Tx, ds []Department, d Department, into DepartmentID) error {
	if err := moveCodes(ctx, tx, d.ID, into); err != nil {
		return err
	}
	if err := moveStaff(ctx, tx, d.ID, into); err != nil {
		return err
	}
	for _, child := range ds {
		switch {
		case child.ParentID == d.ID && child.IntoID == 0:
			child.ParentID, child.Version = into, child.Version+1
			if err := updateDepartment(ctx, tx, child); err != nil {
				return err
			}
			if err := closeHistory(ctx, tx, child.ID); err != nil {
				return err
			}
			if err := openHistory(ctx, tx, child); err != nil {
				return err
			}
		case child.IntoID == d.ID:
			child.IntoID, child.Version = into, child.Version+1
			if err := updateDepartment(ctx, tx, child); err != nil {
				return err
			}
		}
	}
	return nil
}

// Names of departments over time.
type Names map[DepartmentID][]Past

// At is the name a department had at an instant; before the first known name that one, "" for a department nobody knows.
func (n Names) At(id DepartmentID, at clock.Instant) string {
	past := n[id]
	if len(past) == 0 {
		return ""
	}
	for _, p := range past {
		if p.ValidFrom <= at && (p.ValidTo == 0 || at < p.ValidTo) {
			return p.Name
		}
	}
	return past[0].Name
}

// PastNames gives the names of departments over time, for lists of what happened.
func (s *Service) PastNames(ctx context.Context, ids []DepartmentID) (Names, error) {
	return pastNames(ctx, s.DB.Read(ctx), ids)
}
