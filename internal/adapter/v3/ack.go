package v3

import (
	"encoding/xml"
	"strings"
	"time"

	"renxin/internal/platform/clock"
)

// Acknowledgement codes (HL7 table AcknowledgementType).
const (
	Accept = "AA" // committed, or a duplicate of what was
	Error  = "AE" // understood, but the content could not be taken
	Reject = "AR" // not a message that we can read or take
)

// Answer is what an acknowledgement says.
type Answer struct {
	Code string        // Accept, Error or Reject
	ID   string        // of the acknowledgement
	At   clock.Instant // when it was written
	Zone *time.Location
	Text string // what the sender's operator reads; never a patient's data
}

// ContentType is the media type of the answer to m.
func (m Message) ContentType() string {
	if m.wrap.soap == soap12 {
		return "application/soap+xml; charset=utf-8"
	}
	return "text/xml; charset=utf-8"
}

// Ack writes MCCI_IN000002UV01 in the item shape that WS/T 846 asks for, wrapped as the message was: alone, in a SOAP body, or
// as the text of the operation's result.
func (m Message) Ack(a Answer) []byte {
	var b strings.Builder
	b.WriteString(`<MCCI_IN000002UV01 xmlns="urn:hl7-org:v3" ITSVersion="XML_1.0">`)
	b.WriteString(`<id root="2.16.156.10011.2.5.1.1" extension="` + esc(a.ID) + `"/>`)
	b.WriteString(`<creationTime value="` + a.At.Time().In(a.Zone).Format("20060102150405") + `"/>`)
	b.WriteString(`<interactionId root="2.16.156.10011.2.5.1.2" extension="MCCI_IN000002UV01"/>`)
	b.WriteString(`<processingCode code="P"/><processingModeCode/><acceptAckCode code="NE"/>`)
	b.WriteString(device("receiver", "RCV", m.Sender) + device("sender", "SND", orText(m.Receiver, "Renxin")))
	b.WriteString(`<acknowledgement typeCode="` + a.Code + `"><targetMessage><id root="2.16.156.10011.2.5.1.1" extension="` + esc(m.ID) + `"/></targetMessage>`)
	if a.Text != "" {
		b.WriteString(`<acknowledgementDetail><text value="` + esc(a.Text) + `"/></acknowledgementDetail>`)
	}
	b.WriteString(`</acknowledgement></MCCI_IN000002UV01>`)
	return []byte(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + m.wrap.around(b.String()))
}

func device(name, code, id string) string {
	return `<` + name + ` typeCode="` + code + `"><device classCode="DEV" determinerCode="INSTANCE"><id><item root="2.16.156.10011.2.5.1.3" extension="` + esc(id) + `"/></id></device></` + name + `>`
}

func (v envelope) around(answer string) string {
	if v.plain() {
		return answer
	}
	if v.operation != "" {
		space := ""
		if v.space != "" {
			space = ` xmlns="` + esc(v.space) + `"`
		}
		result := v.result
		if result == "" {
			result = v.operation + "Result"
		}
		answer = `<` + v.operation + `Response` + space + `><` + result + `>` + esc(answer) + `</` + result + `></` + v.operation + `Response>`
	}
	return `<soap:Envelope xmlns:soap="` + esc(v.soap) + `"><soap:Body>` + answer + `</soap:Body></soap:Envelope>`
}

func esc(s string) string {
	var b strings.Builder
	if xml.EscapeText(&b, []byte(s)) != nil { // a builder takes everything
		return ""
	}
	return b.String()
}

func orText(s ...string) string {
	for _, v := range s {
		if v = strings.TrimSpace(v); v != "" {
			return v
		}
	}
	return ""
}
