package identity

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Phone is one telephone number in its one written form.
type Phone struct {
	System System // Mobile or Landline
	Number string // mobile: 11 digits; landline: area code, hyphen, number ("0531-5550101"), or the bare number where no area code is known
	Ext    string // extension of a landline, digits
	Note   string // what stood behind it in brackets: 家属, 女儿
}

// Key is the normalised number that marks and matching use: digits only, no extension.
func (p Phone) Key() string { return strings.ReplaceAll(p.Number, "-", "") }

var (
	mobileForm = regexp.MustCompile(`^1[3-9][0-9]{9}$`)
	areaForm   = regexp.MustCompile(`^(010|02[0-9]|0[3-9][0-9]{2})([2-9][0-9]{6,7})$`)
	localForm  = regexp.MustCompile(`^[2-9][0-9]{6,7}$`)
	serviceNum = regexp.MustCompile(`^(400|800)[0-9]{7}$`)
	splitter   = regexp.MustCompile(`[/;；,，、\\|\n]+|或`)
	bracketed  = regexp.MustCompile(`[(\[【<《]([^()\[\]【】<>《》]*)[)\]】>》]?`)
	extension  = regexp.MustCompile(`(?i)(?:转|分机|ext\.?|x|#|\*)\s*([0-9]{1,6})\s*$`)
	hyphenExt  = regexp.MustCompile(`^(.*[0-9]{7,8})-([0-9]{1,6})$`)
	prefix86   = regexp.MustCompile(`^(?:\+|00)?86(1[3-9][0-9]{9}|0?[1-9][0-9]{8,10})$`)
)

// ParsePhones reads every number in a text as people write it: "+86 154-1234-5678", "154 1234 5678(家属)", "(010)65550101转12", two numbers with a slash.
// area is the hospital's own area code for bare local numbers ("" = leave them bare). What is no number is left out.
func ParsePhones(s, area string) []Phone {
	var out []Phone
	seen := map[string]bool{}
	for _, part := range splitter.Split(norm.NFKC.String(s), -1) {
		p, ok := parsePhone(part, area)
		if ok && !seen[p.Key()] {
			seen[p.Key()] = true
			out = append(out, p)
		}
	}
	return out
}

// ParseMobile gives the first mobile number in a text, 11 digits, or "".
func ParseMobile(s string) string {
	for _, p := range ParsePhones(s, "") {
		if p.System == Mobile {
			return p.Number
		}
	}
	return ""
}

// E164 is the international form, "+8615412345678"; a bare local number has none.
func (p Phone) E164() string {
	switch {
	case p.System == Mobile:
		return "+86" + p.Number
	case strings.HasPrefix(p.Number, "0"):
		return "+86" + strings.TrimPrefix(p.Key(), "0")
	}
	return ""
}

// String is the number with its extension, as shown.
func (p Phone) String() string {
	if p.Ext == "" {
		return p.Number
	}
	return p.Number + "-" + p.Ext
}

func parsePhone(s, area string) (Phone, bool) {
	p := Phone{}
	s, p.Note = takeNote(s)
	s, p.Ext = takeExtension(s)
	s, p.Note = takeWords(s, p.Note)
	n := digits(s)
	if m := prefix86.FindStringSubmatch(plusDigits(s)); m != nil {
		n = m[1]
		if !mobileForm.MatchString(n) && n[0] != '0' {
			n = "0" + n
		}
	} else if strings.HasPrefix(strings.TrimSpace(s), "+") {
		return Phone{}, false // another country
	}
	if m := strings.TrimPrefix(n, "0"); mobileForm.MatchString(m) && p.Ext == "" {
		p.System, p.Number = Mobile, m
		return p, !repeatedDigit(m)
	}
	return landline(p, n, area)
}

func landline(p Phone, n, area string) (Phone, bool) {
	p.System = Landline
	switch m := areaForm.FindStringSubmatch(n); {
	case m != nil:
		p.Number = m[1] + "-" + m[2]
	case localForm.MatchString(n) && area != "":
		p.Number = area + "-" + n
	case localForm.MatchString(n), serviceNum.MatchString(n):
		p.Number = n
	default:
		return Phone{}, false
	}
	return p, !repeatedDigit(n)
}

// takeNote cuts a remark in brackets; brackets around digits are an area code and stay.
func takeNote(s string) (rest, note string) {
	rest = bracketed.ReplaceAllStringFunc(s, func(b string) string {
		in := strings.Trim(b, "()[]【】<>《》")
		if digits(in) != "" {
			return " " + in + " "
		}
		note = strings.TrimSpace(in)
		return ""
	})
	return strings.TrimSpace(rest), note
}

func takeExtension(s string) (rest, ext string) {
	if m := extension.FindStringSubmatchIndex(s); m != nil {
		return strings.TrimSpace(s[:m[0]]), s[m[2]:m[3]]
	}
	if m := hyphenExt.FindStringSubmatch(s); m != nil && areaOrLocal(digits(m[1])) {
		return m[1], m[2]
	}
	return s, ""
}

func areaOrLocal(n string) bool { return areaForm.MatchString(n) || localForm.MatchString(n) }

// takeWords drops words around the number ("电话:", "家属 154…") and keeps them as the note when there is none yet.
func takeWords(s, note string) (rest, kept string) {
	words := strings.Trim(strings.Map(func(r rune) rune {
		if r < 0x80 {
			return -1
		}
		return r
	}, s), "：:。．")
	words = strings.TrimPrefix(strings.TrimPrefix(words, "联系"), "电话")
	words = strings.TrimPrefix(words, "手机")
	if note == "" {
		note = words
	}
	return s, note
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

func plusDigits(s string) string {
	d := digits(s)
	if strings.HasPrefix(strings.TrimSpace(s), "+") {
		return "+" + d
	}
	return d
}

// repeatedDigit tells fillers such as 00000000 and 13333333333 from numbers.
func repeatedDigit(n string) bool {
	return len(n) > 4 && strings.Count(n[2:], n[2:3]) == len(n)-2
}

var emailForm = regexp.MustCompile(`^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$`)

// NormalContact brings one value of any contact system into its one written form; false where the form is wrong.
// A text that names several telephone numbers gives the first; use ParsePhones for all.
func NormalContact(sys System, value, area string) (Phone, bool) {
	switch sys {
	case Mobile, Landline:
		ps := ParsePhones(value, area)
		if len(ps) == 0 {
			return Phone{}, false
		}
		return ps[0], true
	}
	v := strings.TrimSpace(norm.NFKC.String(value))
	if sys == Email {
		v = strings.ToLower(v)
		return Phone{System: sys, Number: v}, emailForm.MatchString(v) && len(v) <= 254
	}
	if sys == QQ {
		v = digits(v)
		return Phone{System: sys, Number: v}, len(v) >= 5 && len(v) <= 12
	}
	return Phone{System: sys, Number: v}, v != "" && len(v) <= 64
}
