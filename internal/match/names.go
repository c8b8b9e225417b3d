package match

import "math"

// Names knows how frequent names are, from a count of a hospital's patients or of a file. The zero value knows nothing.
// A name that was seen rarely is judged by its parts too: 张 and 伟 are common, so 张伟 is, even where a sample holds none.
type Names struct {
	total            float64
	surnames, givens map[string]float64
	whole            map[[2]string]float64
}

// Add counts a name; surname and given are as split by the caller. Names without a surname tell nothing and are not counted.
func (n *Names) Add(surname, given string) {
	if surname == "" || IsPlaceholder(surname+given) {
		return
	}
	if n.whole == nil {
		n.surnames, n.givens, n.whole = map[string]float64{}, map[string]float64{}, map[[2]string]float64{}
	}
	n.total++
	n.surnames[surname]++
	n.givens[given]++
	n.whole[[2]string{surname, given}]++
}

// enough is how many names make a count worth believing: fewer say nothing of how rare one is.
const enough = 500

// weight is how many names the guess from the parts counts for, against what was counted of the whole name.
const weight = 200

// Share estimates which part of all persons bears the name, 0 where the count knows too little.
func (n *Names) Share(surname, given string) float64 {
	if n == nil || n.total < enough || surname == "" {
		return 0
	}
	parts := math.Max(n.surnames[surname], 0.5) / n.total * math.Max(n.givens[given], 0.5) / n.total
	return (n.whole[[2]string{surname, given}] + weight*parts) / (n.total + weight)
}

// rarity is the evidence of an equal name: NameSame for one that one person in 512 bears or whose frequency is not known, less for commoner
// ones down to NameCommon at one in 128, more for rarer ones up to NameRare at one in 20,000.
func (p Profile) rarity(share float64) float64 {
	if share <= 0 {
		return p.NameSame
	}
	const common, usual, rare = 1.0 / 128, 1.0 / 512, 1.0 / 20000
	way := func(to float64) float64 { return math.Min(1, math.Log(share/usual)/math.Log(to/usual)) }
	bits := p.NameSame
	if share > usual {
		bits -= (p.NameSame - p.NameCommon) * way(common)
	} else {
		bits += (p.NameRare - p.NameSame) * way(rare)
	}
	return math.Round(bits*10) / 10
}
