package match

import (
	"math"
	"strings"
)

// Score compares two records by the Hospital profile. It is symmetric. The zone is stricter than the sum in these cases:
// different valid identity cards are a veto; a new-born is related to its mother, never joined; and the automatic zone needs more
// than a sum, see Result.certain (twins share everything but one character of the name and their numbers; namesakes share name and birth).
func Score(a, b Record) Result { return Hospital.Score(a, b) }

// Score compares two records by this profile.
func (p Profile) Score(a, b Record) Result {
	r := Result{Bits: p.Prior, Reasons: []Reason{{Field: FieldPrior, Outcome: Base, Bits: p.Prior}}}
	if newbornOf(a.Name, b.Name) || newbornOf(b.Name, a.Name) {
		r.Mother, r.Zone = true, None
		r.Reasons = append(r.Reasons, Reason{Field: FieldName, Outcome: Newborn})
		return r
	}
	for _, compare := range []func(a, b Record) (Reason, bool){p.name, p.birth, p.sex, p.identity, p.number, p.mobile, p.landline, p.address} {
		if x, known := compare(a, b); known {
			r.Bits += x.Bits
			r.Reasons = append(r.Reasons, x)
		}
	}
	r.Bits = math.Round(r.Bits*100) / 100
	r.Vetoed = r.Has(FieldID, Veto)
	r.Zone = p.zone(r, unnamed(a.Name) || unnamed(b.Name))
	return r
}

func (p Profile) zone(r Result, unnamed bool) Zone {
	switch {
	case r.Vetoed, r.Bits < p.Review:
		return None
	case r.Bits < p.Auto, p.Households && !r.certain(unnamed):
		return Review
	}
	return Auto
}

// certain: the two have a card or number in common and the name is no other one (children are registered with their mother's); or the name is the same, nothing of the person contradicts, and either the mobile
// is the same too or the birth date is and a landline, a whole address or all but a slip of the card. Name and birth date alone are not
// enough: among a million patients hundreds of strangers share both. A provisional name ("王丽之子", of which twins have two) proves nothing.
func (r Result) certain(unnamed bool) bool {
	contradicted := r.Has(FieldBirth, Differs) || r.Has(FieldSex, Differs)
	if r.Has(FieldID, Same) || r.Has(FieldNumber, Same) {
		return !r.Has(FieldName, Differs) && (r.Has(FieldName, Same) || !contradicted)
	}
	if unnamed || contradicted || !r.Has(FieldName, Same) || r.Has(FieldID, Differs) {
		return false
	}
	housed := r.Has(FieldLandline, Same) || r.Has(FieldAddress, Same) || r.Has(FieldID, Near) || r.Has(FieldNumber, Near)
	return r.Has(FieldMobile, Same) || r.Has(FieldBirth, Same) && housed
}

func (p Profile) name(a, b Record) (Reason, bool) {
	if a.Name == "" || b.Name == "" || IsPlaceholder(a.Name) || IsPlaceholder(b.Name) {
		return Reason{}, false
	}
	x := Reason{Field: FieldName}
	switch {
	case a.Name == b.Name:
		x.Outcome, x.Bits = Same, p.nameSame(a, b)
	case latin(a.Name) && latin(b.Name):
		x.Outcome, x.Bits = p.latinName(a, b)
	case a.Pinyin != "" && a.Pinyin == b.Pinyin:
		x.Outcome, x.Bits = Similar, p.NameSimilar
	case distance(a.Name, b.Name) == 1:
		x.Outcome, x.Bits = Near, p.NameNear
	default:
		x.Outcome, x.Bits = Differs, p.NameDiffers
	}
	return x, true
}

// nameSame weighs an equal name by its rarity. Within a household its frequency says nothing: two of one family do not bear one name, so
// a common name counts less only where nothing else brings the two together.
func (p Profile) nameSame(a, b Record) float64 {
	bits := p.rarity(max(a.NameShare, b.NameShare))
	home := share(a.Mobiles, b.Mobiles) || share(a.Landlines, b.Landlines) || detailed(a.Address) && foldAddress(a.Address) == foldAddress(b.Address)
	if p.Households && home {
		return max(bits, p.NameSame)
	}
	return bits
}

func (p Profile) birth(a, b Record) (Reason, bool) {
	x, y := string(a.Birth), string(b.Birth)
	if x == "" || y == "" {
		return Reason{}, false
	}
	switch {
	case x == y && len(x) == 10:
		return Reason{Field: FieldBirth, Outcome: Same, Bits: p.BirthSame}, true
	case strings.HasPrefix(x, y), strings.HasPrefix(y, x), nearDate(x, y):
		return Reason{Field: FieldBirth, Outcome: Near, Bits: p.BirthNear}, true
	}
	return Reason{Field: FieldBirth, Outcome: Differs, Bits: p.BirthDiffers}, true
}

// nearDate finds the usual slips of a hand: one digit wrong, or month and day exchanged.
func nearDate(x, y string) bool {
	if len(x) != 10 || len(y) != 10 {
		return false
	}
	swapped := x[:4] == y[:4] && x[5:7] == y[8:10] && x[8:10] == y[5:7]
	return swapped || distance(x, y) == 1
}

func (p Profile) sex(a, b Record) (Reason, bool) {
	if !known(a.Sex) || !known(b.Sex) {
		return Reason{}, false
	}
	if a.Sex == b.Sex {
		return Reason{Field: FieldSex, Outcome: Same, Bits: p.SexSame}, true
	}
	return Reason{Field: FieldSex, Outcome: Differs, Bits: p.SexDiffers}, true
}

func known(sex string) bool { return sex == "male" || sex == "female" }

func (p Profile) identity(a, b Record) (Reason, bool) {
	if a.ID == "" || b.ID == "" || IsPlaceholder(a.ID) || IsPlaceholder(b.ID) {
		return Reason{}, false
	}
	x := Reason{Field: FieldID}
	switch {
	case a.ID == b.ID && (a.IDValid || b.IDValid):
		x.Outcome, x.Bits = Same, p.CardSame
	case a.IDValid && b.IDValid:
		x.Outcome, x.Bits = Veto, p.CardDiffers
	case a.ID == b.ID, distance(a.ID, b.ID) == 1:
		x.Outcome, x.Bits = Near, p.CardNear
	default:
		x.Outcome, x.Bits = Differs, p.CardDiffers
	}
	return x, true
}

// number counts the best shared number once: several numbers of one issuer stand and fall together.
func (p Profile) number(a, b Record) (Reason, bool) {
	best := Reason{}
	for _, x := range a.Numbers {
		for _, y := range b.Numbers {
			if r := p.numbers(x, y); r.Bits > best.Bits {
				best = r
			}
		}
	}
	return best, best.Bits > 0
}

func (p Profile) numbers(x, y Number) Reason {
	if x.Kind != y.Kind || IsPlaceholder(x.Value) || IsPlaceholder(y.Value) {
		return Reason{}
	}
	same := x.Value == y.Value
	switch {
	case x.document() && same:
		return Reason{FieldNumber, Same, x.Kind, p.DocumentSame}
	case x.document() && len(x.Value) > 5 && distance(x.Value, y.Value) == 1:
		return Reason{FieldNumber, Near, x.Kind, p.DocumentNear}
	case !x.document() && same && x.Issuer != "" && x.Issuer == y.Issuer:
		return Reason{FieldNumber, Same, x.Kind, p.NumberSame}
	}
	return Reason{}
}

// document: a number of the state, which means one person wherever it is told. Hospital numbers do so with their issuer only, and
// neighbouring ones belong to the next in the queue.
func (n Number) document() bool {
	return n.Kind == "passport" || n.Kind == "permit" || n.Kind == "health_card"
}

func (p Profile) mobile(a, b Record) (Reason, bool) {
	return Reason{Field: FieldMobile, Outcome: Same, Bits: p.MobileSame}, share(a.Mobiles, b.Mobiles)
}

func (p Profile) landline(a, b Record) (Reason, bool) {
	return Reason{Field: FieldLandline, Outcome: Same, Bits: p.LandlineSame}, share(a.Landlines, b.Landlines)
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

func (p Profile) address(a, b Record) (Reason, bool) {
	if latin(a.Address) && latin(b.Address) {
		return p.latinAddress(a, b)
	}
	x, y := foldAddress(a.Address), foldAddress(b.Address)
	switch {
	case len([]rune(x)) < 4 || len([]rune(y)) < 4 || IsPlaceholder(x) || IsPlaceholder(y):
		return Reason{}, false
	case x == y && detailed(x):
		return Reason{Field: FieldAddress, Outcome: Same, Bits: p.AddressSame}, true
	case strings.HasPrefix(x, y), strings.HasPrefix(y, x): // 山东省济南市 fits half of a hospital's patients
		return Reason{Field: FieldAddress, Outcome: Near, Bits: p.AddressNear}, true
	}
	return Reason{}, false
}

func (p Profile) latinAddress(a, b Record) (Reason, bool) {
	switch like := latinAddress(a.Address, b.Address); {
	case like >= 0.7:
		return Reason{Field: FieldAddress, Outcome: Same, Bits: p.AddressSame}, true
	case like >= 0.5:
		return Reason{Field: FieldAddress, Outcome: Near, Bits: p.AddressNear}, true
	}
	return Reason{Field: FieldAddress, Outcome: Differs, Bits: p.AddressOther}, p.AddressOther != 0
}
