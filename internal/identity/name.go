package identity

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// NormalName brings a name into its one written form: composed characters, half-width letters, no space inside a Chinese name,
// one space inside a Latin one, one kind of middle dot. Case is kept.
func NormalName(s string) string {
	s = norm.NFC.String(width.Fold.String(s))
	var b strings.Builder
	space, last := false, rune(0)
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff':
			space = true
			continue
		case unicode.IsControl(r):
			continue
		case strings.ContainsRune("·•・‧∙．˙", r):
			r = '·'
		}
		if space && last != 0 && last < 0x2e80 && r < 0x2e80 {
			b.WriteByte(' ')
		}
		space, last = false, r
		b.WriteRune(r)
	}
	return norm.NFC.String(strings.Trim(b.String(), " ·"))
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }
