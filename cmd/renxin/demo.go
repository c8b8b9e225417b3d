package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"time"

	"renxin/cmd/renxin/house"
	"renxin/internal/adapter/hl7"
	"renxin/internal/demo"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
)

// demoFlags are the options of the commands that make the fictional hospital.
type demoFlags struct {
	size     string
	seed     uint64
	patients int
	inBed    bool
	send     string
	count    int
}

func readDemoFlags(name string, args []string, w io.Writer) (demoFlags, error) {
	var f demoFlags
	set := flag.NewFlagSet("renxin "+name, flag.ContinueOnError)
	set.SetOutput(w)
	set.StringVar(&f.size, "size", "S", "S = 5,000 patients and 60,000 interactions, L = 1,000,000 and 10,000,000")
	set.Uint64Var(&f.seed, "seed", 1, "one seed gives one hospital")
	set.IntVar(&f.patients, "patients", 0, "another number of patients, with as many interactions each")
	set.BoolVar(&f.inBed, "in-bed", false, "leave 李秀英 in the ward, so that the morning batch can report her discharge")
	set.StringVar(&f.send, "send", "", "instead of loading, send the HIS's morning batch over MLLP to this host:port")
	set.IntVar(&f.count, "count", 500, "messages of the morning batch")
	return f, set.Parse(args)
}

// options turns the flags into a data set for a day.
func (f demoFlags) options(today clock.Date) (demo.Options, error) {
	o := demo.Small(today)
	switch f.size {
	case "S":
	case "L":
		o = demo.Large(today)
	default:
		return o, fmt.Errorf("size must be S or L")
	}
	if f.patients > 0 {
		o.Interactions = o.Interactions / o.Patients * f.patients
		o.Patients = f.patients
	}
	o.Seed, o.InBed = f.seed, f.inBed
	return o, nil
}

// demoCommand fills an empty data directory with 仁安医院, or plays its HIS.
func demoCommand(ctx context.Context, a *app, args []string) error {
	f, err := readDemoFlags("demo", args, a.err)
	if err != nil {
		return err
	}
	c, err := a.demoClock()
	if err != nil {
		return err
	}
	o, err := f.options(c.Today())
	if err != nil {
		return err
	}
	if f.send != "" {
		return sendMorning(ctx, a.out, f, o)
	}
	h, err := a.open(ctx, c)
	if err != nil {
		return err
	}
	defer h.close()
	start := time.Now()
	l := loader(h.House, f.size == "S", a.progress())
	if err := l.Load(access.AsSystem(ctx, "demo"), o); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "\r仁安医院: %d patients in %s", o.Patients, time.Since(start).Round(time.Second))
	if n := l.Result.Feed; n.Sum() > 0 {
		fmt.Fprintf(a.out, "; of %d messages of its HIS %d brought news, %d wait for a person, %d were refused", n.Sum(), n.New+n.Updated, n.Review, n.Rejected)
	}
	fmt.Fprint(a.out, "\n\n")
	for _, s := range demo.SignIns() {
		fmt.Fprintf(a.out, "  %-10s %-14s %s (%s)\n", s.Login, s.Password, s.Name, s.Post)
	}
	fmt.Fprintf(a.out, "\nStart it with: renxin serve -demo true -data %s\n", a.config["data"])
	return nil
}

// demoClock is the wall clock, or one that begins at the configured instant of the demo.
func (a *app) demoClock() (*clock.Clock, error) {
	if a.config["clock"] == "" {
		return a.clock(), nil
	}
	at, err := time.Parse(time.RFC3339, a.config["clock"])
	return clock.NewMovable(a.clock().Zone(), at).Clock, err
}

func loader(h *house.House, feed bool, tell func(demo.Progress)) *demo.Loader {
	return &demo.Loader{
		Deps: demo.Deps{DB: h.DB, Board: h.Board, Staff: h.Staff, Patient: h.Patient, Visit: h.Visit, Booking: h.Booking, Organization: h.Organization, Profile: h.Profile, Segment: h.Segment, Followup: h.Followup, Intake: h.Intake},
		Feed: feed, Tell: tell,
	}
}

// progress writes one line that is overwritten, at most four times a second.
func (a *app) progress() func(demo.Progress) {
	var last time.Time
	step := ""
	return func(p demo.Progress) {
		if p.Step == step && time.Since(last) < 250*time.Millisecond && p.Done < p.Total {
			return
		}
		last, step = time.Now(), p.Step
		if p.Total == 0 {
			fmt.Fprintf(a.out, "\r%-70s", p.Step)
			return
		}
		fmt.Fprintf(a.out, "\r%-70s", fmt.Sprintf("%s %d of %d, %.0f a second, %s left", p.Step, p.Done, p.Total, p.Rate, p.Left))
	}
}

// sendMorning plays the HIS: it sends its batch message by message and reads every answer.
func sendMorning(ctx context.Context, w io.Writer, f demoFlags, o demo.Options) error {
	o.InBed = true
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", f.send)
	if err != nil {
		return err
	}
	defer conn.Close()
	answers := bufio.NewReader(conn)
	start := time.Now()
	batch := demo.New(o).Morning(f.count)
	for _, r := range batch {
		if _, err := conn.Write(hl7.Frame(demo.HL7(r))); err != nil {
			return err
		}
		if _, err := hl7.ReadFrame(answers); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "%d messages sent and answered in %s\n", len(batch), time.Since(start).Round(time.Millisecond))
	return nil
}
