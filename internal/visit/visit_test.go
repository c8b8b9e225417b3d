package visit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

func TestPT23_StayAsTheHISTellsIt(t *testing.T) {
	h := openHouse(t)
	p := h.person(1)
	at := func(day clock.Date, hour int) clock.Instant { return h.clock.On(day, hour, 0) }
	word := func(day clock.Date, hour int) EncounterInput {
		return EncounterInput{Issuer: "HIS", Number: "ZY1", ToldAt: at(day, hour)}
	}
	admit := word("2026-11-16", 9)
	admit.Class, admit.DepartmentCode, admit.DepartmentName, admit.Ward, admit.Bed, admit.DoctorName = "IMP", "FK", "妇科", "W3", "12", "王医生"
	transfer := word("2026-11-17", 9)
	transfer.Bed = "14"
	discharge := word("2026-11-20", 10)
	undo := word("2026-11-20", 11)
	again := word("2026-11-21", 10)
	again.EndedAt = at("2026-11-21", 9)
	type told = func(context.Context, patient.ID, EncounterInput) (EncounterID, Change, error)
	for _, w := range []struct {
		name  string
		fn    told
		in    EncounterInput
		want  Change
		facts string
		state string
		bed   string
	}{
		{"admitted", h.UpsertEncounter, admit, Created, "[visit.opened]", StateOpen, "12"},
		{"told again", h.UpsertEncounter, admit, Unchanged, "[]", StateOpen, "12"},
		{"moved to another bed", h.UpsertEncounter, transfer, Updated, "[visit.changed]", StateOpen, "14"},
		{"the old word arrives late", h.UpsertEncounter, admit, Unchanged, "[]", StateOpen, "14"},
		{"discharged", h.Close, discharge, Updated, "[visit.discharged]", StateFinished, "14"},
		{"discharged, repeated", h.Close, discharge, Unchanged, "[]", StateFinished, "14"},
		{"discharge cancelled", h.Reopen, undo, Updated, "[visit.discharge_cancelled]", StateOpen, "14"},
		{"the discharge arrives once more", h.Close, discharge, Unchanged, "[]", StateOpen, "14"},
		{"discharged next day", h.Close, again, Updated, "[visit.discharged]", StateFinished, "14"},
		{"never was", h.Cancel, word("2026-11-22", 8), Updated, "[visit.cancelled]", StateCancelled, "14"},
	} {
		id, c, err := w.fn(h.ctx, p, w.in)
		h.must(err)
		st, err := h.Story(h.ctx, p, id)
		h.must(err)
		if facts := h.told(); c != w.want || facts != w.facts || st.State != w.state || st.Bed != w.bed || st.Ward != "W3" {
			t.Errorf("%s: %s %s %s bed %s, want %s %s %s bed %s", w.name, c, facts, st.State, st.Bed, w.want, w.facts, w.state, w.bed)
		}
	}
	if n := h.count(`select count(*) from visit_encounter`); n != 1 {
		t.Error(n)
	}
	if n := h.count(`select count(*) from patient_access where patient_id = $1 and kind = 'department'`, p); n != 1 {
		t.Error("the department has to do with the patient", n)
	}
	if _, _, err := h.UpsertEncounter(h.ctx, p, EncounterInput{Issuer: "HIS"}); !fault.Is(err, fault.Invalid) {
		t.Error("a visit without its number cannot be told twice", err)
	}
}

func TestPT23_CancelBeforeOpenStaysCancelled(t *testing.T) {
	h := openHouse(t)
	p := h.person(1)
	in := EncounterInput{Issuer: "HIS", Number: "X", ToldAt: h.clock.On("2026-11-20", 10, 0)}
	_, _, err := h.Cancel(h.ctx, p, in)
	h.must(err)
	in.ToldAt = h.clock.On("2026-11-20", 9, 0)
	_, c, err := h.UpsertEncounter(h.ctx, p, in)
	h.must(err)
	if c != Unchanged || h.told() != "[]" {
		t.Error("a late opening must not revive it", c)
	}
	other := EncounterInput{Issuer: "LIS", Number: "X"}
	if _, c, err := h.UpsertEncounter(h.ctx, p, other); err != nil || c != Created {
		t.Error("another system's number is another visit", c, err)
	}
}

func TestPT22_DiagnosesProceduresReportsOnce(t *testing.T) {
	h := openHouse(t)
	p := h.person(1)
	e, _, err := h.UpsertEncounter(h.ctx, p, EncounterInput{Issuer: "HIS", Number: "MZ1", Class: "AMB", DepartmentCode: "NK", DepartmentName: "内科", DoctorName: "李医生"})
	h.must(err)
	h.told()
	for round, want := range []string{"[visit.diagnosed visit.diagnosed visit.operated visit.reported]", "[]"} {
		for _, c := range []ConditionInput{{Code: "I10.x00", Name: "高血压", Kind: "outpatient", Rank: 2}, {Code: "E11.9", Name: "2型糖尿病", Kind: "outpatient", Rank: 1}} {
			_, _, err := h.UpsertCondition(h.ctx, p, e, c)
			h.must(err)
		}
		_, _, err = h.UpsertProcedure(h.ctx, p, e, ProcedureInput{Issuer: "HIS", Code: "89.52", Name: "心电图", At: h.clock.Now()})
		h.must(err)
		_, _, err = h.UpsertReport(h.ctx, p, e, ReportInput{Issuer: "LIS", Number: "R1", Kind: "lab", Name: "糖化血红蛋白", Abnormal: "H", At: h.clock.Now()})
		h.must(err)
		if got := h.told(); got != want {
			t.Errorf("round %d: %s", round, got)
		}
	}
	page, err := h.Encounters(h.ctx, p, "", 0)
	h.must(err)
	if v := page.Items[0]; len(page.Items) != 1 || v.Diagnosis != "2型糖尿病" || v.Department != "内科" || v.DoctorName != "李医生" {
		t.Errorf("%+v", v)
	}
	last, err := h.LastFor(h.ctx, []patient.ID{p})
	h.must(err)
	if l := last[p]; l.Department != "内科" || l.Diagnosis != "2型糖尿病" || l.EncounterID != e {
		t.Errorf("%+v", l)
	}
}

// Daily and yearly totals equal the feed to the fen for a thousand patients, refunds and repetitions included.
func TestPT14_TotalsEqualTheFeedToTheFen(t *testing.T) {
	h := openHouse(t)
	r := rand.New(rand.NewPCG(14, 1))
	type line struct {
		p  patient.ID
		in ChargeInput
	}
	var lines []line
	var people []patient.ID
	for range 1000 {
		p := patient.ID(h.DB.NextID())
		people = append(people, p)
		for k := range 1 + r.IntN(6) {
			day := clock.Date("2025-12-20").Add(r.IntN(40))
			lines = append(lines, line{p, ChargeInput{Issuer: "HIS", Number: string(rune('a'+k)) + p.String(), Name: "项目", Category: "检查", Quantity: "1",
				AmountFen: int64(r.IntN(500_00)) - 50_00, At: h.clock.On(day, r.IntN(24), 0)}})
		}
	}
	h.must(h.DB.Tx(h.ctx, func(ctx context.Context, tx *db.Tx) error {
		for i, p := range people {
			if _, err := tx.Exec(ctx, `insert into patient_patient (id, name, pinyin, sex, birth_date, occupation, ethnicity, marital, address, region_code, source, note, alert,
				deceased_at, created_at, updated_at, met_at, seen_at, version) values ($1, $2, '', 'male', '', '', '', '', '', '', '', '', '', '', 0, 0, 0, 0, 1)`, p, fmt.Sprint(i)); err != nil {
				return err
			}
		}
		return nil
	}))
	h.must(h.DB.Tx(h.ctx, func(ctx context.Context, _ *db.Tx) error {
		for round := range 2 { // the feed repeats itself
			for _, l := range lines {
				_, c, err := h.UpsertCharge(ctx, l.p, 0, l.in)
				if err != nil {
					return err
				}
				if want := []Change{Created, Unchanged}[round]; c != want {
					t.Fatalf("round %d: %s", round, c)
				}
			}
		}
		return nil
	}))
	day, year := map[patient.ID]map[clock.Date]int64{}, map[patient.ID]map[string]int64{}
	for _, l := range lines {
		if day[l.p] == nil {
			day[l.p], year[l.p] = map[clock.Date]int64{}, map[string]int64{}
		}
		d := h.clock.Date(l.in.At)
		day[l.p][d] += l.in.AmountFen
		year[l.p][string(d[:4])] += l.in.AmountFen
	}
	for _, p := range people {
		checkSpend(t, h, p, day[p], year[p])
	}
}

func checkSpend(t *testing.T, h *house, p patient.ID, day map[clock.Date]int64, year map[string]int64) {
	t.Helper()
	seen := 0
	first, err := h.Spend(h.ctx, p, 0)
	h.must(err)
	if len(first.Years) != len(year) {
		t.Fatal(first.Years, year)
	}
	for _, y := range first.Years {
		s, err := h.Spend(h.ctx, p, y.Year)
		h.must(err)
		sum := int64(0)
		for _, d := range s.Days {
			items := int64(0)
			for _, i := range d.Items {
				items += i.AmountFen
			}
			if d.TotalFen != day[d.Date] || items != d.TotalFen {
				t.Fatalf("%s: %d shown, %d of items, %d in the feed", d.Date, d.TotalFen, items, day[d.Date])
			}
			sum += d.TotalFen
			seen++
		}
		if sum != y.TotalFen {
			t.Fatal("the days do not add up to the year", sum, y)
		}
	}
	if seen != len(day) {
		t.Fatal("a day is missing", seen, len(day))
	}
}

func TestPT14_CorrectedChargeReplacesItsLine(t *testing.T) {
	h := openHouse(t)
	p := h.person(1)
	in := ChargeInput{Issuer: "HIS", Number: "C1", Name: "挂号费", AmountFen: 5000, At: h.clock.Now()}
	_, _, err := h.UpsertCharge(h.ctx, p, 0, in)
	h.must(err)
	in.AmountFen = 4500
	_, c, err := h.UpsertCharge(h.ctx, p, 0, in)
	h.must(err)
	s, err := h.Spend(h.ctx, p, 0)
	h.must(err)
	if c != Updated || len(s.Days) != 1 || s.Days[0].TotalFen != 4500 {
		t.Fatal(c, s)
	}
	nobody := access.With(context.Background(), access.Person(9, "x", Permissions, access.Build(access.Grant{Reach: "own", StaffID: 9})))
	if _, err := h.Spend(nobody, p, 0); !fault.Is(err, fault.NotFound) {
		t.Error("charges of a patient out of scope", err)
	}
}

func TestPT08_GroupsCoverCodesHoweverWritten(t *testing.T) {
	g := Group{Codes: []string{"E11", "n87.1"}}
	for code, want := range map[string]bool{"E11.900": true, "e119": true, "E10": false, "N87.100": true, "N87.2": false, "": false} {
		if g.Covers(code) != want {
			t.Error(code, !want)
		}
	}
	h := openHouse(t)
	made, err := h.CreateGroup(h.ctx, GroupInput{Name: " 糖尿病 ", Codes: []string{"e11", "E11 ", ""}})
	h.must(err)
	if made.Name != "糖尿病" || len(made.Codes) != 1 {
		t.Fatal(made)
	}
	if _, err := h.CreateGroup(h.ctx, GroupInput{Name: "糖尿病", Codes: []string{"E10"}}); !fault.Is(err, fault.Conflict) {
		t.Error("same name twice", err)
	}
	if _, err := h.CreateGroup(h.ctx, GroupInput{Name: "空"}); !fault.Is(err, fault.Invalid) {
		t.Error("no codes", err)
	}
	up, err := h.UpdateGroup(h.ctx, made.ID, GroupInput{Name: "糖尿病", Codes: []string{"E10", "E11"}, Version: 1})
	h.must(err)
	if up.Version != 2 {
		t.Fatal(up)
	}
	if _, err := h.UpdateGroup(h.ctx, made.ID, GroupInput{Name: "糖尿病", Codes: []string{"E10"}, Version: 1}); !fault.Is(err, fault.Conflict) {
		t.Error("a lost update", err)
	}
	p := h.person(1)
	_, err = h.Diagnose(h.ctx, p, 0, "E11.9", "2型糖尿病")
	h.must(err)
	n, err := h.CountCovered(h.ctx, []string{"E1"})
	h.must(err)
	if n != 1 {
		t.Error("one patient is covered", n)
	}
}

func TestPT16_VisitsFollowAMerge(t *testing.T) {
	h := openHouse(t)
	a, b := h.person(1), h.person(2)
	for i, p := range []patient.ID{a, b} {
		e, _, err := h.UpsertEncounter(h.ctx, p, EncounterInput{Issuer: "HIS", Number: string(rune('1' + i)), Class: "AMB"})
		h.must(err)
		_, _, err = h.UpsertCharge(h.ctx, p, e, ChargeInput{Issuer: "HIS", Number: string(rune('1' + i)), AmountFen: 100})
		h.must(err)
	}
	m, err := h.Patient.Merge(h.ctx, a, b, "同一人")
	h.must(err)
	if n := h.count(`select count(*) from visit_encounter where patient_id = $1`, a); n != 2 {
		t.Error("both visits belong to the survivor", n)
	}
	s, err := h.Spend(h.ctx, a, 0)
	h.must(err)
	if s.Days[0].TotalFen != 200 {
		t.Error(s)
	}
	_, err = h.Patient.Unmerge(h.ctx, m)
	h.must(err)
	if n := h.count(`select count(*) from visit_encounter where patient_id = $1`, b); n != 1 {
		t.Error("unmerged", n)
	}
}
