package message

import "unicode/utf16"

// Join puts the parts of one incoming message together; ok is false while a part is missing. A repeated part counts once,
// parts may come in any order, and surrogate pairs that were cut between two parts are healed.
func Join(parts []Part) (text string, ok bool) {
	if len(parts) == 0 {
		return "", false
	}
	byIndex := map[int][]uint16{}
	for _, p := range parts {
		byIndex[p.Index] = p.Units
	}
	var units []uint16
	for i := 1; i <= parts[0].Total; i++ {
		u, there := byIndex[i]
		if !there {
			return "", false
		}
		units = append(units, u...)
	}
	return string(utf16.Decode(units)), true
}
