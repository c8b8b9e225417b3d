package patient

import (
	"context"

	"renxin/internal/identity"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// Find gives one patient with the address masked, and records that the caller looked. Errors: not_found when absent or outside the caller's scope. A merged record is
// found as itself, with MergedInto.
func (s *Service) Find(ctx context.Context, id ID) (Detail, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return Detail{}, err
	}
	if err := s.Visible(ctx, id); err != nil {
		return Detail{}, err
	}
	if err := s.look(ctx, id); err != nil {
		return Detail{}, err
	}
	return s.detail(ctx, s.DB.Read(ctx), id)
}

// detail loads and masks.
func (s *Service) detail(ctx context.Context, tx *db.Tx, id ID) (Detail, error) {
	p, err := findPatient(ctx, tx, id)
	if err != nil {
		return Detail{}, err
	}
	h, err := s.hangings(ctx, tx, []ID{id})
	if err != nil {
		return Detail{}, err
	}
	p.Address = identity.MaskAddress(p.Address)
	d := Detail{Patient: p, Contacts: []Contact{}, Identifiers: []Identifier{}, Tags: append([]string{}, h.tags[id]...)}
	for _, c := range h.contacts[id] {
		d.Contacts = append(d.Contacts, c.Masked())
	}
	for _, n := range h.numbers[id] {
		d.Identifiers = append(d.Identifiers, n.Masked())
	}
	d.Proposals, err = s.openProposals(ctx, tx, id)
	return d, err
}

// Resolve follows merges to the record that stands now. Errors: not_found for an unknown patient.
func (s *Service) Resolve(ctx context.Context, id ID) (ID, error) {
	return resolve(ctx, s.DB.Read(ctx), id)
}

// Briefs gives what lists show, by the IDs asked for; a merged record shows its survivor's. Unknown IDs are absent.
// The caller has already decided who may be seen.
func (s *Service) Briefs(ctx context.Context, ids []ID) (map[ID]Brief, error) {
	tx := s.DB.Read(ctx)
	ps, err := findPatients(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	into := map[ID]ID{}
	for i, p := range ps {
		into[p.ID] = p.ID
		if p.MergedInto == 0 {
			continue
		}
		if into[p.ID], err = resolve(ctx, tx, p.ID); err != nil {
			return nil, err
		}
		if ps[i], err = findPatient(ctx, tx, into[p.ID]); err != nil {
			return nil, err
		}
	}
	byID, err := s.briefs(ctx, tx, ps)
	out := make(map[ID]Brief, len(ids))
	for asked, id := range into {
		out[asked] = byID[id]
	}
	return out, err
}

func (s *Service) briefs(ctx context.Context, tx *db.Tx, ps []Patient) (map[ID]Brief, error) {
	ids := make([]ID, len(ps))
	for i, p := range ps {
		ids[i] = p.ID
	}
	h, err := s.shown(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	today := s.DB.Clock().Today()
	out := make(map[ID]Brief, len(ps))
	for _, p := range ps {
		out[p.ID] = brief(p, h, today)
	}
	return out, nil
}

func brief(p Patient, h hangings, today clock.Date) Brief {
	b := Brief{ID: p.ID, Name: p.Name, Sex: p.Sex, Age: identity.Years(age(p.BirthDate, today)), BirthDate: p.BirthDate, Tags: append([]string{}, h.tags[p.ID]...), Alert: p.Alert}
	for _, c := range h.contacts[p.ID] {
		if (c.System == identity.Mobile || c.System == identity.Landline) && c.WrongAt == 0 {
			b.Phone = identity.MaskContact(c.System, c.Value)
			break
		}
	}
	return b
}

// age in whole years; a birth date of which only year or month is known counts from its first day.
func age(born, today clock.Date) int {
	switch len(born) {
	case 4:
		born += "-01-01"
	case 7:
		born += "-01"
	}
	return born.Age(today)
}
