package sheet

import (
	"strings"

	"renxin/internal/intake"
)

// numberKinds gives the identifier kind of each number field, in the order in which they identify.
var numberKinds = []struct{ field, kind string }{
	{patientRecord, "other"}, {patientIDCard, "id_card"}, {patientCard, "card"}, {patientOutpatient, "outpatient"}, {patientInpatient, "inpatient"},
	{patientHealthCard, "health_card"}, {patientPassport, "passport"}, {patientPermit, "permit"}, {patientCheckup, "checkup"},
}

func (rd *reader) person() {
	p := &rd.record.Patient
	p.Identifiers = rd.identifiers()
	p.Name, p.Sex = rd.optional(patientName), sex(rd.text(patientSex))
	if m, ok := rd.moment(patientBirth); ok {
		d := m.date()
		p.BirthDate = &d
	}
	p.Telecoms = rd.telecoms()
	p.Address, p.RegionCode = rd.optional(patientAddress), rd.optional(patientRegion)
	p.Occupation, p.Ethnicity, p.Marital = rd.optional(patientOccupation), rd.optional(patientEthnicity), rd.optional(patientMarital)
	p.Source, p.Note = rd.optional(patientSource), rd.optional(patientNote)
	if p.Name == nil && len(p.Identifiers) == 0 {
		rd.problem(problemPerson, "", true)
	}
}

// identifiers reads every number column. Numbers of the state carry no issuer; all others carry the source system's name,
// because 1234567 of one system is not 1234567 of another.
func (rd *reader) identifiers() []intake.Identifier {
	from := rd.text(issuer)
	if from == "" {
		from = rd.issuer
	}
	var out []intake.Identifier
	add := func(kind, value string) {
		if value == "" {
			return
		}
		id := intake.Identifier{Kind: kind, Issuer: from, Value: value}
		switch kind {
		case "id_card", "passport", "permit", "health_card":
			id.Issuer = ""
		}
		for _, other := range out {
			if other == id {
				return
			}
		}
		out = append(out, id)
	}
	for _, n := range numberKinds {
		add(n.kind, rd.number(n.field))
	}
	add(documentKind(rd.text(documentType)), rd.number(documentNumber))
	return out
}

func documentKind(name string) string {
	switch {
	case strings.Contains(name, "护照"), strings.EqualFold(name, "passport"):
		return "passport"
	case strings.Contains(name, "通行证"), strings.Contains(name, "居留"):
		return "permit"
	case name == "", strings.Contains(name, "身份证"), strings.Contains(name, "居住证"), strings.EqualFold(name, "idcard"), strings.EqualFold(name, "id card"):
		return "id_card"
	}
	return "other"
}

func sex(v string) intake.Text {
	switch strings.ToUpper(v) {
	case "":
		return nil
	case "男", "男性", "M", "1", "MALE":
		v = "male"
	case "女", "女性", "F", "2", "FEMALE":
		v = "female"
	case "其他", "O", "OTHER":
		v = "other"
	default:
		v = "unknown"
	}
	return &v
}

// telecoms reads the telephone columns. A column headed 电话 often holds mobiles: the number's shape decides.
func (rd *reader) telecoms() []intake.Telecom {
	var out []intake.Telecom
	add := func(system, value, owner string) {
		t := intake.Telecom{System: system, Value: value, Owner: owner}
		for _, other := range out {
			if other == t {
				return
			}
		}
		out = append(out, t)
	}
	numbers := func(field, owner string) {
		rd.each(field, func(v, heading string) {
			whole, ok := wholeNumber(v)
			if !ok {
				rd.problem(problemNumber, heading, true)
				return
			}
			if !rd.masked(whole, heading) {
				add(phoneSystem(whole), whole, owner)
			}
		})
	}
	numbers(patientMobile, "self")
	numbers(patientPhone, "self")
	owner := rd.text(relativeRelation)
	if owner == "" {
		owner = "relative"
	}
	numbers(relativePhone, owner)
	for _, c := range []struct{ field, system string }{{patientEmail, "email"}, {patientWechat, "wechat"}, {patientQQ, "qq"}} {
		rd.each(c.field, func(v, _ string) { add(c.system, v, "self") })
	}
	return out
}

func phoneSystem(v string) string {
	only := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, v)
	only = strings.TrimPrefix(strings.TrimPrefix(only, "00"), "86")
	if len(only) == 11 && only[0] == '1' && only[1] >= '3' {
		return "mobile"
	}
	return "phone"
}
