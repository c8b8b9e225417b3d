package patient_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"sort"
	"strings"
	"testing"

	"renxin/cmd/renxin/house"
	"renxin/internal/consent"
	"renxin/internal/demo"
	"renxin/internal/identity"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/fault"
)

// lines reads whole tables as text, one line per row, in order.
func lines(t *testing.T, h *house.House, text string) []string {
	t.Helper()
	rows, err := h.DB.Read(context.Background()).Query(context.Background(), text)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for rows.Next() {
		vals, dest := make([]any, len(cols)), make([]any, len(cols))
		for i := range vals {
			dest[i] = &vals[i]
		}
		if err := rows.Scan(dest...); err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprint(vals...))
	}
	sort.Strings(out)
	return out
}

// Merges over the tables of every room, filled with a demonstration hospital: nothing stays with the loser, and undoing everything
// gives back every byte.
func TestPT16_MergesOverTheWholeHouse(t *testing.T) {
	d, c := dbtest.New(t)
	h := house.New(house.Options{DB: d, Version: "test"})
	ctx := access.AsSystem(context.Background(), "test")
	if err := h.Prepare(ctx); err != nil {
		t.Fatal(err)
	}
	l := &demo.Loader{Deps: demo.Deps{DB: d, Board: h.Board, Staff: h.Staff, Patient: h.Patient, Visit: h.Visit, Booking: h.Booking, Organization: h.Organization, Profile: h.Profile, Followup: h.Followup, Intake: h.Intake}}
	if err := l.Load(ctx, demo.Options{Seed: 3, Patients: 60, Interactions: 900, Today: c.Today(), Years: 2}); err != nil {
		t.Fatal(err)
	}
	page, err := h.Patient.List(ctx, patient.Filter{Limit: 12})
	if err != nil || len(page.Items) < 12 {
		t.Fatal(len(page.Items), err)
	}
	for i, p := range page.Items[:6] {
		if err := h.Consent.OptOut(ctx, p.ID, "sms", []consent.Purpose{consent.Promotion}, fmt.Sprint("reply ", i)); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range page.Items { // the fixture's persons all have cards, which would forbid every merge
		d, err := h.Patient.Find(ctx, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range d.Identifiers {
			if n.Kind != identity.KindIDCard {
				continue
			}
			if _, err := h.Patient.RemoveIdentifier(ctx, p.ID, n.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	still := map[string]bool{"patient_merge": true, "patient_merge_row": true, "trail_entry": true, "event_fact": true, "event_delivery": true, "patient_origin": true}
	var tables []string
	for _, name := range h.Patient.Tables() {
		if !still[name] {
			tables = append(tables, name)
		}
	}
	tables = append(tables, "patient_patient")
	filled := 0
	hash := func() string {
		sum := sha256.New()
		filled = 0
		for _, name := range tables {
			rows := lines(t, h, "select * from "+name)
			if len(rows) > 0 {
				filled++
			}
			fmt.Fprintln(sum, name, strings.Join(rows, "\n"))
		}
		return hex.EncodeToString(sum.Sum(nil))
	}
	first := hash()
	if filled < 15 {
		t.Fatalf("only %d tables hold rows; the proof is too thin", filled)
	}
	r := rand.New(rand.NewPCG(5, 5))
	var open []patient.MergeID
	for range 40 {
		a, b := page.Items[r.IntN(12)].ID, page.Items[r.IntN(12)].ID
		m, err := h.Patient.Merge(ctx, a, b, "random")
		switch key := fault.KeyOf(err); {
		case err == nil:
			open = append(open, m)
			for _, name := range tables {
				if name == "patient_patient" || name == "patient_pair" {
					continue
				}
				if left := lines(t, h, fmt.Sprintf("select * from %s where patient_id = %d", name, int64(b))); len(left) > 0 {
					t.Errorf("%s keeps %d rows of the merged record", name, len(left))
				}
			}
		case key != "patient.merge.already" && key != "patient.merge.itself":
			t.Fatal(err)
		}
	}
	if len(open) < 5 {
		t.Fatalf("only %d merges were made", len(open))
	}
	if hash() == first {
		t.Error("the hash does not see the merges")
	}
	for _, i := range r.Perm(len(open)) {
		if _, err := h.Patient.Unmerge(ctx, open[i]); err != nil {
			t.Fatal(err)
		}
	}
	if hash() != first {
		t.Errorf("after undoing %d merges the state is not the first", len(open))
	}
}
