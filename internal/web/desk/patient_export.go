package desk

import (
	"context"

	"renxin/internal/patient"
	"renxin/internal/view"
)

// PatientExport asks for a list as a file in the tray.
type PatientExport struct {
	PatientSearch
	Reason   string   `json:"reason"`
	Format   string   `json:"format"` // csv or xlsx
	Unmasked bool     `json:"unmasked"`
	Columns  []string `json:"columns"` // of the export's own, of later rooms, or "field:<key>"; none = all of its own
}

func (x patientDoor) exportRoutes(d *Door) {
	add(d, Route{Method: "POST", Path: "/api/v1/patients/export", Permission: patient.PermExport, Text: "Put the list into the tray of files, masked unless permitted otherwise; audited"}, func(ctx context.Context, in *struct{ Body PatientExport }) (view.Export, error) {
		f, err := x.filter(ctx, in.Body.PatientSearch)
		if err != nil {
			return view.Export{}, err
		}
		return x.patient.Export(ctx, f, patient.ExportOptions{Format: in.Body.Format, Reason: in.Body.Reason, Unmasked: in.Body.Unmasked, Columns: in.Body.Columns})
	})
	add(d, Route{Method: "GET", Path: "/api/v1/patients/export/columns", Permission: patient.PermExport, Text: "Columns that an export may have, besides custom fields"}, func(context.Context, *struct{}) (items[string], error) {
		return listed(x.patient.ExportColumns(), nil)
	})
}
