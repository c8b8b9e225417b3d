package intake_test

import (
	"fmt"
	"testing"
	"time"

	"renxin/internal/adapter/hl7"
	"renxin/internal/intake"
	"renxin/internal/intake/intaketest"
)

// BenchmarkImport measures HL7 to commit: the simulated hospital's day into an empty database.
func BenchmarkImport(b *testing.B) {
	raw := intaketest.File(b, "hl7v2-simhospital", "messages-001-506.hl7")
	n, took := 0, time.Duration(0)
	for b.Loop() {
		b.StopTimer()
		h := newHouse(b)
		b.StartTimer()
		start := time.Now()
		run, err := h.Import(h.ctx, raw, intake.Options{Feed: "HIS", Kind: intake.FeedCommand, File: "day"})
		if err != nil {
			b.Fatal(err)
		}
		n, took = n+run.Done, took+time.Since(start)
	}
	b.ReportMetric(float64(n)/took.Seconds(), "messages/s")
}

// BenchmarkReplay measures what is known already.
func BenchmarkReplay(b *testing.B) {
	raw := intaketest.File(b, "hl7v2-simhospital", "messages-001-506.hl7")
	h := newHouse(b)
	h.importRaw("day", raw)
	n := 0
	start := time.Now()
	for b.Loop() {
		n += h.importRaw("day", raw).Done
	}
	b.ReportMetric(float64(n)/time.Since(start).Seconds(), "messages/s")
}

// BenchmarkLive measures one message, one commit, one answer.
func BenchmarkLive(b *testing.B) {
	list, _ := hl7.Split(intaketest.File(b, "hl7v2-simhospital", "messages-001-506.hl7"))
	h := newHouse(b)
	start, n := time.Now(), 0
	for b.Loop() {
		_, r := hl7.Read(list[n%len(list)], hl7.Options{})
		if _, err := h.Receive(h.ctx, intake.Live{Feed: "HIS", Address: "127.0.0.1", Record: r}); err != nil {
			b.Fatal(err)
		}
		n++
	}
	b.ReportMetric(float64(n)/time.Since(start).Seconds(), "messages/s")
}

// BenchmarkUnchanged measures a table exported again: other rows of the file changed, these did not.
func BenchmarkUnchanged(b *testing.B) {
	raw := crowd(4000)
	h := newHouse(b)
	h.importRaw("base.csv", raw)
	n := 0
	start := time.Now()
	for b.Loop() {
		raw = append(raw, rows(person{name: "周一", birth: "1990-01-01", card: fmt.Sprintf("N%d", n)})[len(rows()):]...)
		n += h.importRaw("again.csv", raw).Done
	}
	b.ReportMetric(float64(n)/time.Since(start).Seconds(), "rows/s")
}
