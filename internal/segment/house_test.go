package segment

import (
	"context"
	"testing"

	"renxin/internal/field"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

type house struct {
	*Service
	t     testing.TB
	ctx   context.Context
	clock *clock.Fake
	come  map[ID]map[patient.ID]int // told to have entered, minus told to have left
	told  int
}

func openHouse(t testing.TB) *house {
	t.Helper()
	d, c := dbtest.New(t)
	b, l, j := event.NewBoard(d), trail.New(d), job.New(d)
	se := setting.New(setting.Deps{DB: d, Board: b, Trail: l})
	st := staff.New(staff.Deps{DB: d, Board: b, Trail: l, Setting: se})
	fi := field.New(field.Deps{DB: d, Board: b, Trail: l, Setting: se, Staff: st})
	pa := patient.New(patient.Deps{DB: d, Board: b, Trail: l, Setting: se})
	vi := visit.New(visit.Deps{DB: d, Board: b, Trail: l, Staff: st, Patient: pa})
	h := &house{t: t, clock: c, ctx: access.AsSystem(context.Background(), "test"), come: map[ID]map[patient.ID]int{}}
	h.Service = New(Deps{DB: d, Board: b, Jobs: j, Trail: l, Setting: se, Field: fi, Staff: st, Patient: pa, Visit: vi})
	event.On(b, "test.on_entered", func(_ context.Context, f Entered) error { h.count(f.SegmentID, f.PatientID, 1); return nil })
	event.On(b, "test.on_left", func(_ context.Context, f Left) error { h.count(f.SegmentID, f.PatientID, -1); return nil })
	return h
}

func (h *house) count(g ID, p patient.ID, n int) {
	if h.come[g] == nil {
		h.come[g] = map[patient.ID]int{}
	}
	h.come[g][p] += n
	h.told++
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// exec writes rows as a room would; tests alone may write other rooms' tables.
func (h *house) exec(text string, args ...any) {
	h.t.Helper()
	h.must(h.DB.Tx(h.ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, text, args...)
		return err
	}))
}

// settled runs facts, jobs and the following of segments until nothing is left.
func (h *house) settled() {
	h.t.Helper()
	for {
		facts, err := h.Board.Drain(h.ctx)
		h.must(err)
		seen, err := h.Follow(h.ctx)
		h.must(err)
		jobs, err := h.Jobs.Drain(h.ctx)
		h.must(err)
		if facts+seen+jobs == 0 {
			return
		}
	}
}

func wantKey(t testing.TB, err error, key string) {
	t.Helper()
	if fault.KeyOf(err) != key {
		t.Errorf("error %v, want %s", err, key)
	}
}

// is makes a condition, tree a tree of one group.
func is(dim string, values ...string) Node { return Node{Op: Is, Dim: dim, Values: values} }

func tree(op string, nodes ...Node) Tree { return Tree{V: Format, Root: Node{Op: op, Nodes: nodes}} }

func num(n int64) *int64 { return &n }
