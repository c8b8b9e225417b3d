package main

import (
	"fmt"
	"net/http"
	"runtime"
	"time"

	"renxin/cmd/renxin/house"
)

// metrics writes the figures of operation in Prometheus's text format 0.0.4. No figure concerns a single patient.
func metrics(h *house.House) http.Handler {
	began := time.Now()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		ctx := r.Context()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		fmt.Fprintf(w, "# HELP renxin_uptime_seconds Seconds since the process began.\n# TYPE renxin_uptime_seconds gauge\nrenxin_uptime_seconds %.0f\n", time.Since(began).Seconds())
		fmt.Fprintf(w, "# HELP renxin_memory_bytes Heap in use.\n# TYPE renxin_memory_bytes gauge\nrenxin_memory_bytes %d\n", m.HeapInuse)
		fmt.Fprintf(w, "# HELP renxin_goroutines Goroutines.\n# TYPE renxin_goroutines gauge\nrenxin_goroutines %d\n", runtime.NumGoroutine())
		if counts, err := h.Jobs.Counts(ctx); err == nil {
			fmt.Fprint(w, "# HELP renxin_jobs Jobs that are ready, running or dead.\n# TYPE renxin_jobs gauge\n")
			for _, c := range counts {
				fmt.Fprintf(w, "renxin_jobs{kind=%q,state=%q} %d\n", c.Kind, c.State, c.N)
			}
		}
		if beats, err := h.Jobs.Beats(ctx); err == nil {
			now := h.DB.Clock().Now()
			fmt.Fprint(w, "# HELP renxin_beat_age_seconds Seconds since periodic work last succeeded.\n# TYPE renxin_beat_age_seconds gauge\n")
			for _, b := range beats {
				fmt.Fprintf(w, "renxin_beat_age_seconds{name=%q} %.1f\n", b.Name, now.Sub(b.OkAt).Seconds())
			}
			fmt.Fprint(w, "# HELP renxin_beat_late Whether periodic work missed its turns.\n# TYPE renxin_beat_late gauge\n")
			for _, b := range beats {
				late := 0
				if b.Late(now) {
					late = 1
				}
				fmt.Fprintf(w, "renxin_beat_late{name=%q} %d\n", b.Name, late)
			}
		}
		if letters, err := h.Board.DeadLetters(ctx, 1000); err == nil {
			fmt.Fprintf(w, "# HELP renxin_dead_letters Facts that a listener could not take.\n# TYPE renxin_dead_letters gauge\nrenxin_dead_letters %d\n", len(letters))
		}
	})
}
