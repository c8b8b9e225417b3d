package visit

import (
	"context"
	"fmt"

	"renxin/internal/patient"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
)

// Procedure is an operation or treatment performed.
type Procedure struct {
	ID          ProcedureID
	PatientID   patient.ID
	EncounterID EncounterID
	Key         string
	Code        string
	Name        string
	Doctor      string
	At          clock.Instant
	Date        clock.Date // business day
}

// ProcedureInput is one procedure as told; without a number it is known by code (or name) and time.
type ProcedureInput struct {
	Issuer string
	Number string
	Code   string
	Name   string
	Doctor string
	At     clock.Instant
}

// UpsertProcedure stores a procedure of an encounter (0 = of none).
func (s *Service) UpsertProcedure(ctx context.Context, p patient.ID, e EncounterID, in ProcedureInput) (id ProcedureID, c Change, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if in.At == 0 {
			in.At = tx.Now
		}
		row := Procedure{ID: db.New[procedureKind](s.DB), PatientID: p, EncounterID: e, Code: in.Code, Name: in.Name, Doctor: in.Doctor,
			At: in.At, Date: s.date(in.At), Key: in.Issuer + ":" + in.Number}
		if in.Number == "" {
			row.Key = fmt.Sprintf("%s:%s%s@%d", in.Issuer, in.Code, in.Name, in.At)
		}
		if id, c, err = upsertProcedure(ctx, tx, row); err != nil || c == Unchanged {
			return err
		}
		return s.Board.Publish(ctx, Operated{p, e, id, row.Code, row.Date})
	})
	return id, c, err
}
