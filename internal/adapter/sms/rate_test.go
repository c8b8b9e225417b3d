package sms_test

import (
	"context"
	"testing"
	"time"

	"renxin/internal/adapter/sms"
	"renxin/internal/platform/access"
)

// BenchmarkHandOver measures messages from the queue to a local message centre with the ledger on: gate, durable "sending",
// SMPP, durable "accepted", and receipts coming back at the same time. The budget is 1,500 messages a second.
func BenchmarkHandOver(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		const n = 6000
		r, centre, numbers := queued(b, n)
		ctx, cancel := context.WithCancel(access.AsSystem(context.Background(), "bench"))
		client := sms.New(config(centre.Addr()), r.message, r.db.Clock())
		r.message.Connect(client)
		go client.Run(ctx)
		for !client.Health().Bound {
			<-time.After(time.Millisecond)
		}
		start := time.Now()
		b.StartTimer()
		go r.jobs.Run(ctx)
		for centre.Taken() < n {
			<-time.After(time.Millisecond)
		}
		b.StopTimer()
		b.ReportMetric(n/time.Since(start).Seconds(), "handed/s")
		for pending := n; pending > 0; {
			v, err := r.message.Totals(ctx)
			if err != nil {
				b.Fatal(err)
			}
			if pending = v.Pending; pending > 0 {
				<-time.After(20 * time.Millisecond)
			}
		}
		b.ReportMetric(n/time.Since(start).Seconds(), "delivered/s")
		if len(numbers) != n {
			b.Fatal("not everybody was enrolled")
		}
		cancel()
		b.StartTimer()
	}
}
