package patient

import (
	"context"
	"slices"

	"renxin/internal/identity"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
)

// feedKinds brings words of feeds to ours.
var feedKinds = map[string]string{"husband": "spouse", "wife": "spouse", "brother": "sibling", "sister": "sibling", "emergency": "other"}

// RelateFrom records a relative whom a feed names, once: the same name in the same relation is the same relative. A number that
// the feed changes follows, unless a person verified ours. It tells whether anything changed.
func (s *Service) RelateFrom(ctx context.Context, id ID, in RelationInput, source string) (changed bool, err error) {
	if err := access.Need(ctx, PermUpdate); err != nil {
		return false, err
	}
	if k, ok := feedKinds[in.Kind]; ok {
		in.Kind = k
	}
	if !slices.Contains(Relations, in.Kind) {
		in.Kind = "relative"
	}
	phones := identity.ParsePhones(in.Phone, s.area(ctx))
	if len(phones) == 0 {
		in.Phone = ""
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		known, err := s.relationsOf(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, k := range known {
			if k.RelativeID != 0 || k.Name != identity.NormalName(in.Name) || k.Kind != in.Kind {
				continue
			}
			if in.Phone == "" || k.Number == phones[0].Key() || k.VerifiedAt != 0 {
				return nil
			}
			k.Number, k.UpdatedAt, k.Version, changed = phones[0].Key(), tx.Now, k.Version+1, true
			if err := updateRelation(ctx, tx, k); err != nil {
				return err
			}
			return s.tellRelation(ctx, k, "update")
		}
		changed = true
		_, err = s.relate(ctx, tx, id, in, source)
		return err
	})
	return changed, err
}
