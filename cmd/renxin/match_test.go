package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"renxin/internal/intake/intaketest"
	"renxin/internal/match"
)

// measured is the part of the answer that is promised to whoever reads it by machine.
type measured struct {
	Auto, Review match.Quality
	TruePairs    int        `json:"true_pairs"`
	WrongAuto    []pairJSON `json:"wrong_auto"`
	Missed       []pairJSON `json:"missed"`
}

func evaluated(t *testing.T, args ...string) measured {
	t.Helper()
	var out, errs bytes.Buffer
	if err := matchCommand(t.Context(), &app{out: &out, err: &errs}, append([]string{"evaluate", "--json"}, args...)); err != nil {
		t.Fatal(err)
	}
	m := measured{}
	if err := json.Unmarshal(out.Bytes(), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestPT03_AutomaticMergesOfALabelledSampleAreRight(t *testing.T) {
	truth := intaketest.Interop(t, "linkage-cn-authored/cn_patients_dev.truth.csv")
	m := evaluated(t, intaketest.Interop(t, "linkage-cn-authored/cn_patients_dev.utf8.csv"), truth)
	if m.TruePairs != 1479 || m.Auto.Precision != 1 || m.Auto.Recall < 0.95 || m.Review.Recall < 0.99 || m.Review.Precision < 0.98 {
		t.Errorf("%+v", m)
	}
	gb := evaluated(t, "--json", intaketest.Interop(t, "linkage-cn-authored/cn_patients_dev.gb18030.csv"), truth)
	if gb.Auto != m.Auto || gb.Review != m.Review {
		t.Errorf("the same file in GB 18030 is judged otherwise: %+v, %+v", gb.Auto, gb.Review)
	}
}

func TestPT03_FEBRL(t *testing.T) {
	for _, files := range [][]string{{"dataset1.csv"}, {"dataset4a.csv", "dataset4b.csv"}} {
		args := []string{"--febrl"}
		for _, f := range files {
			args = append(args, intaketest.Interop(t, "linkage-febrl/"+f))
		}
		if m := evaluated(t, args...); m.Auto.F1() < 0.99 || m.Review.F1() < 0.99 {
			t.Errorf("%v: %+v %+v", files, m.Auto, m.Review)
		}
	}
}

// The same persons in other columns, another order of rows, another separator and with quotation marks are judged as well. The order in
// which records arrive decides with whom a third is compared, so the pairs need not be the very same.
func TestPT03_ASampleOfAnyShape(t *testing.T) {
	raw, err := os.ReadFile(intaketest.Interop(t, "linkage-cn-authored/cn_patients_dev.utf8.csv"))
	if err != nil {
		t.Fatal(err)
	}
	truth := intaketest.Interop(t, "linkage-cn-authored/cn_patients_dev.truth.csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name string, sep string, line func(i int) []string) string {
		var b strings.Builder
		for i := range rows {
			fmt.Fprintf(&b, "\"%s\"\r\n", strings.Join(line(i), `"`+sep+`"`))
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	want := evaluated(t, intaketest.Interop(t, "linkage-cn-authored/cn_patients_dev.utf8.csv"), truth)
	turned := write("turned.csv", ";", func(i int) []string {
		if i > 0 {
			i = len(rows) - i // the last row first; 行号 still names it
		}
		var out []string
		for j := len(rows[i]) - 1; j >= 0; j-- {
			out = append(out, rows[i][j])
		}
		return out
	})
	if m := evaluated(t, turned, truth); m.Auto.Precision != 1 || m.Auto.Recall < 0.95 || m.Review.Recall < 0.99 {
		t.Errorf("turned round: %+v %+v, want %+v %+v", m.Auto, m.Review, want.Auto, want.Review)
	}
	few := write("few.csv", ",", func(i int) []string { return []string{rows[i][2], rows[i][3], rows[i][4], rows[i][6], rows[i][7]} })
	if m := evaluated(t, few, truth); m.Auto.Precision != 1 || m.Auto.Recall < 0.8 {
		t.Errorf("name, sex, birth date, card and mobile alone: %+v", m.Auto)
	}
}

func TestPT03_ASampleThatDoesNotFitIsRefused(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	people, truth := file("p.csv", "姓名,手机\n王丽,15412345678\n"), file("t.csv", "row,entity\n7,a\n")
	for _, args := range [][]string{{}, {"evaluate", people}, {"evaluate", people, truth}, {"evaluate", people, people}, {"evaluate", "--febrl", people}, {"evaluate", "--other"}} {
		if err := matchCommand(t.Context(), &app{out: &bytes.Buffer{}}, args); err == nil {
			t.Errorf("%v is accepted", args)
		}
	}
}
