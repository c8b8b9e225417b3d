package intake_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"renxin/internal/adapter/hl7"
	"renxin/internal/intake"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
)

// admit is an admission; number "" makes one that is rejected, for nobody can be told.
func admit(control int, number, name, when string) []byte {
	return []byte(fmt.Sprintf("MSH|^~\\&|HIS|H|||%s||ADT^A04|%d|P|2.5\rEVN|A04|%s\rPID|||%s||%s||19900305|F\rPV1||O|||||||||||||||||V%d|||||||||||||||||||||||||%s\r", when, control, when, number, name, control, when))
}

func (h *house) send(raw []byte) (intake.Outcome, error) {
	_, r := hl7.Read(raw, hl7.Options{})
	return h.Receive(h.ctx, intake.Live{Feed: "HL7 HIS", Address: "10.0.0.9", Charset: "UTF-8", Record: r})
}

func (h *house) openRecords(v intake.Verdict) []intake.Message {
	h.t.Helper()
	page, err := h.Records(h.ctx, intake.RecordFilter{Verdict: v})
	if err != nil {
		h.t.Fatal(err)
	}
	return page.Items
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func TestPT02_ARejectedMessageIsMendedAndRunAlone(t *testing.T) {
	h := newHouse(t)
	raw := admit(1, "", "", "20261120080000")
	if o, err := h.send(raw); err != nil || o.Verdict != intake.Rejected {
		t.Fatal(o, err)
	}
	id := h.openRecords(intake.Rejected)[0].ID
	d, err := h.Record(h.ctx, id)
	h.must(err)
	if len(d.Parts) == 0 || d.Text != "" {
		t.Fatalf("%d parts, text %q", len(d.Parts), d.Text)
	}
	for _, p := range d.Parts {
		if strings.Contains(p.Place, "PID-7") && (p.Value != "" || !p.Hidden) {
			t.Errorf("a masked record shows %s = %q", p.Place, p.Value)
		}
	}
	if _, err := h.Mend(h.ctx, id, map[string]string{"9/PID-3": "x"}); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("a place that is not there: %v", err)
	}
	if m, err := h.Mend(h.ctx, id, map[string]string{"3/PID-5": "王^丽"}); err != nil || m.Verdict == intake.Added {
		t.Errorf("a name alone tells nobody apart: %s %v", m.Verdict, err)
	}
	m, err := h.Mend(h.ctx, id, map[string]string{"3/PID-3": "Z1^^^HIS^MR"})
	h.must(err)
	if m.Verdict != intake.Added || m.PatientID == 0 {
		t.Errorf("mended: %s %s", m.Verdict, m.Code)
	}
	after, err := h.Reveal(h.ctx, id, "核对")
	h.must(err)
	if after.Raw != string(raw) {
		t.Errorf("what was received changed: %q", after.Raw)
	}
	if _, err := h.Mend(h.ctx, id, map[string]string{"3/PID-5": "李^四"}); fault.KeyOf(err) != "intake.record.settled" {
		t.Errorf("a settled record was mended: %v", err)
	}
}

func TestPT02_DiscardNeedsAReasonAndSettles(t *testing.T) {
	h := newHouse(t)
	if _, err := h.send(admit(1, "", "", "20261120080000")); err != nil {
		t.Fatal(err)
	}
	id := h.openRecords(intake.Rejected)[0].ID
	for _, reason := range []string{"", "  ", strings.Repeat("长", 201)} {
		if err := h.Discard(h.ctx, id, reason); fault.KeyOf(err) != "intake.record.no_reason" {
			t.Errorf("%.10q: %v", reason, err)
		}
	}
	h.must(h.Discard(h.ctx, id, "测试消息"))
	if err := h.Discard(h.ctx, id, "又一次"); fault.KeyOf(err) != "intake.record.settled" {
		t.Error(err)
	}
	if n := len(h.openRecords(intake.Rejected)); n != 0 {
		t.Errorf("%d open after it was put aside", n)
	}
	f := h.theFeed()
	if f.Discarded != 1 || f.Rejected != 0 {
		t.Errorf("feed: %+v", f)
	}
}

func (h *house) theFeed() intake.Feed {
	h.t.Helper()
	feeds, err := h.Feeds(h.ctx)
	if err != nil || len(feeds) != 1 {
		h.t.Fatal(feeds, err)
	}
	return feeds[0]
}

func TestPT02_ManyAreReplayedOrDiscardedByFilter(t *testing.T) {
	h := newHouse(t)
	for i := range 30 {
		if _, err := h.send(admit(i, "", "", "20261120080000")); err != nil {
			t.Fatal(err)
		}
	}
	code := h.openRecords(intake.Rejected)[0].Code
	list, err := h.Reasons(h.ctx, intake.RecordFilter{Verdict: intake.Rejected})
	if h.must(err); len(list) != 1 || list[0].N != 30 || list[0].Code != code {
		t.Fatalf("%+v", list)
	}
	attempts := func() (n int) {
		for _, m := range h.openRecords(intake.Rejected) {
			n += m.Attempts
		}
		return n
	}
	sweep := func(w intake.Sweep) {
		t.Helper()
		_, err := h.Sweep(h.ctx, w)
		h.must(err)
		_, err = h.jobs.Drain(h.ctx)
		h.must(err)
	}
	sweep(intake.Sweep{Filter: intake.RecordFilter{Verdict: intake.Rejected, Code: "intake.record.bad_merge"}})
	if n := attempts(); n != 30 {
		t.Errorf("another reason's filter tried %d times, want 30", n)
	}
	sweep(intake.Sweep{Filter: intake.RecordFilter{Verdict: intake.Rejected, Code: code}})
	if n := attempts(); n != 60 {
		t.Errorf("all were tried %d times, want 60", n)
	}
	if _, err := h.Sweep(h.ctx, intake.Sweep{Discard: true, Filter: intake.RecordFilter{Verdict: intake.Rejected}}); fault.KeyOf(err) != "intake.record.no_reason" {
		t.Error(err)
	}
	if _, err := h.Sweep(h.ctx, intake.Sweep{Filter: intake.RecordFilter{Verdict: intake.Added}}); fault.CodeOf(err) != fault.Invalid {
		t.Error("settled records cannot be swept:", err)
	}
	two := h.openRecords(intake.Rejected)[:2]
	sweep(intake.Sweep{Discard: true, Reason: "演练", Records: []intake.RecordID{two[0].ID, two[1].ID}, Filter: intake.RecordFilter{Verdict: intake.Rejected}})
	if n := len(h.openRecords(intake.Rejected)); n != 28 {
		t.Errorf("%d open, want 28", n)
	}
	sweep(intake.Sweep{Discard: true, Reason: "演练", Filter: intake.RecordFilter{Verdict: intake.Rejected}})
	if n := len(h.openRecords(intake.Rejected)); n != 0 {
		t.Errorf("%d open, want none", n)
	}
}

func TestMendingNeedsItsPermission(t *testing.T) {
	h := newHouse(t)
	if _, err := h.send(admit(1, "", "", "20261120080000")); err != nil {
		t.Fatal(err)
	}
	id := h.openRecords(intake.Rejected)[0].ID
	nobody := context.Background()
	for name, err := range map[string]error{
		"mend":    second(h.Mend(nobody, id, map[string]string{"3/PID-5": "x"})),
		"discard": h.Discard(nobody, id, "x"),
		"sweep":   second(h.Sweep(nobody, intake.Sweep{Filter: intake.RecordFilter{Verdict: intake.Rejected}})),
		"stop":    h.StopFeed(nobody, h.theFeed().ID),
		"hours":   second(h.Hours(nobody, h.theFeed().ID)),
	} {
		if c := fault.CodeOf(err); c != fault.Forbidden && c != fault.Unauthorized {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// The monitor: what came in by the hour, whether it is late, of when it speaks.
func TestPT02_FeedPageTellsHowItIs(t *testing.T) {
	h := newHouse(t)
	var silent []intake.Silent
	event.On(h.board, "test.silent", func(_ context.Context, f intake.Silent) error { silent = append(silent, f); return nil })
	now := func() string { return h.clock.Now().Time().In(h.db.Clock().Zone()).Format("20060102150405") }
	for i := range 3 {
		if _, err := h.send(admit(i, fmt.Sprintf("Z%d^^^HIS^MR", i), names[i][:3]+"^"+names[i][3:], now())); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.send(admit(9, "", "", now())); err != nil {
		t.Fatal(err)
	}
	f := h.theFeed()
	if f.New != 3 || f.Rejected != 1 || f.Last.New != 3 || f.Last.Review != 1 || f.State != "error" {
		t.Errorf("%+v", f)
	}
	if _, err := h.send(admit(1, "Z1^^^HIS^MR", names[1][:3]+"^"+names[1][3:], now())); err != nil { // the very same again
		t.Fatal(err)
	}
	if f = h.theFeed(); f.State != "ok" || f.Last.Duplicate != 1 {
		t.Errorf("after a good one: %s %+v", f.State, f.Last)
	}
	hours, err := h.Hours(h.ctx, f.ID)
	if h.must(err); len(hours) != 24 || hours[23].Taken != 3 || hours[23].Open != 1 || hours[23].Repeated != 1 || hours[0].Taken != 0 {
		t.Errorf("%+v", hours)
	}
	h.must(h.LateAfter(h.ctx, f.ID, 10))
	watch := func() {
		t.Helper()
		h.must(h.jobs.Tick(h.ctx, "intake.watch"))
		_, err := h.board.Drain(h.ctx)
		h.must(err)
	}
	h.clock.Advance(9 * time.Minute)
	if watch(); len(silent) != 0 || h.theFeed().State != "ok" {
		t.Errorf("nine minutes are no silence: %v", silent)
	}
	h.clock.Advance(2 * time.Minute)
	watch()
	watch()
	if len(silent) != 1 || silent[0].Minutes != 11 || h.theFeed().State != "late" {
		t.Errorf("the alarm is raised once: %v %s", silent, h.theFeed().State)
	}
	if _, err := h.send(admit(20, "Z1^^^HIS^MR", names[1][:3]+"^"+names[1][3:], "20261120080000")); err != nil { // of three days ago
		t.Fatal(err)
	}
	if f = h.theFeed(); f.State != "behind" || f.AlarmedAt != 0 {
		t.Errorf("old news: %s", f.State)
	}
	h.must(h.StopFeed(h.ctx, f.ID))
	if _, err := h.send(admit(21, "Z1^^^HIS^MR", "王^丽", now())); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("a stopped feed took a message: %v", err)
	}
	h.clock.Advance(time.Hour)
	if watch(); len(silent) != 1 || h.theFeed().State != "stopped" {
		t.Error("a stopped feed is not silent, it is stopped")
	}
	h.must(h.StartFeed(h.ctx, f.ID))
	if _, err := h.send(admit(21, "Z1^^^HIS^MR", names[1][:3]+"^"+names[1][3:], now())); err != nil {
		t.Error(err)
	}
}
