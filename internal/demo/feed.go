package demo

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"renxin/internal/intake"
	"renxin/internal/platform/clock"
)

// timed is a message of the HIS and when it was sent.
type timed struct {
	at  clock.Instant
	raw []byte
}

// FeedName is the feed under which the demo HIS sends.
const FeedName = "HIS"

// inBulk says whether a registration is loaded without the feed: the first of everybody, all of them when there is no feed, and
// both of 张伟, who are to be found and merged by a person.
func (l *Loader) inBulk(p Person, told intake.Person) bool {
	return !l.Feed || p.Story != "" || told.Identifiers[0].Value == p.Registrations[0].Number
}

// feed sends what was kept through the intake, in the order in which it happened, and lets the facts do their work.
func (l *Loader) feed(ctx context.Context) error {
	if len(l.messages) > 0 {
		slices.SortStableFunc(l.messages, func(a, b timed) int { return cmp.Compare(a.at, b.at) })
		var all bytes.Buffer
		for _, m := range l.messages {
			all.Write(m.raw)
		}
		tell := l.step("feed", len(l.messages))
		run, err := l.Intake.Import(ctx, all.Bytes(), intake.Options{
			Feed: FeedName, Kind: intake.FeedCommand, File: "demo.hl7",
			OnChunk: func(_ context.Context, done, _ int) bool { tell(done); return true },
		})
		if err != nil {
			return err
		}
		l.Result.Feed = run.Counts
		l.messages = nil
	}
	l.step("facts", 0)(0)
	_, err := l.Board.Drain(ctx)
	return err
}

// Morning is the batch that the HIS sends on the day of the demo: the discharge of 李秀英, who must have been left in bed
// (Options.InBed), and n visits of yesterday and today's first hour.
func (g *Generator) Morning(n int) []intake.Record {
	people := g.Block(0)
	li := people[0]
	g.discharge(&li.Visits[0])
	all := Records(li)
	batch := []intake.Record{all[len(all)-1]}
	d := newDice(g.options.Seed, 1)
	for i := 0; len(batch) < n; i++ {
		block := g.Block(1 + i%max(1, g.Blocks()-1))
		p := &block[d.IntN(len(block))]
		dep := clinic(pick(d, []string{"0101", "0104", "0305", "1001"}))
		v := g.outpatient(d, p, g.today-1, dep, g.pickDisease(d, dep.Code), nil)
		v.Registration, v.Reports, v.Charges = 0, nil, nil
		r := p.visitRecords(*v)[0]
		r.Ref, r.ControlID = v.Encounter.Number, "M"+v.Encounter.Number
		batch = append(batch, r)
	}
	return batch
}
