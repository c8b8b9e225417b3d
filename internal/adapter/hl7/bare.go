package hl7

import (
	"strings"
)

// bare is the message without the text of results, for hospitals that do not keep it: the values of OBX but for conclusions, the
// documents of MDM, and notes are cut out; names, units and flags stay. nil where there is nothing to cut.
func (m *Message) bare(raw []byte) []byte {
	code, _ := m.Type()
	if code != "ORU" && code != "OUL" && code != "MDM" {
		return nil
	}
	text, _ := Decode(raw, m.Charset)
	var out strings.Builder
	cut, dropping := false, false
	for len(text) > 0 {
		line := text
		if i := strings.IndexAny(text, "\r\n"); i >= 0 {
			line = text[:i+1]
		}
		text = text[len(line):]
		body := strings.TrimRight(line, "\r\n")
		segment := m.isSegment(strings.Trim(body, "\x0b\x1c\x00"))
		if dropping && !segment && body != "" { // the rest of a value that was broken over lines
			continue
		}
		if segment {
			dropping = false
			fields := strings.Split(body, string(m.Field))
			n := map[string]int{"OBX": 5, "NTE": 3}[fields[0]]
			s := Segment{Name: fields[0], fields: fields}
			if n > 0 && s.Field(n) != "" && (fields[0] == "NTE" || code == "MDM" || !m.sumsUp(s)) {
				fields[n], cut, dropping = "", true, true
				line = strings.Join(fields, string(m.Field)) + line[len(body):]
			}
		}
		out.WriteString(line)
	}
	if !cut {
		return nil
	}
	return Encode(out.String(), m.Charset)
}
