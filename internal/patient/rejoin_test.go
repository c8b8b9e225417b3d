package patient_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"sort"
	"strings"
	"testing"

	"renxin/internal/consent"
	"renxin/internal/identity"
	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/visit"
)

// state is every table that a merge may touch, row by row.
func (h *hospital) state() string {
	h.t.Helper()
	still := map[string]bool{"patient_merge": true, "patient_merge_row": true, "trail_entry": true, "event_fact": true, "event_delivery": true, "patient_origin": true}
	sum := sha256.New()
	for _, name := range append(h.Patient.Tables(), "patient_patient") {
		if !still[name] {
			fmt.Fprintln(sum, name, strings.Join(lines(h.t, h.House, "select * from "+name), "\n"))
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// dangling lists rows that name an encounter of another patient or none at all.
func (h *hospital) dangling() []string {
	h.t.Helper()
	var out []string
	for _, t := range []string{"visit_condition", "visit_procedure", "visit_charge", "visit_report", "followup_plan", "followup_task"} {
		n := h.count(`select count(*) from ` + t + ` x where x.encounter_id is not null and not exists (select 1 from visit_encounter e where e.id = x.encounter_id and e.patient_id = x.patient_id)`)
		if n > 0 {
			out = append(out, fmt.Sprint(t, " ", n))
		}
	}
	if n := h.count(`select count(*) from followup_step s where not exists (select 1 from followup_plan p where p.id = s.plan_id and p.patient_id = s.patient_id)`); n > 0 {
		out = append(out, fmt.Sprint("followup_step ", n))
	}
	return out
}

// One stay told for two records: after the merge everything that belongs to it names the row that stays.
func TestPT16_TheSameEncounterInBothRecords(t *testing.T) {
	h := openHospital(t)
	a, b := h.person(1), h.person(2)
	for i, p := range []patient.ID{a, b} {
		e := h.stay(p, "ZY1", "IMP", "2026-11-14")
		_, _, err := h.Visit.UpsertCondition(h.ctx, p, e, visit.ConditionInput{Code: fmt.Sprint("N87.", i), Name: "宫颈上皮内瘤变"})
		h.must(err)
		_, _, err = h.Visit.UpsertCharge(h.ctx, p, e, visit.ChargeInput{Issuer: "HIS", Number: fmt.Sprint("F", i), Name: "挂号费", AmountFen: 1000})
		h.must(err)
		_, _, err = h.Visit.UpsertReport(h.ctx, p, e, visit.ReportInput{Issuer: "LIS", Number: fmt.Sprint("R", i), Name: "血常规", Abnormal: "A"})
		h.must(err)
	}
	h.settled()
	_, _, err := h.Visit.Close(h.ctx, b, visit.EncounterInput{Issuer: "HIS", Number: "ZY1", EndedAt: h.clock.On("2026-11-16", 9, 0), ToldAt: h.clock.Now()})
	h.must(err)
	h.settled()
	before := h.state()
	m, err := h.Patient.Merge(h.ctx, a, b, "同一人")
	h.must(err)
	if d := h.dangling(); len(d) > 0 {
		t.Errorf("rows that name no encounter of their patient: %v", d)
	}
	for text, want := range map[string]int{
		`select count(*) from visit_encounter where patient_id = $1`:                        1,
		`select count(*) from visit_encounter where patient_id = $1 and state = 'finished'`: 1,
		`select count(*) from visit_condition where patient_id = $1`:                        2,
		`select count(*) from visit_charge where patient_id = $1`:                           2,
		`select count(*) from visit_report where patient_id = $1`:                           2,
		`select count(distinct encounter_id) from visit_charge where patient_id = $1`:       1,
	} {
		if n := h.count(text, a); n != want {
			t.Errorf("%d instead of %d: %s", n, want, text)
		}
	}
	if n := h.count(`select count(*) from visit_encounter where patient_id = $1`, b); n != 0 {
		t.Error(n, "encounters stay with the other")
	}
	_, err = h.Patient.Unmerge(h.ctx, m)
	h.must(err)
	if h.state() != before {
		t.Error("the unmerge does not give back every row")
	}
	if d := h.dangling(); len(d) > 0 {
		t.Errorf("after the unmerge: %v", d)
	}
}

// told is a record of a feed: a person by number with a stay, as intake writes it.
func (h *hospital) told(number, stay string, on clock.Date) {
	h.t.Helper()
	n := []patient.Identifier{{Kind: identity.KindOutpatient, Issuer: "HIS", Value: number}}
	h.must(h.DB.Tx(h.ctx, func(ctx context.Context, _ *db.Tx) error {
		mark := h.Patient.Mark()
		name := "患者" + number
		o, err := h.Patient.Apply(ctx, patient.Feed{Source: "HIS", OccurredAt: h.clock.Now(), Identifiers: n, Name: &name})
		if err != nil {
			return err
		}
		e, _, err := h.Visit.UpsertEncounter(ctx, o.ID, visit.EncounterInput{Issuer: "HIS", Number: stay, Class: "IMP", DepartmentCode: "FK", DepartmentName: "妇科", StartedAt: h.clock.On(on, 8, 0), ToldAt: h.clock.On(on, 8, 0)})
		if err != nil {
			return err
		}
		if _, _, err := h.Visit.UpsertProcedure(ctx, o.ID, e, visit.ProcedureInput{Issuer: "HIS", Number: stay + "-1", Code: "67.3200", Name: "子宫颈LEEP术", At: h.clock.On(on, 10, 0)}); err != nil {
			return err
		}
		return h.Patient.Trace(ctx, o.ID, mark, n)
	}))
}

// Rows that came after a merge go where their number goes, and what belongs to them goes along; what nobody can tell is listed.
func TestPT16_LaterRowsFollowTheirNumber(t *testing.T) {
	h := openHospital(t)
	h.told("1001", "ZY1", "2026-11-10")
	h.told("1002", "ZY2", "2026-11-11")
	h.settled()
	a, b := h.holder("1001"), h.holder("1002")
	m, err := h.Patient.Merge(h.ctx, a, b, "误合并")
	h.must(err)
	h.told("1001", "ZY3", "2026-11-18")
	h.told("1002", "ZY4", "2026-11-19")
	h.settled()
	_, err = h.Patient.AddContact(h.ctx, a, patient.ContactInput{System: "mobile", Value: "15499999999", Owner: "self"})
	h.must(err)
	u, err := h.Patient.Unmerge(h.ctx, m)
	h.must(err)
	for number, p := range map[string]patient.ID{"ZY1": a, "ZY2": b, "ZY3": a, "ZY4": b} {
		if n := h.count(`select count(*) from visit_encounter where patient_id = $1 and number = $2`, p, number); n != 1 {
			t.Errorf("%s is not where its number is", number)
		}
	}
	if d := h.dangling(); len(d) > 0 {
		t.Errorf("parted from what they belong to: %v", d)
	}
	if n := h.count(`select count(*) from followup_plan where patient_id = $1`, b); n != 2 {
		t.Errorf("%d plans, want those of both stays", n)
	}
	if fmt.Sprint(u.Kept) != "map[patient_contact:1]" || len(u.Rows) != 1 || u.Rows[0].Table != "patient_contact" || u.Followed["visit_encounter"] != 1 {
		t.Errorf("kept %v %v, followed %v: wants the telephone number alone listed", u.Kept, u.Rows, u.Followed)
	}
	// Another message of the number goes to its own record.
	h.told("1002", "ZY5", "2026-11-20")
	if n := h.count(`select count(*) from visit_encounter where patient_id = $1`, b); n != 3 {
		t.Errorf("%d stays, want 3", n)
	}
}

func (h *hospital) holder(number string) patient.ID {
	h.t.Helper()
	id, err := db.One[patient.ID](h.ctx, h.DB.Read(h.ctx), `select patient_id from patient_identifier where value = $1`, number)
	h.must(err)
	return id
}

// The live schema, table by table: whatever carries patient_id is declared for merges, and nothing else is.
func TestPT16_EveryTableOfThePatientIsDeclared(t *testing.T) {
	h := openHospital(t)
	var live []string
	text := `select m.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and c.name = 'patient_id'`
	if h.DB.Engine() == db.Postgres {
		text = `select table_name from information_schema.columns where table_schema = current_schema() and column_name = 'patient_id'`
	}
	for _, l := range lines(t, h.House, text) {
		live = append(live, strings.TrimSpace(l))
	}
	declared := h.Patient.Tables()
	sort.Strings(declared)
	if len(live) < 25 || fmt.Sprint(live) != fmt.Sprint(declared) {
		t.Errorf("the schema holds\n%v\ndeclared are\n%v", live, declared)
	}
	h.must(h.Patient.CheckTables(h.ctx))
}

// The strictest word about contact holds after a merge, whichever record it stood on.
func TestPT16_TheStrictestConsentHolds(t *testing.T) {
	h := openHospital(t)
	a, b := h.person(1), h.person(2)
	h.must(h.Consent.OptOut(h.ctx, b, "sms", []consent.Purpose{consent.Promotion}, "回复 T"))
	_, err := h.Patient.Merge(h.ctx, a, b, "同一人")
	h.must(err)
	h.settled()
	said, err := h.Consent.List(h.ctx, a)
	h.must(err)
	if len(said) != 1 {
		t.Errorf("%d decisions came along, want the opt-out", len(said))
	}
}

// Persons who share stays, plans, tags and contact points, merged and parted at random, in any order, end where they began.
func TestPT16_RandomMergesOfSharedStays(t *testing.T) {
	for seed := range uint64(3) {
		h := openHospital(t)
		r := rand.New(rand.NewPCG(seed, 11))
		var ids []patient.ID
		for i := range 6 {
			p := h.person(i)
			ids = append(ids, p)
			for range 3 {
				n := r.IntN(5)
				e := h.stay(p, fmt.Sprint("ZY", n), "IMP", clock.Date("2026-11-10").Add(n))
				_, _, err := h.Visit.UpsertCharge(h.ctx, p, e, visit.ChargeInput{Issuer: "HIS", Number: fmt.Sprint("F", n, i%2), Name: "挂号费", AmountFen: 1000})
				h.must(err)
			}
			h.book(p, fmt.Sprint("YY", r.IntN(3)), h.clock.On(h.clock.Today().Add(3), 10, 0))
			if r.IntN(2) == 0 {
				h.must(h.Consent.OptOut(h.ctx, p, "sms", []consent.Purpose{consent.Promotion}, fmt.Sprint("reply ", i)))
			}
			_, err := h.Patient.Tag(h.ctx, p, []string{"VIP", fmt.Sprint("t", r.IntN(3))}, nil)
			h.must(err)
		}
		h.settled()
		_, err := h.Followup.RunDue(h.ctx)
		h.must(err)
		h.settled()
		first := h.state()
		var open []patient.MergeID
		for range 20 {
			if r.IntN(6) == 0 && len(open) > 0 {
				i := r.IntN(len(open))
				_, err := h.Patient.Unmerge(h.ctx, open[i])
				h.must(err)
				open = append(open[:i], open[i+1:]...)
				continue
			}
			if m, err := h.Patient.Merge(h.ctx, ids[r.IntN(6)], ids[r.IntN(6)], "随机"); err == nil {
				open = append(open, m)
				if d := h.dangling(); len(d) > 0 {
					t.Fatalf("seed %d: %v", seed, d)
				}
			}
		}
		if len(open) < 2 {
			t.Fatalf("seed %d: only %d merges stand", seed, len(open))
		}
		for _, i := range r.Perm(len(open)) {
			_, err := h.Patient.Unmerge(h.ctx, open[i])
			h.must(err)
		}
		if h.state() != first {
			t.Errorf("seed %d: the last state is not the first", seed)
		}
	}
}
