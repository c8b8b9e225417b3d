package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"renxin/bench"
	"renxin/internal/adapter/sms"
	"renxin/internal/demo"
	"renxin/internal/intake"
	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
)

func isNotEmpty(err error) bool { return fault.KeyOf(err) == "demo.load.not_empty" }

// create measures new patients with telephone, two numbers, search terms, trail and fact, from eight clients at once. They are
// persons of another seed, so that the search for duplicates finds what it finds in a hospital.
func (m *measuring) create(ctx context.Context) error {
	o := m.options
	o.Seed, o.Interactions, o.Patients = uint64(m.DB.NextID()), 0, 10_000
	var drafts []patient.Draft
	base := m.DB.NextID() % 1_000_000_000_000
	for p := range demo.New(o).Persons() {
		r := p.Registrations[0]
		drafts = append(drafts, patient.Draft{
			Name: p.Name, Sex: p.Sex, BirthDate: string(p.Birth), Address: p.Address, Source: p.Source,
			Contacts: []patient.ContactInput{{System: "mobile", Value: fmt.Sprintf("1547%07d", (base+int64(p.Serial)*7919)%10_000_000), Owner: r.Owner}},
			Identifiers: []patient.IdentifierInput{{Kind: "outpatient", Issuer: "BENCH", Value: fmt.Sprintf("B%013d", base+int64(p.Serial))},
				{Kind: "card", Issuer: "BENCH", Value: fmt.Sprintf("C%013d", base+int64(p.Serial))}},
		})
		if len(drafts) == 4_000 {
			break
		}
	}
	var n atomic.Int64
	rate, err := bench.Rate(ctx, 8, 3*time.Second, func(ctx context.Context, _, _ int) error {
		i := n.Add(1)
		if int(i) > len(drafts) {
			return errDraftsUsed
		}
		_, err := m.Patient.Create(ctx, drafts[i-1])
		return err
	})
	if errors.Is(err, errDraftsUsed) {
		err = nil
	}
	m.report.Add(bench.Figure{Name: "create a patient, durable, 8 clients", Value: rate, Unit: "/s", Limit: m.raw.Single, What: "one-row transactions", Budget: 0.2, Share: true, More: true})
	return err
}

var errDraftsUsed = errors.New("every draft is used")

// importing measures HL7 messages from bytes to commit, and the same bytes again.
func (m *measuring) importing(ctx context.Context) error {
	g := demo.New(m.options)
	var raw bytes.Buffer
	const n = 1500
	for _, r := range g.Morning(n) {
		r.ControlID = fmt.Sprintf("B%d-%s", m.DB.NextID(), r.ControlID)
		raw.Write(demo.HL7(r))
	}
	before, err := m.Visit.Count(ctx, 0)
	if err != nil {
		return err
	}
	for _, again := range []bool{false, true} {
		start := time.Now()
		run, err := m.Intake.Import(ctx, raw.Bytes(), intake.Options{Feed: demo.FeedName, Kind: intake.FeedCommand, File: "bench.hl7"})
		if err != nil {
			return err
		}
		rate := float64(run.Sum()) / time.Since(start).Seconds()
		if again {
			m.report.Add(bench.Figure{Name: "the same messages again", Value: rate, Unit: "/s", Limit: m.raw.Batch, What: "rows in batches", Budget: 20_000, More: true,
				Note: fmt.Sprintf("%d known byte for byte", run.Duplicate)})
			continue
		}
		after, err := m.Visit.Count(ctx, 0)
		if err != nil {
			return err
		}
		m.report.Add(bench.Figure{Name: "HL7 message to commit", Value: rate, Unit: "/s", Limit: m.raw.Batch, What: "rows in batches", Budget: 1500, More: true,
			Note: fmt.Sprintf("%d new visits, %d for review, %d rejected", after.Encounters-before.Encounters, run.Review, run.Rejected)})
	}
	start := time.Now()
	facts, err := m.Board.Drain(ctx)
	if facts > 0 {
		m.report.Add(bench.Figure{Name: "facts delivered to their listeners", Value: float64(facts) / time.Since(start).Seconds(), Unit: "/s", Limit: m.raw.Single, What: "one-row transactions", More: true})
	}
	return err
}

// jobs measures a queue of its own: one by one in transactions, in a batch, and worked off.
func (m *measuring) jobs(ctx context.Context) error {
	r := job.New(m.DB)
	const kind = "bench.nothing"
	r.Register(job.Kind{Name: kind, Claim: 500, Workers: 2}, func(context.Context, *job.Run) error { return nil })
	rate, err := bench.Rate(ctx, 8, time.Second, func(ctx context.Context, _, i int) error {
		_, err := r.Enqueue(ctx, kind, i, job.Option{})
		return err
	})
	if err != nil {
		return err
	}
	m.report.Add(bench.Figure{Name: "job enqueued in its own transaction", Value: rate, Unit: "/s", Limit: m.raw.Single, What: "one-row transactions", Budget: 4000, More: true})
	rate, err = bench.Rate(ctx, 1, time.Second, func(ctx context.Context, _, _ int) error {
		return m.DB.Tx(ctx, func(ctx context.Context, _ *db.Tx) error {
			for i := range 1000 {
				if _, err := r.Enqueue(ctx, kind, i, job.Option{}); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	m.report.Add(bench.Figure{Name: "jobs enqueued in batches of 1,000", Value: rate * 1000, Unit: "/s", Limit: m.raw.Batch, What: "rows in batches", Budget: 30_000, More: true})
	start := time.Now()
	done, err := r.Drain(ctx)
	m.report.Add(bench.Figure{Name: "jobs worked off", Value: float64(done) / time.Since(start).Seconds(), Unit: "/s", Limit: m.raw.Batch, What: "rows in batches", Budget: 15_000, More: true})
	return err
}

// handOver measures texts from the gate to the acceptance of a local message centre.
func (m *measuring) handOver(ctx context.Context) error {
	var heard atomic.Int64
	centre, err := sms.Listen("127.0.0.1:0", sms.ServerConfig{Keep: 1, Arrived: func(sms.Arrived) { heard.Add(1) }, Behaviour: sms.Behaviour{NoReceipts: true}}, m.DB.Clock())
	if err != nil {
		return err
	}
	defer centre.Close()
	client := sms.New(sms.Config{Name: "bench", Address: centre.Addr(), SystemID: "b", Password: "b", Source: "10690000", Window: 64}, m.Message, m.DB.Clock())
	run, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- client.Run(run) }()
	defer func() { stop(); <-ended }()
	m.Message.Connect(client)
	queued, took, err := m.queueTexts(ctx)
	if err != nil {
		return err
	}
	m.report.Add(bench.Figure{Name: "text through the gate into the outbox", Value: float64(queued) / took.Seconds(), Unit: "/s", Limit: m.raw.Batch, What: "rows in batches", More: true})
	start := time.Now()
	if _, err := m.Jobs.Drain(ctx); err != nil {
		return err
	}
	m.report.Add(bench.Figure{Name: "text handed over to a local message centre", Value: float64(heard.Load()) / time.Since(start).Seconds(), Unit: "/s", Limit: m.raw.Single, What: "one-row transactions",
		Budget: 1500, More: true, Note: fmt.Sprintf("%d of %d arrived", heard.Load(), queued)})
	return nil
}

// queueTexts writes to the first 2,000 patients of the list.
func (m *measuring) queueTexts(ctx context.Context) (queued int, took time.Duration, err error) {
	f := patient.Filter{Limit: 200}
	for range 10 {
		page, err := m.Patient.List(ctx, f)
		if err != nil {
			return queued, took, err
		}
		var drafts []message.Draft
		for _, p := range page.Items {
			drafts = append(drafts, message.Draft{PatientID: p.ID, Purpose: "care", Text: "您好，请按医嘱服药，有不适请与我们联系。", Urgent: true, Room: "bench"})
		}
		start := time.Now()
		sent, err := m.Message.SendAll(ctx, drafts)
		if err != nil {
			return queued, took, err
		}
		took += time.Since(start)
		for _, s := range sent {
			if s.State == message.StateQueued {
				queued++
			}
		}
		if f.Cursor = page.Next; f.Cursor == "" {
			break
		}
	}
	return queued, took, nil
}
