package identity

import (
	"regexp"
	"strings"
)

// streetForm is a township-level division (街道, 镇, 乡, 苏木) at the beginning of what follows the county.
var streetForm = regexp.MustCompile(`^\p{Han}{1,10}?(?:街道|镇|民族乡|乡|苏木)`)

// ReadStreet finds the street, town or township that an address names behind its county: "山东省济南市历下区泉城路街道1号" gives "泉城路街道",
// "" where it names none.
func ReadStreet(address string) string {
	a := strings.Join(strings.Fields(address), "")
	_, n := regionIn(a)
	return streetForm.FindString(a[n:])
}
