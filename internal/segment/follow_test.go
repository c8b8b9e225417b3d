package segment

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"renxin/internal/patient"
	"renxin/internal/platform/db"
	"renxin/internal/platform/event"
	"renxin/internal/platform/job"
)

// inside gives who is kept as a member.
func (h *house) inside(g ID) []patient.ID {
	h.t.Helper()
	ids, err := membersOf(h.ctx, h.DB.Read(h.ctx), g)
	h.must(err)
	slices.Sort(ids)
	return ids
}

// stir publishes a fact as a room does that changed the patient's rows.
func (h *house) stir(f event.Fact) {
	h.t.Helper()
	h.must(h.DB.Tx(h.ctx, func(ctx context.Context, _ *db.Tx) error { return h.Board.Publish(ctx, f) }))
}

func TestPT11_FollowedMembersAreThoseOfTheReferenceAfterEveryChange(t *testing.T) {
	h := openHouse(t)
	r := dice{rand.New(rand.NewPCG(3, 12))}
	w := newWorld(h, r, 60)
	var gs []Segment
	first := map[ID][]patient.ID{}
	for i := range 12 {
		g, err := h.Create(h.ctx, Input{Name: fmt.Sprint("人群", i), Tree: w.tree(r), Tracked: true, Shared: true})
		h.must(err)
		gs = append(gs, g)
	}
	h.settled()
	if h.told > 0 {
		t.Errorf("%d were told to come or go when following began", h.told)
	}
	for _, g := range gs {
		first[g.ID] = h.inside(g.ID)
	}
	changes := 0
	for step := range 40 {
		switch r.IntN(8) {
		case 0: // a night passes
			h.clock.Advance(24 * time.Hour)
			h.must(h.NewDay(h.ctx))
		case 1: // a merge and its undoing are told by one fact that names both
			a, b := pick(r, w.people), pick(r, w.people[1:])
			b.Merged = !b.Merged
			w.write(h, b)
			h.stir(patient.Merged{PatientID: a.ID, FromID: b.ID})
		case 2: // the conditions change
			i := r.IntN(len(gs))
			g, err := h.Update(h.ctx, gs[i].ID, Input{Name: gs[i].Name, Tree: w.tree(r), Tracked: true, Shared: true, Version: gs[i].Version})
			h.must(err)
			gs[i] = g
		default: // a few patients change, some twice before anybody looks
			for range 1 + r.IntN(5) {
				p := pick(r, w.people)
				w.random(r, h, p)
				w.write(h, p)
				h.stir(patient.Updated{PatientID: p.ID})
			}
		}
		h.settled()
		for _, g := range gs {
			want, got := w.members(h, g.Tree), h.inside(g.ID)
			if !slices.Equal(want, got) {
				t.Fatalf("step %d: %d are kept, the reference has %d: %s", step, len(got), len(want), g.Tree.text())
			}
			if !slices.Equal(want, first[g.ID]) {
				changes++
			}
			for _, p := range w.people {
				was := 0
				if slices.Contains(first[g.ID], p.ID) {
					was = 1
				}
				is := 0
				if slices.Contains(got, p.ID) {
					is = 1
				}
				if was+h.come[g.ID][p.ID] != is {
					t.Fatalf("step %d: the comings and goings that were told do not lead from %d to %d", step, was, is)
				}
			}
		}
	}
	if changes < 100 || h.told < 100 {
		t.Errorf("only %d different memberships and %d facts: the proof is too thin", changes, h.told)
	}
}

func TestPT09_AnExpiredMembershipDropsOutTheSameDay(t *testing.T) {
	h := openHouse(t)
	w := newWorld(h, dice{rand.New(rand.NewPCG(1, 1))}, 3)
	today := h.DB.Clock().Today()
	for i, p := range w.people {
		*p = human{ID: p.ID, Sex: "female", Cards: []card{{"gold", today.Add(-10), today.Add(i)}}}
		w.write(h, p)
	}
	valid := is("membership", "gold")
	valid.Aspect = "valid"
	g, err := h.Create(h.ctx, Input{Name: "金卡会员", Tree: tree(And, valid), Tracked: true})
	h.must(err)
	h.settled()
	for left := range 4 {
		n, err := h.Count(h.ctx, g.ID, false)
		h.must(err)
		if in := len(h.inside(g.ID)); n.Value != 3-left || in != 3-left {
			t.Errorf("day %d: %d asked, %d kept, want %d", left, n.Value, in, 3-left)
		}
		h.clock.Advance(24 * time.Hour)
		h.must(h.Jobs.Tick(h.ctx, dayTick))
		h.settled()
	}
	if h.told != 3 {
		t.Errorf("%d comings and goings were told, want each card's end once", h.told)
	}
}

// Many facts of many patients are worked off by looking at those patients only, each once.
func TestPT11_OneLookForManyFacts(t *testing.T) {
	h := openHouse(t)
	w := newWorld(h, dice{rand.New(rand.NewPCG(5, 5))}, 30)
	g, err := h.Create(h.ctx, Input{Name: "复诊", Tree: tree(And, is("tag", "复诊")), Tracked: true})
	h.must(err)
	h.settled()
	p := w.people[4]
	for n := range 9 {
		p.Tags = nil
		if n%2 == 0 {
			p.Tags = []string{"复诊"}
		}
		w.write(h, p)
		h.stir(patient.Updated{PatientID: p.ID, Fields: []string{"tags"}})
	}
	was := slices.Contains(h.inside(g.ID), p.ID)
	h.settled()
	if !slices.Contains(h.inside(g.ID), p.ID) {
		t.Error("the patient is not in")
	}
	if want := map[bool]int{true: 0, false: 1}[was]; h.told != want {
		t.Errorf("%d facts told, want %d for the last word", h.told, want)
	}
	if n, err := h.Follow(h.ctx); err != nil || n != 0 {
		t.Errorf("facts are read twice: %d %v", n, err)
	}
}

func TestPT11_FollowingEndsWithTheSegment(t *testing.T) {
	h := openHouse(t)
	newWorld(h, dice{rand.New(rand.NewPCG(6, 6))}, 30)
	inner, err := h.Create(h.ctx, Input{Name: "女", Tree: tree(And, is("sex", "female")), Shared: true})
	h.must(err)
	g, err := h.Create(h.ctx, Input{Name: "内外", Tree: tree(And, is("segment", inner.ID.String())), Tracked: true})
	h.must(err)
	h.settled()
	all := len(h.inside(g.ID))
	if all == 0 {
		t.Fatal("nobody is in")
	}
	inner, err = h.Update(h.ctx, inner.ID, Input{Name: "女", Tree: tree(Not, is("sex", "female", "male", "unknown")), Shared: true, Version: inner.Version})
	h.must(err)
	h.settled()
	if n := len(h.inside(g.ID)); n != 0 {
		t.Errorf("%d are still in although the segment below has nobody", n)
	}
	_, err = h.Update(h.ctx, inner.ID, Input{Name: "女", Tree: tree(And, is("segment", g.ID.String())), Shared: true, Version: inner.Version})
	wantKey(t, err, "segment.tree.circle")
	if _, err = h.Archive(h.ctx, g.ID, g.Version, true); err != nil {
		t.Fatal(err)
	}
	h.settled()
	rows, err := db.One[int](h.ctx, h.DB.Read(h.ctx), "select count(*) from segment_member")
	if err != nil || rows != 0 {
		t.Errorf("%d rows of members stay %v", rows, err)
	}
}

// A filling that is killed half-way and done again leaves each member once.
func TestPT11_AFillingMayBeRepeated(t *testing.T) {
	h := openHouse(t)
	w := newWorld(h, dice{rand.New(rand.NewPCG(7, 7))}, 40)
	g, err := h.Create(h.ctx, Input{Name: "全部", Tree: tree(Or, is("sex", "female", "male", "unknown")), Tracked: true})
	h.must(err)
	p, _, err := h.followed(h.ctx, g)
	h.must(err)
	h.must(h.settle(h.ctx, g, p, []patient.ID{w.people[0].ID, w.people[3].ID}, true))
	h.settled()
	if got, want := h.inside(g.ID), w.members(h, g.Tree); !slices.Equal(got, want) {
		t.Errorf("%d in, want %d", len(got), len(want))
	}
	_, err = h.Jobs.Enqueue(h.ctx, fillJob, filling{g.ID, g.Version, h.DB.Clock().Today()}, job.Option{})
	h.must(err)
	h.settled()
	if h.told != 0 {
		t.Errorf("%d were told", h.told)
	}
}
