package match

// Quality is how right a set of joined pairs is, both 0 to 1; a set without pairs, or a truth without any, counts 1.
type Quality struct {
	Precision float64 `json:"precision"` // of the pairs joined, those that are one person
	Recall    float64 `json:"recall"`    // of the pairs that are one person, those joined
}

// F1 is the harmonic mean of both.
func (q Quality) F1() float64 {
	if q.Precision+q.Recall == 0 {
		return 0
	}
	return 2 * q.Precision * q.Recall / (q.Precision + q.Recall)
}

// Measure is the judgement of a labelled sample, counted in pairs of records.
type Measure struct {
	Auto   Quality // what is joined without asking
	Review Quality // what is joined without asking, and what a person is asked
	True   int     // pairs that are one person
	Joined int     // pairs joined without asking
	Asked  int     // pairs of two persons for review

	WrongAuto, WrongReview, Missed []Pair // joined wrongly; asked needlessly; neither joined nor asked
}

// Evaluate joins records and compares with the truth: entity names each record's person, "" where the truth is silent.
func (p Profile) Evaluate(rs []Record, entity []string) Measure {
	l := p.Link(rs)
	of := map[string][]int{}
	groups := map[int][]int{}
	for i, e := range entity {
		if e != "" {
			of[e] = append(of[e], i)
			groups[l.Person[i]] = append(groups[l.Person[i]], i)
		}
	}
	m := Measure{}
	right, found := 0, 0
	for _, g := range groups {
		each(g, func(a, b int) {
			m.Joined++
			if entity[a] == entity[b] {
				right++
				return
			}
			m.WrongAuto = append(m.WrongAuto, Pair{a, b, p.Score(rs[a], rs[b])})
		})
	}
	asked := map[[2]int]bool{}
	for _, x := range l.Review {
		if entity[x.A] == "" || entity[x.B] == "" {
			continue
		}
		m.Asked++
		asked[[2]int{x.A, x.B}] = true
		if entity[x.A] == entity[x.B] {
			found++
		} else {
			m.WrongReview = append(m.WrongReview, x)
		}
	}
	for _, g := range of {
		each(g, func(a, b int) {
			m.True++
			if l.Person[a] != l.Person[b] && !asked[[2]int{a, b}] {
				m.Missed = append(m.Missed, Pair{a, b, p.Score(rs[a], rs[b])})
			}
		})
	}
	m.Auto = quality(right, m.Joined, m.True)
	m.Review = quality(right+found, m.Joined+m.Asked, m.True)
	sortPairs(m.WrongAuto, m.WrongReview, m.Missed)
	return m
}

func each(g []int, fn func(a, b int)) {
	for i, a := range g {
		for _, b := range g[i+1:] {
			fn(a, b)
		}
	}
}

func quality(right, said, truth int) Quality {
	q := Quality{1, 1}
	if said > 0 {
		q.Precision = float64(right) / float64(said)
	}
	if truth > 0 {
		q.Recall = float64(right) / float64(truth)
	}
	return q
}
