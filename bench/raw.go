package bench

import (
	"context"
	"time"

	"renxin/internal/platform/db"
)

// Raw are the rates of the bare engine through the same handle, with the same durability.
type Raw struct {
	Single float64 // durable one-row transactions per second, 8 clients
	Batch  float64 // rows per second in transactions of 2,000 rows
	Read   float64 // p95 of reading 50 rows by key, one by one, in milliseconds
}

const rawTable = `create table bench_row (
	id bigint primary key,
	patient_id bigint not null,
	name text not null,
	at bigint not null
)`

// MeasureRaw fills a scratch table in d for about as long as given, three ways, and drops it again. It is short, so that it can be
// repeated right before each figure: on a shared machine the limit moves.
func MeasureRaw(ctx context.Context, d *db.DB, each time.Duration) (raw Raw, err error) {
	if err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, rawTable)
		return err
	}); err != nil {
		return raw, err
	}
	defer d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "drop table bench_row")
		return err
	})
	if raw.Single, err = Rate(ctx, 8, each, func(ctx context.Context, _, _ int) error {
		return d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return rawInsert(ctx, d, tx) })
	}); err != nil {
		return raw, err
	}
	raw.Batch, err = Rate(ctx, 1, each, func(ctx context.Context, _, _ int) error {
		return d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			for range 2000 {
				if err := rawInsert(ctx, d, tx); err != nil {
					return err
				}
			}
			return nil
		})
	})
	raw.Batch *= 2000
	if err != nil {
		return raw, err
	}
	raw.Read, err = rawReads(ctx, d, each)
	return raw, err
}

// rawReads fetches 50 rows by key, spread over the table.
func rawReads(ctx context.Context, d *db.DB, each time.Duration) (float64, error) {
	ids, err := db.List[int64](ctx, d.Read(ctx), "select id from bench_row order by patient_id desc, id desc limit 2000")
	if err != nil {
		return 0, err
	}
	times, err := Repeat(200, each, func(n int) error {
		for i := range 50 {
			if _, _, err := db.First[rawRow](ctx, d.Read(ctx), "select id, patient_id, name, at from bench_row where id = $1", ids[(n*50+i*37)%len(ids)]); err != nil {
				return err
			}
		}
		return nil
	})
	return times.At(0.95), err
}

type rawRow struct {
	ID, PatientID, At int64
	Name              string
}

func rawInsert(ctx context.Context, d *db.DB, tx *db.Tx) error {
	id := d.NextID()
	_, err := tx.Exec(ctx, "insert into bench_row (id, patient_id, name, at) values ($1, $2, $3, $4)", id, id>>8, "仁安医院随访短信", int64(tx.Now))
	return err
}
