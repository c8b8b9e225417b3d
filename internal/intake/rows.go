package intake

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
	"renxin/internal/platform/trail"
)

// Row is one line of an import with what became of it: a record, or a copy of one that was there before.
type Row struct {
	Place       int64    // orders the rows of a run as they stood in the file
	ID          RecordID // of the record; of the first copy where the row repeats it
	Ref         string
	Verdict     Verdict
	Code        string
	Reasons     string
	Key         string
	Changed     string
	PatientID   patient.ID
	Raw         string
	RawForm     string
	Type        string
	Attempts    int
	ProcessedAt clock.Instant
	UndoneAt    clock.Instant
}

// RowFilter narrows the rows of a run.
type RowFilter struct {
	Verdict Verdict
	Warned  bool // rows that were taken although something in them was doubtful
	Cursor  string
	Limit   int
}

// Rows lists every row of an import in the order of the file, copies too, within the caller's scope.
func (s *Service) Rows(ctx context.Context, run RunID, f RowFilter) (db.Page[Row], error) {
	if err := access.Need(ctx, PermRead); err != nil {
		return db.Page[Row]{}, err
	}
	var after int64
	if f.Cursor != "" {
		if err := db.Uncursor(f.Cursor, &after); err != nil {
			return db.Page[Row]{}, err
		}
	}
	limit := db.Limit(f.Limit)
	rows, err := listRows(ctx, s.DB.Read(ctx), run, f, s.scopeOf(ctx), after, limit+1, false)
	if err != nil {
		return db.Page[Row]{}, err
	}
	n, err := countRows(ctx, s.DB.Read(ctx), run, f, s.scopeOf(ctx))
	return db.Cut(rows, limit, db.Capped(n), func(r Row) string { return db.Cursor(r.Place) }), err
}

func (s *Service) scopeOf(ctx context.Context) func(*db.Query) {
	return func(q *db.Query) {
		if !everything(ctx) {
			s.Patient.InScope(ctx, q, "m.patient_id", "m.received_at")
		}
	}
}

// Warned counts the rows of a run that were taken although something in them was doubtful, at most db.CountCap+1.
func (s *Service) Warned(ctx context.Context, run RunID) (int, error) {
	if err := access.Need(ctx, PermFeeds); err != nil {
		return 0, err
	}
	return countRows(ctx, s.DB.Read(ctx), run, RowFilter{Warned: true}, func(*db.Query) {})
}

// MayDownload refuses callers who may not have the file of an import, before a byte of it is written.
func (s *Service) MayDownload(ctx context.Context) error {
	if err := access.Need(ctx, PermImport); err != nil {
		return err
	}
	if err := access.Need(ctx, PermRead); err != nil {
		return err
	}
	if !everything(ctx) {
		return fault.New(fault.Forbidden, "intake.file.scope")
	}
	return nil
}

// VerdictFile writes the rows of an import as CSV: the columns as they came, then row, verdict, reason and patient. With a verdict it
// holds these rows alone, to be mended and brought again; the added columns do no harm then. Texts that a spreadsheet program would
// take for formulas are disarmed. The look is in the trail before the first row. Errors: forbidden without an unlimited scope.
func (s *Service) VerdictFile(ctx context.Context, id RunID, f RowFilter, w io.Writer) error {
	if err := s.MayDownload(ctx); err != nil {
		return err
	}
	run, err := findRun(ctx, s.DB.Read(ctx), id)
	if err != nil {
		return err
	}
	if err := s.Trail.Append(ctx, trail.Entry{Action: "intake.run.download", Entity: "run", EntityID: int64(id), Detail: map[string]any{"verdict": f.Verdict, "rows": run.Total}}); err != nil {
		return err
	}
	if _, err := io.WriteString(w, "\ufeff"); err != nil { // spreadsheet programs take the file for UTF-8
		return err
	}
	out := csv.NewWriter(w)
	l, head := lang.From(ctx), []string(nil)
	for after := int64(0); ; {
		rows, err := listRows(ctx, s.DB.Read(ctx), id, f, func(*db.Query) {}, after, 500, true)
		if err != nil {
			return err
		}
		for _, r := range rows {
			names, cells := r.cells()
			if head == nil {
				head = names
				if err := out.Write(append(harmless(names), fileHeads(l)...)); err != nil {
					return err
				}
			}
			if err := out.Write(append(harmless(fit(cells, len(head))), r.tail(l)...)); err != nil {
				return err
			}
			after = r.Place
		}
		out.Flush()
		if err := out.Error(); err != nil || len(rows) < 500 {
			return err
		}
	}
}

func fileHeads(l lang.Locale) []string {
	var out []string
	for _, k := range []string{"row", "verdict", "reason", "patient"} {
		out = append(out, lang.Text(l, "intake.file."+k, nil))
	}
	return out
}

// cells gives a row's headings and cells as they came; a message is one cell.
func (r Row) cells() (head, cells []string) {
	m := Message{Raw: r.Raw, RawForm: r.RawForm}
	if r.Type != "csv" && r.Type != "xlsx" {
		return []string{"HL7"}, []string{readable(m)}
	}
	in := csv.NewReader(bytes.NewReader(m.Bytes()))
	in.FieldsPerRecord, in.LazyQuotes = -1, true
	head, err := in.Read()
	if err != nil {
		return nil, nil
	}
	cells, err = in.Read()
	if err != nil {
		return head, nil
	}
	return head, cells
}

// fit makes a row as wide as the headings, so that what follows stands under its own; cells beyond them share the last.
func fit(cells []string, n int) []string {
	out := make([]string, n)
	copy(out, cells)
	if len(cells) > n && n > 0 {
		out[n-1] = strings.Join(cells[n-1:], ",")
	}
	return out
}

func (r Row) tail(l lang.Locale) []string {
	return []string{r.Ref, lang.Text(l, "intake.verdict."+string(r.Verdict), nil), r.Why(l), r.PatientID.String()}
}

// Why says in words why the row got its verdict, and what was doubtful in it, field by field.
func (r Row) Why(l lang.Locale) string { return Why(l, r.Code, r.Reasons) }

// Why puts a verdict's code and its stored reasons into words, each with the name of the field it is about.
func Why(l lang.Locale, code, reasons string) string {
	var list []Reason
	if reasons != "" && json.Unmarshal([]byte(reasons), &list) != nil {
		return ""
	}
	return WhyOf(l, code, list)
}

// WhyOf is Why for reasons that were not stored yet.
func WhyOf(l lang.Locale, code string, list []Reason) string {
	var parts []string
	told := false
	for _, x := range list {
		told = told || x.Code == code
		text := lang.Text(l, x.Code, nil)
		if name := FieldName(l, x.Field); name != "" {
			text = name + lang.Text(l, "intake.reason.colon", nil) + text
		}
		parts = append(parts, text)
	}
	if code != "" && !told && !(code == "patient.patient.invalid" && len(parts) > 0) { // the fields say more than "see the fields"
		parts = append([]string{lang.Text(l, code, nil)}, parts...)
	}
	return strings.Join(parts, " ")
}

// FieldName is a field of a reason as people call it: a column's own heading, else the name of the field that a code stands for.
func FieldName(l lang.Locale, field string) string {
	for _, prefix := range []string{"intake.field.", "intake.field.patient."} {
		if key := prefix + field; lang.Has(key) {
			return lang.Text(l, key, nil)
		}
	}
	return field
}

// harmless keeps cells from being formulas in a spreadsheet program.
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
