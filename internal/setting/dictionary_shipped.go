package setting

import (
	_ "embed"
	"strings"
)

//go:embed data/dictionary.tsv
var shippedText string

// shippedEntries reads the words a new hospital finds: dictionary, code, code of the entry above, Chinese, English. Peoples follow GB/T 3304-1991,
// marital states GB/T 2261.2-2003; records hold those by their Chinese word, as feeds send them.
func shippedEntries() []Shipped {
	var out []Shipped
	for _, line := range strings.Split(shippedText, "\n") {
		if c := strings.Split(line, "\t"); len(c) == 5 {
			out = append(out, Shipped{Dictionary: c[0], Code: c[1], Parent: c[2], ZH: c[3], EN: c[4]})
		}
	}
	return out
}
