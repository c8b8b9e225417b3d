package match

import (
	"slices"
	"sort"
)

// Pair is two records by their place, A before B, with their judgement.
type Pair struct {
	A, B   int
	Result Result
}

// blockLimit bounds how many records one key may bring together; a key that more share (a factory's switchboard) tells nothing.
const blockLimit = 400

// Pairs scores every two records that share a blocking key and gives those that are not left apart, the surest first.
func (p Profile) Pairs(rs []Record) []Pair {
	blocks := map[Key][]int{}
	for i, r := range rs {
		for _, k := range p.Keys(r) {
			blocks[k] = append(blocks[k], i)
		}
	}
	seen := map[[2]int]bool{}
	var out []Pair
	for _, block := range blocks {
		if len(block) > blockLimit {
			continue
		}
		for i, a := range block {
			for _, b := range block[i+1:] {
				if a == b || seen[[2]int{a, b}] {
					continue
				}
				seen[[2]int{a, b}] = true
				if r := p.Score(rs[a], rs[b]); r.Zone != None {
					out = append(out, Pair{a, b, r})
				}
			}
		}
	}
	sortPairs(out)
	return out
}

// sortPairs puts the surest first; equal ones in the order of the records, so that nothing depends on the order of a map.
func sortPairs(lists ...[]Pair) {
	for _, out := range lists {
		sort.Slice(out, func(i, j int) bool {
			x, y := out[i], out[j]
			if x.Result.Bits != y.Result.Bits {
				return x.Result.Bits > y.Result.Bits
			}
			return x.A < y.A || x.A == y.A && x.B < y.B
		})
	}
}

// Linked is what becomes of records: whose each is, and which are left for a person.
type Linked struct {
	Person []int  // by record: the place of the first record of the same person
	Review []Pair // pairs of two persons that a person should look at
}

// Link joins records as the product does: the surest pair first; what was joined is one person with the numbers, telephones and cards of
// both, and joins the next only if it would be joined as a whole. So two persons with different valid cards never meet through a third.
func (p Profile) Link(rs []Record) Linked {
	l := Linked{Person: make([]int, len(rs))}
	whole := slices.Clone(rs)
	members := make([][]int, len(rs))
	for i := range rs {
		l.Person[i], members[i] = i, []int{i}
	}
	pairs := p.Pairs(rs)
	for again := true; again; {
		again = false
		for _, x := range pairs {
			a, b := l.Person[x.A], l.Person[x.B]
			if a == b || x.Result.Zone != Auto || !p.joins(whole[a], whole[b], len(members[a])+len(members[b]) > 2) {
				continue
			}
			a, b = min(a, b), max(a, b)
			whole[a] = union(whole[a], whole[b])
			members[a] = append(members[a], members[b]...)
			for _, m := range members[b] {
				l.Person[m] = a
			}
			again = true
		}
	}
	for _, x := range pairs {
		if l.Person[x.A] != l.Person[x.B] {
			l.Review = append(l.Review, x)
		}
	}
	return l
}

// joins asks of two persons of several records what the pair alone has answered already.
func (p Profile) joins(a, b Record, several bool) bool {
	return !several || p.Score(a, b).Zone == Auto
}

// union is what is known of a person after a join: the first record's word counts, the other fills its gaps.
func union(a, b Record) Record {
	for _, f := range []struct{ mine, other *string }{{&a.Name, &b.Name}, {&a.Sex, &b.Sex}, {&a.Address, &b.Address}} {
		if *f.mine == "" {
			*f.mine = *f.other
		}
	}
	if a.Pinyin == "" {
		a.Pinyin = b.Pinyin
	}
	a.NameShare = max(a.NameShare, b.NameShare)
	if len(b.Birth) > len(a.Birth) {
		a.Birth = b.Birth
	}
	if a.ID == "" || !a.IDValid && b.IDValid {
		a.ID, a.IDValid = b.ID, b.IDValid
	}
	a.Numbers = slices.Concat(a.Numbers, b.Numbers)
	a.Mobiles = slices.Concat(a.Mobiles, b.Mobiles)
	a.Landlines = slices.Concat(a.Landlines, b.Landlines)
	return a
}
