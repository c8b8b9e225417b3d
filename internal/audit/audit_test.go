package audit_test

import (
	"context"
	"testing"
	"time"

	"renxin/internal/audit"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
)

// person is a caller as staff would build it; tests may.
func person(id int64, g access.Grant) context.Context {
	g.StaffID = id
	return access.With(context.Background(), access.Person(id, "p", audit.Permissions, access.Build(g)))
}

func TestSY06_TrailObeysTheLastDaysAndTheOwnReach(t *testing.T) {
	d, clk := dbtest.New(t)
	l := trail.New(d)
	s := audit.New(audit.Deps{DB: d, Jobs: job.New(d), Trail: l})
	for _, who := range []int64{1, 2, 1} {
		if err := l.Append(person(who, access.Grant{Reach: "own"}), trail.Entry{Action: "patient.contact.reveal", Reason: "follow-up"}); err != nil {
			t.Fatal(err)
		}
	}
	count := func(ctx context.Context) int {
		t.Helper()
		p, err := s.List(ctx, audit.Filter{Action: "patient."})
		if err != nil || p.Total.Value != len(p.Items) {
			t.Fatalf("count and list disagree: %+v %v", p.Total, err)
		}
		return len(p.Items)
	}
	three := person(9, access.Grant{Reach: "all", Days: 3, ReadOnly: true})
	if a, b, c := count(person(1, access.Grant{Reach: "own"})), count(person(9, access.Grant{Reach: "all"})), count(three); a != 2 || b != 3 || c != 3 {
		t.Error(a, b, c)
	}
	clk.Advance(2 * 24 * time.Hour)
	if n := count(three); n != 3 {
		t.Error("the third day still counts:", n)
	}
	clk.Advance(24 * time.Hour)
	if a, b := count(three), count(person(9, access.Grant{Reach: "all"})); a != 0 || b != 3 {
		t.Error("the window moves with time, without a restart:", a, b)
	}
	if _, err := s.List(context.Background(), audit.Filter{}); err == nil {
		t.Error("nobody signed in, yet the trail was shown")
	}
	if n, broken, err := s.Verify(person(9, access.Grant{Reach: "all"})); err != nil || broken != nil || n != 3 {
		t.Error(n, broken, err)
	}
}
