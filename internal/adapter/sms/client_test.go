package sms_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"renxin/internal/adapter/sms"
	"renxin/internal/message"
	"renxin/internal/message/messagetest"
	"renxin/internal/platform/clock"
)

func config(addr string) sms.Config {
	return sms.Config{
		Name: "smpp1", Address: addr, SystemID: "renxin", Password: "secret", Source: "10690001",
		EnquireEvery: 200 * time.Millisecond, ResponseTimeout: time.Second, ReadyWait: 500 * time.Millisecond,
		ReconnectMin: 5 * time.Millisecond, ReconnectMax: 50 * time.Millisecond,
	}
}

func connect(t *testing.T, cfg sms.Config, in message.Inlet) *sms.Client {
	t.Helper()
	c := sms.New(cfg, in, clock.New(nil))
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); c.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
	messagetest.Until(t, "bound", func() bool { return c.Health().Bound })
	return c
}

// noticed waits until the client knows of the cut; what it writes before that is rightly in doubt.
func noticed(t *testing.T, c *sms.Client) {
	messagetest.Until(t, "the cut is noticed", func() bool { return !c.Health().Bound })
}

func listen(t testing.TB, b sms.Behaviour) *sms.Server {
	t.Helper()
	s, err := sms.Listen("127.0.0.1:0", sms.ServerConfig{SystemID: "renxin", Password: "secret", Behaviour: b}, clock.New(nil))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func texts(list []sms.Arrived) (out []string) {
	for _, a := range list {
		out = append(out, a.Text)
	}
	return out
}

func TestSM04_ConformsWithOwnCentre(t *testing.T) {
	for name, wide := range map[string]bool{"8-bit references": false, "16-bit references": true} {
		t.Run(name, func(t *testing.T) {
			messagetest.Sender(t, func(t *testing.T, in message.Inlet) messagetest.Rig {
				s := listen(t, sms.Behaviour{HexIDs: true})
				cfg := config(s.Addr())
				cfg.WideReference = wide
				c := connect(t, cfg, in)
				return messagetest.Rig{
					Sender: c,
					Phone:  func(number string) []string { return texts(s.Phone(number)) },
					Reply: func(from, extension, text string) error {
						ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
						defer cancel()
						return s.Reply(ctx, from, "10690001"+extension, text)
					},
					Fail: func(number string) { s.Behave(sms.Behaviour{Refuse: func(to string) bool { return to == number }}) },
					Mute: func() { s.Behave(sms.Behaviour{Deaf: true}) },
					Cut:  func() { s.Close(); noticed(t, c) },
				}
			})
		})
	}
}

func TestSM04_ConformsWithIndependentCentre(t *testing.T) {
	messagetest.Sender(t, func(t *testing.T, in message.Inlet) messagetest.Rig {
		n := startNode(t)
		c := connect(t, config(fmt.Sprintf("127.0.0.1:%d", n.port)), in)
		return messagetest.Rig{
			Sender: c,
			Phone:  n.phone,
			Reply: func(from, extension, text string) error {
				return n.order(map[string]any{"do": "reply", "from": from, "to": "10690001" + extension, "text": text})
			},
			Fail: func(number string) { n.must(map[string]any{"do": "refuse", "number": number}) },
			Mute: func() { n.behave(map[string]any{"mute": true}) },
			Cut:  func() { n.must(map[string]any{"do": "cut"}); noticed(t, c) },
		}
	})
}

// hostile sends 200 messages of two parts to a centre that throttles every 5th submit, sends every 3rd receipt first and
// every 4th twice; every message must arrive once and every part must have its receipt.
func hostile(t *testing.T, addr string, in *messagetest.Inlet, phone func(string) []string) {
	c := connect(t, config(addr), in)
	const messages = 200
	text := "【仁心医院】" + strings.Repeat("恢复期间请注意休息，", 9) + "👍"
	ids := make(chan []string, messages)
	for i := range messages {
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			for { // NotSent and passing refusals are safe to repeat
				a, err := c.Send(ctx, message.Outgoing{ID: int64(i), To: fmt.Sprintf("154%08d", i), Text: text})
				refused, isRefused := errors.AsType[*message.Refused](err)
				_, unsent := errors.AsType[*message.NotSent](err)
				if isRefused && !refused.Permanent || unsent && ctx.Err() == nil {
					continue
				}
				if err != nil {
					t.Error(err)
				}
				ids <- a.ProviderIDs
				return
			}
		}()
	}
	parts := 0
	for range messages {
		list := <-ids
		parts += len(list)
		for _, id := range list {
			messagetest.Until(t, "receipt", func() bool {
				return slices.ContainsFunc(in.Receipts(), func(r message.Receipt) bool { return message.SameProviderID(id, r.ProviderID) })
			})
		}
	}
	if parts != 2*messages {
		t.Errorf("%d parts", parts)
	}
	for i := range messages {
		if got := phone(fmt.Sprintf("154%08d", i)); len(got) != 1 || got[0] != text {
			t.Errorf("phone %d received %d messages", i, len(got))
		}
	}
}

func TestSM03_HostileOwnCentre(t *testing.T) {
	s := listen(t, sms.Behaviour{ThrottleEvery: 5, EarlyEvery: 3, RepeatEvery: 4, HexIDs: true})
	hostile(t, s.Addr(), &messagetest.Inlet{}, func(number string) []string { return texts(s.Phone(number)) })
}

func TestSM03_HostileIndependentCentre(t *testing.T) {
	n := startNode(t)
	n.behave(map[string]any{"throttle": 5, "early": 3, "repeat": 4})
	in := &messagetest.Inlet{}
	hostile(t, fmt.Sprintf("127.0.0.1:%d", n.port), in, n.phone)
	if n.count("throttled") == 0 || n.count("early") == 0 || n.count("repeated") == 0 {
		t.Errorf("the centre was too kind: %v", n.counts)
	}
	messagetest.Until(t, "repeated receipts come too", func() bool { return len(in.Receipts()) == 400+n.count("repeated") })
}

func TestSM03_HalfOpenLinkIsSeen(t *testing.T) {
	n := startNode(t)
	c := connect(t, config(fmt.Sprintf("127.0.0.1:%d", n.port)), &messagetest.Inlet{})
	n.behave(map[string]any{"mute": true})
	messagetest.Until(t, "the silent link is dropped", func() bool { return !c.Health().Bound })
	n.behave(map[string]any{"mute": false})
	messagetest.Until(t, "bound again", func() bool { return c.Health().Bound })
}

func TestSM03_ReconnectsAndGoesOn(t *testing.T) {
	s := listen(t, sms.Behaviour{})
	c := connect(t, config(s.Addr()), &messagetest.Inlet{})
	for i := range 5 {
		s.Cut()
		messagetest.Until(t, "sent after the cut", func() bool {
			_, err := c.Send(t.Context(), message.Outgoing{ID: int64(i), To: fmt.Sprintf("1540000000%d", i), Text: "x"})
			return err == nil
		})
	}
}

func TestSM08_ExtensionTravels(t *testing.T) {
	s := listen(t, sms.Behaviour{})
	c := connect(t, config(s.Addr()), &messagetest.Inlet{})
	if _, err := c.Send(t.Context(), message.Outgoing{ID: 1, To: "15400000001", Text: "x", Extension: "0042"}); err != nil {
		t.Fatal(err)
	}
	if got := s.Phone("15400000001"); len(got) != 1 || got[0].From != "106900010042" {
		t.Errorf("%+v", got)
	}
}

func TestSM05_RateHolds(t *testing.T) {
	var at []time.Time
	s, err := sms.Listen("127.0.0.1:0", sms.ServerConfig{Arrived: func(sms.Arrived) { at = append(at, time.Now()) }}, clock.New(nil))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	cfg := config(s.Addr())
	cfg.MaxPerSecond = 100
	c := connect(t, cfg, &messagetest.Inlet{})
	done := make(chan error, 60)
	start := time.Now()
	for i := range 60 {
		go func() {
			_, err := c.Send(t.Context(), message.Outgoing{ID: int64(i), To: "15400000001", Text: "x"})
			done <- err
		}()
	}
	for range 60 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if took := time.Since(start); took < 590*time.Millisecond {
		t.Errorf("60 messages in %v at 100 per second", took)
	}
}

// A write that fails half-way is in doubt, a connection that was never there is not.
func TestFU06_LostConnectionInTheMiddleIsUnknown(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var binds atomic.Int32
	go func() { // accepts the bind by hand, reads the submit, hangs up
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			buf := make([]byte, 1024)
			conn.Read(buf)
			conn.Write([]byte{0, 0, 0, 17, 0x80, 0, 0, 9, 0, 0, 0, 0, buf[12], buf[13], buf[14], buf[15], 0})
			binds.Add(1)
			conn.Read(buf)
			conn.Close()
		}
	}()
	cfg := config(l.Addr().String())
	cfg.EnquireEvery = time.Hour
	c := connect(t, cfg, &messagetest.Inlet{})
	_, err = c.Send(t.Context(), message.Outgoing{ID: 1, To: "15400000001", Text: "x"})
	_, unsent := errors.AsType[*message.NotSent](err)
	_, refused := errors.AsType[*message.Refused](err)
	if err == nil || unsent || refused {
		t.Errorf("the outcome must be unknown: %v", err)
	}
	messagetest.Until(t, "a new connection", func() bool { return binds.Load() > 1 })
}
