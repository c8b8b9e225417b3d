package hl7

import (
	"bufio"
	"errors"
	"io"
)

// Minimal lower layer protocol (HL7 v2 transport specification, MLLP release 1): VT message FS CR.
const (
	startBlock = 0x0B
	endBlock   = 0x1C
)

// MaxFrame is the largest message taken from a connection or a file, in bytes.
const MaxFrame = 8 << 20

// Errors of ReadFrame.
var (
	// ErrFrameTooLarge means that a frame passed MaxFrame; the connection cannot be read further.
	ErrFrameTooLarge = errors.New("hl7: frame larger than 8 MB")
	// ErrFrameOpen means that the stream ended inside a frame; what arrived of it must not be processed.
	ErrFrameOpen = errors.New("hl7: stream ended before FS CR")
)

// ReadFrame gives the next message of an MLLP stream without its frame. Bytes between frames are skipped; a VT inside a
// frame means that the sender started over. It fails with io.EOF between frames, else with an error above or of r.
func ReadFrame(r *bufio.Reader) ([]byte, error) {
	for {
		c, err := r.ReadByte()
		if err != nil {
			return nil, err
		}
		if c == startBlock {
			return readBody(r)
		}
	}
}

func readBody(r *bufio.Reader) ([]byte, error) {
	body := make([]byte, 0, 2048)
	for {
		part, err := r.ReadSlice(endBlock)
		if start := lastIndexByte(part, startBlock); start >= 0 {
			body, part = body[:0], part[start+1:]
		}
		if len(body)+len(part) > MaxFrame+1 {
			return nil, ErrFrameTooLarge
		}
		body = append(body, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF):
			return nil, ErrFrameOpen
		case err != nil:
			return nil, err
		}
		next, err := r.ReadByte()
		if errors.Is(err, io.EOF) {
			return nil, ErrFrameOpen
		}
		if err != nil {
			return nil, err
		}
		if next == '\r' {
			return body[:len(body)-1], nil
		}
		if next == startBlock {
			body = body[:0]
			continue
		}
		if err := r.UnreadByte(); err != nil {
			return nil, err
		}
	}
}

func lastIndexByte(b []byte, c byte) int {
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] == c {
			return i
		}
	}
	return -1
}

// Frame wraps a message for an MLLP stream.
func Frame(message []byte) []byte {
	out := make([]byte, 0, len(message)+3)
	out = append(out, startBlock)
	out = append(out, message...)
	return append(out, endBlock, '\r')
}
