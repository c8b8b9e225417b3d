package visit

import (
	"context"
	"fmt"
	"testing"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/event"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
	"renxin/internal/staff"
)

type house struct {
	*Service
	t     testing.TB
	ctx   context.Context
	clock *clock.Fake
	facts []string // wire names in order
}

func openHouse(t testing.TB) *house {
	t.Helper()
	d, c := dbtest.New(t)
	b, l := event.NewBoard(d), trail.New(d)
	se := setting.New(setting.Deps{DB: d, Board: b, Trail: l})
	st := staff.New(staff.Deps{DB: d, Board: b, Trail: l, Setting: se})
	pa := patient.New(patient.Deps{DB: d, Board: b, Trail: l, Setting: se})
	h := &house{Service: New(Deps{DB: d, Board: b, Trail: l, Staff: st, Patient: pa}), t: t, clock: c, ctx: access.AsSystem(context.Background(), "test")}
	hear[Opened](h)
	hear[Changed](h)
	hear[Discharged](h)
	hear[DischargeCancelled](h)
	hear[Cancelled](h)
	hear[Diagnosed](h)
	hear[Operated](h)
	hear[Charged](h)
	hear[Reported](h)
	return h
}

func hear[F event.Fact](h *house) {
	event.On(h.Board, "test.on_"+(*new(F)).FactName(), func(_ context.Context, f F) error {
		h.facts = append(h.facts, f.FactName())
		return nil
	})
}

// told gives the facts since the last call.
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

func (h *house) person(n int) patient.ID {
	h.t.Helper()
	id, err := h.Patient.Create(h.ctx, patient.Draft{Name: fmt.Sprintf("患者%d", n), Sex: "male", BirthDate: "1970-01-02"})
	h.must(err)
	return id
}

func (h *house) count(q string, args ...any) int {
	h.t.Helper()
	n, err := db.One[int](h.ctx, h.DB.Read(h.ctx), q, args...)
	h.must(err)
	return n
}
