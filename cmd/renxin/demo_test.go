package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"renxin/cmd/renxin/house"
	"renxin/internal/adapter/hl7"
	"renxin/internal/demo"
	"renxin/internal/followup"
	"renxin/internal/intake"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/fault"
)

const demoDay = clock.Date("2026-11-23")

// demoHouse is a house with the demo hospital of n patients in it, 李秀英 still in bed.
func demoHouse(t *testing.T, n int, feed bool) (context.Context, *house.House, demo.Options, demo.Result) {
	t.Helper()
	d, _ := dbtest.New(t)
	h := house.New(house.Options{DB: d})
	ctx := access.AsSystem(context.Background(), "test")
	if err := h.Prepare(ctx); err != nil {
		t.Fatal(err)
	}
	o := demo.Options{Seed: 1, Patients: n, Interactions: n * 12, Today: demoDay, Years: 3, InBed: true}
	l := loader(h, feed, nil)
	if err := l.Load(ctx, o); err != nil {
		t.Fatal(err)
	}
	return ctx, h, o, l.Result
}

func find(t *testing.T, ctx context.Context, h *house.House, text string) []patient.Entry {
	t.Helper()
	page, err := h.Patient.List(ctx, patient.Filter{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return page.Items
}

func TestDemoHospitalGoesThroughTheRooms(t *testing.T) {
	ctx, h, o, result := demoHouse(t, 200, true)
	if n := result.Feed; n.Sum() < 150 || n.Rejected > 0 || n.Review > n.Sum()/20 {
		t.Errorf("the feed's verdicts: %+v", n)
	}
	if rows := find(t, ctx, h, "张伟"); len(rows) < 2 {
		t.Errorf("%d records of 张伟, want both", len(rows))
	}
	chen := find(t, ctx, h, "陈丽")
	if len(chen) == 0 {
		t.Fatal("陈丽 is missing")
	}
	next, err := h.Followup.NextFor(ctx, []patient.ID{chen[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	plans, err := followup.CountAll(ctx, h.DB)
	if err != nil || plans.Plans < 5 || plans.Open == 0 {
		t.Errorf("plans and tasks: %+v (%v)", plans, err)
	}
	if _, ok := next[chen[0].ID]; !ok {
		t.Log("nothing of 陈丽 is due yet")
	}
	nurse, err := h.Staff.ByLogin(ctx, "linjing")
	if err != nil {
		t.Fatal(err)
	}
	caller, _, err := h.Staff.Caller(ctx, nurse.ID)
	if err != nil {
		t.Fatal(err)
	}
	list, err := h.Patient.List(access.With(ctx, caller), patient.Filter{})
	if err != nil || len(list.Items) == 0 {
		t.Errorf("林静 sees %d patients (%v)", len(list.Items), err)
	}
	if err := loader(h, true, nil).Load(ctx, o); fault.KeyOf(err) != "demo.load.not_empty" {
		t.Errorf("a full database is not refused: %v", err)
	}
}

func TestDemoHospitalInBulkHoldsEveryInteraction(t *testing.T) {
	ctx, h, o, _ := demoHouse(t, 200, false)
	var want struct{ visits, fen, tasks, messages int64 }
	for p := range demo.New(o).Persons() {
		want.visits += int64(len(p.Visits))
		want.tasks += int64(len(p.Tasks))
		want.messages += int64(len(p.Messages))
	}
	visits, err := h.Visit.Count(ctx, 0)
	if err != nil || visits.Encounters != want.visits {
		t.Errorf("%d encounters, want %d (%v)", visits.Encounters, want.visits, err)
	}
	tasks, err := followup.CountAll(ctx, h.DB)
	if err != nil || tasks.Tasks != want.tasks {
		t.Errorf("%d tasks, want %d (%v)", tasks.Tasks, want.tasks, err)
	}
	totals, err := h.Message.Totals(ctx)
	if err != nil || int64(totals.Sent) > want.messages || totals.Sent == 0 {
		t.Errorf("%+v of %d messages (%v)", totals, want.messages, err)
	}
}

func TestPT02_MorningBatchTwiceChangesNothing(t *testing.T) {
	ctx, h, o, _ := demoHouse(t, 200, true)
	var batch bytes.Buffer
	for _, r := range demo.New(o).Morning(60) {
		batch.Write(demo.HL7(r))
	}
	send := func() intake.Counts {
		run, err := h.Intake.Import(ctx, batch.Bytes(), intake.Options{Feed: demo.FeedName, Kind: intake.FeedCommand})
		if err != nil {
			t.Fatal(err)
		}
		return run.Counts
	}
	first := send()
	if first.Updated+first.New != 60-demo.Conflicts || first.Review != demo.Conflicts {
		t.Errorf("first time: %+v, want 57 applied and 3 for review", first)
	}
	before, err := h.Visit.Count(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	second := send()
	after, err := h.Visit.Count(ctx, 0)
	if err != nil || second.New+second.Updated > 0 || before != after {
		t.Errorf("second time: %+v, %+v before, %+v after (%v)", second, before, after, err)
	}
	li := find(t, ctx, h, "李秀英")
	visits, err := h.Visit.Encounters(ctx, li[0].ID, "", 10)
	if err != nil || len(visits.Items) != 1 || h.DB.Clock().Date(visits.Items[0].EndedAt) != demoDay {
		t.Errorf("李秀英 is not discharged today: %+v (%v)", visits.Items, err)
	}
}

// What the demo HIS puts on the wire is read back as the record it came from.
func TestDemoHL7IsReadBack(t *testing.T) {
	n := 0
	for p := range demo.New(demo.Options{Seed: 9, Patients: 100, Interactions: 1_200, Today: demoDay}).Persons() {
		for _, want := range demo.Records(p) {
			_, got := hl7.Read(demo.HL7(want), hl7.Options{})
			n++
			if len(got.Problems) > 0 || got.Event != want.Event || got.OccurredAt/1000 != want.OccurredAt/1000 || got.ControlID != want.ControlID {
				t.Fatalf("%s: %s at %s, problems %v", want.Type, got.Event, got.OccurredAt, got.Problems)
			}
			sameRecord(t, got, want)
		}
	}
	if n < 500 {
		t.Errorf("only %d messages", n)
	}
}

func sameRecord(t *testing.T, got, want intake.Record) {
	t.Helper()
	for _, f := range []struct {
		name     string
		got, has intake.Text
	}{
		{"name", got.Patient.Name, want.Patient.Name}, {"sex", got.Patient.Sex, want.Patient.Sex}, {"birth date", got.Patient.BirthDate, want.Patient.BirthDate},
		{"address", got.Patient.Address, want.Patient.Address}, {"region", got.Patient.RegionCode, want.Patient.RegionCode}, {"marital", got.Patient.Marital, want.Patient.Marital},
	} {
		if f.has != nil && (f.got == nil || *f.got != *f.has) {
			t.Fatalf("%s: %s was lost", want.Type, f.name)
		}
	}
	if len(got.Patient.Identifiers) != len(want.Patient.Identifiers) || len(got.Patient.Telecoms) != len(want.Patient.Telecoms) {
		t.Fatalf("%s: %d identifiers and %d numbers, want %d and %d", want.Type, len(got.Patient.Identifiers), len(got.Patient.Telecoms), len(want.Patient.Identifiers), len(want.Patient.Telecoms))
	}
	if len(got.Conditions) != len(want.Conditions) || len(got.Procedures) != len(want.Procedures) || len(got.Reports) != len(want.Reports) || len(got.Charges) != len(want.Charges) {
		t.Fatalf("%s: diagnoses, operations, reports or charges were lost", want.Type)
	}
	var a, b int64
	for i := range want.Charges {
		a, b = a+got.Charges[i].AmountFen, b+want.Charges[i].AmountFen
	}
	if a != b {
		t.Fatalf("%s: charges sum to %d, want %d", want.Type, a, b)
	}
	if w := want.Encounter; w != nil && len(want.Charges)+len(want.Reports) == 0 {
		if g := got.Encounter; g == nil || g.Number != w.Number || g.Class != w.Class || g.DepartmentCode != w.DepartmentCode || g.Bed != w.Bed {
			t.Fatalf("%s: encounter %+v, want %+v", want.Type, got.Encounter, w)
		}
	}
	if w := want.Appointment; w != nil && (got.Appointment == nil || got.Appointment.Number != w.Number || got.Appointment.StartsAt/1000 != w.StartsAt/1000) {
		t.Fatalf("%s: appointment %+v, want %+v", want.Type, got.Appointment, w)
	}
}

func TestACommandsOwnFlagsFollowTheConfiguration(t *testing.T) {
	for _, c := range []struct {
		args []string
		data string
		rest string
	}{
		{[]string{"-data", "x", "--size", "L", "--seed", "7"}, "x", "--size L --seed 7"},
		{[]string{"--size=L"}, "data", "--size=L"},
		{[]string{"-data=x", "add", "name", "-role", "admin"}, "x", "add name -role admin"},
		{nil, "data", ""},
	} {
		conf, rest, err := parse("demo", c.args)
		if err != nil || conf["data"] != c.data || strings.Join(rest, " ") != c.rest {
			t.Errorf("%v: data %q, rest %q (%v)", c.args, conf["data"], rest, err)
		}
	}
	f, err := readDemoFlags("demo", []string{"--size", "L", "--patients", "2000"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if o, err := f.options(demoDay); err != nil || o.Patients != 2000 || o.Interactions != 20_000 || o.Years != 5 {
		t.Errorf("%+v (%v)", o, err)
	}
	if _, err := (demoFlags{size: "XL"}).options(demoDay); err == nil {
		t.Error("an unknown size is taken")
	}
}
