package db_test

import (
	"context"
	"testing"

	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
)

func TestInsertWritesEveryRowOnce(t *testing.T) {
	d, _ := dbtest.New(t)
	ctx := context.Background()
	for _, n := range []int{0, 1, 3, 4, 37, 256, 700} {
		err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.Exec(ctx, "delete from event_cursor"); err != nil {
				return err
			}
			rows := make([][]any, n)
			for i := range rows {
				rows[i] = []any{"row " + string(rune('0'+i%10)) + "/" + string(rune(0x4e00+i)), int64(i)}
			}
			return tx.Insert(ctx, "event_cursor", "name, value", rows)
		})
		if err != nil {
			t.Fatal(err)
		}
		type sums struct{ Rows, Total int64 }
		got, err := db.One[sums](ctx, d.Read(ctx), "select count(*) as rows, coalesce(sum(value), 0) as total from event_cursor")
		if err != nil || got.Rows != int64(n) || got.Total != int64(n*(n-1)/2) {
			t.Errorf("%d rows: found %+v (%v)", n, got, err)
		}
	}
}
