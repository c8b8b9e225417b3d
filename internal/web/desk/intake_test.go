package desk_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"testing"
)

// fetch calls the API as JSON and decodes the answer.
func (h *hospital) fetch(t *testing.T, c *http.Client, method, path, body string, into any) {
	t.Helper()
	status, text := h.call(t, c, method, path, body)
	if status != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, status, text)
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}

// bring uploads a file as a browser does.
func (h *hospital) bring(t *testing.T, c *http.Client, name, content string) (int, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	w.Close()
	r, err := c.Post(h.server.URL+"/api/v1/intake/uploads", w.FormDataContentType(), &b)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(text)
}

func TestPT03_UploadPreviewApplyAndReviewOverTheAPI(t *testing.T) {
	h := open(t)
	c := h.browser(t, "manager")
	status, text := h.bring(t, c, "名单.csv", "源系统,姓名,出生日期,手机,一卡通号,住院号,备用\nHIS,甲新,1990-01-02,15400000101,C1,,x\nHIS,乙新,1991-02-03,15400000102,,I2,y\nHIS,丙坏,,1.5E+10,C3,,\n")
	var up struct {
		ID, Name, Kind, Encoding string
		Rows                     int
		Columns                  []struct {
			Name, Field string
			Samples     []string
			Sure        bool
		}
		Fields       []struct{ Code, Label string }
		DateQuestion any `json:"date_question"`
	}
	if status != http.StatusOK || json.Unmarshal([]byte(text), &up) != nil {
		t.Fatalf("%d %s", status, text)
	}
	if up.Name != "名单.csv" || up.Kind != "csv" || up.Encoding != "UTF-8" || up.Rows != 3 || len(up.Columns) != 7 || up.DateQuestion != nil {
		t.Errorf("%+v", up)
	}
	if x := up.Columns[4]; x.Field != "patient.card" || !x.Sure || len(x.Samples) != 2 {
		t.Errorf("%+v", x)
	}
	if x := up.Columns[6]; x.Field != "" || x.Sure {
		t.Errorf("%+v", x)
	}
	for _, f := range up.Fields {
		if f.Label == "" || f.Label == "intake.field."+f.Code {
			t.Errorf("field %s has no label", f.Code)
		}
	}
	type counts struct{ New, Updated, Unchanged, Review, Duplicate, Rejected int }
	var preview struct {
		Counts counts
		Items  []struct{ Ref, Verdict, Code, Reason, Key, Name string }
		Next   string
	}
	h.fetch(t, c, "POST", "/api/v1/intake/uploads/"+up.ID+"/preview", `{"mapping":{"备用":"patient.note"}}`, &preview)
	if preview.Counts != (counts{New: 2, Rejected: 1}) || len(preview.Items) != 3 || preview.Items[2].Reason == "" || preview.Items[2].Reason == preview.Items[2].Code {
		t.Fatalf("%+v", preview)
	}
	var started struct {
		RunID string `json:"run_id"`
		JobID string `json:"job_id"`
	}
	h.fetch(t, c, "POST", "/api/v1/intake/uploads/"+up.ID+"/apply", `{"mapping":{"备用":"patient.note"}}`, &started)
	if err := h.Settle(h.ctx); err != nil {
		t.Fatal(err)
	}
	var run struct {
		State, File, Actor string
		Counts             counts
		Done, Total        int
	}
	h.fetch(t, c, "GET", "/api/v1/intake/runs/"+started.RunID, "", &run)
	if run.State != "done" || run.Counts != preview.Counts || run.Done != 3 || run.Actor == "" {
		t.Errorf("%+v", run)
	}
	type record struct {
		ID, Ref, Verdict, Code, Reason, Raw string
		PatientID                           string `json:"patient_id"`
		Attempts                            int
		Record                              struct {
			Patient struct{ Name string }
		}
		Candidates []any
	}
	var list struct{ Items []record }
	h.fetch(t, c, "GET", "/api/v1/intake/records?verdict=rejected&run_id="+started.RunID, "", &list)
	if len(list.Items) != 1 || list.Items[0].Ref != "R4" {
		t.Fatalf("%+v", list)
	}
	var one record
	h.fetch(t, c, "GET", "/api/v1/intake/records/"+list.Items[0].ID, "", &one)
	if one.Raw != "" || one.Record.Patient.Name != "丙坏" || one.Candidates == nil {
		t.Errorf("%+v", one)
	}
	if h.fetch(t, c, "POST", "/api/v1/intake/records/"+one.ID+"/reveal", `{"reason":"核对来源"}`, &one); one.Raw == "" {
		t.Errorf("%+v", one)
	}
	h.fetch(t, c, "POST", "/api/v1/intake/records/"+one.ID+"/repair", `{"changes":{"patient.mobile":"15400000103"}}`, &one)
	if one.Verdict != "new" || one.PatientID == "" || one.Attempts != 2 {
		t.Errorf("%+v", one)
	}
	if status, text := h.call(t, c, "POST", "/api/v1/intake/records/"+one.ID+"/decide", `{"patient_id":null}`); status != http.StatusConflict {
		t.Errorf("%d %s", status, text)
	}
	var feeds struct {
		Items []struct {
			Name, Kind, State string
			New, Rejected     int
			LastRunAt         string `json:"last_run_at"`
		}
	}
	h.fetch(t, c, "GET", "/api/v1/intake/feeds", "", &feeds)
	if len(feeds.Items) != 1 || feeds.Items[0].Kind != "upload" || feeds.Items[0].New != 2 || feeds.Items[0].Rejected != 0 || feeds.Items[0].LastRunAt == "" {
		t.Errorf("%+v", feeds)
	}
}

func TestIN05_UploadsThatCannotBeReadSayWhy(t *testing.T) {
	h := open(t)
	c := h.browser(t, "manager")
	if status, text := h.bring(t, c, "old.xls", "\xD0\xCF\x11\xE0"); status != http.StatusUnprocessableEntity || !bytes.Contains([]byte(text), []byte("xlsx")) {
		t.Errorf("%d %s", status, text)
	}
	if status, text := h.bring(t, h.browser(t, "nurse"), "a.csv", "姓名\n甲\n"); status != http.StatusForbidden {
		t.Errorf("a nurse uploads: %d %s", status, text)
	}
	if status, text := h.call(t, c, "POST", "/api/v1/intake/uploads", "--x--\r\n"); status != http.StatusUnprocessableEntity {
		t.Errorf("an upload without a file: %d %s", status, text)
	}
	var page struct{ Items []any }
	h.fetch(t, c, "GET", "/api/v1/intake/runs", "", &page)
	if page.Items == nil || len(page.Items) != 0 {
		t.Errorf("%+v", page)
	}
}
