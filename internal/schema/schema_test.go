package schema_test

import (
	"context"
	"sync"
	"testing"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/fault"
	"renxin/internal/schema"
)

func TestSY31_InstancesThatStartTogetherMigrateOnce(t *testing.T) {
	d, _ := dbtest.New(t)
	if d.Engine() == db.SQLite {
		t.Skip("one process owns a SQLite directory; PostgreSQL takes several instances")
	}
	ctx := context.Background()
	if err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `drop schema public cascade`)
		if err == nil {
			_, err = tx.Exec(ctx, `create schema public`)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			one, err := db.Open(ctx, d.DSN(), clock.New(nil))
			if err == nil {
				_, err = schema.Migrate(ctx, one)
				one.Close()
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n, err := schema.Pending(ctx, d); err != nil || n != 0 {
		t.Error(n, err)
	}
}

func TestSY31_DowngradeIsRefused(t *testing.T) {
	d, _ := dbtest.New(t)
	ctx := context.Background()
	if err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into schema_version (version_id, is_applied) values ($1, true)`, schema.Newest()+1)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := schema.Migrate(ctx, d); fault.KeyOf(err) != "db.newer" {
		t.Error(err)
	}
}
