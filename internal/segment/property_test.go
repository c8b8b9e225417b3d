package segment

import (
	"math/rand/v2"
	"slices"
	"testing"

	"renxin/internal/patient"
	"renxin/internal/platform/db"
	"renxin/internal/staff"
)

func staffID(id int64) string      { return staff.ID(id).String() }
func departmentID(id int64) string { return staff.DepartmentID(id).String() }

// asked gives the members of a tree by SQL.
func (h *house) asked(t Tree) []patient.ID {
	h.t.Helper()
	p, err := h.ready(h.ctx, t)
	if err != nil {
		h.t.Fatalf("%v: %s", err, t.text())
	}
	tx := h.DB.Read(h.ctx)
	q, err := h.from(h.ctx, tx, p, db.SQL("select who.id"))
	h.must(err)
	ids, err := db.Rows[patient.ID](h.ctx, tx, q)
	if err != nil {
		h.t.Fatalf("%v: %s", err, t.text())
	}
	slices.Sort(ids)
	return ids
}

func TestPT11_RandomTreesFindWhomTheReferenceFinds(t *testing.T) {
	h := openHouse(t)
	r := dice{rand.New(rand.NewPCG(11, 7))}
	w := newWorld(h, r, 120)
	found, dims := 0, map[string]bool{}
	for range 600 {
		tr := w.tree(r)
		want, got := w.members(h, tr), h.asked(tr)
		if !slices.Equal(want, got) {
			t.Fatalf("SQL finds %d, the reference %d: %s", len(got), len(want), tr.text())
		}
		n, err := h.CountTree(h.ctx, tr, false)
		if err != nil || n.Value != len(want) || !n.Exact {
			t.Fatalf("count %+v %v, want %d", n, err, len(want))
		}
		if len(want) > 0 && len(want) < len(w.people)-20 {
			found++
		}
		for _, c := range tr.Conditions() {
			dims[c.Dim] = true
		}
	}
	if found < 150 || len(dims) < 23 {
		t.Fatalf("only %d trees told anybody apart, over %d dimensions: the proof is too thin", found, len(dims))
	}
}
