package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestConfigurationOrderAndCommandArguments(t *testing.T) {
	file := filepath.Join(t.TempDir(), "renxin.conf")
	if err := os.WriteFile(file, []byte("# hospital\nlisten = 127.0.0.1:1\nlog = warn\nzone = UTC\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("RENXIN_LISTEN", "127.0.0.1:2")
	t.Setenv("RENXIN_LOG", "error")
	c, rest, err := parse("import", []string{"a.hl7", "--dry-run", "-config", file, "-log=debug", "b.csv", "--json"})
	if err != nil {
		t.Fatal(err)
	}
	if c["zone"] != "UTC" || c["listen"] != "127.0.0.1:2" || c["log"] != "debug" || c["data"] != "data" {
		t.Errorf("file < environment < flag: %v", c)
	}
	if !slices.Equal(rest, []string{"a.hl7", "--dry-run", "b.csv", "--json"}) {
		t.Errorf("left for the command: %q", rest)
	}
	for _, bad := range [][]string{{"-zone", "Mars/Base"}, {"-tls-cert", "x"}, {"-demo", "maybe"}, {"-clock", "2026-11-23T07:00:00+08:00"}} {
		if _, _, err := parse("serve", bad); err == nil {
			t.Error("accepted", bad)
		}
	}
	if err := os.WriteFile(file, []byte("liste = x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := parse("serve", []string{"-config", file}); err == nil {
		t.Error("a misspelt key must be refused")
	}
}
