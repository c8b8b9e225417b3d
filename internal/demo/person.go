package demo

import (
	"cmp"
	"fmt"
	"slices"

	"renxin/internal/intake"
	"renxin/internal/platform/clock"
)

// Person is one human being with everything that happened; Registrations are what the hospital knows of him or her.
type Person struct {
	Serial        int    // 0 … Patients−1
	Story         string // name of the part in the storyline ("lixiuying"), "" for everybody else
	Name          string
	Surname       string
	Sex           string // male, female
	Birth         clock.Date
	IDCard        string // the true number
	Address       string
	RegionCode    string
	Occupation    string
	Marital       string
	Source        string // how he or she came to the hospital
	Family        int    // serial of the relative whose mobile is used, −1 for an own one
	Relation      string // what that relative is: mother, father
	Registrations []Registration
	Visits        []Visit
	Appointments  []Appointment
	Messages      []Message
	Tasks         []Task

	born day
}

// Registration is one entry in the hospital's patient index, with what the clerk typed. The second one is a duplicate.
type Registration struct {
	Number     string // HIS patient number
	Card       string // 一卡通号
	Outpatient string // 门诊号
	Inpatient  string // 住院号, "" for those who never stayed
	Name       string
	Sex        string
	Birth      clock.Date
	IDCard     string // "" when nobody asked for it
	Mobile     string
	Owner      string // self, else the relation whose number it is
	Landline   string
	Address    string
	RegionCode string
	MovedTo    string        // a newer mobile, "" without
	MovedAt    clock.Instant // from when the feed tells the newer one
	At         clock.Instant // when it was made
}

// MobileAt is the number that a feed tells at instant i.
func (r Registration) MobileAt(i clock.Instant) string {
	if r.MovedTo != "" && i >= r.MovedAt {
		return r.MovedTo
	}
	return r.Mobile
}

// Visit is an encounter with what it brought.
type Visit struct {
	Registration int // index into Person.Registrations
	Encounter    intake.Encounter
	Conditions   []intake.Condition
	Procedures   []intake.Procedure
	Charges      []intake.Charge
	Reports      []intake.Report

	operation *Operation
	operated  day
	chronic   bool
}

// Appointment is a booking with its fate.
type Appointment struct {
	intake.Appointment
	Registration int
	Status       string // booked, fulfilled, noshow, cancelled
	Channel      string // wechat, phone, onsite, web, kiosk
	BookedAt     clock.Instant
	ChangedAt    clock.Instant // when it got its status
}

// Message is a text sent to the patient or the patient's reply to it.
type Message struct {
	Registration int
	In           bool   // from the patient
	Purpose      string // care, notice, survey; "" for a reply
	Kind         string // reminder, step, survey, notice, reply
	Text         string
	To           string // number of the patient
	State        string // delivered, failed, unknown; "" for a reply
	Code         string // code that a reply was read as, "" for free text
	At           clock.Instant
}

// Task is one step of a follow-up plan, or a call that somebody thought of.
type Task struct {
	Registration int
	Visit        string // number of the encounter it follows, "" for an ad-hoc one
	Title        string // "宫颈环形电切术（LEEP刀） D10"
	Days         int    // day of the step, 0 for an ad-hoc one
	Channel      string // call, sms
	Due          clock.Date
	State        string        // done, overdue, pending; open = thought of by somebody, due now
	DoneAt       clock.Instant // zero unless done
	Attempts     int
	Outcome      string // a code of the call sheet (well, fair, unwell, no_answer, busy, refused, wrong_number); "" unless done by call
	Seconds      int    // talk time
}

// Interactions counts what the fixtures count: encounters, appointments, reports, messages and tasks.
func (p Person) Interactions() int {
	n := len(p.Visits) + len(p.Appointments) + len(p.Messages) + len(p.Tasks)
	for _, v := range p.Visits {
		n += len(v.Reports)
	}
	return n
}

// sort puts everything in the order in which it happened and dates the registrations five minutes before the first of it.
func (p *Person) sort() {
	slices.SortStableFunc(p.Visits, func(a, b Visit) int { return cmp.Compare(a.Encounter.StartedAt, b.Encounter.StartedAt) })
	slices.SortStableFunc(p.Appointments, func(a, b Appointment) int { return cmp.Compare(a.BookedAt, b.BookedAt) })
	slices.SortStableFunc(p.Messages, func(a, b Message) int { return cmp.Compare(a.At, b.At) })
	for i := range p.Registrations {
		p.Registrations[i].At = p.firstSeen(i) - 300_000
	}
}

// firstSeen is the first thing that happened under a registration, else under any, else noon of the day of birth.
func (p *Person) firstSeen(registration int) clock.Instant {
	var own, any clock.Instant
	see := func(r int, at clock.Instant) {
		if any == 0 || at < any {
			any = at
		}
		if r == registration && (own == 0 || at < own) {
			own = at
		}
	}
	for _, v := range p.Visits {
		see(v.Registration, v.Encounter.StartedAt)
	}
	for _, a := range p.Appointments {
		see(a.Registration, a.BookedAt)
	}
	return cmp.Or(own, any, p.born.at(12*3600))
}

// Shares of outpatients by age.
var ages = []struct {
	lo, hi int
	share  float64
}{{0, 6, 9}, {7, 17, 6}, {18, 29, 14}, {30, 44, 23}, {45, 59, 22}, {60, 74, 19}, {75, 94, 7}}

var ageTable = newTable(9, 6, 14, 23, 22, 19, 7)

var sources = []string{"old_patient", "web", "wechat", "nearby", "partner", "checkup", "outdoor", "campaign"}

var sourceTable = newTable(28, 22, 18, 12, 8, 6, 4, 2)

// people draws sex, age, name and card of a block.
func (g *Generator) people(d dice, first, size int) []Person {
	people := make([]Person, size)
	for i := range people {
		p := &people[i]
		p.Serial, p.Family = first+i, -1
		band := ages[ageTable.draw(d)]
		age := d.between(band.lo, band.hi)
		female := 0.488
		if age >= 20 && age < 40 {
			female = 0.68
		}
		p.Sex = sexOf(!d.chance(female))
		p.bear(g.birth(d, age, p.Serial))
		region, order := cardClass(p.Serial, p.Sex == "male")
		p.IDCard = idCard(region, p.born, order)
		p.Name, p.Surname = fullName(d, p.Sex == "male", p.born.time().Year())
		p.Address, p.RegionCode = address(d)
		p.Source = sources[sourceTable.draw(d)]
		p.Occupation, p.Marital = occupation(d, age)
	}
	return people
}

func (p *Person) bear(on day) { p.born, p.Birth = on, on.date() }

// birth draws a birth date for an age. Persons who share region and order of the card number are told apart by it.
func (g *Generator) birth(d dice, age, serial int) day {
	born := g.today - day(float64(age)*365.2425) - day(d.between(1, 364))
	cycle := (g.options.Patients + cardCycle() - 1) / cardCycle()
	off := (int(born) - serial/cardCycle()) % cycle
	if off < 0 {
		off += cycle
	}
	return born - day(off)
}

func occupation(d dice, age int) (occupation, marital string) {
	switch {
	case age < 7:
		return "散居儿童", "未婚"
	case age < 20:
		return "学生", "未婚"
	case age >= 60:
		return pick(d, []string{"退休", "退休", "农民"}), pick(d, []string{"已婚", "已婚", "丧偶"})
	}
	marital = "已婚"
	if age < 30 && d.chance(0.6) {
		marital = "未婚"
	}
	return pick(d, []string{"职员", "工人", "农民", "教师", "公务员", "自由职业", "个体经营", "司机", "医务人员", "工程师"}), marital
}

// joinFamilies lets 85 % of the children under twelve use a parent's mobile and live with that parent.
func (g *Generator) joinFamilies(d dice, people []Person) {
	for i := range people {
		child := &people[i]
		if child.Story != "" || child.born.years(g.today) >= 12 || !d.chance(0.85) {
			continue
		}
		for range 60 {
			if parent := people[d.IntN(len(people))]; parent.mayRaise(child) {
				child.join(parent)
				break
			}
		}
	}
}

// mayRaise is true for somebody 20 to 44 years older who has a mobile of his or her own.
func (p Person) mayRaise(child *Person) bool {
	gap := p.born.years(child.born)
	return gap >= 20 && gap <= 44 && p.Family < 0 && p.Story == ""
}

func (p *Person) join(parent Person) {
	p.Family, p.Relation = parent.Serial, "mother"
	if parent.Sex == "male" {
		p.Relation = "father"
		p.Name = parent.Surname + p.Name[len(p.Surname):]
		p.Surname = parent.Surname
	}
	p.Address, p.RegionCode = parent.Address, parent.RegionCode
}

// register writes the person into the patient index, with the clerk's mistakes, and sometimes twice.
func (g *Generator) register(d dice, p *Person) {
	if p.Story != "" {
		return
	}
	r := Registration{
		Number: fmt.Sprintf("%010d", 1_000_000+p.Serial*2), Card: fmt.Sprintf("66%08d", p.Serial*2), Outpatient: fmt.Sprintf("18%07d", p.Serial*2),
		Name: p.Name, Sex: p.Sex, Birth: p.Birth, IDCard: p.IDCard, Mobile: mobile(p.Serial), Owner: "self",
		Address: p.Address, RegionCode: p.RegionCode,
	}
	if p.Family >= 0 {
		r.Mobile, r.Owner = mobile(p.Family), p.Relation
	}
	if d.chance(min(0.06, 14_000/float64(g.options.Patients))) {
		r.Landline = landline(p.Serial)
	}
	second := r
	g.spoil(d, p, &r, 0.12)
	p.Registrations = append(p.Registrations, r)
	if d.chance(0.08) {
		g.again(d, p, second)
	}
}

// again registers the person a second time; a missing card is the usual reason.
func (g *Generator) again(d dice, p *Person, r Registration) {
	r.Number = fmt.Sprintf("%010d", 1_000_001+p.Serial*2)
	r.Card, r.Outpatient = fmt.Sprintf("66%08d", p.Serial*2+1), fmt.Sprintf("18%07d", p.Serial*2+1)
	if d.chance(0.3) {
		r.Mobile, r.Owner = mobile(60_000_000+p.Serial), "self"
	}
	if d.chance(0.3) {
		r.Address, r.RegionCode = "", ""
	}
	if d.chance(0.2) {
		r.Name = variants.Replace(r.Name)
	}
	g.spoil(d, p, &r, 0.45)
	p.Registrations = append(p.Registrations, r)
}

// spoil adds the dirt of real patient indexes; missing is the share of registrations without an identity card.
func (g *Generator) spoil(d dice, p *Person, r *Registration, missing float64) {
	switch x := d.Float64(); {
	case x < missing:
		r.IDCard = ""
	case x < missing+0.005:
		r.IDCard = mistype(d, r.IDCard)
	case x < missing+0.025 && p.born < dayOf("1999-01-01"):
		r.IDCard = idCard15(r.IDCard)
	}
	if d.chance(0.01) {
		r.Mobile = pick(d, placeholders)
	}
	if d.chance(0.003) {
		r.Sex = sexOf(r.Sex != "male")
	}
	if d.chance(0.015) {
		r.Name = misspell(d, r.Name)
	}
	if d.chance(0.06*float64(g.options.Years)/2) && r.Owner == "self" {
		r.MovedTo = mobile(30_000_000 + p.Serial)
		r.MovedAt = (g.today - day(d.between(1, 365*g.options.Years))).at(12 * 3600)
	}
}

func misspell(d dice, name string) string {
	if d.chance(0.5) {
		runes := []rune(name)
		return string(runes[:1]) + " " + string(runes[1:])
	}
	return variants.Replace(name)
}
