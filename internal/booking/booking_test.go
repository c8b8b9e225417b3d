package booking

import (
	"context"
	"fmt"
	"testing"
	"time"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
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
	facts []string
}

func openHouse(t testing.TB) *house {
	t.Helper()
	d, c := dbtest.New(t)
	b, l := event.NewBoard(d), trail.New(d)
	se := setting.New(setting.Deps{DB: d, Board: b, Trail: l})
	st := staff.New(staff.Deps{DB: d, Board: b, Trail: l, Setting: se})
	pa := patient.New(patient.Deps{DB: d, Board: b, Trail: l, Setting: se})
	vi := visit.New(visit.Deps{DB: d, Board: b, Trail: l, Staff: st, Patient: pa})
	h := &house{Service: New(Deps{DB: d, Board: b, Staff: st, Patient: pa, Visit: vi}), t: t, clock: c, ctx: access.AsSystem(context.Background(), "test")}
	hear[Booked](h)
	hear[Moved](h)
	hear[Cancelled](h)
	hear[Missed](h)
	hear[Arrived](h)
	return h
}

func hear[F event.Fact](h *house) {
	event.On(h.Board, "test.on_"+(*new(F)).FactName(), func(_ context.Context, f F) error {
		h.facts = append(h.facts, f.FactName())
		return nil
	})
}

func (h *house) told() string {
	h.t.Helper()
	h.facts = nil
	_, err := h.Board.Drain(h.ctx)
	h.must(err)
	return fmt.Sprint(h.facts)
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) person() patient.ID {
	h.t.Helper()
	id, err := h.Patient.Create(h.ctx, patient.Draft{Name: "王芳", Sex: "female"})
	h.must(err)
	return id
}

func TestCB04_AppointmentAsTheHISTellsIt(t *testing.T) {
	h := openHouse(t)
	p := h.person()
	said := h.clock.Now()
	at := h.clock.On("2026-11-25", 9, 0)
	word := func(minutes int, s State, starts clock.Instant) AppointmentInput {
		return AppointmentInput{Issuer: "HIS", Number: "AP1", State: s, StartsAt: starts, DepartmentCode: "FK", DepartmentName: "妇科", ToldAt: said.Add(time.Duration(minutes) * time.Minute)}
	}
	for _, w := range []struct {
		name  string
		in    AppointmentInput
		want  visit.Change
		facts string
		state State
	}{
		{"booked", word(0, StateBooked, at), visit.Created, "[booking.booked]", StateBooked},
		{"told again", word(0, StateBooked, at), visit.Unchanged, "[]", StateBooked},
		{"moved", word(5, StateBooked, at.Add(time.Hour)), visit.Updated, "[booking.moved]", StateBooked},
		{"the old time arrives late", word(0, StateBooked, at), visit.Unchanged, "[]", StateBooked},
		{"cancelled", word(10, StateCancelled, 0), visit.Updated, "[booking.cancelled]", StateCancelled},
		{"taken up again", word(15, StateBooked, at.Add(2*time.Hour)), visit.Updated, "[booking.booked]", StateBooked},
		{"missed", word(20, StateMissed, 0), visit.Updated, "[booking.missed]", StateMissed},
		{"missed, repeated", word(20, StateMissed, 0), visit.Unchanged, "[]", StateMissed},
	} {
		id, c, err := h.Upsert(h.ctx, p, w.in)
		h.must(err)
		a, err := h.Find(h.ctx, p, id)
		h.must(err)
		if facts := h.told(); c != w.want || facts != w.facts || a.State != w.state {
			t.Errorf("%s: %s %s %s", w.name, c, facts, a.State)
		}
	}
	n, err := db.One[int](h.ctx, h.DB.Read(h.ctx), `select count(*) from booking_change where patient_id = $1`, p)
	h.must(err)
	if n != 5 {
		t.Error("every change has its line of history", n)
	}
	if _, _, err := h.Upsert(h.ctx, p, AppointmentInput{Issuer: "HIS", Number: "AP2"}); !fault.Is(err, fault.Invalid) {
		t.Error("a booking without a time", err)
	}
}

func TestPT22_VisitClosesItsBooking(t *testing.T) {
	h := openHouse(t)
	p, other := h.person(), h.person()
	book := func(p patient.ID, number, department string, hour int) AppointmentID {
		id, _, err := h.Upsert(h.ctx, p, AppointmentInput{Issuer: "HIS", Number: number, DepartmentCode: department, StartsAt: h.clock.On("2026-11-23", hour, 0)})
		h.must(err)
		return id
	}
	eye, gyn, gynLate := book(p, "A1", "YK", 9), book(p, "A2", "FK", 10), book(p, "A3", "FK", 15)
	theirs := book(other, "A4", "FK", 10)
	h.told()
	for range 2 { // told twice, closed once
		_, _, err := h.Visit.UpsertEncounter(h.ctx, p, visit.EncounterInput{Issuer: "HIS", Number: "MZ1", Class: "AMB", DepartmentCode: "FK", StartedAt: h.clock.On("2026-11-23", 9, 40)})
		h.must(err)
		h.must(func() error { _, err := h.Board.Drain(h.ctx); return err }())
	}
	for id, want := range map[AppointmentID]State{eye: StateBooked, gyn: StateArrived, gynLate: StateBooked} {
		a, err := h.Find(h.ctx, p, id)
		h.must(err)
		if a.State != want {
			t.Errorf("%s is %s, want %s", a.Number, a.State, want)
		}
	}
	if a, err := h.Find(h.ctx, other, theirs); err != nil || a.State != StateBooked {
		t.Error("somebody else's booking", a.State, err)
	}
	_, c, err := h.Upsert(h.ctx, p, AppointmentInput{Issuer: "HIS", Number: "A2", StartsAt: h.clock.On("2026-11-23", 10, 0), ToldAt: h.clock.Now().Add(time.Hour)})
	h.must(err)
	if a, _ := h.Find(h.ctx, p, gyn); a.State != StateArrived || c != visit.Unchanged {
		t.Error("a repetition of the booking must not undo the arrival", a.State, c)
	}
	page, err := h.List(h.ctx, p, "", 2)
	h.must(err)
	rest, err := h.List(h.ctx, p, page.Next, 2)
	h.must(err)
	if len(page.Items) != 2 || len(rest.Items) != 1 || page.Items[0].ID != gynLate || rest.Items[0].ID != eye || page.Total.Value != 3 {
		t.Error(len(page.Items), len(rest.Items))
	}
}
