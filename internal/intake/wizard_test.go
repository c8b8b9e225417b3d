package intake_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"renxin/internal/intake"
	"renxin/internal/platform/access"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
)

// applied imports an upload to the end.
func (h *house) applied(id intake.UploadID, o intake.ReadOptions, saveAs string) intake.Run {
	h.t.Helper()
	run, err := h.ApplyAs(h.ctx, id, o, saveAs)
	if err != nil {
		h.t.Fatal(err)
	}
	h.drain()
	h.settle()
	if run, err = h.Run(h.ctx, run.ID); err != nil || run.State != intake.RunDone {
		h.t.Fatalf("%+v %v", run, err)
	}
	return run
}

func (h *house) rowsOf(id intake.RunID, v intake.Verdict) []intake.Row {
	h.t.Helper()
	f := intake.RowFilter{Verdict: v, Limit: 200}
	if v == intake.Warned {
		f.Verdict, f.Warned = "", true
	}
	page, err := h.Rows(h.ctx, id, f)
	if err != nil || page.Total.Value != len(page.Items) {
		h.t.Fatal(page.Total, len(page.Items), err)
	}
	return page.Items
}

// Whatever was doubtful at the preview is kept with the row and can be found later; copies stand in the list too, in file order.
func TestIN05_WarningsAndCopiesStayWithTheirRows(t *testing.T) {
	h := newHouse(t)
	if _, err := h.Visit.Staff.Department(h.ctx, "FK", "妇科"); err != nil {
		t.Fatal(err)
	}
	text := "病人ID,姓名,出生日期,联系电话,身份证号,科室,就诊日期\n" +
		"1,王丽,1985-03-04,12345,,妇科,2026-11-01\n" +
		"2,李四,1980-13-45,15400000002,110100196606060000,外星科,昨天\n" +
		"1,王丽,1985-03-04,12345,,妇科,2026-11-01\n" +
		"4,赵六,1990-01-01,1.39E+10,,,\n" +
		"5,孙七,1991-01-01,15400000005,,,\n"
	u, _ := h.upload([]byte(text))
	_, reading, _, err := h.Offer(h.ctx, u.ID, intake.ReadOptions{})
	if err != nil || len(reading.Unknown) != 1 || reading.Unknown[0].Word != "外星科" || reading.Unknown[0].Rows != 1 {
		t.Fatalf("%+v %v", reading.Unknown, err)
	}
	if _, err := h.Apply(h.ctx, u.ID, intake.ReadOptions{}); fault.KeyOf(err) != "intake.upload.departments" {
		t.Errorf("applied while a department is unknown: %v", err)
	}
	o := intake.ReadOptions{Departments: map[string]string{"外星科": ""}}
	p, err := h.Preview(h.ctx, u.ID, o, "", 0)
	if err != nil || p.Warned != 2 || p.Counts != (intake.Counts{New: 3, Duplicate: 1, Rejected: 1}) {
		t.Fatalf("%+v %d %v", p.Counts, p.Warned, err)
	}
	run := h.applied(u.ID, o, "")
	all := h.rowsOf(run.ID, "")
	if len(all) != 5 {
		t.Fatalf("%d rows of 5", len(all))
	}
	want := []struct {
		ref     string
		verdict intake.Verdict
		says    []string
	}{{"R2", intake.Added, []string{"电话"}}, {"R3", intake.Added, []string{"出生日期", "身份证号"}}, {"R4", intake.Duplicate, []string{"以前收到过"}}, {"R5", intake.Rejected, []string{"联系电话", "科学计数法"}}, {"R6", intake.Added, nil}}
	for i, w := range want {
		why := all[i].Why(lang.ZH)
		if all[i].Ref != w.ref || all[i].Verdict != w.verdict || (why == "") != (w.says == nil) {
			t.Errorf("row %d: %s %s %q", i, all[i].Ref, all[i].Verdict, why)
		}
		for _, s := range w.says {
			if !strings.Contains(why, s) {
				t.Errorf("row %s does not say %s: %s", w.ref, s, why)
			}
		}
	}
	if doubtful := h.rowsOf(run.ID, intake.Warned); len(doubtful) != 2 || doubtful[0].Ref != "R2" || doubtful[1].Ref != "R3" {
		t.Errorf("%+v", doubtful)
	}
	if copies := h.rowsOf(run.ID, intake.Duplicate); len(copies) != 1 || copies[0].ID != all[0].ID {
		t.Errorf("%+v", copies)
	}
}

// What a person says about a department is remembered; a name that is ours is found by itself; one may be created.
func TestIN05_UnknownDepartmentsAreAskedForOnce(t *testing.T) {
	h := newHouse(t)
	fk, err := h.Visit.Staff.Department(h.ctx, "FK", "妇科")
	if err != nil {
		t.Fatal(err)
	}
	table := func(n int, department string) []byte {
		return fmt.Appendf(nil, "病人ID,姓名,就诊流水号,科室,就诊日期\n%d,王丽%c,V%d,%s,2026-11-01\n", n, rune(0x4e00+n), n, department)
	}
	of := func(n int) int64 {
		return int64(h.count(`select coalesce(department_id, 0) from visit_encounter where number = $1`, fmt.Sprintf("V%d", n)))
	}
	u, r := h.upload(table(1, "妇科"))
	if len(r.Unknown) != 0 {
		t.Fatalf("our own name is asked for: %+v", r.Unknown)
	}
	h.applied(u.ID, intake.ReadOptions{}, "")
	u, r = h.upload(table(2, "妇科门诊"))
	if len(r.Unknown) != 1 || r.Unknown[0].Suggest != "FK" {
		t.Fatalf("%+v", r.Unknown)
	}
	h.applied(u.ID, intake.ReadOptions{Departments: map[string]string{"妇科门诊": "FK"}}, "")
	u, r = h.upload(table(3, "妇科门诊"))
	if len(r.Unknown) != 0 {
		t.Error("asked twice")
	}
	h.applied(u.ID, intake.ReadOptions{}, "")
	u, _ = h.upload(table(4, "外星科"))
	h.applied(u.ID, intake.ReadOptions{Departments: map[string]string{"外星科": intake.CreateDepartment}}, "")
	if of(1) != int64(fk) || of(2) != int64(fk) || of(3) != int64(fk) || of(4) == 0 || of(4) == int64(fk) {
		t.Error(of(1), of(2), of(3), of(4), fk)
	}
	if n := h.count(`select count(*) from staff_department where name in ('妇科', '妇科门诊', '外星科')`); n != 2 {
		t.Errorf("%d departments", n)
	}
}

// A mapping saved by name serves the next file with the same headings by itself, date order included.
func TestIN05_MappingsAreSavedAndUsedAgain(t *testing.T) {
	h := newHouse(t)
	u, r := h.upload([]byte("编码,大名,生辰\n7,王丽,03/04/1985\n"))
	if r.Columns[0].Field+r.Columns[1].Field != "" {
		t.Fatalf("%+v", r.Columns)
	}
	o := intake.ReadOptions{Mapping: map[string]string{"编码": "patient.record", "大名": "patient.name", "生辰": "patient.birth_date"}, DateOrder: "dmy"}
	h.applied(u.ID, o, "体检中心名单")
	h.clock.Advance(time.Hour)
	u, _ = h.upload([]byte("大名,编码,生辰\n李四,8,05/06/1990\n"))
	_, again, m, err := h.Offer(h.ctx, u.ID, intake.ReadOptions{})
	if err != nil || m.Name != "体检中心名单" || again.Columns[0].Field != "patient.name" || len(again.Ambiguous) != 0 || again.DateOrder != "dmy" {
		t.Fatalf("%+v %+v %v", m, again.Columns, err)
	}
	list, err := h.Mappings(h.ctx)
	if err != nil || len(list) != 1 || list[0].Uses != 1 {
		t.Errorf("%+v %v", list, err)
	}
	if err := h.RemoveMapping(h.ctx, m.ID); err != nil {
		t.Fatal(err)
	}
	if _, _, m, _ := h.Offer(h.ctx, u.ID, intake.ReadOptions{}); m.ID != 0 {
		t.Error("a forgotten mapping is used")
	}
}

func TestIN01_PastedListsAreTables(t *testing.T) {
	h := newHouse(t)
	for name, text := range map[string]string{
		"tabs":    "姓名\t手机\n王丽\t15400000001\n李四\t15400000002\n",
		"commas":  "姓名，手机\n王丽，15400000001\n李四，15400000002",
		"blanks":  "王丽 15400000001 女\n李四 15400000002 男\n",
		"numbers": "1. 王丽 15400000001\n2. 李四 15400000002\n",
		"wide":    "姓名　　手机\r\n王丽　　15400000001\r\n\r\n李四　　15400000002\r\n",
	} {
		_, r, err := h.Paste(h.ctx, name, text)
		if err != nil || r.Total != 2 {
			t.Errorf("%s: %d rows, %v", name, r.Total, err)
			continue
		}
		for rec := range r.Records {
			if rec.Patient.Name == nil || len(rec.Patient.Telecoms) != 1 || len(rec.Problems) > 0 {
				t.Errorf("%s: %+v", name, rec)
			}
		}
	}
	if _, _, err := h.Paste(h.ctx, "x", " \n"); fault.KeyOf(err) != "intake.file.empty" {
		t.Error(err)
	}
}

// The file of verdicts holds the columns as they came; rejected rows alone, mended, come in again by the same columns.
func TestIN05_VerdictFileCanBeMendedAndBroughtAgain(t *testing.T) {
	h := newHouse(t)
	run := h.importRaw("a.csv", []byte("病人ID,姓名,手机,备注\n1,王丽,15400000001,=1+1\n2,李四,1.54E+10,\n3,赵六,15400000003,\n"))
	var all bytes.Buffer
	if err := h.VerdictFile(h.ctx, run.ID, intake.RowFilter{}, &all); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(all.String(), "\ufeff"))).ReadAll()
	if err != nil || len(lines) != 4 || lines[1][3] != "'=1+1" || lines[2][5] == lines[1][5] || lines[1][7] == "" || !strings.Contains(lines[2][6], "手机") {
		t.Fatalf("%v %v", lines, err)
	}
	var bad bytes.Buffer
	if err := h.VerdictFile(h.ctx, run.ID, intake.RowFilter{Verdict: intake.Rejected}, &bad); err != nil {
		t.Fatal(err)
	}
	mended := strings.Replace(bad.String(), "1.54E+10", "15400000002", 1)
	again := h.importRaw("b.csv", []byte(mended))
	if again.Counts != (intake.Counts{New: 1}) || h.persons() != 3 {
		t.Errorf("%+v, %d persons", again.Counts, h.persons())
	}
	nurse := access.With(h.ctx, access.Person(7, "nurse", intake.Permissions, access.Build(access.Grant{Reach: "own", StaffID: 7})))
	if err := h.VerdictFile(nurse, run.ID, intake.RowFilter{}, &bad); !fault.Is(err, fault.Forbidden) {
		t.Error("a file beyond the scope:", err)
	}
	if n := h.count(`select count(*) from trail_entry where action = 'intake.run.download'`); n != 2 {
		t.Errorf("%d downloads in the trail", n)
	}
}

// A file as large as anybody brings is not cut off at some number of rows (twenty 11980, SuiteCRM 8735).
func TestIN05_EveryRowOfALongFileIsTaken(t *testing.T) {
	h := newHouse(t)
	u, r := h.upload(crowd(2600))
	if r.Total != 2600 {
		t.Fatal(r.Total)
	}
	run := h.applied(u.ID, intake.ReadOptions{}, "")
	if run.Done != 2600 || run.Counts.Sum() != 2600 || h.persons() != run.Counts.New {
		t.Errorf("%+v, %d persons", run.Counts, h.persons())
	}
}
