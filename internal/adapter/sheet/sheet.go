// Package sheet reads tables of patients and visits (表格导入): CSV in UTF-8, UTF-16 or GB 18030, and XLSX. Headings are
// recognised by a dictionary of Chinese and English synonyms; each row becomes one intake record.
package sheet

import (
	"bytes"
	"encoding/csv"
	"strconv"
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

// Reader reads tables for the intake room (intake.Reader).
type Reader struct {
	Zone *time.Location // of times, where the caller names none; nil means UTC+8
}

// Open implements intake.Reader: CSV or XLSX by content, not by name. The file is walked once to learn what its columns hold, and once
// more for the records.
func (rd Reader) Open(raw []byte, o intake.ReadOptions) (intake.Reading, error) {
	if o.Zone == nil {
		o.Zone = rd.Zone
	}
	tab, err := openTable(raw, o)
	if err != nil {
		return intake.Reading{}, err
	}
	rows, err := tab.first()
	if err != nil {
		return intake.Reading{}, err
	}
	h, ok := findHead(rows)
	if o.Header && len(rows) > 0 {
		h, ok = head{names: unlike(rows[0].cells), last: rows[0].number}, true
	}
	if !ok {
		return intake.Reading{}, ErrEmpty
	}
	w := &walk{columns: make([]survey, len(h.names)), given: o.DateOrder}
	for r, err := range tab.body(h) {
		if err != nil {
			return intake.Reading{}, err
		}
		w.hear(r)
	}
	l := newLayout(h, w.columns, o)
	l.workbook, l.since1904 = tab.format == "xlsx", tab.since1904
	w.tell(tab, h, l)
	reading := intake.Reading{
		Format: tab.format, Charset: tab.charset, Total: w.total, Sheets: tab.sheets, Sheet: tab.sheet, Fingerprint: fingerprint(h), Bare: h.bare,
		Fields: Fields(), DateOrder: l.order, Ambiguous: w.ambiguous, Places: w.places, First: w.first,
	}
	reading.Columns = l.columns(w.columns)
	reading.Records = func(yield func(intake.Record) bool) {
		for r, err := range tab.body(h) {
			if err != nil || !yield(l.record(r)) {
				return
			}
		}
	}
	return reading, nil
}

// raw writes heading line and row as a small CSV of its own: what the review screen shows, and what can be repaired and run
// again through the same reader.
func (l *layout) raw(cells []string) []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	for len(cells) > len(l.heads) && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	padded := make([]string, max(len(l.heads), len(cells)))
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
