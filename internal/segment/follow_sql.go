package segment

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// padded repeats the last item up to the next power of four, so that lists of any length share a few prepared statements.
func padded[T any](items []T) []T {
	n := 1
	for n < len(items) {
		n *= 4
	}
	out := append(make([]T, 0, n), items...)
	for len(out) < n && len(items) > 0 {
		out = append(out, items[len(items)-1])
	}
	return out
}

// among tells which of some patients satisfy a plan and are in the caller's scope.
func (s *Service) among(ctx context.Context, p *plan, ids []patient.ID) (map[patient.ID]bool, error) {
	q := db.SQL("select who.id from patient_patient who where " + live)
	db.In(q, padded(ids), "and who.id in (%s)")
	p.filter(q.Add("and"), "who.id")
	s.Patient.InScope(ctx, q, "who.id", "")
	rows, err := db.Rows[patient.ID](ctx, s.DB.Read(ctx), q)
	return setOf(rows), err
}

func setOf(ids []patient.ID) map[patient.ID]bool {
	out := make(map[patient.ID]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out
}

// membersAmong tells which of some patients are in a followed segment.
func membersAmong(ctx context.Context, tx *db.Tx, id ID, ids []patient.ID) (map[patient.ID]bool, error) {
	q := db.SQL("select m.patient_id from segment_member m where m.segment_id = ? and m.left_at = 0", id)
	rows, err := db.Rows[patient.ID](ctx, tx, db.In(q, padded(ids), "and m.patient_id in (%s)"))
	return setOf(rows), err
}

func membersOf(ctx context.Context, tx *db.Tx, id ID) ([]patient.ID, error) {
	return db.List[patient.ID](ctx, tx, `
		select patient_id
		from segment_member
		where segment_id = $1
		and left_at = 0`, id)
}

func enter(ctx context.Context, tx *db.Tx, g ID, id patient.ID) error {
	_, err := tx.Exec(ctx, `
		insert into segment_member (patient_id, segment_id, entered_at, left_at)
		values ($1, $2, $3, 0)
		on conflict (patient_id, segment_id) do update
		set entered_at = excluded.entered_at,
		left_at = 0`, id, g, tx.Now)
	return err
}

func leave(ctx context.Context, tx *db.Tx, g ID, id patient.ID) error {
	_, err := tx.Exec(ctx, `
		update segment_member
		set left_at = $1
		where patient_id = $2
		and segment_id = $3
		and left_at = 0`, tx.Now, id, g)
	return err
}

func dropMembers(ctx context.Context, tx *db.Tx, id ID, limit int) (int64, error) {
	return tx.Exec(ctx, `
		delete from segment_member
		where segment_id = $1
		and patient_id in (select m.patient_id from segment_member m where m.segment_id = $1 limit $2)`, id, limit)
}

// takeTurn makes two processes that look at one segment do so one after the other.
func takeTurn(ctx context.Context, tx *db.Tx, id ID) error {
	if tx.DB().Engine() == db.SQLite { // one writer there is
		return nil
	}
	_, err := tx.Exec(ctx, `update segment_segment set error = error where id = $1`, id)
	return err
}

func setFilled(ctx context.Context, tx *db.Tx, g Segment, today clock.Date) error {
	_, err := tx.Exec(ctx, `
		update segment_segment
		set filled_at = $1,
		followed_at = case when followed_at = 0 then $1 else followed_at end,
		checked_on = $2,
		error = ''
		where id = $3
		and version = $4`, tx.Now, string(today), g.ID, g.Version)
	return err
}

func setUnfilled(ctx context.Context, tx *db.Tx, id ID) error {
	_, err := tx.Exec(ctx, `update segment_segment set filled_at = 0, followed_at = 0, checked_on = '' where id = $1`, id)
	return err
}

func setError(ctx context.Context, tx *db.Tx, id ID, key string) error {
	_, err := tx.Exec(ctx, `update segment_segment set error = $1 where id = $2 and error <> $1`, key, id)
	return err
}

// moved counts the coming and going since m.Since in the caller's scope.
func (s *Service) moved(ctx context.Context, id ID, m *Movement) error {
	tx := s.DB.Read(ctx)
	for _, c := range []struct {
		to    *int
		where string
		args  []any
	}{
		{&m.In, "m.left_at = 0", nil},
		{&m.Entered, "m.left_at = 0 and m.entered_at >= ? and m.entered_at > (select g.followed_at from segment_segment g where g.id = m.segment_id)", []any{m.Since}},
		{&m.Left, "m.left_at > 0 and m.left_at >= ?", []any{m.Since}},
	} {
		q := db.SQL("select count(*) from segment_member m where m.segment_id = ?", id).Add("and "+c.where, c.args...)
		s.Patient.InScopeOfAll(ctx, q, "m.patient_id", "")
		var err error
		if *c.to, _, err = db.FirstOf[int](ctx, tx, q); err != nil {
			return err
		}
	}
	return nil
}
