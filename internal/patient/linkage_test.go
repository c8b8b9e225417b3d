package patient

import (
	"encoding/csv"
	"io"
	"os"
	"strings"
	"testing"

	"renxin/internal/identity"
	"renxin/internal/intake/intaketest"
	"renxin/internal/match"
	"renxin/internal/platform/clock"
)

// chineseRows reads the authored registration rows as a feed would: normalised, with the source system as issuer.
func chineseRows(t *testing.T) (records []match.Record, entity, trap []string) {
	t.Helper()
	open := func(name string) [][]string {
		f, err := os.Open(intaketest.Interop(t, "linkage-cn-authored", name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		b, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows[1:]
	}
	for _, r := range open("cn_patients_dev.utf8.csv") {
		records = append(records, evidence(r))
	}
	for _, r := range open("cn_patients_dev.truth.csv") {
		entity, trap = append(entity, r[1]), append(trap, r[2]+" "+r[3])
	}
	return records, entity, trap
}

// evidence reads one row: 行号,源系统,姓名,性别,出生日期,证件类型,证件号码,手机,电话,一卡通号,门诊号,住院号,地址,科室,登记日期.
func evidence(r []string) match.Record {
	m := match.Record{Name: identity.NormalName(r[2]), Sex: string(identity.ParseSex(r[3])), Birth: dateOf(r[4]), Address: r[12]}
	if p := identity.Pinyin(m.Name); len(p) > 0 {
		m.Pinyin = p[0].Full()
	}
	c, problem := identity.ParseIDCard(r[6])
	m.ID, m.IDValid = c.Number, problem == ""
	for _, p := range append(identity.ParsePhones(r[7], ""), identity.ParsePhones(r[8], "")...) {
		if p.System == identity.Mobile {
			m.Mobiles = append(m.Mobiles, p.Key())
		} else {
			m.Landlines = append(m.Landlines, p.Key())
		}
	}
	for i, k := range map[int]identity.IdentifierKind{9: identity.KindCard, 10: identity.KindOutpatient, 11: identity.KindInpatient} {
		if r[i] != "" {
			m.Numbers = append(m.Numbers, match.Number{Kind: string(k), Issuer: r[1], Value: r[i]})
		}
	}
	return m
}

// dateOf reads 1992-08-14, 1946/11/11, 19920814, 1999年1月10日.
func dateOf(s string) clock.Date {
	f := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if len(f) == 1 && len(f[0]) == 8 {
		f = []string{f[0][:4], f[0][4:6], f[0][6:]}
	}
	if len(f) != 3 {
		return ""
	}
	d, _ := clock.ParseDate(f[0] + "-" + pad(f[1]) + "-" + pad(f[2]))
	return d
}

func pad(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

func TestPT03_ChineseLinkage(t *testing.T) {
	records, entity, trap := chineseRows(t)
	block := map[match.Key][]int{}
	for i, r := range records {
		for _, k := range match.Keys(r) {
			block[k] = append(block[k], i)
		}
	}
	type pair struct{ a, b int }
	seen := map[pair]bool{}
	var autoRight, autoWrong, reviewRight, reviewWrong int
	for _, rows := range block {
		for i := range rows {
			for _, j := range rows[i+1:] {
				p := pair{rows[i], j}
				if seen[p] {
					continue
				}
				seen[p] = true
				r := match.Score(records[p.a], records[p.b])
				same := entity[p.a] == entity[p.b]
				switch {
				case r.Zone == match.Auto && same:
					autoRight++
				case r.Zone == match.Auto:
					autoWrong++
					t.Errorf("false automatic join of rows %d and %d (%s / %s): %.1f %v", p.a+1, p.b+1, trap[p.a], trap[p.b], r.Bits, r.Reasons)
				case r.Zone == match.Review && same:
					reviewRight++
				case r.Zone == match.Review:
					reviewWrong++
				case same:
					t.Logf("lost: rows %d and %d (%s / %s): %.1f %v", p.a+1, p.b+1, trap[p.a], trap[p.b], r.Bits, r.Reasons)
				}
			}
		}
	}
	total := 0
	byEntity := map[string]int{}
	for _, e := range entity {
		total += byEntity[e]
		byEntity[e]++
	}
	auto, review := float64(autoRight)/float64(total), float64(autoRight+reviewRight)/float64(total)
	t.Logf("%d true pairs; automatic %d right %d wrong (recall %.4f); review %d right %d wrong (recall with review %.4f)", total, autoRight, autoWrong, auto, reviewRight, reviewWrong, review)
	if total != 1479 || auto < 0.95 || review < 0.99 {
		t.Errorf("recall %.4f automatic (want ≥ 0.95), %.4f with review (want ≥ 0.99) of %d pairs (want 1479)", auto, review, total)
	}
}
