// Package sheet reads tables of patients and visits (表格导入): CSV in UTF-8, UTF-16 or GB 18030, and XLSX. Headings are
// recognised by a dictionary of Chinese and English synonyms; each row becomes one intake record.
package sheet

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"time"

	"renxin/internal/intake"
	"renxin/internal/platform/fault"
)

// Errors of Open.
var (
	// ErrOldExcel means a workbook of Excel 97–2003 (.xls): save it as .xlsx or CSV.
	ErrOldExcel = fault.New(fault.Invalid, "intake.file.old_excel")
	// ErrEmpty means that the file holds no table.
	ErrEmpty = fault.New(fault.Invalid, "intake.file.empty")
	// ErrBroken means a workbook that cannot be opened.
	ErrBroken = fault.New(fault.Invalid, "intake.file.broken")
)

// row is one line of a table with its number in the file, as the user's spreadsheet program shows it.
type row struct {
	number int
	cells  []string
	broken bool // a quotation mark that was never closed swallowed lines
}

// table is a file taken apart into cells.
type table struct {
	format, charset string
	since1904       bool // a workbook's dates count from 1904-01-01
	rows            []row
}

// Reader reads tables for the intake room (intake.Reader).
type Reader struct {
	Zone *time.Location // of times, where the caller names none; nil means UTC+8
}

// Open implements intake.Reader: CSV or XLSX by content, not by name.
func (rd Reader) Open(raw []byte, o intake.ReadOptions) (intake.Reading, error) {
	if o.Zone == nil {
		o.Zone = rd.Zone
	}
	tab, err := openTable(raw, o.Charset)
	if err != nil {
		return intake.Reading{}, err
	}
	head := headerRow(tab.rows)
	if head < 0 {
		return intake.Reading{}, ErrEmpty
	}
	l := newLayout(tab.rows[head].cells, o)
	body := slices.DeleteFunc(tab.rows[head+1:], func(r row) bool { return blank(r.cells) })
	l.workbook, l.since1904 = tab.format == "xlsx", tab.since1904
	order, ambiguous := l.dateOrder(body, o.DateOrder)
	l.order = order
	reading := intake.Reading{
		Format: tab.format, Charset: tab.charset, Total: len(body), DateOrder: order,
		Columns: l.columns(body), Fields: Fields(), Ambiguous: ambiguous,
	}
	reading.Records = func(yield func(intake.Record) bool) {
		for _, r := range body {
			if !yield(l.record(r)) {
				return
			}
		}
	}
	return reading, nil
}

func openTable(raw []byte, charset string) (table, error) {
	switch {
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")):
		return openWorkbook(raw)
	case bytes.HasPrefix(raw, []byte{0xD0, 0xCF, 0x11, 0xE0}):
		return table{}, ErrOldExcel
	}
	return openCSV(raw, charset)
}

// headerRow finds the heading line: the one of the first ten whose cells the dictionary knows best, so that a title line
// above it does no harm; else the first line that is not blank.
func headerRow(rows []row) int {
	best, score := -1, 0
	for i, r := range rows[:min(10, len(rows))] {
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
	return best
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

// raw writes heading line and row as a small CSV of its own: what the review screen shows, and what can be repaired and run
// again through the same reader.
func (l *layout) raw(cells []string) []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	n := len(l.heads)
	if len(cells) > n {
		cells = cells[:n]
	}
	padded := make([]string, n)
	copy(padded, cells)
	if w.Write(l.heads) != nil || w.Write(padded) != nil {
		return nil
	}
	w.Flush()
	return out.Bytes()
}

func ref(r row) string { return "R" + strconv.Itoa(r.number) }

func zoneOf(o intake.ReadOptions) *time.Location {
	if o.Zone != nil {
		return o.Zone
	}
	return time.FixedZone("Asia/Shanghai", 8*60*60)
}
