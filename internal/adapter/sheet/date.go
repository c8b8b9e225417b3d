package sheet

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
	"renxin/internal/platform/clock"
)

// Orders of a date whose year stands last.
const (
	dayFirst   = "dmy"
	monthFirst = "mdy"
)

// moment is a date as a table writes it, as precise as written.
type moment struct {
	year, month, day     int // month or day 0: not given
	hour, minute, second int
}

// parts cuts a date cell into its numbers. yearLast tells that the year stands at the end, so that day and month need an
// order. ok is false for what is no date at all.
func parts(cell string) (n []int, yearLast, ok bool) {
	s := norm.NFKC.String(cell)
	s = strings.TrimSuffix(strings.NewReplacer("年", "-", "月", "-", "日", " ", "时", ":", "分", ":", "秒", "", "T", " ").Replace(s), "-")
	s = strings.TrimSpace(s)
	if digits(s) {
		switch len(s) {
		case 14, 12, 8, 6:
			n = append(n, atoi(s[:4]), atoi(s[4:6]))
			for i := 6; i < len(s); i += 2 {
				n = append(n, atoi(s[i:i+2]))
			}
			return n, false, true
		case 4:
			return []int{atoi(s)}, false, true
		}
		return nil, false, false
	}
	words := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("-/.: ", r) })
	if len(words) < 2 || len(words) > 7 {
		return nil, false, false
	}
	for i, w := range words {
		if i == 6 { // fraction of a second
			break
		}
		if !digits(w) || len(w) > 4 {
			return nil, false, false
		}
		n = append(n, atoi(w))
	}
	switch {
	case len(words[0]) == 4:
		return n, false, true
	case len(words) >= 3 && len(words[2]) == 4:
		return n, true, true
	}
	return nil, false, false // two-digit years are not guessed
}

func (l *layout) moment(cell string) (moment, bool) {
	if serial, err := strconv.ParseFloat(cell, 64); err == nil && l.workbook && serial >= 1000 && serial < 80000 && !strings.ContainsAny(cell, "eE") && !yearCell(cell) {
		return fromSerial(serial, l.since1904)
	}
	if t, err := time.Parse(time.RFC3339, cell); err == nil {
		t = t.In(l.zone)
		return moment{t.Year(), int(t.Month()), t.Day(), t.Hour(), t.Minute(), t.Second()}, true
	}
	n, yearLast, ok := parts(cell)
	if !ok {
		return moment{}, false
	}
	if yearLast {
		switch l.order {
		case dayFirst:
			n[0], n[2] = n[2], n[0]
		case monthFirst:
			n[0], n[1], n[2] = n[2], n[0], n[1]
		default:
			return moment{}, false
		}
	}
	var m moment
	for i, p := range []*int{&m.year, &m.month, &m.day, &m.hour, &m.minute, &m.second} {
		if i < len(n) {
			*p = n[i]
		}
	}
	return m, m.exists(len(n))
}

// yearCell is 1850–2200 as a bare number: in a workbook that is a year, not the serial number of a day in 1905.
func yearCell(cell string) bool {
	n, err := strconv.Atoi(cell)
	return err == nil && n >= 1850 && n <= 2200
}

// fromSerial reads a workbook's day number: days since 1899-12-30 (1900 system, with its false leap day) or 1904-01-01.
func fromSerial(serial float64, since1904 bool) (moment, bool) {
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if since1904 {
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	days, rest := math.Modf(serial)
	t := start.AddDate(0, 0, int(days)).Add(time.Duration(math.Round(rest*86400)) * time.Second)
	return moment{t.Year(), int(t.Month()), t.Day(), t.Hour(), t.Minute(), t.Second()}, true
}

func (m moment) exists(given int) bool {
	if m.year < 1850 || m.year > 2200 || m.hour > 23 || m.minute > 59 || m.second > 59 {
		return false
	}
	if given >= 2 && (m.month < 1 || m.month > 12) {
		return false
	}
	return given < 3 || m.day >= 1 && m.day <= time.Date(m.year, time.Month(m.month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// date is YYYY-MM-DD, YYYY-MM or YYYY, as precise as the cell.
func (m moment) date() string {
	switch {
	case m.month == 0:
		return fmt.Sprintf("%04d", m.year)
	case m.day == 0:
		return fmt.Sprintf("%04d-%02d", m.year, m.month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", m.year, m.month, m.day)
}

func (m moment) instant(zone *time.Location) clock.Instant {
	return clock.At(time.Date(m.year, time.Month(max(m.month, 1)), max(m.day, 1), m.hour, m.minute, m.second, 0, zone))
}

var dateFields = map[string]bool{patientBirth: true, visitStart: true, visitEnd: true, procedureAt: true, chargeAt: true, bookingAt: true}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
