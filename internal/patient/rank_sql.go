package patient

import (
	"context"

	"renxin/internal/identity"
	"renxin/internal/platform/db"
)

// hits lists who a search finds, best first, at most limit. With whole only those who have the word as a whole field or as the end of one.
func (s *Service) hits(ctx context.Context, tx *db.Tx, f Filter, n narrowed, whole string, limit int) ([]hit, error) {
	q := db.SQL("select p.id, ")
	ranking(q, leading(identity.QueryTerms(f.Text)))
	q.Add("as rank, p.seen_at from patient_patient p where " + live)
	q.If(whole != "", "and p.id in (select w.patient_id from patient_search w where w.term = ? limit ?)", whole, narrowCap)
	s.conditions(ctx, q, f, n, order{})
	q.Add("order by 2, p.seen_at + 0 desc, p.id desc limit ?", limit)
	return db.Rows[hit](ctx, tx, q)
}

// ranking appends how well patient p fits a word, 0 best. Terms are suffixes, so a term that equals the word is a whole field or its end;
// the numbers themselves are looked at for those few only.
func ranking(q *db.Query, word string) {
	const ends = "exists (select 1 from patient_search e where e.term = ? and e.patient_id = p.id)"
	q.Add("case when lower(p.name) = ? then 0 when p.pinyin = ? then 1", word, word)
	switch weighingOf(word) {
	case byLetters:
		q.Add("when length(p.name) = ? and "+ends+" then 2", len(word), word)
		q.Add("when substr(p.pinyin, 1, ?) = ? then 3", len(word), word)
	case byDigits:
		q.Add("when not "+ends+" then 5", word)
		q.If(len(word) >= 7, "when exists (select 1 from patient_contact c where c.patient_id = p.id and c.number = ?) then 1", word)
		q.Add("when exists (select 1 from patient_identifier i where i.patient_id = p.id and i.value = ?) then 1", word)
		q.Add("when exists (select 1 from patient_contact c where c.patient_id = p.id and c.system in ('mobile', 'phone') and c.number like ?) then 2", "%"+word)
		q.Add("when true then 3")
	default:
		q.Add("when substr(lower(p.name), 1, ?) = ? then 2", len([]rune(word)), word)
		q.Add("when "+ends+" then 3", word)
	}
	q.Add("else 4 end")
}
