package followup

import (
	"testing"
	"time"

	"renxin/internal/platform/clock"
	"renxin/internal/visit"
)

func TestFU01_EnrolledOncePerTriggerEvenAfterReplay(t *testing.T) {
	h := openHouse(t)
	p := h.person(1)
	for range 3 { // the HIS repeats itself, and facts are delivered again
		e := h.stay(p, "ZY1", "2026-11-20")
		h.must(h.Reconcile(h.ctx, p, e))
		_, _, err := h.Visit.Close(h.ctx, p, visit.EncounterInput{Issuer: "HIS", Number: "ZY1", EndedAt: h.clock.On("2026-11-22", 10, 0), ToldAt: h.clock.On("2026-11-22", 10, 0)})
		h.must(err)
		h.drain()
	}
	plan, steps := h.onlyPlan(p)
	if plan.Day0 != "2026-11-20" || plan.State != PlanActive || len(steps) != 5 || plan.Steps != 5 || plan.Name != "LEEP 刀术后随访（妇科）" {
		t.Fatalf("%+v %d", plan, len(steps))
	}
	for i, want := range []clock.Date{"2026-11-30", "2026-12-07", "2026-12-14", "2026-12-18", "2027-02-18"} {
		if steps[i].Date != want || steps[i].State != StepPending {
			t.Errorf("%s on %s, want %s", steps[i].Title, steps[i].Date, want)
		}
	}
	if plan.NextAt != h.clock.On("2026-11-29", 8, 0) {
		t.Error("the first reminder leaves the morning before", plan.NextAt)
	}
	e2 := h.stay(p, "ZY2", "2026-11-23")
	if n := h.count(`select count(*) from followup_plan where patient_id = $1 and encounter_id = $2`, p, e2); n != 1 {
		t.Error("another encounter starts its own plan", n)
	}
}

func TestFU01_ProcedureToldAfterDischarge(t *testing.T) {
	h := openHouse(t)
	p := h.person(1)
	_, _, err := h.Visit.UpsertEncounter(h.ctx, p, visit.EncounterInput{Issuer: "HIS", Number: "ZY1", Class: "IMP", DepartmentCode: "FK",
		StartedAt: h.clock.On("2026-11-20", 8, 0), EndedAt: h.clock.On("2026-11-22", 8, 0)})
	h.must(err)
	h.drain()
	if n := h.count(`select count(*) from followup_plan`); n != 0 {
		t.Fatal("nothing fits yet", n)
	}
	e, _, err := h.Visit.UpsertEncounter(h.ctx, p, visit.EncounterInput{Issuer: "HIS", Number: "ZY1"})
	h.must(err)
	h.operate(p, e, "ZY1", "2026-11-21")
	if plan, _ := h.onlyPlan(p); plan.Day0 != "2026-11-21" {
		t.Fatal(plan.Day0)
	}
}

func TestFU03_ChangedDateReplansPendingOnly(t *testing.T) {
	h := openHouse(t)
	p := h.person(1)
	e := h.stay(p, "ZY1", "2026-11-13")
	h.at("2026-11-22", 8, 30) // the reminder of D10 leaves
	h.at("2026-11-23", 9, 0)
	if len(h.post.sent) != 1 {
		t.Fatal("one reminder must have left", len(h.post.sent))
	}
	h.operate(p, e, "ZY1", "2026-11-15") // the HIS corrects the day of the operation
	plan, steps := h.onlyPlan(p)
	if plan.Day0 != "2026-11-15" {
		t.Fatal(plan.Day0)
	}
	if steps[0].Date != "2026-11-23" || steps[0].State == StepPending {
		t.Error("what was sent keeps its date", steps[0])
	}
	if steps[1].Date != "2026-12-02" || steps[4].Date != "2027-02-13" {
		t.Error("what is pending moves", steps[1].Date, steps[4].Date)
	}
}

func TestPT23_DischargeStartsItsPlanExactlyOnce(t *testing.T) {
	h := openHouse(t)
	h.activate("discharge")
	p := h.person(1)
	in := visit.EncounterInput{Issuer: "HIS", Number: "ZY9", Class: "IMP", DepartmentCode: "FK", StartedAt: h.clock.On("2026-11-18", 9, 0), ToldAt: h.clock.On("2026-11-18", 9, 0)}
	_, _, err := h.Visit.UpsertEncounter(h.ctx, p, in)
	h.must(err)
	h.drain()
	if n := h.count(`select count(*) from followup_plan`); n != 0 {
		t.Fatal("still in hospital")
	}
	out := in
	out.EndedAt, out.ToldAt = h.clock.On("2026-11-23", 8, 0), h.clock.On("2026-11-23", 8, 0)
	for range 2 {
		_, _, err = h.Visit.Close(h.ctx, p, out)
		h.must(err)
		h.drain()
	}
	plan, steps := h.onlyPlan(p)
	if plan.Kind != KindDischarge || plan.Day0 != "2026-11-23" || len(steps) != 3 {
		t.Fatalf("%+v", plan)
	}
	back := in
	back.ToldAt = h.clock.On("2026-11-23", 9, 0)
	_, _, err = h.Visit.Reopen(h.ctx, p, back)
	h.must(err)
	h.drain()
	if plan, steps = h.onlyPlan(p); plan.State != PlanExited || plan.Reason != reasonDischarge || steps[0].State != StepCancelled {
		t.Fatalf("a cancelled discharge exits the plan: %+v", plan)
	}
	out.EndedAt, out.ToldAt = h.clock.On("2026-11-25", 10, 0), h.clock.On("2026-11-25", 10, 0)
	h.clock.Set(h.clock.On("2026-11-25", 11, 0).Time())
	_, _, err = h.Visit.Close(h.ctx, p, out)
	h.must(err)
	h.drain()
	if plan, steps = h.onlyPlan(p); plan.State != PlanActive || plan.Day0 != "2026-11-25" || steps[0].State != StepPending || steps[0].Date != "2026-11-26" {
		t.Fatalf("discharged again: the same plan goes on from the new day: %+v %+v", plan, steps[0])
	}
}

func TestFU01_HistoryAndTheDeadGetNoPlan(t *testing.T) {
	h := openHouse(t)
	old := h.person(1)
	h.stay(old, "ZY1", "2026-03-02")
	dead := h.person(2)
	day := "2026-11-22"
	_, err := h.Patient.Update(h.ctx, dead, patientPatch(h, dead, &day))
	h.must(err)
	h.stay(dead, "ZY2", "2026-11-20")
	if n := h.count(`select count(*) from followup_plan`); n != 0 {
		t.Fatal("plans for an operation of last spring, or for the dead:", n)
	}
	living := h.person(3)
	h.stay(living, "ZY3", "2026-11-20")
	_, err = h.Patient.Update(h.ctx, living, patientPatch(h, living, &day))
	h.must(err)
	h.drain()
	if plan, _ := h.onlyPlan(living); plan.State != PlanExited || plan.Reason != "deceased" {
		t.Fatalf("%+v", plan)
	}
}

func TestFU02_RunningPlansKeepTheirVersion(t *testing.T) {
	h := openHouse(t)
	p1, p2 := h.person(1), h.person(2)
	h.stay(p1, "ZY1", "2026-11-20")
	det, err := h.Template(h.ctx, h.leep)
	h.must(err)
	def := det.Definition
	def.Steps = def.Steps[:4]
	def.Steps[1].Day = 18
	if _, err := h.UpdateTemplate(h.ctx, h.leep, det.Version-1, def); err == nil {
		t.Fatal("a stale lock must be refused")
	}
	changed, err := h.UpdateTemplate(h.ctx, h.leep, det.Version, def)
	h.must(err)
	if changed.Latest != 2 || changed.State != TemplateActive || changed.ActiveVersion != 1 || changed.Running != 1 {
		t.Fatalf("an edit of a template in use makes a draft version: %+v", changed.TemplateRow)
	}
	h.stay(p2, "ZY2", "2026-11-20")
	if plan, steps := h.onlyPlan(p2); plan.TemplateVersion != 1 || len(steps) != 5 {
		t.Error("a draft enrols nobody", plan.TemplateVersion)
	}
	_, err = h.Activate(h.ctx, h.leep, Approval{Reviewer: "李主任", ValidUntil: "2028-01-01"})
	h.must(err)
	p3 := h.person(3)
	h.stay(p3, "ZY3", "2026-11-20")
	if plan, steps := h.onlyPlan(p3); plan.TemplateVersion != 2 || len(steps) != 4 {
		t.Error("new patients take the new version", plan.TemplateVersion, len(steps))
	}
	if plan, steps := h.onlyPlan(p1); plan.TemplateVersion != 1 || steps[1].Date != "2026-12-07" {
		t.Error("a running plan keeps its version", plan.TemplateVersion, steps[1].Date)
	}
	n, err := h.MigratePlans(h.ctx, h.leep)
	h.must(err)
	plan, steps := h.onlyPlan(p1)
	if n != 2 || plan.TemplateVersion != 2 || steps[1].Date != "2026-12-08" || steps[4].State != StepCancelled {
		t.Error("migrated on purpose", n, plan.TemplateVersion, steps)
	}
	_, err = h.Retire(h.ctx, h.leep)
	h.must(err)
	p4 := h.person(4)
	h.stay(p4, "ZY4", "2026-11-20")
	if n := h.count(`select count(*) from followup_plan where patient_id = $1`, p4); n != 0 {
		t.Error("a retired template enrols nobody")
	}
}

func TestPT08_PreviewShowsThePlansBeforeSaving(t *testing.T) {
	h := openHouse(t)
	id := h.activate("diabetes")
	g, err := h.Visit.CreateGroup(h.ctx, visit.GroupInput{Name: "内分泌代谢病", Codes: []string{"E10", "E11", "e11"}})
	h.must(err)
	g2, err := h.Visit.CreateGroup(h.ctx, visit.GroupInput{Name: "慢性病", Codes: []string{"E11", "I10"}})
	h.must(err)
	groups, err := h.Visit.GroupsOf(h.ctx, "E11.900")
	h.must(err)
	if len(groups) != 2 || len(g.Codes) != 2 {
		t.Fatal("one code may stand in several groups", groups)
	}
	plans, err := h.PlansFor(h.ctx, "E11.900", "2型糖尿病", []visit.GroupID{g.ID, g2.ID})
	h.must(err)
	if len(plans) != 1 || plans[0].TemplateID != id || plans[0].Steps != 5 {
		t.Fatal(plans)
	}
	p := h.person(1)
	e, _, err := h.Visit.UpsertEncounter(h.ctx, p, visit.EncounterInput{Issuer: "HIS", Number: "MZ1", Class: "AMB", StartedAt: h.clock.Now()})
	h.must(err)
	_, err = h.Visit.Diagnose(h.ctx, p, e, "E11.900", "2型糖尿病")
	h.must(err)
	h.drain()
	if plan, _ := h.onlyPlan(p); plan.TemplateID != id || plan.Kind != KindCondition {
		t.Fatal("saving starts exactly what the preview said", plan)
	}
	if none, err := h.PlansFor(h.ctx, "J06.9", "上呼吸道感染", nil); err != nil || len(none) != 0 {
		t.Fatal(none, err)
	}
}

func TestFU06_RestartInTheMiddleSendsNothingTwice(t *testing.T) {
	h := openHouse(t)
	const n = 250
	for i := range n {
		_, err := h.Enrol(h.ctx, h.person(100+i), h.leep, "2026-11-14")
		h.must(err)
	}
	h.clock.Set(h.clock.On("2026-11-23", 9, 0).Time())
	due, err := dueSteps(h.ctx, h.DB.Read(h.ctx), h.clock.Now(), 200)
	h.must(err)
	h.must(h.actAll(h.ctx, due)) // the first chunk commits, then the process dies
	restarted := wire(h.DB, h.post)
	h.must(restarted.actAll(h.ctx, due)) // what it had in hand is seen again
	total, err := restarted.RunDue(h.ctx)
	h.must(err)
	if total != n-200 {
		t.Errorf("%d steps left to do, want %d", total, n-200)
	}
	for range 3 {
		if again, err := restarted.RunDue(h.ctx); err != nil || again != 0 {
			t.Fatal("a step was due twice", again, err)
		}
		_, err = restarted.Jobs.Drain(h.ctx)
		h.must(err)
		h.clock.Advance(time.Minute)
	}
	per := map[string]int{}
	for _, m := range h.post.sent {
		per[m.To]++
	}
	if len(h.post.sent) != n || len(per) != n {
		t.Fatalf("%d sent to %d numbers, want %d each", len(h.post.sent), len(per), n)
	}
	if sent := h.count(`select count(*) from followup_step where state in ('sent', 'done') and message_id is not null`); sent != n {
		t.Error("every step names its message", sent)
	}
}

func TestFU06_NoMessageInTheNight(t *testing.T) {
	h := openHouse(t)
	p := h.person(1)
	h.stay(p, "ZY1", "2026-11-14") // D10 = 24 November, its reminder 23 November from 08:00
	h.at("2026-11-23", 7, 0)
	if len(h.post.sent) != 0 {
		t.Fatal("before the window")
	}
	h.at("2026-11-23", 8, 1)
	if len(h.post.sent) != 1 {
		t.Fatal(len(h.post.sent))
	}
	want := "【仁安医院】患者1您好，您预约的换药时间为11月24日（周二），请到妇科门诊换药。近况如何请回复：1好 2一般 3不适。"
	if got := h.post.sent[0].Text; got != want {
		t.Errorf("%s\n%s", got, want)
	}
	late := h.person(2)
	h.at("2026-11-23", 19, 0)
	h.stay(late, "ZY2", "2026-11-14") // told after the window of its day: the next morning, the day itself
	h.at("2026-11-23", 19, 5)
	if len(h.post.sent) != 1 {
		t.Fatal("after the window")
	}
	h.at("2026-11-24", 8, 1)
	if len(h.post.sent) != 2 {
		t.Fatal(len(h.post.sent))
	}
}

func TestFU03_ReviewIsFulfilledByAVisitAndElseCalled(t *testing.T) {
	h := openHouse(t)
	came, stayed := h.person(1), h.person(2)
	h.stay(came, "ZY1", "2026-11-20")
	h.stay(stayed, "ZY2", "2026-11-20")
	for _, d := range []clock.Date{"2026-11-29", "2026-12-06", "2026-12-13", "2026-12-17", "2027-02-15"} {
		h.at(d, 9, 30)
	}
	if len(h.post.sent) != 10 {
		t.Fatal("four dressings and a review each", len(h.post.sent))
	}
	_, _, err := h.Visit.UpsertEncounter(h.ctx, came, visit.EncounterInput{Issuer: "HIS", Number: "MZ7", Class: "AMB", DepartmentCode: "FK", StartedAt: h.clock.On("2027-02-17", 9, 0)})
	h.must(err)
	h.at("2027-02-19", 9, 30)
	plan, steps := h.onlyPlan(came)
	if plan.State != PlanDone || steps[4].Outcome != "returned" {
		t.Fatalf("%+v %+v", plan, steps[4])
	}
	tasks := h.tasks(ListDue)
	if len(tasks) != 1 || tasks[0].PatientID != stayed || tasks[0].Kind != TaskReview {
		t.Fatal("who did not come is called", tasks)
	}
}

func BenchmarkReconcile(b *testing.B) {
	h := openHouse(b)
	p := h.person(1)
	e := h.stay(p, "ZY1", "2026-11-20")
	for b.Loop() {
		if err := h.Reconcile(h.ctx, p, e); err != nil {
			b.Fatal(err)
		}
	}
}
