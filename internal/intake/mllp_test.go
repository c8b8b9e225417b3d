package intake_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"renxin/internal/adapter/hl7"
	"renxin/internal/intake"
	"renxin/internal/intake/intaketest"
)

// port is a listener on loopback.
type port struct {
	addr string
	stop func() // ends it and waits
}

func listen(t *testing.T, take hl7.Taker, h *house, allow string) port {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	l := &hl7.Listener{Take: take, Clock: h.clock.Clock, Allow: func(context.Context) string { return allow }}
	var done sync.WaitGroup
	done.Go(func() {
		if err := l.Serve(ctx, ln); err != nil {
			t.Error(err)
		}
	})
	p := port{ln.Addr().String(), sync.OnceFunc(func() { cancel(); done.Wait() })}
	t.Cleanup(p.stop)
	return p
}

func dial(t *testing.T, p port) (net.Conn, *bufio.Reader) {
	t.Helper()
	c, err := net.Dial("tcp", p.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return c, bufio.NewReader(c)
}

func answer(t *testing.T, r *bufio.Reader) (code, control, text string) {
	t.Helper()
	raw, err := hl7.ReadFrame(r)
	if err != nil {
		t.Fatal(err)
	}
	m, err := hl7.Parse(raw, "")
	if err != nil {
		t.Fatal(err)
	}
	msa := m.First("MSA")
	return m.Value(msa, 1), m.Value(msa, 2), m.Value(msa, 3)
}

func wire(raw string) []byte { return hl7.Frame([]byte(strings.ReplaceAll(raw, "\n", "\r"))) }

func TestIN01_MLLPAnswersEveryMessageAfterItsCommit(t *testing.T) {
	h := newHouse(t)
	p := listen(t, h, h, "127.0.0.0/8")
	c, r := dial(t, p)
	good := message("ADT^A31", "20261122080000", pidOf("1", "王丽华"))
	frame := wire(good)
	for _, part := range [][]byte{frame[:1], frame[1:40], frame[40:]} { // a sender writes as it likes
		if _, err := c.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	if code, control, _ := answer(t, r); code != "AA" || !strings.HasPrefix(control, "T") {
		t.Errorf("%s %s", code, control)
	}
	if h.owner("other", "1") == 0 {
		t.Error("answered before it was committed")
	}
	for _, x := range []struct{ raw, code, text string }{
		{good, "AA", ""}, // asked again: the same answer, no change
		{message("ADT^A31", "20261122080000", "PID|1||||王丽华\n"), "AE", "intake.record.no_patient"},
		{"hello", "AR", "intake.record.no_header"},
		{message("ZZZ^Z01", "20261122080000", ""), "AA", "intake.ignored.type"},
		{message("ADT^A40", "20261122080000", "PID|1||1^^^HIS^PatientNO\nMRG|2^^^OTHER^PatientNO\n"), "AA", ""}, // waits for a person: ours now
	} {
		if _, err := c.Write(wire(x.raw)); err != nil {
			t.Fatal(err)
		}
		if code, _, text := answer(t, r); code != x.code || text != x.text {
			t.Errorf("%.20q: %s %s, want %s %s", x.raw, code, text, x.code, x.text)
		}
	}
	feeds, err := h.Feeds(h.ctx)
	if err != nil || len(feeds) != 2 {
		t.Fatal(feeds, err)
	}
	for _, f := range feeds {
		if f.Name == "HL7 HIS/H" && (f.New != 1 || f.Duplicate != 1 || f.Rejected != 1 || f.Review != 1 || f.Address != "127.0.0.1" || f.LagMs == 0) {
			t.Errorf("%+v", f)
		}
	}
}

func TestIN01_MLLPTakesManyFramesAtOnceAndIgnoresTheOpenOne(t *testing.T) {
	h := newHouse(t)
	p := listen(t, h, h, "127.0.0.1")
	c, r := dial(t, p)
	if _, err := c.Write(append(intaketest.File(t, "hl7v2-cn-authored", "13_two_messages.mllp"), "\x0bMSH|^~\\&|HIS|half a message"...)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if code, _, _ := answer(t, r); code != "AA" {
			t.Error(code)
		}
	}
	c.Close()
	p.stop()
	if n := h.count(`select count(*) from intake_message`); n != 2 {
		t.Errorf("%d messages, want the two that were closed", n)
	}
}

func TestIN01_MLLPRefusesStrangers(t *testing.T) {
	h := newHouse(t)
	for _, allow := range []string{"10.0.0.0/8", ""} {
		c, r := dial(t, listen(t, h, h, allow))
		c.Write(wire(message("ADT^A31", "20261122080000", pidOf("1", "王丽华")))) // may fail: we are not wanted
		if _, err := r.ReadByte(); err == nil {
			t.Errorf("allow list %q answered", allow)
		}
	}
	if h.persons() != 0 {
		t.Error("a stranger's message was taken")
	}
}

// slow holds a message until told to go on.
type slow struct {
	intake.Outcome
	err      error
	entered  chan struct{}
	released chan struct{}
}

func (s *slow) Receive(context.Context, intake.Live) (intake.Outcome, error) {
	s.entered <- struct{}{}
	<-s.released
	return s.Outcome, s.err
}

func TestIN01_MLLPStopsAfterTheMessageItHolds(t *testing.T) {
	h := newHouse(t)
	s := &slow{Outcome: intake.Outcome{Verdict: intake.Added}, entered: make(chan struct{}), released: make(chan struct{})}
	p := listen(t, s, h, "127.0.0.1")
	c, r := dial(t, p)
	if _, err := c.Write(wire(message("ADT^A31", "20261122080000", pidOf("1", "王丽华")))); err != nil {
		t.Fatal(err)
	}
	<-s.entered
	var stopped sync.WaitGroup
	stopped.Go(p.stop)
	close(s.released)
	if code, _, _ := answer(t, r); code != "AA" {
		t.Error(code)
	}
	stopped.Wait()
	if _, err := r.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("the connection is still open: %v", err)
	}
}

func TestIN01_MLLPGivesNoAnswerToWhatIsNotCommitted(t *testing.T) {
	h := newHouse(t)
	s := &slow{err: errors.New("disk full"), entered: make(chan struct{}, 1), released: make(chan struct{})}
	close(s.released)
	c, r := dial(t, listen(t, s, h, "127.0.0.1"))
	if _, err := c.Write(wire(message("ADT^A31", "20261122080000", pidOf("1", "王丽华")))); err != nil {
		t.Fatal(err)
	}
	if _, err := r.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("an answer, or no end: %v", err)
	}
}

// Several systems tell of the same stranger at the same moment: one person, and every message is taken.
func TestIN01_ConnectionsThatTellOfTheSamePersonAtOnce(t *testing.T) {
	h := newHouse(t)
	p := listen(t, h, h, "127.0.0.1")
	var all sync.WaitGroup
	for range 6 {
		c, r := dial(t, p)
		frames := [][]byte{wire(message("ADT^A31", "20261122080000", pidOf("1", "王丽华"))), wire(message("ADT^A04", "20261122081000", pidOf("1", "王丽华")+"PV1|1|O|0305^妇科门诊||||||||||||||||OP1\n"))}
		all.Go(func() {
			for _, f := range frames {
				if _, err := c.Write(f); err != nil {
					t.Error(err)
					return
				}
				if code, _, text := answer(t, r); code != "AA" {
					t.Error(code, text)
				}
			}
		})
	}
	all.Wait()
	if n, v := h.persons(), h.count(`select count(*) from visit_encounter`); n != 1 || v != 1 {
		t.Errorf("%d persons, %d visits", n, v)
	}
	if n := len(h.open(intake.Rejected)); n != 0 {
		t.Errorf("%d rejected", n)
	}
}
