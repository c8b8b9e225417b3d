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
	for _, p := range []struct {
		name, path string
		budget     float64
	}{{"sign-in page with its style", "/sign-in", 5}, {"staff pages, first load", "/", 450}} {
		shell, err := fetch(ctx, url+p.path)
		if err != nil {
			m.report.Skip(p.name, err)
			continue
		}
		if p.path == "/" && !assetName.Match(shell) {
			m.report.Skip(p.name, "the pages are not built into this program")
			continue
		}
		weight, files := zipped(shell), 1
		for _, a := range assetName.FindAllSubmatch(shell, -1) {
			body, err := fetch(ctx, url+string(a[1]))
			if err != nil {
				m.report.Skip(p.name, err)
				continue
			}
			weight, files = weight+zipped(body), files+1
		}
		m.report.Add(bench.Figure{Name: p.name, Value: float64(weight) / 1000, Unit: "kB", Budget: p.budget, Note: fmt.Sprintf("gzip, %d files", files)})
	}
}

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
