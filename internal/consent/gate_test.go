package consent_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"renxin/internal/consent"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/fault"
)

func TestSM28_WithoutARecord(t *testing.T) {
	h := open(t)
	p := h.person(1)
	for purpose, code := range map[string]string{consent.Care: "", consent.Notice: "", consent.Survey: consent.CodeNoConsent, consent.Promotion: consent.CodeNoConsent} {
		if d := h.reserve(p, purpose); d.Code != code || d.Allowed != (code == "") {
			t.Errorf("%s: %+v", purpose, d)
		}
	}
	h.set("consent.survey.without_record", "true")
	if d := h.reserve(p, consent.Survey); !d.Allowed {
		t.Errorf("survey with the setting on: %+v", d)
	}
}

func TestSM28_DecisionsAndChannels(t *testing.T) {
	h := open(t)
	p := h.person(1)
	decide := func(channel, decision string, purposes ...string) {
		t.Helper()
		h.must(h.consent.Decide(h.ctx, p, channel, purposes, decision, "desk", "form"))
	}
	decide(consent.Any, "granted", consent.Promotion)
	if d := h.reserve(p, consent.Promotion); !d.Allowed {
		t.Errorf("granted: %+v", d)
	}
	decide(consent.Any, "denied", consent.Promotion, consent.Survey)
	for _, c := range []string{"sms", "call", "wechat"} {
		if d := h.reserve(p, consent.Promotion, by(c)); d.Code != consent.CodeDenied {
			t.Errorf("promotion by %s after an opt-out: %+v", c, d)
		}
	}
	if d := h.reserve(p, consent.Care); !d.Allowed {
		t.Errorf("a wound-care reminder after an opt-out from promotion: %+v", d)
	}
	decide("wechat", "granted", consent.Promotion)
	if a, b := h.reserve(p, consent.Promotion, by("wechat")), h.reserve(p, consent.Promotion, by("sms")); !a.Allowed || b.Allowed {
		t.Errorf("one channel allowed again: %+v %+v", a, b)
	}
	decide("sms", "denied", consent.Care)
	if d := h.reserve(p, consent.Care, urgent); d.Code != consent.CodeDenied {
		t.Errorf("care withdrawn: %+v", d)
	}
	list, err := h.consent.List(h.ctx, p)
	if err != nil || len(list) < 5 || list[len(list)-1].SupersededAt == 0 {
		t.Errorf("the ledger keeps everything: %d records, %v", len(list), err)
	}
}

func TestSM02_HoursPerPurpose(t *testing.T) {
	h := open(t)
	p := h.person(1)
	h.must(h.consent.Decide(h.ctx, p, consent.Any, []string{consent.Promotion}, "granted", "desk", "form"))
	at := func(day, hour, minute int) clock.Instant {
		return h.clock.On(clock.Date("2026-11-23").Add(day), hour, minute)
	}
	for _, c := range []struct {
		now     clock.Instant
		purpose string
		want    clock.Instant // zero = at once
	}{
		{at(1, 7, 59), consent.Care, at(1, 8, 0)},
		{at(1, 8, 0), consent.Care, 0},
		{at(1, 20, 59), consent.Care, 0},
		{at(1, 21, 0), consent.Care, at(2, 8, 0)},
		{at(2, 8, 30), consent.Promotion, at(2, 9, 0)},
		{at(2, 20, 0), consent.Promotion, at(3, 9, 0)},
		{at(2, 23, 0), consent.Notice, at(3, 8, 0)},
	} {
		h.clock.Set(c.now.Time())
		d := h.reserve(p, c.purpose)
		if !d.Allowed || d.NotBefore != c.want {
			t.Errorf("%s at %v: %+v", c.purpose, h.clock.Local(c.now), d)
		}
		h.must(h.consent.Release(h.ctx, d.ReservationID))
	}
	if d := h.reserve(p, consent.Care, urgent); d.NotBefore != 0 {
		t.Errorf("urgent at night: %+v", d)
	}
	h.must(h.consent.Decide(h.ctx, p, consent.Any, []string{consent.Promotion}, "granted", "desk", "again"))
	if d := h.reserve(p, consent.Promotion, urgent); d.NotBefore == 0 {
		t.Errorf("promotion is never urgent: %+v", d)
	}
}

func TestSM02_WindowOverMidnight(t *testing.T) {
	h := open(t)
	p := h.person(1)
	h.set("consent.window.care_from", "20:00")
	h.set("consent.window.care_until", "02:00")
	if d := h.reserve(p, consent.Care); h.clock.Local(d.NotBefore).Hour() != 20 {
		t.Errorf("at ten: %+v", d)
	}
	h.clock.Advance(15 * time.Hour) // 01:00
	if d := h.reserve(p, consent.Care); d.NotBefore != 0 {
		t.Errorf("at one: %+v", d)
	}
}

func TestSM02_Caps(t *testing.T) {
	h := open(t)
	h.set("consent.cap.day", "3")
	p, q := h.person(1), h.person(2)
	h.must(h.consent.Decide(h.ctx, p, consent.Any, []string{consent.Promotion}, "granted", "desk", "form"))
	first := h.reserve(p, consent.Promotion)
	h.reserve(p, consent.Care)
	h.reserve(p, consent.Care, urgent) // counts under no cap
	h.reserve(p, consent.Care)
	if d := h.reserve(p, consent.Promotion); d.Code != consent.CodeCapDay || d.Allowed {
		t.Errorf("a fourth promotion: %+v", d)
	}
	if d := h.reserve(p, consent.Care); !d.Allowed || d.Code != consent.CodeCapDay || h.clock.Date(d.NotBefore) != "2026-11-24" {
		t.Errorf("a fourth care message moves to the next day: %+v", d)
	}
	if d := h.reserve(p, consent.Care, by("call")); d.NotBefore != 0 {
		t.Errorf("another channel: %+v", d)
	}
	if d := h.reserve(q, consent.Care); d.NotBefore != 0 {
		t.Errorf("another patient: %+v", d)
	}
	h.must(h.consent.Release(h.ctx, first.ReservationID))
	if d := h.reserve(p, consent.Promotion); !d.Allowed || d.NotBefore != 0 {
		t.Errorf("a released place is free again: %+v", d)
	}
	h.clock.Advance(2 * 24 * time.Hour)
	if d := h.reserve(p, consent.Promotion); !d.Allowed {
		t.Errorf("second promotion of the week: %+v", d)
	}
	h.clock.Advance(2 * 24 * time.Hour)
	if d := h.reserve(p, consent.Promotion); d.Code != consent.CodeCapWeek {
		t.Errorf("third promotion within seven days: %+v", d)
	}
	h.clock.Advance(3 * 24 * time.Hour)
	if d := h.reserve(p, consent.Promotion); !d.Allowed {
		t.Errorf("a week after the first: %+v", d)
	}
}

func TestSM02_OneBatchCountsAgainstItself(t *testing.T) {
	h := open(t)
	h.set("consent.cap.day", "2")
	p := h.person(1)
	list, err := h.consent.ReserveAll(h.ctx, []consent.Request{
		{PatientID: p, Channel: "sms", Purpose: consent.Care}, {PatientID: p, Channel: "sms", Purpose: consent.Care}, {PatientID: p, Channel: "sms", Purpose: consent.Care}})
	if err != nil || list[1].NotBefore != 0 || list[2].NotBefore == 0 {
		t.Errorf("%+v %v", list, err)
	}
}

func TestSM02_CapHoldsUnderConcurrency(t *testing.T) {
	h := open(t)
	h.set("consent.cap.day", "3")
	p := h.person(1)
	var mu sync.Mutex
	var all sync.WaitGroup
	now := 0
	for range 12 {
		all.Go(func() {
			d, err := h.consent.Reserve(h.ctx, consent.Request{PatientID: p, Channel: "sms", Purpose: consent.Care})
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if d.NotBefore == 0 {
				now++
			}
		})
	}
	all.Wait()
	if now != 3 {
		t.Errorf("%d contacts on a day with a cap of three", now)
	}
}

func TestSM02_RecheckAtSendTime(t *testing.T) {
	h := open(t)
	p, q := h.person(1), h.person(2)
	a, b := h.reserve(p, consent.Care), h.reserve(q, consent.Care)
	h.must(h.patient.MarkWrong(h.ctx, "15412340002", "told by phone"))
	held := []consent.Held{
		{Request: consent.Request{PatientID: p, Channel: "sms", Purpose: consent.Care, Address: "15412340001"}, ReservationID: a.ReservationID},
		{Request: consent.Request{PatientID: q, Channel: "sms", Purpose: consent.Care, Address: "15412340002"}, ReservationID: b.ReservationID},
	}
	list, err := h.consent.RecheckAll(h.ctx, held)
	if err != nil || !list[0].Allowed || list[0].NotBefore != 0 || list[1].Code != consent.CodeWrongNumber {
		t.Errorf("%+v %v", list, err)
	}
	h.set("consent.cap.day", "1")
	if list, err = h.consent.RecheckAll(h.ctx, held[:1]); err != nil || list[0].NotBefore != 0 {
		t.Errorf("its own place counts against itself: %+v %v", list, err)
	}
	h.clock.Advance(12 * time.Hour)
	if list, err = h.consent.RecheckAll(h.ctx, held[:1]); err != nil || list[0].NotBefore == 0 {
		t.Errorf("after hours: %+v %v", list, err)
	}
}

func TestSM28_BlocksOfTheHouse(t *testing.T) {
	h := open(t)
	p := h.person(1)
	h.must(h.consent.Decide(h.ctx, p, consent.Any, []string{consent.Promotion, consent.Survey}, "granted", "desk", "form"))
	h.must(h.consent.Block(h.ctx, p, "complaint", "complaint 12", h.clock.Now().Add(48*time.Hour)))
	h.must(h.consent.Block(h.ctx, p, "complaint", "complaint 12", h.clock.Now().Add(72*time.Hour)))
	if a, b := h.reserve(p, consent.Promotion), h.reserve(p, consent.Care); a.Code != consent.CodeBlocked || !b.Allowed {
		t.Errorf("with an open complaint: %+v %+v", a, b)
	}
	h.must(h.consent.Lift(h.ctx, p, "complaint", "complaint 12"))
	if d := h.reserve(p, consent.Promotion); !d.Allowed {
		t.Errorf("lifted: %+v", d)
	}
	h.must(h.consent.Block(h.ctx, p, "complaint", "complaint 13", h.clock.Now().Add(48*time.Hour)))
	h.clock.Advance(49 * time.Hour)
	if d := h.reserve(p, consent.Survey); !d.Allowed {
		t.Errorf("past its end: %+v", d)
	}
	h.must(h.consent.Block(h.ctx, p, "deceased", "family", 0))
	if d := h.reserve(p, consent.Care, urgent); d.Code != consent.CodeDeceased {
		t.Errorf("deceased: %+v", d)
	}
}

func TestPT16_MergeTakesTheStrictest(t *testing.T) {
	h := open(t)
	a, b := h.person(1), h.person(2)
	h.must(h.consent.Decide(h.ctx, a, consent.Any, []string{consent.Promotion}, "denied", "reply", "R"))
	h.clock.Advance(time.Minute)
	h.must(h.consent.Decide(h.ctx, b, consent.Any, []string{consent.Promotion}, "granted", "desk", "form"))
	for _, pair := range [][2]patient.ID{{b, a}} {
		if _, err := h.patient.Merge(h.ctx, pair[0], pair[1], "same person"); err != nil {
			t.Fatal(err)
		}
	}
	if d := h.reserve(b, consent.Promotion); d.Code != consent.CodeDenied {
		t.Errorf("a refusal of one record was lost: %+v", d)
	}
	h.must(h.consent.Decide(h.ctx, b, consent.Any, []string{consent.Promotion}, "granted", "desk", "asked again"))
	if d := h.reserve(b, consent.Promotion); !d.Allowed {
		t.Errorf("a newer word of the person: %+v", d)
	}
}

func TestSM28_NeedsPermissionAndScope(t *testing.T) {
	h := open(t)
	p := h.person(1)
	nobody := context.Background()
	if err := h.consent.OptOut(nobody, p, consent.Any, []string{consent.Promotion}, "x"); !fault.Is(err, fault.Unauthorized) {
		t.Errorf("%v", err)
	}
	stranger := access.With(nobody, access.Person(7, "员工", []access.Permission{consent.PermUpdate, consent.PermList}, access.Build(access.Grant{Reach: "own", StaffID: 7})))
	if err := h.consent.OptOut(stranger, p, consent.Any, []string{consent.Promotion}, "x"); !fault.Is(err, fault.NotFound) {
		t.Errorf("%v", err)
	}
	if _, err := h.consent.List(stranger, p); !fault.Is(err, fault.NotFound) {
		t.Errorf("%v", err)
	}
	err := h.consent.Decide(h.ctx, p, "pigeon", []string{"war"}, "maybe", "x", "x")
	if f, ok := err.(*fault.Error); !ok || len(f.Fields) != 3 {
		t.Errorf("%v", err)
	}
}
