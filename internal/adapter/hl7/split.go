package hl7

import (
	"bufio"
	"bytes"
	"errors"
)

// Split cuts a file into the bytes of its messages: one or many, in MLLP frames or simply one after the other, with or
// without byte-order marks and batch envelopes (FHS BHS BTS FTS, 2.10.3). unread counts frames that were never closed or
// too large and must not be processed. Cutting by line is safe before decoding: no character of GB 18030 contains CR or LF.
func Split(file []byte) (messages [][]byte, unread int) {
	if _, wide := utf16BOM(file); wide {
		text, _ := Decode(file, "")
		file = []byte(text)
	}
	if bytes.IndexByte(file, startBlock) >= 0 {
		return splitFrames(file)
	}
	start := -1
	for pos := 0; pos < len(file); {
		line := pos
		end := bytes.IndexAny(file[pos:], "\r\n")
		if end < 0 {
			pos = len(file)
		} else {
			pos += end + 1
		}
		head := bytes.TrimPrefix(file[line:pos], utf8BOM)
		switch {
		case isHeader(head):
			if start >= 0 {
				messages = append(messages, file[start:line])
			}
			start = line
		case isEnvelope(head):
			if start >= 0 {
				messages = append(messages, file[start:line])
			}
			start = -1
		}
	}
	if start >= 0 {
		messages = append(messages, file[start:])
	}
	for i, m := range messages {
		messages[i] = bytes.TrimRight(m, "\r\n \t\x00\x1a")
	}
	return messages, 0
}

func splitFrames(file []byte) (messages [][]byte, unread int) {
	r := bufio.NewReader(bytes.NewReader(file))
	for {
		m, err := ReadFrame(r)
		switch {
		case err == nil:
			messages = append(messages, m)
		case errors.Is(err, ErrFrameOpen), errors.Is(err, ErrFrameTooLarge):
			unread++
			return messages, unread
		default:
			return messages, unread
		}
	}
}

func isHeader(line []byte) bool {
	return len(line) > 8 && bytes.HasPrefix(line, []byte("MSH")) && !alnum(line[3])
}

func isEnvelope(line []byte) bool {
	if len(line) < 4 || alnum(line[3]) {
		return false
	}
	switch string(line[:3]) {
	case "FHS", "BHS", "BTS", "FTS":
		return true
	}
	return false
}
