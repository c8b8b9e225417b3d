package sheet

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"renxin/internal/intake"
)

// layout is what each column of one table means.
type layout struct {
	heads, fields []string
	sure          []bool
	zone          *time.Location
	issuer        string // of numbers where no column says
	order         string
	workbook      bool
	since1904     bool
}

// many fields may be fed by several columns; of all others the first column wins.
var many = map[string]bool{patientMobile: true, patientPhone: true, relativePhone: true, diagnosisName: true, ignored: true}

// newLayout maps columns: as a person chose, else by the dictionary, else, in a table without headings, by what the values look like.
func newLayout(h head, columns []survey, o intake.ReadOptions) *layout {
	l := &layout{zone: zoneOf(o), issuer: o.Issuer, heads: h.names}
	taken := map[string]bool{}
	for i, name := range h.names {
		field, chosen := o.Mapping[name]
		sure := chosen
		if !chosen {
			field = fieldOf(name)
			sure = field != ""
		}
		if !chosen && h.bare {
			field = meant[columns[i].kind()]
		}
		if field == ignored || taken[field] && !many[field] {
			field = ""
		}
		taken[field] = field != ""
		l.fields, l.sure = append(l.fields, field), append(l.sure, sure)
	}
	return l
}

func (l *layout) columns(found []survey) []intake.Column {
	out := make([]intake.Column, len(l.heads))
	for i, h := range l.heads {
		samples := found[i].samples
		if samples == nil {
			samples = []string{}
		}
		if l.workbook && dateFields[l.fields[i]] {
			samples = l.shown(samples)
		}
		out[i] = intake.Column{Heading: h, Field: l.fields[i], Sure: l.sure[i], Samples: samples, Type: shownType(found[i].kind(), l.fields[i]), Filled: found[i].filled}
	}
	return out
}

// shownType: a short Chinese word is a name only in a column of names.
func shownType(kind, field string) string {
	if kind == typeName && field != patientName {
		return typeText
	}
	return kind
}

// shown writes a workbook's day numbers as dates.
func (l *layout) shown(samples []string) []string {
	out := slices.Clone(samples)
	for i, v := range out {
		if m, ok := l.moment(v); ok {
			out[i] = m.date()
		}
	}
	return out
}

// fingerprint tells files with the same headings: what a mapping was saved for. Order and spelling of the headings do not matter.
func fingerprint(h head) string {
	if h.bare {
		return ""
	}
	var names []string
	for _, n := range h.names {
		if n != "" && fieldOf(n) != ignored {
			names = append(names, fold(n))
		}
	}
	slices.SortFunc(names, cmp.Compare)
	sum := sha256.Sum256([]byte(strings.Join(names, "\n")))
	return hex.EncodeToString(sum[:16])
}
