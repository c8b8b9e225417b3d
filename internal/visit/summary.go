package visit

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
)

// Field is a part of the summary that a role may or may not see.
type Field string

// The fields.
const (
	FieldDiagnosis Field = "diagnosis"
	FieldProcedure Field = "procedure"
	FieldReport    Field = "report"
	FieldSpend     Field = "spend"
)

// fields says which right each field needs.
var fields = map[Field]access.Permission{FieldDiagnosis: PermDiagnosis, FieldProcedure: PermProcedure, FieldReport: PermConclusion, FieldSpend: PermReadCharges}

// SummaryLine is a diagnosis, procedure or report in one line.
type SummaryLine struct {
	Code   string        `json:"code"`
	Name   string        `json:"name"`
	Note   string        `json:"note"` // a report's conclusion, a procedure's doctor, a diagnosis' kind
	Status string        `json:"status"`
	At     clock.Instant `json:"at"`
}

// Summary is what a role may know of a patient's treatment, for reading only (PT-24). A field in Hidden is empty because of the role.
type Summary struct {
	Diagnoses  []SummaryLine `json:"diagnoses"`
	Procedures []SummaryLine `json:"procedures"`
	Reports    []SummaryLine `json:"reports"`
	SpentFen   int64         `json:"spent_fen"`
	Hidden     []Field       `json:"hidden"`
}

const summaryLines = 20 // of each sort, newest first

// Summary gives the newest diagnoses, procedures and reports of a patient, each only to who may see it.
func (s *Service) Summary(ctx context.Context, p patient.ID) (Summary, error) {
	out := Summary{Diagnoses: []SummaryLine{}, Procedures: []SummaryLine{}, Reports: []SummaryLine{}, Hidden: []Field{}}
	if err := access.Need(ctx, PermRead); err != nil {
		return out, err
	}
	p, err := s.Patient.Standing(ctx, p)
	if err != nil {
		return out, err
	}
	for _, f := range []Field{FieldDiagnosis, FieldProcedure, FieldReport, FieldSpend} {
		if !access.From(ctx).Can(fields[f]) {
			out.Hidden = append(out.Hidden, f)
			continue
		}
		switch f {
		case FieldDiagnosis:
			out.Diagnoses, err = s.summaryLines(ctx, p, summaryDiagnoses)
		case FieldProcedure:
			out.Procedures, err = s.summaryLines(ctx, p, summaryProcedures)
		case FieldReport:
			out.Reports, err = s.summaryLines(ctx, p, summaryReports)
		case FieldSpend:
			out.SpentFen, err = s.spentInScope(ctx, p)
		}
		if err != nil {
			return out, err
		}
	}
	return out, nil
}
