package sheet

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"renxin/internal/identity"
)

// Types of a column, as its values show them.
const (
	typeMobile = "mobile"
	typePhone  = "phone"
	typeIDCard = "id_card"
	typeDate   = "date"
	typeSex    = "sex"
	typeName   = "name"
	typeAmount = "amount"
	typeNumber = "number"
	typeText   = "text"
)

// typeOf tells what one value looks like.
func typeOf(v string) string {
	switch v {
	case "男", "女", "男性", "女性", "M", "F":
		return typeSex
	}
	if whole, ok := wholeNumber(v); ok {
		v = whole
	}
	bare := strings.NewReplacer(" ", "", "-", "").Replace(v)
	switch {
	case len(bare) == 11 && digits(bare) && bare[0] == '1' && bare[1] >= '3':
		return typeMobile
	case isIDCard(bare):
		return typeIDCard
	case isDate(v):
		return typeDate
	case len(bare) >= 7 && len(bare) <= 12 && bare[0] == '0' && digits(bare):
		return typePhone
	case digits(bare):
		return typeNumber
	case strings.Contains(v, ".") && isAmount(v):
		return typeAmount
	case isName(v):
		return typeName
	}
	return typeText
}

func isIDCard(v string) bool {
	if len(v) != 18 && len(v) != 15 {
		return false
	}
	_, problem := identity.ParseIDCard(v)
	return problem == ""
}

// isDate is stricter than reading one: bare digits only where they are a whole day.
func isDate(v string) bool {
	n, yearLast, ok := parts(v)
	if !ok || len(n) < 3 || digits(v) && len(v) != 8 {
		return false
	}
	if yearLast {
		return n[0] >= 1 && n[0] <= 31 && n[1] >= 1 && n[1] <= 31
	}
	return n[0] >= 1850 && n[0] <= 2200 && n[1] >= 1 && n[1] <= 12 && n[2] >= 1 && n[2] <= 31
}

func isAmount(v string) bool { _, ok := fen(v); return ok }

// isName is two to four Chinese characters with a surname first, or several of a minority with a dot between.
func isName(v string) bool {
	n := utf8.RuneCountInString(v)
	if n < 2 || n > 4 && !strings.ContainsAny(v, "·•") || n > 15 {
		return false
	}
	for _, r := range v {
		if !unicode.Is(unicode.Han, r) && r != '·' && r != '•' {
			return false
		}
	}
	return true
}

// meant is the field that a column without a heading feeds by what its values look like; "" where that would be a guess, as with dates.
var meant = map[string]string{typeMobile: patientMobile, typeIDCard: patientIDCard, typeName: patientName, typeSex: patientSex, typePhone: patientPhone}

// looksLikeData: a line in which a value betrays itself is no heading.
func looksLikeData(cells []string) bool {
	for _, c := range cells {
		switch typeOf(clean(c)) {
		case typeMobile, typeIDCard, typeDate, typeSex, typePhone:
			return true
		}
	}
	return false
}

// survey is what a walk over the whole table found out about one column.
type survey struct {
	filled  int
	types   map[string]int
	samples []string
	yearEnd bool // a date with the year last
	seen    map[string]bool
}

// surveyed is how many filled cells of a column are looked at for its type.
const surveyed = 2000

func (s *survey) hear(cell string) {
	v := clean(cell)
	if v == "" {
		return
	}
	s.filled++
	if len(s.samples) < 3 && !s.seen[v] {
		if s.seen == nil {
			s.seen = map[string]bool{}
		}
		s.seen[v] = true
		s.samples = append(s.samples, v)
	}
	if s.filled > surveyed {
		return
	}
	if s.types == nil {
		s.types = map[string]int{}
	}
	s.types[typeOf(v)]++
}

// kind is the type of four fifths of the values, else text.
func (s survey) kind() string {
	if s.filled == 0 {
		return ""
	}
	n := min(s.filled, surveyed)
	for t, k := range s.types {
		if k*5 >= n*4 {
			return t
		}
	}
	return typeText
}
