package patient

import (
	"context"
	"strconv"

	"renxin/internal/platform/db"
)

// Mark is a place in the order of all rows: rows made later have a greater ID.
func (s *Service) Mark() int64 { return s.DB.NextID() }

// Trace remembers under which numbers the rows came that a record of a feed has made for a patient since mark, if the patient is one of a
// merge that may be undone. It is called at the end of the record, in its transaction.
func (s *Service) Trace(ctx context.Context, id ID, mark int64, told []Identifier) error {
	if id == 0 || len(told) == 0 {
		return nil
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if merged, err := survives(ctx, tx, id); err != nil || !merged {
			return err
		}
		have, err := identifiersOf(ctx, tx, []ID{id})
		if err != nil {
			return err
		}
		var by []ID
		for _, n := range told {
			x, _ := statedNumber(n)
			for _, h := range have {
				if h.Kind == x.Kind && h.Issuer == x.Issuer && h.Value == x.Value && int64(h.ID) < mark {
					by = append(by, ID(h.ID))
				}
			}
		}
		if len(by) == 0 {
			return nil
		}
		for _, t := range s.moving() {
			if !t.byID() {
				continue
			}
			if err := insertOrigins(ctx, tx, t.Name, id, mark, by); err != nil {
				return err
			}
		}
		return nil
	})
}

// origin names a row within the whole house.
func origin(table string, row int64) string { return table + " " + strconv.FormatInt(row, 10) }
