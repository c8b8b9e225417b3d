package staff

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"renxin/internal/platform/clock"
)

// Item is one open thing that somebody holds.
type Item struct {
	ID           int64
	DepartmentID DepartmentID // where it belongs, zero = nowhere in particular
}

// Holding is a kind of open work that belongs to a person and needs somebody else when they go: tasks, patients, threads, views. Rooms
// declare theirs at wiring; CheckHoldings compares the declarations with the live schema, so that no room can forget one.
type Holding struct {
	Key     string   // text "staff.holding.<key>" names it
	Columns []string // "table.column" of the account key, every one that Count looks at
	// Count tells how many open items a person holds.
	Count func(ctx context.Context, of ID) (int, error)
	// Items lists up to limit of them with keys above after, in order of key.
	Items func(ctx context.Context, of ID, after int64, limit int) ([]Item, error)
	// Give hands one item over for good, in the caller's transaction; one that from no longer holds stays as it is.
	Give func(ctx context.Context, item int64, from, to ID) error
	// Lend hands one item over until an instant; nil = Give, and given back at the end if the receiver still holds it.
	Lend func(ctx context.Context, item int64, from, to ID, until clock.Instant) error
	// Back undoes Lend; nil where Lend is.
	Back func(ctx context.Context, item int64, from, to ID) error
}

// Declare registers what people hold. A kind declared twice is a programming error.
func (s *Service) Declare(hs ...Holding) {
	for _, h := range hs {
		if slices.ContainsFunc(s.holdings, func(x Holding) bool { return x.Key == h.Key }) {
			panic("staff: holding " + h.Key + " declared twice")
		}
		s.holdings = append(s.holdings, h)
	}
}

// Keep names columns with an account key that tell what happened, not who has to act: they stay when somebody leaves.
func (s *Service) Keep(columns ...string) { s.kept = append(s.kept, columns...) }

// CheckHoldings compares what rooms declared with the live schema: every column that names a person as the holder of something (owner_id,
// staff_id, …_staff_id, assignee_id, doctor_id, sender_id, to_id, or a foreign key to accounts) must be handed over or be kept as history.
// Columns called …_by tell who did something and need no word. The error names what is missing.
func (s *Service) CheckHoldings(ctx context.Context) error {
	live, err := holderColumns(ctx, s.DB.Read(ctx))
	if err != nil {
		return err
	}
	declared := slices.Clone(s.kept)
	for _, h := range s.holdings {
		declared = append(declared, h.Columns...)
	}
	var missing []string
	for _, c := range live {
		if !slices.Contains(declared, c) {
			missing = append(missing, c)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("staff: nobody says what happens to %s when a person leaves (staff.Declare or staff.Keep at wiring)", strings.Join(missing, ", "))
	}
	return nil
}

// Held is how many items of one kind a person holds.
type Held struct {
	Key string `json:"key"`
	N   int    `json:"n"`
}

// held counts what a person holds, kind by kind.
func (s *Service) held(ctx context.Context, id ID) ([]Held, int, error) {
	var out []Held
	total := 0
	for _, h := range s.holdings {
		n, err := h.Count(ctx, id)
		if err != nil {
			return nil, 0, fmt.Errorf("%s: %w", h.Key, err)
		}
		out, total = append(out, Held{h.Key, n}), total+n
	}
	return out, total, nil
}

// hand gives an item over for good, or lends it.
func (h Holding) hand(ctx context.Context, item int64, from, to ID, until clock.Instant) error {
	if until != 0 && h.Lend != nil {
		return h.Lend(ctx, item, from, to, until)
	}
	return h.Give(ctx, item, from, to)
}

// back takes an item from who received it to who is back.
func (h Holding) back(ctx context.Context, item int64, from, to ID) error {
	if h.Back != nil {
		return h.Back(ctx, item, from, to)
	}
	return h.Give(ctx, item, from, to)
}
