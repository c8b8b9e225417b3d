package intake

import (
	"renxin/internal/patient"

	"renxin/internal/identity"
)

// Masked is the record as a screen shows it: the person's contact points, personal numbers and address hidden in the middle. The bytes
// as received are left out. Hospital numbers stay readable, as on every page.
func (r Record) Masked() Record {
	r.Raw, r.Kept, r.Mended = nil, nil, ""
	r.Patient.Identifiers = maskedNumbers(r.Patient.Identifiers)
	telecoms := make([]Telecom, 0, len(r.Patient.Telecoms))
	for _, t := range r.Patient.Telecoms {
		t.Value = identity.MaskContact(identity.System(t.System), t.Value)
		telecoms = append(telecoms, t)
	}
	r.Patient.Telecoms = telecoms
	relatives := make([]Relative, 0, len(r.Patient.Relatives))
	for _, x := range r.Patient.Relatives {
		x.Phone = identity.MaskPhone(x.Phone)
		relatives = append(relatives, x)
	}
	r.Patient.Relatives = relatives
	if a := r.Patient.Address; a != nil {
		hidden := identity.MaskAddress(*a)
		r.Patient.Address = &hidden
	}
	merges := make([]MergePair, 0, len(r.Merges))
	for _, m := range r.Merges {
		merges = append(merges, MergePair{From: maskedNumbers(m.From), Into: maskedNumbers(m.Into)})
	}
	r.Merges = merges
	if r.Move != nil {
		move := *r.Move
		move.From = maskedNumbers(move.From)
		r.Move = &move
	}
	return r
}

func maskedNumbers(list []Identifier) []Identifier {
	out := make([]Identifier, 0, len(list))
	for _, x := range list {
		x.Value = patient.Identifier{Kind: identity.IdentifierKind(x.Kind), Value: x.Value}.Masked().Value
		out = append(out, x)
	}
	return out
}
