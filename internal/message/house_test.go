package message_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

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
)

// house is the rooms up to this one on a real database, at 09:00 of the storyline's Monday, with a provider in the test's hand.
type house struct {
	t       *testing.T
	ctx     context.Context // the system
	db      *db.DB
	clock   *clock.Fake
	board   *event.Board
	jobs    *job.Runner
	setting *setting.Service
	staff   *staff.Service
	patient *patient.Service
	consent *consent.Service
	message *message.Service
	post    *post
	facts   []event.Fact
}

func open(t *testing.T) *house {
	t.Helper()
	d, clk := dbtest.New(t)
	clk.Advance(2 * time.Hour)
	h := &house{t: t, db: d, clock: clk, board: event.NewBoard(d), jobs: job.New(d), ctx: access.AsSystem(context.Background(), "test")}
	log := trail.New(d)
	h.setting = setting.New(setting.Deps{DB: d, Board: h.board, Trail: log})
	h.staff = staff.New(staff.Deps{DB: d, Board: h.board, Trail: log, Setting: h.setting})
	h.patient = patient.New(patient.Deps{DB: d, Board: h.board, Trail: log, Setting: h.setting})
	h.consent = consent.New(consent.Deps{DB: d, Board: h.board, Trail: log, Setting: h.setting, Patient: h.patient})
	h.message = message.New(message.Deps{DB: d, Board: h.board, Jobs: h.jobs, Trail: log, Setting: h.setting, Staff: h.staff, Patient: h.patient, Consent: h.consent})
	h.post = &post{}
	h.message.Connect(h.post)
	hear[message.Received](h)
	hear[message.Answered](h)
	hear[message.Settled](h)
	hear[message.Blocked](h)
	return h
}

// hear notes every fact of a type.
func hear[F event.Fact](h *house) {
	var zero F
	event.On(h.board, "test.on_"+zero.FactName(), func(_ context.Context, f F) error {
		h.facts = append(h.facts, f)
		return nil
	})
}

// told drains the board and gives the facts of a type.
func told[F event.Fact](h *house) (list []F) {
	h.t.Helper()
	if _, err := h.board.Drain(h.ctx); err != nil {
		h.t.Fatal(err)
	}
	for _, f := range h.facts {
		if x, ok := f.(F); ok {
			list = append(list, x)
		}
	}
	return list
}

// person makes a patient with a mobile number 154…n.
func (h *house) person(n int) patient.ID {
	h.t.Helper()
	return h.personAt(fmt.Sprintf("患者%d", n), number(n))
}

func number(n int) string { return fmt.Sprintf("154%08d", 12340000+n) }

func (h *house) personAt(name, phone string) patient.ID {
	h.t.Helper()
	id, err := h.patient.Create(h.ctx, patient.Draft{Name: name, Sex: "female", BirthDate: "1980-05-06",
		Contacts: []patient.ContactInput{{System: "mobile", Value: phone, Owner: "self"}}})
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

// drain does all due jobs.
func (h *house) drain() {
	h.t.Helper()
	if _, err := h.jobs.Drain(context.Background()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) send(d message.Draft) message.ID {
	h.t.Helper()
	id, err := h.message.Send(h.ctx, d)
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

func (h *house) find(id message.ID) message.Message {
	h.t.Helper()
	m, err := h.message.Find(h.ctx, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return m
}

func (h *house) state(id message.ID) message.State { h.t.Helper(); return h.find(id).State }

// reply is a patient's answer to our number with an extension.
func (h *house) reply(from, extension, text string) {
	h.t.Helper()
	if err := h.message.OnIncoming(context.Background(), message.Incoming{Route: "post", From: from, To: "10690001" + extension, Text: text}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) receipt(id string, s message.ReceiptState) {
	h.t.Helper()
	code := map[message.ReceiptState]string{message.ReceiptDelivered: "DELIVRD", message.ReceiptFailed: "UNDELIV 001", message.ReceiptUnknown: "UNKNOWN"}[s]
	if err := h.message.OnReceipt(context.Background(), "post", message.Receipt{ProviderID: id, State: s, Code: code, At: h.clock.Now()}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) inbox(tab string) []message.Reply {
	h.t.Helper()
	page, err := h.message.Inbox(h.ctx, message.InboxFilter{Tab: tab})
	if err != nil {
		h.t.Fatal(err)
	}
	return page.Items
}

// member signs somebody in with permissions, a reach over own patients, and room rights.
func (h *house) member(id int64, reach string, perms ...access.Permission) context.Context {
	return access.With(context.Background(), access.Person(id, "员工", perms, access.Build(access.Grant{Reach: reach, StaffID: id, Unassigned: reach == "all"})))
}

// post is a provider in the test's hand.
type post struct {
	mu      sync.Mutex
	sent    []message.Outgoing
	ids     int
	respond func(message.Outgoing) (message.Accepted, error) // nil = accept
}

func (p *post) Name() string    { return "post" }
func (p *post) Channel() string { return "sms" }
func (p *post) Ability() message.Ability {
	return message.Ability{FreeText: true, Receipts: true, Replies: true}
}

// Send gives ids "p1", "p2" …, one per part.
func (p *post) Send(_ context.Context, m message.Outgoing) (message.Accepted, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, m)
	if p.respond != nil {
		if a, err := p.respond(m); a.ProviderIDs != nil || err != nil {
			return a, err
		}
	}
	var a message.Accepted
	for range message.Segment(m.Text).Parts {
		p.ids++
		a.ProviderIDs = append(a.ProviderIDs, fmt.Sprintf("p%d", p.ids))
	}
	return a, nil
}
