package intake_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"renxin/internal/intake"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
)

// Several feeds tell of the same new patient at the same moment: one patient comes of it, and no record is lost.
func TestIN01_FeedsThatRaceForOneNumber(t *testing.T) {
	h := newHouse(t)
	feeds := []string{"HIS", "LIS", "PACS", "EMR"}
	for n := range 15 {
		name, birth := fmt.Sprint("赛", n), "1980-05-06"
		var together sync.WaitGroup
		begin := make(chan struct{})
		for i, feed := range feeds {
			together.Go(func() {
				r := intake.Record{Ref: "1", ControlID: fmt.Sprint(feed, n), Type: "ADT^A04", Sender: feed + "/A", Event: intake.PatientUpsert,
					Raw: fmt.Appendf(nil, "%s %d", feed, n), Patient: intake.Person{Name: &name, BirthDate: &birth,
						Identifiers: []intake.Identifier{{Kind: "card", Issuer: "HIS", Value: fmt.Sprint("K", n)}, {Kind: "outpatient", Issuer: "HIS", Value: fmt.Sprint("M", n)}}}}
				if i%2 == 1 { // the other order of the two numbers
					ids := r.Patient.Identifiers
					ids[0], ids[1] = ids[1], ids[0]
				}
				<-begin
				o, err := h.Receive(access.AsSystem(context.Background(), "test"), intake.Live{Feed: feed, Address: "127.0.0.1", Record: r})
				if err != nil || o.Verdict == intake.Rejected || o.Verdict == intake.Review {
					t.Errorf("%s: %s %s %v", feed, o.Verdict, o.Code, err)
				}
			})
		}
		close(begin)
		together.Wait()
	}
	if n, err := db.One[int](h.ctx, h.DB.Read(h.ctx), `select count(*) from patient_patient where merged_into is null`); err != nil || n != 15 {
		t.Errorf("%d patients of 15: %v", n, err)
	}
	if page, err := h.Patient.List(h.ctx, patient.Filter{Text: "K3"}); err != nil || len(page.Items) != 1 {
		t.Errorf("one patient has the number: %v %v", page.Items, err)
	}
}
