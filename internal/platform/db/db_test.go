package db_test

import (
	"context"
	"errors"
	"testing"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/event"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
)

type seen struct {
	PatientID int64 `json:"patient_id"`
	N         int   `json:"n"`
}

func (seen) FactName() string     { return "test.seen" }
func (s seen) FactPatient() int64 { return s.PatientID }

func TestFactsAreDeliveredOnceInOrderPerPatient(t *testing.T) {
	d, c := dbtest.New(t)
	ctx := context.Background()
	b := event.NewBoard(d)
	var got []int
	fail := true
	event.On(b, "test.on_seen", func(ctx context.Context, f seen) error {
		if !db.InTx(ctx) || !access.From(ctx).IsSystem() {
			t.Error("listener runs outside a transaction or without a caller")
		}
		if f.N == 1 && fail {
			return errors.New("not now")
		}
		got = append(got, f.N)
		return nil
	})
	if err := b.Publish(ctx, seen{1, 0}); err == nil {
		t.Error("published outside a transaction")
	}
	for i, p := range []int64{7, 7, 8} {
		if err := d.Tx(ctx, func(ctx context.Context, _ *db.Tx) error { return b.Publish(ctx, seen{p, i + 1}) }); err != nil {
			t.Fatal(err)
		}
	}
	rolled := errors.New("rolled back")
	if err := d.Tx(ctx, func(ctx context.Context, _ *db.Tx) error { b.Publish(ctx, seen{9, 9}); return rolled }); err != rolled {
		t.Fatal(err)
	}
	if _, err := b.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0] != 3 {
		t.Fatalf("only patient 8 may go on while patient 7 waits: %v", got)
	}
	fail = false
	c.Advance(5_000_000_000)
	if _, err := b.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[1] != 1 || got[2] != 2 {
		t.Fatalf("patient 7 in order, once: %v", got)
	}
	if seq, err := b.LastSeq(ctx); err != nil || seq != 3 {
		t.Fatal(seq, err)
	}
}

func TestJobIsRetriedThenDead(t *testing.T) {
	d, c := dbtest.New(t)
	ctx := context.Background()
	r := job.New(d)
	tries := 0
	r.Register(job.Kind{Name: "test.fail", MaxTries: 3}, func(ctx context.Context, run *job.Run) error {
		tries++
		return errors.New("no")
	})
	id, err := r.Enqueue(ctx, "test.fail", map[string]int{"x": 1}, job.Option{Key: "k"})
	if err != nil || id == 0 {
		t.Fatal(id, err)
	}
	if twice, err := r.Enqueue(ctx, "test.fail", nil, job.Option{Key: "k"}); err != nil || twice != 0 {
		t.Fatal("same key enqueued twice", twice, err)
	}
	for range 5 {
		if _, err := r.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		c.Advance(1e10)
	}
	j, err := r.Find(ctx, id)
	if err != nil || j.State != "dead" || tries != 3 || j.Error != "no" {
		t.Fatalf("%+v %d %v", j, tries, err)
	}
}

func TestSavepointUndoesOneRecordOfABatch(t *testing.T) {
	d, _ := dbtest.New(t)
	ctx := context.Background()
	l := trail.New(d)
	err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for i := range int64(3) {
			err := tx.Savepoint(ctx, func(ctx context.Context) error {
				if err := l.Append(ctx, trail.Entry{Action: "test.row.write", EntityID: i + 1}); err != nil {
					return err
				}
				if i == 1 {
					return errors.New("bad row")
				}
				return nil
			})
			if (err != nil) != (i == 1) {
				t.Error(i, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ids, err := db.List[int64](ctx, d.Read(ctx), `select entity_id from trail_entry order by id`)
	if err != nil || len(ids) != 2 || ids[0] != 1 || ids[1] != 3 {
		t.Fatal(ids, err)
	}
}

func TestTrailNamesTheFirstBrokenEntry(t *testing.T) {
	d, _ := dbtest.New(t)
	ctx := access.With(context.Background(), access.System("test"))
	l := trail.New(d)
	for i := range int64(5) {
		if err := l.Append(ctx, trail.Entry{Action: "test.row.read", EntityID: i, Reason: "why"}); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := l.Seal(ctx); n != 5 || err != nil {
		t.Fatal(n, err)
	}
	if n, broken, err := l.Verify(ctx); n != 5 || broken != nil || err != nil {
		t.Fatal(n, broken, err)
	}
	if err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `update trail_entry set reason = 'other' where seq = 3`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if n, broken, err := l.Verify(ctx); n != 2 || broken == nil || broken.Seq != 3 || err != nil {
		t.Fatal(n, broken, err)
	}
}

type kind struct{}

func (kind) Prefix() string { return "tt" }

func TestIDRoundTrip(t *testing.T) {
	d, _ := dbtest.New(t)
	seen := map[db.ID[kind]]bool{}
	for range 10_000 {
		id := db.New[kind](d)
		back, err := db.ParseID[kind](id.String())
		if err != nil || back != id || seen[id] {
			t.Fatal(id, back, err)
		}
		seen[id] = true
	}
	for _, bad := range []string{"pt_0000000000001", "tt_", "tt_000000000000u", "tt_zzzzzzzzzzzzz", "x"} {
		if _, err := db.ParseID[kind](bad); err == nil {
			t.Error("accepted", bad)
		}
	}
	row, err := db.One[struct {
		A db.ID[kind]
		B clock.Date
		C clock.Instant
		D bool
		E *int64
	}](context.Background(), d.Read(context.Background()), `select cast($1 as bigint) as a, cast($2 as text) as b, cast($3 as bigint) as c, true as d, cast(null as bigint) as e`,
		db.ID[kind](42), clock.Date("2026-11-23"), clock.Instant(1234))
	if err != nil || row.A != 42 || row.B != "2026-11-23" || row.C != 1234 || !row.D || row.E != nil {
		t.Fatalf("%+v %v", row, err)
	}
}
