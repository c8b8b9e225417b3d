package hl7

import (
	"bufio"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"renxin/internal/intake"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/fault"
)

// Taker stages and applies one message; it returns when the outcome is committed. intake.Service is one.
type Taker interface {
	Receive(ctx context.Context, l intake.Live) (intake.Outcome, error)
}

// Listener is the MLLP port: it answers every closed frame, and says AA only when the message is committed.
type Listener struct {
	Take  Taker
	Clock *clock.Clock
	Allow func(ctx context.Context) string // networks that may connect, separated by blanks or commas; asked at every connection
	Idle  time.Duration                    // a silent connection is closed after this time; default 10 minutes
	// Enhanced tells whether MSH-15 and MSH-16 are heeded; nil = no. Many senders fill them and yet read one answer only.
	Enhanced func(ctx context.Context) bool

	serial sync.Mutex
	last   int64
}

// maxConnections at a time; a hospital has a handful of sending systems.
const maxConnections = 64

// Serve accepts connections until ctx ends, then lets every message that has arrived in full finish and be answered.
func (l *Listener) Serve(ctx context.Context, ln net.Listener) error {
	stop := context.AfterFunc(ctx, func() { ln.Close() })
	defer stop()
	var open sync.WaitGroup
	defer open.Wait()
	slots := make(chan struct{}, maxConnections)
	for {
		conn, err := ln.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		if !l.allowed(ctx, conn.RemoteAddr()) {
			slog.Warn("mllp connection refused", "from", host(conn.RemoteAddr()))
			conn.Close()
			continue
		}
		select {
		case slots <- struct{}{}:
		default:
			slog.Warn("mllp: too many connections")
			conn.Close()
			continue
		}
		open.Go(func() {
			defer func() { <-slots }()
			l.talk(ctx, conn)
		})
	}
}

func (l *Listener) allowed(ctx context.Context, from net.Addr) bool {
	addr, err := netip.ParseAddr(host(from))
	if err != nil {
		return false
	}
	for _, word := range strings.FieldsFunc(l.Allow(ctx), func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\n' }) {
		if p, err := netip.ParsePrefix(word); err == nil && p.Contains(addr.Unmap()) {
			return true
		}
		if a, err := netip.ParseAddr(word); err == nil && a.Unmap() == addr.Unmap() {
			return true
		}
	}
	return false
}

func host(a net.Addr) string {
	h, _, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	return h
}

// talk reads frame after frame. When ctx ends, waiting for the next frame ends too; a message being taken is finished first.
func (l *Listener) talk(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	idle := l.Idle
	if idle == 0 {
		idle = 10 * time.Minute
	}
	stop := context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Now()) })
	defer stop()
	r := bufio.NewReader(conn)
	for ctx.Err() == nil {
		conn.SetReadDeadline(time.Now().Add(idle))
		if ctx.Err() != nil { // it ended while the deadline was pushed out
			return
		}
		raw, err := ReadFrame(r)
		if err != nil {
			if errors.Is(err, ErrFrameTooLarge) {
				slog.Warn("mllp frame too large", "from", host(conn.RemoteAddr()))
			}
			return
		}
		acks, err := l.answer(context.WithoutCancel(ctx), raw, host(conn.RemoteAddr()))
		if err != nil { // not committed: no answer, so that the sender keeps it and sends it again
			slog.Error("mllp message not taken", "error", err)
			return
		}
		conn.SetWriteDeadline(time.Now().Add(30 * time.Second))
		for _, ack := range acks {
			if _, err := conn.Write(Frame(ack)); err != nil {
				return
			}
		}
	}
}

// answer takes one message and builds its acknowledgements: one, or what the enhanced mode asks for. An error means that nothing was committed.
func (l *Listener) answer(ctx context.Context, raw []byte, from string) ([][]byte, error) {
	m, record := Read(raw, Options{Zone: l.Clock.Zone()})
	a := Answer{Code: Accept, ControlID: l.controlID(), At: l.Clock.Now(), Zone: l.Clock.Zone()}
	if m == nil {
		a.Code, a.ErrorCode, a.Text = Reject, "100", record.Problems[0].Code
	}
	charset := ""
	if m != nil {
		charset = m.Charset
	}
	out, err := l.Take.Receive(access.AsSystem(ctx, "mllp"), intake.Live{Feed: feedName(record, from), Address: from, Charset: charset, Record: record})
	if err != nil {
		if fault.CodeOf(err) == fault.Internal || fault.CodeOf(err) == fault.Unavailable {
			return nil, err
		}
		a.Code, a.ErrorCode, a.Text = Error, "207", fault.KeyOf(err)
	}
	switch {
	case a.Code != Accept:
	case out.Verdict == intake.Rejected:
		a.Code, a.ErrorCode, a.Text = Error, "207", out.Code
	case out.Verdict == intake.Unchanged && out.Code == reasonType: // kept, but of no use to us: say so without stopping the sender
		a.Text = out.Code
	}
	if l.Enhanced == nil || !l.Enhanced(ctx) {
		return [][]byte{Ack(m, a)}, nil
	}
	return answers(m, a, l.controlID), nil
}

// feedName tells sending systems apart by what they call themselves, else by where they are.
func feedName(r intake.Record, from string) string {
	if r.Sender == "" {
		return "HL7 " + from
	}
	return "HL7 " + r.Sender
}

// controlID numbers our answers: milliseconds, never twice.
func (l *Listener) controlID() string {
	l.serial.Lock()
	defer l.serial.Unlock()
	l.last = max(l.last+1, int64(l.Clock.Now()))
	return strconv.FormatInt(l.last, 10)
}
