package bench

import (
	"context"
	"strings"
	"testing"
	"time"

	"renxin/internal/platform/db/dbtest"
)

func TestPercentiles(t *testing.T) {
	var times Times
	for i := range 100 {
		times = append(times, time.Duration(100-i)*time.Millisecond)
	}
	if got := times.At(0.95); got != 96 {
		t.Errorf("p95 of 1…100 ms is %v, want 96", got)
	}
	if got := times.At(1); got != 100 {
		t.Errorf("the slowest of 1…100 ms is %v", got)
	}
	if Times(nil).At(0.5) != 0 {
		t.Error("nothing measured is not 0")
	}
}

func TestBudgets(t *testing.T) {
	for _, c := range []struct {
		name string
		f    Figure
		held bool
	}{
		{"ceiling held", Figure{Value: 40, Budget: 50}, true},
		{"ceiling broken", Figure{Value: 51, Budget: 50}, false},
		{"floor held", Figure{Value: 1600, Budget: 1500, More: true}, true},
		{"floor broken", Figure{Value: 1400, Budget: 1500, More: true}, false},
		{"share held", Figure{Value: 30, Limit: 100, Budget: 0.2, Share: true, More: true}, true},
		{"share broken", Figure{Value: 10, Limit: 100, Budget: 0.2, Share: true, More: true}, false},
		{"share without its limit", Figure{Value: 10, Budget: 0.2, Share: true, More: true}, false},
		{"no budget", Figure{Value: 10}, true},
	} {
		if c.f.Held() != c.held {
			t.Errorf("%s: held is %v", c.name, !c.held)
		}
	}
}

func TestReportShowsWhatWasBroken(t *testing.T) {
	r := Report{Title: "T", Facts: [][2]string{{"engine", "SQLite"}}}
	r.Add(Figure{Name: "create", Value: 1234.5, Unit: "/s", Limit: 10000, What: "raw", Budget: 0.2, Share: true, More: true})
	r.Skip("page weight", "not built")
	var b strings.Builder
	if _, err := r.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"- engine: SQLite", "| create | 1,234 /s | 10,000 /s (raw) | 0.12 | ≥ 20 % | **no** |", "- page weight: not built"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("missing %q in\n%s", want, b.String())
		}
	}
}

func TestRawRatesLeaveNothingBehind(t *testing.T) {
	d, _ := dbtest.New(t)
	raw, err := MeasureRaw(context.Background(), d, 200*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if raw.Single <= 0 || raw.Batch <= raw.Single || raw.Read <= 0 {
		t.Errorf("raw rates %+v", raw)
	}
	if _, err := MeasureRaw(context.Background(), d, 200*time.Millisecond); err != nil {
		t.Errorf("a second run: %v", err)
	}
}
