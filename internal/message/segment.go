package message

// Segments is how a text is cut for the air and billed. Lengths are in units of the alphabet:
// septets for GSM7 (extension letters cost two), UTF-16 units for UCS2 (letters outside the basic plane cost two).
type Segments struct {
	Alphabet Alphabet
	Units    int      // of the whole text
	Parts    []string // what each part carries, in order; one empty part for an empty text
	PerPart  int      // room of one part: 160/153 or 70/67
	Left     int      // units still free in the last part
}

// Room of one message and of one part of a long one, by TS 23.040 §9.2.3.24.1: 140 octets less the 6 octets of the
// user data header with an 8-bit reference, which is what Chinese operators bill. A 16-bit reference costs one octet more.
const (
	gsm7Single, gsm7Part, gsm7PartWide = 160, 153, 152
	ucs2Single, ucs2Part, ucs2PartWide = 70, 67, 66
)

// Segment cuts a rendered text (signature included) as it is billed: 70/67 or 160/153.
func Segment(text string) Segments { return segment(text, gsm7Part, ucs2Part) }

// SegmentWide cuts for a concatenation header with a 16-bit reference (TS 23.040 §9.2.3.24.8): 66 or 152 units a part.
func SegmentWide(text string) Segments { return segment(text, gsm7PartWide, ucs2PartWide) }

func segment(text string, gsm7Room, ucs2Room int) Segments {
	s := Segments{Alphabet: GSM7, PerPart: gsm7Single}
	cost, room := gsm7Cost, gsm7Room
	if !isGSM7(text) {
		s.Alphabet, s.PerPart = UCS2, ucs2Single
		cost, room = ucs2Cost, ucs2Room
	}
	for _, r := range text {
		s.Units += cost(r)
	}
	if s.Units <= s.PerPart {
		s.Parts, s.Left = []string{text}, s.PerPart-s.Units
		return s
	}
	s.PerPart = room
	s.Parts, s.Left = cut(text, room, cost)
	return s
}

// cut fills parts letter by letter, so that neither a surrogate pair nor an escaped letter is ever torn.
func cut(text string, room int, cost func(rune) int) (parts []string, left int) {
	start, used := 0, 0
	for i, r := range text {
		c := cost(r)
		if used+c > room {
			parts = append(parts, text[start:i])
			start, used = i, 0
		}
		used += c
	}
	return append(parts, text[start:]), room - used
}

func isGSM7(text string) bool {
	for _, r := range text {
		if gsm7Cost(r) == 0 {
			return false
		}
	}
	return true
}

// gsm7Cost is 1, 2 for the extension table, 0 for a letter outside the alphabet.
func gsm7Cost(r rune) int {
	if _, basic := gsm7Code[r]; basic {
		return 1
	}
	if _, extended := gsm7Extended[r]; extended {
		return 2
	}
	return 0
}

func ucs2Cost(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// CostFen is the price of a message in fen, rounded up: parts × priceLi, where priceLi is the price of one part
// in li (厘, a tenth of a fen), because operators charge fractions of a fen.
func CostFen(parts, priceLi int) int64 { return (int64(parts)*int64(priceLi) + 9) / 10 }
