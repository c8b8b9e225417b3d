package demo

import (
	"fmt"

	"renxin/internal/platform/clock"
)

const signature = "【仁安医院】"

// accompany makes what the customer centre did for the person: reminders, follow-up steps, surveys and the answers.
func (g *Generator) accompany(d dice, p *Person) {
	for _, a := range p.Appointments {
		g.remind(d, p, a)
	}
	for _, v := range p.Visits {
		g.follow(d, p, v)
		if v.Encounter.EndedAt != 0 && p.Story == "" && d.chance(0.12) {
			g.survey(d, p, v)
		}
	}
}

// remind sends the reminder of a booking at 17 o'clock the day before, unless it was cancelled by then.
func (g *Generator) remind(d dice, p *Person, a Appointment) {
	starts := day((int64(a.StartsAt)/1000 + 8*3600) / 86400)
	at := (starts - 1).at(17*3600 + d.IntN(3600))
	if at <= a.BookedAt || a.Status == "cancelled" && a.ChangedAt < at || at >= g.today.at(0) {
		return
	}
	g.send(d, p, a.Registration, "notice", "reminder", at, fmt.Sprintf("%s您预约了%s%s医生%d月%d日的门诊，请提前15分钟到院。回复1确认，回复2取消。",
		signature, a.DepartmentName, a.DoctorName, starts.time().Month(), starts.time().Day()), []string{"1", "1", "1", "2"})
}

// follow makes the follow-up steps of an operation, or a quarterly call for the chronically ill.
func (g *Generator) follow(d dice, p *Person, v Visit) {
	if v.operation != nil {
		for _, s := range v.operation.Steps {
			g.step(d, p, v, v.operation.Name, v.operated, s)
		}
		return
	}
	if v.chronic && d.chance(0.12) {
		g.step(d, p, v, v.Conditions[0].Name, v.startDay(), Step{90, "call"})
	}
	if v.Encounter.Class == "IMP" && v.Encounter.EndedAt != 0 {
		g.step(d, p, v, "出院随访", v.endDay(), Step{7, "call"})
	}
}

func (v Visit) startDay() day { return day((int64(v.Encounter.StartedAt)/1000 + 8*3600) / 86400) }

func (v Visit) endDay() day { return day((int64(v.Encounter.EndedAt)/1000 + 8*3600) / 86400) }

// step is done on its day in 80 of 100, up to three days late in 15, and is overdue in 5 when it is recent.
func (g *Generator) step(d dice, p *Person, v Visit, what string, from day, s Step) {
	due := from + day(s.Days)
	t := Task{
		Registration: v.Registration, Visit: v.Encounter.Number, Title: fmt.Sprintf("%s D%d", what, s.Days), Days: s.Days,
		Channel: s.Channel, Due: due.date(), State: "pending",
	}
	if due < g.today {
		late := 0
		if x := d.Float64(); x > 0.95 && due > g.today-30 {
			t.State = "overdue"
		} else if x > 0.8 {
			late = d.between(1, 3)
		}
		if due+day(late) >= g.today {
			t.State = "overdue"
		}
		if t.State != "overdue" {
			g.finish(d, p, &t, due+day(late))
		}
	}
	p.Tasks = append(p.Tasks, t)
}

func (g *Generator) finish(d dice, p *Person, t *Task, on day) {
	t.State = "done"
	t.DoneAt = on.at(9*3600 + d.IntN(8*3600))
	if t.Channel == "sms" {
		g.send(d, p, t.Registration, "care", "step", t.DoneAt, fmt.Sprintf("%s%s您好，今天是第%d天，恢复得好吗？请回复：1好 2一般 3不适。",
			signature, salutation(p), t.Days), []string{"1", "1", "1", "1", "2", "2", "3"})
		return
	}
	t.Attempts, t.Outcome = call(d)
	if t.Outcome == "well" || t.Outcome == "fair" || t.Outcome == "unwell" {
		t.Seconds = int(d.logNormal(95, 0.6))
	}
}

// Of all attempts 48 reach somebody, 28 find nobody, 14 a busy line or a phone switched off, 6 a refusal, 4 a wrong number.
var outcomes = []string{"well", "fair", "unwell", "no_answer", "busy", "refused", "wrong_number"}

var outcomeTable = newTable(39, 7, 2, 28, 14, 6, 4)

// call dials up to three times; nobody and a busy line are worth another try.
func call(d dice) (attempts int, outcome string) {
	for attempts < 3 {
		attempts++
		outcome = outcomes[outcomeTable.draw(d)]
		if outcome != "no_answer" && outcome != "busy" {
			break
		}
	}
	return attempts, outcome
}

func (g *Generator) survey(d dice, p *Person, v Visit) {
	at := (v.endDay() + 1).at(10*3600 + d.IntN(3600))
	if at >= g.today.at(0) {
		return
	}
	g.send(d, p, v.Registration, "survey", "survey", at, fmt.Sprintf("%s%s，请为本次%s就诊打分：5=很满意 4=满意 3=一般 2=不满意 1=很不满意。",
		signature, salutation(p), v.Encounter.DepartmentName), []string{"5", "5", "5", "4", "4", "3", "2"})
}

func salutation(p *Person) string {
	if p.Sex == "male" {
		return p.Surname + "先生"
	}
	return p.Surname + "女士"
}

// send adds a message; 98 % arrive, one in twenty is answered, three in a thousand unsubscribe.
func (g *Generator) send(d dice, p *Person, registration int, purpose, kind string, at clock.Instant, text string, answers []string) {
	m := Message{Registration: registration, Purpose: purpose, Kind: kind, Text: text, To: p.Registrations[registration].MobileAt(at), At: at, State: "delivered"}
	switch x := d.Float64(); {
	case x < 0.015:
		m.State = "failed"
	case x < 0.02:
		m.State = "unknown"
	}
	p.Messages = append(p.Messages, m)
	if m.State != "delivered" {
		return
	}
	switch x := d.Float64(); {
	case x < 0.003:
		g.reply(d, p, m, "TD")
	case x < 0.053 && len(answers) > 0:
		g.reply(d, p, m, pick(d, answers))
	}
}

// reply comes within ten minutes in 30 of 100, else within two days.
func (g *Generator) reply(d dice, p *Person, to Message, code string) {
	wait := d.between(60, 600)
	if !d.chance(0.3) {
		wait = d.between(600, 2*86400)
	}
	at := to.At + clock.Instant(wait*1000)
	if at >= g.today.at(0) {
		return
	}
	p.Messages = append(p.Messages, Message{Registration: to.Registration, In: true, Kind: "reply", Text: code, To: to.To, Code: code, At: at})
}

var notices = []string{
	"天气转凉，请注意增减衣物，有不适请及时就诊。", "您可在微信公众号查询检查报告和预约号源。", "本周六上午有健康讲座，欢迎携家人参加，地点门诊三楼。",
	"流感疫苗已到院，接种门诊每日开放。", "节日期间门诊安排已公布，急诊照常。", "您的医保电子凭证可在本院直接使用。",
}

// fill adds health notices and courtesy calls until the block holds its share of the interactions.
func (g *Generator) fill(d dice, people []Person) {
	if g.options.Interactions == 0 {
		return
	}
	want := (g.options.Interactions*len(people) + g.options.Patients - 1) / g.options.Patients
	for _, p := range people {
		want -= p.Interactions()
	}
	for want > 0 {
		p := &people[d.IntN(len(people))]
		if p.Story != "" {
			continue
		}
		before := p.Interactions()
		g.courtesy(d, p)
		want -= p.Interactions() - before
	}
}

func (g *Generator) courtesy(d dice, p *Person) {
	on := max(p.firstDay(), g.today-day(d.between(1, 365*g.options.Years)))
	on = min(on, g.today-1)
	registration := p.registrationAt(d)
	if d.chance(0.8) {
		g.send(d, p, registration, "notice", "notice", on.at(9*3600+d.IntN(9*3600)), signature+pick(d, notices), nil)
		return
	}
	t := Task{Registration: registration, Title: "健康回访", Channel: "call", Due: on.date()}
	g.finish(d, p, &t, on)
	p.Tasks = append(p.Tasks, t)
}

// firstDay is the day of the first visit, else the day of birth.
func (p *Person) firstDay() day {
	first := p.born
	for i, v := range p.Visits {
		if on := v.startDay(); i == 0 || on < first {
			first = on
		}
	}
	return first
}
