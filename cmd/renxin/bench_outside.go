package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"time"

	"renxin/bench"
	"renxin/ui"
)

// outside measures the program as its user meets it: start, memory, size, weight of the pages.
func (m *measuring) outside(ctx context.Context) {
	m.binary()
	if err := m.process(ctx); err != nil {
		m.report.Skip("start, memory and pages", err)
	}
}

func (m *measuring) binary() {
	path, err := os.Executable()
	if err != nil {
		m.report.Skip("binary", err)
		return
	}
	info, err := os.Stat(path)
	if err != nil {
		m.report.Skip("binary", err)
		return
	}
	note := "with symbols; stripped it is smaller"
	if f, err := elf.Open(path); err == nil {
		if _, err := f.Symbols(); errors.Is(err, elf.ErrNoSymbols) {
			note = "stripped"
		}
		f.Close()
	}
	m.report.Add(bench.Figure{Name: "binary", Value: float64(info.Size()) / 1e6, Unit: "MB", Budget: 40, Note: note})
}

// process starts the server three times on the loaded hospital; the last one is left idle and asked for its pages.
func (m *measuring) process(ctx context.Context) error {
	var starts bench.Times
	for i := range 3 {
		s, err := m.start(ctx)
		if err != nil {
			return err
		}
		starts = append(starts, s.ready)
		if i == 2 {
			m.report.Add(bench.Figure{Name: "cold start to ready", Value: starts.At(0.5), Unit: "ms", Budget: 500})
			m.idle(s)
			m.pages(ctx, s.url)
		}
		s.stop()
	}
	return nil
}

// server is a running copy of this program.
type server struct {
	cmd   *exec.Cmd
	url   string
	ready time.Duration
}

func (m *measuring) start(ctx context.Context) (*server, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	args := []string{"serve", "-data", m.app.config["data"], "-listen", address, "-mllp", "", "-log", "error"}
	if dsn := m.app.config["database"]; dsn != "" {
		args = append(args, "-database", dsn)
	}
	s := &server{cmd: exec.Command(path, args...), url: "http://" + address}
	s.cmd.Stderr = os.Stderr
	began := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	for time.Since(began) < 30*time.Second && ctx.Err() == nil {
		if _, err := fetch(ctx, s.url+"/readyz"); err == nil {
			s.ready = time.Since(began)
			return s, nil
		}
		time.Sleep(2 * time.Millisecond)
	}
	s.stop()
	return nil, fmt.Errorf("the server was not ready within 30 s")
}

func (s *server) stop() {
	s.cmd.Process.Signal(syscall.SIGTERM)
	s.cmd.Wait()
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// idle reads the resident memory of a server that has had nothing to do for three seconds.
func (m *measuring) idle(s *server) {
	time.Sleep(3 * time.Second)
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		m.report.Skip("idle memory", err)
		return
	}
	var kb float64
	for _, line := range strings.Split(string(b), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			fmt.Sscan(rest, &kb)
		}
	}
	m.report.Add(bench.Figure{Name: "idle memory", Value: kb / 1024, Unit: "MB", Budget: 60, Note: "resident, three seconds after the start"})
}

var assetName = regexp.MustCompile(`(?:src|href)="(/(?:assets|static)/[^"]+\.(?:js|css))"`)

// pages weighs what a browser fetches before it can show something, compressed.
func (m *measuring) pages(ctx context.Context, url string) {
	outside := func(path string) ([]byte, error) { return fetch(ctx, url+path) }
	if err := m.weigh("sign-in page with its style", "/sign-in", 5, outside); err != nil {
		m.report.Skip("sign-in page", err)
	}
	if err := m.weigh("staff pages, shell with what it names", "/", 450, embedded); err != nil {
		m.report.Skip("staff pages", err)
	}
}

// weigh adds up a page and the scripts and styles that it names.
func (m *measuring) weigh(name, path string, budget float64, get func(path string) ([]byte, error)) error {
	shell, err := get(path)
	if err != nil {
		return err
	}
	named := assetName.FindAllSubmatch(shell, -1)
	if len(named) == 0 {
		return errors.New("it names no script or style; are the pages built into this program?")
	}
	weight := zipped(shell)
	for _, a := range named {
		body, err := get(string(a[1]))
		if err != nil {
			return err
		}
		weight += zipped(body)
	}
	m.report.Add(bench.Figure{Name: name, Value: float64(weight) / 1000, Unit: "kB", Budget: budget, Note: fmt.Sprintf("gzip, %d files", len(named)+1)})
	return nil
}

// embedded answers from the pages inside the program, without a session.
func embedded(path string) ([]byte, error) {
	r, err := http.NewRequest(http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	w := &answer{header: http.Header{}, status: http.StatusOK}
	ui.Handler().ServeHTTP(w, r)
	if w.status != http.StatusOK {
		return nil, fmt.Errorf("%s answers %d", path, w.status)
	}
	return w.body.Bytes(), nil
}

// answer keeps what a handler writes.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) { a.status = status }

// Write implements http.ResponseWriter.
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }

func fetch(ctx context.Context, url string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", r.URL.Path, answer.Status)
	}
	return io.ReadAll(answer.Body)
}

func zipped(b []byte) int {
	var w bytes.Buffer
	z, _ := gzip.NewWriterLevel(&w, gzip.BestCompression) // the level is valid
	z.Write(b)
	z.Close()
	return w.Len()
}
