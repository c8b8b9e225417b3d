package db

import "context"

// late is one row that waits for the end of its transaction.
type late struct {
	table, columns string
	row            []any
}

// Later writes a row just before the transaction commits, together with the other rows of its table: several in one statement. It is
// for rows that nothing reads within the transaction, such as the facts that a chunk of an import publishes. A Savepoint that fails
// forgets the rows that were added in it. Table and columns come from code, never from input.
func (t *Tx) Later(table, columns string, row ...any) {
	t.late = append(t.late, late{table, columns, row})
}

// flush writes what waits, table by table in the order in which they were first named.
func (t *Tx) flush(ctx context.Context) error {
	for len(t.late) > 0 {
		first := t.late[0]
		rows, rest := make([][]any, 0, len(t.late)), []late(nil)
		for _, l := range t.late {
			if l.table == first.table && l.columns == first.columns {
				rows = append(rows, l.row)
			} else {
				rest = append(rest, l)
			}
		}
		if t.late = rest; len(rows) > 0 {
			if err := t.Insert(ctx, first.table, first.columns, rows); err != nil {
				return err
			}
		}
	}
	return nil
}
