package identity

import (
	"strings"
)

// MaskName hides the middle of a name: 张*, 王*明, 欧**娜. Used only where names themselves are to be hidden.
func MaskName(s string) string {
	r := []rune(s)
	switch len(r) {
	case 0:
		return ""
	case 1:
		return "*"
	case 2:
		return string(r[:1]) + "*"
	}
	return string(r[:1]) + strings.Repeat("*", len(r)-2) + string(r[len(r)-1:])
}

// MaskPhone hides a telephone number but for what lets people recognise their own: 154****5678, 0531-***0101.
func MaskPhone(s string) string {
	if len(s) == 11 && mobileForm.MatchString(s) {
		return s[:3] + "****" + s[7:]
	}
	area, number, ok := strings.Cut(s, "-")
	if !ok {
		area, number = "", s
	} else {
		area += "-"
	}
	number, _, _ = strings.Cut(number, "-")
	r := []rune(number) // what somebody typed into a telephone field need not be one
	if len(r) <= 4 {
		return area + strings.Repeat("*", len(r))
	}
	return area + strings.Repeat("*", len(r)-4) + string(r[len(r)-4:])
}

// MaskID hides an identity number: 110***********002X. Shorter numbers of passports and permits keep one character in front and two behind.
func MaskID(s string) string {
	r := []rune(s)
	if len(r) == 18 || len(r) == 15 {
		return string(r[:3]) + strings.Repeat("*", len(r)-7) + string(r[len(r)-4:])
	}
	if len(r) <= 4 {
		return strings.Repeat("*", len(r))
	}
	return string(r[:1]) + strings.Repeat("*", len(r)-3) + string(r[len(r)-2:])
}

// MaskNumber hides the middle of a card number for papers that leave the house: 660****225. On screen hospital numbers are shown in full.
func MaskNumber(s string) string {
	r := []rune(s)
	if len(r) <= 6 {
		return strings.Repeat("*", len(r))
	}
	return string(r[:3]) + strings.Repeat("*", len(r)-6) + string(r[len(r)-3:])
}

// MaskAddress keeps an address down to the county: 山东省济南市历下区******. Where no county can be read everything is hidden.
func MaskAddress(s string) string {
	if strings.TrimSpace(s) == "" {
		return ""
	}
	_, n := regionIn(s)
	return s[:n] + "******"
}

// MaskEmail keeps the first character and the domain: w***@example.com.
func MaskEmail(s string) string {
	name, domain, ok := strings.Cut(s, "@")
	if !ok {
		return MaskID(s)
	}
	r := []rune(name)
	if len(r) == 0 {
		return "***@" + domain
	}
	return string(r[:1]) + "***@" + domain
}

// MaskContact hides a contact point by its system.
func MaskContact(sys System, s string) string {
	switch sys {
	case Mobile, Landline:
		return MaskPhone(s)
	case Email:
		return MaskEmail(s)
	}
	return MaskID(s)
}
