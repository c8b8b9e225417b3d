package identity

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"renxin/internal/platform/clock"
)

// IDCard is a Chinese citizen's identity number or residence-permit number, read by GB 11643.
type IDCard struct {
	Number     string     // 18 characters, upper case; 15-digit numbers are upgraded
	Birth      clock.Date // digits 7–14
	Sex        Sex        // odd 17th digit = male
	RegionCode string     // first six digits: the county of first registration, often abolished since; 81/82/83 for permits
	Permit     bool       // residence permit for Hong Kong (81), Macao (82) or Taiwan (83)
	Upgraded   bool       // it was written with 15 digits
}

// IDProblem says why a text is no identity number: "" means it is one.
type IDProblem string

// The defects of an identity number, in the order they are looked for.
const (
	IDEmpty    IDProblem = "empty"
	IDForm     IDProblem = "form"     // neither 15 nor 18 characters of the right kind
	IDDate     IDProblem = "date"     // no such day, or before 1850
	IDChecksum IDProblem = "checksum" // 18th character wrong
)

var (
	id18 = regexp.MustCompile(`^[1-9][0-9]{16}[0-9X]$`)
	id15 = regexp.MustCompile(`^[1-9][0-9]{14}$`)
)

// ParseIDCard reads an identity number as people write it: full-width digits, a small x, spaces and hyphens between groups.
// The text after clean-up is returned as Number even when there is a problem, so that it can be kept as written evidence.
func ParseIDCard(s string) (IDCard, IDProblem) {
	n := cleanID(s)
	c := IDCard{Number: n}
	switch {
	case n == "":
		return c, IDEmpty
	case id15.MatchString(n):
		c.Upgraded = true
		c.Number = upgradeID(n)
	case !id18.MatchString(n):
		return c, IDForm
	}
	n = c.Number
	birth, err := clock.ParseDate(n[6:10] + "-" + n[10:12] + "-" + n[12:14])
	if err != nil || birth < "1850-01-01" {
		c.Number = cleanID(s)
		return c, IDDate
	}
	if CheckDigit(n) != n[17] {
		return c, IDChecksum
	}
	c.Birth, c.RegionCode = birth, n[:6]
	c.Sex = Female
	if n[16]%2 == 1 {
		c.Sex = Male
	}
	p := n[:2]
	c.Permit = p == "81" || p == "82" || p == "83"
	return c, ""
}

func cleanID(s string) string {
	s = strings.ToUpper(norm.NFKC.String(s))
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\n', '\r', '-', '\u00a0', '\u200b', '\ufeff', '\'', '"', '`':
			return -1
		case '×', 'Х', 'Χ': // multiplication sign, Cyrillic and Greek letters typed for X
			return 'X'
		}
		return r
	}, s)
}

// upgradeID turns a 15-digit number into 18. Such numbers were issued until 1999, so the century is 19,
// except for the serials 996–999, which GB 11643-1989 kept for people born before 1900.
func upgradeID(n string) string {
	century := "19"
	if n[12:15] >= "996" {
		century = "18"
	}
	n = n[:6] + century + n[6:]
	return n + string(CheckDigit(n))
}

// idCheck is the check character over the first 17 digits (GB 11643: ISO 7064 MOD 11-2).
func CheckDigit(n string) byte {
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(n[i]-'0') * w
	}
	return "10X98765432"[sum%11]
}

var (
	passport = regexp.MustCompile(`^[A-Z]{1,2}[0-9]{6,8}$|^[0-9]{9}$`)
	permit   = regexp.MustCompile(`^[HMC][0-9]{8,10}$|^[0-9]{8}$|^[0-9]{10}$`)
)

// ParseDocument cleans the number of a passport or of a travel permit (港澳台通行证) and says whether its form is right.
func ParseDocument(kind IdentifierKind, s string) (string, bool) {
	n := cleanID(s)
	switch kind {
	case KindPassport:
		return n, passport.MatchString(n)
	case KindPermit:
		return n, permit.MatchString(n)
	}
	return n, n != ""
}
