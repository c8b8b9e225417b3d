package sheet

import (
	"bytes"
	"iter"
	"slices"
	"strconv"
	"strings"

	"renxin/internal/intake"
)

// row is one line of a table with its number in the file, as the user's spreadsheet program shows it.
type row struct {
	number int
	cells  []string
	broken bool // a quotation mark that was never closed swallowed lines
}

// table is a file that can be walked line by line, as often as needed; its lines are never held all at once.
type table struct {
	format, charset string
	sheets          []string // of a workbook
	sheet           string   // the one that is read
	since1904       bool     // a workbook's dates count from 1904-01-01
	lines           iter.Seq2[row, error]
}

func openTable(raw []byte, o intake.ReadOptions) (table, error) {
	switch {
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")):
		return openWorkbook(raw, o.Sheet)
	case bytes.HasPrefix(raw, []byte{0xD0, 0xCF, 0x11, 0xE0}):
		return table{}, ErrOldExcel
	}
	return openCSV(raw, o.Charset), nil
}

// headLines is how many lines are looked at for the headings.
const headLines = 10

// head is where a table's headings stand and what they say.
type head struct {
	names []string
	last  int  // number of the last heading line; 0 where the table has none
	bare  bool // the table has no heading line: names are those of a spreadsheet's columns
}

// findHead finds the heading line among the first: the one whose cells the dictionary knows best, so that a title line above it does no
// harm; a second line below it that only continues headings (merged cells) counts too. A table whose first line is data has no headings.
func findHead(rows []row) (head, bool) {
	best, score := -1, 0
	for i, r := range rows {
		known := 0
		for _, c := range r.cells {
			if fieldOf(c) != "" {
				known++
			}
		}
		if known > score || best < 0 && !blank(r.cells) {
			best, score = i, known
		}
	}
	if best < 0 {
		return head{}, false
	}
	if score == 0 && looksLikeData(rows[best].cells) {
		width := 0
		for _, r := range rows {
			width = max(width, len(r.cells))
		}
		return head{names: letters(width), bare: true}, true
	}
	last := best
	if best+1 < len(rows) && continues(rows[best], rows[best+1]) {
		last++
	}
	return head{names: unlike(headings(rows[:last+1], best)), last: rows[last].number}, true
}

// continues: every cell of the line is a heading we know and stands where the line above it has a group or nothing.
func continues(above, r row) bool {
	some := false
	for i, c := range r.cells {
		if strings.TrimSpace(c) == "" {
			continue
		}
		if fieldOf(c) == "" {
			return false
		}
		some = some || i >= len(above.cells) || fieldOf(cell(above.cells, i)) != fieldOf(c)
	}
	return some
}

// headings joins the heading lines from best on: the lowest cell with something in it names the column; a name that stands twice takes
// the group above it ("联系人" over "姓名").
func headings(rows []row, best int) []string {
	low := rows[len(rows)-1].cells
	var up []string
	if n := len(rows); n > best+1 || n > 1 && filled(rows[n-2].cells) > 1 { // a title is one cell
		up = rows[n-2].cells
	}
	out := make([]string, max(len(low), len(up)))
	groups := make([]string, len(out))
	group := ""
	for i := range out {
		if g := strings.TrimSpace(cell(up, i)); g != "" {
			group = g
		}
		groups[i] = group
		if out[i] = strings.TrimSpace(strings.TrimPrefix(cell(low, i), "\ufeff")); out[i] == "" {
			out[i] = strings.TrimSpace(cell(up, i))
		}
	}
	times := map[string]int{}
	for _, h := range out {
		times[h]++
	}
	for i, h := range out {
		if h != "" && times[h] > 1 && groups[i] != "" && groups[i] != h {
			out[i] = groups[i] + h
		}
	}
	return out
}

// unlike makes names differ, so that each column can be mapped by its own.
func unlike(names []string) []string {
	seen := map[string]int{}
	for i, n := range names {
		if n == "" {
			continue
		}
		if seen[n]++; seen[n] > 1 {
			names[i] = n + " (" + strconv.Itoa(seen[n]) + ")"
		}
	}
	return names
}

func letters(n int) []string {
	out := make([]string, n)
	for i := range out {
		for k := i + 1; k > 0; k = (k - 1) / 26 {
			out[i] = string(rune('A'+(k-1)%26)) + out[i]
		}
	}
	return out
}

func cell(cells []string, i int) string {
	if i < len(cells) {
		return cells[i]
	}
	return ""
}

func filled(cells []string) (n int) {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// clean takes a cell out of the wrappings that spreadsheets put on numbers: ="0139…", a leading apostrophe, odd blanks.
func clean(cell string) string {
	cell = strings.TrimFunc(cell, func(r rune) bool { return r <= ' ' || r == '\u00a0' || r == '\u3000' || r == '\ufeff' })
	if len(cell) >= 3 && strings.HasPrefix(cell, `="`) && strings.HasSuffix(cell, `"`) {
		cell = strings.TrimSpace(cell[2 : len(cell)-1])
	}
	return strings.TrimPrefix(cell, "'")
}

// body walks the lines below the headings that are not blank.
func (t table) body(h head) iter.Seq2[row, error] {
	return withoutMark(func(yield func(row, error) bool) {
		for r, err := range t.lines {
			if err == nil && (r.number <= h.last || !r.broken && blank(r.cells)) {
				continue
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	})
}

// first gives the lines among which the headings are looked for.
func (t table) first() ([]row, error) {
	var out []row
	for r, err := range t.lines {
		if err != nil {
			return nil, err
		}
		if out = append(out, r); len(out) == headLines {
			break
		}
	}
	return out, nil
}
