package sheet

import (
	"slices"

	"renxin/internal/intake"
)

// Table is a file as it stands: a heading line and the lines below it that are not blank, cells as written.
type Table struct {
	Head []string
	Rows [][]string
}

// Cells takes a CSV or XLSX file apart, whatever its character set, separator and byte order mark; the heading line is the one Open finds,
// and the rows are as many and in the same order as Open's records. Errors: ErrOldExcel, ErrEmpty, ErrBroken.
func Cells(raw []byte) (Table, error) {
	tab, err := openTable(raw, intake.ReadOptions{})
	if err != nil {
		return Table{}, err
	}
	rows, err := tab.first()
	if err != nil {
		return Table{}, err
	}
	h, ok := findHead(rows)
	if !ok {
		return Table{}, ErrEmpty
	}
	t := Table{Head: h.names}
	for r, err := range tab.body(h) {
		if err != nil {
			return Table{}, err
		}
		cells := make([]string, max(len(t.Head), len(r.cells)))
		for i, c := range r.cells {
			cells[i] = clean(c)
		}
		t.Rows = append(t.Rows, cells)
	}
	return t, nil
}

// Column finds a heading by any of its names, compared as the dictionary compares them; -1 where none is there.
func (t Table) Column(names ...string) int {
	for _, n := range names {
		if i := slices.IndexFunc(t.Head, func(h string) bool { return fold(h) == fold(n) }); i >= 0 {
			return i
		}
	}
	return -1
}
