package patient

import (
	"context"
	"slices"

	"renxin/internal/platform/access"
)

// Member is one of a household; Via is what they are to the patient by whom the household was asked for, "" for that patient, and
// "indirect" where the relation runs through another member.
type Member struct {
	Relative
	Via string `json:"via"`
}

// largestHousehold bounds the search; nobody lives with more.
const largestHousehold = 30

// Household lists who lives with a patient, over any number of relations, the patient first. Of members outside the caller's scope only
// name and relation are told.
func (s *Service) Household(ctx context.Context, id ID) ([]Member, error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return nil, err
	}
	id, err := s.Standing(ctx, id)
	if err != nil {
		return nil, err
	}
	tx := s.DB.Read(ctx)
	members := []Relation{{PatientID: id, RelativeID: id, Household: true}}
	known := []ID{id}
	for next := 0; next < len(known) && len(members) < largestHousehold; next++ {
		seen, err := s.VisibleIDs(ctx, []ID{known[next]}) // whose relatives the caller may be told
		if err != nil {
			return nil, err
		}
		if len(seen) == 0 {
			continue
		}
		rows, err := s.relationsOf(ctx, tx, known[next])
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if !r.Household || r.RelativeID != 0 && slices.Contains(known, r.RelativeID) {
				continue
			}
			if members = append(members, r); r.RelativeID != 0 {
				known = append(known, r.RelativeID)
			}
		}
	}
	shown, err := s.dressRelations(ctx, tx, members)
	out := make([]Member, 0, len(shown))
	for i, r := range shown {
		m := Member{r, r.Kind}
		if i > 0 && r.PatientID != id {
			m.Via = "indirect"
		}
		out = append(out, m)
	}
	return out, err
}
