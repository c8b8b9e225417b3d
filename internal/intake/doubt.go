package intake

import (
	"renxin/internal/identity"
)

// anyArea stands for the hospital's own area code, without which a local number could not be told from a torn one.
const anyArea = "010"

// doubts names the values of a person that can be read but not be right: a telephone number that is none, an identity card
// whose check digit fails. They are kept beside the verdict, so that the spoilt rows of a feed can be found later.
func doubts(p Person) (out []Reason) {
	for _, t := range p.Telecoms {
		if _, ok := identity.NormalContact(identity.System(t.System), t.Value, anyArea); !ok && t.Value != "" {
			out = append(out, Reason{Code: "intake.record.bad_phone", Field: t.System})
		}
	}
	for _, n := range p.Identifiers {
		if n.Value != "" && !formed(n) {
			out = append(out, Reason{Code: "intake.record.bad_number", Field: n.Kind})
		}
	}
	return out
}

func formed(n Identifier) bool {
	if n.Kind == string(identity.KindIDCard) {
		_, problem := identity.ParseIDCard(n.Value)
		return problem == ""
	}
	_, ok := identity.ParseDocument(identity.IdentifierKind(n.Kind), n.Value)
	return ok
}
