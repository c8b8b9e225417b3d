package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"renxin/bench"
	"renxin/cmd/renxin/house"
	"renxin/internal/booking"
	"renxin/internal/demo"
	"renxin/internal/followup"
	"renxin/internal/message"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
)

// measuring is one benchmark run.
type measuring struct {
	*house.House
	app     *app
	flags   demoFlags
	options demo.Options
	raw     bench.Raw
	report  bench.Report
}

// benchCommand loads a hospital into a scratch directory, measures this machine against the budgets and writes a report.
// With -cache DIR the hospital is kept there and used again.
func benchCommand(ctx context.Context, a *app, args []string) error {
	set := flag.NewFlagSet("renxin bench", flag.ContinueOnError)
	set.SetOutput(a.err)
	size, patients := set.String("size", "S", "S or L"), set.Int("patients", 0, "another number of patients")
	out, cache := set.String("out", "", "write the report to this file as well"), set.String("cache", "", "keep the loaded hospital in this directory")
	if err := set.Parse(args); err != nil {
		return err
	}
	m := &measuring{app: a, flags: demoFlags{size: *size, patients: *patients, seed: 1}}
	var err error
	if m.options, err = m.flags.options(a.clock().Today()); err != nil {
		return err
	}
	if *out != "" {
		if err := os.MkdirAll(filepath.Dir(a.absolute(*out)), 0o755); err != nil {
			return err
		}
	}
	dir := *cache
	if dir == "" {
		if dir, err = os.MkdirTemp("", "renxin-bench-*"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	a.config["data"] = dir
	if err := m.all(ctx); err != nil {
		return err
	}
	if _, err := m.report.WriteTo(a.out); err != nil || *out == "" {
		return err
	}
	f, err := os.Create(a.absolute(*out))
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = m.report.WriteTo(f)
	return err
}

// all measures what needs the rooms, closes them, and then measures the program from outside.
func (m *measuring) all(ctx context.Context) error {
	o, err := m.app.open(ctx, m.app.clock())
	if err != nil {
		return err
	}
	m.House = o.House
	ctx = access.AsSystem(ctx, "bench")
	err = m.inside(ctx)
	o.close()
	if err != nil {
		return err
	}
	m.outside(ctx)
	return nil
}

func (m *measuring) inside(ctx context.Context) error {
	var err error
	if m.raw, err = bench.MeasureRaw(ctx, m.DB, time.Second); err != nil {
		return fmt.Errorf("raw rates: %w", err)
	}
	loaded, err := m.load(ctx)
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	if err := m.title(ctx, loaded); err != nil {
		return err
	}
	for _, part := range []struct {
		name string
		run  func(context.Context) error
	}{
		{"list", m.list}, {"search", m.search}, {"patient's page", m.page}, {"worklist", m.worklist},
		{"create", m.create}, {"import", m.importing}, {"jobs", m.jobs}, {"hand-over", m.handOver},
	} {
		fmt.Fprintf(m.app.err, "\r%-70s", part.name)
		if m.raw, err = bench.MeasureRaw(ctx, m.DB, 300*time.Millisecond); err != nil {
			return fmt.Errorf("raw rates: %w", err)
		}
		if err := part.run(ctx); err != nil {
			m.report.Skip(part.name, err)
		}
	}
	fmt.Fprintf(m.app.err, "\r%-70s\r", "")
	return ctx.Err()
}

// load fills the database unless a cached one is there; it tells how long it took.
func (m *measuring) load(ctx context.Context) (string, error) {
	start := time.Now()
	l := loader(m.House, m.flags.size == "S" && m.flags.patients == 0, m.app.progress())
	err := l.Load(ctx, m.options)
	if isNotEmpty(err) {
		return "cached", nil
	}
	if err != nil {
		return "", err
	}
	took := time.Since(start)
	figure := bench.Figure{Name: "load the hospital", Value: float64(m.options.Patients) / took.Seconds(), Unit: "patients/s", More: true}
	if l.Feed {
		figure.Note = fmt.Sprintf("%d of the messages through the feed", l.Result.Feed.Sum())
	}
	m.report.Add(figure)
	if m.options.Patients == 5000 {
		m.report.Add(bench.Figure{Name: "load fixture S", Value: took.Seconds(), Unit: "s", Budget: 60})
	}
	return took.Round(time.Second).String(), nil
}

func (m *measuring) title(ctx context.Context, loaded string) error {
	visits, err := m.Visit.Count(ctx, 0)
	if err != nil {
		return err
	}
	bookings, err := booking.CountAll(ctx, m.DB)
	if err != nil {
		return err
	}
	sent, received, err := message.CountAll(ctx, m.DB)
	if err != nil {
		return err
	}
	tasks, err := followup.CountAll(ctx, m.DB)
	if err != nil {
		return err
	}
	interactions := visits.Encounters + visits.Reports + bookings + sent + received + tasks.Tasks
	m.report.Title = fmt.Sprintf("%s, %d patients, %s", m.DB.Engine(), m.options.Patients, time.Now().Format("2006-01-02 15:04"))
	m.report.Facts = [][2]string{
		{"machine", fmt.Sprintf("%s/%s, %d cores, load %s, %s", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), machineLoad(), runtime.Version())},
		{"engine", engineFact(m.DB)},
		{"data", fmt.Sprintf("%d interactions, %d charge lines, %d plans; loaded in %s", interactions, visits.Charges, tasks.Plans, loaded)},
		{"raw rates at the start; they are measured again before each part", fmt.Sprintf("%.0f one-row durable transactions/s with 8 clients, %.0f rows/s in transactions of 2,000, 50 rows by key p95 %.2f ms", m.raw.Single, m.raw.Batch, m.raw.Read)},
	}
	return nil
}

func engineFact(d *db.DB) string {
	if d.Engine() == db.SQLite {
		return "SQLite, WAL, synchronous=FULL, one writer, four readers"
	}
	return "PostgreSQL, synchronous_commit as the server has it"
}

// machineLoad is the load average of the last minute where the system tells it.
func machineLoad() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Fields(string(b))[0]
}
