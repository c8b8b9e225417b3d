// Package v3 reads HL7 V3 messages as the Chinese hospital information platforms exchange them (互联互通 V3 接入): XML in any
// of the shapes that vendors write, alone or inside a SOAP envelope. What stands where is said by a mapping of XPaths that
// ships as a data file and that a feed can override; no schema is asked. It also writes the acknowledgements.
//
// Nothing here touches a database or the network.
package v3

import (
	"errors"
	"time"

	"renxin/internal/intake"
	"renxin/internal/platform/fault"
)

// Problem codes of this adapter; texts stand with the intake room's.
const (
	problemXML     = "intake.record.bad_xml"
	problemMapping = "intake.record.no_mapping"
	problemTime    = "intake.record.bad_time"
	problemPatient = "intake.record.no_patient"
	problemKey     = "intake.record.no_number"
	problemMerge   = "intake.record.bad_merge"
)

// Reader reads files of HL7 V3 for the intake room (intake.Reader): one message each, with or without an envelope.
type Reader struct {
	Zone *time.Location // of times without offset, where the caller names none; nil means UTC+8
}

// Open implements intake.Reader.
func (rd Reader) Open(raw []byte, o intake.ReadOptions) (intake.Reading, error) {
	if o.Zone == nil {
		o.Zone = rd.Zone
	}
	m, err := Read(raw, o)
	if err != nil {
		return intake.Reading{}, err
	}
	return intake.Reading{Format: "v3", Charset: m.Charset, Total: 1,
		Records: func(yield func(intake.Record) bool) { yield(m.Record) }}, nil
}

// Message is one message with what its answer needs.
type Message struct {
	Record    intake.Record
	Charset   string
	ID        string // of the message, for the acknowledgement
	Sender    string
	Receiver  string
	Supported bool // its interaction is one that a mapping knows
	wrap      envelope
}

// Read takes a text apart. What is no XML at all is an invalid fault; a message that no mapping knows is a rejected record.
func Read(raw []byte, o intake.ReadOptions) (Message, error) {
	if o.Zone == nil {
		o.Zone = time.FixedZone("Asia/Shanghai", 8*60*60)
	}
	maps, err := mapped(o)
	if err != nil {
		return Message{}, err
	}
	text, charset := decode(raw, o.Charset)
	outer, err := parse(text)
	if err != nil {
		return Message{}, fault.Wrap(err, fault.Invalid, problemXML)
	}
	m := Message{Charset: charset}
	root, body, err := m.wrap.open(outer, text)
	if errors.Is(err, errNoMessage) {
		return m, fault.Wrap(err, fault.Invalid, problemXML)
	}
	if err != nil {
		return m, err
	}
	t := translator{mapping: maps, options: o, root: root}
	t.record.Raw = body
	if m.wrap.plain() { // as received, in its own character set
		t.record.Raw = raw
	} else {
		m.Charset = charsetUTF8
	}
	m.Supported = t.translate(m.wrap.action)
	m.Record, m.ID, m.Sender, m.Receiver = t.record, t.value(root, "message.id"), t.value(root, "message.sender"), t.value(root, "message.receiver")
	return m, nil
}
