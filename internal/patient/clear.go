package patient

import (
	"slices"
	"strings"

	"renxin/internal/identity"
)

// clearing reads a feed's word that it has no contact point of a system any more (HL7 `""`, 2.5.3).
func clearing(t ContactInput) Contact {
	owner := strings.TrimSpace(t.Owner)
	if owner == "" {
		owner = "self"
	}
	return Contact{System: identity.System(t.System), Owner: owner}
}

// clear takes back what the source itself brought and now deletes. What a person added or verified stays, and so does what the same record
// states. A number taken back is forgotten as told, so that the source may bring it again.
func (u *upsert) clear(have []Contact, st stated, source string) {
	for _, c := range have {
		if c.Source != source || c.VerifiedAt > 0 || !slices.ContainsFunc(st.cleared, func(x Contact) bool { return x.System == c.System && x.Owner == c.Owner }) {
			continue
		}
		if slices.ContainsFunc(st.contacts, func(x Contact) bool { return x.Number == c.Number }) {
			continue
		}
		u.gone = append(u.gone, c)
		last := u.told["contacts"]
		last.Value = strings.Join(slices.DeleteFunc(strings.Fields(last.Value), func(n string) bool { return n == c.Number }), " ")
		u.told["contacts"], u.news = last, true
	}
}
