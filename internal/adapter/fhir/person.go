package fhir

import (
	"strings"
	"unicode"

	"renxin/internal/intake"
)

// person fills in the Patient (8.1) that the group is about, with the telephone numbers of relatives. Where the text only
// points to somebody, the numbers are looked up later.
func (w *writer) person() {
	p := &w.record.Patient
	if w.patient.node.v == nil {
		w.absent()
	} else {
		w.describe(w.patient.node)
		w.record.Origin.Patient = w.patient.address
		if strings.HasPrefix(w.patient.address, "urn:") {
			w.record.Origin.Patient = ""
		}
	}
	for _, e := range append(append([]*entry{}, w.aids...), w.about...) {
		if e.kind == "RelatedPerson" {
			w.relative(e.node())
		}
	}
	p.Telecoms = unique(p.Telecoms)
	if len(p.Identifiers) == 0 && w.record.Origin.Patient == "" && w.record.Origin.OfPatient == "" && p.Name == nil {
		w.problem(problemPatient, "subject", true)
	}
}

// relative is a RelatedPerson (8.3): with a name somebody of the family, without one a number of theirs.
func (w *writer) relative(n node) {
	p, kind := &w.record.Patient, relation(n.at("relationship"))
	phones := telecoms(n.at("telecom"), kind)
	name := personName(n.at("name"))
	if name == "" {
		p.Telecoms = append(p.Telecoms, phones...)
		return
	}
	r := intake.Relative{Kind: kind, Name: name}
	for _, t := range phones {
		if r.Phone == "" && t.System != "email" {
			r.Phone = t.Value
		}
	}
	p.Relatives = append(p.Relatives, r)
}

// absent takes what the reference itself says: a business number, or the address to be looked up.
func (w *writer) absent() {
	if id, ok := w.number(w.patient.number); ok && id.Kind != visit {
		w.record.Patient.Identifiers = []intake.Identifier{id}
		return
	}
	w.record.Origin.OfPatient = w.patient.address
}

func (w *writer) describe(n node) {
	p := &w.record.Patient
	p.Identifiers = w.numbers(n.at("identifier"))
	p.Name = said(personName(n.at("name")))
	p.Sex = sex(n.str("gender"))
	p.BirthDate = w.date(n.str("birthDate"), "birthDate")
	p.DeceasedAt = w.date(n.str("deceasedDateTime"), "deceasedDateTime")
	p.Address, p.RegionCode = address(n.at("address"))
	if _, marital := n.at("maritalStatus").concept(); marital != "" {
		p.Marital = &marital
	}
	p.Telecoms = telecoms(n.at("telecom"), "self")
	for _, c := range n.at("contact").list() {
		p.Telecoms = append(p.Telecoms, telecoms(c.at("telecom"), relation(c.at("relationship")))...)
	}
}

func said(v string) intake.Text {
	if v == "" {
		return nil
	}
	return &v
}

func (w *writer) date(v, field string) intake.Text {
	if v == "" {
		return nil
	}
	d, ok := date(v)
	if !ok {
		w.problem(problemTime, field, false)
		return nil
	}
	return &d
}

// sex is administrative-gender, with the codes of GB/T 2261.1 that some servers put there.
func sex(v string) intake.Text {
	switch strings.ToLower(v) {
	case "":
		return nil
	case "male", "m", "1", "男":
		v = "male"
	case "female", "f", "2", "女":
		v = "female"
	case "other":
		v = "other"
	default:
		v = "unknown"
	}
	return &v
}

// personName reads HumanName (2.24.0.14): a name in characters wins, then the official one, then the usual one; maiden and
// old names are no names today.
func personName(list node) string {
	best, rank := "", 0
	for _, n := range list.list() {
		name, r := display(n), 1
		switch n.str("use") {
		case "official":
			r = 3
		case "usual":
			r = 2
		case "old", "maiden":
			continue
		}
		if hasHan(name) {
			r += 10
		}
		if name != "" && r > rank {
			best, rank = name, r
		}
	}
	return best
}

func display(n node) string {
	family := n.str("family")
	var given []string
	for _, g := range n.at("given").list() {
		given = append(given, g.text())
	}
	joined := strings.Join(given, " ")
	switch {
	case hasHan(family + joined):
		return strings.ReplaceAll(family+joined, " ", "")
	case family+joined != "" && !hasHan(n.str("text")):
		return strings.Join(strings.Fields(joined+" "+family), " ")
	}
	return n.str("text")
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x2E80 && unicode.Is(unicode.Han, r) })
}

// address takes the home address in use; the text is the whole of it, else its parts from the large to the small.
func address(list node) (line, region intake.Text) {
	best := node{}
	for _, a := range list.list() {
		use := a.str("use")
		if use == "old" || best.v != nil && use != "home" {
			continue
		}
		best = a
	}
	var lines []string
	for _, l := range best.at("line").list() {
		lines = append(lines, l.text())
	}
	if code := best.str("district"); len(code) == 6 && strings.Trim(code, "0123456789") == "" {
		region = &code
	}
	if t := best.str("text"); t != "" {
		return &t, region
	}
	street := strings.Join(lines, " ")
	parts := []string{best.str("state"), best.str("city"), best.str("district"), street}
	if hasHan(strings.Join(parts, "")) {
		full := strings.ReplaceAll(street, " ", "")
		for _, p := range []string{best.str("district"), best.str("city"), best.str("state")} {
			if hasHan(p) && !strings.Contains(full, p) {
				full = p + full
			}
		}
		return said(full), region
	}
	parts = []string{street, best.str("city"), best.str("state"), best.str("postalCode")}
	return said(strings.Join(strings.FieldsFunc(strings.Join(parts, "\x1f"), func(r rune) bool { return r == '\x1f' }), ", ")), region
}

// telecoms reads ContactPoint (2.24.0.15); fax, pager and web addresses are nobody's contact, old numbers are none any more.
func telecoms(list node, owner string) (out []intake.Telecom) {
	for _, n := range list.list() {
		v, system := n.str("value"), n.str("system")
		if v == "" || n.str("use") == "old" {
			continue
		}
		v = strings.TrimPrefix(strings.TrimPrefix(v, "tel:"), "mailto:")
		switch system {
		case "fax", "pager", "url":
			continue
		case "email":
		case "sms":
			system = "mobile"
		default:
			system = telephone(v, n.str("use"))
		}
		out = append(out, intake.Telecom{System: system, Value: v, Owner: owner})
	}
	return out
}

func telephone(v, use string) string {
	if strings.Contains(v, "@") {
		return "email"
	}
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, v)
	digits = strings.TrimPrefix(strings.TrimPrefix(digits, "0086"), "86")
	if use == "mobile" || len(digits) == 11 && digits[0] == '1' && digits[1] >= '3' {
		return "mobile"
	}
	return "phone"
}

// relation gives whose number it is: v3 RoleCode, v2 table 0131 and 0063, and the Chinese words, else the text as sent.
func relation(list node) string {
	for _, n := range list.list() {
		for _, code := range append(n.codes(), n.str("text")) {
			if r, ok := relations[strings.ToUpper(code)]; ok {
				return r
			}
		}
	}
	_, name := list.first().concept()
	return orText(name, "relative")
}

var relations = map[string]string{
	"SPO": "spouse", "SPS": "spouse", "配偶": "spouse", "HUSB": "husband", "丈夫": "husband", "WIFE": "wife", "妻子": "wife",
	"FTH": "father", "NFTH": "father", "父亲": "father", "MTH": "mother", "NMTH": "mother", "母亲": "mother",
	"SON": "son", "SONC": "son", "NSON": "son", "儿子": "son", "DAU": "daughter", "DAUC": "daughter", "女儿": "daughter",
	"CHD": "child", "CHILD": "child", "子女": "child", "PAR": "parent", "PRN": "parent", "父母": "parent",
	"BRO": "brother", "SIS": "sister", "SIB": "sibling", "GRD": "guardian", "GUARD": "guardian", "监护人": "guardian",
	"C": "emergency", "EMC": "emergency", "FRND": "friend", "FND": "friend", "朋友": "friend",
}

func unique(list []intake.Telecom) []intake.Telecom {
	seen := map[intake.Telecom]bool{}
	out := list[:0]
	for _, t := range list {
		if !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	return out
}

// links are those that say that two Patients are one person (8.1.9); the other kinds say less.
func (d *document) links(n node) (out []node) {
	for _, l := range n.at("link").list() {
		if t := l.str("type"); t == "replaced-by" || t == "replaces" {
			out = append(out, l)
		}
	}
	return out
}

// merge reads Patient.link. What the record says of a person is said of the one who stays.
func (w *writer) merge() {
	w.record.Event = intake.PatientMerge
	self := w.lead.node()
	own, stays := w.numbers(self.at("identifier")), self
	address := w.lead.address()
	for _, l := range w.links(self) {
		other := w.need(w.follow(self, l.at("other"), "Patient"))
		numbers := w.numbers(other.node.at("identifier"))
		if id, ok := w.number(other.number); ok && len(numbers) == 0 {
			numbers = []intake.Identifier{id}
		}
		pair := intake.MergePair{From: numbers, FromAddress: other.address, Into: own, IntoAddress: address}
		if l.str("type") == "replaced-by" {
			pair = intake.MergePair{From: own, FromAddress: address, Into: numbers, IntoAddress: other.address}
			stays = other.node
		}
		w.record.Merges = append(w.record.Merges, pair)
	}
	if stays.v == nil {
		w.record.Patient.Identifiers = w.record.Merges[0].Into
		return
	}
	w.describe(stays)
}
