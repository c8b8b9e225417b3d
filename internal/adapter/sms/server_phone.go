package sms

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"renxin/internal/message"
)

// keep puts one part, and with the last part the whole message, on the phone.
func (s *Server) keep(body short) {
	text, units, p := body.open()
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.total > 1 {
		key := fmt.Sprint(body.source.number, ">", body.dest.number, "#", p.ref)
		s.torn[key] = append(s.torn[key], message.Part{Index: p.index, Total: p.total, Units: units})
		whole, ok := message.Join(s.torn[key])
		if !ok {
			return
		}
		delete(s.torn, key)
		text = whole
	}
	a := Arrived{From: body.source.number, To: body.dest.number, Text: text, At: s.clock.Now()}
	list := append(s.phones[a.To], a)
	if len(list) > s.cfg.Keep {
		list = slices.Clone(list[len(list)-s.cfg.Keep:])
	}
	s.phones[a.To] = list
	if s.cfg.Arrived != nil {
		s.cfg.Arrived(a)
	}
}

// Phone lists what a phone received, oldest first.
func (s *Server) Phone(number string) []Arrived {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.phones[number])
}

// Phones lists every number that received something.
func (s *Server) Phones() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]string, 0, len(s.phones))
	for number := range s.phones {
		list = append(list, number)
	}
	slices.Sort(list)
	return list
}

const deliverers = 64 // receipts and replies under way at once

// delivery is one deliver_sm on its way to a client; done hears the end, and may be nil.
type delivery struct {
	body []byte
	done chan error
}

// work brings deliveries to whoever is bound, again and again until somebody has stored them.
func (s *Server) work() {
	for {
		d, ok := s.out.pop()
		if !ok {
			return
		}
		err := s.bring(d)
		if d.done != nil {
			d.done <- err
		}
	}
}

func (s *Server) bring(d *delivery) error {
	for wait := 10 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		if session := s.next(); session != nil {
			r, err := session.ask(s.ctx, deliverSM, d.body)
			if err == nil && r.status == statusOK {
				return nil
			}
		}
		if pause(s.ctx, wait) != nil {
			return errStopped
		}
	}
}

// next picks the bound clients in turn; nil when there is none, or when the centre plays deaf.
func (s *Server) next() *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.order) == 0 || s.behaviour.Deaf {
		return nil
	}
	return s.order[int(s.turn.Add(1))%len(s.order)]
}

// queue holds deliveries without a bound: a message centre never refuses to remember a receipt.
type queue struct {
	mu    sync.Mutex
	some  *sync.Cond
	list  []*delivery
	ended bool
}

func newQueue() *queue {
	q := &queue{}
	q.some = sync.NewCond(&q.mu)
	return q
}

func (q *queue) push(d *delivery) {
	q.mu.Lock()
	q.list = append(q.list, d)
	q.mu.Unlock()
	q.some.Signal()
}

func (q *queue) pop() (*delivery, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.list) == 0 && !q.ended {
		q.some.Wait()
	}
	if q.ended {
		return nil, false
	}
	d := q.list[0]
	q.list = q.list[1:]
	return d, true
}

func (q *queue) close() {
	q.mu.Lock()
	q.ended = true
	q.mu.Unlock()
	q.some.Broadcast()
}
