package db_test

import (
	"context"
	"errors"
	"testing"

	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
)

func TestLaterRowsShareTheFateOfTheirSavepoint(t *testing.T) {
	d, _ := dbtest.New(t)
	ctx := context.Background()
	count := func() int {
		n, _, err := db.First[int](ctx, d.Read(ctx), `select count(*) from event_fact`)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	add := func(tx *db.Tx, id int64) {
		tx.Later("event_fact", "id, name, patient_id, v, body, at", id, "test.seen", 0, 1, "{}", int64(tx.Now))
	}
	undo := errors.New("undo")
	err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for id := range int64(300) {
			add(tx, id+1)
		}
		if err := tx.Savepoint(ctx, func(context.Context) error { add(tx, 1000); return undo }); err != undo {
			t.Errorf("savepoint: %v", err)
		}
		if err := tx.Savepoint(ctx, func(context.Context) error { add(tx, 1001); return nil }); err != nil {
			return err
		}
		if n := count(); n != 0 {
			t.Errorf("%d rows before the end", n)
		}
		return nil
	})
	if err != nil || count() != 301 {
		t.Errorf("%d rows, want 301: %v", count(), err)
	}
	if err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { add(tx, 2000); return undo }); err != undo || count() != 301 {
		t.Errorf("a transaction that was taken back left rows: %d %v", count(), err)
	}
	if err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { add(tx, 1); return nil }); !db.IsUnique(err) {
		t.Errorf("a row that cannot be written must fail its transaction: %v", err)
	}
}
