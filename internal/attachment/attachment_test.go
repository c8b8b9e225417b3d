package attachment

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/file"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
	"renxin/internal/staff"
)

type room struct {
	*Service
	t     *testing.T
	clock *clock.Fake
	admin context.Context
	dir   string
}

func newRoom(t *testing.T) room {
	d, c := dbtest.New(t)
	b, l := event.NewBoard(d), trail.New(d)
	set := setting.New(setting.Deps{DB: d, Board: b, Trail: l})
	dir := t.TempDir()
	files, err := file.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close() })
	s := New(Deps{DB: d, Board: b, Jobs: job.New(d), Trail: l, Setting: set, Staff: staff.New(staff.Deps{DB: d, Board: b, Trail: l, Setting: set}), Files: files})
	s.Guard(func(_ context.Context, patient int64) (int64, error) { // patient 9 is out of everybody's scope, 5 was merged into 4
		switch patient {
		case 9:
			return 0, db.Missing()
		case 5:
			return 4, nil
		}
		return patient, nil
	})
	return room{s, t, c, access.AsSystem(context.Background(), "test"), dir}
}

func (r room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r room) attach(patient int64, name, content string) (File, error) {
	return r.Attach(r.admin, Draft{PatientID: patient, Name: name}, strings.NewReader(content))
}

// stored counts the contents on disk.
func (r room) stored() int {
	r.t.Helper()
	n := 0
	r.must(filepath.WalkDir(filepath.Join(r.dir, "attachment"), func(_ string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return nil
	}))
	return n
}

func office(parts ...string) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.Create(p)
		if err != nil {
			panic(err)
		}
		io.WriteString(w, "<x/>")
	}
	z.Close()
	return b.String()
}

const (
	pdf = "%PDF-1.7\n1 0 obj"
	png = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
)

func TestPT40_TypesAreCheckedByContent(t *testing.T) {
	r := newRoom(t)
	for name, content := range map[string]string{
		"报告.pdf": pdf, "a.PNG": png, "b.jpg": "\xff\xd8\xff\xe0JFIF", "c.webp": "RIFF\x00\x00\x00\x00WEBPVP8 ", "d.docx": office("[Content_Types].xml", "word/document.xml"),
		"e.xlsx": office("xl/workbook.xml"), "说明.txt": "第一行\n第二行", "gb.txt": "\xc4\xe3\xba\xc3",
	} {
		f, err := r.attach(1, name, content)
		if err != nil || f.Size != int64(len(content)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, content := range map[string]string{
		"a.html": "<html>", "a.svg": "<svg/>", "a.exe": "MZ", "a": "x", "a.pdf": png, "b.png": "<svg xmlns=", "c.txt": " <!DOCTYPE html><script>", "d.txt": "a\x00b", "e.txt": "",
		"f.docx": office("xl/workbook.xml"), "g.xlsx": "PK\x03\x04broken", "h.docx": office("word/document.xml", "word/vbaProject.bin"), "i.pdf.html": pdf, "j.docm": office("word/document.xml"),
	} {
		if _, err := r.attach(1, name, content); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s is taken: %v", name, err)
		}
	}
	if n := r.stored(); n != 8 {
		t.Errorf("%d contents on disk; what was refused must not stay", n)
	}
	if _, err := r.attach(1, "big.pdf", pdf+strings.Repeat("x", 20<<20)); !fault.Is(err, fault.TooLarge) {
		t.Errorf("beyond the setting: %v", err)
	}
}

// One content is stored once, whoever attaches it; nobody learns that somebody has it already; scope holds for each row by itself.
func TestPT40_StoredByContentAndScoped(t *testing.T) {
	r := newRoom(t)
	a, err := r.attach(1, "../../etc/报告.pdf", pdf)
	r.must(err)
	b, err := r.attach(5, "另一名.pdf", pdf)
	r.must(err)
	if a.Content != b.Content || a.ID == b.ID || r.stored() != 1 || a.Title != "报告" || a.Name != "报告.pdf" {
		t.Errorf("%+v %+v, %d stored", a, b, r.stored())
	}
	fs, err := r.List(r.admin, 4, "", 0)
	if r.must(err); len(fs) != 1 || fs[0].ID != b.ID {
		t.Errorf("the survivor of a merge has %v", fs)
	}
	if _, err := r.attach(9, "x.pdf", pdf); !fault.Is(err, fault.NotFound) {
		t.Errorf("out of scope: %v", err)
	}
	if _, _, err := r.Open(r.admin, 1, b.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("through another patient: %v", err)
	}
	f, c, err := r.Open(r.admin, 1, a.ID)
	r.must(err)
	got, _ := io.ReadAll(c)
	c.Close()
	if string(got) != pdf || f.Media != "application/pdf" {
		t.Errorf("%q %s", got, f.Media)
	}
	actions, err := db.List[string](r.admin, r.DB.Read(r.admin), `select action from trail_entry where patient_id = 1 order by id`)
	if r.must(err); strings.Join(actions, " ") != "attachment.file.create attachment.file.read" {
		t.Errorf("the trail says %v", actions)
	}
	if _, err := r.Attach(context.Background(), Draft{PatientID: 1, Name: "x.pdf"}, strings.NewReader(pdf)); !fault.Is(err, fault.Unauthorized) {
		t.Errorf("without a right: %v", err)
	}
	r.Own("complaint", func(_ context.Context, patient, owner int64) error {
		if patient != 1 || owner != 77 {
			return db.Missing()
		}
		return nil
	})
	if _, err := r.Attach(r.admin, Draft{PatientID: 1, OwnerKind: "complaint", OwnerID: 77, Name: "录音说明.txt", Title: "投诉材料"}, strings.NewReader("x")); err != nil {
		t.Error(err)
	}
	if _, err := r.Attach(r.admin, Draft{PatientID: 1, OwnerKind: "complaint", OwnerID: 78, Name: "x.txt"}, strings.NewReader("x")); !fault.Is(err, fault.NotFound) {
		t.Errorf("to a case of somebody else: %v", err)
	}
	if fs, _ := r.List(r.admin, 1, "", 0); len(fs) != 1 {
		t.Errorf("a case's files among the patient's own: %d", len(fs))
	}
}

// What is removed can be brought back for 30 days; then the row goes, and the content once nobody has it.
func TestPT40_RemovedPrunedWhenNobodyHasIt(t *testing.T) {
	r := newRoom(t)
	a, err := r.attach(1, "a.pdf", pdf)
	r.must(err)
	b, err := r.attach(2, "b.pdf", pdf)
	r.must(err)
	r.must(r.Remove(r.admin, 1, a.ID, false))
	if _, _, err := r.Open(r.admin, 1, a.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("removed, yet opened: %v", err)
	}
	r.must(r.Remove(r.admin, 1, a.ID, true))
	if fs, _ := r.List(r.admin, 1, "", 0); len(fs) != 1 {
		t.Error("not brought back")
	}
	r.must(r.Remove(r.admin, 1, a.ID, false))
	age := func() { // contents carry the disk's time, not the hospital's
		old := time.Now().Add(-48 * time.Hour)
		r.must(filepath.WalkDir(filepath.Join(r.dir, "attachment"), func(p string, e os.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				return os.Chtimes(p, old, old)
			}
			return err
		}))
	}
	age()
	r.clock.Set(time.Now().Add(31 * 24 * time.Hour))
	r.must(r.Prune(r.admin))
	if r.stored() != 1 {
		t.Error("another patient's content is gone")
	}
	r.must(r.Remove(r.admin, 2, b.ID, false))
	r.must(r.Prune(r.admin))
	if r.stored() != 1 {
		t.Error("gone before its time")
	}
	r.clock.Advance(31 * 24 * time.Hour)
	r.must(r.Prune(r.admin))
	if r.stored() != 0 {
		t.Error("nobody has it, yet it stays")
	}
}

func FuzzMediaOf(f *testing.F) {
	f.Add("a.pdf", []byte(pdf))
	f.Add("a.txt", []byte("<svg"))
	f.Add("a.webp", []byte("RIFF"))
	f.Fuzz(func(t *testing.T, name string, head []byte) {
		m, err := mediaOf(fileName(name), head)
		if err == nil && m == "text/plain" && strings.HasPrefix(strings.TrimSpace(string(head)), "<") {
			t.Errorf("%q passes for text", head)
		}
	})
}
