package patient

import (
	"context"
	"strings"

	"renxin/internal/identity"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// hit is one patient that a search found; a smaller rank fits better.
type hit struct {
	ID     ID
	Rank   int64
	SeenAt clock.Instant
}

// behind reports whether h stands after the last row of a page: by rank, then the newest encounter, then the newest record.
func (h hit) behind(last hit) bool {
	switch {
	case h.Rank != last.Rank:
		return h.Rank > last.Rank
	case h.SeenAt != last.SeenAt:
		return h.SeenAt < last.SeenAt
	}
	return h.ID < last.ID
}

func (h hit) cursor() string { return db.Cursor(h.Rank, int64(h.SeenAt), int64(h.ID)) }

func readHit(cursor string) (hit, error) {
	var rank, at, id int64
	err := db.Uncursor(cursor, &rank, &at, &id)
	return hit{ID(id), rank, clock.Instant(at)}, err
}

// weighing says how a word is compared: what it is made of decides which fields it can be the whole or the end of.
type weighing int

const (
	byText    weighing = iota // characters, or signs of a document number
	byLetters                 // a reading or initials
	byDigits                  // a telephone or another number
)

func weighingOf(word string) weighing {
	switch {
	case strings.Trim(word, "0123456789") == "":
		return byDigits
	case strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == "":
		return byLetters
	}
	return byText
}

// leading is the word that a search of several words is ordered by: a name before a reading before a number.
func leading(words []string) string {
	best := ""
	for _, w := range words {
		if best == "" || weight(w) > weight(best) {
			best = w
		}
	}
	return best
}

func weight(w string) int {
	if strings.ContainsFunc(w, func(r rune) bool { return r > 0x7f }) {
		return 3
	}
	if weighingOf(w) == byLetters {
		return 2
	}
	return 1
}

// searched is search in the order of how well each patient fits: the whole name or number first, whole initials and ends of telephone
// numbers next, beginnings before what lies inside; among equals the newest encounter first.
func (s *Service) searched(ctx context.Context, tx *db.Tx, f Filter, n narrowed, limit int) (found, error) {
	hits, err := s.hits(ctx, tx, f, n, "", narrowCap+1)
	if err != nil {
		return found{}, err
	}
	out := found{total: db.Capped(len(hits)), hits: map[ID]hit{}}
	out.total.Exact = out.total.Exact && n.full
	if f.Cursor != "" {
		last, err := readHit(f.Cursor)
		if err != nil {
			return out, err
		}
		from := 0
		for from < len(hits) && !hits[from].behind(last) {
			from++
		}
		hits = hits[from:]
	}
	hits = hits[:min(len(hits), limit)]
	ids := make([]ID, len(hits))
	for i, h := range hits {
		ids[i], out.hits[h.ID] = h.ID, h
	}
	out.patients, err = findInOrder(ctx, tx, ids)
	return out, err
}

// why says for each patient of a page what the words of a search matched.
func (s *Service) why(ctx context.Context, tx *db.Tx, text string, ps []Patient) (map[ID][]Match, error) {
	words := identity.QueryTerms(text)
	out := map[ID][]Match{}
	if len(words) == 0 || len(ps) == 0 {
		return out, nil
	}
	ids := make([]ID, len(ps))
	for i, p := range ps {
		ids[i] = p.ID
	}
	hang := hangings{}
	for _, w := range words {
		if weighingOf(w) != byLetters && weight(w) < 3 {
			var err error
			if hang, err = s.hangings(ctx, tx, ids); err != nil {
				return nil, err
			}
			break
		}
	}
	for _, p := range ps {
		for _, w := range words {
			if m, ok := matchOf(p.Name, hang.contacts[p.ID], hang.numbers[p.ID], w); ok {
				out[p.ID] = append(out[p.ID], m)
			}
		}
	}
	return out, nil
}
