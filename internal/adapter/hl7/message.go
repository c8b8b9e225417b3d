package hl7

import (
	"strings"
)

// Message is one parsed message. Fields are kept as sent (still escaped) and taken apart on demand.
type Message struct {
	Delimiters
	Charset  string // as Decode reports it
	Segments []Segment
}

// Segment is one line: the name and its fields, numbered as the standard numbers them (MSH-1 is the separator itself).
type Segment struct {
	Name   string
	fields []string
}

// Field gives field n as sent, "" where the segment is shorter.
func (s Segment) Field(n int) string {
	if n < 1 || n >= len(s.fields) {
		return ""
	}
	return s.fields[n]
}

// Parse reads one message from its bytes as received; charset overrides MSH-18 where a feed is set so ("" believes MSH-18).
// It is tolerant: BOM, CR, LF or CRLF, blank lines, unknown and Z segments, text broken over several lines, ADD segments
// (2.10.2) and a doubled escape character all pass. It fails only with ErrNoHeader or ErrDelimiters.
func Parse(raw []byte, charset string) (*Message, error) {
	text, set := Decode(raw, charset)
	text = strings.TrimLeft(text, "\ufeff\x0b \t\r\n")
	if len(text) < 4 || text[:3] != "MSH" {
		return nil, ErrNoHeader
	}
	d, doubled, err := delimiters(text)
	if err != nil {
		return nil, err
	}
	if doubled { // an exporter escaped the escape character: no legal message holds two in a row
		esc := string(d.Escape)
		text = strings.ReplaceAll(text, esc+esc, esc)
	}
	m := &Message{Delimiters: d, Charset: set, Segments: make([]Segment, 0, 16)}
	for len(text) > 0 {
		line := text
		if i := strings.IndexAny(text, "\r\n"); i >= 0 {
			line, text = text[:i], text[i+1:]
		} else {
			text = ""
		}
		m.addLine(strings.Trim(line, "\x0b\x1c\x00"))
	}
	return m, nil
}

// delimiters reads MSH-1 and MSH-2. Characters that MSH-2 leaves out keep their usual meaning.
func delimiters(text string) (d Delimiters, doubled bool, err error) {
	d = Standard
	d.Field = text[3]
	rest := text[4:]
	if i := strings.IndexAny(rest, "\r\n"); i >= 0 {
		rest = rest[:i]
	}
	msh2, _, _ := strings.Cut(rest, string(d.Field))
	if len(msh2) >= 4 && msh2[2] == msh2[3] {
		doubled = true
		msh2 = msh2[:3] + msh2[4:]
	}
	for i, p := range []*byte{&d.Component, &d.Repeat, &d.Escape, &d.Sub} {
		if i < len(msh2) {
			*p = msh2[i]
		}
	}
	all := []byte{d.Field, d.Component, d.Repeat, d.Escape, d.Sub}
	for i, c := range all {
		if c <= ' ' || c >= 0x7F || alnum(c) {
			return d, false, ErrDelimiters
		}
		for _, other := range all[:i] {
			if c == other {
				return d, false, ErrDelimiters
			}
		}
	}
	return d, doubled, nil
}

func alnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// addLine appends a segment, or glues a line that is none onto the last field of the segment before it.
func (m *Message) addLine(line string) {
	if strings.TrimSpace(line) == "" {
		return
	}
	if !m.isSegment(line) {
		m.glue("\n" + strings.TrimSpace(line))
		return
	}
	fields := strings.Split(line, string(m.Field))
	name := fields[0]
	switch {
	case name == "ADD" && len(m.Segments) > 0 && len(fields) > 1: // continuation segment, 2.10.2
		m.glue(fields[1])
		last := &m.Segments[len(m.Segments)-1]
		last.fields = append(last.fields, fields[2:]...)
		return
	case name == "MSH": // MSH-1 is the separator, so MSH-2 is the first thing after it
		fields = append([]string{name, string(m.Field)}, fields[1:]...)
	}
	m.Segments = append(m.Segments, Segment{Name: name, fields: fields})
}

func (m *Message) isSegment(line string) bool {
	if len(line) < 3 || len(line) > 3 && line[3] != m.Field {
		return false
	}
	upper := line[0] >= 'A' && line[0] <= 'Z'
	for i := 1; i < 3; i++ {
		c := line[i]
		upper = upper && (c >= 'A' && c <= 'Z' || c >= '0' && c <= '9')
	}
	return upper
}

func (m *Message) glue(text string) {
	if len(m.Segments) == 0 {
		return
	}
	s := &m.Segments[len(m.Segments)-1]
	if len(s.fields) < 2 {
		return
	}
	s.fields[len(s.fields)-1] += text
}

// First gives the first segment of that name; its fields are all empty where there is none.
func (m *Message) First(name string) Segment {
	for _, s := range m.Segments {
		if s.Name == name {
			return s
		}
	}
	return Segment{Name: name}
}

// All gives every segment of that name in order.
func (m *Message) All(name string) []Segment {
	var out []Segment
	for _, s := range m.Segments {
		if s.Name == name {
			out = append(out, s)
		}
	}
	return out
}

// Has reports whether a segment of that name is present.
func (m *Message) Has(name string) bool {
	for _, s := range m.Segments {
		if s.Name == name {
			return true
		}
	}
	return false
}

// Repeats gives the repetitions of a field as sent, none for an empty field.
func (m *Message) Repeats(field string) []string {
	if field == "" {
		return nil
	}
	return strings.Split(field, string(m.Repeat))
}

// Component gives component n (from 1) of a field or repetition, unescaped and trimmed. `""` stays `""`.
func (m *Message) Component(field string, n int) string {
	return m.Unescape(m.first(nth(field, m.Delimiters.Component, n)))
}

// Subcomponent gives subcomponent k of component n, both from 1.
func (m *Message) Subcomponent(field string, n, k int) string {
	return m.Unescape(nth(nth(field, m.Delimiters.Component, n), m.Sub, k))
}

// first cuts a component down to its first subcomponent, as a reader of an older version must (2.8.2).
func (m *Message) first(component string) string { return nth(component, m.Sub, 1) }

// Value gives field n of a segment as one text: first repetition, first component.
func (m *Message) Value(s Segment, n int) string {
	return m.Component(nth(s.Field(n), m.Repeat, 1), 1)
}

func nth(s string, sep byte, n int) string {
	for ; n > 1; n-- {
		i := strings.IndexByte(s, sep)
		if i < 0 {
			return ""
		}
		s = s[i+1:]
	}
	if i := strings.IndexByte(s, sep); i >= 0 {
		return s[:i]
	}
	return s
}

// ControlID is MSH-10. Real feeds repeat it and leave it empty: never use it alone as a key.
func (m *Message) ControlID() string { return m.Value(m.Segments[0], 10) }

// Type gives message code and trigger of MSH-9, which beats EVN-1 (they contradict in real samples). A message of an old
// version that names only ADT takes its trigger from EVN-1 (2.15.9.9).
func (m *Message) Type() (code, trigger string) {
	f := m.Segments[0].Field(9)
	code, trigger = m.Component(f, 1), m.Component(f, 2)
	if trigger == "" {
		if c, t, ok := strings.Cut(code, "_"); ok {
			return c, t
		}
		trigger = m.Value(m.First("EVN"), 1)
	}
	return code, trigger
}

// Sender is MSH-3/MSH-4, application and facility.
func (m *Message) Sender() string {
	app, facility := m.Value(m.Segments[0], 3), m.Value(m.Segments[0], 4)
	if facility == "" {
		return app
	}
	return app + "/" + facility
}
