package match

import (
	"slices"
	"strings"
	"unicode"
)

// latin reports a name or address in Latin letters, which is compared by its words; Chinese ones are compared by their characters.
func latin(s string) bool {
	letters := false
	for _, r := range s {
		if r > unicode.MaxLatin1 && unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) {
			return false
		}
		letters = letters || unicode.IsLetter(r)
	}
	return letters
}

// words splits into lower-case words, in order of the alphabet: "NEUMANN, Michaela" and "Michaela Neumann" are one name.
func words(s string) []string {
	ws := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	slices.Sort(ws)
	return ws
}

// latinName compares names word by word: every word of the shorter name looks for the likest of the longer.
func (p Profile) latinName(a, b Record) (Outcome, float64) {
	x, y := words(a.Name), words(b.Name)
	if slices.Equal(x, y) {
		return Same, p.rarity(max(a.NameShare, b.NameShare))
	}
	if len(x) > len(y) {
		x, y = y, x
	}
	like, far := 0, 0
	for _, w := range x {
		if best := likest(w, y); best >= alike {
			like++
		} else {
			far++
		}
	}
	joined := likeness(strings.Join(x, ""), strings.Join(y, ""))
	switch {
	case far == 0 && len(x) == len(y) && len(x) > 1, joined >= 0.93:
		return Similar, p.NameSimilar
	case far == 0, joined >= alike:
		return Near, p.NameNear
	case like > 0:
		return Differs, p.NameDiffers / 3 // a sibling, a wife, or one of two words replaced
	}
	return Differs, p.NameDiffers
}

func likest(w string, of []string) float64 {
	best := 0.0
	for _, x := range of {
		best = max(best, likeness(w, x))
	}
	return best
}

// alike is the likeness from which two words are one word mistyped.
const alike = 0.85

// likeness of two words is Jaro–Winkler, 0 to 1, in characters.
func likeness(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	if a == b {
		return 1
	}
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	common, moved := matching(x, y)
	if common == 0 {
		return 0
	}
	m := float64(common)
	jaro := (m/float64(len(x)) + m/float64(len(y)) + (m-float64(moved)/2)/m) / 3
	prefix := 0
	for prefix < min(4, len(x), len(y)) && x[prefix] == y[prefix] {
		prefix++
	}
	return jaro + float64(prefix)*0.1*(1-jaro)
}

// matching counts the characters that both words have at about the same place, and how many of those stand in another order.
func matching(x, y []rune) (common, moved int) {
	window := max(len(x), len(y))/2 - 1
	taken := make([]bool, len(y))
	var mine, theirs []rune
	for i, r := range x {
		for j := max(0, i-window); j < min(len(y), i+window+1); j++ {
			if !taken[j] && y[j] == r {
				taken[j] = true
				mine = append(mine, r)
				break
			}
		}
	}
	for j, t := range taken {
		if t {
			theirs = append(theirs, y[j])
		}
	}
	for i := range mine {
		if mine[i] != theirs[i] {
			moved++
		}
	}
	return len(mine), moved
}

// latinAddress gives how much of two addresses is the same, 0 to 1: pairs of neighbouring characters they share (Dice).
func latinAddress(a, b string) float64 {
	x, y := grams(a), grams(b)
	n, both := 0, 0
	for g, k := range x {
		n += k
		both += min(k, y[g])
	}
	for _, k := range y {
		n += k
	}
	if n == 0 {
		return 0
	}
	return 2 * float64(both) / float64(n)
}

func grams(s string) map[[2]rune]int {
	out := map[[2]rune]int{}
	for _, w := range words(s) {
		rs := []rune(" " + w + " ")
		for i := 1; i < len(rs); i++ {
			out[[2]rune{rs[i-1], rs[i]}]++
		}
	}
	return out
}
