package patient

import (
	"context"
	"testing"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
)

func TestPT16_ScanOfTheRecordedPatients(t *testing.T) {
	h := newHouse(t)
	r := job.New(h.DB)
	h.Work(r)
	card := func(v string) []IdentifierInput { return []IdentifierInput{{"id_card", "", v}} }
	born := []ContactInput{phone("15412345678")}
	a := h.create(Draft{Name: "王丽", BirthDate: "1990-03-05", Contacts: born})
	b := h.create(Draft{Name: "王丽", BirthDate: "1990-03-05", Contacts: born})
	h.create(Draft{Name: "王丽之女", BirthDate: "2026-03-05", Contacts: born})
	h.create(Draft{Name: "赵一", Contacts: []ContactInput{phone("15412340001")}, Address: "山东省济南市历下区文化路12号", Identifiers: card("11010519491231002X")})
	h.create(Draft{Name: "赵一", Contacts: []ContactInput{phone("15412340001")}, Address: "山东省济南市历下区文化路12号", Identifiers: card("110105194912310038")})
	st, err := h.ScanState(h.admin)
	if h.must(err); st.State != "" {
		t.Errorf("before the first search: %+v", st)
	}
	if st, err = h.StartScan(h.admin); err != nil || st.State != "ready" || st.Total != 5 {
		t.Fatalf("%+v %v", st, err)
	}
	_, err = h.StartScan(h.admin)
	wantFault(t, err, fault.Conflict, "patient.scan.running")
	_, err = r.Drain(h.admin)
	h.must(err)
	if st, err = h.ScanState(h.admin); err != nil || st.State != "done" || st.Done != 5 || st.Found != 1 {
		t.Errorf("after the search: %+v %v", st, err)
	}
	open, err := h.Pairs(h.admin, false, "", 10)
	h.must(err)
	if len(open.Items) != 1 || open.Items[0].A.ID != a || open.Items[0].B.ID != b || open.Items[0].Zone != "auto" {
		t.Errorf("to decide: %+v, want the two of one name, birth date and telephone", open.Items)
	}
	apart, err := h.Pairs(h.admin, true, "", 10)
	h.must(err)
	zones := map[string]int{}
	for _, p := range apart.Items {
		zones[p.Zone]++
	}
	if zones["mother"] != 2 || zones["veto"] != 1 || len(zones) != 2 {
		t.Errorf("held apart: %v, want the new-born against both records of its mother, and the two cards", zones)
	}
	_, err = h.StartScan(h.admin)
	h.must(err)
	if st, err := h.StopScan(h.admin); err != nil || st.State != "cancelled" {
		t.Errorf("stopped: %+v %v", st, err)
	}
	if _, err := h.StartScan(context.Background()); err == nil {
		t.Error("nobody signed in, yet a search began")
	}
}

func TestPT36_ThePatientsAccessLog(t *testing.T) {
	h := newHouse(t)
	a, b := h.twoOfOne()
	nurse := access.Grant{Reach: "all"}
	see := func(id ID) { _, err := h.Find(as(7, nurse), id); h.must(err) }
	see(b)
	see(b)
	d, err := h.Find(as(8, nurse), b)
	h.must(err)
	_, err = h.Reveal(as(8, nurse), b, RevealInput{Field: "contact", Ref: d.Contacts[0].ID.String(), Reason: "回访核对"})
	h.must(err)
	h.clock.Advance(time.Hour)
	see(b)
	_, err = h.Merge(h.admin, a, b, "同一人")
	h.must(err)
	see(a)
	log, err := h.AccessLog(h.admin, b, AccessLook, "", 20)
	h.must(err)
	kinds := map[string]int{}
	former := 0
	for _, e := range log.Items {
		kinds[e.Kind]++
		if e.Former {
			former++
		}
		if e.Kind == AccessReveal && (e.Reason != "回访核对" || e.Field != "contact") {
			t.Errorf("the look at the number: %+v", e)
		}
	}
	if kinds[AccessLook] != 4 || kinds[AccessReveal] != 1 || former != 4 || log.Total.Value != 5 {
		t.Errorf("%v, %d of the former record, total %v: wants one entry for each person and hour, also of the record that was merged", kinds, former, log.Total)
	}
	all, err := h.AccessLog(h.admin, a, "", "", 3)
	h.must(err)
	if len(all.Items) != 3 || all.Next == "" || all.Items[0].At < all.Items[2].At {
		t.Errorf("page %+v", all)
	}
	if next, err := h.AccessLog(h.admin, a, "", all.Next, 50); err != nil || len(next.Items)+3 != all.Total.Value {
		t.Errorf("second page of %d with 3 before it of %d: %v", len(next.Items), all.Total.Value, err)
	}
	_, err = h.AccessLog(h.admin, a, "nonsense", "", 0)
	wantFault(t, err, fault.Invalid, "patient.access.kind")
	if _, err = h.AccessLog(as(9, access.Grant{Reach: "own"}), a, "", "", 0); !fault.Is(err, fault.NotFound) {
		t.Error("a patient beyond the scope shows who looked:", err)
	}
}
