package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestIN04_DryRunJudgesAcrossFilesAndWritesNothing(t *testing.T) {
	dir := t.TempDir()
	first, second := filepath.Join(dir, "1.hl7"), filepath.Join(dir, "2.csv")
	if err := os.WriteFile(first, outpatient(7), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(second, []byte("\ufeff病人ID,姓名,性别,手机\nC000007,,女,15400000007\nC000008,丁一,女,1.54E+10\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	read := func(args ...string) []map[string]any {
		t.Helper()
		var out, errs bytes.Buffer
		c, rest, err := parse("import", append(args, "-data", filepath.Join(dir, "data"), "-log", "error"))
		if err != nil {
			t.Fatal(err)
		}
		a := &app{config: c, out: &out, err: &errs, dir: dir}
		for _, cmd := range commands {
			if cmd.name == "import" {
				err = a.inHouse(t.Context(), cmd, rest)
			}
		}
		if err != nil {
			t.Fatal(err, errs.String())
		}
		var lines []map[string]any
		for _, l := range strings.Split(strings.TrimSpace(out.String()), "\n") {
			v := map[string]any{}
			if err := json.Unmarshal([]byte(l), &v); err != nil {
				t.Fatalf("%v: %s", err, l)
			}
			if v["verdict"] != nil {
				lines = append(lines, v)
			}
		}
		return lines
	}
	verdicts := func(lines []map[string]any) (s string) {
		for _, l := range lines {
			s += l["verdict"].(string) + " "
		}
		return s
	}
	for range 2 { // a dry run leaves nothing, so the second sees what the first saw
		got := read("1.hl7", "2.csv", "--dry-run", "--json")
		if v := verdicts(got); v != "new unchanged rejected " && v != "new updated rejected " {
			t.Fatalf("one verdict per record, the table knowing whom the message brought: %q", v)
		}
		if got[2]["code"] == nil || got[2]["reason"] == nil || got[0]["record"] == nil {
			t.Errorf("code, reason and the facts: %v", got)
		}
	}
	if v := verdicts(read("1.hl7", "--json")); v != "new " {
		t.Errorf("in earnest: %q", v)
	}
	if v := verdicts(read("1.hl7", "--json")); v != "duplicate " {
		t.Errorf("twice: %q", v)
	}
}
