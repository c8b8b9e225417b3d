package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"renxin/internal/intake"
	"renxin/internal/platform/clock"
)

const today = clock.Date("2026-11-23")

func digest(t *testing.T, g *Generator) string {
	t.Helper()
	h := sha256.New()
	for p := range g.Persons() {
		b, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		h.Write(b)
		for _, r := range Records(p) {
			h.Write(HL7(r))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func TestSameSeedSameData(t *testing.T) {
	o := Options{Seed: 7, Patients: 450, Interactions: 5_400, Today: today}
	first := digest(t, New(o))
	if again := digest(t, New(o)); again != first {
		t.Fatal("the same options gave different data")
	}
	o.Seed = 8
	if other := digest(t, New(o)); other == first {
		t.Fatal("another seed gave the same data")
	}
}

func TestBlocksStandAlone(t *testing.T) {
	g := New(Options{Seed: 7, Patients: 450, Interactions: 5_400, Today: today})
	if g.Blocks() != 5 || len(g.Block(4)) != 50 {
		t.Fatalf("450 persons in %d blocks, the last of %d", g.Blocks(), len(g.Block(4)))
	}
	want := g.Block(3)
	var got []Person
	for p := range g.Persons() {
		if p.Serial/blockSize == 3 {
			got = append(got, p)
		}
	}
	a, _ := json.Marshal(want)
	b, _ := json.Marshal(got)
	if string(a) != string(b) {
		t.Fatal("a block made alone differs from the same block in the stream")
	}
}

func TestFixtureSmallHasItsSize(t *testing.T) {
	g := New(Small(today))
	persons, interactions := 0, 0
	for p := range g.Persons() {
		persons++
		interactions += p.Interactions()
	}
	if persons != 5_000 {
		t.Errorf("%d persons, want 5,000", persons)
	}
	if interactions < 60_000 || interactions > 63_000 {
		t.Errorf("%d interactions, want 60,000 to 63,000", interactions)
	}
}

// counted is what the distribution test adds up.
type counted map[string]float64

func (c counted) share(what, of string) float64 { return c[what] / c[of] }

func count(g *Generator) counted {
	c := counted{}
	for p := range g.Persons() {
		countPerson(c, g, p)
		for _, v := range p.Visits {
			countVisit(c, v)
		}
		for _, a := range p.Appointments {
			if a.Status != "booked" {
				c["bookings"]++
				c[a.Status]++
			}
		}
		for _, m := range p.Messages {
			if m.In {
				c["replies"]++
				continue
			}
			c["sent"]++
			c[m.State]++
		}
	}
	return c
}

func countPerson(c counted, g *Generator, p Person) {
	c["persons"]++
	c[p.Sex]++
	c["surname "+p.Surname]++
	age := p.born.years(g.today)
	for _, band := range ages {
		if age >= band.lo && age <= band.hi {
			c["age "+string(rune('a'+band.lo/10))]++
		}
	}
	if age >= 20 && age < 40 {
		c["young"]++
		c["young "+p.Sex]++
	}
	if age < 12 {
		c["children"]++
		if p.Family >= 0 {
			c["children with a parent's number"]++
		}
	}
	if p.Family >= 0 {
		c["sharing"]++
	}
	if len(p.Registrations) > 1 {
		c["duplicates"]++
	}
	r := p.Registrations[0]
	if r.IDCard == "" {
		c["no card"]++
	}
	if len(r.IDCard) == 15 {
		c["short card"]++
	}
	if slices.Contains(placeholders, r.Mobile) {
		c["placeholder"]++
	}
}

func countVisit(c counted, v Visit) {
	if v.Encounter.Class == "IMP" {
		c["stays"]++
		return
	}
	c["visits"]++
	c["dept "+v.Encounter.DepartmentCode[:2]]++
	if v.operation != nil {
		return
	}
	for _, x := range v.Charges {
		c["visit fen"] += float64(x.AmountFen)
		c["lines"]++
		if x.AmountFen < 0 {
			c["refunds"]++
		}
	}
}

func TestDistributions(t *testing.T) {
	c := count(New(Options{Seed: 3, Patients: 20_000, Interactions: 240_000, Today: today}))
	for _, x := range []struct {
		what      string
		got, want float64
		tolerance float64
	}{
		{"women", c.share("female", "persons"), 0.54, 0.02},
		{"women of 20 to 39", c.share("young female", "young"), 0.68, 0.02},
		{"surname Wang", c.share("surname 王", "persons"), 0.071, 0.01},
		{"surname Chen", c.share("surname 陈", "persons"), 0.046, 0.01},
		{"children with a parent's number", c.share("children with a parent's number", "children"), 0.85, 0.03},
		{"registered twice", c.share("duplicates", "persons"), 0.08, 0.01},
		{"no identity card", c.share("no card", "persons"), 0.12, 0.01},
		{"15-digit card", c.share("short card", "persons"), 0.0155, 0.005},
		{"placeholder mobile", c.share("placeholder", "persons"), 0.01, 0.004},
		{"internal medicine", c.share("dept 01", "visits"), 0.24, 0.04},
		{"surgery", c.share("dept 02", "visits"), 0.10, 0.03},
		{"women's medicine", c.share("dept 03", "visits"), 0.10, 0.03},
		{"paediatrics", c.share("dept 04", "visits"), 0.09, 0.03},
		{"stays per visit", c.share("stays", "visits"), 0.0575, 0.025},
		{"yuan a visit", c.share("visit fen", "visits") / 100, 361, 40},
		{"refund lines", c.share("refunds", "lines"), 0.03, 0.01},
		{"missed bookings", c.share("noshow", "bookings"), 0.165, 0.015},
		{"cancelled bookings", c.share("cancelled", "bookings"), 0.09, 0.015},
		{"delivered messages", c.share("delivered", "sent"), 0.98, 0.005},
		{"answered messages", c.share("replies", "sent"), 0.05, 0.03},
	} {
		if math.Abs(x.got-x.want) > x.tolerance {
			t.Errorf("%s: %.4f, want %.4f ± %.4f", x.what, x.got, x.want, x.tolerance)
		}
	}
	for _, band := range ages {
		if got := c.share("age "+string(rune('a'+band.lo/10)), "persons"); band.lo >= 18 && math.Abs(got-band.share/100) > 0.012 {
			t.Errorf("ages %d to %d: %.3f, want %.2f", band.lo, band.hi, got, band.share/100)
		}
	}
}

func TestNumbersBelongToNobody(t *testing.T) {
	g := New(Options{Seed: 5, Patients: 30_000, Today: today})
	cards, mobiles, encounters := map[string]int{}, map[string]int{}, map[string]bool{}
	for p := range g.Persons() {
		if idCheck(p.IDCard[:17]) != p.IDCard[17] || p.IDCard[4:6] != "00" {
			t.Fatalf("card of %d has a region or check character that could be real", p.Serial)
		}
		cards[p.IDCard]++
		for _, r := range p.Registrations {
			checkMobile(t, r)
			if r.Owner == "self" && !slices.Contains(placeholders, r.Mobile) {
				mobiles[r.Mobile] = p.Serial
			}
		}
		for _, v := range p.Visits {
			if encounters[v.Encounter.Number] {
				t.Fatalf("encounter number %s twice", v.Encounter.Number)
			}
			encounters[v.Encounter.Number] = true
		}
	}
	if len(cards) != 30_000 {
		t.Errorf("%d different cards for 30,000 persons", len(cards))
	}
}

func checkMobile(t *testing.T, r Registration) {
	t.Helper()
	for _, m := range []string{r.Mobile, r.MovedTo} {
		if m != "" && !slices.Contains(placeholders, m) && (len(m) != 11 || !strings.HasPrefix(m, "154")) {
			t.Fatalf("a mobile outside the prefix 154 in registration %s", r.Number)
		}
	}
	if r.Landline != "" && !strings.Contains(r.Landline, "5550") {
		t.Fatalf("a landline outside the 5550 block in registration %s", r.Number)
	}
}

func TestCardsStayUniqueInTheLargeFixture(t *testing.T) {
	g := New(Large(today))
	d := newDice(1, 1)
	// Persons of one class of region and order number are a cycle apart; their birth dates may never meet.
	for serial := range 40 {
		seen := map[day]bool{}
		for s := serial; s < g.options.Patients; s += cardCycle() {
			for range 3 {
				born := g.birth(d, d.between(0, 94), s)
				if born >= g.today {
					t.Fatalf("serial %d is born on or after today", s)
				}
				seen[born] = true
			}
			cycle := (g.options.Patients + cardCycle() - 1) / cardCycle()
			for b := range seen {
				if ((int(b)-s/cardCycle())%cycle+cycle)%cycle != 0 {
					t.Fatalf("serial %d can be born on the day of another of its class", s)
				}
			}
			clear(seen)
		}
	}
}

func TestStoryPatientsAreAlwaysThere(t *testing.T) {
	for _, seed := range []uint64{1, 99} {
		found := map[string]Person{}
		for _, p := range New(Options{Seed: seed, Patients: 300, Interactions: 3_600, Today: today}).Block(0) {
			if p.Story != "" {
				found[p.Story] = p
			}
		}
		for _, part := range Parts() {
			if p := found[part.Key]; p.Name != part.Name || p.Registrations[0].Mobile != part.Mobile {
				t.Errorf("seed %d: %s is missing or has another number", seed, part.Key)
			}
		}
		li, chen, zhang := found["lixiuying"], found["chenli"], found["zhangwei"]
		if end := zone.Date(li.Visits[0].Encounter.EndedAt); end != today || li.Visits[0].Procedures[0].Code != "67.3200" {
			t.Errorf("seed %d: 李秀英 leaves on %s", seed, end)
		}
		if at := zone.Date(chen.Visits[0].Procedures[0].At); at != today.Add(-10) {
			t.Errorf("seed %d: 陈丽 was operated on %s", seed, at)
		}
		if len(zhang.Registrations) != 2 || zhang.Interactions() != 37 {
			t.Errorf("seed %d: 张伟 has %d registrations, %d interactions", seed, len(zhang.Registrations), zhang.Interactions())
		}
	}
}

func TestFollowupStepsFallOnToday(t *testing.T) {
	due := map[clock.Date]int{}
	for p := range New(Small(today)).Persons() {
		for _, x := range p.Tasks {
			due[x.Due]++
			if x.State == "done" && x.DoneAt >= New(Small(today)).today.at(0) {
				t.Fatal("a task was done in the future")
			}
		}
	}
	if due[today] < 30 {
		t.Errorf("only %d steps are due today", due[today])
	}
}

func TestStreamingKeepsMemoryFlat(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 60,000 persons")
	}
	g := New(Options{Seed: 1, Patients: 1_000_000, Interactions: 10_000_000, Today: today, Years: 5})
	var peak, base runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&base)
	n := 0
	for range g.Persons() {
		if n++; n%10_000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&peak)
			if grown := int64(peak.HeapAlloc) - int64(base.HeapAlloc); grown > 8<<20 {
				t.Fatalf("after %d persons the heap has grown by %d bytes", n, grown)
			}
		}
		if n == 60_000 {
			return
		}
	}
}

func TestNothingHappensBeforeBirthOrAfterToday(t *testing.T) {
	g := New(Options{Seed: 2, Patients: 3_000, Interactions: 36_000, Today: today})
	end := g.today.at(0)
	for p := range g.Persons() {
		for _, v := range p.Visits {
			e := v.Encounter
			if e.StartedAt < p.born.at(0) || p.Story == "" && (e.StartedAt >= end || e.EndedAt >= end) || e.EndedAt != 0 && e.EndedAt < e.StartedAt {
				t.Fatalf("person %d, encounter %s from %s to %s", p.Serial, e.Number, e.StartedAt, e.EndedAt)
			}
			for _, x := range v.Procedures {
				if x.At < e.StartedAt || x.At >= end || e.Class == "IMP" && e.EndedAt != 0 && x.At > e.EndedAt {
					t.Fatalf("operation of %s at %s outside the encounter", e.Number, x.At)
				}
			}
		}
		for _, m := range p.Messages {
			if m.At >= end {
				t.Fatalf("message in the future: %s", m.At)
			}
		}
	}
}

func TestRecordsTellEverything(t *testing.T) {
	for p := range New(Options{Seed: 4, Patients: 400, Interactions: 4_800, Today: today}).Persons() {
		if a, b := totals(Records(p)), had(p); a != b {
			t.Fatalf("person %d: messages tell %v, there is %v", p.Serial, a, b)
		}
	}
}

type told struct {
	fen                            int64
	visits, reports, bookings, ops int
}

func had(p Person) (x told) {
	x.visits, x.bookings = len(p.Visits), len(p.Appointments)
	for _, v := range p.Visits {
		x.ops += len(v.Procedures)
		x.reports += len(v.Reports)
		for _, c := range v.Charges {
			x.fen += c.AmountFen
		}
	}
	return x
}

func totals(all []intake.Record) (x told) {
	seen := map[string]bool{}
	fresh := func(kind, n string) bool {
		defer func() { seen[kind+n] = true }()
		return !seen[kind+n]
	}
	for _, r := range all {
		if r.Encounter != nil && fresh("e", r.Encounter.Number) {
			x.visits++
		}
		if r.Appointment != nil && fresh("a", r.Appointment.Number) {
			x.bookings++
		}
		for _, o := range r.Procedures {
			if fresh("p", o.Number) {
				x.ops++
			}
		}
		x.reports += len(r.Reports)
		for _, c := range r.Charges {
			x.fen += c.AmountFen
		}
	}
	return x
}

func TestHL7WritesWhatAChineseHISSends(t *testing.T) {
	li := New(Options{Seed: 1, Patients: 100, Today: today}).Block(0)[0]
	all := Records(li)
	last := string(HL7(all[len(all)-1]))
	for _, want := range []string{
		"MSH|^~\\&|HIS|RA01|RENXIN|RA01|20261123070500||ADT^A03^ADT_A03|", "|P|2.4|||AL|NE|CHN|UNICODE UTF-8\r", "EVN|A03|20261123070500\r",
		"PID|1||0001000000^^^HIS^PatientNO~", "^^^GA^IdentifyNO", "||李秀英||19780412|F|", "15402026001^PRN^CP", "NK1|1||女儿||15402026011",
		"PV1|1|I|12W^^", "|0305^妇科|", "DG1|1|ICD10|N87.100^", "PR1|1|ICD9CM3|67.3200^宫颈环形电切术（LEEP刀）|",
	} {
		if !strings.Contains(last, want) {
			t.Errorf("missing %q in\n%s", want, strings.ReplaceAll(last, "\r", "\n"))
		}
	}
	if got := escape(`a|b^c&d~e\f`); got != `a\F\b\S\c\T\d\R\e\E\f` {
		t.Errorf("escape gives %s", got)
	}
	if HL7(intake.Record{Event: intake.Ignored}) != nil {
		t.Error("an event without a message type gave a message")
	}
}

func BenchmarkBlock(b *testing.B) {
	g := New(Large(today))
	for b.Loop() {
		g.Block(b.N % g.Blocks())
	}
}
