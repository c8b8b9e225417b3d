package demo

import (
	"fmt"
	"math"

	"renxin/internal/intake"
	"renxin/internal/platform/clock"
)

type item struct{ code, name, category string }

var clinicItems = []item{
	{"GH001", "诊查费", "诊查费"}, {"YP010", "西药费", "药品费"}, {"YP020", "中成药费", "药品费"},
	{"JC001", "检查费", "检查费"}, {"HY001", "化验费", "化验费"}, {"ZL001", "治疗费", "治疗费"},
}

var wardItems = []item{
	{"CW001", "床位费", "床位费"}, {"YP010", "西药费", "药品费"}, {"HL001", "护理费", "护理费"},
	{"JC001", "检查费", "检查费"}, {"HY001", "化验费", "化验费"}, {"ZL001", "治疗费", "治疗费"}, {"CL001", "材料费", "材料费"},
}

var operationItem = item{"SS001", "手术费", "手术费"}

// outpatientBill: log-normal, mean 361 yuan (2024), σ 1.0, hence median 219; an operation adds to it.
func outpatientBill(d dice, number string, at clock.Instant, o *Operation) []intake.Charge {
	total := int64(math.Round(d.logNormal(219, 1) * 100))
	n := 1 + d.IntN(2)
	if o != nil {
		total += int64(d.between(300, 1500)) * 100
	}
	return bill(d, number, total, n, clinicItems, o, func(int) clock.Instant { return at + 20*60_000 })
}

// stayBill: log-normal, mean 9,870 yuan (2024), σ 0.9, hence median 6,583; the top 1 % follow a Pareto tail.
func stayBill(d dice, e intake.Encounter, today day, o *Operation) []intake.Charge {
	yuan := d.logNormal(6583, 0.9)
	if d.chance(0.01) {
		yuan = d.pareto(40_000, 2.2)
	}
	end := e.EndedAt
	if end == 0 {
		end = max(today.at(-60), e.StartedAt+60_000)
	}
	n := d.between(3, 6)
	span := (end - e.StartedAt) / clock.Instant(n+1)
	return bill(d, e.Number, int64(math.Round(yuan*100)), n, wardItems, o, func(i int) clock.Instant {
		return e.StartedAt + span*clock.Instant(i+1)
	})
}

// bill splits a total over n lines of different items; 3 % of the lines are followed by a part of the money given back.
func bill(d dice, number string, total int64, n int, items []item, o *Operation, at func(int) clock.Instant) []intake.Charge {
	left := total
	start := d.IntN(len(items))
	lines := make([]intake.Charge, 0, n+1)
	for i := range n {
		amount := left
		if i < n-1 {
			amount = int64(float64(left) * (0.2 + 0.5*d.Float64()))
		}
		left -= amount
		x := items[(start+i)%len(items)]
		if i == 0 && o != nil {
			x = operationItem
		}
		lines = append(lines, line(number, len(lines)+1, x, amount, at(i)))
	}
	if back := d.IntN(n); lines[back].AmountFen > 100 && d.chance(0.031*float64(n)) {
		x := lines[back]
		lines = append(lines, line(number, len(lines)+1, item{x.Code, x.Name + "退费", x.Category}, -x.AmountFen/2, at(n-1)+60_000))
	}
	return lines
}

func line(number string, n int, x item, amount int64, at clock.Instant) intake.Charge {
	return intake.Charge{
		Number: fmt.Sprintf("%s-%d", number, n), Code: x.code, Name: x.name, Category: x.category, Quantity: "1", AmountFen: amount, At: at,
	}
}
