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
	"golang.org/x/text/transform"
)

// maxLines is how many line breaks a cell may hold before we take it for the work of a quotation mark never closed.
const maxLines = 20

// Names of character sets, as they are shown and may be chosen.
const (
	utf8Name  = "UTF-8"
	utf16Name = "UTF-16"
	gbName    = "GB18030"
)

// charsetOf tells how bytes are to be read: as the user says, else UTF-16 by its mark, UTF-8 where the whole is valid, and GB 18030 for
// all else. Guessing from frequencies is not done: it reads small Chinese files as Western.
func charsetOf(raw []byte, chosen string) string {
	switch c := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(chosen)); {
	case strings.HasPrefix(c, "GB"):
		return gbName
	case strings.HasPrefix(c, "UTF16"), bytes.HasPrefix(raw, []byte{0xFF, 0xFE}), bytes.HasPrefix(raw, []byte{0xFE, 0xFF}):
		return utf16Name
	case c == "UTF8", utf8.Valid(raw):
		return utf8Name
	}
	return gbName
}

// decoded reads bytes as text. Characters that the set does not hold become U+FFFD; a row with one is refused.
func decoded(raw []byte, charset string) io.Reader {
	switch charset {
	case gbName:
		return transform.NewReader(bytes.NewReader(raw), simplifiedchinese.GB18030.NewDecoder())
	case utf16Name:
		return transform.NewReader(bytes.NewReader(raw), unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if utf8.Valid(raw) {
		return bytes.NewReader(raw)
	}
	return transform.NewReader(bytes.NewReader(raw), unicode.UTF8.NewDecoder())
}

func openCSV(raw []byte, charset string) table {
	t := table{format: "csv", charset: charsetOf(raw, charset)}
	comma := separator(decoded(raw, t.charset))
	t.lines = func(yield func(row, error) bool) {
		r := csv.NewReader(decoded(raw, t.charset))
		r.LazyQuotes, r.FieldsPerRecord, r.Comma = true, -1, comma
		for {
			cells, err := r.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			line, _ := r.FieldPos(0)
			current := row{number: line, cells: cells, broken: err != nil}
			for _, c := range cells {
				current.broken = current.broken || strings.Count(c, "\n") > maxLines
			}
			if !yield(current, nil) || err != nil {
				return
			}
		}
	}
	return t
}

// separator is what the first line that is not blank uses most, outside quotation marks.
func separator(in io.Reader) rune {
	start := make([]byte, 64<<10)
	n, err := io.ReadFull(in, start)
	if err != nil && n == 0 {
		return ','
	}
	line, _, _ := strings.Cut(strings.TrimLeft(string(start[:n]), "\r\n "), "\n")
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
