package followup

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"renxin/internal/booking"
	"renxin/internal/consent"
	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/event"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

// house is the rooms up to this one on a real database, at 09:00 of the storyline's Monday, with a provider in the test's hand and the
// LEEP template active.
type house struct {
	*Service
	t     testing.TB
	ctx   context.Context // the system
	clock *clock.Fake
	post  *post
	dept  staff.DepartmentID
	leep  TemplateID
}

func openHouse(t testing.TB) *house {
	t.Helper()
	d, clk := dbtest.New(t)
	clk.Advance(2 * time.Hour)
	h := &house{t: t, clock: clk, ctx: access.AsSystem(context.Background(), "test"), post: &post{}}
	h.Service = wire(d, h.post)
	h.must(h.Staff.EnsureRoles(h.ctx))
	h.must(h.EnsureTemplates(h.ctx))
	var err error
	h.dept, err = h.Staff.Department(h.ctx, "FK", "妇科")
	h.must(err)
	h.leep = h.activate("leep")
	return h
}

// wire builds the rooms; tests of a restart call it twice on one database.
func wire(d *db.DB, p *post) *Service {
	b, j, l := event.NewBoard(d), job.New(d), trail.New(d)
	se := setting.New(setting.Deps{DB: d, Board: b, Trail: l})
	st := staff.New(staff.Deps{DB: d, Board: b, Trail: l, Setting: se})
	pa := patient.New(patient.Deps{DB: d, Board: b, Trail: l, Setting: se})
	co := consent.New(consent.Deps{DB: d, Board: b, Trail: l, Setting: se, Patient: pa})
	vi := visit.New(visit.Deps{DB: d, Board: b, Trail: l, Staff: st, Patient: pa})
	me := message.New(message.Deps{DB: d, Board: b, Jobs: j, Trail: l, Setting: se, Staff: st, Patient: pa, Consent: co})
	me.Connect(p)
	bo := booking.New(booking.Deps{DB: d, Board: b, Staff: st, Patient: pa, Visit: vi})
	return New(Deps{DB: d, Board: b, Jobs: j, Trail: l, Setting: se, Staff: st, Patient: pa, Visit: vi, Message: me, Booking: bo})
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// drain runs facts and jobs until nothing is left.
func (h *house) drain() {
	h.t.Helper()
	for {
		n, err := h.Board.Drain(h.ctx)
		h.must(err)
		m, err := h.Jobs.Drain(h.ctx)
		h.must(err)
		if n+m == 0 {
			return
		}
	}
}

// at sets the clock to a local time and does what is due.
func (h *house) at(d clock.Date, hour, minute int) {
	h.t.Helper()
	h.clock.Set(h.clock.On(d, hour, minute).Time())
	_, err := h.RunDue(h.ctx)
	h.must(err)
	h.drain()
}

func (h *house) activate(code string) TemplateID {
	h.t.Helper()
	rows, err := h.Templates(h.ctx)
	h.must(err)
	for _, r := range rows {
		if r.Code == code {
			_, err := h.Activate(h.ctx, r.ID, Approval{Reviewer: "王主任", ValidUntil: "2028-12-31"})
			h.must(err)
			return r.ID
		}
	}
	h.t.Fatal("no template", code)
	return 0
}

func (h *house) person(n int) patient.ID {
	h.t.Helper()
	id, err := h.Patient.Create(h.ctx, patient.Draft{Name: fmt.Sprintf("患者%d", n), Sex: "female", BirthDate: "1985-05-06",
		Contacts: []patient.ContactInput{{System: "mobile", Value: fmt.Sprintf("154%08d", n), Owner: "self"}}})
	h.must(err)
	return id
}

// colleague makes an account of the department with a post.
func (h *house) colleague(login, post string, languages string) staff.ID {
	h.t.Helper()
	role, err := h.Staff.RoleByCode(h.ctx, "nurse")
	h.must(err)
	id, err := h.Staff.Create(h.ctx, staff.Input{Login: login, Name: login, Password: "a-Long-password-1", RoleID: role.ID, DepartmentID: h.dept, Post: post, Languages: languages})
	h.must(err)
	return id
}

// as is a colleague who may do everything of the room and sees only own patients.
func (h *house) as(id staff.ID) context.Context {
	perms := append([]access.Permission{patient.PermRead, patient.PermReveal, message.PermSend, visit.PermRead}, Permissions...)
	return access.With(context.Background(), access.Person(int64(id), "colleague", perms, access.Build(access.Grant{Reach: "own", StaffID: int64(id)})))
}

// stay tells of a stay with a LEEP on day, still open.
func (h *house) stay(p patient.ID, number string, on clock.Date) visit.EncounterID {
	h.t.Helper()
	e, _, err := h.Visit.UpsertEncounter(h.ctx, p, visit.EncounterInput{Issuer: "HIS", Number: number, Class: "IMP", DepartmentCode: "FK", DepartmentName: "妇科",
		StartedAt: h.clock.On(on, 8, 0), ToldAt: h.clock.On(on, 8, 0)})
	h.must(err)
	h.operate(p, e, number, on)
	return e
}

func (h *house) operate(p patient.ID, e visit.EncounterID, number string, on clock.Date) {
	h.t.Helper()
	_, _, err := h.Visit.UpsertProcedure(h.ctx, p, e, visit.ProcedureInput{Issuer: "HIS", Number: number + "-1", Code: "67.3200", Name: "子宫颈LEEP术", At: h.clock.On(on, 10, 0)})
	h.must(err)
	h.drain()
}

func (h *house) onlyPlan(p patient.ID) (Plan, []PlanStep) {
	h.t.Helper()
	page, err := h.Plans(h.ctx, PlanFilter{PatientID: p})
	h.must(err)
	if len(page.Items) != 1 {
		h.t.Fatalf("%d plans", len(page.Items))
	}
	plan, steps, err := h.FindPlan(h.ctx, page.Items[0].ID)
	h.must(err)
	return plan, steps
}

func (h *house) tasks(list string) []Task {
	h.t.Helper()
	page, err := h.Worklist(h.ctx, WorklistFilter{List: list, Team: true, Limit: 200})
	h.must(err)
	return page.Items
}

func (h *house) count(q string, args ...any) int {
	h.t.Helper()
	n, err := db.One[int](h.ctx, h.DB.Read(h.ctx), q, args...)
	h.must(err)
	return n
}

// reply is the patient's answer to the last message that left for number.
func (h *house) reply(n int, text string) {
	h.t.Helper()
	from, ext := fmt.Sprintf("154%08d", n), ""
	for _, m := range h.post.sent {
		if m.To == from {
			ext = m.Extension
		}
	}
	h.must(h.Message.OnIncoming(context.Background(), message.Incoming{Route: "post", ProviderID: fmt.Sprint("mo", h.DB.NextID()), From: from, To: "10690001" + ext, Text: text, At: h.clock.Now()}))
	h.drain()
}

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
	var a message.Accepted
	for i := range message.Segment(m.Text).Parts {
		a.ProviderIDs = append(a.ProviderIDs, fmt.Sprintf("p%d-%d", m.ID, i))
	}
	return a, nil
}

// patientPatch says that a patient died.
func patientPatch(h *house, p patient.ID, day *string) patient.Patch {
	h.t.Helper()
	d, err := h.Patient.Find(h.ctx, p)
	h.must(err)
	return patient.Patch{Version: d.Version, DeceasedAt: day}
}

// ctxT and dbTx shorten signatures of transactions in tests.
type (
	ctxT = context.Context
	dbTx = db.Tx
)

// exec changes rows behind the room's back, to set a scene.
func (h *house) exec(text string, args ...any) error {
	return h.DB.Tx(h.ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, text, args...)
		return err
	})
}
