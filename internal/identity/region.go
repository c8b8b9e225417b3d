package identity

import (
	_ "embed"
	"sort"
	"strings"
	"unicode/utf8"
)

// regionText is GB/T 2260: "code,name" by code (divisions of 2023-06-30), then "-code,full name" for 1,229 abolished codes,
// which old identity numbers still carry. Sources and licences: docs/dependencies.md.
//
//go:embed region.csv
var regionText string

// Region is one administrative division: province (…0000), prefecture (…00) or county.
type Region struct {
	Code string `json:"code"` // six digits
	Name string `json:"name"` // its own name; for an abolished code the full name
	Old  bool   `json:"old,omitempty"`
}

var regions, regionByCode = loadRegions()

func loadRegions() ([]Region, map[string]Region) {
	lines := strings.Split(strings.TrimSpace(regionText), "\n")
	list, byCode := make([]Region, 0, len(lines)), make(map[string]Region, len(lines))
	for _, l := range lines {
		code, name, _ := strings.Cut(l, ",")
		r := Region{Code: strings.TrimPrefix(code, "-"), Name: name, Old: strings.HasPrefix(code, "-")}
		byCode[r.Code] = r
		if !r.Old {
			list = append(list, r)
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Code < list[j].Code })
	return list, byCode
}

// regionByRune finds the divisions whose name begins with a character, for addresses that name no province.
var regionByRune = func() map[rune][]Region {
	m := map[rune][]Region{}
	for _, r := range regions {
		first, _ := utf8.DecodeRuneInString(r.Name)
		m[first] = append(m[first], r)
	}
	return m
}()

// FindRegion looks a code up, abolished ones included.
func FindRegion(code string) (Region, bool) {
	r, ok := regionByCode[code]
	return r, ok
}

// RegionsUnder lists the present divisions directly under a code: "" gives the provinces, "370000" its prefectures, "370100" its counties.
func RegionsUnder(code string) []Region {
	var out []Region
	for _, r := range regions {
		if r.Code != code && parentRegion(r.Code) == code {
			out = append(out, r)
		}
	}
	return out
}

func parentRegion(code string) string {
	switch {
	case strings.HasSuffix(code, "0000"):
		return ""
	case strings.HasSuffix(code, "00"):
		return code[:2] + "0000"
	}
	return code[:4] + "00"
}

// RegionName is the full name of a code, "山东省济南市历下区"; "" for an unknown one.
func RegionName(code string) string {
	r, ok := regionByCode[code]
	if !ok {
		return ""
	}
	if r.Old {
		return r.Name
	}
	name := ""
	for c := code; c != ""; c = parentRegion(c) {
		if p, ok := regionByCode[c]; ok && !p.virtual() {
			name = p.Name + name
		}
	}
	return name
}

// virtual divisions exist only in the code table, never in an address.
func (r Region) virtual() bool {
	return r.Name == "市辖区" || r.Name == "县" || strings.Contains(r.Name, "直辖县级")
}

// ReadRegion finds the county (or what is named of it) that an address begins with, "" if none.
func ReadRegion(address string) string {
	code, _ := regionIn(address)
	return code
}

// regionIn gives the deepest division that the address names and how many bytes of the address name it.
func regionIn(address string) (code string, length int) {
	for {
		c, n := nextRegion(code, address[length:])
		if n == 0 {
			return code, length
		}
		code, length = c, length+n
	}
}

// nextRegion matches one more level below code; the levels between may be left out ("山东省历下区", "济南市历下区").
func nextRegion(code, rest string) (string, int) {
	trimmed := strings.TrimLeft(rest, " \u3000")
	if trimmed == "" {
		return "", 0
	}
	skipped := len(rest) - len(trimmed)
	best, length := "", 0
	below := under(code)
	if code == "" {
		first, _ := utf8.DecodeRuneInString(trimmed)
		below = regionByRune[first]
	}
	for _, r := range below {
		if n := namedBy(r, trimmed); n > length {
			best, length = r.Code, n
		}
	}
	if length == 0 {
		return "", 0
	}
	return best, skipped + length
}

// under lists every present division below code by code order; regions is sorted, so it is one slice.
func under(code string) []Region {
	p := strings.TrimRight(code, "0")
	if len(p)%2 == 1 {
		p += "0"
	}
	if code == "" {
		return regions
	}
	from := sort.Search(len(regions), func(i int) bool { return regions[i].Code > code })
	to := sort.Search(len(regions), func(i int) bool { return regions[i].Code >= p+strings.Repeat("z", 6-len(p)) })
	return regions[from:max(from, to)]
}

func namedBy(r Region, s string) int {
	if r.virtual() {
		return 0
	}
	if strings.HasPrefix(s, r.Name) {
		return len(r.Name)
	}
	if !strings.HasSuffix(r.Code, "0000") {
		return 0
	}
	short := provinceShort(r.Name)
	if strings.HasPrefix(s, short) {
		return len(short)
	}
	return 0
}

func provinceShort(name string) string {
	for _, suffix := range []string{"维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市"} {
		if s, ok := strings.CutSuffix(name, suffix); ok {
			return s
		}
	}
	return name
}
