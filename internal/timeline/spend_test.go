package timeline_test

import (
	"context"
	"testing"

	"renxin/cmd/renxin/house"
	"renxin/internal/demo"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
)

// What the page adds up, by day, by year and in the header, equals what the HIS charged, to the fen, for a thousand patients.
func TestPT14_SpendEqualsTheChargesOfAThousandPatients(t *testing.T) {
	d, c := dbtest.New(t)
	h := house.New(house.Options{DB: d, Version: "test"})
	ctx := access.AsSystem(context.Background(), "test")
	if err := h.Prepare(ctx); err != nil {
		t.Fatal(err)
	}
	o := demo.Options{Seed: 9, Patients: 1000, Today: c.Today(), Years: 2}
	l := &demo.Loader{Deps: demo.Deps{DB: d, Board: h.Board, Staff: h.Staff, Patient: h.Patient, Visit: h.Visit, Booking: h.Booking, Followup: h.Followup, Intake: h.Intake}}
	if err := l.Load(ctx, o); err != nil {
		t.Fatal(err)
	}
	type day struct {
		number string
		date   clock.Date
	}
	charged, total := map[day]int64{}, map[string]int64{}
	g := demo.New(o)
	for n := range g.Blocks() {
		for _, p := range g.Block(n) {
			for _, v := range p.Visits {
				number := p.Registrations[v.Registration].Outpatient
				for _, x := range v.Charges {
					charged[day{number, d.Clock().Date(x.At)}] += x.AmountFen
					total[number] += x.AmountFen
				}
			}
		}
	}
	type row struct {
		Value     string
		PatientID patient.ID
	}
	rows, err := db.List[row](ctx, d.Read(ctx), `select value, patient_id from patient_identifier where kind = 'outpatient'`)
	if err != nil || len(rows) < 1000 {
		t.Fatal(len(rows), err)
	}
	spenders := 0
	for _, r := range rows {
		first, err := h.Visit.Spend(ctx, r.PatientID, 0)
		if err != nil {
			t.Fatal(err)
		}
		var years, items int64
		for _, y := range first.Years {
			years += y.TotalFen
			of, err := h.Visit.Spend(ctx, r.PatientID, y.Year)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range of.Days {
				if want := charged[day{r.Value, x.Date}]; x.TotalFen != want {
					t.Errorf("%s: %d fen shown, %d charged", x.Date, x.TotalFen, want)
				}
				for _, it := range x.Items {
					items += it.AmountFen
				}
			}
		}
		whole, err := h.Timeline.Overview(ctx, r.PatientID)
		if err != nil {
			t.Fatal(err)
		}
		if want := total[r.Value]; years != want || items != want || whole.SpentFen != want {
			t.Errorf("years %d, items %d, header %d, charged %d", years, items, whole.SpentFen, want)
		}
		if total[r.Value] > 0 {
			spenders++
		}
	}
	if spenders < 500 {
		t.Errorf("only %d of them spent anything; the proof is too thin", spenders)
	}
}
