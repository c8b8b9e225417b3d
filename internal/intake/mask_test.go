package intake_test

import (
	"encoding/json"
	"strings"
	"testing"

	"renxin/internal/intake"
	"renxin/internal/platform/access"
	"renxin/internal/platform/fault"
)

// A record on the screen is masked like every other page; the clear one needs the right and a reason.
func TestSY09_RecordIsMaskedUntilRevealed(t *testing.T) {
	h := newHouse(t)
	h.take(message("ADT^A31", "20261103100000", "PID|1||||王丽华||19790326|F|||山东省济南市历下区文化路12号||15400030003\n"))
	m := h.open("")[0]
	d, err := h.Record(h.ctx, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"15400030003", "文化路"} {
		if strings.Contains(string(shown), secret) {
			t.Errorf("%s is shown", secret)
		}
	}
	if d.Text != "" || !strings.Contains(string(shown), "154****0003") {
		t.Errorf("%s", shown)
	}
	clear, err := h.Reveal(h.ctx, m.ID, "核对电话")
	if err != nil || !strings.Contains(clear.Text, "15400030003") || clear.Record.Patient.Telecoms[0].Value != "15400030003" {
		t.Errorf("%+v %v", clear, err)
	}
	if _, err := h.Reveal(h.ctx, m.ID, ""); !fault.Is(err, fault.Invalid) {
		t.Error("without a reason:", err)
	}
	clerk := access.With(h.ctx, access.Person(7, "clerk", intake.Permissions, access.Build(access.Grant{Reach: "all"})))
	if _, err := h.Reveal(clerk, m.ID, "核对电话"); !fault.Is(err, fault.Forbidden) {
		t.Error("without the right:", err)
	}
}
