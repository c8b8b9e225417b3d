package profile

import (
	"context"
	"fmt"
	"testing"
	"time"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
)

type house struct {
	*Service
	t     *testing.T
	ctx   context.Context
	clock *clock.Fake
	facts []string
}

func open(t *testing.T) *house {
	t.Helper()
	d, c := dbtest.New(t)
	b, l := event.NewBoard(d), trail.New(d)
	se := setting.New(setting.Deps{DB: d, Board: b, Trail: l})
	pa := patient.New(patient.Deps{DB: d, Board: b, Trail: l, Setting: se})
	h := &house{Service: New(Deps{DB: d, Board: b, Jobs: job.New(d), Trail: l, Patient: pa}), t: t, clock: c, ctx: access.AsSystem(context.Background(), "test")}
	event.On(b, "test.on_expired", func(_ context.Context, f MembershipExpired) error {
		h.facts = append(h.facts, f.FactName()+" "+f.Type)
		return nil
	})
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) person(name string) patient.ID {
	h.t.Helper()
	id, err := h.Patient.Create(h.ctx, patient.Draft{Name: name, Sex: "female", BirthDate: "1970-01-02"})
	h.must(err)
	return id
}

// as gives a caller who sees every patient and may do just this.
func as(perms ...access.Permission) context.Context {
	return access.With(context.Background(), access.Person(7, "员工", perms, access.Build(access.Grant{Reach: "all", StaffID: 7, Unassigned: true})))
}

func TestPreferenceRules(t *testing.T) {
	today := clock.Date("2026-11-23")
	for _, c := range []struct {
		in   PreferenceInput
		want string // the wrong field
	}{
		{PreferenceInput{Kind: "call_hours", Value: "10:00-18:00"}, ""},
		{PreferenceInput{Kind: "call_hours", Value: "18:00-10:00"}, "value"},
		{PreferenceInput{Kind: "call_hours", Value: "25:00-26:00"}, "value"},
		{PreferenceInput{Kind: "language", Value: "cantonese"}, ""},
		{PreferenceInput{Kind: "language", Value: "klingon"}, "value"},
		{PreferenceInput{Kind: "allergy", Note: "青霉素"}, ""},
		{PreferenceInput{Kind: "allergy"}, "note"},
		{PreferenceInput{Kind: "mood", Severity: "loud"}, "severity"},
		{PreferenceInput{Kind: "wings"}, "kind"},
		{PreferenceInput{Kind: "pregnant", ValidUntil: "2026-11-22"}, "valid_until"},
		{PreferenceInput{Kind: "pregnant", ValidUntil: "2026-11-23"}, ""},
	} {
		var p Preference
		err := c.in.check(&p, today)
		got := ""
		if f, ok := err.(*fault.Error); ok && f != nil {
			got = f.Fields[0].Path
		}
		if got != c.want {
			t.Errorf("%+v: wrong field %q, want %q", c.in, got, c.want)
		}
	}
}

func TestHoursAreJudgedAtThisMoment(t *testing.T) {
	p := Preference{Kind: "call_hours", Value: "10:00-18:00"}
	for at, want := range map[string]bool{"09:59": true, "10:00": false, "17:59": false, "18:00": true} {
		if p.against(at) != want {
			t.Errorf("at %s: %v", at, !want)
		}
	}
}

func TestPreferencesStandWithTheirDaysLoudestFirst(t *testing.T) {
	h := open(t)
	p := h.person("陈晓")
	for _, in := range []PreferenceInput{{Kind: "call_hours", Value: "10:00-18:00"}, {Kind: "language", Value: "cantonese", Severity: Note}, {Kind: "allergy", Note: "青霉素"}, {Kind: "pregnant", ValidUntil: "2026-11-23"}} {
		_, err := h.AddPreference(h.ctx, p, in)
		h.must(err)
	}
	got, err := h.Preferences(h.ctx, p)
	h.must(err)
	if len(got) != 4 || got[0].Kind != "allergy" || got[3].Kind != "language" {
		t.Fatalf("%+v", got)
	}
	for _, x := range got { // the test's clock stands at 07:00
		if x.Against != (x.Kind == "call_hours") {
			t.Errorf("%s against: %v", x.Kind, x.Against)
		}
	}
	blind, err := h.Preferences(as(PermRead), p)
	h.must(err)
	if !blind[0].Hidden || blind[0].Note != "" || blind[0].Kind != "allergy" {
		t.Errorf("without the right to clinical text the allergy must show as hidden: %+v", blind[0])
	}
	if _, err := h.AddPreference(as(PermRead), p, PreferenceInput{Kind: "mood"}); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
	h.must(h.EndPreference(h.ctx, p, got[0].ID))
	h.clock.Advance(24 * time.Hour)
	if got, _ = h.Preferences(h.ctx, p); len(got) != 2 {
		t.Errorf("one ended, one is past its day: %+v", got)
	}
	all, _ := preferencesOf(h.ctx, h.DB.Read(h.ctx), p)
	var lang Preference
	for _, x := range all {
		if x.Kind == "language" {
			lang = x
		}
	}
	in := PreferenceInput{Kind: "language", Value: "mandarin", Version: lang.Version}
	h.must(h.UpdatePreference(h.ctx, p, lang.ID, in))
	if err := h.UpdatePreference(h.ctx, p, lang.ID, in); !fault.Is(err, fault.Conflict) {
		t.Error("a stale change must be refused", err)
	}
}

func TestPT09_MembershipIsOverTheDayAfterItsLast(t *testing.T) {
	h := open(t)
	p, other := h.person("陈晓"), h.person("王丽")
	id, err := h.AddMembership(h.ctx, p, MembershipInput{Type: "gold", Number: "G001", ValidFrom: "2026-01-01", ValidTo: "2026-11-23", Benefits: "挂号费减免"})
	h.must(err)
	_, err = h.AddMembership(h.ctx, other, MembershipInput{Type: "gold", Number: "G001", ValidFrom: "2026-06-01"})
	if fault.KeyOf(err) != "profile.membership.taken" {
		t.Fatal("one card has one holder at a time", err)
	}
	_, err = h.AddMembership(h.ctx, other, MembershipInput{Type: "gold", Number: "G001", ValidFrom: "2026-11-24"})
	h.must(err)
	state := func(p patient.ID) string {
		m, err := h.Memberships(h.ctx, p)
		h.must(err)
		return m[0].State
	}
	tell := func() string {
		h.facts = nil
		h.must(h.Expire(h.ctx))
		_, err := h.Board.Drain(h.ctx)
		h.must(err)
		return fmt.Sprint(h.facts)
	}
	if s := state(p); s != "current" {
		t.Error("on its last day it is", s)
	}
	if got := tell(); got != "[]" {
		t.Error("told on the last day already", got)
	}
	h.clock.Advance(17 * time.Hour) // 00:00 of the 24th
	if state(p) != "expired" || state(other) != "current" {
		t.Error(state(p), state(other))
	}
	if got := tell(); got != "[profile.membership_expired gold]" {
		t.Error(got)
	}
	if got := tell(); got != "[]" {
		t.Error("told twice", got)
	}
	m, err := h.Memberships(h.ctx, p)
	h.must(err)
	h.must(h.UpdateMembership(h.ctx, p, id, MembershipInput{Type: "gold", Number: "G0010", ValidFrom: "2026-01-01", ValidTo: "2026-11-24", Version: m[0].Version}))
	if state(p) != "current" {
		t.Error("an extended membership holds at once")
	}
	h.clock.Advance(24 * time.Hour)
	if got := tell(); got != "[profile.membership_expired gold]" {
		t.Error("the end after an extension is told again", got)
	}
}

func TestMembershipNeedsTheRightAndThePatient(t *testing.T) {
	h := open(t)
	p := h.person("陈晓")
	in := MembershipInput{Type: "gold", Number: "G001"}
	if _, err := h.AddMembership(as(PermMembers), p, in); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
	nobody := access.With(context.Background(), access.Person(7, "员工", Permissions, access.Build(access.Grant{Reach: "own", StaffID: 7})))
	if _, err := h.AddMembership(nobody, p, in); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	if _, err := h.Memberships(nobody, p); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	for _, bad := range []MembershipInput{{Type: "x", Number: "1"}, {Type: "gold"}, {Type: "gold", Number: "1", ValidFrom: "2026-02-30"}, {Type: "gold", Number: "1", ValidFrom: "2026-02-02", ValidTo: "2026-02-01"}} {
		if _, err := h.AddMembership(h.ctx, p, bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}
