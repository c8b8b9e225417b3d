package sms

import (
	"bufio"
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// session is one bound connection, of either side. It matches responses to requests by sequence_number, §2.7.3.
type session struct {
	conn    net.Conn
	window  chan struct{} // one token per request under way, §2.7.2
	patient time.Duration // how long a response may take, §7.2 response_timer
	asked   func(*session, frame)

	sequence atomic.Uint32
	writing  sync.Mutex

	mu      sync.Mutex
	waiting map[uint32]chan frame
	cause   error
	closed  chan struct{}
}

// Errors of a request. errUnsent means that not one octet left; after errSilent nobody knows.
var (
	errUnsent = errors.New("sms: nothing was sent")
	errSilent = errors.New("sms: sent, but no response came")
	errClosed = errors.New("sms: connection closed")
)

func newSession(conn net.Conn, window int, patience time.Duration, asked func(*session, frame)) *session {
	return &session{conn: conn, window: make(chan struct{}, window), patient: patience, asked: asked,
		waiting: map[uint32]chan frame{}, closed: make(chan struct{})}
}

// read takes frames until the connection ends; requests of the peer go to asked, one after the other.
func (s *session) read() {
	r := bufio.NewReaderSize(s.conn, 64<<10)
	for {
		f, err := readFrame(r)
		if errors.Is(err, errFrame) {
			s.send(frame{command: genericNack, status: statusBadLength, sequence: f.sequence})
		}
		if err != nil {
			s.close(err)
			return
		}
		if f.command&response != 0 {
			s.answer(f)
			continue
		}
		s.asked(s, f)
	}
}

// answer hands a response, or a generic_nack, §4.3, to whoever asked; an answer that nobody waits for is dropped.
func (s *session) answer(f frame) {
	s.mu.Lock()
	ch := s.waiting[f.sequence]
	delete(s.waiting, f.sequence)
	s.mu.Unlock()
	if ch != nil {
		ch <- f
	}
}

// ask sends a request and waits for its response. It wraps errUnsent when nothing left, errSilent when the outcome is unknown.
func (s *session) ask(ctx context.Context, c command, body []byte) (frame, error) {
	select {
	case s.window <- struct{}{}:
		defer func() { <-s.window }()
	case <-s.closed:
		return frame{}, errUnsent
	case <-ctx.Done():
		return frame{}, errUnsent
	}
	return s.askNow(ctx, c, body)
}

// askNow is ask outside the window, for enquire_link and bind.
func (s *session) askNow(ctx context.Context, c command, body []byte) (frame, error) {
	f := frame{command: c, sequence: s.nextSequence(), body: body}
	ch := make(chan frame, 1)
	s.mu.Lock()
	if s.cause != nil {
		s.mu.Unlock()
		return frame{}, errUnsent
	}
	s.waiting[f.sequence] = ch
	s.mu.Unlock()
	defer s.forget(f.sequence)
	if n, err := s.send(f); err != nil {
		s.close(err)
		if n == 0 {
			return frame{}, errUnsent
		}
		return frame{}, errSilent
	}
	timer := time.NewTimer(s.patient)
	defer timer.Stop()
	select {
	case r := <-ch:
		return r, nil
	case <-timer.C:
	case <-ctx.Done():
	case <-s.closed:
	}
	select { // the response may have come together with the end
	case r := <-ch:
		return r, nil
	default:
		return frame{}, errSilent
	}
}

// nextSequence counts from 1 to 0x7FFFFFFF, §3.2.
func (s *session) nextSequence() uint32 {
	for {
		if n := s.sequence.Add(1) & 0x7FFFFFFF; n != 0 {
			return n
		}
	}
}

func (s *session) forget(sequence uint32) {
	s.mu.Lock()
	delete(s.waiting, sequence)
	s.mu.Unlock()
}

// send writes one frame and tells how many octets left.
func (s *session) send(f frame) (int, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.conn.SetWriteDeadline(time.Now().Add(s.patient)); err != nil {
		return 0, err
	}
	return s.conn.Write(f.bytes())
}

// reply answers a request of the peer; a lost answer makes the peer ask again, so its error has no reader.
func (s *session) reply(to frame, st status, body []byte) {
	s.send(frame{command: to.command | response, status: st, sequence: to.sequence, body: body})
}

// refuse answers a request that is not known, §4.3.
func (s *session) refuse(to frame) {
	s.send(frame{command: genericNack, status: statusBadCommand, sequence: to.sequence})
}

// close ends the connection; everybody who waits learns it. The first cause stays.
func (s *session) close(cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cause != nil {
		return
	}
	s.cause = cause
	close(s.closed)
	s.conn.Close()
}

// keep asks enquire_link, §4.11, at every interval and closes a connection whose other end is gone without a word.
func (s *session) keep(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-s.closed:
			return
		case <-ctx.Done():
			return
		case <-tick.C:
			if _, err := s.askNow(ctx, enquireLink, nil); err != nil && ctx.Err() == nil {
				s.close(errSilent)
				return
			}
		}
	}
}
