package identity

import (
	"slices"
	"sort"
	"strings"
	"unicode"
)

// SearchText is what the search terms of one patient are made of.
type SearchText struct {
	Name    string   // normalised
	Phones  []string // Phone.Key of every telephone number
	Numbers []string // hospital numbers and documents, as stored
	IDCard  string   // 18 characters
}

// Terms lists the search terms of a patient, sorted, each once: every suffix of the name, of its usual reading by syllables and of the initials,
// the other readings whole, suffixes of four digits and more of phones and numbers, numbers without leading zeros, the identity number and its tails.
// A search for x is then "terms that begin with x", which finds x anywhere in the name or number.
func Terms(t SearchText) []string {
	set := termSet{}
	set.name(t.Name)
	for i, r := range Pinyin(t.Name) {
		set.reading(r, i == 0)
	}
	for _, p := range t.Phones {
		set.suffixes(p, 4)
	}
	for _, n := range t.Numbers {
		n = strings.ToLower(n)
		set.add(n)
		set.add(strings.TrimLeft(n, "0"))
		if strings.Contains(n, "@") {
			set.tail(n, 4)
		} else {
			set.suffixes(n, 4)
		}
	}
	if t.IDCard != "" {
		id := strings.ToLower(t.IDCard)
		set.add(id)
		set.tail(id, 4)
		set.tail(id, 6)
	}
	return set.sorted()
}

type termSet map[string]bool

// maxTerm bounds a term, in bytes, so that one absurd field cannot fill the index.
const maxTerm = 64

func (s termSet) add(t string) {
	if t = strings.TrimSpace(t); t != "" {
		s[clip(t, maxTerm)] = true
	}
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n]
}

// name adds every suffix of a Chinese name; of a Latin one every word onwards.
func (s termSet) name(n string) {
	n = strings.ToLower(n)
	start := true
	for i, r := range n {
		if isHan(r) || start {
			s.add(n[i:])
		}
		start = !unicode.IsLetter(r)
		if len(s) > 24 {
			return
		}
	}
}

func (s termSet) reading(r Reading, usual bool) {
	s.add(r.Full())
	s.add(r.Initials())
	if !usual {
		return
	}
	ss := r.syllables()
	for i := 1; i < len(ss) && i < 12; i++ {
		s.add(strings.Join(ss[i:], ""))
		if in := r.Initials(); i < len(in)-1 {
			s.add(in[i:])
		}
	}
}

func (s termSet) suffixes(t string, least int) {
	for i := 0; len(t)-i >= least && i < 16; i++ {
		s.add(t[i:])
	}
}

func (s termSet) tail(t string, n int) {
	if len(t) > n {
		s.add(t[len(t)-n:])
	}
}

func (s termSet) sorted() []string {
	out := make([]string, 0, len(s))
	for t := range s {
		out = append(out, t)
	}
	sort.Strings(out)
	return out
}

// QueryTerms splits what a person typed into the words to look for (all must be found), lower case, at most four.
// "张伟 1234" asks for both; spaces inside one Chinese name and the signs of a phone number are dropped.
func QueryTerms(q string) []string {
	if m := ParseMobile(q); m != "" && strings.Trim(q, "0123456789-+() ") == "" {
		return []string{m}
	}
	var out []string
	for _, w := range strings.Fields(strings.ToLower(NormalName(q))) {
		if len(out) == 4 {
			break
		}
		out = append(out, splitScripts(w)...)
	}
	if len(out) > 1 && !slices.ContainsFunc(out, func(w string) bool { return strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") != "" }) {
		return []string{strings.Join(out, "")} // "zhang wei" is one reading
	}
	return unique4(out)
}

// splitScripts parts "张伟1234" into name and digits; "t12345" and "11010519491231002x" stay whole.
func splitScripts(w string) []string {
	if !strings.ContainsFunc(w, isHan) {
		if m := digits(w); m != "" && strings.Trim(w, "0123456789-+() ") == "" {
			return []string{m}
		}
		return []string{strings.Trim(w, "-+()%_ '")}
	}
	cut := strings.IndexFunc(w, func(r rune) bool { return r < 0x80 })
	if cut <= 0 {
		return []string{w}
	}
	return []string{w[:cut], strings.Trim(w[cut:], "-+() ")}
}

func unique4(ss []string) []string {
	var out []string
	for _, s := range ss {
		if s = clip(s, maxTerm); s != "" && !has(out, s) && len(out) < 4 {
			out = append(out, s)
		}
	}
	return out
}
