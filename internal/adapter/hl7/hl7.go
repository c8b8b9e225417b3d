// Package hl7 reads HL7 version 2 as hospitals really send it (HL7 v2 接入): any character set, any line end, custom
// delimiters, doubled escapes, unknown segments. It turns messages into intake records and builds the acknowledgements.
//
// Clause numbers are those of HL7 v2.5.1 (chapter 2: control, 3: patient administration, 6: finance, 7: observations,
// 9: documents, 10: scheduling). Nothing here touches a database or the network.
package hl7

import "errors"

// Errors of Parse. A message that fails with one of them is answered with AR and kept as rejected.
var (
	// ErrNoHeader means that the bytes do not begin with an MSH segment (2.15.9).
	ErrNoHeader = errors.New("hl7: no MSH segment")
	// ErrDelimiters means that MSH-1 or MSH-2 names unusable delimiters (2.5.4).
	ErrDelimiters = errors.New("hl7: bad delimiters in MSH-1/MSH-2")
)

// Delimiters are the five characters of MSH-1 and MSH-2 (2.5.4).
type Delimiters struct {
	Field, Component, Repeat, Escape, Sub byte
}

// Standard is what nearly everybody sends: |^~\&.
var Standard = Delimiters{'|', '^', '~', '\\', '&'}

// String gives MSH-1 and MSH-2 as they stand in a message.
func (d Delimiters) String() string {
	return string([]byte{d.Field, d.Component, d.Repeat, d.Escape, d.Sub})
}
