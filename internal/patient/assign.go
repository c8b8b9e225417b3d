package patient

import (
	"context"
	"slices"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
)

// Carer is an access as a page shows it: who has it, who gave it and when.
type Carer struct {
	Kind  string
	Key   int64
	Role  string
	Until clock.Instant // zero = no end
	ByID  int64         // staff.ID of who gave it, 0 where a feed or a rule did
	At    clock.Instant // zero where nobody wrote it down
}

// ByHand reports a relation that a person may take away again; the others follow from visits and tasks.
func (r Carer) ByHand() bool {
	return r.Role == RoleOwner || r.Role == RoleShare || slices.Contains(CareRoles, r.Role)
}

// AccessChanged is published when a person gave or took an access to a patient.
type AccessChanged struct {
	PatientID ID            `json:"patient_id"`
	Kind      string        `json:"kind"` // staff, department, site
	Key       int64         `json:"key"`
	Role      string        `json:"role"`
	Until     clock.Instant `json:"until"`
	Ended     bool          `json:"ended"`
}

// FactName implements event.Fact.
func (AccessChanged) FactName() string { return "patient.access_changed" }

// FactPatient implements event.Fact.
func (f AccessChanged) FactPatient() int64 { return int64(f.PatientID) }

// longestShare bounds a share: what lasts longer is a relation.
const longestShare = 366 * 24 * time.Hour

// Carers lists who has to do with a patient now, owners first. Errors: not_found outside the caller's scope.
func (s *Service) Carers(ctx context.Context, id ID) ([]Carer, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return nil, err
	}
	id, err := s.Standing(ctx, id)
	if err != nil {
		return nil, err
	}
	return carersOf(ctx, s.DB.Read(ctx), id, s.DB.Clock().Now())
}

// Assign gives a colleague, a department or a site a relation to a patient; giving it again moves its end. Role is owner, one of CareRoles,
// or share, which needs an end within a year. Errors: not_found outside the scope; invalid with the wrong fields.
func (s *Service) Assign(ctx context.Context, id ID, a Access) error {
	if err := access.Need(ctx, permFor(a.Role)); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := s.Standing(ctx, id)
		if err != nil {
			return err
		}
		if err := checkAssign(ctx, tx, a); err != nil {
			return err
		}
		if a.Role == RoleOwner {
			return s.entrust(ctx, tx, id, a)
		}
		if err := assign(ctx, tx, id, a, access.From(ctx).StaffID); err != nil {
			return err
		}
		return s.tellAccess(ctx, "patient.access.assign", id, a, false)
	})
}

func permFor(role string) access.Permission {
	if role == RoleShare {
		return PermShare
	}
	return PermAssign
}

func checkAssign(ctx context.Context, tx *db.Tx, a Access) error {
	f := fault.New(fault.Invalid, "patient.access.invalid")
	if a.Role != RoleOwner && a.Role != RoleShare && !slices.Contains(CareRoles, a.Role) {
		f.With("role", "patient.access.role")
	}
	if a.Role == RoleShare && (a.Until <= tx.Now || a.Until > tx.Now.Add(longestShare)) || a.Until != 0 && a.Until <= tx.Now {
		f.With("until", "patient.access.until")
	}
	if a.Role == RoleOwner && (a.Kind == "site" || a.Until != 0) {
		f.With("kind", "patient.access.owner_kind")
	}
	ok, err := receiver(ctx, tx, a.Kind, a.Key)
	if err != nil {
		return err
	}
	if !ok {
		f.With("key", "patient.access.receiver")
	}
	return f.Or()
}

// entrust makes a colleague or a department responsible; there is one of each.
func (s *Service) entrust(ctx context.Context, tx *db.Tx, id ID, a Access) error {
	old, err := findPatient(ctx, tx, id)
	if err != nil {
		return err
	}
	fresh := old
	if a.Kind == "staff" {
		fresh.OwnerID = a.Key
	} else {
		fresh.DepartmentID = a.Key
	}
	return s.save(ctx, tx, old, fresh, true)
}

// Release ends a relation that was given by hand. Who shared a patient may end that share; everything else needs the right to assign.
func (s *Service) Release(ctx context.Context, id ID, a Access) error {
	if err := access.Need(ctx, permFor(a.Role)); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := s.Standing(ctx, id)
		if err != nil {
			return err
		}
		rs, err := carersOf(ctx, tx, id, tx.Now)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(rs, func(r Carer) bool { return r.Kind == a.Kind && r.Key == a.Key && r.Role == a.Role })
		if at < 0 || !rs[at].ByHand() {
			return db.Missing()
		}
		if me := access.From(ctx); a.Role == RoleShare && rs[at].ByID != me.StaffID && !me.Can(PermAssign) {
			return access.Need(ctx, PermAssign)
		}
		if a.Role == RoleOwner {
			return s.entrust(ctx, tx, id, Access{Kind: a.Kind})
		}
		if err := revoke(ctx, tx, id, a); err != nil {
			return err
		}
		return s.tellAccess(ctx, "patient.access.release", id, a, true)
	})
}

func (s *Service) tellAccess(ctx context.Context, action string, id ID, a Access, ended bool) error {
	detail := map[string]any{"kind": a.Kind, "key": a.Key, "role": a.Role, "until": a.Until}
	if err := s.Trail.Append(ctx, trail.Entry{Action: action, Entity: "patient", EntityID: int64(id), PatientID: int64(id), Detail: detail}); err != nil {
		return err
	}
	return s.Board.Publish(ctx, AccessChanged{id, a.Kind, a.Key, a.Role, a.Until, ended})
}
