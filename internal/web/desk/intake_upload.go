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
	Encodings    []string        `json:"encodings"` // that may be chosen instead; none for workbooks
	Sheets       []string        `json:"sheets"`
	Sheet        string          `json:"sheet"`
	Bare         bool            `json:"bare"` // no heading line: columns go by what their values look like
	Rows         int             `json:"rows"`
	Issuer       string          `json:"issuer"` // of numbers, where no column says
	First        [][]string      `json:"first"`  // the first lines as they are read
	Columns      []intake.Column `json:"columns"`
	Fields       []FieldChoice   `json:"fields"`
	DateOrder    string          `json:"date_order"` // as the values prove or a saved mapping says
	DateQuestion *DateQuestion   `json:"date_question"`
	Departments  []PlaceQuestion `json:"departments"` // that we do not know
	Mapping      *MappingView    `json:"mapping"`     // saved for such a file and taken for it
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

// PlaceQuestion asks which department a word of a file means.
type PlaceQuestion struct {
	Word    string `json:"word"`
	Name    string `json:"name"`
	Rows    int    `json:"rows"`
	Suggest string `json:"suggest"` // code of a department with a similar name
}

// MappingInput says how a table is to be read.
type MappingInput struct {
	Mapping     map[string]string `json:"mapping,omitempty"` // column → field; "" leaves the column out
	DateOrder   string            `json:"date_order,omitempty"`
	Encoding    string            `json:"encoding,omitempty"`
	Sheet       string            `json:"sheet,omitempty"`
	Issuer      string            `json:"issuer,omitempty"`
	Departments map[string]string `json:"departments,omitempty"` // word → code, "+" to create, "" to leave out
	Verdict     intake.Verdict    `json:"verdict,omitempty"`     // of a preview: these rows alone; "warned" for doubtful ones
	Cursor      string            `json:"cursor,omitempty"`
	SaveAs      string            `json:"save_as,omitempty"` // of an import: keep the mapping under this name
}

func (m MappingInput) options() intake.ReadOptions {
	return intake.ReadOptions{Mapping: m.Mapping, DateOrder: m.DateOrder, Charset: m.Encoding, Sheet: m.Sheet, Issuer: m.Issuer, Departments: m.Departments}
}

// PreviewView is what an import would do.
type PreviewView struct {
	Counts intake.Counts `json:"counts"`
	Warned int           `json:"warned"`
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
	Also      []string         `json:"also"` // what else it changes: encounter, condition, procedure, charge, report, appointment
	Reasons   []IntakeReason   `json:"reasons"`
}

// Started names the run and the job of an import.
type Started struct {
	RunID intake.RunID `json:"run_id"`
	JobID string       `json:"job_id"`
}

// PasteInput is a list copied from elsewhere.
type PasteInput struct {
	Name string `json:"name"`
	Text string `json:"text" maxLength:"4194304"`
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
		u, _, err := s.Upload(ctx, f.Filename, f)
		if err != nil {
			return UploadView{}, err
		}
		return offered(ctx, s, u.ID, intake.ReadOptions{})
	})
	add(d, Route{Method: "POST", Path: "/api/v1/intake/uploads/pasted", Permission: intake.PermImport, Text: "Bring a list copied from a spreadsheet, a chat or a mail", MaxBytes: 2*intake.MaxPaste + 1<<20}, func(ctx context.Context, in *struct{ Body PasteInput }) (UploadView, error) {
		u, _, err := s.Paste(ctx, in.Body.Name, in.Body.Text)
		if err != nil {
			return UploadView{}, err
		}
		return offered(ctx, s, u.ID, intake.ReadOptions{})
	})
	add(d, Route{Method: "GET", Path: "/api/v1/intake/uploads/{id}", Permission: intake.PermImport, Text: "A file and what is in it, read with the mapping saved for such a file"}, func(ctx context.Context, in *struct {
		ID intake.UploadID `path:"id"`
	}) (UploadView, error) {
		return offered(ctx, s, in.ID, intake.ReadOptions{})
	})
	add(d, Route{Method: "POST", Path: "/api/v1/intake/uploads/{id}/read", Permission: intake.PermImport, Text: "The file read another way: character set, sheet, columns; nothing is written"}, func(ctx context.Context, in *struct {
		ID   intake.UploadID `path:"id"`
		Body MappingInput
	}) (UploadView, error) {
		return offered(ctx, s, in.ID, in.Body.options())
	})
	add(d, Route{Method: "POST", Path: "/api/v1/intake/uploads/{id}/preview", Permission: intake.PermImport, Text: "Judge a file without writing anything"}, func(ctx context.Context, in *struct {
		ID   intake.UploadID `path:"id"`
		Body MappingInput
	}) (PreviewView, error) {
		p, err := s.Preview(ctx, in.ID, in.Body.options(), in.Body.Verdict, place(in.Body.Cursor))
		return previewView(ctx, p), err
	})
	add(d, Route{Method: "POST", Path: "/api/v1/intake/uploads/{id}/apply", Permission: intake.PermImport, Text: "Import a file; a job does the work"}, func(ctx context.Context, in *struct {
		ID   intake.UploadID `path:"id"`
		Body MappingInput
	}) (Started, error) {
		r, err := s.ApplyAs(ctx, in.ID, in.Body.options(), in.Body.SaveAs)
		return Started{r.ID, strconv.FormatInt(r.JobID, 10)}, err
	})
}

func offered(ctx context.Context, s *intake.Service, id intake.UploadID, o intake.ReadOptions) (UploadView, error) {
	u, r, m, err := s.Offer(ctx, id, o)
	if err != nil {
		return UploadView{}, err
	}
	v := uploadView(ctx, u, r)
	if v.Issuer = o.Issuer; v.Issuer == "" {
		v.Issuer = s.Setting.Text(ctx, "intake.table.issuer", 0)
	}
	if m.ID != 0 {
		view := mappingView(m)
		v.Mapping = &view
	}
	return v, nil
}

func uploadView(ctx context.Context, u intake.Upload, r intake.Reading) UploadView {
	v := UploadView{ID: u.ID, Name: u.Name, Kind: r.Format, Encoding: r.Charset, Encodings: []string{}, Sheets: r.Sheets, Sheet: r.Sheet, Bare: r.Bare, Rows: r.Total,
		Columns: r.Columns, Fields: []FieldChoice{}, DateOrder: r.DateOrder, Departments: []PlaceQuestion{}}
	if v.First = r.First; v.First == nil {
		v.First = [][]string{}
	}
	if v.Columns == nil {
		v.Columns = []intake.Column{}
	}
	if v.Sheets == nil {
		v.Sheets = []string{}
	}
	if r.Format == "csv" {
		v.Encodings = []string{"UTF-8", "GB18030", "UTF-16"}
	}
	for _, f := range r.Fields {
		v.Fields = append(v.Fields, FieldChoice{f, lang.Text(lang.From(ctx), "intake.field."+f, nil)})
	}
	if len(r.Ambiguous) > 0 {
		v.DateQuestion = &DateQuestion{Column: r.Ambiguous[0].Heading, Examples: r.Ambiguous[0].Samples, Options: []string{"dmy", "mdy"}}
	}
	for _, p := range r.Unknown {
		v.Departments = append(v.Departments, PlaceQuestion{Word: p.Word, Name: p.Name, Rows: p.Rows, Suggest: p.Suggest})
	}
	return v
}

func previewView(ctx context.Context, p intake.Preview) PreviewView {
	v := PreviewView{Counts: p.Counts, Warned: p.Warned, Judged: p.Judged, Total: p.Total, Items: []PreviewRow{}}
	if p.Next > 0 {
		v.Next = strconv.Itoa(p.Next)
	}
	for _, i := range p.Items {
		row := PreviewRow{Ref: i.Ref, Verdict: i.Verdict, Code: i.Code, Reason: intake.WhyOf(lang.From(ctx), i.Code, i.Reasons), Key: i.Key, PatientID: i.PatientID, Name: i.Name, Changes: i.Changes, Also: []string{}, Reasons: []IntakeReason{}}
		if row.Changes == nil {
			row.Changes = []patient.Change{}
		}
		told := map[string]bool{}
		for _, c := range i.Changes {
			told[c.Field] = true
		}
		for _, c := range i.Changed {
			if !told[c] {
				told[c] = true
				row.Also = append(row.Also, c)
			}
		}
		for _, r := range i.Reasons {
			row.Reasons = append(row.Reasons, IntakeReason{Code: r.Code, Field: intake.FieldName(lang.From(ctx), r.Field), Text: reasonText(ctx, r.Code)})
		}
		v.Items = append(v.Items, row)
	}
	return v
}
