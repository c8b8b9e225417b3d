package internal_test

import (
	"io/fs"
	"os"
	"regexp"
	"sort"
	"strings"
	"testing"

	"renxin/internal/schema"
)

// table is one create table statement of the schema.
type table struct {
	name, class, file, body string
}

var (
	created = regexp.MustCompile(`(?s)-- class: (\w+)\s*\n(?:--[^\n]*\n)*create table (\w+) \((.*?)\n\);`)
	naked   = regexp.MustCompile(`create table (\w+)`)
	unique  = regexp.MustCompile(`create unique index \w+ on (\w+) \(([^)]*)\)`)
	foreign = regexp.MustCompile(`references (\w+)`)
	denied  = regexp.MustCompile(`(?i)\b(serial|identity|autoincrement|trigger|default now|current_timestamp|jsonb?|timestamptz?|timestamp)\b`)
)

func schemaTables(t *testing.T) []table {
	t.Helper()
	names, err := fs.Glob(schema.Files(), "*.sql")
	if err != nil || len(names) == 0 {
		t.Fatal("no schema files", err)
	}
	sort.Strings(names)
	var out []table
	for _, n := range names {
		b, err := fs.ReadFile(schema.Files(), n)
		if err != nil {
			t.Fatal(err)
		}
		found := created.FindAllStringSubmatch(string(b), -1)
		if len(found) != len(naked.FindAllString(string(b), -1)) {
			t.Errorf("%s: a table lacks its class (-- class: patient|reference|local)", n)
		}
		for _, m := range found {
			out = append(out, table{name: m[2], class: m[1], file: n, body: m[3]})
		}
	}
	return out
}

// tables maps every table to the room whose name it begins with.
func tables(t *testing.T) map[string]string {
	out := map[string]string{}
	for _, tb := range schemaTables(t) {
		room, _, _ := strings.Cut(tb.name, "_")
		out[tb.name] = room
	}
	return out
}

func TestSchemaIsReadyToBeDistributed(t *testing.T) {
	rung := ladder(t)
	byName := map[string]table{}
	for _, tb := range schemaTables(t) {
		byName[tb.name] = tb
		room, _, _ := strings.Cut(tb.name, "_")
		if _, ok := rung[room]; !ok {
			if _, ok := rung["platform/"+room]; !ok {
				t.Errorf("%s: table %s begins with no room's name", tb.file, tb.name)
			}
		}
		if m := denied.FindString(tb.body); m != "" {
			t.Errorf("%s: table %s uses %q", tb.file, tb.name, m)
		}
		switch tb.class {
		case "patient":
			if !regexp.MustCompile(`(?m)^\s*patient_id bigint not null`).MatchString(tb.body) && tb.name != "patient_patient" {
				t.Errorf("%s: patient table %s lacks patient_id", tb.file, tb.name)
			}
		case "reference", "local":
		default:
			t.Errorf("%s: table %s has class %q", tb.file, tb.name, tb.class)
		}
		for _, m := range foreign.FindAllStringSubmatch(tb.body, -1) {
			to, _, _ := strings.Cut(m[1], "_")
			if rungOf(to, rung) > rungOf(room, rung) {
				t.Errorf("%s: %s refers to %s of a later room", tb.file, tb.name, m[1])
			}
		}
	}
	names, _ := fs.Glob(schema.Files(), "*.sql")
	for _, n := range names {
		b, _ := fs.ReadFile(schema.Files(), n)
		for _, m := range unique.FindAllStringSubmatch(string(b), -1) {
			if tb := byName[m[1]]; tb.class == "patient" && !strings.Contains(m[2], "patient_id") {
				t.Errorf("%s: unique key of patient table %s does not contain patient_id: %s", n, m[1], m[2])
			}
		}
	}
}

func TestMigrationNumbersAreUnique(t *testing.T) {
	entries, err := os.ReadDir("schema")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".sql") {
			continue
		}
		n, _, _ := strings.Cut(e.Name(), "_")
		if seen[n] != "" {
			t.Errorf("%s and %s have one number", seen[n], e.Name())
		}
		seen[n] = e.Name()
	}
}
