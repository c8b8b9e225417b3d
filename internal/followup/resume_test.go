package followup

import (
	"testing"
	"time"

	"renxin/internal/booking"
	"renxin/internal/visit"
)

// A discharge that was entered by mistake, taken back and entered again must not cost the patient the call or the message that the
// mistake had cancelled.
func TestFU03_DischargeTakenBackAndGivenAgainKeepsEveryStep(t *testing.T) {
	h := openHouse(t)
	h.colleague("lin", "nurse", "")
	p := h.person(1)
	h.stay(p, "ZY1", "2026-11-14")
	h.clock.Set(h.clock.On("2026-11-23", 9, 0).Time())
	_, err := h.RunDue(h.ctx) // today's message waits in the outbox: nothing is drained
	h.must(err)
	word := func(at time.Duration) visit.EncounterInput {
		return visit.EncounterInput{Issuer: "HIS", Number: "ZY1", ToldAt: h.clock.On("2026-11-23", 9, 0).Add(at), StartedAt: h.clock.On("2026-11-14", 8, 0)}
	}
	_, err = h.Board.Drain(h.ctx)
	h.must(err)
	_, _, err = h.Visit.Cancel(h.ctx, p, word(time.Second))
	h.must(err)
	_, err = h.Board.Drain(h.ctx)
	h.must(err)
	if plan, _ := h.onlyPlan(p); plan.State != PlanExited {
		t.Fatal("the visit never was, so the plan ends", plan.State)
	}
	_, _, err = h.Visit.UpsertEncounter(h.ctx, p, word(2*time.Second))
	h.must(err)
	h.drain()
	_, err = h.RunDue(h.ctx)
	h.must(err)
	h.drain()
	if len(h.post.sent) != 1 {
		t.Errorf("%d messages left; the one that was taken back is still owed", len(h.post.sent))
	}
}

func TestFU03_CancelledCallComesBackWithItsDischarge(t *testing.T) {
	h := openHouse(t)
	nurse := h.colleague("lin", "nurse", "")
	h.activate("discharge") // a call on day 7
	p := h.person(1)
	word := func(at time.Duration) visit.EncounterInput {
		return visit.EncounterInput{Issuer: "HIS", Number: "ZY2", Class: "IMP", DepartmentCode: "FK", StartedAt: h.clock.On("2026-11-10", 8, 0),
			EndedAt: h.clock.On("2026-11-16", 9, 0), ToldAt: h.clock.On("2026-11-16", 9, 0).Add(at)}
	}
	_, _, err := h.Visit.Close(h.ctx, p, word(0))
	h.must(err)
	h.drain()
	h.at("2026-11-23", 9, 30)
	open := func() []Task { return append(h.tasks(ListDue), h.tasks(ListOverdue)...) }
	first := open()
	if len(first) != 1 || first[0].Kind != TaskCall {
		t.Fatalf("%+v", first)
	}
	back := word(time.Minute)
	back.EndedAt = 0
	_, _, err = h.Visit.Reopen(h.ctx, p, back)
	h.must(err)
	h.drain()
	if n := len(open()); n != 0 {
		t.Fatal(n, "calls after a discharge that was none")
	}
	_, _, err = h.Visit.Close(h.ctx, p, word(2*time.Minute))
	h.must(err)
	h.drain()
	_, err = h.RunDue(h.ctx)
	h.must(err)
	again := open()
	if len(again) != 1 || again[0].ID != first[0].ID || again[0].OwnerID != nurse {
		t.Fatalf("the call must stand on the worklist again: %+v", again)
	}
}

// An appointment cancelled and taken up again at the same time is reminded of once.
func TestSM20_ReminderOfAnAppointmentTakenUpAgain(t *testing.T) {
	h := openHouse(t)
	p := h.person(1)
	at := h.clock.On("2026-11-25", 10, 0)
	tell := func(state booking.State) {
		h.clock.Advance(time.Second)
		_, _, err := h.Booking.Upsert(h.ctx, p, booking.AppointmentInput{Issuer: "HIS", Number: "A1", State: state, DepartmentCode: "FK", StartsAt: at})
		h.must(err)
		_, err = h.Board.Drain(h.ctx)
		h.must(err)
		_, err = h.RunReminders(h.ctx)
		h.must(err)
	}
	tell(booking.StateBooked)
	h.clock.Set(h.clock.On("2026-11-24", 10, 30).Time())
	_, err := h.RunReminders(h.ctx) // it waits in the outbox
	h.must(err)
	tell(booking.StateCancelled)
	tell(booking.StateBooked)
	h.drain()
	if len(h.post.sent) != 1 {
		t.Fatal(len(h.post.sent), "reminders")
	}
	tell(booking.StateCancelled)
	tell(booking.StateBooked)
	h.drain()
	if len(h.post.sent) != 1 {
		t.Error("it has reached the patient already", len(h.post.sent))
	}
}
