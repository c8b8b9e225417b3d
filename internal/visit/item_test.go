package visit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/fault"
)

func (h *house) item(p patient.ID, in ItemInput) ItemID {
	h.t.Helper()
	id, err := h.AddItem(h.ctx, p, in)
	h.must(err)
	return id
}

func (h *house) firstItem(p patient.ID) Item {
	h.t.Helper()
	items, err := h.Items(h.ctx, p)
	h.must(err)
	return items[0]
}

// Any order of uses and returns keeps what is left between nothing and what was bought, and equal to the log.
func TestPT28_RemainingSessionsAreNeverNegative(t *testing.T) {
	h := openHouse(t)
	p := h.person(1)
	id := h.item(p, ItemInput{Name: "红外理疗", Bought: 5, Used: 1})
	r := rand.New(rand.NewPCG(11, 11))
	refused := 0
	for range 200 {
		before := h.firstItem(p)
		act, want := h.UseSession, before.Left > 0
		if r.IntN(3) == 0 {
			act, want = h.ReturnSession, before.Used > 0
		}
		it, err := act(h.ctx, p, id, "")
		if (err == nil) != want {
			t.Fatalf("%+v: %v", before, err)
		}
		if err != nil {
			refused++
			continue
		}
		if it.Left < 0 || it.Used < 0 || it.Left+it.Used != it.Bought {
			t.Fatalf("%+v", it)
		}
	}
	if refused == 0 {
		t.Error("the limits were never reached")
	}
	if sum := h.count(`select coalesce(sum(n), 0) from visit_session`); int64(sum)+1 != h.firstItem(p).Used {
		t.Errorf("the log says %d, the item %d", sum+1, h.firstItem(p).Used)
	}
	it := h.firstItem(p)
	if err := h.UpdateItem(h.ctx, p, id, ItemInput{Name: "红外理疗", Bought: it.Used - 1, Version: it.Version}); it.Used > 1 && !fault.Is(err, fault.Invalid) {
		t.Error("fewer bought than used", err)
	}
	if n := h.count(`select count(*) from trail_entry where action in ('visit.item.use', 'visit.item.return')`); n == 0 {
		t.Error("sessions leave no trace")
	}
}

func TestPT28_TheFeedCountsItsOwn(t *testing.T) {
	h := openHouse(t)
	p := h.person(1)
	in := ItemInput{Issuer: "HIS", Number: "T1", Name: "化疗", Bought: 6, Used: 2}
	for i, want := range []Change{Created, Unchanged, Updated} {
		if i == 2 {
			in.Used = 3
		}
		if _, c, err := h.UpsertItem(h.ctx, p, in); err != nil || c != want {
			t.Fatal(i, c, err)
		}
	}
	it := h.firstItem(p)
	if it.Source != "HIS" || it.Left != 3 {
		t.Errorf("%+v", it)
	}
	if _, err := h.UseSession(h.ctx, p, it.ID, ""); fault.KeyOf(err) != "visit.item.feed_counts" {
		t.Error(err)
	}
	in.Used = 7
	if _, _, err := h.UpsertItem(h.ctx, p, in); !fault.Is(err, fault.Invalid) || h.firstItem(p).Left != 3 {
		t.Error("a word that leaves less than nothing must be refused", err)
	}
	over := h.item(p, ItemInput{Name: "针灸", Bought: 2, ValidUntil: "2026-11-23"})
	_, err := h.UseSession(h.ctx, p, over, "")
	h.must(err)
	h.clock.Advance(24 * time.Hour)
	if _, err := h.UseSession(h.ctx, p, over, ""); fault.KeyOf(err) != "visit.item.over" {
		t.Error(err)
	}
}

// role is a caller who sees every patient and holds just these rights.
func role(perms ...access.Permission) context.Context {
	return access.With(context.Background(), access.Person(7, "员工", perms, access.Build(access.Grant{Reach: "all", StaffID: 7, Unassigned: true})))
}

// treated is a patient with one of everything.
func (h *house) treated() patient.ID {
	p := h.person(1)
	at := h.DB.Clock().Now()
	e, _, err := h.UpsertEncounter(h.ctx, p, EncounterInput{Issuer: "HIS", Number: "V1", Class: "AMB", DepartmentCode: "3100", StartedAt: at})
	h.must(err)
	_, _, err = h.UpsertCondition(h.ctx, p, e, ConditionInput{Code: "N87.100", Name: "中度宫颈发育不良", Kind: "outpatient"})
	h.must(err)
	_, _, err = h.UpsertProcedure(h.ctx, p, e, ProcedureInput{Issuer: "HIS", Number: "P1", Code: "67.3200", Name: "LEEP", Doctor: "赵敏", At: at})
	h.must(err)
	_, _, err = h.UpsertReport(h.ctx, p, e, ReportInput{Issuer: "LIS", Number: "R1", Kind: "lab", Name: "HPV", Conclusion: "阳性", Abnormal: "abnormal", At: at})
	h.must(err)
	_, _, err = h.UpsertCharge(h.ctx, p, e, ChargeInput{Issuer: "HIS", Number: "C1", Name: "检查费", AmountFen: 12345, At: at})
	h.must(err)
	return p
}

// Each field of the summary is shown to the role that holds its right, and to no other.
func TestPT24_EachFieldNeedsItsOwnRight(t *testing.T) {
	h := openHouse(t)
	p := h.treated()
	shown := func(s Summary) map[Field]bool {
		return map[Field]bool{FieldDiagnosis: len(s.Diagnoses) > 0, FieldProcedure: len(s.Procedures) > 0, FieldReport: len(s.Reports) > 0, FieldSpend: s.SpentFen != 0}
	}
	for held, right := range fields {
		s, err := h.Summary(role(PermRead, right), p)
		h.must(err)
		for f, there := range shown(s) {
			if there != (f == held) {
				t.Errorf("with the right to %s, %s shown: %v", held, f, there)
			}
		}
		if len(s.Hidden) != len(fields)-1 {
			t.Errorf("with the right to %s, told hidden: %v", held, s.Hidden)
		}
	}
	if _, err := h.Summary(role(PermDiagnosis), p); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
}

func TestPT24_DiagnosesAreHiddenOnEveryPath(t *testing.T) {
	h := openHouse(t)
	p := h.treated()
	group, err := h.CreateGroup(h.ctx, GroupInput{Name: "宫颈病变", Codes: []string{"N87"}})
	h.must(err)
	for _, may := range []bool{true, false} {
		ctx := role(PermRead)
		if may {
			ctx = role(PermRead, PermDiagnosis)
		}
		last, err := h.LastFor(ctx, []patient.ID{p})
		h.must(err)
		page, err := h.Encounters(ctx, p, "", 10)
		h.must(err)
		if (last[p].Diagnosis != "") != may || (page.Items[0].Diagnosis != "") != may || page.Items[0].Hidden == may || page.Items[0].TotalFen != 0 {
			t.Errorf("may %v: %q %q", may, last[p].Diagnosis, page.Items[0].Diagnosis)
		}
		if _, err = h.InGroup(ctx, group.ID); fault.Is(err, fault.Forbidden) == may {
			t.Errorf("may %v: filtering by diagnosis: %v", may, err)
		}
	}
}

func TestPT14_DaysAndYearsAddUpWithinTheScope(t *testing.T) {
	h := openHouse(t)
	p := h.person(1)
	r := rand.New(rand.NewPCG(3, 3))
	var all, recent int64
	start := h.DB.Clock().Now()
	for i := range 300 {
		at := start.Add(-time.Duration(r.IntN(3*365*24)) * time.Hour)
		fen := int64(r.IntN(200_000) - 20_000)
		_, _, err := h.UpsertCharge(h.ctx, p, 0, ChargeInput{Issuer: "HIS", Number: fmt.Sprint(i), Name: "费", AmountFen: fen, At: at})
		h.must(err)
		if all += fen; h.DB.Clock().Date(at) > h.DB.Clock().Today().Add(-3) {
			recent += fen
		}
	}
	h.must(h.Patient.Saw(h.ctx, p, start))
	sum := func(ctx context.Context) (days, years int64) {
		first, err := h.Spend(ctx, p, 0)
		h.must(err)
		for _, y := range first.Years {
			years += y.TotalFen
			of, err := h.Spend(ctx, p, y.Year)
			h.must(err)
			for _, d := range of.Days {
				days += d.TotalFen
				for _, it := range d.Items {
					d.TotalFen -= it.AmountFen
				}
				if d.TotalFen != 0 {
					t.Errorf("%s: the items do not add up", d.Date)
				}
			}
		}
		return days, years
	}
	if d, y := sum(h.ctx); d != all || y != all {
		t.Errorf("days %d, years %d, charged %d", d, y, all)
	}
	three := access.With(context.Background(), access.Person(7, "审计", []access.Permission{PermReadCharges}, access.Build(access.Grant{Reach: "all", StaffID: 7, Unassigned: true, Days: 3})))
	if d, y := sum(three); d != recent || y != recent {
		t.Errorf("of three days: days %d, years %d, charged %d", d, y, recent)
	}
}

func TestPT08_DiagnosesAreFoundByCodeNameAndPinyin(t *testing.T) {
	h := openHouse(t)
	h.treated()
	first := func(text string) Disease {
		ds, err := h.Diseases(h.ctx, text, 5)
		h.must(err)
		if len(ds) == 0 {
			return Disease{}
		}
		return ds[0]
	}
	for _, text := range []string{"N87.1", "n871", "中度宫颈", "宫颈发育", "zdgj"} {
		if d := first(text); d.Code != "N87.100" || !d.Own {
			t.Errorf("%s: %+v", text, d)
		}
	}
	if d := first("高血压"); d.Own || d.Code != "I10.x00" {
		t.Errorf("a common disease that the hospital has not used: %+v", d)
	}
	if d := first("不存在的病"); d != (Disease{}) {
		t.Error(d)
	}
	h.clock.Advance(time.Duration(diseasesFor+1) * time.Millisecond)
	_, _, err := h.UpsertCondition(h.ctx, h.person(2), 0, ConditionInput{Code: "Q99.900", Name: "自有病名"})
	h.must(err)
	if d := first("自有"); d.Code != "Q99.900" {
		t.Error("the hospital's newest diagnosis is not found after a while", d)
	}
}
