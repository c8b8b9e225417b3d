package hl7

import (
	"encoding/hex"
	"strings"
)

// Unescape resolves the escape sequences of 2.7 and trims blanks around the value. Formatting commands become line breaks
// or nothing; a sequence that nobody defines stays as it was sent, so that no text is lost.
func (m *Message) Unescape(s string) string {
	if strings.IndexByte(s, m.Escape) < 0 {
		return strings.TrimSpace(s)
	}
	var out strings.Builder
	out.Grow(len(s))
	for {
		i := strings.IndexByte(s, m.Escape)
		if i < 0 {
			break
		}
		end := strings.IndexByte(s[i+1:], m.Escape)
		if end < 0 {
			break
		}
		seq := s[i+1 : i+1+end]
		text, known := m.sequence(seq)
		if !known {
			out.WriteString(s[:i+1+end]) // keep it; the closing character may open the next sequence
			s = s[i+1+end:]
			if len(s) == 1 {
				break
			}
			continue
		}
		out.WriteString(s[:i])
		out.WriteString(text)
		s = s[i+end+2:]
	}
	out.WriteString(s)
	return strings.TrimSpace(out.String())
}

func (m *Message) sequence(seq string) (string, bool) {
	switch seq {
	case "F":
		return string(m.Field), true
	case "S":
		return string(m.Delimiters.Component), true
	case "T":
		return string(m.Sub), true
	case "R":
		return string(m.Repeat), true
	case "E":
		return string(m.Escape), true
	case "H", "N": // highlighting on and off
		return "", true
	case "":
		return "", false
	}
	switch {
	case seq[0] == '.': // formatting commands, 2.7.6
		return formatting(seq[1:])
	case seq[0] == 'X' && len(seq)%2 == 1:
		b, err := hex.DecodeString(seq[1:])
		if err != nil {
			return "", false
		}
		text, _ := Decode(b, m.Charset)
		return text, true
	case (seq[0] == 'C' || seq[0] == 'M') && len(seq) >= 5: // character set switches of ISO 2022: not used by anyone we read
		return "", true
	}
	return "", false
}

func formatting(command string) (string, bool) {
	if len(command) < 2 {
		return "", false
	}
	switch strings.ToLower(command[:2]) {
	case "br", "sp", "ce":
		return "\n", true
	case "in", "ti", "sk", "fi", "nf":
		return " ", true
	}
	return "", false
}

// escape writes a value for a message with these delimiters.
func (d Delimiters) escape(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch c {
		case d.Field:
			d.sequence(&out, "F")
		case d.Component:
			d.sequence(&out, "S")
		case d.Sub:
			d.sequence(&out, "T")
		case d.Repeat:
			d.sequence(&out, "R")
		case d.Escape:
			d.sequence(&out, "E")
		case '\r', '\n':
			d.sequence(&out, ".br")
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}

func (d Delimiters) sequence(out *strings.Builder, seq string) {
	out.WriteByte(d.Escape)
	out.WriteString(seq)
	out.WriteByte(d.Escape)
}
