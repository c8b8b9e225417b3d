package match

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"renxin/internal/platform/clock"
)

// Families as maternity wards and outpatient desks write them: who shares a telephone, an address, a birth date, a mother's card.
func TestPT03_FamiliesAreNeverJoined(t *testing.T) {
	mother := Record{Name: "王丽", Pinyin: "wangli", Birth: "1990-03-05", Sex: "female", ID: "110100199003050025", IDValid: true, Numbers: []Number{{"card", "HIS", "88"}, {"inpatient", "HIS", "1"}},
		Mobiles: []string{"15412345678"}, Landlines: []string{"05315550101"}, Address: "山东省济南市历下区文化路12号"}
	baby := Record{Name: "王丽之子", Pinyin: "wanglizhizi", Birth: "2026-01-02", Sex: "male", Mobiles: mother.Mobiles, Landlines: mother.Landlines, Address: mother.Address, Numbers: []Number{{"inpatient", "HIS", "2"}}}
	other := with(baby, func(r *Record) { r.Numbers = []Number{{"inpatient", "HIS", "3"}} })
	son := with(baby, func(r *Record) { r.Name, r.Pinyin = "李小明", "lixiaoming" })
	twin := with(son, func(r *Record) { r.Name, r.Pinyin, r.Numbers = "李晓明", "lixiaoming", other.Numbers })
	withCard := func(r Record) Record { r.Numbers = []Number{{"card", "HIS", "88"}}; return r }
	withID := func(r Record) Record { r.ID, r.IDValid = mother.ID, true; return r }
	for _, c := range []struct {
		name string
		a, b Record
	}{
		{"a new-born and its mother", baby, mother},
		{"a new-born with its mother's card and its mother", withID(withCard(baby)), mother},
		{"new-born twins of one provisional name", baby, other},
		{"new-born twins A and B", with(baby, func(r *Record) { r.Name = "王丽之子A" }), with(other, func(r *Record) { r.Name = "王丽之子B" })},
		{"twins whose names are read alike", son, twin},
		{"a child and its mother", son, mother},
		{"a child treated on its mother's card", withCard(son), mother},
		{"a child registered with its mother's identity card", withID(with(son, func(r *Record) { r.Birth, r.Sex = mother.Birth, mother.Sex })), mother},
		{"a couple", with(mother, func(r *Record) {
			r.Name, r.Pinyin, r.Birth, r.Sex, r.ID, r.Numbers = "李强", "liqiang", "1989-01-01", "male", "", nil
		}), mother},
		{"grandmother and granddaughter of one name, two birth dates", with(mother, func(r *Record) { r.Birth, r.ID, r.Numbers = "1939-03-15", "", nil }), mother},
	} {
		for _, r := range []Result{Score(c.a, c.b), Score(c.b, c.a)} {
			if r.Zone == Auto {
				t.Errorf("%s are joined: %.1f %v", c.name, r.Bits, r.Reasons)
			}
		}
		if l := Hospital.Link([]Record{c.a, c.b}); l.Person[1] == 0 {
			t.Errorf("%s are joined by Link", c.name)
		}
	}
}

func TestPT03_NamesakesAreAskedOrLeft(t *testing.T) {
	a := Record{Name: "王丽", Pinyin: "wangli", Birth: "1990-03-05", Sex: "female", Mobiles: []string{"15411111111"}, Address: "山东省济南市"}
	b := with(a, func(r *Record) {
		r.Mobiles, r.Address = []string{"15422222222"}, "山东省济南市历下区文化路12号"
	})
	if r := Score(a, b); r.Zone != Review {
		t.Errorf("name and birth date alone: %s %.1f", r.Zone, r.Bits)
	}
	b.Mobiles = a.Mobiles
	if r := Score(a, b); r.Zone != Auto {
		t.Errorf("name, birth date and mobile: %s %.1f", r.Zone, r.Bits)
	}
}

// Two persons never meet through a third record that fits both.
func TestPT16_AVetoHoldsAcrossAChain(t *testing.T) {
	a := Record{Name: "王丽", Pinyin: "wangli", Birth: "1990-03-05", Sex: "female", ID: "110100199003050025", IDValid: true, Mobiles: []string{"15411111111"}}
	c := with(a, func(r *Record) { r.ID = "110100199003050041" })
	b := with(a, func(r *Record) { r.ID, r.IDValid = "", false })
	l := Hospital.Link([]Record{a, b, c})
	if l.Person[0] == l.Person[2] {
		t.Errorf("%v: two identity cards became one person", l.Person)
	}
	m := Hospital.Evaluate([]Record{a, b, c}, []string{"1", "1", "2"})
	if m.Auto.Precision != 1 || m.Auto.Recall != 1 || m.True != 1 {
		t.Errorf("%+v", m)
	}
}

func TestPT03_Measure(t *testing.T) {
	a := Record{Name: "王丽", Numbers: []Number{{"card", "HIS", "1"}}, Birth: "1990-03-05"}
	b := with(a, func(r *Record) { r.Numbers = nil })
	rs := []Record{a, a, b, with(b, func(r *Record) { r.Pinyin = "wangli" }), {Name: "李强"}}
	m := Hospital.Evaluate(rs, []string{"x", "y", "x", "", "x"})
	if m.True != 3 || m.Joined != 1 || m.Auto.Precision != 0 || len(m.WrongAuto) != 1 || m.Auto.Recall != 0 {
		t.Errorf("%+v", m)
	}
	if q := (Quality{}); q.F1() != 0 || (Quality{1, 0.5}).F1() != 2.0/3 {
		t.Error("F1")
	}
	if m := Hospital.Evaluate(nil, nil); m.Auto != (Quality{1, 1}) {
		t.Errorf("nothing at all: %+v", m)
	}
}

// Random pairs of strangers, of whom many bear common names, live in one town and were born on few days.
func TestPT03_StrangersAreNotJoined(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	pick := func(xs string) string { c := []rune(xs); return string(c[r.IntN(len(c))]) }
	var rs []Record
	var entity []string
	count := Names{}
	for i := range 3000 {
		s, g := pick("王李张刘陈"), pick("伟芳娜敏静丽强磊军洋")
		count.Add(s, g)
		rs = append(rs, Record{Name: s + g, Pinyin: s + g, Sex: []string{"male", "female"}[r.IntN(2)], Birth: clock.Date(fmt.Sprintf("1970-01-%02d", r.IntN(28)+1)),
			Mobiles: []string{fmt.Sprintf("154%08d", r.IntN(100000000))}, Address: "山东省济南市"})
		entity = append(entity, fmt.Sprint(i))
	}
	for i := range rs {
		c := []rune(rs[i].Name)
		rs[i].NameShare = count.Share(string(c[0]), string(c[1]))
	}
	if m := Hospital.Evaluate(rs, entity); m.Auto.Precision != 1 || m.Joined != 0 {
		t.Errorf("%d strangers joined", m.Joined)
	}
}

func TestRarity(t *testing.T) {
	n := &Names{}
	for i := range 2000 {
		given := fmt.Sprint(i)
		if i%100 == 0 {
			given = "伟"
		}
		n.Add([]string{"张", "王"}[i%2], given)
	}
	common, rare, unseen := n.Share("张", "伟"), n.Share("王", "7"), n.Share("欧阳", "修")
	if !(Hospital.rarity(common) < Hospital.rarity(rare) && common > rare && unseen > 0 && unseen < rare) {
		t.Errorf("张伟 %g %g, a rare name %g %g, an unseen one %g", common, Hospital.rarity(common), rare, Hospital.rarity(rare), unseen)
	}
	few := &Names{}
	few.Add("张", "伟")
	if few.Share("张", "伟") != 0 || (*Names)(nil).Share("张", "伟") != 0 {
		t.Error("a handful of names tells nothing")
	}
	for share, want := range map[float64]float64{0: 9, 0.5: 7, 1.0 / 512: 9, 1e-9: 11} {
		if got := Hospital.rarity(share); got != want {
			t.Errorf("rarity(%g) = %g, want %g", share, got, want)
		}
	}
}

func TestLatinNames(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want Outcome
	}{{"Michaela Neumann", "NEUMANN, Michaela", Same}, {"michaela neumann", "michela neuman", Similar}, {"michaela neumann", "neumann", Near}, {"michaela neumann", "charles neumann", Differs}, {"michaela neumann", "charles green", Differs}} {
		r := Score(Record{Name: c.a}, Record{Name: c.b})
		if !r.Has(FieldName, c.want) {
			t.Errorf("%s and %s: %v, want %s", c.a, c.b, r.Reasons, c.want)
		}
	}
	for _, c := range []struct {
		a, b string
		want float64
	}{{"MARTHA", "MARHTA", 0.961}, {"DIXON", "DICKSONX", 0.813}, {"王小明", "王晓明", 0.8}, {"", "a", 0}} {
		if got := likeness(c.a, c.b); got < c.want-0.001 || got > c.want+0.001 {
			t.Errorf("likeness(%s, %s) = %.3f, want %.3f", c.a, c.b, got, c.want)
		}
	}
}
