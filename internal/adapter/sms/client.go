package sms

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"renxin/internal/message"
	"renxin/internal/platform/clock"
)

// Config is one bind to a message centre.
type Config struct {
	Name       string // of the route, unique in the house: "smpp1"
	Address    string // host:port
	SystemID   string // at most 15 octets
	Password   string // at most 8 octets; never logged
	SystemType string
	Source     string // our number; the extension of a message is appended

	MaxPerSecond  int  // agreed rate; 0 = none
	Window        int  // requests under way at once; 0 = 32
	WideReference bool // 16-bit references for long messages: one unit less per part

	EnquireEvery    time.Duration // idle or not; 0 = 30 s
	ResponseTimeout time.Duration // 0 = 10 s
	ReadyWait       time.Duration // how long Send waits for a connection before it says NotSent; 0 = 2 s
	ReconnectMin    time.Duration // 0 = 500 ms
	ReconnectMax    time.Duration // 0 = 30 s

	Zone *time.Location // of the dates in receipts; nil = UTC+8
	// Dial replaces the plain TCP dial, for TLS and for the allow-list of outgoing addresses.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

func (c Config) withDefaults() Config {
	set := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	set(&c.EnquireEvery, 30*time.Second)
	set(&c.ResponseTimeout, 10*time.Second)
	set(&c.ReadyWait, 2*time.Second)
	set(&c.ReconnectMin, 500*time.Millisecond)
	set(&c.ReconnectMax, 30*time.Second)
	if c.Window == 0 {
		c.Window = 32
	}
	if c.Zone == nil {
		c.Zone = time.FixedZone("Asia/Shanghai", 8*60*60)
	}
	if c.Dial == nil {
		c.Dial = (&net.Dialer{Timeout: 10 * time.Second}).DialContext
	}
	return c
}

// Client is a bind that comes back by itself. It implements message.Sender.
type Client struct {
	cfg   Config
	inlet message.Inlet
	clock *clock.Clock
	pace  *pace
	ref   atomic.Uint32
	busy  chan struct{} // bounds the deliver_sm that are being stored

	mu      sync.Mutex
	session *session
	changed chan struct{} // closed and renewed whenever session changes
	health  Health
}

// Health is what the operations page shows of a bind.
type Health struct {
	Bound bool          `json:"bound"`
	Since clock.Instant `json:"since"` // of the present state
	Error string        `json:"error"` // why the last connection ended, "" while bound
}

// New prepares a client; Run connects it. Facts go to inlet, which must commit before it returns.
func New(cfg Config, inlet message.Inlet, c *clock.Clock) *Client {
	cfg = cfg.withDefaults()
	return &Client{cfg: cfg, inlet: inlet, clock: c, pace: newPace(cfg.MaxPerSecond),
		busy: make(chan struct{}, 128), changed: make(chan struct{}), health: Health{Since: c.Now()}}
}

// Name implements message.Sender.
func (c *Client) Name() string { return c.cfg.Name }

// Channel implements message.Sender.
func (c *Client) Channel() string { return "sms" }

// Ability implements message.Sender. SMPP 3.4 knows no idempotency key.
func (c *Client) Ability() message.Ability {
	return message.Ability{FreeText: true, Receipts: true, Replies: true, MaxPerSecond: c.cfg.MaxPerSecond}
}

// Health tells whether the bind stands.
func (c *Client) Health() Health {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.health
}

// Run connects, binds and reconnects with growing pauses until ctx ends; then it unbinds.
func (c *Client) Run(ctx context.Context) error {
	wait := c.cfg.ReconnectMin
	for ctx.Err() == nil {
		started := time.Now()
		err := c.serve(ctx)
		if ctx.Err() != nil {
			break
		}
		c.set(nil, err)
		slog.Warn("message centre lost", "route", c.cfg.Name, "error", err, "again_ms", wait.Milliseconds())
		if time.Since(started) > c.cfg.ReconnectMax {
			wait = c.cfg.ReconnectMin
		}
		pause(ctx, wait/2+rand.N(wait)) // spread, so that a restarted centre is not stormed
		wait = min(2*wait, c.cfg.ReconnectMax)
	}
	c.set(nil, ctx.Err())
	return ctx.Err()
}

// serve holds one connection from dial to end.
func (c *Client) serve(ctx context.Context) error {
	conn, err := c.cfg.Dial(ctx, "tcp", c.cfg.Address)
	if err != nil {
		return err
	}
	s := newSession(conn, c.cfg.Window, c.cfg.ResponseTimeout, func(s *session, f frame) { c.asked(ctx, s, f) })
	go s.read()
	defer s.close(errClosed)
	if err := c.bind(ctx, s); err != nil {
		return err
	}
	c.set(s, nil)
	go s.keep(ctx, c.cfg.EnquireEvery)
	select {
	case <-s.closed:
		return s.cause
	case <-ctx.Done():
		c.set(nil, ctx.Err())
		s.askNow(context.WithoutCancel(ctx), unbind, nil) // politeness: the answer changes nothing
		return ctx.Err()
	}
}

func (c *Client) bind(ctx context.Context, s *session) error {
	body := bind{systemID: c.cfg.SystemID, password: c.cfg.Password, systemType: c.cfg.SystemType, version: interfaceVersion}
	r, err := s.askNow(ctx, bindTransceiver, body.bytes())
	if err != nil {
		return err
	}
	if r.command != bindTransceiverResp || r.status != statusOK {
		return fmt.Errorf("sms: bind refused: %s", r.status.code())
	}
	return nil
}

func (c *Client) set(s *session, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.health.Bound != (s != nil) {
		c.health.Since = c.clock.Now()
	}
	c.session, c.health.Bound, c.health.Error = s, s != nil, ""
	if err != nil {
		c.health.Error = err.Error()
	}
	close(c.changed)
	c.changed = make(chan struct{})
}

// ready waits a short while for a bound session.
func (c *Client) ready(ctx context.Context) (*session, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.ReadyWait)
	defer cancel()
	for {
		c.mu.Lock()
		s, changed := c.session, c.changed
		c.mu.Unlock()
		if s != nil {
			return s, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, errors.New("sms: no connection to the message centre")
		}
	}
}
