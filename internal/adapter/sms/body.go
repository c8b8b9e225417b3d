package sms

import (
	"bytes"
	"encoding/binary"
)

// address is a number with its type, §5.2.5 and §5.2.6.
type address struct {
	ton, npi byte
	number   string // at most 20 digits
}

// bind is the body of bind_transceiver, §4.1.5.
type bind struct {
	systemID, password, systemType string
	version                        byte
	address                        address
}

func (b bind) bytes() []byte {
	out := appendText(nil, b.systemID, 16)
	out = appendText(out, b.password, 9)
	out = appendText(out, b.systemType, 13)
	out = append(out, b.version, b.address.ton, b.address.npi)
	return appendText(out, b.address.number, 41)
}

func parseBind(body []byte) (b bind, ok bool) {
	c := cursor{rest: body}
	b.systemID, b.password, b.systemType = c.text(16), c.text(9), c.text(13)
	b.version, b.address.ton, b.address.npi = c.byte(), c.byte(), c.byte()
	b.address.number = c.text(41)
	return b, !c.failed
}

// short is the body of submit_sm, §4.4.1, and deliver_sm, §4.6.1, which share one layout.
type short struct {
	serviceType         string
	source, dest        address
	esmClass, protocol  byte
	priority            byte
	schedule, validity  string
	registered, replace byte
	coding, predefined  byte
	message             []byte // short_message, or message_payload when that is used
	options             []tlv
}

const maxShort = 254 // octets of short_message, §5.2.21

func (s short) bytes() []byte {
	b := appendText(nil, s.serviceType, 6)
	b = appendAddress(b, s.source)
	b = appendAddress(b, s.dest)
	b = append(b, s.esmClass, s.protocol, s.priority)
	b = appendText(b, s.schedule, 17)
	b = appendText(b, s.validity, 17)
	b = append(b, s.registered, s.replace, s.coding, s.predefined)
	options := s.options
	if len(s.message) > maxShort {
		b = append(b, 0)
		options = append([]tlv{{tagMessagePayload, s.message}}, options...)
	} else {
		b = append(append(b, byte(len(s.message))), s.message...)
	}
	for _, t := range options {
		b = appendTLV(b, t)
	}
	return b
}

func parseShort(body []byte) (s short, ok bool) {
	c := cursor{rest: body}
	s.serviceType = c.text(6)
	s.source, s.dest = c.address(), c.address()
	s.esmClass, s.protocol, s.priority = c.byte(), c.byte(), c.byte()
	s.schedule, s.validity = c.text(17), c.text(17)
	s.registered, s.replace, s.coding, s.predefined = c.byte(), c.byte(), c.byte(), c.byte()
	s.message = c.take(int(c.byte()))
	if c.failed {
		return s, false
	}
	for _, t := range c.tlvs() {
		if t.tag == tagMessagePayload && len(s.message) == 0 {
			s.message = t.value
			continue
		}
		s.options = append(s.options, t)
	}
	return s, true
}

func (c *cursor) address() address {
	return address{ton: c.byte(), npi: c.byte(), number: c.text(21)}
}

func appendAddress(b []byte, a address) []byte {
	return appendText(append(b, a.ton, a.npi), a.number, 21)
}

// option gives the value of a parameter.
func (s short) option(tag uint16) ([]byte, bool) {
	for _, t := range s.options {
		if t.tag == tag {
			return t.value, true
		}
	}
	return nil, false
}

// number gives an integer parameter of one or two octets; 0 when absent or of another size.
func (s short) number(tag uint16) int {
	v, _ := s.option(tag)
	switch len(v) {
	case 1:
		return int(v[0])
	case 2:
		return int(binary.BigEndian.Uint16(v))
	}
	return 0
}

// text gives a C-Octet String parameter; the closing zero may be missing, as real receipts have it.
func (s short) text(tag uint16) string {
	v, _ := s.option(tag)
	v, _, _ = bytes.Cut(v, []byte{0})
	return string(v)
}

// messageID reads the body of submit_sm_resp, §4.4.2, and of bind and deliver responses, whose first field is a text too.
// It is empty in the response of an error.
func messageID(body []byte) string {
	c := cursor{rest: body}
	return c.text(65)
}
