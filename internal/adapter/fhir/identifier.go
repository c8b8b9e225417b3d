package fhir

import (
	"strings"

	"renxin/internal/intake"
	"renxin/internal/platform/fault"
)

// systems are identifier systems that every Chinese hospital shares (WS/T 790, WS/T 846). What a hospital's own servers
// call their numbering is said in the feed's settings.
var systems = map[string]string{
	"2.16.156.10011.1.3":     "id_card",
	"2.16.156.10011.1.11":    "outpatient",
	"2.16.156.10011.1.12":    "inpatient",
	"2.16.156.10011.1.19":    "health_card",
	"2.16.156.10011.2.5.1.4": "other", // local patient number
	"2.16.156.10011.0.2.2":   "other", // the same in older messages
	"2.16.156.10011.2.5.1.9": visit,   // 就诊流水号
}

// visit marks systems that count visits.
const visit = "visit"

// types maps Identifier.type (v2 table 0203 and what Chinese systems write there).
var types = map[string]string{
	"MR": "other", "PI": "other", "PT": "other", "MRN": "other", "EMPI": "other",
	"NNCHN": "id_card", "NI": "id_card", "PC": "card", "OP": "outpatient", "IP": "inpatient", "PPN": "passport", "PRC": "permit",
	"HC": "health_card", "JHN": "health_card", "VN": visit, "AN": visit,
}

// kinds are what a mapping may name.
var kinds = map[string]bool{"id_card": true, "card": true, "outpatient": true, "inpatient": true, "passport": true, "permit": true,
	"health_card": true, "checkup": true, "other": true, visit: true}

// Check implements intake.Checker.
func (rd Reader) Check(o intake.ReadOptions) error {
	for system, target := range o.Systems {
		kind, _, _ := strings.Cut(target, "@")
		if system == "" || !kinds[kind] {
			return fault.New(fault.Invalid, "intake.hook.bad_system").With("systems", "intake.hook.bad_system")
		}
	}
	return nil
}

// number maps one Identifier: the feed's own table first, then the shared systems, then its type. What nobody maps is a
// number of its own counting, "other" with the system as issuer.
func (d *document) number(n node) (intake.Identifier, bool) {
	id := intake.Identifier{Value: n.str("value")}
	if id.Value == "" || n.str("use") == "old" {
		return id, false
	}
	system := oid(n.str("system"))
	target, ours := d.mapped(system)
	if target == "" {
		for _, code := range append(n.at("type").codes(), n.str("type", "text")) {
			if k := types[strings.ToUpper(code)]; target == "" && k != "" {
				target = k
			}
		}
	}
	kind, issuer, stated := strings.Cut(target, "@")
	id.Kind, id.Issuer = kind, issuer
	switch {
	case national(kind):
		id.Issuer = ""
	case stated:
	case ours || system == "":
		id.Issuer = d.options.Issuer
		if by := n.str("assigner", "display"); system == "" && by != "" {
			id.Issuer = by
		}
	default:
		id.Issuer = system
	}
	if id.Kind == "" {
		id.Kind = "other"
	}
	return id, true
}

// mapped looks a system up; ours says that its numbers are the hospital's own.
func (d *document) mapped(system string) (target string, ours bool) {
	for _, key := range []string{system, "urn:oid:" + system} {
		if t, ok := d.options.Systems[key]; ok {
			return t, true
		}
	}
	t, ok := systems[system]
	return t, ok
}

// national numbers are the state's; no hospital issues them.
func national(kind string) bool {
	return kind == "id_card" || kind == "passport" || kind == "permit" || kind == "health_card"
}

// numbers gives the identifiers of a person.
func (d *document) numbers(list node) (out []intake.Identifier) {
	seen := map[intake.Identifier]bool{}
	for _, n := range list.list() {
		id, ok := d.number(n)
		if !ok || id.Kind == visit || seen[id] {
			continue
		}
		seen[id] = true
		out = append(out, id)
	}
	return out
}

// key gives the business number of anything that is no person: the mapped visit number first, else the official one, else
// the first, else the resource's id.
func (d *document) key(r node) (number, issuer string) {
	best := node{}
	rank := func(n node) int {
		id, ok := d.number(n)
		switch {
		case !ok:
			return 0
		case id.Kind == visit:
			return 3
		case n.str("use") == "official":
			return 2
		}
		return 1
	}
	for _, n := range r.at("identifier").list() {
		if rank(n) > rank(best) {
			best = n
		}
	}
	if best.v == nil {
		return r.str("id"), ""
	}
	if target, ok := d.mapped(oid(best.str("system"))); ok {
		_, issuer, _ = strings.Cut(target, "@")
	}
	return best.str("value"), issuer
}
