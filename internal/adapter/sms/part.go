package sms

import (
	"fmt"

	"golang.org/x/text/encoding/simplifiedchinese"

	"renxin/internal/message"
)

// place is where a part stands in a long message.
type place struct {
	ref          int
	wide         bool // 16-bit reference
	index, total int
}

// header is the user data header of 3GPP TS 23.040 §9.2.3.24.1 (8-bit reference) or §9.2.3.24.8 (16-bit).
func (p place) header() []byte {
	if p.wide {
		return []byte{6, 0x08, 4, byte(p.ref >> 8), byte(p.ref), byte(p.total), byte(p.index)}
	}
	return []byte{5, 0x00, 3, byte(p.ref), byte(p.total), byte(p.index)}
}

// cutHeader takes the user data header off; elements other than concatenation are skipped. A torn header leaves the whole as text.
func cutHeader(b []byte) (p place, rest []byte) {
	if len(b) == 0 || 1+int(b[0]) > len(b) {
		return place{}, b
	}
	end := 1 + int(b[0])
	elements, rest := b[1:end], b[end:]
	for len(elements) >= 2 && 2+int(elements[1]) <= len(elements) {
		id, value := elements[0], elements[2:2+int(elements[1])]
		switch {
		case id == 0x00 && len(value) == 3:
			p = place{ref: int(value[0]), total: int(value[1]), index: int(value[2])}
		case id == 0x08 && len(value) == 4:
			p = place{ref: int(value[0])<<8 | int(value[1]), wide: true, total: int(value[2]), index: int(value[3])}
		}
		elements = elements[2+len(value):]
	}
	return p, rest
}

// encode makes the octets of one part.
func encode(a message.Alphabet, text string) (coding byte, octets []byte) {
	if a == message.GSM7 {
		if septets, ok := message.EncodeGSM7(text); ok {
			return codingDefault, septets
		}
	}
	return codingUCS2, message.EncodeUCS2(text)
}

// decode reads octets by their data_coding; units are the UTF-16 units for joining parts.
func decode(coding byte, octets []byte) (text string, units []uint16) {
	switch coding {
	case codingUCS2:
		return message.DecodeUCS2(octets), message.Units(octets)
	case codingASCII, codingLatin1:
		runes := make([]rune, len(octets))
		for i, b := range octets {
			runes[i] = rune(b)
		}
		text = string(runes)
	case codingGB:
		b, err := simplifiedchinese.GB18030.NewDecoder().Bytes(octets)
		if err != nil {
			b = nil
		}
		text = string(b)
	case codingBinary, codingBinary2:
		text = fmt.Sprintf("[%d octets]", len(octets))
	default:
		text = message.DecodeGSM7(octets)
	}
	return text, message.Units(message.EncodeUCS2(text))
}

// open decodes what a deliver_sm or submit_sm carries: by user data header, by sar_* parameters, or whole.
func (s short) open() (text string, units []uint16, p place) {
	octets := s.message
	if s.esmClass&esmUDHI != 0 {
		p, octets = cutHeader(octets)
	} else if total := s.number(tagSARTotal); total > 1 {
		p = place{ref: s.number(tagSARReference), total: total, index: s.number(tagSARIndex), wide: true}
	}
	if p.total < 2 || p.index < 1 || p.index > p.total {
		p = place{}
	}
	text, units = decode(s.coding, octets)
	return text, units, p
}
