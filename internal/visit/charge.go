package visit

import (
	"context"
	"fmt"
	"strconv"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

type chargeKind struct{}

// Prefix implements db.Kind.
func (chargeKind) Prefix() string { return "ch" }

// ChargeID identifies one line of the bill.
type ChargeID = db.ID[chargeKind]

// Charge is one line of the bill.
type Charge struct {
	ID          ChargeID
	PatientID   patient.ID
	EncounterID EncounterID
	Key         string
	Code        string
	Name        string
	Category    string
	Quantity    string // decimal text as sent
	AmountFen   int64  // refunds negative
	At          clock.Instant
	Date        clock.Date
}

// ChargeInput is one charge line as told; without a number it is known by its content.
type ChargeInput struct {
	Issuer    string
	Number    string
	Code      string
	Name      string
	Category  string
	Quantity  string
	AmountFen int64
	At        clock.Instant
}

// UpsertCharge stores a charge line of an encounter (0 = of none).
func (s *Service) UpsertCharge(ctx context.Context, p patient.ID, e EncounterID, in ChargeInput) (id ChargeID, c Change, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if in.At == 0 {
			in.At = tx.Now
		}
		row := Charge{ID: db.New[chargeKind](s.DB), PatientID: p, EncounterID: e, Code: in.Code, Name: in.Name, Category: in.Category,
			Quantity: in.Quantity, AmountFen: in.AmountFen, At: in.At, Date: s.date(in.At), Key: in.Issuer + ":" + in.Number}
		if in.Number == "" {
			row.Key = fmt.Sprintf("%s:%s:%s%s@%d:%d", in.Issuer, e, in.Code, in.Name, in.At, in.AmountFen)
		}
		if id, c, err = upsertCharge(ctx, tx, row); err != nil || c == Unchanged {
			return err
		}
		return s.Board.Publish(ctx, Charged{p, e})
	})
	return id, c, err
}

// YearTotal is what a patient spent in a calendar year.
type YearTotal struct {
	Year     int   `json:"year"`
	TotalFen int64 `json:"total_fen"`
}

// SpendItem is one charge on a day's list.
type SpendItem struct {
	Name      string        `json:"name"`
	Category  string        `json:"category"`
	Quantity  string        `json:"quantity"`
	AmountFen int64         `json:"amount_fen"`
	At        clock.Instant `json:"at"`
}

// SpendDay is one day's charges with their sum.
type SpendDay struct {
	Date     clock.Date  `json:"date"`
	TotalFen int64       `json:"total_fen"`
	Items    []SpendItem `json:"items"`
}

// Spend is a patient's spending by day of one year, newest first, and by year.
type Spend struct {
	Years []YearTotal `json:"years"`
	Days  []SpendDay  `json:"days"`
}

// Spend gives daily totals that expand to items (PT-14), of year, or of the newest year with charges when year is 0. All sums are made
// from the same lines, to the fen.
func (s *Service) Spend(ctx context.Context, p patient.ID, year int) (Spend, error) {
	out := Spend{Years: []YearTotal{}, Days: []SpendDay{}}
	if err := access.Need(ctx, PermReadCharges); err != nil {
		return out, err
	}
	p, err := s.Patient.Standing(ctx, p)
	if err != nil {
		return out, err
	}
	if out.Years, err = s.yearTotals(ctx, p); err != nil || len(out.Years) == 0 {
		return out, err
	}
	if year == 0 {
		year = out.Years[0].Year
	}
	rows, err := s.chargesOfYear(ctx, p, strconv.Itoa(year))
	for _, c := range rows {
		if n := len(out.Days); n == 0 || out.Days[n-1].Date != c.Date {
			out.Days = append(out.Days, SpendDay{Date: c.Date})
		}
		d := &out.Days[len(out.Days)-1]
		d.TotalFen += c.AmountFen
		d.Items = append(d.Items, SpendItem{c.Name, c.Category, c.Quantity, c.AmountFen, c.At})
	}
	return out, err
}
