package demo

// recent makes sure that every block has people whose follow-up is due around today: two women after LEEP,
// one other operation, and one stay that ended in the last two weeks or goes on.
func (g *Generator) recent(d dice, people []Person) {
	leep := operation("67.3200")
	for range 2 {
		if p := someone(d, people, func(p Person) bool {
			age := p.born.years(g.today)
			return p.Sex == "female" && age >= 22 && age <= 60
		}); p != nil {
			g.operate(d, p, leep, g.today-day(dueOffset(d, leep)))
		}
	}
	if p := someone(d, people, func(p Person) bool { return p.born.years(g.today) >= 20 }); p != nil {
		o := &hospital.Operations[1+d.IntN(len(hospital.Operations)-1)]
		if p.Sex == "female" && o.DepartmentCode != "0203" || o.DepartmentCode != "0301" && o.DepartmentCode != "0305" {
			g.operate(d, p, o, g.today-day(dueOffset(d, o)))
		}
	}
	if p := someone(d, people, func(p Person) bool { return p.born.years(g.today) >= 40 }); p != nil {
		dep := clinic(pick(d, []string{"0101", "0103", "0105", "0201", "0202"}))
		nights, ago := d.between(3, 12), d.between(1, 14)
		if d.chance(0.3) {
			ago = -d.between(1, nights-1) // still in bed
		}
		g.stayFor(d, p, g.today-day(nights+ago), nights, dep, g.pickDisease(d, dep.Code), nil)
	}
}

// courtesyCalls puts two calls on the list of today: somebody who was here in the last weeks is asked how it goes.
func (g *Generator) courtesyCalls(d dice, people []Person) {
	for range 2 {
		p := someone(d, people, func(p Person) bool { return len(p.Visits) > 0 && p.born.years(g.today) >= 18 })
		if p == nil {
			return
		}
		v := p.Visits[len(p.Visits)-1]
		p.Tasks = append(p.Tasks, Task{
			Registration: v.Registration, Visit: v.Encounter.Number, Title: pick(d, []string{"电话回访", "用药回访", "复诊提醒电话"}), Channel: "call",
			Due: (g.today - day(d.IntN(3))).date(), State: "open",
		})
	}
}

// dueOffset is how long ago the operation was: in 6 of 10 so that a step falls on today.
func dueOffset(d dice, o *Operation) int {
	if d.chance(0.6) {
		return max(1, pick(d, o.Steps).Days)
	}
	return d.between(1, 95)
}

func (g *Generator) operate(d dice, p *Person, o *Operation, on day) {
	dep := clinic(o.DepartmentCode)
	x := diseaseOf(o)
	if o.Stay {
		g.stayFor(d, p, on-1, 2, dep, x, o)
		return
	}
	g.outpatient(d, p, on, dep, x, o)
}

// someone finds a person of the block who fits and has no part in the storyline; nil when forty tries found nobody.
func someone(d dice, people []Person, fits func(Person) bool) *Person {
	for range 40 {
		if p := &people[d.IntN(len(people))]; p.Story == "" && fits(*p) {
			return p
		}
	}
	return nil
}

func operation(code string) *Operation {
	for i := range hospital.Operations {
		if hospital.Operations[i].Code == code {
			return &hospital.Operations[i]
		}
	}
	return nil
}

func diseaseOf(o *Operation) Disease {
	for _, x := range hospital.Diseases {
		if x.Code == o.Treats[0] && x.DepartmentCode == o.DepartmentCode {
			return x
		}
	}
	return hospital.Diseases[0]
}
