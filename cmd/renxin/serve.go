package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"renxin/cmd/renxin/house"
	"renxin/internal/adapter/hl7"
	"renxin/internal/adapter/sms"
	"renxin/internal/demo"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/file"
	"renxin/internal/web/desk"
)

const (
	graceHTTP   = 10 * time.Second // how long open requests may finish when the server stops
	demoAddress = "127.0.0.1:0"    // the built-in SMS centre picks a free port
)

// serve runs everything until it is told to stop, then stops in order: no new work, finish what is under way, close.
func serve(ctx context.Context, a *app, _ []string) error {
	began := time.Now()
	start, _ := time.Parse(time.RFC3339, a.config["clock"]) // checked with the configuration
	moving := clock.NewMovable(a.clock().Zone(), start)
	c := a.clock()
	if a.config.on("demo") {
		c = moving.Clock
	}
	o, err := a.open(ctx, c)
	if err != nil {
		return err
	}
	defer o.close()

	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var parts sync.WaitGroup
	run := func(name string, fn func(ctx context.Context) error) {
		parts.Go(func() {
			if err := fn(ctx); err != nil && ctx.Err() == nil {
				stop(fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	door := house.Door{StartedAt: c.Now(), DiskFree: func() int64 { return file.Free(a.config["data"]) }, Insecure: a.plain(), Metrics: metrics(o.House)}
	if err := a.connect(o.House, &door, moving, run); err != nil {
		return err
	}
	run("outbox", func(ctx context.Context) error { o.Board.Run(ctx); return nil })
	run("jobs", func(ctx context.Context) error { o.Jobs.Run(ctx); return nil })
	run("admin socket", func(ctx context.Context) error { return a.answer(ctx, o.House) })
	if a.config["mllp"] != "" {
		ln, err := net.Listen("tcp", a.config["mllp"])
		if err != nil {
			return err
		}
		if cert := a.config["mllp-tls-cert"]; cert != "" {
			settings, err := hl7.TLS(cert, a.config["mllp-tls-key"], a.config["mllp-client-ca"])
			if err != nil {
				return err
			}
			ln = tls.NewListener(ln, settings)
		}
		l := &hl7.Listener{Take: o.Intake, Clock: c, Allow: func(ctx context.Context) string { return o.Setting.Text(ctx, "intake.mllp.allow", 0) },
			Enhanced: func(ctx context.Context) bool { return o.Setting.Bool(ctx, "intake.mllp.enhanced", 0) }}
		run("hl7", func(ctx context.Context) error { return l.Serve(ctx, ln) })
	}
	ln, err := net.Listen("tcp", a.config["listen"])
	if err != nil {
		return err
	}
	srv := &http.Server{Handler: o.Doors(door), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	run("http", func(context.Context) error { return a.listen(srv, ln) })
	slog.Info("ready", "url", a.scheme()+"://"+ln.Addr().String(), "version", version, "engine", o.DB.Engine(), "ms", time.Since(began).Milliseconds())
	if door.Demo != nil {
		a.greet(ln.Addr().String(), door.Demo)
	}

	<-ctx.Done()
	slog.Info("stopping")
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceHTTP)
	defer cancel()
	if err := srv.Shutdown(grace); err != nil {
		srv.Close()
	}
	parts.Wait()
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

func (a *app) listen(srv *http.Server, ln net.Listener) error {
	var err error
	if a.config["tls-cert"] != "" {
		err = srv.ServeTLS(ln, a.config["tls-cert"], a.config["tls-key"])
	} else {
		err = srv.Serve(ln)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func (a *app) scheme() string {
	if a.config["tls-cert"] != "" {
		return "https"
	}
	return "http"
}

func (a *app) plain() bool { return a.config["tls-cert"] == "" && !a.config.on("behind-proxy") }

// connect gives the message room its way out: the configured gateway, or in a demo the built-in centre that reaches nobody.
func (a *app) connect(h *house.House, door *house.Door, moving *clock.Movable, run func(string, func(context.Context) error)) error {
	rate, err := strconv.Atoi(a.config["smpp-rate"])
	if err != nil || rate < 1 {
		return fmt.Errorf("smpp-rate must be a positive number")
	}
	conf := sms.Config{Name: "smpp", Address: a.config["smpp"], SystemID: a.config["smpp-user"], Password: a.config["smpp-password"], Source: a.config["smpp-sender"], MaxPerSecond: rate, Zone: h.DB.Clock().Zone()}
	if a.config.on("demo") {
		door.Demo = []desk.DemoAccount{}
		for _, s := range demo.SignIns() {
			door.Demo = append(door.Demo, desk.DemoAccount{Login: s.Login, Password: s.Password, Name: s.Name, Post: s.Post})
		}
		centre := (*sms.Server)(nil)
		if conf.Address == "" {
			if centre, err = sms.Listen(demoAddress, sms.ServerConfig{}, h.DB.Clock()); err != nil {
				return err
			}
			conf.Address, conf.SystemID, conf.Password, conf.Source = centre.Addr(), "demo", "demo", "10690000"
			run("demo sms centre", func(ctx context.Context) error { <-ctx.Done(); return centre.Close() })
		}
		door.DemoRooms = []desk.Routes{desk.DemoRoutes(desk.Demo{Message: h.Message, Patient: h.Patient, Centre: centre, Clock: moving, Board: h.Board, Jobs: h.Jobs})}
	}
	if conf.Address == "" {
		slog.Warn("no SMS gateway configured: messages wait in the outbox")
		return nil
	}
	client := sms.New(conf, h.Message, h.DB.Clock())
	h.Message.Connect(client)
	run("sms", client.Run)
	return nil
}

// greet prints the demo's sign-ins where whoever started it looks.
func (a *app) greet(addr string, accounts []desk.DemoAccount) {
	var b strings.Builder
	fmt.Fprintf(&b, "\n  仁心 Renxin is ready: %s://%s\n\n", a.scheme(), addr)
	for _, s := range accounts {
		fmt.Fprintf(&b, "  %-10s %-22s %s (%s)\n", s.Login, s.Password, s.Name, s.Post)
	}
	fmt.Fprint(&b, "\n  Everything here is fictional. Messages reach the built-in demo phones only. Stop with Ctrl-C.\n\n")
	fmt.Fprint(a.out, b.String())
}
