package intake_test

import (
	"context"
	"testing"
	"time"

	"renxin/internal/adapter/sheet"
	"renxin/internal/intake"
)

// breaking reads tables and calls at when the n-th record is drawn.
type breaking struct {
	n  int
	at func()
}

func (b *breaking) Open(raw []byte, o intake.ReadOptions) (intake.Reading, error) {
	reading, err := sheet.Reader{}.Open(raw, o)
	records := reading.Records
	reading.Records = func(yield func(intake.Record) bool) {
		i := 0
		for r := range records {
			if i++; i == b.n {
				b.at()
			}
			if !yield(r) {
				return
			}
		}
	}
	return reading, err
}

// A program that stops in the middle of an import takes it up after its last committed chunk: nothing twice, nothing lost.
func TestIN05_ImportGoesOnAfterARestart(t *testing.T) {
	h := newHouse(t)
	u, _ := h.upload(crowd(450))
	run, err := h.Apply(h.ctx, u.ID, intake.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(h.ctx)
	b := &breaking{n: 250, at: cancel}
	h.Readers["table"] = b
	h.jobs.Drain(ctx) // ends with the cancelled context
	half, err := h.Run(h.ctx, run.ID)
	if err != nil || half.State != intake.RunRunning || half.Done != 200 || h.persons() != 200 {
		t.Fatalf("%+v %v, %d persons", half, err, h.persons())
	}
	b.at = func() {}
	h.clock.Advance(time.Hour) // whoever held the job is gone
	if _, err := h.jobs.Drain(h.ctx); err != nil {
		t.Fatal(err)
	}
	done, err := h.Run(h.ctx, run.ID)
	if err != nil || done.State != intake.RunDone || done.Done != 450 || done.Counts != (intake.Counts{New: 450}) || h.persons() != 450 {
		t.Errorf("%+v %v, %d persons", done, err, h.persons())
	}
}

func TestPT02_FeedHealth(t *testing.T) {
	h := newHouse(t)
	state := func() intake.Feed {
		t.Helper()
		feeds, err := h.Feeds(h.ctx)
		if err != nil || len(feeds) != 1 {
			t.Fatal(feeds, err)
		}
		return feeds[0]
	}
	h.take(message("ADT^A31", "20261123065900", pidOf("1", "王丽华"))) // the clock stands at 07:00
	if f := state(); f.State != "ok" || f.LagMs != 60_000 || f.New != 1 || f.LastRunAt != h.clock.Now() {
		t.Errorf("%+v", f)
	}
	h.take(message("ADT^A31", "20261123065930", "PID|1||||王丽华\n"))
	if f := state(); f.State != "error" || f.LastError != "intake.record.no_patient" || f.Rejected != 1 {
		t.Errorf("%+v", f)
	}
	h.take(message("ADT^A31", "20261123065940", pidOf("2", "赵国强")))
	if f := state(); f.State != "ok" || f.Rejected != 1 {
		t.Errorf("%+v", f)
	}
	h.clock.Advance(31 * time.Minute)
	if f := state(); f.State != "late" {
		t.Errorf("after half an hour of silence: %+v", f)
	}
	if _, err := h.Repair(h.ctx, h.open(intake.Rejected)[0].ID, map[string]string{"patient.other": "3"}); err != nil {
		t.Fatal(err)
	}
	if f := state(); f.Rejected != 0 {
		t.Errorf("a repaired record still counts as rejected: %+v", f)
	}
}

// What was received is emptied after the agreed time; what became of it stays, and open records stay whole.
func TestPT02_OldTextIsForgotten(t *testing.T) {
	h := newHouse(t)
	h.take(message("ADT^A31", "20261123065900", pidOf("1", "王丽华")))
	h.take(message("ADT^A31", "20261123065930", "PID|1||||王丽华\n"))
	h.clock.Advance(181 * 24 * time.Hour)
	if err := h.jobs.Tick(h.ctx, "intake.prune"); err != nil {
		t.Fatal(err)
	}
	for _, m := range h.open("") {
		d, err := h.Reveal(h.ctx, m.ID, "test of reading")
		if err != nil || (d.Text == "") != (m.Verdict == intake.Added) {
			t.Errorf("%s: %d bytes, %v", m.Verdict, len(d.Text), err)
		}
	}
	if n := len(h.open("")); n != 2 {
		t.Errorf("%d records", n)
	}
}
