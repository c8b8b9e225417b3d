package hl7

import (
	"strings"
	"time"

	"renxin/internal/platform/clock"
)

// parseTime reads a DTM (2.A.22): YYYY[MM[DD[HH[MM[SS[.S…]]]]]][±ZZZZ]; a value without offset is in zone. Dashes, slashes,
// colons, T and blanks, which are not HL7 but are sent, are passed over. ok is false for a moment that does not exist.
func parseTime(s string, zone *time.Location) (clock.Instant, bool) {
	digits, offset, hasOffset, ok := timeParts(s)
	if !ok {
		return 0, false
	}
	if hasOffset {
		zone = time.FixedZone("", offset)
	}
	n := func(from, to, missing int) int {
		if len(digits) < to {
			return missing
		}
		return number(digits[from:to])
	}
	year, month, day := n(0, 4, 0), n(4, 6, 1), n(6, 8, 1)
	hour, minute, second := n(8, 10, 0), n(10, 12, 0), n(12, 14, 0)
	if hour > 24 || minute > 59 || second > 59 || !dayExists(year, month, day) {
		return 0, false
	}
	return clock.At(time.Date(year, time.Month(month), day, hour, minute, second, 0, zone)), true
}

// parseDate reads the date part as written, whatever the offset says: YYYY-MM-DD, YYYY-MM or YYYY as precise as sent.
func parseDate(s string) (string, bool) {
	digits, _, _, ok := timeParts(s)
	if !ok {
		return "", false
	}
	switch {
	case len(digits) >= 8:
		if !dayExists(number(digits[:4]), number(digits[4:6]), number(digits[6:8])) {
			return "", false
		}
		return digits[:4] + "-" + digits[4:6] + "-" + digits[6:8], true
	case len(digits) >= 6:
		return digits[:4] + "-" + digits[4:6], dayExists(number(digits[:4]), number(digits[4:6]), 1)
	}
	return digits[:4], dayExists(number(digits[:4]), 1, 1)
}

// timeParts gives the digits up to the fraction and the offset in seconds.
func timeParts(s string) (digits string, offset int, hasOffset, ok bool) {
	s = strings.TrimSpace(s)
	body := s
	if i := strings.LastIndexAny(s, "+-"); i >= 8 && len(s)-i == 5 && allDigits(s[i+1:]) {
		body, hasOffset = s[:i], true
		offset = number(s[i+1:i+3])*3600 + number(s[i+3:])*60
		if s[i] == '-' {
			offset = -offset
		}
	}
	body, _, _ = strings.Cut(body, ".")
	if !allDigits(body) {
		if len(body) < 8 || body[4] != '-' && body[4] != '/' {
			return "", 0, false, false
		}
		body = strings.NewReplacer("-", "", "/", "", ":", "", "T", "", " ", "").Replace(body)
	}
	if len(body) < 4 || len(body) > 14 || len(body)%2 == 1 || !allDigits(body) {
		return "", 0, false, false
	}
	return body, offset, hasOffset, true
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func number(digits string) int {
	n := 0
	for i := 0; i < len(digits); i++ {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}

// dayExists checks the calendar; years outside 1850–2200 are typing errors.
func dayExists(year, month, day int) bool {
	if year < 1850 || year > 2200 || month < 1 || month > 12 || day < 1 {
		return false
	}
	return day <= time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
