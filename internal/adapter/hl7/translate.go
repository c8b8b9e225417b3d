package hl7

import (
	"time"

	"renxin/internal/intake"
	"renxin/internal/platform/clock"
)

// Options are a feed's settings for reading.
type Options struct {
	Zone    *time.Location // of times without offset; nil means UTC+8
	Charset string         // overrides MSH-18; "" believes the message
}

// Problem codes of this adapter; texts stand with the intake room's.
const (
	problemTime     = "intake.record.bad_time"
	problemAmount   = "intake.record.bad_amount"
	problemPatient  = "intake.record.no_patient"
	problemEncoding = "intake.record.bad_encoding"
	problemMerge    = "intake.record.bad_merge"
	problemKey      = "intake.record.no_number"
)

// Reasons of an ignored message.
const (
	reasonType    = "intake.ignored.type"    // a message type that says nothing to us
	reasonPending = "intake.ignored.pending" // an intention (pending admit, transfer, discharge): the event itself will follow
	reasonLink    = "intake.ignored.link"    // A24, A37: numbers linked without being one person
	reasonDelete  = "intake.ignored.delete"  // A29, P02: a feed may not delete a person
	reasonQuery   = "intake.ignored.query"   // queries and acknowledgements
)

// translator carries one message through the mapping.
type translator struct {
	*Message
	zone   *time.Location
	record intake.Record
}

// Read parses and translates one message. The record always carries the raw bytes, so that a rejected one can be shown,
// repaired and run again; an unreadable one has a single fatal problem. The message is nil then.
func Read(raw []byte, o Options) (*Message, intake.Record) {
	m, err := Parse(raw, o.Charset)
	if err != nil {
		code := "intake.record.no_header"
		if err == ErrDelimiters {
			code = "intake.record.bad_delimiters"
		}
		return nil, intake.Record{Raw: raw, Event: intake.Ignored, Type: "hl7",
			Problems: []intake.Problem{{Code: code, Field: "MSH", Fatal: true}}}
	}
	r := Translate(m, o)
	r.Raw, r.Kept = raw, m.bare(raw)
	return m, r
}

// Translate says in the canonical vocabulary what a message reports. It judges nothing: defects become Problems.
func Translate(m *Message, o Options) intake.Record {
	t := &translator{Message: m, zone: o.Zone}
	if t.zone == nil {
		t.zone = time.FixedZone("Asia/Shanghai", 8*60*60)
	}
	code, trigger := m.Type()
	t.record = intake.Record{
		ControlID: m.ControlID(),
		Type:      join('^', code, trigger),
		Sender:    m.Sender(),
	}
	t.record.OccurredAt = t.messageTime()
	t.checkEncoding()
	switch code {
	case "ADT":
		t.admission(trigger)
	case "SIU":
		t.scheduling(trigger)
	case "DFT":
		t.finance()
	case "BAR":
		t.account(trigger)
	case "ORU", "OUL":
		t.observation()
	case "MDM":
		t.document(trigger)
	case "ACK", "QRY", "QBP", "RSP", "ADR":
		t.ignore(reasonQuery)
	default:
		t.ignore(reasonType)
	}
	return t.record
}

// messageTime is when the event happened: EVN-6, else EVN-2 (3.4.1), else MSH-7. It orders events; arrival does not.
func (t *translator) messageTime() clock.Instant {
	evn := t.First("EVN")
	for _, v := range []string{t.Value(evn, 6), t.Value(evn, 2), t.Value(t.Segments[0], 7)} {
		if at, ok := parseTime(v, t.zone); ok {
			return at
		}
	}
	return 0
}

func (t *translator) checkEncoding() {
	for _, s := range t.Segments {
		for _, f := range s.fields {
			for _, r := range f {
				if r == '\uFFFD' {
					t.problem(problemEncoding, s.Name, false)
					return
				}
			}
		}
	}
}

func (t *translator) ignore(reason string) {
	t.record.Event, t.record.Reason = intake.Ignored, reason
}

func (t *translator) problem(code, field string, fatal bool) {
	t.record.Problems = append(t.record.Problems, intake.Problem{Code: code, Field: field, Fatal: fatal})
}

// time reads a point in time; an unreadable one is a problem, an absent one is not.
func (t *translator) time(value, field string) clock.Instant {
	if value == "" || value == null {
		return 0
	}
	at, ok := parseTime(value, t.zone)
	if !ok {
		t.problem(problemTime, field, false)
	}
	return at
}
