package hl7

import (
	"strconv"

	"renxin/internal/intake"
)

// Open reads a file of HL7 messages for the intake room (intake.Reader). Frames that were never closed are counted, not read.
func Open(raw []byte, o intake.ReadOptions) (intake.Reading, error) {
	messages, unread := Split(raw)
	if len(messages) == 0 {
		return intake.Reading{}, ErrNoHeader
	}
	_, charset := Decode(messages[0], o.Charset)
	own := Options{Zone: o.Zone, Charset: o.Charset}
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
