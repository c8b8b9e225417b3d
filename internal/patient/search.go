package patient

import (
	"context"
	"slices"
	"strings"

	"renxin/internal/identity"
	"renxin/internal/platform/db"
)

// termsOf makes the search terms that a patient's stored rows stand for.
func termsOf(ctx context.Context, tx *db.Tx, p Patient) ([]string, error) {
	cs, err := contactsOf(ctx, tx, []ID{p.ID})
	if err != nil {
		return nil, err
	}
	ns, err := identifiersOf(ctx, tx, []ID{p.ID})
	if err != nil {
		return nil, err
	}
	return identity.Terms(searchText(p, cs, ns)), nil
}

func searchText(p Patient, cs []Contact, ns []Identifier) identity.SearchText {
	t := identity.SearchText{Name: p.Name}
	for _, c := range cs {
		if c.System == identity.Mobile || c.System == identity.Landline {
			t.Phones = append(t.Phones, c.Number)
		} else {
			t.Numbers = append(t.Numbers, c.Number)
		}
	}
	for _, n := range ns {
		if n.Kind == identity.KindIDCard && t.IDCard == "" {
			t.IDCard = n.Value
		} else {
			t.Numbers = append(t.Numbers, n.Value)
		}
	}
	return t
}

// reindex brings the stored terms from before to what the rows say now.
func reindex(ctx context.Context, tx *db.Tx, id ID, before []string) error {
	p, err := findPatient(ctx, tx, id)
	if err != nil {
		return err
	}
	var now []string
	if p.MergedInto == 0 {
		if now, err = termsOf(ctx, tx, p); err != nil {
			return err
		}
	}
	gone, fresh := without(before, now), without(now, before)
	if err := deleteTerms(ctx, tx, id, gone); err != nil {
		return err
	}
	return insertTerms(ctx, tx, id, fresh)
}

// without gives the elements of a that are not in b; both are sorted.
func without(a, b []string) []string {
	var out []string
	for _, x := range a {
		if _, found := slices.BinarySearch(b, x); !found {
			out = append(out, x)
		}
	}
	return out
}

// candidates finds the patients who have every one of several words: the most selective drives the index, the others are checked
// against the candidates' own terms. full is false when the cap cut the list.
func (s *Service) candidates(ctx context.Context, tx *db.Tx, words []string) (ids []ID, full bool, err error) {
	if len(words) == 0 {
		return nil, true, nil
	}
	slices.SortStableFunc(words, func(a, b string) int { return selective(b) - selective(a) })
	ids, err = matched(ctx, tx, words[0])
	if err != nil {
		return nil, false, err
	}
	full = len(ids) < narrowCap
	ids, err = s.checked(ctx, tx, ids, words[1:])
	return ids, full, err
}

// selective guesses how few patients a word finds: digits beat letters, long beats short.
func selective(w string) int {
	n := len(w)
	if strings.Trim(w, "0123456789") == "" && n >= 4 {
		return 100 + n
	}
	return n
}

// checked keeps the candidates whose own terms hold every further word.
func (s *Service) checked(ctx context.Context, tx *db.Tx, ids []ID, words []string) ([]ID, error) {
	ps, err := findPatients(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	hang := hangings{}
	if slices.ContainsFunc(words, func(w string) bool { return strings.ContainsAny(w, "0123456789@") }) {
		if hang, err = s.hangings(ctx, tx, ids); err != nil {
			return nil, err
		}
	}
	var out []ID
	for _, p := range ps {
		terms := identity.Terms(searchText(p, hang.contacts[p.ID], hang.numbers[p.ID]))
		if !slices.ContainsFunc(words, func(w string) bool { return !begins(terms, w) }) {
			out = append(out, p.ID)
		}
	}
	return out, nil
}

// begins reports whether a sorted list holds a term that begins with w.
func begins(terms []string, w string) bool {
	i, _ := slices.BinarySearch(terms, w)
	return i < len(terms) && strings.HasPrefix(terms[i], w)
}

// hangings are the rows that hang on several patients, by patient.
type hangings struct {
	contacts map[ID][]Contact
	numbers  map[ID][]Identifier
	tags     map[ID][]string
}

func (s *Service) hangings(ctx context.Context, tx *db.Tx, ids []ID) (hangings, error) {
	h, err := s.shown(ctx, tx, ids)
	if err != nil {
		return h, err
	}
	ns, err := identifiersOf(ctx, tx, ids)
	for _, n := range ns {
		h.numbers[n.PatientID] = append(h.numbers[n.PatientID], n)
	}
	return h, err
}

// shown is hangings without the numbers, which no list shows.
func (s *Service) shown(ctx context.Context, tx *db.Tx, ids []ID) (hangings, error) {
	h := hangings{map[ID][]Contact{}, map[ID][]Identifier{}, map[ID][]string{}}
	cs, err := contactsOf(ctx, tx, ids)
	if err != nil {
		return h, err
	}
	for _, c := range cs {
		h.contacts[c.PatientID] = append(h.contacts[c.PatientID], c)
	}
	ts, err := tagsOf(ctx, tx, ids)
	for _, t := range ts {
		h.tags[t.PatientID] = append(h.tags[t.PatientID], t.Tag)
	}
	return h, err
}
