package patient

import (
	"strings"

	"renxin/internal/identity"
)

// Match says why a search found a patient: the field, as it may be shown (masked values stay masked), and which of its characters the word
// stands for. From and To count characters of Text, To is exclusive; both are 0 where the part cannot be pointed at.
type Match struct {
	Field   string `json:"field"`   // name, reading, initials, a contact system or a kind of number
	Text    string `json:"text"`    //
	Reading string `json:"reading"` // how the name is read aloud, for reading and initials
	From    int    `json:"from"`
	To      int    `json:"to"`
}

// matchOf finds the field that a word matched, the whole or the end of one before what lies inside.
func matchOf(name string, cs []Contact, ns []Identifier, word string) (Match, bool) {
	if i := strings.Index(strings.ToLower(name), word); i >= 0 {
		from := len([]rune(name[:min(i, len(name))]))
		return Match{Field: "name", Text: name, From: from, To: from + len([]rune(word))}, true
	}
	if m, ok := readingOf(name, word); ok {
		return m, true
	}
	best, score := Match{}, 0
	for _, c := range cs {
		if m, n := pointed(string(c.System), c.Number, c.Masked().Value, word); n > score {
			best, score = m, n
		}
	}
	for _, x := range ns {
		if m, n := pointed(string(x.Kind), x.Value, x.Masked().Value, word); n > score {
			best, score = m, n
		}
	}
	return best, score > 0
}

// readingOf matches syllables or initials from any character onwards.
func readingOf(name, word string) (Match, bool) {
	if weighingOf(word) != byLetters {
		return Match{}, false
	}
	for _, r := range identity.Pinyin(name) {
		syllables := append(append([]string{}, r.Surname...), r.Given...)
		for i := range syllables {
			if strings.HasPrefix(strings.Join(syllables[i:], ""), word) {
				to, n := i, 0
				for ; to < len(syllables) && n < len(word); to++ {
					n += len(syllables[to])
				}
				return spelled("reading", name, r, i, to, len(syllables)), true
			}
		}
	}
	for _, r := range identity.Pinyin(name) {
		if i := strings.Index(r.Initials(), word); i >= 0 {
			return spelled("initials", name, r, i, i+len(word), len(r.Initials())), true
		}
	}
	return Match{}, false
}

// spelled points at the characters of some syllables; a name with characters that nobody can read is pointed at as a whole.
func spelled(field, name string, r identity.Reading, from, to, syllables int) Match {
	if n := len([]rune(name)); n != syllables {
		from, to = 0, n
	}
	return Match{Field: field, Text: name, Reading: r.String(), From: from, To: to}
}

// pointed matches a number and scores it: 4 the whole, 3 the end of a telephone number, 2 another end, 1 inside, 0 not at all.
func pointed(field, number, shown, word string) (Match, int) {
	lower := strings.ToLower(number)
	at := strings.Index(lower, word)
	if at < 0 {
		return Match{}, 0
	}
	score := 1
	switch {
	case lower == word:
		score = 4
	case strings.HasSuffix(lower, word):
		at, score = len(lower)-len(word), 2
		if field == string(identity.Mobile) || field == string(identity.Landline) {
			score = 3
		}
	}
	m := Match{Field: field, Text: shown}
	runes := len([]rune(shown))
	switch {
	case runes == len(number):
		m.From, m.To = at, at+len(word)
	case score > 1 && runes >= len(word):
		m.From, m.To = runes-len(word), runes
	}
	return m, score
}
