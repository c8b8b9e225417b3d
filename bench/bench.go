// Package bench measures and reports: percentiles, the raw rates of an engine that every figure is compared with, and the
// Markdown report. What is measured stands in cmd/renxin/bench.go; budgets stand in docs/performance.md.
package bench

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

// Figure is one measured thing beside its limit and its budget.
type Figure struct {
	Name   string
	Value  float64
	Unit   string  // ms, /s, MB, kB
	Limit  float64 // what the bare engine does in the same run, same unit; 0 without
	What   string  // what the limit is
	Budget float64 // 0 without
	More   bool    // more is better: the budget is a floor
	Share  bool    // the budget is a share of the limit (0.2 = 20 %), not a value
	Note   string
}

// Held says whether the budget is met; true without one.
func (f Figure) Held() bool {
	have := f.Value
	if f.Share {
		if f.Limit == 0 {
			return false
		}
		have /= f.Limit
	}
	switch {
	case f.Budget == 0:
		return true
	case f.More:
		return have >= f.Budget
	}
	return have <= f.Budget
}

// Times collects how long something took.
type Times []time.Duration

// At is the percentile p (0…1) in milliseconds; 0 when nothing was measured.
func (t Times) At(p float64) float64 {
	if len(t) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(t))
	i := min(int(p*float64(len(s))), len(s)-1)
	return float64(s[i]) / float64(time.Millisecond)
}

// Repeat runs fn after a few unmeasured warm-up runs until n runs or the time budget are used up; at least three are measured.
func Repeat(n int, budget time.Duration, fn func(i int) error) (Times, error) {
	for i := range 3 {
		if err := fn(i); err != nil {
			return nil, err
		}
	}
	var t Times
	for start := time.Now(); len(t) < n && (len(t) < 3 || time.Since(start) < budget); {
		began := time.Now()
		if err := fn(len(t)); err != nil {
			return t, err
		}
		t = append(t, time.Since(began))
	}
	return t, nil
}

// Rate runs fn from clients goroutines for about d and gives the calls per second that succeeded.
func Rate(ctx context.Context, clients int, d time.Duration, fn func(ctx context.Context, client, i int) error) (float64, error) {
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		calls int
		first error
	)
	start := time.Now()
	for c := range clients {
		wg.Add(1)
		go func() {
			defer wg.Done()
			n := 0
			for i := 0; time.Since(start) < d; i++ {
				if err := fn(ctx, c, i); err != nil {
					mu.Lock()
					first = err
					mu.Unlock()
					break
				}
				n++
			}
			mu.Lock()
			calls += n
			mu.Unlock()
		}()
	}
	wg.Wait()
	return float64(calls) / time.Since(start).Seconds(), first
}

// Report is what one run measured.
type Report struct {
	Title   string
	Facts   [][2]string // machine, engine, sizes
	Figures []Figure
	Missing []string // what could not be measured, and why
}

// Add appends a figure.
func (r *Report) Add(f Figure) { r.Figures = append(r.Figures, f) }

// Skip notes what could not be measured.
func (r *Report) Skip(what string, why any) {
	r.Missing = append(r.Missing, fmt.Sprintf("%s: %v", what, why))
}

// WriteTo writes the report as Markdown.
func (r Report) WriteTo(w io.Writer) (int64, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n", r.Title)
	for _, f := range r.Facts {
		fmt.Fprintf(&b, "- %s: %s\n", f[0], f[1])
	}
	b.WriteString("\n| what | measured | limit in the same run | ratio | budget | held |\n|---|---:|---:|---:|---:|---|\n")
	for _, f := range r.Figures {
		b.WriteString(f.row())
	}
	for i, m := range r.Missing {
		if i == 0 {
			b.WriteString("\nNot measured in this run:\n\n")
		}
		fmt.Fprintf(&b, "- %s\n", m)
	}
	n, err := io.WriteString(w, b.String())
	return int64(n), err
}

func (f Figure) row() string {
	limit, ratio, budget, held := "", "", "", ""
	if f.Limit > 0 {
		limit = fmt.Sprintf("%s %s (%s)", number(f.Limit), f.Unit, f.What)
		ratio = fmt.Sprintf("%.2f", f.Value/f.Limit)
	}
	if f.Budget > 0 {
		sign := "≤"
		if f.More {
			sign = "≥"
		}
		budget = fmt.Sprintf("%s %s %s", sign, number(f.Budget), f.Unit)
		if f.Share {
			budget = fmt.Sprintf("%s %.0f %%", sign, f.Budget*100)
		}
		held = "yes"
		if !f.Held() {
			held = "**no**"
		}
	}
	name := f.Name
	if f.Note != "" {
		name += " (" + f.Note + ")"
	}
	return fmt.Sprintf("| %s | %s %s | %s | %s | %s | %s |\n", name, number(f.Value), f.Unit, limit, ratio, budget, held)
}

// number is short: three digits that count, thousands apart.
func number(v float64) string {
	switch {
	case v >= 1000:
		s := fmt.Sprintf("%.0f", v)
		for i := len(s) - 3; i > 0; i -= 3 {
			s = s[:i] + "," + s[i:]
		}
		return s
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}
