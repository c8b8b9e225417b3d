// Command rows prints, for each module of docs/capabilities.md, how many rows a test proves and which are still open.
// A row counts as proven when a test carries its ID: func TestFU03_… in Go, test('FU-03 …') or it("FU-03 …") in TypeScript.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var (
	module   = regexp.MustCompile(`^## (.+)$`)
	row      = regexp.MustCompile(`^\|([A-Z]{2})-(\d\d)\|`)
	goTest   = regexp.MustCompile(`(?m)^func Test([A-Z]{2})(\d\d)_`)
	pageTest = regexp.MustCompile("\\b(?:test|it)(?:\\.\\w+)?\\(\\s*['\"`]([A-Z]{2})-(\\d\\d)\\b")
)

func main() {
	root := flag.String("root", ".", "folder of the checkout")
	all := flag.Bool("fail", false, "exit with 1 while a row is open")
	flag.Parse()
	open, err := report(*root)
	if err != nil {
		fmt.Fprintln(os.Stderr, "rows:", err)
		os.Exit(2)
	}
	if *all && open > 0 {
		os.Exit(1)
	}
}

// report prints the table and says how many rows are open.
func report(root string) (open int, err error) {
	proven, err := provenRows(root)
	if err != nil {
		return 0, err
	}
	f, err := os.Open(filepath.Join(root, "docs", "capabilities.md"))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	var modules []*tally
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if m := module.FindStringSubmatch(lines.Text()); m != nil {
			modules = append(modules, &tally{name: m[1]})
		}
		if m := row.FindStringSubmatch(lines.Text()); m != nil && len(modules) > 0 {
			modules[len(modules)-1].add(m[1]+"-"+m[2], proven)
		}
	}
	sum := tally{name: "all"}
	for _, m := range modules {
		m.print()
		sum.proven, sum.total = sum.proven+m.proven, sum.total+m.total
		open += len(m.open)
	}
	sum.print()
	return open, nil
}

type tally struct {
	name          string
	proven, total int
	open          []string
}

func (t *tally) add(id string, proven map[string]bool) {
	t.total++
	if proven[id] {
		t.proven++
		return
	}
	t.open = append(t.open, id)
}

func (t *tally) print() {
	fmt.Printf("%3d/%-3d %s", t.proven, t.total, t.name)
	if len(t.open) > 0 {
		fmt.Printf("   open: %s", strings.Join(t.open, " "))
	}
	fmt.Println()
}

// provenRows reads the names of all tests below root.
func provenRows(root string) (map[string]bool, error) {
	found := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); name == "node_modules" || name == "dist" || name == ".git" {
				return filepath.SkipDir
			}
			return nil
		}
		pattern := testPattern(d.Name())
		if pattern == nil {
			return nil
		}
		text, err := os.ReadFile(path)
		for _, m := range pattern.FindAllSubmatch(text, -1) {
			found[string(m[1])+"-"+string(m[2])] = true
		}
		return err
	})
	return found, err
}

func testPattern(name string) *regexp.Regexp {
	switch {
	case strings.HasSuffix(name, "_test.go"):
		return goTest
	case strings.HasSuffix(name, ".test.ts"), strings.HasSuffix(name, ".test.tsx"), strings.HasSuffix(name, ".spec.ts"), strings.HasSuffix(name, ".e2e.ts"):
		return pageTest
	}
	return nil
}
