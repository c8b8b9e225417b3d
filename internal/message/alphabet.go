package message

import (
	"strings"
	"unicode/utf16"
)

// Alphabet is how a text travels over the air (3GPP TS 23.038): seven-bit letters or UTF-16.
type Alphabet string

// The two alphabets of short messages.
const (
	GSM7 Alphabet = "gsm7" // TS 23.038 §6.2.1 default alphabet with its extension table
	UCS2 Alphabet = "ucs2" // TS 23.038 §6.2.3, in practice UTF-16 big endian with surrogate pairs
)

// gsm7Basic is the default alphabet in code order; position 0x1B is the escape to the extension table.
const gsm7Basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
	"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"

const gsm7Escape = 0x1B

// gsm7Extended maps the letters that cost an escape in front.
var gsm7Extended = map[rune]byte{
	'\f': 0x0A, '^': 0x14, '{': 0x28, '}': 0x29, '\\': 0x2F, '[': 0x3C, '~': 0x3D, ']': 0x3E, '|': 0x40, '€': 0x65,
}

var (
	gsm7Code          = map[rune]byte{}
	gsm7Letter        [128]rune
	gsm7Escape2Letter = map[byte]rune{}
)

func init() {
	code := byte(0)
	for _, r := range gsm7Basic {
		gsm7Letter[code] = r
		if code != gsm7Escape {
			gsm7Code[r] = code
		}
		code++
	}
	for r, c := range gsm7Extended {
		gsm7Escape2Letter[c] = r
	}
}

// EncodeGSM7 gives one septet per byte; ok is false when a letter is not in the alphabet.
func EncodeGSM7(text string) (septets []byte, ok bool) {
	for _, r := range text {
		if c, basic := gsm7Code[r]; basic {
			septets = append(septets, c)
		} else if c, extended := gsm7Extended[r]; extended {
			septets = append(septets, gsm7Escape, c)
		} else {
			return nil, false
		}
	}
	return septets, true
}

// DecodeGSM7 reads one septet per byte. An escape before an unknown code shows the basic letter (TS 23.038 §6.2.1.1);
// an escape at the very end shows a space; bits above the seventh are ignored.
func DecodeGSM7(septets []byte) string {
	var b strings.Builder
	for i := 0; i < len(septets); i++ {
		c := septets[i] & 0x7F
		if c != gsm7Escape {
			b.WriteRune(gsm7Letter[c])
			continue
		}
		i++
		if i == len(septets) {
			b.WriteByte(' ')
			break
		}
		next := septets[i] & 0x7F
		if r, known := gsm7Escape2Letter[next]; known {
			b.WriteRune(r)
		} else if next == gsm7Escape {
			b.WriteByte(' ')
		} else {
			b.WriteRune(gsm7Letter[next])
		}
	}
	return b.String()
}

// EncodeUCS2 gives UTF-16 big endian; letters outside the basic plane become surrogate pairs.
func EncodeUCS2(text string) []byte {
	units := utf16.Encode([]rune(text))
	b := make([]byte, 0, 2*len(units))
	for _, u := range units {
		b = append(b, byte(u>>8), byte(u))
	}
	return b
}

// DecodeUCS2 reads UTF-16 big endian; a lone surrogate half becomes U+FFFD and an odd last byte is dropped.
func DecodeUCS2(b []byte) string { return string(utf16.Decode(Units(b))) }

// Units reads big-endian UTF-16 units without judging them, so that the parts of a long message can be joined before decoding.
func Units(b []byte) []uint16 {
	units := make([]uint16, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
	}
	return units
}
