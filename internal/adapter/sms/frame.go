package sms

import (
	"encoding/binary"
	"errors"
	"io"
)

// frame is one PDU: header, §3.2, and undecoded body.
type frame struct {
	command  command
	status   status
	sequence uint32
	body     []byte
}

const (
	headerLength = 16
	maxFrame     = 70_000 // a message_payload of 64 KiB, §5.3.2.32, and the rest around it
)

var errFrame = errors.New("sms: malformed frame")

// bytes writes the frame for the wire.
func (f frame) bytes() []byte {
	b := make([]byte, headerLength, headerLength+len(f.body))
	binary.BigEndian.PutUint32(b, uint32(headerLength+len(f.body)))
	binary.BigEndian.PutUint32(b[4:], uint32(f.command))
	binary.BigEndian.PutUint32(b[8:], uint32(f.status))
	binary.BigEndian.PutUint32(b[12:], f.sequence)
	return append(b, f.body...)
}

// readFrame reads one PDU. A length out of bounds is errFrame: the stream cannot be trusted any further, §3.4 in spirit.
func readFrame(r io.Reader) (frame, error) {
	var head [headerLength]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return frame{}, err
	}
	f := frame{
		command:  command(binary.BigEndian.Uint32(head[4:])),
		status:   status(binary.BigEndian.Uint32(head[8:])),
		sequence: binary.BigEndian.Uint32(head[12:]),
	}
	length := binary.BigEndian.Uint32(head[:])
	if length < headerLength || length > maxFrame {
		return f, errFrame
	}
	f.body = make([]byte, length-headerLength)
	_, err := io.ReadFull(r, f.body)
	return f, err
}

// tlv is an optional parameter, §5.3.1.
type tlv struct {
	tag   uint16
	value []byte
}

// cursor walks through a body; after the first shortage every read gives zero values and failed is set.
type cursor struct {
	rest   []byte
	failed bool
}

func (c *cursor) byte() byte {
	b := c.take(1)
	if b == nil {
		return 0
	}
	return b[0]
}

func (c *cursor) take(n int) []byte {
	if c.failed || n > len(c.rest) {
		c.failed = true
		return nil
	}
	b := c.rest[:n]
	c.rest = c.rest[n:]
	return b
}

// text reads a C-Octet String of at most most octets with its zero, §3.1. A response of an error may end before it.
func (c *cursor) text(most int) string {
	for i, b := range c.rest {
		if i >= most {
			break
		}
		if b == 0 {
			s := string(c.rest[:i])
			c.rest = c.rest[i+1:]
			return s
		}
	}
	c.failed = true
	return ""
}

// tlvs reads what remains; a torn last parameter is dropped, because real message centres send such and mean no harm.
func (c *cursor) tlvs() (list []tlv) {
	for len(c.rest) >= 4 {
		tag := binary.BigEndian.Uint16(c.rest)
		n := int(binary.BigEndian.Uint16(c.rest[2:]))
		if 4+n > len(c.rest) {
			break
		}
		list = append(list, tlv{tag, c.rest[4 : 4+n]})
		c.rest = c.rest[4+n:]
	}
	return list
}

func appendText(b []byte, s string, most int) []byte {
	if len(s) > most-1 {
		s = s[:most-1]
	}
	return append(append(b, s...), 0)
}

func appendTLV(b []byte, t tlv) []byte {
	b = binary.BigEndian.AppendUint16(b, t.tag)
	b = binary.BigEndian.AppendUint16(b, uint16(len(t.value)))
	return append(b, t.value...)
}
