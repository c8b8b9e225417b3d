package db

import (
	"context"
	"strconv"
	"strings"
)

// chunks are the numbers of rows that one statement of Insert carries: few sizes, so that few texts stay prepared, and none
// beyond the engines' limit of parameters for tables of up to 40 columns.
var chunks = []int{256, 32, 4, 1}

// Insert writes many rows into a table, several in one statement; every row holds one value for each of the columns
// ("id, patient_id, name"). It is for bulk work inside a transaction of at most a few thousand rows. Table and columns come
// from code, never from input.
func (t *Tx) Insert(ctx context.Context, table, columns string, rows [][]any) error {
	width := strings.Count(columns, ",") + 1
	for len(rows) > 0 {
		n := chunk(len(rows), width)
		args := make([]any, 0, n*width)
		for _, r := range rows[:n] {
			args = append(args, r...)
		}
		if _, err := t.Exec(ctx, insertText(t.db.engine, table, columns, n, width), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

func chunk(rows, width int) int {
	for _, n := range chunks {
		if n <= rows && n*width <= 10_000 {
			return n
		}
	}
	return 1
}

// insertText writes $n for PostgreSQL and ? for SQLite, whose driver looks numbered parameters up one by one: a statement of
// 7,000 of them would spend more time on their names than on the rows.
func insertText(e Engine, table, columns string, rows, width int) string {
	var b strings.Builder
	b.WriteString("insert into " + table + " (" + columns + ") values ")
	for i := range rows * width {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%width == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		if e == SQLite {
			b.WriteByte('?')
		} else {
			b.WriteString("$" + strconv.Itoa(i+1))
		}
	}
	b.WriteByte(')')
	return b.String()
}
