package desk

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"renxin/internal/patient"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
)

// PatientExport asks for a list as a file.
type PatientExport struct {
	PatientSearch
	Reason   string `json:"reason"`
	Format   string `json:"format"` // csv or xlsx
	Unmasked bool   `json:"unmasked"`
}

const spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func (x patientDoor) exportRoutes(d *Door) {
	addFile(d, Route{Method: "POST", Path: "/api/v1/patients/export", Permission: patient.PermExport, Text: "The list as a file, masked unless permitted otherwise; audited"}, func(ctx context.Context, in *struct{ Body PatientExport }) (File, error) {
		f, err := x.filter(ctx, in.Body.PatientSearch)
		if err != nil {
			return File{}, err
		}
		w, ok := exporters[in.Body.Format]
		if !ok {
			return File{}, fault.New(fault.Invalid, "patient.export.format_unknown").With("format", "patient.export.format_unknown")
		}
		// The file is made before the first byte is sent, so that a refusal or a failure is an answer and not half a file.
		b, err := w.write(exportHeads(ctx), func(row func([]string) error) error {
			return x.patient.Export(ctx, f, patient.ExportOptions{Reason: in.Body.Reason, Unmasked: in.Body.Unmasked}, row)
		})
		if err != nil {
			return File{}, err
		}
		return File{Name: "patients." + in.Body.Format, Type: w.media, Write: func(o io.Writer) error { _, err := o.Write(b); return err }}, nil
	})
}

func exportHeads(ctx context.Context) []string {
	l := lang.From(ctx)
	out := make([]string, len(patient.ExportColumns))
	for i, c := range patient.ExportColumns {
		out[i] = lang.Text(l, "patient.export."+c, nil)
	}
	return out
}

type exporter struct {
	media string
	write func(heads []string, rows func(func([]string) error) error) ([]byte, error)
}

var exporters = map[string]exporter{"csv": {"text/csv; charset=utf-8", writeCSV}, "xlsx": {spreadsheet, writeSheet}}

// harmless keeps a cell from being a formula in a spreadsheet program.
func harmless(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
			c = "'" + c
		}
		out[i] = c
	}
	return out
}

func writeCSV(heads []string, rows func(func([]string) error) error) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff") // spreadsheet programs take the file for UTF-8
	w := csv.NewWriter(&b)
	if err := w.Write(heads); err != nil {
		return nil, err
	}
	if err := rows(func(cells []string) error { return w.Write(harmless(cells)) }); err != nil {
		return nil, err
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// writeSheet writes every cell as text, so that leading zeros and long numbers stay what they are.
func writeSheet(heads []string, rows func(func([]string) error) error) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, err
	}
	n := 0
	line := func(cells []string) error {
		n++
		at, err := excelize.CoordinatesToCellName(1, n)
		if err != nil {
			return err
		}
		vals := make([]any, len(cells))
		for i, c := range cells {
			vals[i] = c
		}
		return w.SetRow(at, vals)
	}
	if err := line(heads); err != nil {
		return nil, err
	}
	if err := rows(func(cells []string) error { return line(harmless(cells)) }); err != nil {
		return nil, err
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	_, err = f.WriteTo(&b)
	return b.Bytes(), err
}
