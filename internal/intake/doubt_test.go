package intake_test

import (
	"strings"
	"testing"

	"renxin/internal/intake"
)

func TestPT03_DoubtfulValuesStandBesideTheVerdict(t *testing.T) {
	h := newHouse(t)
	text := "病人ID,姓名,性别,手机,身份证号\nC1,丁一,女,12345,\nC2,丁二,女,15400000002,110100196606060000\nC3,丁三,女,15400000003,\n"
	if _, err := h.Import(h.ctx, []byte(text), intake.Options{Feed: "HIS", Kind: intake.FeedCommand}); err != nil {
		t.Fatal(err)
	}
	page, err := h.Records(h.ctx, intake.RecordFilter{})
	if err != nil || len(page.Items) != 3 {
		t.Fatal(len(page.Items), err)
	}
	for i, want := range []string{"", "bad_number", "bad_phone"} { // newest first
		got := page.Items[i].Reasons
		if want == "" && got != "[]" || !strings.Contains(got, want) {
			t.Errorf("row %d: %s, want %q", i, got, want)
		}
		if page.Items[i].Verdict != intake.Added {
			t.Errorf("row %d: a doubtful value is no reason to refuse the person: %s", i, page.Items[i].Verdict)
		}
	}
}
