package event

import (
	"context"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// insertFact and insertDelivery write with the end of the transaction: nothing reads a fact before it is committed, and a chunk of an
// import publishes hundreds.
func insertFact(tx *db.Tx, id int64, name string, patientID int64, body string) {
	tx.Later("event_fact", "id, name, patient_id, v, body, at", id, name, patientID, 1, body, int64(tx.Now))
}

func insertDelivery(tx *db.Tx, factID int64, listener string, patientID int64) {
	tx.Later("event_delivery", "fact_id, listener, patient_id, state, tries, next_at, error", factID, listener, patientID, "pending", 0, 0, "")
}

func hasUnordered(ctx context.Context, tx *db.Tx) (bool, error) {
	_, ok, err := db.First[int64](ctx, tx, `select id from event_fact where seq is null limit 1`)
	return ok, err
}

// assignSeq numbers up to limit facts. The counter row is updated first, so that two processes number one after the other.
func assignSeq(ctx context.Context, tx *db.Tx, limit int) (int, error) {
	if _, err := tx.Exec(ctx, `
		insert into event_cursor (name, value) values ('seq', 0)
		on conflict (name) do update set value = event_cursor.value`); err != nil {
		return 0, err
	}
	start, err := db.One[int64](ctx, tx, `select value from event_cursor where name = 'seq'`)
	if err != nil {
		return 0, err
	}
	n, err := tx.Exec(ctx, `
		update event_fact
		set seq = $1 + fresh.place
		from (
			select id, row_number() over (order by id) as place
			from event_fact
			where seq is null
			order by id
			limit $2
		) as fresh
		where event_fact.id = fresh.id`, start, limit)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `update event_cursor set value = $1 where name = 'seq'`, start+n)
	return int(n), err
}

type delivery struct {
	FactID    int64
	Listener  string
	PatientID int64
	Tries     int
	Name      string
	Body      string
}

// dueDeliveries lists pending ones in seq order, without those that must wait for an earlier failure of the same patient and listener.
func dueDeliveries(ctx context.Context, tx *db.Tx, now clock.Instant, limit int) ([]delivery, error) {
	return db.List[delivery](ctx, tx, `
		select d.fact_id, d.listener, d.patient_id, d.tries, f.name, f.body
		from event_delivery d
		join event_fact f on f.id = d.fact_id
		where d.state = 'pending'
		and d.next_at <= $1
		and f.seq is not null
		and not exists (
			select 1
			from event_delivery e
			where e.state = 'pending'
			and e.tries > 0
			and e.listener = d.listener
			and e.patient_id = d.patient_id
			and e.patient_id <> 0
			and e.fact_id < d.fact_id
			and e.next_at > $1
		)
		order by f.seq
		limit $2`, now, limit)
}

func markDone(ctx context.Context, tx *db.Tx, d delivery) (bool, error) {
	n, err := tx.Exec(ctx, `
		update event_delivery set state = 'done', tries = tries + 1
		where fact_id = $1 and listener = $2 and state = 'pending'`, d.FactID, d.Listener)
	return n == 1, err
}

func markFailed(ctx context.Context, tx *db.Tx, d delivery, next clock.Instant, reason string) error {
	state := "pending"
	if d.Tries+1 >= maxTries {
		state = "dead"
	}
	_, err := tx.Exec(ctx, `
		update event_delivery set state = $1, next_at = $2, error = $3
		where fact_id = $4 and listener = $5`, state, next, reason, d.FactID, d.Listener)
	return err
}

func deadDeliveries(ctx context.Context, tx *db.Tx, limit int) ([]Dead, error) {
	return db.List[Dead](ctx, tx, `
		select d.fact_id, d.listener, f.name, d.tries, d.error
		from event_delivery d
		join event_fact f on f.id = d.fact_id
		where d.state = 'dead'
		order by d.fact_id desc
		limit $1`, limit)
}

func revive(ctx context.Context, tx *db.Tx, factID int64, listener string) error {
	n, err := tx.Exec(ctx, `
		update event_delivery set state = 'pending', tries = 0, next_at = 0
		where fact_id = $1 and listener = $2 and state = 'dead'`, factID, listener)
	if err == nil && n == 0 {
		err = db.Missing()
	}
	return err
}

func since(ctx context.Context, tx *db.Tx, seq int64, limit int) ([]Stored, error) {
	return db.List[Stored](ctx, tx, `
		select id, seq, name, patient_id, body, at
		from event_fact
		where seq > $1
		order by seq
		limit $2`, seq, limit)
}

func lastSeq(ctx context.Context, tx *db.Tx) (int64, error) {
	v, _, err := db.First[int64](ctx, tx, `select value from event_cursor where name = 'seq'`)
	return v, err
}
