package intake_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"renxin/internal/adapter/sheet"
	"renxin/internal/intake"
)

// What we hand to the other side is understood when it comes back: every heading of the templates feeds a field.
func TestIN01_TemplateViewsAreUnderstood(t *testing.T) {
	files, err := filepath.Glob("../../docs/views/*.sql")
	if err != nil || len(files) != 6 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var heads []string
		for _, m := range regexp.MustCompile(` as "([^"]+)"`).FindAllStringSubmatch(string(b), -1) {
			heads = append(heads, m[1])
		}
		r, err := sheet.Reader{}.Open([]byte(strings.Join(heads, ",")+"\n"+strings.Repeat("1,", len(heads)-1)+"1\n"), intake.ReadOptions{Header: true})
		if err != nil {
			t.Fatal(path, err)
		}
		if len(r.Columns) < 8 {
			t.Errorf("%s: %d columns", path, len(r.Columns))
		}
		for _, c := range r.Columns {
			if c.Field == "" && c.Heading != "更新时间" {
				t.Errorf("%s: %s feeds nothing", path, c.Heading)
			}
		}
	}
}
