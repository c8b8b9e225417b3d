package message

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

func TestSM04_SegmentsExact(t *testing.T) {
	sign := "【仁心医院】" // six units
	for _, c := range []struct {
		name     string
		text     string
		alphabet Alphabet
		units    int
		parts    int
		left     int
	}{
		{"empty", "", GSM7, 0, 1, 160},
		{"gsm 160", strings.Repeat("a", 160), GSM7, 160, 1, 0},
		{"gsm 161", strings.Repeat("a", 161), GSM7, 161, 2, 145},
		{"gsm 306", strings.Repeat("a", 306), GSM7, 306, 2, 0},
		{"gsm 307", strings.Repeat("a", 307), GSM7, 307, 3, 152},
		{"extension letters cost two", strings.Repeat("€", 80), GSM7, 160, 1, 0},
		{"extension letters cost two, cut", strings.Repeat("€", 81), GSM7, 162, 2, 143}, // 76 fit in 153, five are left
		{"ucs2 70", strings.Repeat("好", 70), UCS2, 70, 1, 0},
		{"ucs2 71", strings.Repeat("好", 71), UCS2, 71, 2, 63},
		{"ucs2 134", strings.Repeat("好", 134), UCS2, 134, 2, 0},
		{"ucs2 135", strings.Repeat("好", 135), UCS2, 135, 3, 66},
		{"emoji counts two", strings.Repeat("👍", 35), UCS2, 70, 1, 0},
		{"36 emoji", strings.Repeat("👍", 36), UCS2, 72, 2, 61}, // 33 fit in 67, three are left
		{"one Chinese letter turns all", strings.Repeat("a", 70) + "好", UCS2, 71, 2, 63},
		{"signature counts", sign + strings.Repeat("好", 64), UCS2, 70, 1, 0},
		{"signature tips over", sign + strings.Repeat("好", 65), UCS2, 71, 2, 63},
		{"family emoji with joiners", strings.Repeat("👨‍👩‍👧", 9), UCS2, 72, 2, 62},
		{"full-width digits are UCS-2", "１", UCS2, 1, 1, 69},
	} {
		s := Segment(c.text)
		if s.Alphabet != c.alphabet || s.Units != c.units || len(s.Parts) != c.parts || s.Left != c.left {
			t.Errorf("%s: got %s %d units %d parts %d left, want %s %d %d %d",
				c.name, s.Alphabet, s.Units, len(s.Parts), s.Left, c.alphabet, c.units, c.parts, c.left)
		}
	}
}

func TestSM04_CostRoundsUpToFen(t *testing.T) {
	for _, c := range []struct {
		parts, li int
		fen       int64
	}{{1, 45, 5}, {2, 45, 9}, {3, 45, 14}, {1, 50, 5}, {0, 45, 0}} {
		if got := CostFen(c.parts, c.li); got != c.fen {
			t.Errorf("%d parts at %d li: got %d fen, want %d", c.parts, c.li, got, c.fen)
		}
	}
}

func FuzzSegment(f *testing.F) {
	f.Add("【仁心医院】您好👍" + strings.Repeat("好👍", 60))
	f.Add(strings.Repeat("{€}", 100))
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("texts are valid UTF-8 before they get here")
		}
		for _, s := range []Segments{Segment(text), SegmentWide(text)} {
			if strings.Join(s.Parts, "") != text {
				t.Fatal("the parts are not the text")
			}
			for _, p := range s.Parts {
				units := len(utf16.Encode([]rune(p)))
				if s.Alphabet == GSM7 {
					septets, ok := EncodeGSM7(p)
					if !ok || DecodeGSM7(septets) != p {
						t.Fatal("GSM-7 does not come back")
					}
					units = len(septets)
				} else if DecodeUCS2(EncodeUCS2(p)) != p {
					t.Fatal("UCS-2 does not come back")
				}
				if units > s.PerPart {
					t.Fatalf("a part of %d units, room for %d", units, s.PerPart)
				}
			}
		}
	})
}
