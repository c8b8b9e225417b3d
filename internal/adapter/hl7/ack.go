package hl7

import (
	"fmt"
	"strings"

	"renxin/internal/platform/clock"
	"time"
)

// Acknowledgement codes of MSA-1 (table 0008, original mode 2.9.2).
const (
	Accept = "AA" // committed, or a duplicate of what was
	Error  = "AE" // understood, but the content could not be taken
	Reject = "AR" // not a message that we can read or take
)

// Answer is what an acknowledgement says.
type Answer struct {
	Code      string        // Accept, Error or Reject
	ControlID string        // our own MSH-10
	At        clock.Instant // our own MSH-7
	Zone      *time.Location
	ErrorCode string // table 0357, "207" application error, "200" unsupported message; "" for Accept
	Text      string // what the sender's operator reads; never a patient's data
}

// Ack builds the acknowledgement of m in m's delimiters and character set, unframed. A nil m (unreadable header) is
// answered in the standard delimiters without MSA-2, as 2.9.2.2 allows for a rejected message.
func Ack(m *Message, a Answer) []byte {
	if m == nil {
		m = &Message{Delimiters: Standard, Charset: CharsetUTF8, Segments: []Segment{{Name: "MSH"}}}
	}
	msh := m.Segments[0]
	version := m.Value(msh, 12)
	if version == "" {
		version = "2.4"
	}
	_, trigger := m.Type()
	zone := a.Zone
	if zone == nil {
		zone = time.FixedZone("", 8*60*60)
	}
	d := m.Delimiters
	head := []string{
		"MSH", d.String()[1:],
		msh.Field(5), msh.Field(6), msh.Field(3), msh.Field(4),
		a.At.Time().In(zone).Format("20060102150405-0700"), "",
		join(d.Component, "ACK", d.escape(trigger)), d.escape(a.ControlID), orText(msh.Field(11), "P"), version,
		"", "", "", "", "", msh.Field(18),
	}
	lines := []string{
		trimmed(head, d.Field),
		trimmed([]string{"MSA", a.Code, msh.Field(10), d.escape(a.Text)}, d.Field),
	}
	if a.Code != Accept && a.Code != CommitAccept {
		code := orText(a.ErrorCode, "207")
		lines = append(lines, errorSegment(d, version, code, a.Text))
	}
	return Encode(strings.Join(lines, "\r")+"\r", m.Charset)
}

// errorSegment writes ERR as 2.15.5 has it since v2.5 (ERR-3, ERR-4, ERR-8); older receivers read ERR-1.4.
func errorSegment(d Delimiters, version, code, text string) string {
	coded := join(d.Component, code, d.escape(text), "HL70357")
	if version < "2.5" {
		inner := strings.ReplaceAll(coded, string(d.Component), string(d.Sub))
		return trimmed([]string{"ERR", join(d.Component, "", "", "", inner)}, d.Field)
	}
	return trimmed([]string{"ERR", "", "", coded, "E", "", "", "", d.escape(text)}, d.Field)
}

func join(sep byte, parts ...string) string {
	return strings.TrimRight(strings.Join(parts, string(sep)), string(sep))
}

func trimmed(fields []string, sep byte) string {
	return strings.TrimRight(strings.Join(fields, string(sep)), string(sep))
}

func orText(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

// String of an answer, for logs: code and error only.
func (a Answer) String() string { return fmt.Sprintf("%s %s", a.Code, a.ErrorCode) }
