package v3

import (
	"strconv"
	"strings"
	"time"

	"renxin/internal/platform/clock"
)

// moment reads a TS: YYYY[MM[DD[HH[MM[SS]]]]] with or without fraction and offset. Dashes, slashes, colons, T and blanks, which
// are not of the standard but are sent, are passed over. date is as precise as written.
func moment(s string, zone *time.Location) (at clock.Instant, date string, ok bool) {
	s = strings.TrimSpace(s)
	if i := strings.LastIndexAny(s, "+-"); i >= 14 || i >= 8 && strings.IndexByte(s[:i], '-') < 0 {
		offset := strings.ReplaceAll(s[i+1:], ":", "")
		n, err := strconv.Atoi(offset)
		if err != nil || len(offset) != 4 {
			return 0, "", false
		}
		seconds := (n/100)*3600 + n%100*60
		if s[i] == '-' {
			seconds = -seconds
		}
		zone, s = time.FixedZone("", seconds), s[:i]
	}
	s, _, _ = strings.Cut(strings.TrimSuffix(s, "Z"), ".")
	digits := strings.NewReplacer("-", "", "/", "", ":", "", "T", "", " ", "").Replace(s)
	layout := "20060102150405"
	if len(digits) < 4 || len(digits) > 14 || len(digits)%2 == 1 || strings.Trim(digits, "0123456789") != "" {
		return 0, "", false
	}
	t, err := time.ParseInLocation(layout[:len(digits)], digits, zone)
	if err != nil || t.Year() < 1850 || t.Year() > 2200 {
		return 0, "", false
	}
	switch {
	case len(digits) >= 8:
		date = digits[:4] + "-" + digits[4:6] + "-" + digits[6:8]
	case len(digits) >= 6:
		date = digits[:4] + "-" + digits[4:6]
	default:
		date = digits
	}
	return clock.At(t), date, true
}
