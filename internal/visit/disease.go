package visit

import (
	"cmp"
	"context"
	_ "embed"
	"slices"
	"strings"
	"sync"

	"renxin/internal/identity"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
)

//go:embed disease.txt
var diseaseText string

// Disease is a diagnosis that can be chosen.
type Disease struct {
	Code string `json:"code"` // ICD-10
	Name string `json:"name"`
	Own  bool   `json:"own"` // the hospital has used it
}

// entry is a disease with what it is found by.
type entry struct {
	Disease
	plain    string // code without dots
	pinyin   string
	initials string
}

func entryOf(d Disease) entry {
	e := entry{Disease: d, plain: PlainCode(d.Code)}
	if r := identity.Pinyin(d.Name); len(r) > 0 {
		e.pinyin, e.initials = r[0].Full(), r[0].Initials()
	}
	return e
}

var shipped = sync.OnceValue(func() []entry {
	var out []entry
	for _, l := range strings.Split(diseaseText, "\n") {
		if code, name, ok := strings.Cut(strings.TrimSpace(l), "|"); ok && !strings.HasPrefix(l, "#") {
			out = append(out, entryOf(Disease{Code: code, Name: name}))
		}
	}
	return out
})

// diseases are the hospital's own diagnoses as read lately, then the shipped ones it has not used.
type diseases struct {
	mu   sync.Mutex
	at   clock.Instant
	list []entry
}

const diseasesFor = 10 * 60 * 1000 // milliseconds that a reading of the hospital's own diagnoses serves

// all gives every disease that can be offered.
func (s *Service) diseases(ctx context.Context) ([]entry, error) {
	s.known.mu.Lock()
	defer s.known.mu.Unlock()
	now := s.DB.Clock().Now()
	if s.known.list != nil && now < s.known.at+diseasesFor {
		return s.known.list, nil
	}
	rows, err := usedDiseases(ctx, s.read(ctx))
	if err != nil {
		return nil, err
	}
	seen, list := map[string]bool{}, []entry{}
	for _, d := range rows {
		d.Own = true
		seen[PlainCode(d.Code)] = true
		list = append(list, entryOf(d))
	}
	for _, e := range shipped() {
		if !seen[e.plain] {
			list = append(list, e)
		}
	}
	s.known.at, s.known.list = now, list
	return list, nil
}

// rank tells how well e answers text, 0 = not at all; a code from its beginning, then a name from its beginning, then inside.
func (e entry) rank(text string) int {
	code, low := PlainCode(text), strings.ToLower(text)
	switch {
	case e.plain == code:
		return 9
	case strings.HasPrefix(e.plain, code):
		return 7
	case strings.HasPrefix(e.Name, text):
		return 6
	case strings.Contains(e.Name, text):
		return 5
	case e.initials == low:
		return 4
	case strings.HasPrefix(e.initials, low), strings.HasPrefix(e.pinyin, low):
		return 3
	case len(low) > 1 && strings.Contains(e.initials, low):
		return 2
	}
	return 0
}

// Diseases finds diagnoses by code, name, pinyin or initials: the hospital's own first, then common ones that the house brings (PT-08).
func (s *Service) Diseases(ctx context.Context, text string, limit int) ([]Disease, error) {
	if err := access.Need(ctx, PermDiagnose); err != nil {
		return nil, err
	}
	text = strings.TrimSpace(text)
	all, err := s.diseases(ctx)
	if err != nil || text == "" {
		return []Disease{}, err
	}
	type hit struct {
		entry
		rank int
	}
	var hits []hit
	for _, e := range all {
		if r := e.rank(text); r > 0 {
			if e.Own {
				r += 10
			}
			hits = append(hits, hit{e, r})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(b.rank-a.rank, cmp.Compare(len(a.Name), len(b.Name)), cmp.Compare(a.Code, b.Code))
	})
	if limit <= 0 || limit > 50 {
		limit = 12
	}
	out := []Disease{}
	for _, h := range hits[:min(limit, len(hits))] {
		out = append(out, h.Disease)
	}
	return out, nil
}
