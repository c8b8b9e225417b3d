package patient

import (
	"strings"
	"testing"

	"renxin/internal/identity"
	"renxin/internal/platform/clock"
)

// HL7 `""` deletes the numbers that the same feed brought, and no other.
func TestIN01_FeedTakesItsOwnNumbersBack(t *testing.T) {
	h := newHouse(t)
	numbers := func(id ID) (out string) {
		t.Helper()
		d, err := h.Find(h.admin, id)
		h.must(err)
		for _, c := range d.Contacts {
			out += c.Source + c.Value[len(c.Value)-1:] + " "
		}
		return out
	}
	at := func(n int) clock.Instant { return clock.Instant(1_000_000 + n) }
	feed := func(n int, telecoms ...ContactInput) Feed {
		return Feed{OccurredAt: at(n), Name: text("王丽"), BirthDate: text("1990-03-05"), Identifiers: []Identifier{his(identity.KindCard, "A1")}, Telecoms: telecoms}
	}
	nothing := []ContactInput{{System: "mobile", Owner: "self"}, {System: "phone", Owner: "self"}}
	daughter := ContactInput{System: "mobile", Value: "15412345674", Owner: "daughter"}
	id := h.apply(feed(1, phone("15412345671"), phone("15412345672"), ContactInput{System: "phone", Value: "0531-85550103"}, daughter)).ID
	d, err := h.AddContact(h.admin, id, phone("15412345675"))
	h.must(err)
	ok := "ok"
	for _, c := range d.Contacts {
		if c.Value[len(c.Value)-1:] == "2" {
			_, err = h.UpdateContact(h.admin, id, c.ID, ContactPatch{State: &ok})
			h.must(err)
		}
	}
	lis := feed(2, phone("15412345676"))
	lis.Source = "LIS"
	h.apply(lis)
	before := numbers(id)

	if o := h.apply(feed(0, nothing...)); o.Verdict == VerdictNew || numbers(id) != before {
		t.Errorf("an older word takes nothing back: %s", numbers(id))
	}
	if o := h.apply(feed(3, nothing...)); o.Verdict != VerdictUpdated || len(o.Changes) != 2 {
		t.Errorf("%+v", o)
	}
	for _, want := range []string{"HIS2 ", "HIS4 ", "hand5 ", "LIS6 "} {
		if got := numbers(id); !strings.Contains(got, want) || strings.Contains(got, "HIS1 ") || strings.Contains(got, "HIS3 ") {
			t.Fatalf("left are %s", got)
		}
	}
	if o := h.apply(feed(3, nothing...)); o.Verdict != VerdictUnchanged {
		t.Errorf("the same again: %+v", o)
	}
	if hits, err := h.Pick(h.admin, "5671", 5); err != nil || len(hits) != 0 {
		t.Errorf("the number is still found: %v %v", hits, err)
	}
	if h.apply(feed(4, phone("15412345671"))); !strings.Contains(numbers(id), "HIS1 ") {
		t.Errorf("what the source brings again comes again: %s", numbers(id))
	}
	h.apply(feed(5, append(nothing, phone("15412345677"))...))
	if got := numbers(id); !strings.Contains(got, "HIS7 ") || strings.Contains(got, "HIS1 ") {
		t.Errorf("replaced in one word: %s", got)
	}
}
