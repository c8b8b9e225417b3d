package sheet

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"renxin/internal/intake"
)

func fieldsOf(r intake.Reading) (out []string) {
	for _, c := range r.Columns {
		out = append(out, c.Heading+"="+c.Field)
	}
	return out
}

// The same table in GB 18030 and UTF-8 reads the same, also with characters beyond GBK; a person may say otherwise.
func TestIN05_GB18030ReadsLikeUTF8AndCanBeOverridden(t *testing.T) {
	text := "姓名,联系电话,备注\n王珅,15412345678,㐀䶵𠀀\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	u, a := open(t, []byte(text), intake.ReadOptions{})
	g, b := open(t, gb, intake.ReadOptions{})
	if u.Charset != "UTF-8" || g.Charset != "GB18030" || !reflect.DeepEqual(a, b) {
		t.Errorf("%s %s\n%+v\n%+v", u.Charset, g.Charset, a, b)
	}
	wrong, list := open(t, gb, intake.ReadOptions{Charset: "UTF-8"})
	if wrong.Charset != "UTF-8" || len(list) != 1 || len(list[0].Problems) == 0 || list[0].Problems[0].Code != problemEncoding && list[0].Problems[0].Code != problemPerson {
		t.Errorf("read as UTF-8 by order: %s %+v", wrong.Charset, list)
	}
}

// An empty cell stays empty: it takes nothing of the row above and erases nothing (SuiteCRM 5445 and 5200).
func TestIN05_EmptyCellsNeverTakeThePreviousRowsValue(t *testing.T) {
	_, list := open(t, []byte("病人ID,姓名,邮箱,地址\n1,王丽,a@b.cn,济南\n2,李四,,\n"), intake.ReadOptions{Issuer: "HIS"})
	if p := list[1].Patient; len(p.Telecoms) != 0 || p.Address != nil || p.Sex != nil || p.BirthDate != nil {
		t.Errorf("%+v", p)
	}
}

func TestIN05_HeadingsMayStandInTwoLines(t *testing.T) {
	cases := []struct {
		name, text string
		want       []string
	}{
		{"groups above", "患者,,联系方式,\n姓名,性别,手机,座机\n王丽,女,15412345678,\n", []string{"姓名=patient.name", "性别=patient.sex", "手机=patient.mobile", "座机=patient.phone"}},
		{"merged downwards", "姓名,性别,联系方式,\n,,手机,座机\n王丽,女,15412345678,\n", []string{"姓名=patient.name", "性别=patient.sex", "手机=patient.mobile", "座机=patient.phone"}},
		{"one name twice", "患者,,联系人,\n姓名,电话,姓名,电话\n王丽,15412345678,李四,15412345679\n", []string{"患者姓名=patient.name", "患者电话=", "联系人姓名=", "联系人电话=patient.relative_phone"}},
		{"one heading twice", "姓名,手机,手机\n王丽,15412345678,15412345679\n", []string{"姓名=patient.name", "手机=patient.mobile", "手机 (2)=patient.mobile"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r, list := open(t, []byte(c.text), intake.ReadOptions{})
			if got := fieldsOf(r); !reflect.DeepEqual(got, c.want) || len(list) != 1 || str(list[0].Patient.Name) != "王丽" && c.name != "one name twice" {
				t.Errorf("%v %+v", got, list)
			}
		})
	}
}

// A list without headings goes by what its values look like; dates are left to a person, because nothing says which date they are.
func TestIN05_ListsWithoutHeadings(t *testing.T) {
	r, list := open(t, []byte("王丽,15412345678,女,1985-03-04\n李四,15412345679,男,1990-05-06\n"), intake.ReadOptions{})
	if got := fieldsOf(r); !r.Bare || !reflect.DeepEqual(got, []string{"A=patient.name", "B=patient.mobile", "C=patient.sex", "D="}) || len(list) != 2 {
		t.Fatalf("%v %+v", got, list)
	}
	for _, c := range r.Columns {
		if c.Sure {
			t.Errorf("%s is a guess and must be marked as one", c.Heading)
		}
	}
	if r.Columns[3].Type != typeDate || str(list[0].Patient.Name) != "王丽" {
		t.Errorf("%+v", r.Columns[3])
	}
	mapped := map[string]string{"A": patientName, "B": patientMobile, "C": patientSex, "D": patientBirth}
	_, again := open(t, list[1].Raw, intake.ReadOptions{Mapping: mapped})
	if len(again) != 1 || str(again[0].Patient.BirthDate) != "1990-05-06" {
		t.Errorf("a single row reads otherwise: %+v", again)
	}
}

// Values that would stand under wrong headings, that lost characters, or that were masked on their way never reach a patient.
func TestIN05_DamagedRowsAreRefusedOrLeftOut(t *testing.T) {
	for text, want := range map[string]intake.Problem{
		"姓名,地址,手机\n王丽,北京,海淀区,15412345678\n":             {Code: problemRagged, Fatal: true},
		"姓名,手机\n王\uFFFD,15412345678\n":                  {Code: problemEncoding, Field: "姓名", Fatal: true},
		"姓名,手机\n王丽,1.39E+10\n":                          {Code: problemNumber, Field: "手机", Fatal: true},
		"姓名,手机\n王丽,154****5678\n":                       {Code: problemMasked, Field: "手机"},
		"姓名,身份证号\n王丽,370102********2053\n":              {Code: problemMasked, Field: "身份证号"},
		"姓名,出生日期\n王丽,1980-13-45\n":                      {Code: problemDate, Field: "出生日期"},
		"姓名,备注\n\"王丽,x\n" + strings.Repeat("y,z\n", 30): {Code: problemQuote, Fatal: true},
	} {
		r := one(t, text)
		if len(r.Problems) == 0 || r.Problems[0] != want {
			t.Errorf("%.30q: %+v, want %+v", text, r.Problems, want)
		}
		if len(r.Patient.Telecoms)+len(r.Patient.Identifiers) > 0 || r.Patient.BirthDate != nil {
			t.Errorf("%.30q: a damaged value was taken: %+v", text, r.Patient)
		}
	}
	lines := one(t, "姓名,备注\n王丽,\"第一行\n第二行, 带逗号\"\n")
	if str(lines.Patient.Note) != "第一行\n第二行, 带逗号" || len(lines.Problems) > 0 {
		t.Errorf("%+v", lines)
	}
}

func workbook(t testing.TB, sheets map[string][][]any, order ...string) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, name := range order {
		if i == 0 {
			if err := f.SetSheetName("Sheet1", name); err != nil {
				t.Fatal(err)
			}
		} else if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for n, line := range sheets[name] {
			at, err := excelize.CoordinatesToCellName(1, n+1)
			if err == nil {
				err = f.SetSheetRow(name, at, &line)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestIN05_SheetsOfAWorkbookCanBeChosen(t *testing.T) {
	raw := workbook(t, map[string][][]any{"说明": {}, "门诊": {{"姓名", "手机"}, {"王丽", "15412345678"}}, "出院": {{"姓名", "出院日期", "住院号"}, {"李四", 46329, "007"}}}, "说明", "门诊", "出院")
	r, list := open(t, raw, intake.ReadOptions{})
	if r.Sheet != "门诊" || !reflect.DeepEqual(r.Sheets, []string{"说明", "门诊", "出院"}) || str(list[0].Patient.Name) != "王丽" {
		t.Errorf("%s %v", r.Sheet, r.Sheets)
	}
	r, list = open(t, raw, intake.ReadOptions{Sheet: "出院"})
	if r.Sheet != "出院" || str(list[0].Patient.Name) != "李四" || list[0].Encounter == nil || list[0].Encounter.EndedAt.String() != "2026-11-02T16:00:00.000Z" || list[0].Patient.Identifiers[0].Value != "007" {
		t.Errorf("%+v %+v", list[0].Patient, list[0].Encounter)
	}
	if r.Columns[1].Samples[0] != "2026-11-03" {
		t.Errorf("a day number is shown as %s", r.Columns[1].Samples[0])
	}
}

// Files with the same headings are known again, whatever their order; what the dictionary puts aside does not matter.
func TestIN05_FingerprintOfHeadings(t *testing.T) {
	print := func(head string) string {
		r, _ := open(t, []byte(head+"\n王丽,1\n"), intake.ReadOptions{})
		return r.Fingerprint
	}
	if print("姓名,编码") != print("编码,姓 名") || print("姓名,编码") != print("姓名,编码,处理结果,原因") {
		t.Error("the same headings differ")
	}
	if print("姓名,编码") == print("姓名,编号甲") || print("姓名,编码") == "" {
		t.Error("different headings are equal")
	}
}

func FuzzWorkbook(f *testing.F) {
	f.Add(workbook(f, map[string][][]any{"a": {{"姓名", "手机", "出生日期"}, {"王丽", 15412345678, 31168}}}, "a"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		reading, err := (Reader{}).Open(raw, intake.ReadOptions{})
		if err != nil {
			return
		}
		n := 0
		for r := range reading.Records {
			if n++; r.Ref == "" {
				t.Fatal("a row without its place")
			}
		}
		if n != reading.Total {
			t.Fatalf("%d of %d", n, reading.Total)
		}
	})
}
