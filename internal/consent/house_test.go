package consent_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"renxin/internal/consent"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/event"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
)

// house is the rooms up to this one on a real database, at 10:00 of the storyline's Monday.
type house struct {
	t       *testing.T
	ctx     context.Context
	db      *db.DB
	clock   *clock.Fake
	setting *setting.Service
	patient *patient.Service
	consent *consent.Service
}

func open(t *testing.T) *house {
	t.Helper()
	d, clk := dbtest.New(t)
	clk.Advance(3 * time.Hour)
	b, log := event.NewBoard(d), trail.New(d)
	h := &house{t: t, db: d, clock: clk, ctx: access.AsSystem(context.Background(), "test")}
	h.setting = setting.New(setting.Deps{DB: d, Board: b, Trail: log})
	h.patient = patient.New(patient.Deps{DB: d, Board: b, Trail: log, Setting: h.setting})
	h.consent = consent.New(consent.Deps{DB: d, Board: b, Trail: log, Setting: h.setting, Patient: h.patient})
	return h
}

func (h *house) person(n int) patient.ID {
	h.t.Helper()
	id, err := h.patient.Create(h.ctx, patient.Draft{Name: fmt.Sprintf("患者%d", n), Sex: "female", BirthDate: "1980-05-06",
		Contacts: []patient.ContactInput{{System: "mobile", Value: fmt.Sprintf("154%08d", 12340000+n), Owner: "self"}}})
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

func (h *house) reserve(p patient.ID, purpose string, change ...func(*consent.Request)) consent.Decision {
	h.t.Helper()
	r := consent.Request{PatientID: p, Channel: "sms", Purpose: purpose}
	for _, f := range change {
		f(&r)
	}
	d, err := h.consent.Reserve(h.ctx, r)
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) set(key, value string) {
	h.t.Helper()
	h.must(h.setting.Set(h.ctx, setting.Update{Key: key, Value: value}))
}

func urgent(r *consent.Request)          { r.Urgent = true }
func by(c string) func(*consent.Request) { return func(r *consent.Request) { r.Channel = c } }
