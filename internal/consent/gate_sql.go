package consent

import (
	"context"
	"slices"
	"strings"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

const chunk = 256 // ids in one statement

// padded repeats the last item up to the next power of four, so that lists of any length share a few prepared statements.
func padded[T any](items []T) []T {
	n := 1
	for n < len(items) {
		n *= 4
	}
	out := slices.Clone(items)
	for len(out) < n && len(items) > 0 {
		out = append(out, items[len(items)-1])
	}
	return out
}

func insertContact(ctx context.Context, tx *db.Tx, r Request, d Decision, day clock.Date) error {
	state, code := "reserved", ""
	if !d.Allowed {
		state, code = "refused", d.Code
	}
	_, err := tx.Exec(ctx, `
		insert into consent_contact (id, patient_id, channel, purpose, topic, urgent, state, code, day, ref, created_at, changed_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)`,
		d.ReservationID, r.PatientID, r.Channel, r.Purpose, r.Topic, r.Urgent, state, code, day, r.Ref, tx.Now)
	return err
}

func changeContact(ctx context.Context, tx *db.Tx, p patient.ID, id ReservationID, state, code string) error {
	q := db.SQL(`update consent_contact set state = ?, code = ?, changed_at = ? where id = ? and state = 'reserved'`, state, code, tx.Now, id)
	q.If(p != 0, `and patient_id = ?`, p)
	_, err := tx.Exec(ctx, q.Text(), q.Args()...)
	return err
}

func moveContact(ctx context.Context, tx *db.Tx, p patient.ID, id ReservationID, day clock.Date) error {
	_, err := tx.Exec(ctx, `update consent_contact set day = $1, changed_at = $2 where id = $3 and patient_id = $4 and state = 'reserved'`, day, tx.Now, id, p)
	return err
}

func settleContacts(ctx context.Context, tx *db.Tx, ids []ReservationID) error {
	for list := range slices.Chunk(ids, chunk) {
		q := db.SQL(`update consent_contact set state = 'settled', changed_at = ? where state = 'reserved'`, tx.Now)
		db.In(q, padded(list), `and id in (%s)`)
		if _, err := tx.Exec(ctx, q.Text(), q.Args()...); err != nil {
			return err
		}
	}
	return nil
}

type contactDay struct {
	ID  ReservationID
	Day clock.Date
}

func contactDays(ctx context.Context, tx *db.Tx, ids []ReservationID) (map[ReservationID]clock.Date, error) {
	out := map[ReservationID]clock.Date{}
	for list := range slices.Chunk(ids, chunk) {
		q := db.SQL(`select id, day from consent_contact where state in ('reserved', 'settled')`)
		rows, err := db.Rows[contactDay](ctx, tx, db.In(q, padded(list), `and id in (%s)`))
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.ID] = r.Day
		}
	}
	return out, nil
}

func takeTurns(ctx context.Context, tx *db.Tx, ids []patient.ID) error {
	for list := range slices.Chunk(ids, chunk) {
		args := make([]any, 0, 2*len(list))
		for _, id := range list {
			args = append(args, id, tx.Now)
		}
		q := db.SQL(`insert into consent_turn (subject_id, at) values `+strings.TrimSuffix(strings.Repeat("(?, ?), ", len(list)), ", "), args...).
			Add(`on conflict (subject_id) do update set at = excluded.at`)
		if _, err := tx.Exec(ctx, q.Text(), q.Args()...); err != nil {
			return err
		}
	}
	return nil
}

func deceased(ctx context.Context, tx *db.Tx, ids []patient.ID) ([]patient.ID, error) {
	q := db.SQL(`select id from patient_patient where deceased_at <> ''`)
	return db.Rows[patient.ID](ctx, tx, db.In(q, padded(ids), `and id in (%s)`))
}

func recordsInForce(ctx context.Context, tx *db.Tx, ids []patient.ID) ([]inForce, error) {
	q := db.SQL(`select patient_id, purpose, channel, decision, until from consent_record where superseded_at = 0`)
	return db.Rows[inForce](ctx, tx, db.In(q, padded(ids), `and patient_id in (%s)`))
}

type reasonOf struct {
	PatientID patient.ID
	Reason    string
}

func blocksInForce(ctx context.Context, tx *db.Tx, ids []patient.ID) ([]reasonOf, error) {
	q := db.SQL(`select patient_id, reason from consent_block where lifted_at = 0 and (until = 0 or until > ?)`, tx.Now)
	return db.Rows[reasonOf](ctx, tx, db.In(q, padded(ids), `and patient_id in (%s)`))
}

func contactCounts(ctx context.Context, tx *db.Tx, ids []patient.ID, since clock.Date) ([]count, error) {
	q := db.SQL(`
		select patient_id, channel, purpose, day, count(*) as n
		from consent_contact
		where state in ('reserved', 'settled') and not urgent and day > ?`, since)
	db.In(q, padded(ids), `and patient_id in (%s)`)
	return db.Rows[count](ctx, tx, q.Add(`group by patient_id, channel, purpose, day`))
}

func wrongNumbers(ctx context.Context, tx *db.Tx, numbers []string) ([]string, error) {
	q := db.SQL(`select number from patient_wrong_number where 1 = 1`)
	return db.Rows[string](ctx, tx, db.In(q, padded(numbers), `and number in (%s)`))
}
