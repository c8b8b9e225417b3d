package job_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/job"
)

func one[T any](t *testing.T, d *db.DB, text string, args ...any) T {
	t.Helper()
	v, err := db.One[T](t.Context(), d.Read(t.Context()), text, args...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestJobsAreDoneInOrderAndOnceAKey(t *testing.T) {
	d, c := dbtest.New(t)
	r := job.New(d)
	var done []int
	r.Register(job.Kind{Name: "test.note", Claim: 2}, func(_ context.Context, run *job.Run) error {
		var n int
		err := run.Into(&n)
		done = append(done, n)
		return err
	})
	for i, o := range []job.Option{{RunAt: c.Now().Add(-time.Second)}, {Key: "k"}, {Key: "k"}, {RunAt: c.Now().Add(time.Hour)}, {RunAt: c.Now().Add(-time.Minute)}} {
		if _, err := r.Enqueue(t.Context(), "test.note", i, o); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Drain(t.Context()); err != nil || !slices.Equal(done, []int{4, 0, 1}) {
		t.Error(done, err)
	}
	c.Advance(time.Hour)
	if _, err := r.Drain(t.Context()); err != nil || !slices.Equal(done, []int{4, 0, 1, 3}) {
		t.Error(done, err)
	}
}

func TestFailedJobsComeBackAndThenAreDead(t *testing.T) {
	d, c := dbtest.New(t)
	r, tries := job.New(d), 0
	r.Register(job.Kind{Name: "test.fail", MaxTries: 3}, func(context.Context, *job.Run) error { tries++; return errors.New("no") })
	if _, err := r.Enqueue(t.Context(), "test.fail", nil, job.Option{}); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if _, err := r.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.Advance(time.Hour)
	}
	dead, err := r.Dead(t.Context(), 10)
	if err != nil || tries != 3 || len(dead) != 1 || dead[0].Error != "no" {
		t.Error(tries, dead, err)
	}
}

// The claim must read unfinished jobs only, however many of the kind were done before.
func TestClaimUsesTheIndexOfUnfinishedJobs(t *testing.T) {
	d, _ := dbtest.New(t)
	if d.Engine() != db.SQLite {
		t.Skip("reads SQLite's query plan")
	}
	plan, err := db.List[struct {
		ID, Parent, Notused int64
		Detail              string
	}](t.Context(), d.Read(t.Context()), "explain query plan "+job.ClaimSQL, 1, "x", 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	used := false
	for _, p := range plan {
		used = used || strings.Contains(p.Detail, "job_job_ready")
		if strings.Contains(p.Detail, "job_job_key") || strings.Contains(p.Detail, "TEMP B-TREE") {
			t.Error(p.Detail)
		}
	}
	if !used {
		t.Error(plan)
	}
}

func TestPruneKeepsWhatIsYoungUnfinishedOrKeyed(t *testing.T) {
	d, c := dbtest.New(t)
	r := job.New(d)
	r.Register(job.Kind{Name: "test.do"}, func(context.Context, *job.Run) error { return nil })
	enqueue := func(o job.Option) {
		if _, err := r.Enqueue(t.Context(), "test.do", nil, o); err != nil {
			t.Fatal(err)
		}
	}
	enqueue(job.Option{})
	enqueue(job.Option{Key: "kept"})
	if _, err := r.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	enqueue(job.Option{RunAt: c.Now().Add(1000 * time.Hour)})
	c.Advance(31 * 24 * time.Hour)
	enqueue(job.Option{})
	if _, err := r.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := r.Prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := one[int](t, d, "select count(*) from job_job"); n != 3 {
		t.Errorf("%d jobs left, want the keyed, the waiting and the young one", n)
	}
}
