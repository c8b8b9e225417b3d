package sheet

import (
	"iter"
	"strings"

	"renxin/internal/view"
)

// withoutMark reads a file that this house exported: it ends before the line that says whose copy it is, and before the row ahead of that
// line, which belongs to nobody.
func withoutMark(rows iter.Seq2[row, error]) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		var held *row
		for r, err := range rows {
			if err == nil && isMark(r.cells) {
				return
			}
			if held != nil && !yield(*held, nil) {
				return
			}
			if held = nil; err != nil {
				yield(r, err)
				return
			}
			held = &r
		}
		if held != nil {
			yield(*held, nil)
		}
	}
}

// isMark knows our line by its sign and the number of the export, alone in its row.
func isMark(cells []string) bool {
	if len(cells) == 0 || !strings.HasPrefix(cells[0], view.Mark) || !strings.Contains(cells[0], " ve_") && !strings.Contains(cells[0], "：ve_") {
		return false
	}
	return blank(cells[1:])
}
