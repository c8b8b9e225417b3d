package followup

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"renxin/internal/booking"
	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/fault"
	"renxin/internal/setting"
	"renxin/internal/staff"
)

// callTask makes a discharge plan's call of D7 due today and gives its task.
func (h *house) callTask(p patient.ID) Task {
	h.t.Helper()
	id := h.activate("discharge")
	_, err := h.Enrol(h.ctx, p, id, h.clock.Today().Add(-7))
	h.must(err)
	_, err = h.RunDue(h.ctx)
	h.must(err)
	h.drain()
	for _, t := range h.tasks(ListDue) {
		if t.PatientID == p && t.Kind == TaskCall {
			return t
		}
	}
	h.t.Fatal("no call task")
	return Task{}
}

func TestFU05_CountersEqualTheLists(t *testing.T) {
	h := openHouse(t)
	nurse := h.colleague("lin", "nurse", "")
	other := h.colleague("zhou", "nurse", "")
	dues := []int{-9, -1, 0, 0, 0, 1, 5}
	for i, d := range dues {
		for _, owner := range []staff.ID{nurse, other} {
			p := h.person(10*i + int(owner&1))
			_, err := h.CreateTask(h.ctx, AdHoc{PatientID: p, Title: fmt.Sprint("t", d), OwnerID: owner, Due: h.clock.Today()})
			h.must(err)
			h.must(h.exec(`update followup_task set due_at = $1 where patient_id = $2`, h.clock.On(h.clock.Today().Add(d), 9+i, 0), p))
		}
	}
	h.must(h.raiseFor(h.person(90), SeverityGrave, nurse))
	ctx := h.as(nurse)
	for _, who := range []string{"mine", "team"} {
		counts, err := h.Counts(ctx, who)
		h.must(err)
		want := ListCounts{Due: 3, Overdue: 2, Flags: 1, Upcoming: 2}
		if counts != want { // own scope: the team's list holds no more than her patients
			t.Errorf("%s: %+v", who, counts)
		}
		for list, n := range map[string]int{ListDue: counts.Due, ListOverdue: counts.Overdue, ListUpcoming: counts.Upcoming, ListFlags: counts.Flags, ListEscalated: counts.Escalated} {
			var seen []TaskID
			for cursor := ""; ; {
				page, err := h.Worklist(ctx, WorklistFilter{List: list, Team: who == "team", Cursor: cursor, Limit: 1})
				h.must(err)
				if page.Total.Value != n || !page.Total.Exact {
					t.Errorf("%s %s says %v, counter %d", who, list, page.Total, n)
				}
				for _, x := range page.Items {
					seen = append(seen, x.ID)
				}
				if cursor = page.Next; cursor == "" {
					break
				}
			}
			slices.Sort(seen)
			if len(slices.Compact(seen)) != n {
				t.Errorf("%s %s lists %d of %d", who, list, len(seen), n)
			}
		}
	}
	all, err := h.Counts(h.ctx, "team")
	h.must(err)
	if all.Due != 6 || all.Overdue != 4 || all.Flags != 1 {
		t.Errorf("everybody's: %+v", all)
	}
	first, err := h.Worklist(ctx, WorklistFilter{List: ListOverdue})
	h.must(err)
	next, err := h.NextTask(ctx, first.Items[0])
	h.must(err)
	if next != first.Items[1].ID {
		t.Error("one key to the next patient")
	}
	loads, err := h.Workload(h.ctx)
	h.must(err)
	if len(loads) != 2 || loads[0].Overdue != 2 || loads[0].Due+loads[1].Due != 7 {
		t.Errorf("%+v", loads)
	}
	if _, err := h.Worklist(access.With(h.ctx, access.Caller{}), WorklistFilter{}); !fault.Is(err, fault.Unauthorized) {
		t.Error("a stranger sees nothing", err)
	}
}

func TestFU07_NoAnswerRetriesWithoutHandWork(t *testing.T) {
	h := openHouse(t)
	nurse := h.colleague("lin", "nurse", "")
	p := h.person(1)
	task := h.callTask(p)
	if task.OwnerID != nurse || task.DueAt != h.clock.On("2026-11-23", 9, 0) {
		t.Fatalf("%+v", task)
	}
	ctx := h.as(nurse)
	n, err := h.Start(ctx, task.ID)
	h.must(err)
	if n.Phone != "15400000001" {
		t.Error("the one number is revealed", n.Phone)
	}
	if c := h.count(`select count(*) from trail_entry where action = 'patient.detail.reveal' and reason = 'followup.task.call_reason' and detail like '%tk_%' and actor_id = $1`, nurse); c != 1 {
		t.Error("the look is in the trail with the task as its reason", c)
	}
	sheet, err := h.FindTask(ctx, task.ID)
	h.must(err)
	if len(sheet.Outcomes) != 9 || sheet.Contact.Value != "154****0001" || sheet.Contact.Number != "" || sheet.Script == "" {
		t.Errorf("%+v", sheet.Contact)
	}
	h.clock.Set(h.clock.On("2026-11-23", 10, 5).Time())
	for i, want := range []clock.Instant{h.clock.On("2026-11-23", 15, 0), h.clock.On("2026-11-23", 19, 0)} {
		task, err = h.Record(ctx, task.ID, Result{Code: "no_answer"})
		h.must(err)
		if task.State != TaskOpen || task.DueAt != want || task.Tries != i+1 {
			t.Fatalf("attempt %d: %+v", i+1, task)
		}
		h.clock.Set(want.Time())
	}
	task, err = h.Record(ctx, task.ID, Result{Code: "busy"})
	h.must(err)
	if task.State != TaskUnreached {
		t.Fatal(task.State)
	}
	h.drain()
	if len(h.post.sent) != 1 {
		t.Fatal("three tries used up: the step's next channel, a message", len(h.post.sent))
	}
	if _, err := h.Record(ctx, task.ID, Result{Code: "well"}); !fault.Is(err, fault.Conflict) {
		t.Error("a closed task takes no outcome", err)
	}
}

func TestFU07_StopEndsThePlanAndUndoBringsItBack(t *testing.T) {
	h := openHouse(t)
	nurse := h.colleague("lin", "nurse", "")
	p := h.person(1)
	task := h.callTask(p)
	ctx := h.as(nurse)
	done, err := h.Record(ctx, task.ID, Result{Code: "refused", Notes: "不愿意"})
	h.must(err)
	plan, steps := h.onlyPlan(p)
	if done.State != TaskDone || plan.State != PlanExited || steps[2].State != StepCancelled {
		t.Fatalf("%+v %+v", plan, steps)
	}
	if _, err := h.Undo(h.as(h.colleague("zhou", "nurse", "")), task.ID); err == nil {
		t.Error("only one's own step")
	}
	back, err := h.Undo(ctx, task.ID)
	h.must(err)
	plan, steps = h.onlyPlan(p)
	if back.State != TaskOpen || back.Tries != 0 || plan.State != PlanActive || steps[1].State != StepTask || steps[2].State != StepPending {
		t.Fatalf("%+v %+v %+v", back, plan, steps)
	}
	if _, err := h.Undo(ctx, task.ID); !fault.Is(err, fault.Conflict) {
		t.Error("nothing left to undo", err)
	}
	_, err = h.Record(ctx, task.ID, Result{Code: "well"})
	h.must(err)
	h.clock.Advance(undoWithin + time.Second)
	if _, err := h.Undo(ctx, task.ID); !fault.Is(err, fault.Conflict) {
		t.Error("too late to undo", err)
	}
}

func TestFU14_AdHocFollowUp(t *testing.T) {
	h := openHouse(t)
	nurse := h.colleague("lin", "nurse", "")
	p := h.person(1)
	h.must(h.Patient.Grant(h.ctx, p, patient.Access{Kind: "staff", Key: int64(nurse), Role: "owner"}))
	ctx := h.as(nurse)
	task, err := h.CreateTask(ctx, AdHoc{PatientID: p, Due: "2026-11-25", Channel: "call", Note: "问一问伤口\n第二行"})
	h.must(err)
	if task.OwnerID != nurse || task.Title != "问一问伤口" || task.DueAt != h.clock.On("2026-11-25", 9, 0) || task.State != TaskOpen {
		t.Fatalf("%+v", task)
	}
	msg, err := h.CreateTask(ctx, AdHoc{PatientID: p, Due: "2026-11-24", Channel: "message", Note: "{{name}}您好,明天请来换药。"})
	h.must(err)
	h.drain()
	if msg.State != TaskDone || len(h.post.sent) != 0 {
		t.Fatal("the message waits for its day", msg.State, len(h.post.sent))
	}
	h.clock.Set(h.clock.On("2026-11-24", 9, 1).Time())
	h.drain()
	if len(h.post.sent) != 1 {
		t.Fatal(len(h.post.sent))
	}
	for _, bad := range []AdHoc{{PatientID: p, Due: "2026-11-01", Note: "x"}, {PatientID: p, Channel: "fax", Note: "x"}, {PatientID: p, Channel: "call"}, {PatientID: p, Channel: "message"}} {
		if _, err := h.CreateTask(ctx, bad); !fault.Is(err, fault.Invalid) {
			t.Error(bad, err)
		}
	}
	if _, err := h.CreateTask(ctx, AdHoc{PatientID: h.person(2), Note: "x"}); !fault.Is(err, fault.NotFound) {
		t.Error("a patient out of scope does not exist", err)
	}
}

func TestFU24_ReplyThreeRaisesAFlagWithinSeconds(t *testing.T) {
	h := openHouse(t)
	nurse := h.colleague("lin", "nurse", "")
	head := h.colleague("zhang", "head_nurse", "")
	doctor := h.colleague("chen", "doctor", "")
	chief := h.colleague("wang", "head", "")
	p := h.person(1)
	h.stay(p, "ZY1", "2026-11-14")
	h.at("2026-11-23", 9, 0)
	received := h.clock.Now()
	h.reply(1, "３ 伤口有点疼")
	flags := h.tasks(ListFlags)
	if len(flags) != 1 {
		t.Fatal(len(flags))
	}
	f := flags[0]
	if f.Severity != SeverityGrave || f.OwnerID != nurse || f.AckBy != received.Add(30*time.Minute) || f.AnswerLabel != "不适" || f.AnswerText != "３ 伤口有点疼" || f.Provisional {
		t.Fatalf("%+v", f)
	}
	if late := f.RaisedAt.Sub(received); late > 5*time.Second {
		t.Error("raised after", late)
	}
	if _, steps := h.onlyPlan(p); steps[0].Answer != "3" {
		t.Error("the answer is coded on its step", steps[0])
	}
	h.must(h.onAnswered(h.ctx, message.Answered{PatientID: p, MessageID: f.MessageID, IncomingID: f.IncomingID, Room: "followup", Ref: int64(f.StepID), Code: "3"}))
	if len(h.tasks(ListFlags)) != 1 {
		t.Error("a fact delivered again must not raise a second flag")
	}
	for _, rung := range []struct {
		after time.Duration
		owner staff.ID
		n     int
	}{{29*time.Minute + 59*time.Second, nurse, 0}, {30 * time.Minute, head, 1}, {60 * time.Minute, doctor, 2}, {90 * time.Minute, chief, 3}, {5 * time.Hour, chief, 3}} {
		h.clock.Set(received.Add(rung.after).Time())
		_, err := h.Escalate(h.ctx)
		h.must(err)
		now, err := oneTask(h.ctx, h.DB.Read(h.ctx), f.ID)
		h.must(err)
		if now.Rung != rung.n || now.OwnerID != rung.owner {
			t.Errorf("after %s: rung %d owner %d, want %d %d", rung.after, now.Rung, now.OwnerID, rung.n, rung.owner)
		}
	}
	if n := len(h.tasks(ListEscalated)); n != 1 {
		t.Error("escalated list", n)
	}
	mine, err := h.Worklist(h.as(nurse), WorklistFilter{List: ListEscalated})
	if h.must(err); len(mine.Items) != 1 || mine.Items[0].OwnerID != chief {
		t.Error("who had the flag first still sees it, and with whom it is", mine.Items)
	}
	if c, err := h.Counts(h.as(nurse), "mine"); err != nil || c.Escalated != 1 || c.Flags != 1 {
		t.Error("counters equal the lists", c, err)
	}
	ctx := h.as(chief)
	if _, err := h.Postpone(ctx, f.ID, h.clock.Now().Add(time.Hour), ""); !fault.Is(err, fault.Conflict) {
		t.Error("a flag is not postponed", err)
	}
	if _, err := h.Acknowledge(ctx, f.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Record(ctx, f.ID, Result{Code: "well"}); !fault.Is(err, fault.Invalid) {
		t.Error("a flag is closed with what came of it, nothing else", err)
	}
	closed, err := h.Record(ctx, f.ID, Result{Code: string(ResolvedReturn), Notes: "请其今日返院"})
	h.must(err)
	if closed.State != TaskDone || closed.AcknowledgedBy != chief {
		t.Errorf("%+v", closed)
	}
	if n, err := h.Escalate(h.ctx); err != nil || n != 0 {
		t.Error("a seen flag climbs no more", n, err)
	}
}

func TestFU24_OtherAnswersAndFreeText(t *testing.T) {
	h := openHouse(t)
	h.colleague("lin", "nurse", "")
	for n := 1; n <= 3; n++ {
		h.stay(h.person(n), fmt.Sprint("ZY", n), "2026-11-14")
	}
	h.at("2026-11-23", 9, 0)
	h.reply(1, "1")
	if n := len(h.tasks(ListFlags)); n != 0 {
		t.Fatal("a good answer raises nothing", n)
	}
	h.reply(2, "没有出血，都好")
	h.reply(3, "昨晚开始发烧了怎么办")
	flags := h.tasks(ListFlags)
	if len(flags) != 1 || !flags[0].Provisional || flags[0].AnswerText != "昨晚开始发烧了怎么办" {
		t.Fatalf("words of alarm raise a provisional flag: %+v", flags)
	}
}

func TestFU26_DraftSurvives(t *testing.T) {
	h := openHouse(t)
	nurse := h.colleague("lin", "nurse", "")
	p := h.person(1)
	task := h.callTask(p)
	ctx := h.as(nurse)
	h.must(h.SaveDraft(ctx, task.ID, "伤口愈合"))
	h.must(h.SaveDraft(ctx, task.ID, "伤口愈合良好,无渗液"))
	again := wire(h.DB, h.post) // the browser and the server are gone and back
	sheet, err := again.FindTask(ctx, task.ID)
	h.must(err)
	if sheet.Task.Draft != "伤口愈合良好,无渗液" || sheet.Task.DraftAt == 0 {
		t.Fatal(sheet.Task.Draft)
	}
	done, err := again.Record(ctx, task.ID, Result{Code: "well"})
	h.must(err)
	if done.Notes != "伤口愈合良好,无渗液" || done.Draft != "" {
		t.Fatalf("the draft becomes the note: %+v", done)
	}
	sheet, err = again.FindTask(ctx, task.ID)
	h.must(err)
	if last := sheet.History[len(sheet.History)-1]; last.Code != "well" || last.Text != done.Notes {
		t.Error(last)
	}
}

func TestFU27_NobodysTasksAndAbsentPeoplesTasksMove(t *testing.T) {
	h := openHouse(t)
	var tasks []Task
	for n := 1; n <= 6; n++ {
		tasks = append(tasks, h.callTask(h.person(n)))
	}
	if n := h.count(`select count(*) from followup_task where state = 'open' and owner_id is null`); n != 6 {
		t.Fatal("nobody works here yet", n)
	}
	a := h.colleague("lin", "nurse", "")
	b := h.colleague("zhou", "nurse", "")
	moved, err := h.RunAssign(h.ctx)
	h.must(err)
	if n := h.count(`select count(*) from followup_task where state = 'open' and owner_id is null`); n != 0 || moved != 6 {
		t.Fatal("unassigned after the rule run:", n, moved)
	}
	if n := h.count(`select count(*) from followup_task where owner_id = $1`, a); n != 3 {
		t.Error("work is spread by load", n)
	}
	acc, err := h.Staff.Find(h.ctx, a)
	h.must(err)
	from, until := h.clock.Now(), h.clock.Now().Add(72*time.Hour)
	h.must(h.Staff.Update(h.ctx, a, staff.Patch{Version: acc.Version, AbsentFrom: &from, AbsentUntil: &until}))
	h.drain()
	if n := h.count(`select count(*) from followup_task where state = 'open' and owner_id = $1`, b); n != 6 {
		t.Error("an absent person's tasks move at once", n)
	}
	if _, err := h.Patient.VisibleIDs(h.as(b), []patient.ID{tasks[0].PatientID}); err != nil {
		t.Error(err)
	}
	doctor := h.colleague("chen", "doctor", "")
	h.must(h.SetRules(h.ctx, []AssignRule{{MinSeverity: SeverityGrave, Roles: []string{"doctor"}}}))
	h.must(h.raiseFor(h.person(50), SeverityGrave, 0))
	if f := h.tasks(ListFlags); len(f) != 1 || f[0].OwnerID != doctor {
		t.Error("the hospital's rule by severity", f)
	}
	cantonese := h.colleague("he", "nurse", "粤语")
	speaker, err := h.Patient.Create(h.ctx, patient.Draft{Name: "何伯", Sex: "male", Tags: []string{"粤语", "VIP"}})
	h.must(err)
	h.must(h.raiseFor(speaker, SeverityMild, 0))
	if owner := h.count(`select owner_id from followup_task where patient_id = $1`, speaker); staff.ID(owner) != cantonese {
		t.Error("a patient who speaks Cantonese goes to who speaks it")
	}
	if err := h.SetRules(h.ctx, []AssignRule{{MinSeverity: 1}}); !fault.Is(err, fault.Invalid) {
		t.Error("a rule must name somebody", err)
	}
}

// raiseFor opens a flag for a patient, for owner or by the rules.
func (h *house) raiseFor(p patient.ID, sev Severity, owner staff.ID) error {
	return h.DB.Tx(h.ctx, func(ctx ctxT, tx *dbTx) error {
		err := h.raise(ctx, tx, flag{patient: p, plan: Plan{PatientID: p, DepartmentID: h.dept}, severity: sev, label: "不适", key: fmt.Sprint("test:", p)})
		if err != nil || owner == 0 {
			return err
		}
		t, err := taskByKey(ctx, tx, p, fmt.Sprint("test:", p))
		if err != nil {
			return err
		}
		return h.hand(ctx, tx, &t, owner, "assigned")
	})
}

func TestSM20_ChangedLeadReplansPendingOnly(t *testing.T) {
	h := openHouse(t)
	book := func(n int, number string, at clock.Instant) patient.ID {
		p := h.person(n)
		_, _, err := h.Booking.Upsert(h.ctx, p, booking.AppointmentInput{Issuer: "HIS", Number: number, DepartmentCode: "FK", StartsAt: at, ToldAt: h.clock.Now()})
		h.must(err)
		return p
	}
	remind := func() {
		_, err := h.RunReminders(h.ctx)
		h.must(err)
		h.drain()
	}
	soon := book(1, "A1", h.clock.On("2026-11-24", 8, 30)) // 24 hours before: today 08:30, already past
	later := book(2, "A2", h.clock.On("2026-11-26", 10, 0))
	h.drain()
	remind()
	if len(h.post.sent) != 1 || h.post.sent[0].To != "15400000001" {
		t.Fatal("what is due leaves at once", len(h.post.sent))
	}
	h.must(h.Setting.Set(h.ctx, setting.Update{Key: setReminderHours, DepartmentID: int64(h.dept), Value: "48"}))
	h.drain()
	sendAt := func(p patient.ID) clock.Instant {
		return clock.Instant(h.count(`select send_at from followup_reminder where patient_id = $1`, p))
	}
	if got := sendAt(later); got != h.clock.On("2026-11-24", 10, 0) {
		t.Error("the pending one moves to 48 hours before:", got)
	}
	if n := h.count(`select hours from followup_reminder where patient_id = $1`, soon); n != 24 {
		t.Error("the sent one stays", n)
	}
	h.clock.Set(h.clock.On("2026-11-24", 10, 1).Time())
	remind()
	remind()
	if len(h.post.sent) != 2 {
		t.Fatal("each once", len(h.post.sent))
	}
	// moved after it was reminded: reminded of the new time, once
	_, _, err := h.Booking.Upsert(h.ctx, later, booking.AppointmentInput{Issuer: "HIS", Number: "A2", StartsAt: h.clock.On("2026-11-30", 10, 0), ToldAt: h.clock.Now()})
	h.must(err)
	h.drain()
	if got := sendAt(later); got != h.clock.On("2026-11-28", 10, 0) {
		t.Error("a moved appointment is reminded of anew", got)
	}
	_, _, err = h.Booking.Upsert(h.ctx, later, booking.AppointmentInput{Issuer: "HIS", Number: "A2", State: booking.StateCancelled, ToldAt: h.clock.Now().Add(time.Minute)})
	h.must(err)
	h.drain()
	h.clock.Set(h.clock.On("2026-11-28", 10, 1).Time())
	remind()
	if len(h.post.sent) != 2 {
		t.Error("a cancelled appointment is not reminded of", len(h.post.sent))
	}
}

func TestSM20_ReminderLeavesByDay(t *testing.T) {
	c := clock.NewFake(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)).Clock
	for _, k := range []struct {
		starts clock.Instant
		hours  int
		want   clock.Instant
	}{
		{c.On("2026-11-25", 10, 0), 24, c.On("2026-11-24", 10, 0)},
		{c.On("2026-11-25", 10, 0), 3, c.On("2026-11-24", 19, 0)}, // 07:00 is too early: the evening before
		{c.On("2026-11-25", 8, 0), 10, c.On("2026-11-24", 19, 0)}, // 22:00 is too late: the same evening
		{c.On("2026-11-25", 8, 0), 0, 0},
	} {
		got, on := RemindAt(k.starts, k.hours, c)
		if got != k.want || on != (k.hours > 0) {
			t.Errorf("%s −%dh: %s, want %s", k.starts, k.hours, got, k.want)
		}
	}
}

func TestFU07_UnreachableByMessageGoesToACall(t *testing.T) {
	h := openHouse(t)
	nurse := h.colleague("lin", "nurse", "")
	p, err := h.Patient.Create(h.ctx, patient.Draft{Name: "无号", Sex: "female"})
	h.must(err)
	h.stay(p, "ZY1", "2026-08-28") // D90 = 26 November, its message three days before
	h.at("2026-11-23", 9, 30)
	tasks := h.tasks(ListUpcoming)
	if len(tasks) != 1 || tasks[0].Kind != TaskReview || tasks[0].OwnerID != nurse {
		t.Fatalf("a message that the gate blocks leads to the ladder's call: %+v", tasks)
	}
	_, steps := h.onlyPlan(p)
	if steps[0].State != StepSkipped || steps[0].Outcome != "too_late" || steps[4].State != StepTask || steps[4].MessageState != "blocked" {
		t.Errorf("%+v %+v", steps[0], steps[4])
	}
	if len(h.post.sent) != 0 {
		t.Error("nothing can have left")
	}
}

// A page that is loaded anew in the middle of a call finds the call: one beginning in the history, the number revealed on the trail each time.
func TestFU05_CallGoesOnAfterReload(t *testing.T) {
	h := openHouse(t)
	nurse, other := h.colleague("lin", "nurse", ""), h.colleague("zhao", "nurse", "")
	task := h.callTask(h.person(1))
	ctx := h.as(nurse)
	_, err := h.Start(ctx, task.ID)
	h.must(err)
	began := h.clock.Now()
	h.clock.Advance(time.Minute)
	sheet, err := h.FindTask(ctx, task.ID)
	if h.must(err); sheet.CalledAt != began {
		t.Error("the call goes on since", began, "not", sheet.CalledAt)
	}
	again, err := h.Start(ctx, task.ID)
	h.must(err)
	sheet, err = h.FindTask(ctx, task.ID)
	if h.must(err); again.Phone == "" || len(sheet.History) != 1 || sheet.CalledAt != began {
		t.Error("one call was begun", again, sheet.History, sheet.CalledAt)
	}
	notes, err := notesOf(h.ctx, h.DB.Read(h.ctx), task.PatientID, task.ID)
	if h.must(err); callSince(notes, other, h.clock.Now()) != 0 || callSince(notes, nurse, began.Add(3*time.Hour)) != 0 {
		t.Error("it is nobody else's call, and none lasts for hours")
	}
	_, err = h.Record(ctx, task.ID, Result{Code: "no_answer"})
	h.must(err)
	sheet, err = h.FindTask(ctx, task.ID)
	if h.must(err); sheet.CalledAt != 0 {
		t.Error("the outcome ends it", sheet.CalledAt)
	}
}
