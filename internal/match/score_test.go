package match

import (
	"testing"
)

var wang = Record{Name: "王丽", Pinyin: "wangli", Birth: "1990-03-05", Sex: "female", ID: "110100199003050025", IDValid: true,
	Numbers: []Number{{"outpatient", "HIS", "1001"}}, Mobiles: []string{"15412345678"}, Landlines: []string{"05315550101"}, Address: "山东省济南市历下区文化路12号"}

func with(r Record, change func(*Record)) Record {
	change(&r)
	return r
}

func TestPT03_Zones(t *testing.T) {
	bare := Record{Name: "王丽", Pinyin: "wangli", Mobiles: []string{"15412345678"}}
	for _, c := range []struct {
		name string
		a, b Record
		want Zone
	}{
		{"the same record", wang, wang, Auto},
		{"different valid cards are a veto", wang, with(wang, func(r *Record) { r.ID = "110100199003050041" }), None},
		{"a slip in an invalid card is no veto", wang, with(wang, func(r *Record) { r.ID, r.IDValid = "110100199003050026", false }), Auto},
		{"twins: one character, no card", with(wang, func(r *Record) { r.ID = ""; r.Numbers = nil }), with(wang, func(r *Record) { r.Name, r.Pinyin, r.ID, r.Numbers = "王莉", "wangli", "", nil }), Review},
		{"one typo with the same card", wang, with(wang, func(r *Record) { r.Name, r.Pinyin = "王而", "wanger" }), Auto},
		{"mobile alone is a family", Record{Name: "李强", Pinyin: "liqiang", Mobiles: []string{"15412345678"}}, bare, None},
		{"name and mobile alone", bare, bare, Review},
		{"same number, same issuer", Record{Name: "王丽", Numbers: wang.Numbers}, wang, Auto},
		{"same number, another issuer", Record{Name: "王丽", Numbers: []Number{{"outpatient", "LIS", "1001"}}}, wang, None},
		{"number without issuer proves nothing", Record{Name: "王丽", Numbers: []Number{{"outpatient", "", "1001"}}}, with(wang, func(r *Record) { r.Numbers = []Number{{"outpatient", "", "1001"}} }), None},
		{"placeholder mobile proves nothing", Record{Name: "王丽", Mobiles: []string{"13800000000"}}, with(wang, func(r *Record) { r.Mobiles = []string{"13800000000"} }), None},
		{"namesakes", Record{Name: "王丽", Pinyin: "wangli", Birth: "1971-11-30", Sex: "female"}, wang, None},
		{"same name and household, other birth date", with(wang, func(r *Record) { r.ID, r.Numbers = "", nil }), with(wang, func(r *Record) { r.ID, r.Numbers, r.Birth = "", nil, "1965-10-12" }), Review},
		{"empty", Record{}, Record{}, None},
	} {
		ab, ba := Score(c.a, c.b), Score(c.b, c.a)
		if ab.Zone != c.want {
			t.Errorf("%s: %s %.1f %v, want %s", c.name, ab.Zone, ab.Bits, ab.Reasons, c.want)
		}
		if ab.Zone != ba.Zone || ab.Bits != ba.Bits {
			t.Errorf("%s: not symmetric: %v %v", c.name, ab, ba)
		}
	}
}

func TestPT03_NewbornIsNeverJoinedToItsMother(t *testing.T) {
	for _, child := range []string{"王丽之女", "王丽之子", "王丽之大女", "王丽之女A", "王丽之子2", "王丽之女一"} {
		r := Score(with(wang, func(r *Record) { r.Name = child }), wang)
		if r.Zone != None || !r.Mother {
			t.Errorf("%s: %+v, want a relation and no join", child, r)
		}
	}
	if _, ok := MotherOf("张之子"); ok {
		t.Error("张之子 is a name, not a new-born of 张")
	}
}

func TestPT03_Keys(t *testing.T) {
	if n := len(Keys(wang)); n != 6 {
		t.Errorf("%d keys %v, want 6: id, mobile, phone, number, name and birth, address and birth", n, Keys(wang))
	}
	junk := Record{Name: "无", Pinyin: "wu", ID: "111111111111111111", Mobiles: []string{"13800000000", "11111111111", "13333333333"}, Numbers: []Number{{"card", "HIS", "000000"}, {"card", "HIS", "未提供"}}}
	if ks := Keys(junk); len(ks) != 0 {
		t.Errorf("placeholders became keys: %v", ks)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"王小明", "王晓明", 1}, {"王小明", "王明", 1}, {"王小明", "小王明", 1}, {"王小明", "王明小", 1}, {"王小明", "李大明", 2}, {"", "", 0}, {"", "王", 1}, {"ab", "abcd", 2}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%s, %s) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func FuzzScore(f *testing.F) {
	f.Add("王丽", "王丽之女", "15412345678", "1990-01-01")
	f.Fuzz(func(t *testing.T, a, b, m, d string) {
		x := Record{Name: a, Mobiles: []string{m}, Address: b, ID: m}
		y := Record{Name: b, Mobiles: []string{m}, Address: a, ID: d, IDValid: true}
		if p, q := Score(x, y), Score(y, x); p.Bits != q.Bits || p.Zone != q.Zone {
			t.Errorf("not symmetric: %v %v", p, q)
		}
		Keys(x)
	})
}
