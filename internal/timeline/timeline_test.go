package timeline

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"renxin/internal/booking"
	"renxin/internal/consent"
	"renxin/internal/followup"
	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
	"renxin/internal/platform/lang"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

type house struct {
	*Service
	t     testing.TB
	ctx   context.Context
	clock *clock.Fake
	board *event.Board
	jobs  *job.Runner
	post  *post
}

func openHouse(t testing.TB) *house {
	t.Helper()
	d, c := dbtest.New(t)
	c.Advance(2 * time.Hour)
	h := &house{t: t, ctx: access.AsSystem(context.Background(), "test"), clock: c, board: event.NewBoard(d), jobs: job.New(d), post: &post{}}
	l := trail.New(d)
	se := setting.New(setting.Deps{DB: d, Board: h.board, Trail: l})
	st := staff.New(staff.Deps{DB: d, Board: h.board, Trail: l, Setting: se})
	pa := patient.New(patient.Deps{DB: d, Board: h.board, Trail: l, Setting: se})
	co := consent.New(consent.Deps{DB: d, Board: h.board, Trail: l, Setting: se, Patient: pa})
	vi := visit.New(visit.Deps{DB: d, Board: h.board, Trail: l, Staff: st, Patient: pa})
	me := message.New(message.Deps{DB: d, Board: h.board, Jobs: h.jobs, Trail: l, Setting: se, Staff: st, Patient: pa, Consent: co})
	me.Connect(h.post)
	bo := booking.New(booking.Deps{DB: d, Board: h.board, Staff: st, Patient: pa, Visit: vi})
	fo := followup.New(followup.Deps{DB: d, Board: h.board, Jobs: h.jobs, Trail: l, Setting: se, Staff: st, Patient: pa, Visit: vi, Message: me, Booking: bo})
	h.Service = New(Deps{DB: d, Staff: st, Patient: pa, Visit: vi, Message: me, Booking: bo, Followup: fo})
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) drain() {
	h.t.Helper()
	for {
		n, err := h.board.Drain(h.ctx)
		h.must(err)
		m, err := h.jobs.Drain(h.ctx)
		h.must(err)
		if n+m == 0 {
			return
		}
	}
}

func (h *house) person(n int) patient.ID {
	h.t.Helper()
	id, err := h.Patient.Create(h.ctx, patient.Draft{Name: fmt.Sprintf("患者%d", n), Sex: "female", Alert: "青霉素过敏",
		Contacts: []patient.ContactInput{{System: "mobile", Value: fmt.Sprintf("154%08d", n), Owner: "self"}}})
	h.must(err)
	return id
}

// life gives a patient some of everything.
func (h *house) life(p patient.ID) {
	h.t.Helper()
	e, _, err := h.Visit.UpsertEncounter(h.ctx, p, visit.EncounterInput{Issuer: "HIS", Number: "MZ1", Class: "AMB", DepartmentCode: "FK", DepartmentName: "妇科", DoctorName: "王医生", StartedAt: h.clock.On("2026-11-20", 9, 0)})
	h.must(err)
	_, _, err = h.Visit.UpsertCondition(h.ctx, p, e, visit.ConditionInput{Code: "N76.0", Name: "急性阴道炎", Kind: "outpatient"})
	h.must(err)
	for i, fen := range []int64{1250, 3300, -250} {
		_, _, err = h.Visit.UpsertCharge(h.ctx, p, e, visit.ChargeInput{Issuer: "HIS", Number: fmt.Sprint("C", i), Name: "项目", AmountFen: fen, At: h.clock.On("2026-11-20", 10, i)})
		h.must(err)
	}
	_, _, err = h.Visit.UpsertReport(h.ctx, p, e, visit.ReportInput{Issuer: "LIS", Number: "R1", Kind: "lab", Name: "白带常规", Abnormal: "abnormal", At: h.clock.On("2026-11-20", 11, 0)})
	h.must(err)
	_, _, err = h.Booking.Upsert(h.ctx, p, booking.AppointmentInput{Issuer: "HIS", Number: "A1", DepartmentCode: "FK", StartsAt: h.clock.On("2026-11-27", 9, 0)})
	h.must(err)
	_, err = h.Followup.CreateTask(h.ctx, followup.AdHoc{PatientID: p, Note: "问一问"})
	h.must(err)
	_, err = h.Message.Send(h.ctx, message.Draft{PatientID: p, Channel: "sms", Purpose: "care", Text: "{{name}}您好,请按时复诊。"})
	h.must(err)
	h.drain()
}

func (h *house) list(ctx context.Context, p patient.ID, k Kind, limit int) []Event {
	h.t.Helper()
	var out []Event
	for cursor := ""; ; {
		page, err := h.Events(ctx, p, Filter{Kind: k, Cursor: cursor, Limit: limit})
		h.must(err)
		out = append(out, page.Items...)
		if cursor = page.Next; cursor == "" {
			if page.Total.Value != len(out) {
				h.t.Errorf("%q: total says %d, %d listed", k, page.Total.Value, len(out))
			}
			return out
		}
	}
}

func TestPT12_OneScreenNewestFirstByType(t *testing.T) {
	h := openHouse(t)
	p, other := h.person(1), h.person(2)
	h.life(p)
	h.life(other)
	all := h.list(h.ctx, p, "", 200)
	if !slices.IsSortedFunc(all, newestFirst) {
		t.Error("not newest first")
	}
	byPage := h.list(h.ctx, p, "", 2)
	if !slices.Equal(all, byPage) {
		t.Errorf("pages of two give %d of %d events, or in another order", len(byPage), len(all))
	}
	sum := 0
	for _, k := range Kinds {
		part := h.list(h.ctx, p, k, 3)
		for _, e := range part {
			if e.Kind != k || !slices.Contains(all, e) {
				t.Error("wrong kind", e)
			}
			if key := fmt.Sprintf("timeline.%s.%s", e.Kind, e.What); !lang.Has(key) {
				t.Error("no words for", key)
			}
		}
		sum += len(part)
	}
	if sum != len(all) || len(all) != 7 {
		t.Errorf("%d by kind, %d in all", sum, len(all))
	}
	if _, err := h.Events(h.ctx, p, Filter{Kind: "weather"}); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
}

func TestPT13_ReceiptAndReplyStandOnTheTimeline(t *testing.T) {
	h := openHouse(t)
	p := h.person(1)
	h.life(p)
	out := h.list(h.ctx, p, KindMessage, 10)
	if len(out) != 1 || out[0].What != "out" || out[0].Status != "accepted" {
		t.Fatalf("%+v", out)
	}
	h.must(h.Message.OnReceipt(h.ctx, "post", message.Receipt{ProviderID: h.post.last, State: message.ReceiptDelivered, Code: "DELIVRD", At: h.clock.Now()}))
	h.must(h.Message.OnIncoming(h.ctx, message.Incoming{Route: "post", ProviderID: "1", From: "15400000001", To: "10690001" + h.post.extension, Text: "好的谢谢", At: h.clock.Now()}))
	h.drain()
	h.clock.Advance(time.Second)
	both := h.list(h.ctx, p, KindMessage, 10)
	if len(both) != 2 || both[0].What != "in" || both[0].Body != "好的谢谢" || both[1].Status != "delivered" {
		t.Fatalf("%+v", both)
	}
}

func TestPT31_EveryRoomsContactInOneList(t *testing.T) {
	h := openHouse(t)
	p := h.person(1)
	h.life(p)
	h.must(h.Message.OnIncoming(h.ctx, message.Incoming{Route: "post", ProviderID: "1", From: "15400000001", To: "10690001" + h.post.extension, Text: "好", At: h.clock.Now()}))
	h.drain()
	got := map[string]bool{}
	for _, e := range h.list(h.ctx, p, "", 50) {
		got[string(e.Kind)+"."+e.What] = true
	}
	for _, want := range []string{"message.out", "message.in", "followup.adhoc", "encounter.AMB", "charge.day", "report.lab", "appointment.booked", "record.created"} {
		if !got[want] {
			t.Error("missing", want, got)
		}
	}
}

func TestPT34_HeaderSaysWhoWhatNext(t *testing.T) {
	h := openHouse(t)
	p := h.person(1)
	h.life(p)
	o, err := h.Overview(h.ctx, p)
	h.must(err)
	if o.Patient.Name != "患者1" || o.Patient.Alert != "青霉素过敏" || o.SpentFen != 4300 || o.Last == nil || o.Last.Department != "妇科" || o.Last.Diagnosis != "急性阴道炎" {
		t.Errorf("%+v", o)
	}
	if o.Next == nil || o.Next.Title != "问一问" || o.Next.TaskID == 0 {
		t.Errorf("what comes next: %+v", o.Next)
	}
	for k, n := range map[Kind]int{KindFollowup: 1, KindMessage: 1, KindEncounter: 1, KindCharge: 1, KindReport: 1, KindAppointment: 1, KindRecord: 1} {
		if o.Counts[k] != n || len(h.list(h.ctx, p, k, 10)) != n {
			t.Errorf("%s: header says %d", k, o.Counts[k])
		}
	}
}

func TestPT34_ScopeAndPermissions(t *testing.T) {
	h := openHouse(t)
	p := h.person(1)
	h.life(p)
	as := func(g access.Grant, perms ...access.Permission) context.Context {
		g.StaffID = 77
		return access.With(context.Background(), access.Person(77, "x", append(perms, PermRead, patient.PermRead), access.Build(g)))
	}
	if _, err := h.Events(as(access.Grant{Reach: "own"}, visit.PermRead), p, Filter{}); !fault.Is(err, fault.NotFound) {
		t.Error("out of scope", err)
	}
	few := h.list(as(access.Grant{Reach: "all", Unassigned: true}, visit.PermRead), p, "", 50)
	for _, e := range few {
		if e.Kind != KindEncounter && e.Kind != KindReport && e.Kind != KindRecord {
			t.Error("an event of a room that the caller may not see", e)
		}
	}
	o, err := h.Overview(as(access.Grant{Reach: "all", Unassigned: true}), p)
	h.must(err)
	if o.SpentFen != 0 || o.Last != nil || o.Next != nil || len(few) != 3 {
		t.Errorf("%+v %d", o, len(few))
	}
	_, _, err = h.Visit.UpsertEncounter(h.ctx, p, visit.EncounterInput{Issuer: "HIS", Number: "MZ2", Class: "AMB", StartedAt: h.clock.On("2026-11-22", 9, 0)})
	h.must(err)
	recent := h.list(as(access.Grant{Reach: "all", Unassigned: true, Days: 2}, visit.PermRead, visit.PermReadCharges), p, "", 50)
	if len(recent) != 2 { // the new visit and the record of today
		t.Error(recent)
	}
	for _, e := range recent {
		if e.At < h.clock.On("2026-11-22", 0, 0) {
			t.Error("older than the caller's last days", e)
		}
	}
}

// The page of a patient with 2,000 events opens within 50 ms.
func TestPT12_TwoThousandEventsInFiftyMilliseconds(t *testing.T) {
	h := openHouse(t)
	p := h.person(1)
	h.must(h.Patient.DB.Tx(h.ctx, func(ctx context.Context, _ *db.Tx) error {
		for i := range 500 {
			day := clock.Date("2025-01-01").Add(i)
			e, _, err := h.Visit.UpsertEncounter(ctx, p, visit.EncounterInput{Issuer: "HIS", Number: fmt.Sprint(i), Class: "AMB", StartedAt: h.clock.On(day, 9, 0)})
			if err != nil {
				return err
			}
			for k := range 2 {
				if _, _, err := h.Visit.UpsertCharge(ctx, p, e, visit.ChargeInput{Issuer: "HIS", Number: fmt.Sprint(i, "-", k), AmountFen: 100, At: h.clock.On(day, 10, k)}); err != nil {
					return err
				}
				if _, _, err := h.Visit.UpsertReport(ctx, p, e, visit.ReportInput{Issuer: "LIS", Number: fmt.Sprint(i, "-", k), Kind: "lab", Name: "血常规", At: h.clock.On(day, 11, k)}); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	var took []time.Duration
	for range 20 {
		start := time.Now()
		page, err := h.Events(h.ctx, p, Filter{})
		h.must(err)
		if _, err := h.Overview(h.ctx, p); err != nil {
			t.Fatal(err)
		}
		took = append(took, time.Since(start))
		if len(page.Items) != 50 || page.Total.Value < 2000 {
			t.Fatal(len(page.Items), page.Total)
		}
	}
	slices.Sort(took)
	t.Logf("events and header together: median %s, p95 %s", took[10], took[18])
	if took[10] > 300*time.Millisecond { // the row's own line; the benchmark holds the budget of 50 ms
		t.Error("too slow", took[10])
	}
}

type post struct{ last, extension string }

func (p *post) Name() string    { return "post" }
func (p *post) Channel() string { return "sms" }
func (p *post) Ability() message.Ability {
	return message.Ability{FreeText: true, Receipts: true, Replies: true}
}

func (p *post) Send(_ context.Context, m message.Outgoing) (message.Accepted, error) {
	p.last, p.extension = fmt.Sprint("p", m.ID), m.Extension
	return message.Accepted{ProviderIDs: []string{p.last}}, nil
}
