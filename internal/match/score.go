package match

import (
	"math"
	"strings"
)

// prior is the log2 odds that two records of one blocking group are the same person before any field is compared.
const prior = -12.3

// Score compares two records. It is symmetric. The zone is stricter than the sum in three cases:
// different valid identity cards are a veto; a new-born is related to its mother, never joined;
// and where name, birth date or sex contradict, only an equal identity card or hospital number permits the automatic zone
// (twins share everything but one character of the name and their numbers).
func Score(a, b Record) Result {
	r := Result{Bits: prior, Reasons: []Reason{{Field: FieldPrior, Outcome: Base, Bits: prior}}}
	if newbornOf(a.Name, b.Name) || newbornOf(b.Name, a.Name) {
		r.Mother, r.Zone = true, None
		r.Reasons = append(r.Reasons, Reason{Field: FieldName, Outcome: Newborn})
		return r
	}
	for _, compare := range []func(a, b Record) (Reason, bool){name, birth, sex, identity, number, mobile, landline, address} {
		if x, known := compare(a, b); known {
			r.Bits += x.Bits
			r.Reasons = append(r.Reasons, x)
		}
	}
	r.Bits = math.Round(r.Bits*100) / 100
	r.Vetoed = r.Has(FieldID, Veto)
	r.Zone = r.zone()
	return r
}

func (r Result) zone() Zone {
	switch {
	case r.Vetoed, r.Bits < ReviewBits:
		return None
	case r.Bits < AutoBits, r.doubtful():
		return Review
	}
	return Auto
}

// doubtful: the person's own attributes contradict and no number of their own outweighs it.
func (r Result) doubtful() bool {
	anchored := r.Has(FieldID, Same) || r.Has(FieldNumber, Same)
	conflict := r.Has(FieldBirth, Differs) || r.Has(FieldSex, Differs) || r.Has(FieldID, Differs) || !r.Has(FieldName, Same)
	return conflict && !anchored
}

func name(a, b Record) (Reason, bool) {
	if a.Name == "" || b.Name == "" || IsPlaceholder(a.Name) || IsPlaceholder(b.Name) {
		return Reason{}, false
	}
	x := Reason{Field: FieldName}
	switch {
	case a.Name == b.Name:
		x.Outcome, x.Bits = Same, rarity(math.Max(a.NameShare, b.NameShare))
	case a.Pinyin != "" && a.Pinyin == b.Pinyin:
		x.Outcome, x.Bits = Similar, 6
	case distance(a.Name, b.Name) == 1:
		x.Outcome, x.Bits = Near, 2
	default:
		x.Outcome, x.Bits = Differs, -6
	}
	return x, true
}

// rarity is the evidence of an equal name: 9 bits for an ordinary one, up to two more or less for a rare or a very common one.
func rarity(share float64) float64 {
	if share <= 0 {
		return 9
	}
	return math.Round(math.Min(11, math.Max(7, -math.Log2(share)))*10) / 10
}

func birth(a, b Record) (Reason, bool) {
	x, y := string(a.Birth), string(b.Birth)
	if x == "" || y == "" {
		return Reason{}, false
	}
	switch {
	case x == y && len(x) == 10:
		return Reason{Field: FieldBirth, Outcome: Same, Bits: 10}, true
	case strings.HasPrefix(x, y), strings.HasPrefix(y, x), nearDate(x, y):
		return Reason{Field: FieldBirth, Outcome: Near, Bits: 4}, true
	}
	return Reason{Field: FieldBirth, Outcome: Differs, Bits: -6}, true
}

// nearDate finds the usual slips of a hand: one digit wrong, or month and day exchanged.
func nearDate(x, y string) bool {
	if len(x) != 10 || len(y) != 10 {
		return false
	}
	swapped := x[:4] == y[:4] && x[5:7] == y[8:10] && x[8:10] == y[5:7]
	return swapped || distance(x, y) == 1
}

func sex(a, b Record) (Reason, bool) {
	if !known(a.Sex) || !known(b.Sex) {
		return Reason{}, false
	}
	if a.Sex == b.Sex {
		return Reason{Field: FieldSex, Outcome: Same, Bits: 1}, true
	}
	return Reason{Field: FieldSex, Outcome: Differs, Bits: -5}, true
}

func known(sex string) bool { return sex == "male" || sex == "female" }

func identity(a, b Record) (Reason, bool) {
	if a.ID == "" || b.ID == "" || IsPlaceholder(a.ID) || IsPlaceholder(b.ID) {
		return Reason{}, false
	}
	x := Reason{Field: FieldID}
	switch {
	case a.ID == b.ID && (a.IDValid || b.IDValid):
		x.Outcome, x.Bits = Same, 20
	case a.IDValid && b.IDValid:
		x.Outcome, x.Bits = Veto, -10
	case a.ID == b.ID, distance(a.ID, b.ID) == 1:
		x.Outcome, x.Bits = Near, 6
	default:
		x.Outcome, x.Bits = Differs, -10
	}
	return x, true
}

// number counts the best shared number once: several numbers of one issuer stand and fall together.
func number(a, b Record) (Reason, bool) {
	best := Reason{}
	for _, p := range a.Numbers {
		for _, q := range b.Numbers {
			if bits := p.bits(q); bits > best.Bits {
				best = Reason{Field: FieldNumber, Outcome: Same, Kind: p.Kind, Bits: bits}
			}
		}
	}
	return best, best.Bits > 0
}

func (n Number) bits(m Number) float64 {
	if n.Kind != m.Kind || n.Value == "" || n.Value != m.Value || IsPlaceholder(n.Value) {
		return 0
	}
	switch n.Kind {
	case "passport", "permit", "health_card":
		return 20
	}
	if n.Issuer == "" || n.Issuer != m.Issuer {
		return 0
	}
	return 12
}

func mobile(a, b Record) (Reason, bool) {
	return Reason{Field: FieldMobile, Outcome: Same, Bits: 7}, share(a.Mobiles, b.Mobiles)
}

func landline(a, b Record) (Reason, bool) {
	return Reason{Field: FieldLandline, Outcome: Same, Bits: 4}, share(a.Landlines, b.Landlines)
}

func share(xs, ys []string) bool {
	for _, x := range xs {
		for _, y := range ys {
			if x == y && !IsPlaceholder(x) {
				return true
			}
		}
	}
	return false
}

func address(a, b Record) (Reason, bool) {
	x, y := foldAddress(a.Address), foldAddress(b.Address)
	switch {
	case len([]rune(x)) < 4 || len([]rune(y)) < 4 || IsPlaceholder(x) || IsPlaceholder(y):
		return Reason{}, false
	case x == y:
		return Reason{Field: FieldAddress, Outcome: Same, Bits: 6}, true
	case strings.HasPrefix(x, y), strings.HasPrefix(y, x):
		return Reason{Field: FieldAddress, Outcome: Near, Bits: 2}, true
	}
	return Reason{}, false
}
