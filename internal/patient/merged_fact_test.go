package patient_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"renxin/cmd/renxin/house"
	"renxin/internal/booking"
	"renxin/internal/consent"
	"renxin/internal/followup"
	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/visit"
)

// post is a provider in the test's hand.
type post struct {
	mu   sync.Mutex
	sent []message.Outgoing
}

func (p *post) Name() string    { return "post" }
func (p *post) Channel() string { return "sms" }
func (p *post) Ability() message.Ability {
	return message.Ability{FreeText: true, Receipts: true, Replies: true}
}

func (p *post) Send(_ context.Context, m message.Outgoing) (message.Accepted, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, m)
	a := message.Accepted{}
	for i := range message.Segment(m.Text).Parts {
		a.ProviderIDs = append(a.ProviderIDs, fmt.Sprintf("p%d-%d", m.ID, i))
	}
	return a, nil
}

// hospital is every room on a real database with the LEEP template active.
type hospital struct {
	*house.House
	t     *testing.T
	ctx   context.Context
	clock *clock.Fake
	post  *post
	leep  followup.TemplateID
}

func openHospital(t *testing.T) *hospital {
	t.Helper()
	d, c := dbtest.New(t)
	c.Advance(2 * time.Hour) // Monday, 9 o'clock
	h := &hospital{House: house.New(house.Options{DB: d, Version: "test"}), t: t, ctx: access.AsSystem(context.Background(), "test"), clock: c, post: &post{}}
	h.Message.Connect(h.post)
	h.must(h.Prepare(h.ctx))
	rows, err := h.Followup.Templates(h.ctx)
	h.must(err)
	for _, r := range rows {
		if r.Code == "leep" {
			h.leep = r.ID
		}
	}
	_, err = h.Followup.Activate(h.ctx, h.leep, followup.Approval{Reviewer: "王主任", ValidUntil: "2028-12-31"})
	h.must(err)
	return h
}

func (h *hospital) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *hospital) person(n int) patient.ID {
	h.t.Helper()
	id, err := h.Patient.Create(h.ctx, patient.Draft{Name: fmt.Sprint("患者", n), Contacts: []patient.ContactInput{{System: "mobile", Value: fmt.Sprintf("154%08d", n), Owner: "self"}}})
	h.must(err)
	return id
}

// stay tells of an encounter with a LEEP on day.
func (h *hospital) stay(p patient.ID, number, class string, on clock.Date) visit.EncounterID {
	h.t.Helper()
	e, _, err := h.Visit.UpsertEncounter(h.ctx, p, visit.EncounterInput{Issuer: "HIS", Number: number, Class: class, DepartmentCode: "FK", DepartmentName: "妇科",
		StartedAt: h.clock.On(on, 8, 0), ToldAt: h.clock.On(on, 8, 0)})
	h.must(err)
	_, _, err = h.Visit.UpsertProcedure(h.ctx, p, e, visit.ProcedureInput{Issuer: "HIS", Number: number + "-1", Code: "67.3200", Name: "子宫颈LEEP术", At: h.clock.On(on, 10, 0)})
	h.must(err)
	return e
}

func (h *hospital) book(p patient.ID, number string, at clock.Instant) {
	h.t.Helper()
	_, _, err := h.Booking.Upsert(h.ctx, p, booking.AppointmentInput{Issuer: "HIS", Number: number, DepartmentCode: "FK", StartsAt: at})
	h.must(err)
}

func (h *hospital) merge(survivor, loser patient.ID) {
	h.t.Helper()
	_, err := h.Patient.Merge(h.ctx, survivor, loser, "同一人")
	h.must(err)
}

// settled delivers everything and proves that no listener stumbled.
func (h *hospital) settled() {
	h.t.Helper()
	h.must(h.Settle(h.ctx))
	for _, line := range lines(h.t, h.House, `
		select d.listener, d.state, d.error from event_delivery d where d.state <> 'done' or d.error <> ''`) {
		h.t.Error("not delivered:", line)
	}
	if dead, err := h.Board.DeadLetters(h.ctx, 10); err != nil || len(dead) > 0 {
		h.t.Error(dead, err)
	}
}

func (h *hospital) count(text string, args ...any) int {
	h.t.Helper()
	n, err := db.One[int](h.ctx, h.DB.Read(h.ctx), text, args...)
	h.must(err)
	return n
}

// Facts told of a record that is merged before they are delivered land at the survivor; nothing is retried, nothing dies.
func TestPT16_FactsOfAMergedRecordReachTheSurvivor(t *testing.T) {
	h := openHospital(t)
	a, b := h.person(1), h.person(2)
	today := h.clock.Today()

	h.stay(b, "ZY1", "IMP", "2026-11-14") // day 7 of the plan asks a question today
	h.must(h.Settle(h.ctx))
	_, err := h.Followup.RunDue(h.ctx)
	h.must(err)
	h.must(h.Settle(h.ctx))
	if len(h.post.sent) != 1 {
		t.Fatal(len(h.post.sent), "messages left")
	}
	asked := h.post.sent[0]

	// From here on nothing is delivered until the two are one.
	h.book(b, "YY1", h.clock.On(today, 10, 0))
	h.book(b, "YY2", h.clock.On(today.Add(3), 10, 0))
	h.book(a, "YY3", h.clock.On(today.Add(3), 15, 0))
	h.book(b, "YY3", h.clock.On(today.Add(3), 15, 0)) // both records were told of it: one row goes
	visited := h.stay(b, "MZ1", "AMB", today)
	h.stay(a, "MZ2", "AMB", today.Add(-1))
	h.stay(b, "MZ2", "AMB", today.Add(-1))
	_, _, err = h.Visit.Close(h.ctx, b, visit.EncounterInput{Issuer: "HIS", Number: "ZY1", EndedAt: h.clock.On("2026-11-16", 9, 0), ToldAt: h.clock.Now()})
	h.must(err)
	_, _, err = h.Visit.UpsertCondition(h.ctx, b, visited, visit.ConditionInput{Code: "N87.1", Name: "宫颈上皮内瘤变2级"})
	h.must(err)
	_, _, err = h.Visit.UpsertReport(h.ctx, b, visited, visit.ReportInput{Issuer: "LIS", Number: "R1", Name: "血常规", Abnormal: "A"})
	h.must(err)
	_, _, err = h.Visit.UpsertCharge(h.ctx, b, visited, visit.ChargeInput{Issuer: "HIS", Number: "F1", Name: "挂号费", AmountFen: 1000})
	h.must(err)
	h.must(h.Message.OnReceipt(h.ctx, "post", message.Receipt{ProviderID: fmt.Sprintf("p%d-0", asked.ID), Number: asked.To, State: message.ReceiptDelivered}))
	h.must(h.Message.OnIncoming(h.ctx, message.Incoming{Route: "post", ProviderID: "mo1", From: asked.To, To: "10690001" + asked.Extension, Text: "3", At: h.clock.Now()}))
	_, err = h.Message.Send(h.ctx, message.Draft{PatientID: b, Purpose: consent.Promotion, Text: "优惠", Room: "followup"})
	h.must(err)
	died := "2026-11-22"
	c := h.person(3)
	h.stay(c, "ZY3", "IMP", "2026-11-14")
	d, err := h.Patient.Find(h.ctx, c)
	h.must(err)
	_, err = h.Patient.Update(h.ctx, c, patient.Patch{Version: d.Version, DeceasedAt: &died})
	h.must(err)
	e := h.person(4)

	h.merge(a, b)
	h.merge(e, c)
	h.settled()

	for text, want := range map[string]int{
		`select count(*) from booking_appointment where patient_id = $1 and number = 'YY1' and state = 'arrived'`:   1,
		`select count(*) from followup_reminder where patient_id = $1 and state = 'pending'`:                        2,
		`select count(*) from followup_plan where patient_id = $1 and encounter_id is not null`:                     3,
		`select count(*) from followup_task where patient_id = $1 and kind = 'flag' and answer_code = '3'`:          1,
		`select count(*) from followup_step where patient_id = $1 and answer = '3' and message_state = 'delivered'`: 1,
		`select count(*) from message_incoming where patient_id = $1`:                                               1,
		`select count(*) from visit_condition where patient_id = $1 and code = 'N87.1'`:                             1,
		`select count(*) from message_message where patient_id = $1 and state = 'blocked'`:                          1,
		`select count(*) from visit_encounter where patient_id = $1 and number in ('ZY1', 'MZ1', 'MZ2')`:            3,
	} {
		if n := h.count(text, a); n != want {
			t.Errorf("%d instead of %d: %s", n, want, text)
		}
	}
	if n := h.count(`select count(*) from followup_plan where patient_id = $1 and state = 'active'`, e); n != 0 {
		t.Error("nobody calls a patient who has died", n)
	}
	for table, n := range h.left(b) {
		t.Errorf("%d rows of %s came to the merged record", n, table)
	}

	// A reminder planned for an appointment that a later merge takes away does not stand in the queue for ever.
	f := h.person(5)
	h.book(f, "YY2", h.clock.On(today.Add(3), 10, 0))
	h.settled()
	h.merge(a, f)
	h.clock.Advance(60 * time.Hour)
	_, err = h.Followup.RunReminders(h.ctx)
	h.must(err)
	h.settled()
	if n := h.count(`select count(*) from followup_reminder where state = 'pending' and send_at <= $1`, h.clock.Now().Add(time.Hour)); n != 0 {
		t.Error(n, "reminders are stuck")
	}
}

// left counts what still carries the ID, over the tables that a merge moves.
func (h *hospital) left(p patient.ID) map[string]int {
	out := map[string]int{}
	for _, name := range h.Patient.Tables() {
		switch name {
		case "patient_merge", "patient_merge_row", "patient_pair", "trail_entry", "event_fact", "event_delivery":
			continue
		}
		if n := h.count("select count(*) from "+name+" where patient_id = $1", p); n > 0 {
			out[name] = n
		}
	}
	return out
}

// A page, a bookmark or a link that still names the merged record shows the survivor and writes to it.
func TestPT16_TheOldAddressLeadsToTheSurvivor(t *testing.T) {
	h := openHospital(t)
	a, b := h.person(1), h.person(2)
	h.merge(a, b)
	h.settled()
	e := h.stay(a, "ZY1", "IMP", "2026-11-20")
	h.book(a, "YY1", h.clock.On("2026-12-01", 10, 0))
	_, _, err := h.Visit.UpsertCharge(h.ctx, a, e, visit.ChargeInput{Issuer: "HIS", Number: "F1", Name: "挂号费", AmountFen: 1000})
	h.must(err)
	h.must(h.Consent.OptOut(h.ctx, b, "sms", []consent.Purpose{consent.Promotion}, "电话"))
	h.settled()

	_, err = h.Visit.Diagnose(h.ctx, b, e, "N87.1", "宫颈上皮内瘤变2级")
	h.must(err)
	_, err = h.Followup.Enrol(h.ctx, b, h.leep, "2026-11-23")
	h.must(err)
	_, err = h.Followup.CreateTask(h.ctx, followup.AdHoc{PatientID: b, Title: "电话问候"})
	h.must(err)
	_, err = h.Message.Send(h.ctx, message.Draft{PatientID: b, Purpose: consent.Care, Text: "请按时复诊"})
	h.must(err)
	_, err = h.Patient.Tag(h.ctx, b, []string{"VIP"}, nil)
	h.must(err)
	h.settled()
	for table, n := range h.left(b) {
		t.Errorf("%d rows of %s were written to the merged record", n, table)
	}

	visits, err := h.Visit.Encounters(h.ctx, b, "", 0)
	h.must(err)
	spend, err := h.Visit.Spend(h.ctx, b, 0)
	h.must(err)
	booked, err := h.Booking.List(h.ctx, b, "", 0)
	h.must(err)
	plans, err := h.Followup.Plans(h.ctx, followup.PlanFilter{PatientID: b})
	h.must(err)
	said, err := h.Consent.List(h.ctx, b)
	h.must(err)
	thread, err := h.Message.Thread(h.ctx, b)
	h.must(err)
	messages, err := h.Message.List(h.ctx, message.Filter{PatientID: b})
	h.must(err)
	page, err := h.Timeline.Overview(h.ctx, b)
	h.must(err)
	got := []int{len(visits.Items), len(spend.Days), len(booked.Items), len(plans.Items), len(said), len(thread), len(messages.Items)}
	if fmt.Sprint(got) != "[1 1 1 2 1 1 1]" || page.Patient.ID != a {
		t.Errorf("%v, page of %v", got, page.Patient.ID == a)
	}
	d, err := h.Patient.Find(h.ctx, a)
	h.must(err)
	number, err := h.Patient.Reveal(h.ctx, b, patient.RevealInput{Field: "contact", Ref: d.Contacts[0].ID.String(), Reason: "核对"})
	h.must(err)
	if number == "" {
		t.Error("nothing was revealed")
	}
}
