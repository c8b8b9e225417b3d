package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Asking how a command is called must never do what it does.
func TestHelpOfEveryCommandDoesNothing(t *testing.T) {
	for _, c := range commands {
		for _, flag := range []string{"-h", "--help"} {
			data := filepath.Join(t.TempDir(), "data")
			out := printed(t, func() {
				if err := run(context.Background(), c.name, []string{"-data", data, flag}); err != nil {
					t.Error(c.name, flag, err)
				}
			})
			if !strings.HasPrefix(out, "renxin "+c.name+" [options]") || !strings.Contains(out, c.help) || !strings.Contains(out, "mllp") {
				t.Errorf("%s %s prints %q", c.name, flag, out)
			}
			if _, err := os.Stat(data); !os.IsNotExist(err) {
				t.Error(c.name, flag, "touched the data directory")
			}
		}
	}
}

// printed is what f writes to the standard output.
func printed(t *testing.T, f func()) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stdout
	os.Stdout = w
	defer func() { os.Stdout = old }()
	f()
	w.Close()
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
