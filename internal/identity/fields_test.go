package identity

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"renxin/internal/intake/intaketest"
	"renxin/internal/platform/clock"
)

func TestPT04_FieldVectors(t *testing.T) {
	b, err := os.ReadFile(intaketest.Interop(t, "vectors", "cn_fields.json"))
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		IDCard []struct {
			Inp, Birth, Sex, Upgraded, Normalised, Reason string
			Valid                                         bool
			Region                                        string `json:"region_code"`
		} `json:"id_card"`
		Mobile   []struct{ Inp, E164 string }
		Landline []struct{ Inp, Area, Number, Ext string }
		Mask     []struct{ Kind, Inp, Out string }
		Surname  []struct{ Name, Pinyin string } `json:"pinyin_surname"`
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	for _, x := range v.IDCard {
		c, problem := ParseIDCard(x.Inp)
		if (problem == "") != x.Valid || x.Reason != "" && string(problem) != x.Reason {
			t.Errorf("ParseIDCard(%q) problem %q, want valid=%v %q", x.Inp, problem, x.Valid, x.Reason)
			continue
		}
		if !x.Valid {
			continue
		}
		for got, want := range map[string]string{c.Number: x.Upgraded + x.Normalised, string(c.Birth): x.Birth, c.RegionCode: x.Region, map[Sex]string{Male: "男", Female: "女"}[c.Sex]: x.Sex} {
			if want != "" && got != want {
				t.Errorf("ParseIDCard(%q) gives %q, want %q", x.Inp, got, want)
			}
		}
	}
	for _, x := range v.Mobile {
		got := ""
		if m := ParseMobile(x.Inp); m != "" {
			got = Phone{System: Mobile, Number: m}.E164()
		}
		if got != x.E164 {
			t.Errorf("mobile %q gives %q, want %q", x.Inp, got, x.E164)
		}
	}
	for _, x := range v.Landline {
		ps := ParsePhones(x.Inp, "")
		if len(ps) != 1 {
			t.Errorf("landline %q gives %v", x.Inp, ps)
			continue
		}
		want := strings.TrimPrefix(x.Area+"-"+x.Number, "-")
		if ps[0].Number != want || ps[0].Ext != x.Ext || ps[0].System != Landline {
			t.Errorf("landline %q gives %+v, want %s ext %s", x.Inp, ps[0], want, x.Ext)
		}
	}
	masks := map[string]func(string) string{"name": MaskName, "mobile": MaskPhone, "landline": MaskPhone, "id": MaskID, "card": MaskNumber, "address": MaskAddress}
	for _, x := range v.Mask {
		if got := masks[x.Kind](x.Inp); got != x.Out {
			t.Errorf("mask %s %q gives %q, want %q", x.Kind, x.Inp, got, x.Out)
		}
	}
	for _, x := range v.Surname {
		if got := Pinyin(x.Name); len(got) == 0 || got[0].String() != x.Pinyin {
			t.Errorf("Pinyin(%s) gives %v, want %s", x.Name, got, x.Pinyin)
		}
	}
}

func TestPT04_Phones(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"电话：15412345678", "15412345678"},
		{"15412345678 15487654321", ""},
		{"15412345678，0531-5550101", "15412345678 0531-5550101"},
		{"86 15412345678", "15412345678"},
		{"+86 10 6555 0101", "010-65550101"},
		{"（0531）5550101转8012", "0531-5550101-8012"},
		{"65550101", "0531-65550101"},
		{"４００-８００-１２３４", "4008001234"},
		{"13333333333", ""}, {"无", ""}, {"", ""}, {"120", ""},
		{"家属15412345678", "15412345678"},
		{"15412345678或15487654321", "15412345678 15487654321"},
		{"15412345678/15412345678", "15412345678"},
		{"+1 415 555 0100", ""},
	} {
		var got []string
		for _, p := range ParsePhones(c.in, "0531") {
			got = append(got, p.String())
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("ParsePhones(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	if p := ParsePhones("154 1234 5678(女儿)", "")[0]; p.Note != "女儿" {
		t.Errorf("note %q, want 女儿", p.Note)
	}
}

func TestPT26_AgeOnBirthdays(t *testing.T) {
	for _, c := range []struct {
		born, on clock.Date
		age      int
	}{
		{"2000-02-29", "2025-02-28", 24}, {"2000-02-29", "2025-03-01", 25}, {"2000-02-29", "2024-02-29", 24}, {"2000-02-29", "2024-02-28", 23},
		{"1990-11-21", "2026-11-20", 35}, {"1990-11-21", "2026-11-21", 36}, {"2026-11-21", "2026-11-21", 0}, {"2026-11-22", "2026-11-21", -1},
		{"1999-12-31", "2026-01-01", 26}, {"", "2026-01-01", -1},
	} {
		if got := c.born.Age(c.on); got != c.age {
			t.Errorf("born %s on %s: %d, want %d", c.born, c.on, got, c.age)
		}
	}
}

func TestPT26_IDCardForms(t *testing.T) {
	for _, c := range []struct {
		in, number string
		problem    IDProblem
		permit     bool
	}{
		{"1101 0519 4912 3100 2x", "11010519491231002X", "", false},
		{"１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X", "", false},
		{"11010519491231002×", "11010519491231002X", "", false},
		{"810000199408230021", "810000199408230021", "", true},
		{"830000199201300022", "830000199201300022", "", true},
		{"110105961231997", "110105189612319974", "", false},
		{"E12345678", "E12345678", IDForm, false},
		{"01010519491231002X", "01010519491231002X", IDForm, false},
	} {
		got, problem := ParseIDCard(c.in)
		if c.problem == "" && problem == IDChecksum && len(c.number) == 18 {
			t.Errorf("%s: checksum, should end in %c", c.in, CheckDigit(got.Number))
			continue
		}
		if got.Number != c.number || problem != c.problem || got.Permit != c.permit {
			t.Errorf("ParseIDCard(%q) = %+v %q, want %s %q permit=%v", c.in, got, problem, c.number, c.problem, c.permit)
		}
	}
	if _, ok := ParseDocument(KindPassport, " e1234 5678 "); !ok {
		t.Error("passport E12345678 refused")
	}
	if _, ok := ParseDocument(KindPermit, "无"); ok {
		t.Error("permit 无 accepted")
	}
}

func TestPT26_Regions(t *testing.T) {
	for code, want := range map[string]string{"370102": "山东省济南市历下区", "110105": "北京市朝阳区", "110103": "北京市崇文区", "429004": "湖北省仙桃市", "441900": "广东省东莞市", "000000": ""} {
		if got := RegionName(code); got != want {
			t.Errorf("RegionName(%s) = %q, want %q", code, got, want)
		}
	}
	for address, want := range map[string]string{
		"山东省济南市历下区文化路12号": "370102", "北京市朝阳区建国路1号": "110105", "广东肇庆市德庆县": "441226", "济南市历下区文化路": "370102", "山东省 济南市 历下区": "370102",
		"湖北省仙桃市干河街道": "429004", "江西省赣州市": "360700", "幸福小区3号楼": "", "": "",
	} {
		if got := ReadRegion(address); got != want {
			t.Errorf("ReadRegion(%s) = %q, want %q", address, got, want)
		}
	}
	if n := len(RegionsUnder("")); n != 31 {
		t.Errorf("%d provinces, want 31", n)
	}
	if n := len(RegionsUnder("370100")); n < 10 {
		t.Errorf("济南 has %d counties", n)
	}
	if got := MaskAddress("幸福小区3号楼"); got != "******" {
		t.Errorf("an address without a readable county must be hidden whole, got %q", got)
	}
}

func TestPT04_Names(t *testing.T) {
	for in, want := range map[string]string{
		" 李  鹏涛 ": "李鹏涛", "李　鹏涛": "李鹏涛", "Ｊｏｈｎ  Smith": "John Smith", "阿依古丽•买买提": "阿依古丽·买买提", "王珅\u200b": "王珅", "": "", "·": "",
	} {
		if got := NormalName(in); got != want {
			t.Errorf("NormalName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSY24_Terms(t *testing.T) {
	terms := Terms(SearchText{Name: "曾小乐", Phones: []string{"15412345678"}, Numbers: []string{"0001987225"}, IDCard: "11010519491231002X"})
	for _, q := range []string{"曾小乐", "小乐", "zengxiaole", "zengx", "xiaole", "zxl", "zx", "xl", "cengxiaole", "5678", "12345678", "154123", "1987225", "0001987225", "002x", "11010519491231002x", "31002x"} {
		if !anyPrefix(terms, q) {
			t.Errorf("%q finds nothing in %v", q, terms)
		}
	}
	if len(terms) > 32 {
		t.Errorf("%d terms for one patient is too many: %v", len(terms), terms)
	}
	for in, want := range map[string]string{
		"张 伟": "张伟", "张伟1234": "张伟 1234", "张伟 1234": "张伟 1234", "ZW 1234": "zw 1234", "+86 154-1234-5678": "15412345678", "11010519491231002X": "11010519491231002x",
		"": "", "  ": "", "TJ00021": "tj00021", "欧阳": "欧阳", "%": "",
	} {
		if got := strings.Join(QueryTerms(in), " "); got != want {
			t.Errorf("QueryTerms(%q) = %q, want %q", in, got, want)
		}
	}
}

func anyPrefix(terms []string, q string) bool {
	for _, t := range terms {
		if strings.HasPrefix(t, q) {
			return true
		}
	}
	return false
}

func FuzzNormalisers(f *testing.F) {
	for _, s := range []string{"11010519491231002X", "110105491231002", "+86 154-1234-5678(家属)", "(010)65550101转12", "李  鹏涛", "阿依古丽•买买提", "山东省济南市历下区文化路", "\xff\xfe", "１５４", "𠮷野"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if c, problem := ParseIDCard(s); problem == "" {
			again, p := ParseIDCard(c.Number)
			if p != "" || again.Number != c.Number || again.Birth != c.Birth {
				t.Errorf("id card not stable: %q → %+v → %+v", s, c, again)
			}
		}
		for _, p := range ParsePhones(s, "0531") {
			q := ParsePhones(p.String(), "0531")
			if len(q) != 1 || q[0].Number != p.Number || q[0].Ext != p.Ext {
				t.Errorf("phone not stable: %q → %+v → %+v", s, p, q)
			}
		}
		if n := NormalName(s); NormalName(n) != n {
			t.Errorf("name not stable: %q → %q → %q", s, n, NormalName(n))
		}
		for name, mask := range map[string]func(string) string{"address": MaskAddress, "name": MaskName, "phone": MaskPhone, "id": MaskID, "email": MaskEmail} {
			if masked := mask(s); utf8.ValidString(s) && !utf8.ValidString(masked) {
				t.Errorf("masked %s is torn: %q → %q", name, s, masked)
			}
		}
		for _, x := range Terms(SearchText{Name: NormalName(s), Numbers: []string{s}}) {
			if len(x) > maxTerm {
				t.Errorf("term of %d bytes", len(x))
			}
		}
		QueryTerms(s)
	})
}
