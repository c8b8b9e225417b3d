package intake

import (
	"bytes"
	"context"
	"encoding/csv"
	"regexp"
	"strings"

	"renxin/internal/platform/access"
	"renxin/internal/platform/fault"
)

// MaxPaste is the longest list that can be pasted, in bytes; more than that is a file.
const MaxPaste = 4 << 20

// Paste takes a list copied from a spreadsheet, a chat or a mail: rows of cells parted by tabs, commas or blanks. Errors: invalid where
// there is nothing in it, too_large beyond MaxPaste.
func (s *Service) Paste(ctx context.Context, name, text string) (Upload, Reading, error) {
	if err := access.Need(ctx, PermImport); err != nil {
		return Upload{}, Reading{}, err
	}
	if len(text) > MaxPaste {
		return Upload{}, Reading{}, fault.New(fault.TooLarge, "file.content.too_large", "limit_mb", MaxPaste>>20)
	}
	table := pasted(text)
	if len(table) == 0 {
		return Upload{}, Reading{}, fault.New(fault.Invalid, "intake.file.empty").With("text", "intake.file.empty")
	}
	return s.Upload(ctx, name, bytes.NewReader(table))
}

var wideGap = regexp.MustCompile(`[ \x{3000}\x{00a0}]{2,}`)

// listMark is what people put before the items of a list: "1." "2、" "- ".
var listMark = regexp.MustCompile(`^(?:\d{1,4}[.、)）]\s*|[-•·*]\s+)`)

// pasted writes pasted lines as a table. The first way of parting that most lines share is taken: tabs, commas of either width, wide
// gaps, single blanks.
func pasted(text string) []byte {
	var lines []string
	for l := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		if l = strings.Trim(l, "\r\n \u3000\u00a0"); l != "" {
			lines = append(lines, l)
		}
	}
	split := parting(lines)
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	for _, l := range lines {
		cells := split(l)
		for i := range cells {
			cells[i] = strings.Trim(cells[i], " \u3000\u00a0\"")
		}
		if w.Write(cells) != nil {
			return nil
		}
	}
	w.Flush()
	return out.Bytes()
}

func parting(lines []string) func(string) []string {
	unmarked := func(l string) string { return listMark.ReplaceAllString(l, "") }
	ways := []func(string) []string{
		func(l string) []string { return strings.Split(l, "\t") },
		func(l string) []string {
			return strings.FieldsFunc(unmarked(l), func(r rune) bool { return strings.ContainsRune(",，;；、|", r) })
		},
		func(l string) []string { return wideGap.Split(unmarked(l), -1) },
		func(l string) []string { return strings.Fields(unmarked(l)) },
	}
	for _, way := range ways {
		n := 0
		for _, l := range lines {
			if len(way(l)) > 1 {
				n++
			}
		}
		if n*5 >= len(lines)*4 {
			return way
		}
	}
	return ways[0]
}
