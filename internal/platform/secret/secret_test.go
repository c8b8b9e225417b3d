package secret

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestASealedTextOpensWithItsKeyOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret.key")
	a, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("key file %v %v, want it readable by its owner only", info.Mode(), err)
	}
	sealed := a.Seal("口令 hunter2")
	if strings.Contains(sealed, "hunter2") || sealed == a.Seal("口令 hunter2") {
		t.Errorf("sealed text tells something: %s", sealed)
	}
	again, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := again.Unseal(sealed); text != "口令 hunter2" || err != nil {
		t.Errorf("%q %v", text, err)
	}
	other, err := Open(filepath.Join(t.TempDir(), "other.key"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{sealed, "", "v1:", "v1:AAAA", sealed[:len(sealed)-6] + "AAAAAA"} {
		if text, err := other.Unseal(s); text != "" || !errors.Is(err, ErrKey) {
			t.Errorf("%.10q opened with another key: %q %v", s, text, err)
		}
	}
	if err := os.WriteFile(path, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err == nil {
		t.Error("a torn key file was taken")
	}
}
