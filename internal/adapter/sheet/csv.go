package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// maxLines is how many line breaks a cell may hold before we take it for the work of a quotation mark never closed.
const maxLines = 20

// decode turns a whole file into text. UTF-8 is whatever is valid as a whole; all else is GB 18030. Guessing from
// frequencies is not done: it reads small Chinese files as Western.
func decode(raw []byte, charset string) (text, name string) {
	if bytes.HasPrefix(raw, []byte{0xFF, 0xFE}) || bytes.HasPrefix(raw, []byte{0xFE, 0xFF}) {
		if out, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(raw); err == nil {
			return string(out), "UTF-16"
		}
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	forced := strings.HasPrefix(strings.ToUpper(charset), "GB")
	if utf8.Valid(raw) && !forced {
		return string(raw), "UTF-8"
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
	if err != nil {
		return strings.ToValidUTF8(string(raw), "\uFFFD"), "UTF-8"
	}
	return string(out), "GB18030"
}

func openCSV(raw []byte, charset string) (table, error) {
	text, name := decode(raw, charset)
	t := table{format: "csv", charset: name}
	r := csv.NewReader(strings.NewReader(text))
	r.LazyQuotes = true
	r.FieldsPerRecord = -1
	r.Comma = separator(text)
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := r.FieldPos(0)
		current := row{number: line, cells: cells, broken: err != nil}
		for _, c := range cells {
			current.broken = current.broken || strings.Count(c, "\n") > maxLines
		}
		t.rows = append(t.rows, current)
		if err != nil {
			break
		}
	}
	if len(t.rows) == 0 {
		return t, ErrEmpty
	}
	return t, nil
}

// separator is what the first line that is not blank uses most, outside quotation marks.
func separator(text string) rune {
	line, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n "), "\n")
	best, count := ',', 0
	for _, candidate := range []rune{',', '\t', ';', '|'} {
		n, quoted := 0, false
		for _, c := range line {
			if c == '"' {
				quoted = !quoted
			}
			if c == candidate && !quoted {
				n++
			}
		}
		if n > count {
			best, count = candidate, n
		}
	}
	return best
}
