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

// Conflicts is how many records of a morning batch name two patients at once.
const Conflicts = 3

// Morning is the batch that the HIS sends on the day of the demo: the discharge of 李秀英, who must have been left in bed
// (Options.InBed), Conflicts records in which the 门诊号 says one patient and the card another, and visits of yesterday, each of
// another patient: n records in all, fewer when there are not so many patients.
func (g *Generator) Morning(n int) []intake.Record {
	li := g.Block(0)[0]
	if g.options.InBed {
		g.discharge(&li.Visits[0])
	}
	all := Records(li)
	batch := []intake.Record{all[len(all)-1]}
	d := newDice(g.options.Seed, 1)
	for b := 1; b < g.Blocks() && len(batch) < n; b++ {
		people := g.Block(b)
		if b == 1 {
			batch = append(batch, g.conflicts(people)...)
			people = people[2*Conflicts:]
		}
		for i := range people[:min(len(people), n-len(batch))] {
			batch = append(batch, g.yesterday(d, &people[i]))
		}
	}
	return batch
}

// yesterday is a new visit of p.
func (g *Generator) yesterday(d dice, p *Person) intake.Record {
	dep := pickDepartment(d, p, g.today-1, g.today)
	v := *g.outpatient(d, p, g.today-1, dep, g.pickDisease(d, dep.Code), nil)
	v.Registration, v.Reports, v.Charges = 0, nil, nil
	r := p.visitRecords(v)[0]
	r.Ref, r.ControlID = v.Encounter.Number, "M"+v.Encounter.Number
	return r
}

// conflicts takes the first persons of a block in pairs: the person and 门诊号 of one, the card number of the other.
func (g *Generator) conflicts(people []Person) []intake.Record {
	var all []intake.Record
	for i := range Conflicts {
		a, b := people[2*i], people[2*i+1]
		r := a.record(intake.PatientUpsert, 0, g.today.at(6*3600+i))
		r.Patient.Identifiers = []intake.Identifier{
			{Kind: "outpatient", Issuer: issuer, Value: a.Registrations[0].Outpatient}, {Kind: "card", Issuer: issuer, Value: b.Registrations[0].Card},
		}
		r.Ref = a.Registrations[0].Number
		r.ControlID = "K" + r.Ref
		all = append(all, r)
	}
	return all
}
