package fhir

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"renxin/internal/intake"
	"renxin/internal/intake/intaketest"
)

// Every published example is read; what a record keeps reads again as that one record.
func TestIN01_EverySampleIsReadAndReadsAgain(t *testing.T) {
	files := append(intaketest.Glob(t, "fhir-r4-examples", "*.json"), intaketest.Glob(t, "fhir-r4-synthea", "*.json")...)
	records := 0
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(path)
		b, err := Read(raw, intake.ReadOptions{Issuer: "HIS"})
		if err != nil || len(b.Records) == 0 {
			t.Errorf("%s: %d records, %v", name, len(b.Records), err)
		}
		for _, r := range b.Records {
			records++
			if r.Event == "" || r.Type == "" || r.Event == intake.Ignored && r.Reason == "" {
				t.Errorf("%s: %s %s %s", name, r.Type, r.Event, r.Reason)
			}
			for _, p := range r.Problems {
				t.Logf("%s: %s %s %s", name, r.Type, p.Code, p.Field)
			}
			again(t, name, r, r.Raw)
			if r.Kept != nil {
				bare := r
				bare.Reports = append([]intake.Report(nil), r.Reports...)
				for i := range bare.Reports {
					bare.Reports[i].Result = ""
				}
				again(t, name, bare, r.Kept)
			}
		}
	}
	if len(files) != 40 || records < 60 {
		t.Errorf("%d files, %d records", len(files), records)
	}
}

func again(t *testing.T, name string, r intake.Record, raw []byte) {
	t.Helper()
	b, err := Read(raw, intake.ReadOptions{Issuer: "HIS"})
	if err == nil && r.Event == intake.Ignored && len(b.Records) == 0 {
		return // a bundle with nothing for us keeps nothing
	}
	if err != nil || len(b.Records) != 1 {
		t.Errorf("%s: %s reads again as %d records, %v: %.300s", name, r.Type, len(b.Records), err, raw)
		return
	}
	x := b.Records[0]
	x.Ref, x.Raw, x.Kept = r.Ref, nil, nil
	r.Raw, r.Kept = nil, nil
	if !reflect.DeepEqual(x, r) {
		t.Errorf("%s: reads again as\n%+v\nwas\n%+v", name, x, r)
	}
}
