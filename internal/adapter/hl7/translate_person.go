package hl7

import (
	"strings"
	"unicode"

	"renxin/internal/intake"
)

// null is HL7's explicit deletion (2.5.3): `""` clears what we hold, an empty field leaves it alone.
const null = `""`

// patient reads the first PID (3.4.2) and the telephone numbers of NK1 (3.4.5).
func (t *translator) patient() {
	pid := t.First("PID")
	p := &t.record.Patient
	p.Identifiers = t.identifiers(pid.Field(3))
	for _, n := range []int{2, 4} { // external and alternate number, kept for old versions
		if len(p.Identifiers) == 0 {
			p.Identifiers = t.identifiers(pid.Field(n))
		}
	}
	p.Identifiers = t.withNationalID(p.Identifiers, t.Value(pid, 19))
	if len(p.Identifiers) == 0 {
		t.problem(problemPatient, "PID-3", true)
	}
	p.Name = t.personName(pid.Field(5))
	p.Sex = t.sex(t.Value(pid, 8))
	p.BirthDate = t.date(t.Value(pid, 7), "PID-7")
	p.Address, p.RegionCode = t.address(pid.Field(11))
	p.Marital = t.coded(pid.Field(16))
	p.Ethnicity = t.coded(pid.Field(22))
	p.DeceasedAt = t.date(t.Value(pid, 29), "PID-29")
	p.Telecoms = append(t.telecoms(pid.Field(13), "self"), t.telecoms(pid.Field(14), "self")...)
	for _, nk1 := range t.All("NK1") {
		owner := t.relation(nk1.Field(3))
		p.Telecoms = append(p.Telecoms, named(t.telecoms(nk1.Field(5), owner))...)
	}
	p.Telecoms = unique(p.Telecoms)
}

func text(v string) intake.Text {
	switch v {
	case "":
		return nil
	case null:
		v = ""
	}
	return &v
}

// coded prefers the text of a CWE to its code.
func (t *translator) coded(field string) intake.Text {
	first := nth(field, t.Repeat, 1)
	if v := t.Component(first, 2); v != "" && v != null {
		return text(v)
	}
	return text(t.Component(first, 1))
}

func (t *translator) date(v, field string) intake.Text {
	if v == "" || v == null {
		return text(v)
	}
	d, ok := parseDate(v)
	if !ok {
		t.problem(problemTime, field, false)
		return nil
	}
	return &d
}

// sex maps table 0001 and the Chinese writings (GB/T 2261.1: 1 male, 2 female, 9 not stated).
func (t *translator) sex(v string) intake.Text {
	switch strings.ToUpper(v) {
	case "", null:
		return text(v)
	case "M", "1", "男", "MALE":
		v = "male"
	case "F", "2", "女", "FEMALE":
		v = "female"
	case "O", "A":
		v = "other"
	default:
		v = "unknown"
	}
	return &v
}

// personName reads XPN (2.A.88). An ideographic repetition wins. 王丽华^WANG LIHUA is a whole name with its romanisation,
// 王^丽华 is family and given name; Western names are written given name first.
func (t *translator) personName(field string) intake.Text {
	if field == null {
		return text(null)
	}
	best := ""
	for _, rep := range t.Repeats(field) {
		name := t.displayName(t.Component(rep, 1), t.Component(rep, 2), t.Component(rep, 3))
		if name == "" {
			continue
		}
		if best == "" || t.Component(rep, 8) == "I" || hasHan(name) && !hasHan(best) {
			best = name
		}
	}
	return text(best)
}

func (t *translator) displayName(family, given, middle string) string {
	if family == null {
		family = ""
	}
	if hasHan(family) || hasHan(given) {
		if hasHan(given) {
			return family + given
		}
		return family
	}
	return strings.Join(strings.Fields(given+" "+middle+" "+family), " ")
}

// practitioner reads XCN (2.A.86): number and name.
func (t *translator) practitioner(field string) (code, name string) {
	first := nth(field, t.Repeat, 1)
	code = t.Component(first, 1)
	if code == null {
		return "", ""
	}
	return code, t.displayName(t.Component(first, 2), t.Component(first, 3), "")
}

func hasHan(s string) bool {
	for _, r := range s {
		if r >= 0x2E80 && unicode.Is(unicode.Han, r) {
			return true
		}
	}
	return false
}

// address joins XAD (2.A.83). A Chinese street usually holds the whole address already; otherwise province, city and
// district come first. The county code is XAD-9 where it is a GB/T 2260 number.
func (t *translator) address(field string) (line, region intake.Text) {
	if field == null {
		return text(null), nil
	}
	first := nth(field, t.Repeat, 1)
	street, other := t.Component(first, 1), t.Component(first, 2)
	city, state := t.Component(first, 3), t.Component(first, 4)
	if name := t.Subcomponent(first, 1, 2); name != "" && !hasHan(street) {
		street += " " + name
	}
	if code := t.Component(first, 9); len(code) == 6 && allDigits(code) {
		region = &code
	}
	if hasHan(street) || hasHan(city) || hasHan(state) {
		full := street + other
		for _, part := range []string{city, state} {
			if part != "" && !strings.Contains(full, part) {
				full = part + full
			}
		}
		return text(full), region
	}
	var parts []string
	for _, part := range []string{street, other, city, state, t.Component(first, 5)} {
		if part != "" && part != null {
			parts = append(parts, part)
		}
	}
	return text(strings.Join(parts, ", ")), region
}

// telecoms reads XTN (2.A.89). A value of `""` clears the numbers of that system; fax, modem and beeper are nobody's contact.
func (t *translator) telecoms(field, owner string) []intake.Telecom {
	if field == null {
		return []intake.Telecom{{System: "mobile", Owner: owner}, {System: "phone", Owner: owner}}
	}
	var out []intake.Telecom
	for _, rep := range t.Repeats(field) {
		value, equipment := t.Component(rep, 1), strings.ToUpper(t.Component(rep, 3))
		if at := t.Component(rep, 4); at != "" && strings.Contains(at, "@") {
			out = append(out, intake.Telecom{System: "email", Value: at, Owner: owner})
		}
		switch equipment {
		case "FX", "MD", "BP", "TDD", "TTY", "INTERNET", "X.400":
			continue
		}
		if value == "" { // deprecated since 2.3: area code and local number apart, or XTN-12 unformatted
			value = t.Component(rep, 6) + t.Component(rep, 7)
			if value == "" {
				value = t.Component(rep, 12)
			}
		}
		if value == "" {
			continue
		}
		if value == null {
			value = ""
		}
		out = append(out, intake.Telecom{System: telecomSystem(value, equipment), Value: value, Owner: owner})
	}
	return out
}

func telecomSystem(value, equipment string) string {
	if strings.Contains(value, "@") {
		return "email"
	}
	digits := strings.TrimPrefix(strings.TrimPrefix(onlyDigits(value), "0086"), "86")
	if len(digits) == 11 && digits[0] == '1' && digits[1] >= '3' {
		return "mobile"
	}
	if equipment == "CP" {
		return "mobile"
	}
	return "phone"
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// relation gives whose number it is: table 0063 and the Chinese words, else the text as sent.
func (t *translator) relation(field string) string {
	code, name := t.Component(field, 1), t.Component(field, 2)
	for _, v := range []string{name, code} {
		if r, ok := relations[strings.ToUpper(v)]; ok {
			return r
		}
	}
	return orText(orText(name, code), "relative")
}

var relations = map[string]string{
	"SPO": "spouse", "配偶": "spouse", "丈夫": "husband", "妻子": "wife", "FTH": "father", "父亲": "father", "MTH": "mother", "母亲": "mother",
	"SON": "son", "儿子": "son", "DAU": "daughter", "女儿": "daughter", "CHD": "child", "子女": "child", "PAR": "parent", "父母": "parent",
	"BRO": "brother", "SIS": "sister", "SIB": "sibling", "GRD": "guardian", "监护人": "guardian", "EMC": "emergency", "FND": "friend", "朋友": "friend",
}

// named drops deletions: only a patient's own numbers may be cleared by a feed.
func named(list []intake.Telecom) []intake.Telecom {
	out := list[:0]
	for _, c := range list {
		if c.Value != "" {
			out = append(out, c)
		}
	}
	return out
}

func unique(list []intake.Telecom) []intake.Telecom {
	seen := make(map[intake.Telecom]bool, len(list))
	out := list[:0]
	for _, c := range list {
		if !seen[c] {
			seen[c] = true
			out = append(out, c)
		}
	}
	return out
}
