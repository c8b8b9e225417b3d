package sms

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"renxin/internal/message"
	"renxin/internal/platform/clock"
)

// Behaviour is how a Server treats its clients; the zero value is kind and prompt.
type Behaviour struct {
	ThrottleEvery int  // every nth submit is refused with ESME_RTHROTTLED; 0 = none
	EarlyEvery    int  // every nth receipt leaves before the submit_sm_resp; 0 = none
	RepeatEvery   int  // every nth receipt is sent twice; 0 = none
	HexIDs        bool // submit_sm_resp in hexadecimal with leading zeros, receipts in decimal
	NoReceipts    bool
	Deaf          bool                                // reads, answers nothing, says nothing
	Stat          func(to string) (stat, code string) // outcome of a number; nil = DELIVRD
	Refuse        func(to string) bool                // numbers that are refused for good (ESME_RINVDSTADR); nil = none
}

// ServerConfig is what a Server accepts and keeps.
type ServerConfig struct {
	SystemID, Password string // "" = anybody
	Keep               int    // messages kept per phone, the oldest go first; 0 = 100
	Behaviour          Behaviour
	Arrived            func(Arrived) // called for every whole message; must not block; may be nil
}

// Arrived is one whole message on a phone.
type Arrived struct {
	From string        `json:"from"` // our number with extension
	To   string        `json:"to"`
	Text string        `json:"text"`
	At   clock.Instant `json:"at"`
}

// Server is a small message centre: it takes binds, keeps what phones received, sends receipts and injected replies.
type Server struct {
	cfg      ServerConfig
	listener net.Listener
	clock    *clock.Clock
	ctx      context.Context
	stop     context.CancelFunc
	running  sync.WaitGroup
	out      *queue

	mu        sync.Mutex
	behaviour Behaviour
	sessions  map[*session]bool // value: bound and able to receive
	order     []*session        // the bound ones, for turns
	phones    map[string][]Arrived
	torn      map[string][]message.Part // parts of long messages under way

	submits, taken, receipts, ids, turn atomic.Int64
}

// Listen starts a message centre on addr ("127.0.0.1:0" picks a port).
func Listen(addr string, cfg ServerConfig, c *clock.Clock) (*Server, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	if cfg.Keep == 0 {
		cfg.Keep = 100
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &Server{cfg: cfg, listener: l, clock: c, ctx: ctx, stop: stop, behaviour: cfg.Behaviour, out: newQueue(),
		sessions: map[*session]bool{}, phones: map[string][]Arrived{}, torn: map[string][]message.Part{}}
	s.ids.Store(time.Now().UnixMicro()) // ids of a restarted centre are new ones
	s.running.Go(s.accept)
	for range deliverers {
		s.running.Go(s.work)
	}
	return s, nil
}

// Addr is where it listens.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Close ends it with all connections.
func (s *Server) Close() error {
	s.stop()
	err := s.listener.Close()
	s.out.close()
	s.Cut()
	s.running.Wait()
	return err
}

// Behave changes the behaviour from now on.
func (s *Server) Behave(b Behaviour) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.behaviour = b
}

// Cut drops every connection without a word.
func (s *Server) Cut() {
	s.mu.Lock()
	list := make([]*session, 0, len(s.sessions))
	for session := range s.sessions {
		list = append(list, session)
	}
	s.mu.Unlock()
	for _, session := range list {
		session.close(errClosed)
	}
}

// Taken counts the parts that were accepted.
func (s *Server) Taken() int { return int(s.taken.Load()) }

func (s *Server) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		session := newSession(conn, 100, 5*time.Second, s.asked)
		s.mu.Lock()
		s.sessions[session] = false
		s.mu.Unlock()
		s.running.Go(func() {
			if s.ctx.Err() != nil {
				session.close(errClosed)
			}
			session.read()
			s.forget(session)
		})
	}
}

func (s *Server) forget(gone *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, gone)
	for i, session := range s.order {
		if session == gone {
			s.order = append(s.order[:i:i], s.order[i+1:]...)
			break
		}
	}
}

func (s *Server) mood() Behaviour {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.behaviour
}

// asked serves one request of a client.
func (s *Server) asked(session *session, f frame) {
	mood := s.mood()
	switch {
	case mood.Deaf:
	case f.command == bindTransceiver || f.command == bindReceiver || f.command == bindTransmitter:
		session.reply(f, s.bind(session, f), appendText(nil, "renxin", 16))
	case f.command == enquireLink:
		session.reply(f, statusOK, nil)
	case f.command == unbind:
		session.reply(f, statusOK, nil)
		session.close(errClosed)
	case f.command == submitSM:
		s.submit(session, f, mood)
	default:
		session.refuse(f)
	}
}

func (s *Server) bind(session *session, f frame) status {
	b, ok := parseBind(f.body)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !ok:
		return statusBadLength
	case s.cfg.SystemID != "" && b.systemID != s.cfg.SystemID:
		return statusBadSystemID
	case s.cfg.Password != "" && b.password != s.cfg.Password:
		return statusBadPassword
	case s.sessions[session]:
		return statusAlreadyBound
	}
	s.sessions[session] = true
	if f.command != bindTransmitter {
		s.order = append(s.order, session)
	}
	return statusOK
}

func (s *Server) submit(session *session, f frame, mood Behaviour) {
	n := s.submits.Add(1)
	body, ok := parseShort(f.body)
	switch {
	case !ok:
		session.reply(f, statusBadLength, nil)
	case body.dest.number == "" || mood.Refuse != nil && mood.Refuse(body.dest.number):
		session.reply(f, statusBadDest, nil)
	case every(n, mood.ThrottleEvery):
		session.reply(f, statusThrottled, nil)
	default:
		s.take(session, f, body, mood)
	}
}

// take accepts one part, answers, keeps it for the phone and sends the receipt in the order that the behaviour asks for.
func (s *Server) take(session *session, f frame, body short, mood Behaviour) {
	s.taken.Add(1)
	id := s.ids.Add(1)
	inAnswer, inReceipt := strconv.FormatInt(id, 10), strconv.FormatInt(id, 10)
	if mood.HexIDs {
		inAnswer = fmt.Sprintf("%016X", id)
	}
	answer := func() { session.reply(f, statusOK, appendText(nil, inAnswer, 65)) }
	s.keep(body)
	if mood.NoReceipts || body.registered&3 == 0 {
		answer()
		return
	}
	n := s.receipts.Add(1)
	r := receiptOf(inReceipt, body, mood, s.clock)
	if every(n, mood.EarlyEvery) { // out of the reading loop: the client's answer to the receipt comes through it
		s.running.Go(func() {
			if a, err := session.ask(s.ctx, deliverSM, r.bytes()); err != nil || a.status != statusOK {
				s.out.push(&delivery{body: r.bytes()}) // a receipt is never forgotten
			}
			answer()
		})
	} else {
		answer()
		s.out.push(&delivery{body: r.bytes()})
	}
	if every(n, mood.RepeatEvery) {
		s.out.push(&delivery{body: r.bytes()})
	}
}

func every(n int64, period int) bool { return period > 0 && n%int64(period) == 0 }

// receiptOf writes a receipt in both forms: text of appendix B and parameters.
func receiptOf(id string, body short, mood Behaviour, c *clock.Clock) short {
	stat, code := "DELIVRD", "000"
	if mood.Stat != nil {
		stat, code = mood.Stat(body.dest.number)
	}
	delivered := 0
	if stat == "DELIVRD" {
		delivered = 1
	}
	now := c.Local(c.Now()).Format("0601021504")
	text := fmt.Sprintf("id:%s sub:001 dlvrd:%03d submit date:%s done date:%s stat:%s err:%s text:", id, delivered, now, now, stat, code)
	r := short{source: body.dest, dest: body.source, esmClass: esmReceipt, message: []byte(text),
		options: []tlv{{tagReceiptedID, append([]byte(id), 0)}}}
	for state, name := range stateNames {
		if name == stat {
			r.options = append(r.options, tlv{tagMessageState, []byte{byte(state)}})
		}
	}
	return r
}

var errStopped = errors.New("sms: the message centre was stopped")

// Reply sends a text from a phone to our number and returns once a client has stored it.
func (s *Server) Reply(ctx context.Context, from, to, text string) error {
	segments := message.Segment(text)
	ref := int(s.ids.Add(1)) & 0xFF
	for i, part := range segments.Parts {
		body := short{source: address{npi: 1, number: strings.TrimPrefix(from, "+")}, dest: address{npi: 1, number: to}}
		body.coding, body.message = encode(segments.Alphabet, part)
		if len(segments.Parts) > 1 {
			p := place{ref: ref, index: i + 1, total: len(segments.Parts)}
			body.esmClass, body.message = esmUDHI, append(p.header(), body.message...)
		}
		d := &delivery{body: body.bytes(), done: make(chan error, 1)}
		s.out.push(d)
		select {
		case err := <-d.done:
			if err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
