package sheet

import (
	"slices"
	"strings"
	"time"

	"renxin/internal/intake"
)

// layout is what each column of one table means.
type layout struct {
	heads, fields []string
	zone          *time.Location
	issuer        string // of numbers where no column says
	order         string
	workbook      bool
	since1904     bool
}

// many fields may be fed by several columns; of all others the first column wins.
var many = map[string]bool{patientMobile: true, patientPhone: true, relativePhone: true, diagnosisName: true, ignored: true}

func newLayout(header []string, o intake.ReadOptions) *layout {
	l := &layout{zone: zoneOf(o), issuer: o.Issuer}
	taken := map[string]bool{}
	for _, cell := range header {
		head := strings.TrimSpace(strings.TrimPrefix(cell, "\ufeff"))
		field, chosen := o.Mapping[head]
		if !chosen {
			field = fieldOf(head)
		}
		if field == ignored || taken[field] && !many[field] {
			field = ""
		}
		taken[field] = field != ""
		l.heads, l.fields = append(l.heads, head), append(l.fields, field)
	}
	return l
}

func (l *layout) columns(body []row) []intake.Column {
	out := make([]intake.Column, len(l.heads))
	for i, h := range l.heads {
		out[i] = intake.Column{Heading: h, Field: l.fields[i], Sure: l.fields[i] != "" || fieldOf(h) == ignored, Samples: l.samples(body, i)}
	}
	return out
}

// samples gives the first three different values of a column.
func (l *layout) samples(body []row, column int) []string {
	out := []string{}
	for _, r := range body[:min(200, len(body))] {
		if column >= len(r.cells) {
			continue
		}
		if v := clean(r.cells[column]); v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
		if len(out) == 3 {
			break
		}
	}
	return out
}
