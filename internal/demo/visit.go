package demo

import (
	"fmt"
	"slices"

	"renxin/internal/intake"
	"renxin/internal/platform/clock"
)

// live makes the person's visits, with their diagnoses, operations, bills, results and bookings.
func (g *Generator) live(d dice, p *Person) {
	if p.Story != "" {
		return
	}
	years := 1
	for years < g.options.Years && d.chance(0.18) {
		years++
	}
	last := g.options.Years - years
	from := g.today - day(365*(years+d.between(0, last)))
	for y := range years {
		for range max(1, d.negativeBinomial(2.6, 0.8)) {
			on := g.visitDay(d, from+day(y*365))
			if on >= p.born {
				g.visit(d, p, on, pickDepartment(d, p, on, g.today))
			}
		}
	}
	if d.chance(0.03) {
		g.ahead(d, p)
	}
}

// visitDay draws a day of the year that begins at from, by the hospital's rhythm.
func (g *Generator) visitDay(d dice, from day) day {
	for {
		on := from + day(d.IntN(365))
		if on < g.today && d.Float64()*1.3 < on.load() {
			return on
		}
		if g.today <= from {
			return g.today - 1
		}
	}
}

var clinics = func() []Department {
	return slices.DeleteFunc(slices.Clone(departments), func(x Department) bool { return x.Percent == 0 })
}()

func clinic(code string) Department {
	i := slices.IndexFunc(departments, func(x Department) bool { return x.Code == code })
	return departments[i]
}

// Three kinds of people go to different departments: children, men, women.
var (
	childTable = clinicTable(func(x Department) float64 {
		return map[string]float64{"0401": 65, "0501": 9, "0901": 8, "0701": 7, "0801": 6, "1001": 5}[x.Code]
	})
	maleTable = clinicTable(func(x Department) float64 {
		if x.Code == "0401" || x.Code == "0301" || x.Code == "0305" {
			return 0
		}
		return x.Percent
	})
	femaleTable = clinicTable(func(x Department) float64 {
		switch x.Code {
		case "0401":
			return 0
		case "0301", "0305":
			return x.Percent * 2.1
		case "0203":
			return x.Percent * 0.3
		}
		return x.Percent
	})
)

func clinicTable(weight func(Department) float64) table {
	var w []float64
	for _, c := range clinics {
		w = append(w, weight(c))
	}
	return newTable(w...)
}

func pickDepartment(d dice, p *Person, on, today day) Department {
	if n := len(p.Visits); n > 0 && d.chance(0.55) {
		return clinic(p.Visits[d.IntN(n)].Encounter.DepartmentCode)
	}
	age := p.born.years(on)
	by := femaleTable
	switch {
	case age < 15:
		by = childTable
	case p.Sex == "male":
		by = maleTable
	}
	c := clinics[by.draw(d)]
	if c.Code == "0301" && (age < 18 || age > 46) {
		return clinic("0305")
	}
	if (c.Code == "0103" || c.Code == "0401") && !on.winter() && d.chance(0.2) {
		return clinics[by.draw(d)]
	}
	return c
}

var diseasesOf = func() map[string][]Disease {
	m := map[string][]Disease{}
	for _, x := range hospital.Diseases {
		m[x.DepartmentCode] = append(m[x.DepartmentCode], x)
	}
	return m
}()

var diseaseTables = func() map[string]table {
	m := map[string]table{}
	for code, list := range diseasesOf {
		m[code] = zipf(len(list))
	}
	return m
}()

func (g *Generator) pickDisease(d dice, department string) Disease {
	return diseasesOf[department][diseaseTables[department].draw(d)]
}

// visit adds one visit; some become stays, some bring an operation.
func (g *Generator) visit(d dice, p *Person, on day, dep Department) {
	disease := g.pickDisease(d, dep.Code)
	operation := operationFor(d, disease)
	switch {
	case dep.Ward != "" && (d.chance(0.06) || operation != nil && operation.Stay):
		g.stay(d, p, on, dep, disease, operation)
	default:
		g.outpatient(d, p, on, dep, disease, operation)
	}
}

// operationFor decides whether a disease is operated on at this visit.
func operationFor(d dice, x Disease) *Operation {
	for i := range hospital.Operations {
		o := &hospital.Operations[i]
		if slices.Contains(o.Treats, x.Code) && o.DepartmentCode == x.DepartmentCode {
			if o.Stay && d.chance(0.05) || !o.Stay && d.chance(0.3) {
				return o
			}
			return nil
		}
	}
	return nil
}

// registrationAt picks under which entry a duplicate patient comes.
func (p *Person) registrationAt(d dice) int { return d.IntN(len(p.Registrations)) }

func (g *Generator) outpatient(d dice, p *Person, on day, dep Department, x Disease, o *Operation) *Visit {
	start := on.at(clinicSecond(d, dep.Code))
	v := Visit{Registration: p.registrationAt(d), chronic: x.Chronic}
	v.Encounter = intake.Encounter{
		Number: visitNumber("OP", p, on), Class: "AMB", DepartmentCode: dep.Code, DepartmentName: dep.Name,
		StartedAt: start, EndedAt: start + clock.Instant(d.between(15, 95)*60_000),
	}
	switch dep.Code {
	case "0501":
		v.Encounter.Class = "EMER"
	case "1101":
		v.Encounter.Class = "CHK"
	}
	g.treat(d, &v, x, o, on, "outpatient")
	v.Charges = outpatientBill(d, v.Encounter.Number, start, o)
	g.results(d, &v, 0.3)
	p.Visits = append(p.Visits, v)
	g.booking(d, p, v, on)
	return &p.Visits[len(p.Visits)-1]
}

func (g *Generator) stay(d dice, p *Person, on day, dep Department, x Disease, o *Operation) *Visit {
	nights := max(1, int(d.logNormal(7, 0.65)+0.5))
	return g.stayFor(d, p, on, nights, dep, x, o)
}

func (g *Generator) stayFor(d dice, p *Person, on day, nights int, dep Department, x Disease, o *Operation) *Visit {
	v := Visit{Registration: p.registrationAt(d), chronic: x.Chronic}
	v.Encounter = intake.Encounter{
		Number: visitNumber("ZY", p, on), Class: "IMP", DepartmentCode: dep.Code, DepartmentName: dep.Name,
		WardCode: dep.Ward, Bed: fmt.Sprintf("%02d", d.between(1, 40)), StartedAt: on.at(9*3600 + d.IntN(7*3600)),
	}
	if out := on + day(nights); out < g.today {
		v.Encounter.EndedAt, v.Encounter.Disposition = out.at(9*3600+d.IntN(3*3600)), "01"
	}
	if r := &p.Registrations[v.Registration]; r.Inpatient == "" {
		r.Inpatient = fmt.Sprintf("%08d", 20_000_000+p.Serial*2+v.Registration)
	}
	operated := on + day(min(1, nights-1))
	if operated >= g.today {
		o = nil
	}
	kind := "discharge"
	if v.Encounter.EndedAt == 0 {
		kind = "admission"
	}
	g.treat(d, &v, x, o, operated, kind)
	v.Charges = stayBill(d, v.Encounter, g.today, o)
	g.results(d, &v, 0.9)
	p.Visits = append(p.Visits, v)
	return &p.Visits[len(p.Visits)-1]
}

// treat writes doctor, diagnosis and operation.
func (g *Generator) treat(d dice, v *Visit, x Disease, o *Operation, on day, kind string) {
	doctor := pickDoctor(d, v.Encounter.DepartmentCode)
	v.Encounter.DoctorCode, v.Encounter.DoctorName = doctor.Code, doctor.Name
	at := v.Encounter.StartedAt
	if kind == "discharge" {
		at = v.Encounter.EndedAt
	}
	v.Conditions = []intake.Condition{{Code: x.Code, Name: x.Name, Kind: kind, Rank: 1, At: at}}
	if second := g.pickDisease(d, x.DepartmentCode); second.Code != x.Code && d.chance(0.15) {
		v.Conditions = append(v.Conditions, intake.Condition{Code: second.Code, Name: second.Name, Kind: kind, Rank: 2, At: at})
	}
	if o == nil {
		return
	}
	done := on.at(10*3600 + d.IntN(5*3600))
	done = max(done, v.Encounter.StartedAt)
	v.operation, v.operated = o, on
	v.Procedures = []intake.Procedure{{
		Number: v.Encounter.Number + "-1", Code: o.Code, Name: o.Name, At: done, Doctor: doctor.Name,
	}}
}

var doctorsOf = func() map[string][]Member {
	m := map[string][]Member{}
	for _, s := range hospital.Staff {
		if s.Post == "doctor" || s.Post == "head" {
			m[s.DepartmentCode] = append(m[s.DepartmentCode], s)
		}
	}
	return m
}()

// doctorTables give each doctor a log-normal share of the work (σ 0.5).
var doctorTables = func() map[string]table {
	d := newDice(2026, 2)
	m := map[string]table{}
	for _, c := range clinics {
		w := make([]float64, len(doctorsOf[c.Code]))
		for i := range w {
			w[i] = d.logNormal(1, 0.5)
		}
		m[c.Code] = newTable(w...)
	}
	return m
}()

func pickDoctor(d dice, department string) Member {
	return doctorsOf[department][doctorTables[department].draw(d)]
}

// visitNumber is unique for ever: kind, day, person, and how many visits the person has had.
func visitNumber(kind string, p *Person, on day) string {
	return fmt.Sprintf("%s%s%07d%02d", kind, on.compact()[2:], p.Serial, len(p.Visits)%100)
}

// clinicSecond draws the second of the day of an outpatient visit: 8–10 o'clock 45 %, 14–15 20 %; emergencies at any time.
func clinicSecond(d dice, department string) int {
	if department == "0501" && d.chance(0.6) {
		return d.IntN(24 * 3600)
	}
	switch x := d.Float64(); {
	case x < 0.45:
		return 8*3600 + d.IntN(3*3600)
	case x < 0.65:
		return 14*3600 + d.IntN(2*3600)
	default:
		return []int{7, 11, 12, 13, 16}[d.IntN(5)]*3600 + d.IntN(3600)
	}
}

var labs = []string{"血常规", "尿常规", "肝功能", "肾功能", "血脂四项", "空腹血糖", "甲状腺功能", "凝血功能"}

var images = []string{"胸部CT", "腹部彩超", "心电图", "颅脑磁共振", "甲状腺彩超", "胃镜", "骨密度", "妇科彩超"}

// results adds a ready report with probability p: name, flag and conclusion only.
func (g *Generator) results(d dice, v *Visit, p float64) {
	at := v.Encounter.StartedAt + clock.Instant(d.between(2, 30)*3600_000)
	if !d.chance(p) || at >= g.today.at(0) {
		return
	}
	r := intake.Report{Number: v.Encounter.Number + "-R1", Kind: "lab", Name: pick(d, labs), Conclusion: "未见明显异常", At: at}
	if d.chance(0.45) {
		r.Kind, r.Name = "imaging", pick(d, images)
	}
	if v.Encounter.Class == "CHK" {
		r.Kind, r.Name = "checkup", "健康体检总检"
	}
	switch x := d.Float64(); {
	case x < 0.005:
		r.Abnormal, r.Conclusion = "critical", "危急值，请立即联系患者"
	case x < 0.18:
		r.Abnormal, r.Conclusion = "abnormal", "有异常所见，建议专科复查"
	}
	v.Reports = []intake.Report{r}
}
