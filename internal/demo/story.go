package demo

import (
	"fmt"

	"renxin/internal/intake"
	"renxin/internal/platform/clock"
)

// Part is a named patient of the storyline. They stand in every data set, whatever the seed, with these numbers.
type Part struct {
	Key    string
	Name   string
	Sex    string
	Birth  clock.Date
	Mobile string
	order  int // order number of the identity card
}

// Daughter's mobile of 李秀英, from which somebody calls on her behalf.
const Daughter = "15402026011"

// The named patients, in the order of their serials.
var parts = []Part{
	{"lixiuying", "李秀英", "female", "1978-04-12", "15402026001", 102},
	{"chenli", "陈丽", "female", "1989-09-03", "15402026002", 104},
	{"zhangwei", "张伟", "male", "1985-06-21", "15402026003", 105},
	{"wangfang", "王芳", "female", "1992-02-29", "15402026005", 106},
	{"liuyang", "刘洋", "male", "1995-11-30", "15402026006", 107},
	{"sunli", "孙丽", "female", "1983-01-15", "15402026007", 108},
	{"zhaoqiang", "赵强", "male", "1970-08-08", "15402026008", 109},
}

// secondMobile is the number of the duplicate of 张伟.
const secondMobile = "15402026004"

// Parts lists the named patients.
func Parts() []Part { return parts }

// nameStory turns the first persons of block 0 into the named patients.
func (g *Generator) nameStory(people []Person) {
	for i := range min(len(parts), len(people)) {
		part, p := parts[i], &people[i]
		*p = Person{
			Serial: p.Serial, Story: part.Key, Name: part.Name, Surname: part.Name[:3], Sex: part.Sex, Family: -1,
			Address: fmt.Sprintf("山东省济南市历下区文化路%d号2栋301室", 10+i), RegionCode: "370102",
			Occupation: "职员", Marital: "已婚", Source: "old_patient",
		}
		p.bear(dayOf(part.Birth))
		p.IDCard = idCard(storyRegion, p.born, part.order)
		p.Registrations = []Registration{{
			Number: fmt.Sprintf("%010d", 1_000_000+p.Serial*2), Card: fmt.Sprintf("66%08d", p.Serial*2), Outpatient: fmt.Sprintf("18%07d", p.Serial*2),
			Name: p.Name, Sex: p.Sex, Birth: p.Birth, IDCard: p.IDCard, Mobile: part.Mobile, Owner: "self", Address: p.Address, RegionCode: p.RegionCode,
		}}
	}
}

// tellStory gives the named patients the past that the day's steps need.
func (g *Generator) tellStory(people []Person) {
	d := newDice(2026, 3)
	for i := range people {
		p := &people[i]
		switch p.Story {
		case "lixiuying":
			g.storyDischarge(d, p)
		case "chenli":
			g.operate(d, p, operation("67.3200"), g.today-10)
		case "zhangwei":
			g.storyDuplicate(d, p)
		case "wangfang":
			g.storyVisits(d, p, "1001", 3)
			g.storyBooking(d, p)
		case "liuyang":
			g.storyVisits(d, p, "1001", 1)
		case "sunli":
			g.storyVisits(d, p, "0305", 1)
		case "zhaoqiang":
			g.storyVisits(d, p, "0201", 4)
		}
	}
}

// storyDischarge: LEEP yesterday, discharged this morning at 7:05, or still in bed when the feed is to tell it.
func (g *Generator) storyDischarge(d dice, p *Person) {
	leep := operation("67.3200")
	v := g.stayFor(d, p, g.today-2, 2, clinic("0305"), diseaseOf(leep), leep)
	if g.options.InBed {
		return
	}
	g.discharge(v)
}

// discharge closes the stay of 李秀英 at 7:05 of Today.
func (g *Generator) discharge(v *Visit) {
	v.Encounter.EndedAt, v.Encounter.Disposition = g.today.at(7*3600+5*60), "01"
	for i := range v.Conditions {
		v.Conditions[i].Kind, v.Conditions[i].At = "discharge", v.Encounter.EndedAt
	}
}

// storyDuplicate registers 张伟 twice, in a way that needs a human eye: no card, another mobile, no address.
// Both entries together hold 37 interactions.
func (g *Generator) storyDuplicate(d dice, p *Person) {
	second := p.Registrations[0]
	second.Number, second.Card, second.Outpatient = "0001000005", "6600000005", "180000005"
	second.IDCard, second.Mobile, second.Address, second.RegionCode = "", secondMobile, "", ""
	p.Registrations = append(p.Registrations, second)
	g.storyVisits(d, p, "0102", 9)
	for n := 0; p.Interactions() < 37; n++ {
		on := g.today - day(20+n*11)
		p.Messages = append(p.Messages, Message{
			Registration: n % 2, Purpose: "notice", Kind: "notice", Text: signature + notices[n%len(notices)],
			To: p.Registrations[n%2].Mobile, State: "delivered", At: on.at(10 * 3600),
		})
	}
}

// storyVisits adds n plain visits, the last one a month ago, without bookings.
func (g *Generator) storyVisits(d dice, p *Person, department string, n int) {
	dep := clinic(department)
	for i := range n {
		on := g.today - day(30+i*41)
		start := on.at(9*3600 + d.IntN(3600))
		v := Visit{Registration: i % len(p.Registrations)}
		v.Encounter = intake.Encounter{
			Number: visitNumber("OP", p, on), Class: "AMB", DepartmentCode: dep.Code, DepartmentName: dep.Name,
			StartedAt: start, EndedAt: start + 40*60_000,
		}
		g.treat(d, &v, diseasesOf[department][i%3], nil, on, "outpatient")
		v.Charges = outpatientBill(d, v.Encounter.Number, start, nil)
		p.Visits = append(p.Visits, v)
	}
}

// storyBooking: 王芳 has a booking tomorrow at 10:00, which she will cancel by text.
func (g *Generator) storyBooking(d dice, p *Person) {
	last := p.Visits[0].Encounter
	a := g.appoint(d, p, 0, last, (g.today + 1).at(10*3600), g.today-5)
	a.Status, a.ChangedAt, a.Reason = "booked", a.BookedAt, "复诊"
	p.Appointments = append(p.Appointments, a)
}
