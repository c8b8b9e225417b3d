package patient

import (
	"context"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// Relations of the house itself; the others that a person may be given are CareRoles.
const (
	RoleOwner   = "owner"   // responsible for the patient
	RoleCreator = "creator" // recorded the patient
	RoleShare   = "share"   // looks after the patient for a while
)

// CareRoles are what a person may be to a patient besides the owner, given by hand: attending doctor, follow-up nurse, consultant, who
// referred the patient, who answers for the unit (employer) the patient belongs to.
var CareRoles = []string{"attending", "nurse", "consultant", "referrer", "unit"}

// Access says that a staff member, a department or a site has to do with a patient. Scopes are answered from these rows.
type Access struct {
	Kind  string // staff, department, site
	Key   int64
	Role  string        // owner, creator, attending, nurse, encounter …; rows of several roles stand side by side
	Until clock.Instant // zero = no end
}

// Grant records an access, idempotently; a later or missing end extends an earlier one.
func (s *Service) Grant(ctx context.Context, id ID, a Access) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := resolve(ctx, tx, id)
		if err != nil || a.Key == 0 {
			return err
		}
		return grant(ctx, tx, id, a)
	})
}

// Revoke removes an access of one role.
func (s *Service) Revoke(ctx context.Context, id ID, a Access) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return revoke(ctx, tx, id, a) })
}

// Saw raises the instant of the patient's last encounter; an earlier one changes nothing.
func (s *Service) Saw(ctx context.Context, id ID, at clock.Instant) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return saw(ctx, tx, id, at) })
}

// since is the first instant a scope by days sees, zero without such a limit: midnight of the first of the last N days in the hospital's zone.
func (s *Service) since(sc access.Scope) clock.Instant {
	if sc.Days() <= 0 {
		return 0
	}
	c := s.DB.Clock()
	return c.On(c.Today().Add(1-sc.Days()), 0, 0)
}

// Visible returns a not_found fault unless the patient is in the caller's scope. A merged record is judged by its survivor.
func (s *Service) Visible(ctx context.Context, id ID) error {
	id, err := s.Resolve(ctx, id)
	if err != nil {
		return err
	}
	ids, err := s.VisibleIDs(ctx, []ID{id})
	if err == nil && len(ids) == 0 {
		err = db.Missing()
	}
	return err
}

// Standing follows merges to the record that stands now and checks that the caller sees it. Rooms ask it for every patient that a page, a
// fact or a stored row names, because the record may have been merged since. Errors: not_found when unknown or out of scope.
func (s *Service) Standing(ctx context.Context, id ID) (ID, error) {
	id, err := s.Resolve(ctx, id)
	if err != nil {
		return 0, err
	}
	return id, s.Visible(ctx, id)
}

// VisibleIDs keeps those of ids that the caller's scope sees, in the given order.
func (s *Service) VisibleIDs(ctx context.Context, ids []ID) ([]ID, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	seen, err := s.visible(ctx, ids)
	if err != nil {
		return nil, err
	}
	in := make(map[ID]bool, len(seen))
	for _, id := range seen {
		in[id] = true
	}
	var out []ID
	for _, id := range ids {
		if in[id] {
			out = append(out, id)
		}
	}
	return out, nil
}

// padded repeats the last element until the length is one of few sizes, so that lists of any length share a handful of prepared statements.
func padded[T any](xs []T) []T {
	n := 1
	for n < len(xs) {
		n *= 4
	}
	out := append(make([]T, 0, n), xs...)
	for len(out) < n && len(xs) > 0 {
		out = append(out, xs[len(xs)-1])
	}
	return out
}
