package message

import (
	"math/big"
	"strings"
)

// ProviderKey is the form in which provider ids are stored and compared: lower case, no blanks, no leading zeros.
func ProviderKey(id string) string {
	k := strings.TrimLeft(strings.ToLower(strings.TrimSpace(id)), "0")
	if k == "" && id != "" {
		return "0"
	}
	return k
}

// ProviderKeys lists the forms under which an id from a receipt may be stored, best first: as text, then read as hexadecimal
// and written in decimal, then the other way round. SMPP 3.4 §5.2.23 leaves the form to the SMSC, and real ones answer
// submit_sm in hexadecimal while the receipt speaks decimal, or drop the leading zeros. Every form but the first can hit a
// stranger, so the caller must compare the number too.
func ProviderKeys(id string) []string {
	key := ProviderKey(id)
	forms := []string{key}
	if len(key) > 64 {
		return forms
	}
	for _, bases := range [][2]int{{16, 10}, {10, 16}} {
		n, ok := new(big.Int).SetString(key, bases[0])
		if !ok || strings.ContainsAny(key, "+-_") {
			continue
		}
		if form := n.Text(bases[1]); form != key && form != forms[len(forms)-1] {
			forms = append(forms, form)
		}
	}
	return forms
}

// SameProviderID tells whether two ids of one provider can mean the same message.
func SameProviderID(a, b string) bool {
	key := ProviderKey(a)
	for _, form := range ProviderKeys(b) {
		if form == key {
			return true
		}
	}
	return false
}
