package match

import "strings"

// newbornMarks are the ways wards name a child that has no name yet, longest first.
var newbornMarks = []string{"之大女", "之小女", "之大子", "之小子", "之长女", "之次女", "之长子", "之次子", "之女婴", "之男婴", "之双胎", "之女", "之子", "之婴", "之男", "之宝"}

// MotherOf splits a new-born's provisional name: "王丽之女" gives "王丽" and true, also with a twin letter or number behind it.
func MotherOf(name string) (string, bool) {
	s := strings.TrimRight(name, "ABCDEFabcdefⅠⅡⅢ甲乙丙丁大小一二三四0123456789-() ")
	for _, m := range newbornMarks {
		if mother, ok := strings.CutSuffix(s, m); ok && len([]rune(mother)) >= 2 {
			return mother, true
		}
	}
	return "", false
}

// unnamed reports a provisional name, which all new-born children of one mother may bear.
func unnamed(name string) bool {
	_, ok := MotherOf(name)
	return ok
}

func newbornOf(child, mother string) bool {
	m, ok := MotherOf(child)
	return ok && m == mother
}

// foldAddress drops what two clerks write differently: spaces and punctuation.
func foldAddress(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\u3000,，.。、-－—（）()#", r) {
			return -1
		}
		if r >= '０' && r <= '９' {
			return r - '０' + '0'
		}
		return r
	}, s)
}

// detailed reports an address of one household, told by a house number; without one it names a town or a village.
func detailed(address string) bool {
	return strings.ContainsAny(address, "0123456789０１２３４５６７８９号室栋幢")
}

// distance is the optimal string alignment distance in characters (insert, delete, replace, exchange of neighbours), but never more than 2.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if d := len(x) - len(y); d > 1 || d < -1 {
		return 2
	}
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	switch {
	case len(x) == 0 && len(y) == 0:
		return 0
	case len(x)+len(y) == 1, len(x) == 1 && len(y) == 1:
		return 1
	case len(x) == 2 && len(y) == 2 && x[0] == y[1] && x[1] == y[0]:
		return 1
	}
	return 2
}
