package identity

import "strings"

// SplitName takes a normalised name apart: 欧阳修 into 欧阳 and 修, "Michaela Neumann" into its last word and the rest.
// A name of one character is all surname.
func SplitName(name string) (surname, given string) {
	if i := strings.LastIndexByte(name, ' '); i > 0 {
		return name[i+1:], name[:i]
	}
	return splitSurname(name)
}
