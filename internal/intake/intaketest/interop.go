// Package intaketest finds the interoperability samples that tests read but the repository does not hold.
package intaketest

import (
	"os"
	"path/filepath"
	"testing"
)

// Interop gives the path of a sample below shared/data/interop, found from RENXIN_INTEROP or by walking up from the
// working directory. The test is skipped where the samples are not at hand.
func Interop(t testing.TB, elem ...string) string {
	t.Helper()
	dir := interopDir()
	if dir == "" {
		t.Skip("interoperability samples absent: set RENXIN_INTEROP to the folder that holds them")
	}
	path := filepath.Join(append([]string{dir}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("sample %s absent", filepath.Join(elem...))
	}
	return path
}

// File reads a sample.
func File(t testing.TB, elem ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(Interop(t, elem...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Glob lists the samples of a folder in name order.
func Glob(t testing.TB, folder, pattern string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(Interop(t, folder), pattern))
	if err != nil || len(list) == 0 {
		t.Fatalf("no samples %s in %s", pattern, folder)
	}
	return list
}

func interopDir() string {
	if dir := os.Getenv("RENXIN_INTEROP"); dir != "" {
		return dir
	}
	dir, err := os.Getwd()
	for err == nil {
		try := filepath.Join(dir, "shared", "data", "interop")
		if _, e := os.Stat(try); e == nil {
			return try
		}
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	return ""
}
