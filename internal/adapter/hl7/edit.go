package hl7

import (
	"strconv"
	"strings"

	"renxin/internal/intake"
	"renxin/internal/platform/fault"
)

// personal are the segments that tell of persons; of the others only free text does.
var personal = map[string]bool{"PID": true, "NK1": true, "MRG": true, "GT1": true, "IN1": true, "IN2": true, "PD1": true, "NTE": true, "OBX": true, "ROL": true, "CON": true, "ARV": true}

// maxParts is how many fields a screen shows.
const maxParts = 600

// Parts implements intake.Editor: the fields of every segment that hold something, and the empty ones between them, as sent. Fields of
// persons and of segments of one's own (Z…) are personal.
func (rd Reader) Parts(raw []byte, charset string) []intake.Part {
	m, err := Parse(raw, charset)
	if err != nil {
		return nil
	}
	var out []intake.Part
	for i, s := range m.Segments {
		for n := first(s.Name); n < len(s.fields) && len(out) < maxParts; n++ {
			out = append(out, intake.Part{Place: place(i, s.Name, n), Value: s.fields[n], Personal: personal[s.Name] || s.Name[0] == 'Z'})
		}
	}
	return out
}

// first field that may be changed: MSH-1 and MSH-2 say how the message is read.
func first(segment string) int {
	if segment == "MSH" {
		return 3
	}
	return 1
}

func place(segment int, name string, field int) string {
	return strconv.Itoa(segment+1) + "/" + name + "-" + strconv.Itoa(field)
}

// Edit implements intake.Editor. A value is written as it would be sent: components and repetitions with the message's own delimiters.
func (rd Reader) Edit(raw []byte, charset string, values map[string]string) ([]byte, error) {
	m, err := Parse(raw, charset)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "intake.record.no_header")
	}
	wrong := fault.New(fault.Invalid, "intake.repair.invalid")
	for where, value := range values {
		if !m.put(where, value) {
			wrong.With(where, "intake.repair.unknown_field")
		}
	}
	if err := wrong.Or(); err != nil {
		return nil, err
	}
	return []byte(m.text()), nil
}

// put writes one field; a field behind the last one is added, a segment is not.
func (m *Message) put(where, value string) bool {
	at, rest, _ := strings.Cut(where, "/")
	name, number, _ := strings.Cut(rest, "-")
	i, err := strconv.Atoi(at)
	if err != nil || i < 1 || i > len(m.Segments) || m.Segments[i-1].Name != name {
		return false
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < first(name) || n > 200 || strings.ContainsAny(value, "\r\n\x0b\x1c\x00"+string(m.Field)) {
		return false
	}
	s := &m.Segments[i-1]
	for len(s.fields) <= n {
		s.fields = append(s.fields, "")
	}
	s.fields[n] = value
	if name == "MSH" && n == 18 { // the edited text is UTF-8 whatever the message was
		return false
	}
	return true
}

// text writes the message again, in UTF-8 and saying so.
func (m *Message) text() string {
	var b strings.Builder
	for _, s := range m.Segments {
		fields := s.fields
		if s.Name == "MSH" {
			for len(fields) <= 18 {
				fields = append(fields, "")
			}
			fields[18] = "UNICODE UTF-8"
			b.WriteString("MSH" + m.Delimiters.String() + string(m.Field) + strings.Join(fields[3:], string(m.Field)) + "\r")
			continue
		}
		b.WriteString(strings.Join(fields, string(m.Field)) + "\r")
	}
	return b.String()
}
