package hl7

import (
	"strings"

	"renxin/internal/intake"
)

// identifierKinds maps CX-5 (table 0203 and what Chinese systems write there) to our kinds.
var identifierKinds = map[string]string{
	"MR": "other", "PI": "other", "PT": "other", "MRN": "other", "PATIENTNO": "other", "PATIENTID": "other", "EMPI": "other", "PE": "other",
	"IDENTIFYNO": "id_card", "IDCARD": "id_card", "NNCHN": "id_card", "NI": "id_card", "IDNO": "id_card", "SFZ": "id_card",
	"CARDNO": "card", "PC": "card", "YKT": "card",
	"OUTPATIENTNO": "outpatient", "OP": "outpatient", "MZ": "outpatient",
	"INPATIENTNO": "inpatient", "IP": "inpatient", "ZY": "inpatient",
	"PPN": "passport", "PASSPORT": "passport", "PRC": "permit", "PERMIT": "permit",
	"HC": "health_card", "JHN": "health_card", "HEALTHCARD": "health_card",
	"CHECKUPNO": "checkup", "TJ": "checkup",
}

// notPersons are CX-5 codes of numbers that name a visit or an account, not a person.
var notPersons = map[string]bool{"VN": true, "AN": true, "ACSN": true}

// identifiers reads repeated CX (2.A.14): number, check digit, scheme, assigning authority, type.
func (t *translator) identifiers(field string) []intake.Identifier {
	var out []intake.Identifier
	for _, rep := range t.Repeats(field) {
		value := t.Component(rep, 1)
		if value == "" || value == null {
			continue
		}
		code := strings.ToUpper(t.Component(rep, 5))
		if notPersons[code] {
			continue
		}
		issuer := t.Component(rep, 4)
		if issuer == "" {
			issuer = t.Subcomponent(rep, 4, 2)
		}
		id := intake.Identifier{Kind: identifierKind(code, value), Issuer: issuer, Value: value}
		if national(id.Kind) {
			id.Issuer = ""
		}
		if !holds(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// national numbers are the state's; the authority a system writes beside them (GA, 公安) only keeps equal numbers apart.
func national(kind string) bool {
	return kind == "id_card" || kind == "passport" || kind == "permit" || kind == "health_card"
}

func identifierKind(code, value string) string {
	if kind, ok := identifierKinds[code]; ok {
		return kind
	}
	if code == "" {
		if looksLikeIDCard(value) {
			return "id_card"
		}
		return "other"
	}
	return "other"
}

// withNationalID adds PID-19, where older Chinese interfaces put the ID card number (in the standard: SSN).
func (t *translator) withNationalID(list []intake.Identifier, value string) []intake.Identifier {
	id := intake.Identifier{Kind: "id_card", Value: value}
	if !looksLikeIDCard(value) || holds(list, id) {
		return list
	}
	return append(list, id)
}

func holds(list []intake.Identifier, id intake.Identifier) bool {
	for _, other := range list {
		if other == id {
			return true
		}
	}
	return false
}

// looksLikeIDCard is the shape of GB 11643 only; validity is the patient room's question.
func looksLikeIDCard(s string) bool {
	if len(s) == 15 {
		return allDigits(s)
	}
	return len(s) == 18 && allDigits(s[:17]) && (allDigits(s[17:]) || s[17] == 'X' || s[17] == 'x') && dayExists(number(s[6:10]), number(s[10:12]), number(s[12:14]))
}
