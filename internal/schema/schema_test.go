package schema_test

import (
	"context"
	"sync"
	"testing"
	"time"

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

// A process on a clock that was put back, or that starts in the same millisecond, must not make keys that exist.
func TestSY31_KeysFollowThoseInTheDatabase(t *testing.T) {
	d, c := dbtest.New(t)
	ctx := context.Background()
	c.Advance(time.Hour)
	var last int64
	for range 5000 {
		last = d.NextID()
	}
	if err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into setting_history (id, key, department_id, old_value, new_value, at, by_name) values ($1, 'k', 0, '', '', 0, '')`, last)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	again, err := db.Open(ctx, d.DSN(), clock.NewFake(dbtest.Start).Clock)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if _, err := schema.Migrate(ctx, again); err != nil {
		t.Fatal(err)
	}
	if id := again.NextID(); id <= last {
		t.Errorf("key %d after %d", id, last)
	}
}
