package patient

import (
	"context"

	"renxin/internal/identity"
	"renxin/internal/match"
	"renxin/internal/platform/db"
)

// Evidence is what a record of a source tells match, normalised as an import does it; area is the dialling code of local numbers.
func Evidence(f Feed, area string) match.Record { return stateOf(f, area).evidence }

// evidenceOf is what a patient's rows say, for match.
func evidenceOf(p Patient, cs []Contact, ns []Identifier) match.Record {
	r := match.Record{Name: p.Name, Pinyin: p.Pinyin, Birth: p.BirthDate, Sex: string(p.Sex), Address: p.Address}
	for _, c := range cs {
		switch c.System {
		case identity.Mobile:
			r.Mobiles = append(r.Mobiles, c.Number)
		case identity.Landline:
			r.Landlines = append(r.Landlines, c.Number)
		}
	}
	for _, n := range ns {
		if n.Kind != identity.KindIDCard {
			r.Numbers = append(r.Numbers, match.Number{Kind: string(n.Kind), Issuer: n.Issuer, Value: n.Value})
			continue
		}
		if _, problem := identity.ParseIDCard(n.Value); r.ID == "" || problem == "" {
			r.ID, r.IDValid = n.Value, problem == ""
		}
	}
	return r
}

// evidence gathers what the stored rows of patients say.
func (s *Service) evidence(ctx context.Context, tx *db.Tx, ps []Patient) (map[ID]match.Record, error) {
	ids := make([]ID, len(ps))
	for i, p := range ps {
		ids[i] = p.ID
	}
	h, err := s.hangings(ctx, tx, ids)
	out := make(map[ID]match.Record, len(ps))
	for _, p := range ps {
		r := evidenceOf(p, h.contacts[p.ID], h.numbers[p.ID])
		r.NameShare = s.share(ctx, p.Name)
		out[p.ID] = r
	}
	return out, err
}
