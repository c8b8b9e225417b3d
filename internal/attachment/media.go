package attachment

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"renxin/internal/platform/fault"
)

const (
	sniffed   = 8192      // bytes that tell the type
	unsettled = time.Hour // how long new content waits for its row
)

// media is one allowed type: what its files are called and how they begin.
type media struct {
	name    string
	endings []string
	begins  func(head []byte) bool
}

func magic(marks ...string) func([]byte) bool {
	return func(head []byte) bool {
		return slices.ContainsFunc(marks, func(m string) bool { return bytes.HasPrefix(head, []byte(m)) })
	}
}

// allowed are the only types taken: documents and pictures that a browser shows without running anything in them. HTML and SVG never are.
var allowed = []media{
	{"application/pdf", []string{".pdf"}, magic("%PDF-")},
	{"image/png", []string{".png"}, magic("\x89PNG\r\n\x1a\n")},
	{"image/jpeg", []string{".jpg", ".jpeg"}, magic("\xff\xd8\xff")},
	{"image/webp", []string{".webp"}, func(h []byte) bool {
		return len(h) > 12 && string(h[:4]) == "RIFF" && string(h[8:12]) == "WEBP"
	}},
	{wordMedia, []string{".docx"}, magic("PK\x03\x04")},
	{sheetMedia, []string{".xlsx"}, magic("PK\x03\x04")},
	{"text/plain", []string{".txt"}, plain},
}

const (
	wordMedia  = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	sheetMedia = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// plain reports text without control characters that does not begin like a page or a drawing.
func plain(head []byte) bool {
	for len(head) > 0 && !utf8.Valid(head) && len(head) > sniffed-4 {
		head = head[:len(head)-1] // a character cut in two by the end of what we look at
	}
	start := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(string(head), "\ufeff")))
	if strings.HasPrefix(start, "<") {
		return false
	}
	return !slices.ContainsFunc(head, func(b byte) bool { return b < 32 && b != '\n' && b != '\r' && b != '\t' && b != '\f' })
}

// mediaOf tells the type by name and first bytes, which must agree.
func mediaOf(name string, head []byte) (string, error) {
	ending := strings.ToLower(path.Ext(name))
	for _, m := range allowed {
		if !slices.Contains(m.endings, ending) {
			continue
		}
		if len(head) == 0 || !m.begins(head) {
			return "", fault.New(fault.Invalid, "attachment.file.invalid").With("file", "attachment.file.disagrees")
		}
		return m.name, nil
	}
	return "", fault.New(fault.Invalid, "attachment.file.invalid").With("file", "attachment.file.type")
}

// checkWhole opens an office document to see that it is the one its name says and carries no program.
func checkWhole(kind string, r io.ReaderAt, size int64) error {
	part := map[string]string{wordMedia: "word/document.xml", sheetMedia: "xl/workbook.xml"}[kind]
	if part == "" {
		return nil
	}
	bad := fault.New(fault.Invalid, "attachment.file.invalid").With("file", "attachment.file.disagrees")
	z, err := zip.NewReader(r, size)
	if err != nil {
		return bad
	}
	found := false
	for _, f := range z.File {
		found = found || f.Name == part
		if strings.HasSuffix(strings.ToLower(f.Name), "vbaproject.bin") {
			return fault.New(fault.Invalid, "attachment.file.invalid").With("file", "attachment.file.macro")
		}
	}
	if !found {
		return bad
	}
	return nil
}
