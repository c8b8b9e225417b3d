package visit

import (
	"context"
	"fmt"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

type reportKind struct{}

// Prefix implements db.Kind.
func (reportKind) Prefix() string { return "re" }

// ReportID identifies one report.
type ReportID = db.ID[reportKind]

// Report says that a result exists: conclusion and flag only.
type Report struct {
	ID          ReportID
	PatientID   patient.ID
	EncounterID EncounterID
	Key         string
	Kind        string // lab imaging checkup document
	Name        string
	Conclusion  string
	Abnormal    string // "" normal, abnormal, critical
	At          clock.Instant
	Issuer      string // the system that holds it
	Number      string // its number there, "" where the source gives none
	Result      string // the text itself, where the hospital keeps it
}

// ReportInput is one report as told.
type ReportInput struct {
	Issuer     string
	Number     string
	Kind       string // default document
	Name       string
	Conclusion string
	Abnormal   string
	Result     string // "" leaves a text that is kept already alone
	At         clock.Instant
}

// UpsertReport stores a report of an encounter (0 = of none).
func (s *Service) UpsertReport(ctx context.Context, p patient.ID, e EncounterID, in ReportInput) (id ReportID, c Change, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if in.At == 0 {
			in.At = tx.Now
		}
		row := Report{ID: db.New[reportKind](s.DB), PatientID: p, EncounterID: e, Kind: in.Kind, Name: in.Name, Conclusion: in.Conclusion,
			Abnormal: in.Abnormal, At: in.At, Key: in.Issuer + ":" + in.Number, Issuer: in.Issuer, Number: in.Number, Result: in.Result}
		switch row.Kind {
		case "lab", "imaging", "checkup":
		default:
			row.Kind = "document"
		}
		if row.Abnormal != "critical" && row.Abnormal != "" {
			row.Abnormal = "abnormal"
		}
		if in.Number == "" {
			row.Key = fmt.Sprintf("%s:%s:%s@%d", in.Issuer, row.Kind, in.Name, in.At)
		}
		if id, c, err = upsertReport(ctx, tx, row); err != nil || c == Unchanged {
			return err
		}
		return s.Board.Publish(ctx, Reported{p, e, row.Kind, row.Abnormal})
	})
	return id, c, err
}
