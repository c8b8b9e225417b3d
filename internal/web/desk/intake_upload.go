package desk

import (
	"context"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"renxin/internal/intake"
	"renxin/internal/patient"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
)

// UploadView is a file that was brought and what is in it.
type UploadView struct {
	ID           intake.UploadID `json:"id"`
	Name         string          `json:"name"`
	Kind         string          `json:"kind"` // hl7 csv xlsx
	Encoding     string          `json:"encoding"`
	Rows         int             `json:"rows"`
	Columns      []intake.Column `json:"columns"`
	Fields       []FieldChoice   `json:"fields"`
	DateQuestion *DateQuestion   `json:"date_question"`
}

// FieldChoice is a field that a column may feed.
type FieldChoice struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// DateQuestion asks how the dates of a column are to be read.
type DateQuestion struct {
	Column   string   `json:"column"`
	Examples []string `json:"examples"`
	Options  []string `json:"options"`
}

// MappingInput says how a table is to be read.
type MappingInput struct {
	Mapping   map[string]string `json:"mapping"` // column → field; "" leaves the column out
	DateOrder string            `json:"date_order"`
	Cursor    string            `json:"cursor"`
}

func (m MappingInput) options() intake.ReadOptions {
	return intake.ReadOptions{Mapping: m.Mapping, DateOrder: m.DateOrder}
}

// PreviewView is what an import would do.
type PreviewView struct {
	Counts intake.Counts `json:"counts"`
	Judged int           `json:"judged"`
	Total  int           `json:"total"`
	Items  []PreviewRow  `json:"items"`
	Next   string        `json:"next"`
}

// PreviewRow is the judgement of one record before anything is written.
type PreviewRow struct {
	Ref       string           `json:"ref"`
	Verdict   intake.Verdict   `json:"verdict"`
	Code      string           `json:"code"`
	Reason    string           `json:"reason"`
	Key       string           `json:"key"`
	PatientID patient.ID       `json:"patient_id"`
	Name      string           `json:"name"`
	Changes   []patient.Change `json:"changes"`
	Reasons   []IntakeReason   `json:"reasons"`
}

// Started names the run and the job of an import.
type Started struct {
	RunID intake.RunID `json:"run_id"`
	JobID string       `json:"job_id"`
}

type uploadForm struct {
	File huma.FormFile `form:"file" required:"true"`
}

func uploadRoutes(d *Door, s *intake.Service) {
	add(d, Route{Method: "POST", Path: "/api/v1/intake/uploads", Permission: intake.PermImport, Text: "Bring a file of HL7 messages or a table (CSV, XLSX)", MaxBytes: intake.MaxUpload + 1<<20, Form: true}, func(ctx context.Context, in *struct {
		RawBody huma.MultipartFormFiles[uploadForm]
	}) (UploadView, error) {
		f := in.RawBody.Data().File
		if !f.IsSet {
			return UploadView{}, fault.New(fault.Invalid, "intake.upload.missing").With("file", "intake.upload.missing")
		}
		defer f.Close()
		u, r, err := s.Upload(ctx, f.Filename, f)
		return uploadView(ctx, u, r), err
	})
	add(d, Route{Method: "GET", Path: "/api/v1/intake/uploads/{id}", Permission: intake.PermImport, Text: "A file and what is in it"}, func(ctx context.Context, in *struct {
		ID intake.UploadID `path:"id"`
	}) (UploadView, error) {
		u, r, err := s.FindUpload(ctx, in.ID, intake.ReadOptions{})
		return uploadView(ctx, u, r), err
	})
	add(d, Route{Method: "POST", Path: "/api/v1/intake/uploads/{id}/preview", Permission: intake.PermImport, Text: "Judge a file without writing anything"}, func(ctx context.Context, in *struct {
		ID   intake.UploadID `path:"id"`
		Body MappingInput
	}) (PreviewView, error) {
		p, err := s.Preview(ctx, in.ID, in.Body.options(), place(in.Body.Cursor))
		return previewView(ctx, p), err
	})
	add(d, Route{Method: "POST", Path: "/api/v1/intake/uploads/{id}/apply", Permission: intake.PermImport, Text: "Import a file; a job does the work"}, func(ctx context.Context, in *struct {
		ID   intake.UploadID `path:"id"`
		Body MappingInput
	}) (Started, error) {
		r, err := s.Apply(ctx, in.ID, in.Body.options())
		return Started{r.ID, strconv.FormatInt(r.JobID, 10)}, err
	})
}

func uploadView(ctx context.Context, u intake.Upload, r intake.Reading) UploadView {
	v := UploadView{ID: u.ID, Name: u.Name, Kind: r.Format, Encoding: r.Charset, Rows: r.Total, Columns: r.Columns, Fields: []FieldChoice{}}
	if v.Columns == nil {
		v.Columns = []intake.Column{}
	}
	for _, f := range r.Fields {
		v.Fields = append(v.Fields, FieldChoice{f, lang.Text(lang.From(ctx), "intake.field."+f, nil)})
	}
	if len(r.Ambiguous) > 0 {
		v.DateQuestion = &DateQuestion{Column: r.Ambiguous[0].Heading, Examples: r.Ambiguous[0].Samples, Options: []string{"dmy", "mdy"}}
	}
	return v
}

func previewView(ctx context.Context, p intake.Preview) PreviewView {
	v := PreviewView{Counts: p.Counts, Judged: p.Judged, Total: p.Total, Items: []PreviewRow{}}
	if p.Next > 0 {
		v.Next = strconv.Itoa(p.Next)
	}
	for _, i := range p.Items {
		row := PreviewRow{Ref: i.Ref, Verdict: i.Verdict, Code: i.Code, Reason: reasonText(ctx, i.Code), Key: i.Key, PatientID: i.PatientID, Name: i.Name, Changes: i.Changes, Reasons: []IntakeReason{}}
		if row.Changes == nil {
			row.Changes = []patient.Change{}
		}
		for _, r := range i.Reasons {
			row.Reasons = append(row.Reasons, IntakeReason{Code: r.Code, Field: r.Field, Text: reasonText(ctx, r.Code)})
		}
		v.Items = append(v.Items, row)
	}
	return v
}
