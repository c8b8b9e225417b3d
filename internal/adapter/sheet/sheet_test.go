package sheet

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"renxin/internal/intake"
	"renxin/internal/intake/intaketest"
)

func open(t testing.TB, raw []byte, o intake.ReadOptions) (intake.Reading, []intake.Record) {
	t.Helper()
	r, err := (Reader{}).Open(raw, o)
	if err != nil {
		t.Fatal(err)
	}
	var list []intake.Record
	for rec := range r.Records {
		list = append(list, rec)
	}
	if len(list) != r.Total {
		t.Errorf("%d records, total says %d", len(list), r.Total)
	}
	return r, list
}

func one(t testing.TB, text string) intake.Record {
	t.Helper()
	_, list := open(t, []byte(text), intake.ReadOptions{Issuer: "HIS"})
	if len(list) != 1 {
		t.Fatalf("%d records, want 1", len(list))
	}
	return list[0]
}

func str(v intake.Text) string {
	if v == nil {
		return "<nil>"
	}
	return *v
}

func TestIN01_HeadingsOfManyHospitals(t *testing.T) {
	for heading, want := range map[string]string{
		"病人ID": patientRecord, "就诊卡号": patientCard, "一卡通号": patientCard, "门诊号": patientOutpatient, "住院号": patientInpatient,
		"身份证号": patientIDCard, "姓名": patientName, "性别": patientSex, "出生日期": patientBirth, "手机": patientMobile, "联系电话": patientPhone,
		"座机": patientPhone, "地址": patientAddress, "科室": visitDepartment, "出院日期": visitEnd, "诊断": diagnosisName, "手术": procedureName,
		"*手机号码（必填）": patientMobile, "Patient ID": patientRecord, "PATIENT_NAME": patientName, "ＩＣＤ－１０": diagnosisCode, " 证件号码:": documentNumber,
		"不认识的列": "", "行号": ignored,
	} {
		if got := fieldOf(heading); got != want {
			t.Errorf("%s → %q, want %q", heading, got, want)
		}
	}
	seen := map[string]string{}
	for _, line := range dictionary {
		for _, h := range strings.Fields(line.headings) {
			if other, double := seen[fold(h)]; double && other != line.field {
				t.Errorf("%s stands for %s and %s", h, other, line.field)
			}
			seen[fold(h)] = line.field
		}
	}
}

func TestIN01_SpreadsheetDamage(t *testing.T) {
	r := one(t, "姓名,手机,住院号,身份证号\n\" 王 丽\",\"=\"\"013912345678\"\"\",'00123,3.70E+17\n")
	if len(r.Problems) != 1 || r.Problems[0] != (intake.Problem{Code: problemNumber, Field: "身份证号", Fatal: true}) {
		t.Errorf("problems %+v", r.Problems)
	}
	if r.Patient.Telecoms[0].Value != "013912345678" || r.Patient.Identifiers[0].Value != "00123" || str(r.Patient.Name) != "王 丽" {
		t.Errorf("%+v", r.Patient)
	}
	lazy := one(t, "姓名,手机,备注\n王\"丽,=\"15412345678\",他说\"好\"\n")
	if str(lazy.Patient.Name) != `王"丽` || lazy.Patient.Telecoms[0].Value != "15412345678" || str(lazy.Patient.Note) != `他说"好"` {
		t.Errorf("%+v", lazy.Patient)
	}
	for in, want := range map[string]struct {
		out string
		ok  bool
	}{
		"1.39E+10": {"1.39E+10", false}, "1.3912345678E10": {"13912345678", true}, "3.70100198203052E+17": {"3.70100198203052E+17", false},
		"E12345": {"E12345", true}, "12E3": {"12E3", true}, "13912345678": {"13912345678", true}, "1.5E1": {"15", true}, "1E0": {"1", true},
	} {
		if got, ok := wholeNumber(in); ok != want.ok || ok && got != want.out {
			t.Errorf("%s → %s %v", in, got, ok)
		}
	}
	open := one(t, "姓名,备注\n\"王丽,x\n"+strings.Repeat("李四,y\n", 30))
	if len(open.Problems) != 1 || open.Problems[0].Code != problemQuote || !open.Problems[0].Fatal {
		t.Errorf("rows swallowed in silence: %+v", open.Problems)
	}
}

func TestIN01_Tables(t *testing.T) {
	cases := []struct {
		name, text string
		refs       []string
	}{
		{"title line above the heading", "2026年患者名单,,\n姓名,性别,手机\n王丽,女,15412345678\n", []string{"R3"}},
		{"tabs, blank lines", "姓名\t手机\n王丽\t15412345678\n\n李四\t15412345679\n\t\n", []string{"R2", "R4"}},
		{"short and long rows", "姓名;性别;手机\n王丽\n李四;男;15412345678; \n", []string{"R2", "R3"}},
		{"CRLF and mark", "\ufeff姓名,手机\r\n王丽,15412345678\r\n", []string{"R2"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, list := open(t, []byte(c.text), intake.ReadOptions{})
			var refs []string
			for _, r := range list {
				refs = append(refs, r.Ref)
				if len(r.Problems) > 0 {
					t.Errorf("%s: %+v", r.Ref, r.Problems)
				}
			}
			if !reflect.DeepEqual(refs, c.refs) {
				t.Errorf("rows %v, want %v", refs, c.refs)
			}
		})
	}
	for raw, want := range map[string]error{"": ErrEmpty, "\n\n": ErrEmpty, "\xD0\xCF\x11\xE0rest": ErrOldExcel, "PK\x03\x04 no zip": ErrBroken} {
		if _, err := (Reader{}).Open([]byte(raw), intake.ReadOptions{}); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", raw, err, want)
		}
	}
}

func TestIN01_Dates(t *testing.T) {
	l := &layout{zone: zoneOf(intake.ReadOptions{}), order: dayFirst}
	for in, want := range map[string]string{
		"1968-09-14": "1968-09-14", "19920814": "1992-08-14", "2000/4/5": "2000-04-05", "1970年1月3日": "1970-01-03", "1970年01月": "1970-01",
		"1985": "1985", "198503": "1985-03", "1985.3.7": "1985-03-07", "2024-06-06 08:30:00": "2024-06-06", "１９８５－０３－０７": "1985-03-07", "5/3/1985": "1985-03-05",
	} {
		m, ok := l.moment(in)
		if !ok || m.date() != want {
			t.Errorf("%s → %s %v, want %s", in, m.date(), ok, want)
		}
	}
	for _, bad := range []string{"1985-02-30", "85-03-07", "13/13/1985", "不详", "0000-00-00", "45449", "1985-13", "198"} {
		if m, ok := l.moment(bad); ok {
			t.Errorf("%s read as %s", bad, m.date())
		}
	}
}

func TestIN05_DayOrMonthFirstIsNeverGuessed(t *testing.T) {
	table := func(dates ...string) []byte {
		return []byte("姓名,出生日期\n王丽," + strings.Join(dates, "\n李四,") + "\n")
	}
	proved, list := open(t, table("03/04/1985", "25/04/1985"), intake.ReadOptions{})
	if len(proved.Ambiguous) > 0 || proved.DateOrder != "dmy" || str(list[0].Patient.BirthDate) != "1985-04-03" {
		t.Errorf("proved by the 25th: %+v %s", proved.Ambiguous, str(list[0].Patient.BirthDate))
	}
	open1, list := open(t, table("03/04/1985", "05/06/1990"), intake.ReadOptions{})
	if len(open1.Ambiguous) != 1 || open1.Ambiguous[0].Heading != "出生日期" || len(open1.Ambiguous[0].Samples) != 2 || list[0].Patient.BirthDate != nil || list[0].Problems[0].Code != problemAmbiguous || !list[0].Problems[0].Fatal {
		t.Errorf("both ways: %+v %+v", open1.Ambiguous, list[0])
	}
	said, list := open(t, table("03/04/1985", "05/06/1990"), intake.ReadOptions{DateOrder: "mdy"})
	if len(said.Ambiguous) > 0 || str(list[0].Patient.BirthDate) != "1985-03-04" {
		t.Errorf("said: %+v", said)
	}
	torn, _ := open(t, table("25/04/1985", "04/25/1985"), intake.ReadOptions{})
	if len(torn.Ambiguous) != 1 {
		t.Error("a column that proves both orders must be asked for")
	}
}

func TestIN03_VisitsInRows(t *testing.T) {
	r := one(t, "病人ID,姓名,住院号,出院科室,床号,入院日期,出院日期,出院诊断,诊断编码,手术名称,手术日期,总费用\n7,李秀英,ZY1,妇科,12,2026-11-06,2026-11-13 10:30,子宫平滑肌瘤,D25.900,子宫肌瘤切除术,2026-11-08,\"3,433.00\"\n")
	e := r.Encounter
	if e == nil || r.Event != intake.EncounterClose || e.Class != "IMP" || e.Number != "ZY1@2026-11-06" || e.DepartmentName != "妇科" || e.EndedAt.String() != "2026-11-13T02:30:00.000Z" {
		t.Fatalf("%s %+v", r.Event, e)
	}
	if c := r.Conditions[0]; c.Code != "D25.900" || c.Kind != "discharge" || c.Rank != 1 {
		t.Errorf("%+v", c)
	}
	if p := r.Procedures[0]; p.Name != "子宫肌瘤切除术" || p.Number != "子宫肌瘤切除术@2026-11-08" {
		t.Errorf("%+v", p)
	}
	if c := r.Charges[0]; c.AmountFen != 343300 || c.Number == "" {
		t.Errorf("%+v", c)
	}
	again, list := open(t, r.Raw, intake.ReadOptions{Issuer: "HIS"})
	list[0].Ref = r.Ref
	if again.Total != 1 || !reflect.DeepEqual(list[0], r) {
		t.Errorf("a row's raw form does not read the same:\n%+v\n%+v", list[0], r)
	}
}

func TestIN01_MappingOverrides(t *testing.T) {
	o := intake.ReadOptions{Issuer: "卫宁", Mapping: map[string]string{"编码": patientRecord, "手机": ""}}
	reading, list := open(t, []byte("编码,姓名,手机\nA7,王丽,15412345678\n"), o)
	if len(list[0].Patient.Telecoms) != 0 || list[0].Patient.Identifiers[0] != (intake.Identifier{Kind: "other", Issuer: "卫宁", Value: "A7"}) {
		t.Errorf("%+v", list[0].Patient)
	}
	if c := reading.Columns; c[0].Field != patientRecord || c[2].Field != "" || !reflect.DeepEqual(c[2].Samples, []string{"15412345678"}) {
		t.Errorf("%+v", c)
	}
}

func TestIN01_Workbook(t *testing.T) {
	f := excelize.NewFile()
	for cell, v := range map[string]any{
		"A1": "2026 出院名单", "A3": "姓名", "B3": "手机", "C3": "出生日期", "D3": "病人ID", "A4": "王丽", "B4": 15412345678, "C4": 31168, "D4": "0007",
		"A5": "李四", "B5": "15412345679", "C5": "1990年5月6日", "D5": 8,
	} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	reading, list := open(t, b.Bytes(), intake.ReadOptions{})
	if reading.Format != "xlsx" || len(list) != 2 || list[0].Ref != "R4" {
		t.Fatalf("%+v", reading)
	}
	p := list[0].Patient
	if p.Telecoms[0].Value != "15412345678" || str(p.BirthDate) != "1985-05-01" || p.Identifiers[0].Value != "0007" || str(list[1].Patient.BirthDate) != "1990-05-06" {
		t.Errorf("%+v", p)
	}
	_, again := open(t, list[0].Raw, intake.ReadOptions{})
	if str(again[0].Patient.BirthDate) != "1985-05-01" {
		t.Error("a workbook's date is lost in the row's raw form")
	}
}

func TestIN01_ChineseSampleReadsTheSameInBothCharsets(t *testing.T) {
	u, a := open(t, intaketest.File(t, "linkage-cn-authored", "cn_patients_dev.utf8.csv"), intake.ReadOptions{})
	g, b := open(t, intaketest.File(t, "linkage-cn-authored", "cn_patients_dev.gb18030.csv"), intake.ReadOptions{})
	if u.Charset != "UTF-8" || g.Charset != "GB18030" || len(a) != 2310 {
		t.Fatalf("%s %s %d", u.Charset, g.Charset, len(a))
	}
	if !reflect.DeepEqual(a, b) || !reflect.DeepEqual(u.Columns, g.Columns) {
		t.Error("GB 18030 and UTF-8 differ")
	}
	known := 0
	for _, c := range u.Columns {
		if c.Field != "" {
			known++
		} else if c.Heading != "行号" && c.Heading != "登记日期" {
			t.Errorf("column %s is not mapped", c.Heading)
		}
	}
	for _, r := range a {
		if len(r.Problems) > 0 {
			t.Errorf("%s: %+v", r.Ref, r.Problems)
		}
	}
	if known != 13 {
		t.Errorf("%d columns mapped", known)
	}
}

func FuzzCSV(f *testing.F) {
	gb, _ := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte("姓名,手机\n王珅,15412345678\n"))
	f.Add(gb)
	f.Add([]byte("姓名,出生日期,手机,金额,出院日期\n\"王\"丽,1/2/1985,=\"013\",1.3E+9,2026年1月\n"))
	f.Add([]byte("\ufeffname;dob;phone\nx;12/31/1999;1E5\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if bytes.HasPrefix(raw, []byte("PK")) {
			return
		}
		reading, err := (Reader{}).Open(raw, intake.ReadOptions{})
		if err != nil {
			return
		}
		n := 0
		for r := range reading.Records {
			n++
			if r.Ref == "" || len(r.Raw) == 0 {
				t.Fatal("a row without place or raw form")
			}
		}
		if n != reading.Total {
			t.Fatalf("%d of %d", n, reading.Total)
		}
	})
}
