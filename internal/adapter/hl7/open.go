package hl7

import (
	"strconv"
	"time"

	"renxin/internal/intake"
	"renxin/internal/platform/fault"
)

// Reader reads files of HL7 messages for the intake room (intake.Reader).
type Reader struct {
	Zone *time.Location // of times without offset, where the caller names none; nil means UTC+8
}

// Open implements intake.Reader. Frames that were never closed are counted, not read.
func (rd Reader) Open(raw []byte, o intake.ReadOptions) (intake.Reading, error) {
	messages, unread := Split(raw)
	if len(messages) == 0 {
		return intake.Reading{}, fault.Wrap(ErrNoHeader, fault.Invalid, "intake.file.unknown")
	}
	_, charset := Decode(messages[0], o.Charset)
	own := Options{Zone: o.Zone, Charset: o.Charset}
	if own.Zone == nil {
		own.Zone = rd.Zone
	}
	return intake.Reading{
		Format: "hl7", Charset: charset, Total: len(messages), Unread: unread,
		Records: func(yield func(intake.Record) bool) {
			for i, m := range messages {
				_, r := Read(m, own)
				r.Ref = strconv.Itoa(i + 1)
				if !yield(r) {
					return
				}
			}
		},
	}, nil
}
