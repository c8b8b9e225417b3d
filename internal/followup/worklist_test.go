package followup

import (
	"context"
	"fmt"
	"testing"
	"time"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/lang"
)

// A list so long that it is found another way counts, pages and hides as a short one does: every scope sees the same tasks in the
// counters, in the total and page after page.
func TestFU05_LongListsCountAndPageAlike(t *testing.T) {
	h := openHouse(t)
	ids := h.crowd(60)
	h.load(ids, fewTasks+200)
	as := func(g access.Grant) context.Context {
		g.StaffID = 7
		return access.With(context.Background(), access.Person(7, "x", Permissions, access.Build(g)))
	}
	for name, c := range map[string]struct {
		ctx  context.Context
		sees func(i int) bool // of the i-th patient
	}{
		"everybody":    {h.ctx, func(int) bool { return true }},
		"own":          {as(access.Grant{Reach: "own"}), func(i int) bool { return i%10 == 7 }},
		"departments":  {as(access.Grant{Reach: "department", Departments: []int64{1, 2}}), func(i int) bool { return i%3 > 0 || i%10 == 7 }},
		"recent, of a": {as(access.Grant{Reach: "department", Departments: []int64{1}, Days: 30}), func(i int) bool { return (i%3 == 1 || i%10 == 7) && i%2 == 0 }},
	} {
		want := ListCounts{}
		for n := range fewTasks + 200 {
			switch i := n % 60; {
			case !c.sees(i):
			case n%50 == 0:
				want.Flags++
			case n%50 == 1:
				want.Due++
			default:
				want.Overdue++
			}
		}
		if got, err := h.Counts(c.ctx, "team"); err != nil || got != want {
			t.Errorf("%s: %+v, want %+v, %v", name, got, want, err)
		}
		for list, n := range map[string]int{ListDue: want.Due, ListOverdue: want.Overdue, ListFlags: want.Flags} {
			h.pages(c.ctx, name, list, n)
		}
	}
}

// pages walks a list to its end.
func (h *house) pages(ctx context.Context, name, list string, want int) {
	h.t.Helper()
	seen, last := map[TaskID]bool{}, Task{}
	for f := (WorklistFilter{List: list, Team: true, Limit: 100}); ; {
		p, err := h.Worklist(ctx, f)
		h.must(err)
		if p.Total != (db.Total{Value: want, Exact: true}) {
			h.t.Fatalf("%s %s: %+v, want %d", name, list, p.Total, want)
		}
		for _, x := range p.Items {
			if seen[x.ID] || x.DueAt < last.DueAt || x.DueAt == last.DueAt && x.ID <= last.ID {
				h.t.Fatalf("%s %s: out of order", name, list)
			}
			seen[x.ID], last = true, x
		}
		if f.Cursor = p.Next; f.Cursor == "" {
			break
		}
	}
	if len(seen) != want {
		h.t.Errorf("%s %s: %d tasks on the pages, want %d", name, list, len(seen), want)
	}
}

// crowd makes n patients of three departments; every tenth is the caller's, every second was seen in the last days.
func (h *house) crowd(n int) []patient.ID {
	h.t.Helper()
	rows, ids := make([]patient.LoadRow, n), make([]patient.ID, n)
	for i := range rows {
		seen := h.clock.Now().Add(-time.Duration(i%2) * 90 * 24 * time.Hour)
		rows[i].Patient = patient.Patient{Name: fmt.Sprint("周", i), Sex: "female", CreatedAt: seen}
		rows[i].Access = []patient.Access{{Kind: "department", Key: int64(i % 3), Role: "encounter"}, {Kind: "staff", Key: int64(i % 10), Role: "owner"}, {Kind: "staff", Key: int64(i % 10), Role: "nurse"}}
		if i%3 == 0 {
			rows[i].Access = rows[i].Access[1:]
		}
		if i%10 == 0 {
			rows[i].Access = rows[i].Access[:len(rows[i].Access)-2]
		}
	}
	h.must(h.Patient.Load(h.ctx, rows))
	for i, r := range rows {
		ids[i] = r.Patient.ID
	}
	return ids
}

// load hangs n open tasks on patients in turn: of fifty one a red flag, one due now, the others overdue.
func (h *house) load(ids []patient.ID, n int) {
	h.t.Helper()
	h.must(h.DB.Tx(h.ctx, func(ctx context.Context, tx *db.Tx) error {
		rows := make([][]any, n)
		for i := range rows {
			kind, due := "call", tx.Now.Add(-time.Duration(1+i%700)*24*time.Hour)
			switch i % 50 {
			case 0:
				kind = "flag"
			case 1:
				due = tx.Now
			}
			rows[i] = []any{db.New[taskKind](h.DB), ids[i%len(ids)], kind, fmt.Sprint(i), "回访", "plan", "open", due, 0, false, 0, 0, 0, 0, 0, 0, "", "", "", 0, "", "", "", 0, 0, 0, tx.Now}
		}
		return tx.Insert(ctx, "followup_task", `id, patient_id, kind, key, title, source, state, due_at, severity, provisional, tries, raised_at, ack_by,
			acknowledged_at, rung, climb_at, answer_code, answer_label, answer_text, answered_at, outcome, notes, draft, draft_at, started_at, done_at, created_at`, rows)
	}))
}

// Whoever reads the pages in English must be able to record what came of a call.
func TestFU05_OutcomesSpeakTheReadersLanguage(t *testing.T) {
	h := openHouse(t)
	nurse := h.colleague("lin", "nurse", "")
	task := h.callTask(h.person(1))
	for l, want := range map[lang.Locale]string{lang.ZH: "恢复良好", lang.EN: "Recovering well"} {
		sheet, err := h.FindTask(lang.With(h.as(nurse), l), task.ID)
		if h.must(err); sheet.Outcomes[0].Label != want {
			t.Errorf("%s: %q, want %q", l, sheet.Outcomes[0].Label, want)
		}
	}
	own := spoken(lang.EN, []Outcome{{Code: "well", Label: "一切都好"}})
	if own[0].Label != "一切都好" {
		t.Error("a hospital's own word is kept", own)
	}
}
