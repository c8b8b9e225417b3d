package sheet

import "renxin/internal/intake"

// walk gathers what one pass over a table's lines tells.
type walk struct {
	columns   []survey
	total     int
	first     [][]string // the first lines as they are read
	given     string     // date order that a person chose
	day       []bool     // per column: a date proved that the day comes first
	month     []bool
	ambiguous []intake.Column
	places    []intake.Place
}

// firstShown is how many lines a person sees before saying how a table is read.
const firstShown = 5

func (w *walk) hear(r row) {
	w.total++
	if len(w.first) < firstShown {
		line := make([]string, len(w.columns))
		for i := range line {
			line[i] = clean(cell(r.cells, i))
		}
		w.first = append(w.first, line)
	}
	if w.day == nil {
		w.day, w.month = make([]bool, len(w.columns)), make([]bool, len(w.columns))
	}
	for i := range w.columns {
		c := cell(r.cells, i)
		w.columns[i].hear(c)
		if n, yearLast, ok := parts(clean(c)); ok && yearLast {
			w.columns[i].yearEnd = true
			w.day[i] = w.day[i] || n[0] > 12
			w.month[i] = w.month[i] || n[1] > 12
		}
	}
}

// tell settles the order of dates for the layout, and gathers the departments that the table names.
func (w *walk) tell(tab table, h head, l *layout) {
	l.order, w.ambiguous = w.dateOrder(l)
	code, name := -1, -1
	for i, f := range l.fields {
		switch {
		case f == visitDeptCode && code < 0:
			code = i
		case f == visitDepartment && name < 0:
			name = i
		}
	}
	if code < 0 && name < 0 {
		return
	}
	at := map[[2]string]int{}
	for r, err := range tab.body(h) {
		if err != nil {
			return
		}
		p := [2]string{}
		if code >= 0 {
			p[0] = clean(cell(r.cells, code))
		}
		if name >= 0 {
			p[1] = clean(cell(r.cells, name))
		}
		if p == [2]string{} {
			continue
		}
		i, known := at[p]
		if !known {
			if len(w.places) == maxPlaces {
				continue
			}
			i = len(w.places)
			at[p] = i
			w.places = append(w.places, intake.Place{Code: p[0], Name: p[1]})
		}
		w.places[i].Rows++
	}
}

// maxPlaces is how many departments of one table are asked about.
const maxPlaces = 300

// dateOrder decides how dates with the year last are to be read: given by the user, else proved by a value over 12 in any date column.
// Columns that stay readable both ways, or prove both, are named: a person must say, we never guess.
func (w *walk) dateOrder(l *layout) (order string, ambiguous []intake.Column) {
	if w.given == dayFirst || w.given == monthFirst {
		return w.given, nil
	}
	day, month := false, false
	for i, f := range l.fields {
		if dateFields[f] && w.day != nil {
			day, month = day || w.day[i], month || w.month[i]
		}
	}
	switch {
	case day && !month:
		return dayFirst, nil
	case month && !day:
		return monthFirst, nil
	}
	for i, f := range l.fields {
		if dateFields[f] && w.columns[i].yearEnd {
			ambiguous = append(ambiguous, intake.Column{Heading: l.heads[i], Field: f, Samples: w.columns[i].samples})
		}
	}
	return "", ambiguous
}
