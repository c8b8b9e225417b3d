package intake_test

import (
	"bytes"
	"testing"

	"renxin/internal/intake"
	"renxin/internal/intake/intaketest"
)

// A preview judges in pieces, so that nobody waits for it, and still counts each person once.
func TestIN05_PreviewInPiecesCountsEachPersonOnce(t *testing.T) {
	raw := intaketest.File(t, "hl7v2-simhospital", "messages-001-506.hl7")
	h := newHouse(t)
	u, _, err := h.Upload(h.ctx, "day.hl7", bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	p, err := h.Preview(h.ctx, u.ID, intake.ReadOptions{}, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	run := h.importRaw("day", raw)
	if p.Judged != 506 || p.Counts.New != run.Counts.New || p.Counts.Sum() != run.Counts.Sum() {
		t.Errorf("the preview says %+v, the import did %+v", p.Counts, run.Counts)
	}
}
