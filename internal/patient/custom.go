package patient

import (
	"context"

	"renxin/internal/attachment"
	"renxin/internal/field"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/trail"
)

// Fields gives a patient's custom fields that the caller's role sees. Errors: not_found outside the scope.
func (s *Service) Fields(ctx context.Context, id ID) (field.Values, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return nil, err
	}
	if err := s.Visible(ctx, id); err != nil {
		return nil, err
	}
	byID, err := s.Field.Of(ctx, field.Patient, []int64{int64(id)})
	if err != nil || byID[int64(id)] == nil {
		return field.Values{}, err
	}
	return byID[int64(id)], nil
}

// FieldsOf gives the custom fields of listed patients. The caller has already decided who may be seen.
func (s *Service) FieldsOf(ctx context.Context, ids []ID) (map[ID]field.Values, error) {
	if s.Field == nil {
		return nil, nil
	}
	keys := make([]int64, len(ids))
	for i, id := range ids {
		keys[i] = int64(id)
	}
	got, err := s.Field.Of(ctx, field.Patient, keys)
	out := make(map[ID]field.Values, len(got))
	for id, v := range got {
		out[ID(id)] = v
	}
	return out, err
}

// SetFields changes custom fields of a patient; fields not named stay. Version is the version of the patient that the editor saw. Errors:
// not_found outside the scope; invalid, naming each field as "fields.<id>"; conflict with the current patient as data when the version is
// stale.
func (s *Service) SetFields(ctx context.Context, id ID, version int64, in field.Values) (Detail, error) {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return Detail{}, err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.Visible(ctx, id); err != nil {
			return err
		}
		p, err := findPatient(ctx, tx, id)
		if err != nil {
			return err
		}
		if p.Version != version || p.MergedInto != 0 {
			now, err := s.detail(ctx, tx, id)
			if err != nil {
				return err
			}
			return db.Stale(now)
		}
		return s.writeFields(ctx, tx, id, in, false)
	})
	if err != nil {
		return Detail{}, err
	}
	return s.Find(ctx, id)
}

// writeFields stores values with the trail and the fact; whole demands every required field.
func (s *Service) writeFields(ctx context.Context, tx *db.Tx, id ID, in field.Values, whole bool) error {
	if s.Field == nil {
		return nil
	}
	changes, err := s.Field.Write(ctx, int64(id), in, whole)
	if err != nil || len(changes) == 0 {
		return err
	}
	if err := s.Trail.Append(ctx, trail.Entry{Action: "patient.field.update", Entity: "patient", EntityID: int64(id), PatientID: int64(id), Detail: map[string]any{"fields": changes}}); err != nil {
		return err
	}
	if err := touch(ctx, tx, id); err != nil {
		return err
	}
	return s.Board.Publish(ctx, Updated{id, []string{"fields"}})
}

// matches makes the conditions on custom fields ready.
func (s *Service) matches(ctx context.Context, cs []field.Condition) ([]field.Match, error) {
	var out []field.Match
	for _, c := range cs {
		m, err := s.Field.Match(ctx, c)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// Admit tells the attachments' room who may be seen; call it at wiring.
func (s *Service) Admit(a *attachment.Service) {
	a.Guard(func(ctx context.Context, patient int64) (int64, error) {
		id, err := s.Standing(ctx, ID(patient))
		return int64(id), err
	})
}
