// Package internal_test keeps the laws of the house: the ladder, one writer per table, the denials, and what every table
// and every text owes.
package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"renxin/internal/platform/lang"
)

const (
	module   = "renxin/internal/"
	maxLines = 700
)

// source is one Go file that is no test.
type source struct {
	file    string // path below internal
	room    string // its folder: "patient", "platform/db", "adapter/hl7"
	text    string
	imports []string // rooms it imports
	all     []string // every import
	strings []string // string literals
	tree    *ast.File
}

func ladder(t *testing.T) map[string]int {
	t.Helper()
	b, err := os.ReadFile("LADDER")
	if err != nil {
		t.Fatal(err)
	}
	rung := map[string]int{}
	for _, l := range strings.Split(string(b), "\n") {
		if l = strings.TrimSpace(l); l != "" && l[0] != '#' {
			if _, twice := rung[l]; twice {
				t.Errorf("LADDER names %s twice", l)
			}
			rung[l] = len(rung)
		}
	}
	return rung
}

func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") || strings.Contains(file, "testdata") {
			return err
		}
		b, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		s := source{file: filepath.ToSlash(file), room: path.Dir(filepath.ToSlash(file)), text: string(b)}
		if s.tree, err = parser.ParseFile(token.NewFileSet(), file, b, parser.SkipObjectResolution); err != nil {
			return err
		}
		for _, im := range s.tree.Imports {
			p, _ := strconv.Unquote(im.Path.Value)
			s.all = append(s.all, p)
			if r, ok := strings.CutPrefix(p, module); ok {
				s.imports = append(s.imports, r)
			}
		}
		ast.Inspect(s.tree, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				v, _ := strconv.Unquote(l.Value)
				s.strings = append(s.strings, v)
			}
			return true
		})
		out = append(out, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 50 {
		t.Fatalf("only %d files found; the walk is wrong", len(out))
	}
	return out
}

// home is the rung a folder belongs to: test helpers such as patient/patienttest stand on their room's.
func home(room string, rung map[string]int) (string, bool) {
	for r := room; r != "." && r != ""; r = path.Dir(r) {
		if _, ok := rung[r]; ok {
			return r, true
		}
	}
	return "", false
}

func TestLadder(t *testing.T) {
	rung := ladder(t)
	for _, s := range sources(t) {
		r, ok := home(s.room, rung)
		if !ok {
			t.Errorf("%s: room %q is not on the ladder", s.file, s.room)
			continue
		}
		for _, im := range s.imports {
			if strings.HasSuffix(s.room, "test") { // lends a room to tests, and may import what it lends
				continue
			}
			to, ok := home(im, rung)
			switch {
			case !ok:
				t.Errorf("%s imports %s, which is not on the ladder", s.file, im)
			case to == r: // parts of one room
			case rung[to] > rung[r]:
				t.Errorf("%s: %s may not import %s, which comes later", s.file, r, im)
			case group(r) == "adapter" && group(to) == "adapter", group(r) == "web" && group(to) == "web":
				t.Errorf("%s: %s and %s are neighbours and may not import each other", s.file, r, im)
			}
		}
	}
}

func group(room string) string { g, _, _ := strings.Cut(room, "/"); return g }

var (
	sqlWrite = regexp.MustCompile(`(?is)\b(?:insert\s+into|update|delete\s+from)\s+([a-z]+_[a-z_]+)`)
	sqlRead  = regexp.MustCompile(`(?is)\b(?:from|join)\s+([a-z]+_[a-z_]+)`)
	sqlAny   = regexp.MustCompile(`(?is)^\s*(?:select\s.+\sfrom\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s)`)
)

func TestOneWriterPerTable(t *testing.T) {
	rung, owner := ladder(t), tables(t)
	for _, s := range sources(t) {
		r, ok := home(s.room, rung)
		if !ok || r == "schema" {
			continue
		}
		for _, text := range s.strings {
			if sqlAny.MatchString(text) && !strings.HasSuffix(s.file, "_sql.go") && group(r) != "platform" {
				t.Errorf("%s: SQL stands outside a *_sql.go file: %.60q", s.file, text)
			}
			for _, m := range sqlWrite.FindAllStringSubmatch(text, -1) {
				if o, known := owner[m[1]]; known && o != r && !(strings.HasPrefix(r, "platform/") && path.Base(r) == o) && o != path.Base(r) {
					t.Errorf("%s writes %s, a table of %s", s.file, m[1], o)
				}
			}
			for _, m := range sqlRead.FindAllStringSubmatch(text, -1) {
				o, known := owner[m[1]]
				if known && o != path.Base(r) && rungOf(o, rung) > rung[r] {
					t.Errorf("%s reads %s, a table of %s, which comes later", s.file, m[1], o)
				}
			}
		}
	}
}

// rungOf finds a table owner's rung: rooms by name, platform packages by their last word.
func rungOf(owner string, rung map[string]int) int {
	if n, ok := rung[owner]; ok {
		return n
	}
	return rung["platform/"+owner]
}

var deniedNames = map[string]bool{"util": true, "utils": true, "common": true, "helper": true, "helpers": true, "manager": true, "base": true, "core": true, "types": true, "shared": true, "lib": true}

func TestDenials(t *testing.T) {
	rung := ladder(t)
	for _, s := range sources(t) {
		if deniedNames[path.Base(s.room)] {
			t.Errorf("%s: a package may not be named %s", s.file, path.Base(s.room))
		}
		if n := strings.Count(s.text, "\n"); n > maxLines && !strings.HasPrefix(s.text, "// Code generated") {
			t.Errorf("%s has %d lines; %d is the most", s.file, n, maxLines)
		}
		r, _ := home(s.room, rung)
		for _, im := range s.all {
			if im == "net/http" && group(r) != "web" && group(r) != "adapter" {
				t.Errorf("%s: HTTP lives in doors and adapters only", s.file)
			}
		}
		if s.room != "staff" && s.room != "platform/access" && (strings.Contains(s.text, "access.Build(") || strings.Contains(s.text, "access.Person(")) {
			t.Errorf("%s: only staff builds scopes and callers", s.file)
		}
		if s.tree.Doc == nil && s.tree.Name.Name == path.Base(s.room) && !hasPackageDoc(t, s.room) {
			t.Errorf("%s: package %s has no sentence of its own", s.file, s.room)
		}
	}
}

func hasPackageDoc(t *testing.T, room string) bool {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(filepath.FromSlash(room), "*.go"))
	for _, f := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), f, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err == nil && tree.Doc != nil {
			return true
		}
	}
	return false
}

// Text keys are written as literals where faults are made and where permissions are declared; each must exist in both languages.
var keyed = regexp.MustCompile(`(?:fault\.(?:New|Wrap)\([^"\n]*?|\.With\("[^"]*",\s*|Key:\s*)"([a-z_]+\.[a-z_]+\.[a-z_.]+)"`)

func TestTextsInBothLanguages(t *testing.T) {
	for _, s := range sources(t) {
		for _, m := range keyed.FindAllStringSubmatch(s.text, -1) {
			if strings.Contains(s.text, "setting.Definition{Key: \""+m[1]) || strings.Contains(s.text, "{Key: \""+m[1]+"\", Kind:") {
				for _, part := range []string{".name", ".help"} {
					if !lang.Has("setting." + m[1] + part) {
						t.Errorf("%s: setting %s lacks its text %s", s.file, m[1], part)
					}
				}
				continue
			}
			if !lang.Has(m[1]) {
				t.Errorf("%s: text %s is missing in a language", s.file, m[1])
			}
		}
		for _, m := range permission.FindAllStringSubmatch(s.text, -1) {
			if !lang.Has("permission." + m[1]) {
				t.Errorf("%s: permission %s has no name", s.file, m[1])
			}
		}
	}
}

var permission = regexp.MustCompile(`access\.Permission\s*=\s*"([a-z_.]+)"`)
