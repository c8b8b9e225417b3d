package patient

import (
	"context"
	"slices"
	"strings"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
)

// matched lists the patients in scope with a term that begins with word, at most narrowCap.
func matched(ctx context.Context, tx *db.Tx, word string) ([]ID, error) {
	q := db.SQL("select distinct h.patient_id from (")
	matching(q, access.ScopeOf(ctx), word, false, narrowCap, tx.Now)
	q.Add(") h")
	return db.Rows[ID](ctx, tx, q)
}

// after is the first text that does not begin with w, bytewise.
func after(w string) string { return w + "\U0010ffff" }

// termChunk rows go into one statement, so that sixteen statement texts serve every patient.
const termChunk = 16

func insertTerms(ctx context.Context, tx *db.Tx, id ID, terms []string) error {
	for chunk := range slices.Chunk(terms, termChunk) {
		args := make([]any, 0, 2*len(chunk))
		for _, t := range chunk {
			args = append(args, t, id)
		}
		q := db.SQL("insert into patient_search (term, patient_id) values "+rowsOf(2, len(chunk)), args...)
		q.Add("on conflict (term, patient_id) do nothing")
		if _, err := tx.Exec(ctx, q.Text(), q.Args()...); err != nil {
			return err
		}
	}
	return nil
}

// rowsOf writes the placeholders of n rows of width columns.
func rowsOf(width, n int) string {
	row := "(" + strings.TrimSuffix(strings.Repeat("?, ", width), ", ") + ")"
	return strings.TrimSuffix(strings.Repeat(row+", ", n), ", ")
}

func deleteTerms(ctx context.Context, tx *db.Tx, id ID, terms []string) error {
	if len(terms) == 0 {
		return nil
	}
	q := db.SQL("delete from patient_search where patient_id = ?", id)
	db.In(q, padded(terms), "and term in (%s)")
	_, err := tx.Exec(ctx, q.Text(), q.Args()...)
	return err
}
