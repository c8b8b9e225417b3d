package demo

import (
	"time"

	"renxin/internal/platform/clock"
)

// day counts days since 1970-01-01; the generator calculates in whole numbers and converts at the end.
type day int

func dayOf(d clock.Date) day { return day(d.Time().Unix() / 86400) }

func (n day) time() time.Time { return time.Unix(int64(n)*86400, 0).UTC() }

// date is the business date.
func (n day) date() clock.Date { return clock.DateOf(n.time()) }

// compact is YYYYMMDD.
func (n day) compact() string { return n.time().Format("20060102") }

func (n day) weekday() time.Weekday { return time.Weekday((int(n)%7 + 11) % 7) }

// at is the instant of second s of the day. The hospital of the demo lies in UTC+8, which knows no summer time.
func (n day) at(s int) clock.Instant {
	return clock.Instant((int64(n)*86400 - 8*3600 + int64(s)) * 1000)
}

// years is the whole age on day on.
func (n day) years(on day) int {
	by, bm, bd := n.time().Date()
	y, m, d := on.time().Date()
	if m < bm || m == bm && d < bd {
		y--
	}
	return y - by
}

// springFestivals are the first days of the lunar years (computed table, 2018–2040).
var springFestivals = map[int]string{
	2018: "2018-02-16", 2019: "2019-02-05", 2020: "2020-01-25", 2021: "2021-02-12", 2022: "2022-02-01",
	2023: "2023-01-22", 2024: "2024-02-10", 2025: "2025-01-29", 2026: "2026-02-17", 2027: "2027-02-06",
	2028: "2028-01-26", 2029: "2029-02-13", 2030: "2030-02-03", 2031: "2031-01-23", 2032: "2032-02-11",
	2033: "2033-01-31", 2034: "2034-02-19", 2035: "2035-02-08", 2036: "2036-01-28", 2037: "2037-02-15",
	2038: "2038-02-04", 2039: "2039-01-24", 2040: "2040-02-12",
}

// weekdayLoad is the share of visits, Sunday first.
var weekdayLoad = [7]float64{6, 20, 17.5, 16.5, 16, 15, 9}

// load is the relative number of visits on day n: week rhythm, Spring Festival week −70 %, the week after +25 %.
func (n day) load() float64 {
	w := weekdayLoad[n.weekday()] / 20
	if s, ok := festivalDay[n.time().Year()]; ok {
		switch past := int(n - s); {
		case past >= -1 && past < 6:
			w *= 0.3
		case past >= 6 && past < 13:
			w *= 1.25
		}
	}
	return w
}

var festivalDay = func() map[int]day {
	m := make(map[int]day, len(springFestivals))
	for y, s := range springFestivals {
		m[y] = dayOf(clock.Date(s))
	}
	return m
}()

// winter is true in the months of coughs, November to February.
func (n day) winter() bool {
	m := n.time().Month()
	return m >= time.November || m <= time.February
}
