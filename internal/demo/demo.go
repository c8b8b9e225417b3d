// Package demo (演示) is the fictional hospital 仁安医院: one seed gives one identical data set, made block by block
// in constant memory. It feeds the try-out, the tests, the screenshots and the benchmark. Nobody in it is real, and
// no number in it can be dialled: see number.go.
package demo

import (
	"iter"

	"renxin/internal/platform/clock"
)

// blockSize is how many persons are made together; families do not cross blocks.
const blockSize = 100

// Options choose a data set. Equal options give equal data, whatever the machine and the day.
type Options struct {
	Seed         uint64     // any number
	Patients     int        // persons; about 8 % of them are registered twice
	Interactions int        // at least so many in all: encounters, appointments, reports, messages and follow-up tasks; 0 = what chance gives
	Today        clock.Date // the day on which the demo is used; visits end the day before, plans and bookings reach beyond it
	Years        int        // how far the history goes back, 1…10; 0 = 3
	InBed        bool       // leave 李秀英 in the ward, so that a feed can report her discharge on Today
}

// Small is fixture S: 5,000 persons and 60,000 interactions.
func Small(today clock.Date) Options {
	return Options{Seed: 1, Patients: 5_000, Interactions: 60_000, Today: today, Years: 3}
}

// Large is fixture L: 1,000,000 persons and 10,000,000 interactions.
func Large(today clock.Date) Options {
	return Options{Seed: 1, Patients: 1_000_000, Interactions: 10_000_000, Today: today, Years: 5}
}

// Generator makes the persons of one data set. It holds no state: any block can be made at any time, by several goroutines at once.
type Generator struct {
	options Options
	today   day
}

// New prepares a data set; missing options take the values of fixture S.
func New(o Options) *Generator {
	if o.Patients <= 0 {
		o.Patients = 5_000
	}
	if o.Years <= 0 || o.Years > 10 {
		o.Years = 3
	}
	return &Generator{options: o, today: dayOf(o.Today)}
}

// Options are those that the data set is made with.
func (g *Generator) Options() Options { return g.options }

// Blocks is the number of blocks; all but the last hold 100 persons.
func (g *Generator) Blocks() int { return (g.options.Patients + blockSize - 1) / blockSize }

// Block makes the persons of block n, 0 … Blocks()−1, in the order of their serials.
func (g *Generator) Block(n int) []Person {
	first := n * blockSize
	size := min(blockSize, g.options.Patients-first)
	d := newDice(g.options.Seed, uint64(n)+100)
	people := g.people(d, first, size)
	if n == 0 {
		g.nameStory(people)
	}
	g.joinFamilies(d, people)
	for i := range people {
		g.register(d, &people[i])
		g.live(d, &people[i])
	}
	g.recent(d, people)
	if n == 0 {
		g.tellStory(people)
	}
	for i := range people {
		g.accompany(d, &people[i])
	}
	g.courtesyCalls(d, people)
	g.fill(d, people)
	for i := range people {
		people[i].sort()
	}
	return people
}

// Persons makes all persons, one block in memory at a time.
func (g *Generator) Persons() iter.Seq[Person] {
	return func(yield func(Person) bool) {
		for n := range g.Blocks() {
			for _, p := range g.Block(n) {
				if !yield(p) {
					return
				}
			}
		}
	}
}
