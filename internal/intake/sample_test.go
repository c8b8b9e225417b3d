package intake_test

import (
	"testing"

	"renxin/internal/intake"
	"renxin/internal/intake/intaketest"
	"renxin/internal/platform/db"
)

// The state after the thirteen Chinese messages in file order is that of the samples' README.
func TestIN04_ChineseSamplesGiveTheExpectedState(t *testing.T) {
	h := newHouse(t)
	counts := h.importFolder("hl7v2-cn-authored", "*")
	if counts.Review != 0 || counts.Rejected != 0 || counts.Duplicate != 2 {
		t.Errorf("verdicts %+v", counts)
		for _, m := range append(h.open(intake.Review), h.open(intake.Rejected)...) {
			t.Logf("%s %s %s %s", m.Ref, m.Type, m.Verdict, m.Code)
		}
	}
	if n := h.persons(); n != 3 {
		t.Errorf("%d persons, want 3", n)
	}
	if a, b := h.owner("other", "0001987411"), h.owner("other", "TJ00021"); a == 0 || a != b {
		t.Errorf("the check-up number and 0001987411 are one person: %s %s", a, b)
	}
	a, err := db.One[struct {
		Booked, Cancelled, Missed int
		StartsAt                  int64
	}](h.ctx, h.db.Read(h.ctx), `
		select
			sum(case when state = 'booked' and placer = 'AP9001' then 1 else 0 end) as booked,
			sum(case when state = 'cancelled' and placer = 'AP9002' then 1 else 0 end) as cancelled,
			sum(case when state = 'missed' and placer = 'AP9003' then 1 else 0 end) as missed,
			max(case when placer = 'AP9001' then starts_at else 0 end) as starts_at
		from booking_appointment`)
	if err != nil || a.Booked != 1 || a.Cancelled != 1 || a.Missed != 1 || a.StartsAt != 1794465000000 { // 2026-11-12 14:30 +0800
		t.Errorf("appointments %+v %v", a, err)
	}
	stay, err := db.One[struct {
		State     string
		StartedAt int64
		EndedAt   int64
		N         int
	}](h.ctx, h.db.Read(h.ctx), `select state, started_at, ended_at, (select count(*) from visit_encounter where class = 'IMP') as n from visit_encounter where number = 'ZY2026110601'`)
	if err != nil || stay.State != "finished" || stay.StartedAt != 1793926800000 || stay.EndedAt != 1794537000000 || stay.N != 1 {
		t.Errorf("stay %+v %v", stay, err)
	}
	if n := h.count(`select count(*) from visit_condition where code = 'D25.900' and kind = 'discharge'`); n != 1 {
		t.Errorf("%d discharge diagnoses D25.900", n)
	}
	if fen := h.count(`select sum(amount_fen) from visit_charge`); fen != 343300 {
		t.Errorf("charges net %d fen, want 343300", fen)
	}
	before := h.fingerprint()
	if again := h.importFolder("hl7v2-cn-authored", "*"); again.Duplicate != 14 || again.Sum() != 14 {
		t.Errorf("replay: %+v", again)
	}
	h.same(before)
	// the number that was merged away before anybody knew it leads to the survivor
	o := h.take("MSH|^~\\&|HIS|XXYY|HCRM|XXYY|20261102080000||ADT^A31^ADT_A05|L1|P|2.4|||AL|NE|CHN|UNICODE UTF-8\nPID|1||0001990001^^^HIS^PatientNO||王丽华")
	if o.PatientID != h.owner("other", "0001987225") || h.persons() != 3 {
		t.Errorf("a late message of a merged number: %+v", o)
	}
}

func TestIN01_MicrosoftSamplesAreAllAnswered(t *testing.T) {
	h := newHouse(t)
	counts := h.importFolder("hl7v2-microsoft", "*.hl7")
	t.Logf("%+v", counts)
	if counts.Sum() != 36 || counts.Duplicate != 0 {
		t.Errorf("%+v", counts)
	}
	if n := h.count(`select count(*) from booking_appointment`); n != 1 {
		t.Errorf("%d appointments, want one with a history", n)
	}
	if n := h.count(`select count(*) from patient_merge`) + h.count(`select count(*) from patient_alias`); n != 1 {
		t.Errorf("%d person merges, want that of A40 alone", n)
	}
	for _, m := range append(h.open(intake.Review), h.open(intake.Rejected)...) {
		t.Logf("%s %s %s %s %s", m.Ref, m.Type, m.Verdict, m.Code, m.Reasons)
		if m.Code == "intake.record.failed" || m.Code == "" {
			t.Errorf("%s: no reason given", m.Type)
		}
	}
	before := h.fingerprint()
	if again := h.importFolder("hl7v2-microsoft", "*.hl7"); again.Duplicate != 36 {
		t.Errorf("replay: %+v", again)
	}
	h.same(before)
}

func TestIN04_SimulatedHospitalGives207Persons(t *testing.T) {
	h := newHouse(t)
	counts := h.importFolder("hl7v2-simhospital", "*.hl7")
	t.Logf("%+v", counts)
	if counts.Review+counts.Rejected+counts.Duplicate != 0 || counts.Sum() != 506 {
		t.Errorf("%+v", counts)
		for _, m := range append(h.open(intake.Review), h.open(intake.Rejected)...) {
			t.Logf("%s %s %s %s %s", m.Ref, m.Type, m.Verdict, m.Code, m.Reasons)
		}
	}
	if n := h.persons(); n != 207 {
		t.Errorf("%d persons, want 207", n)
	}
	if n := h.count(`select count(*) from patient_identifier where issuer = 'SIMULATOR MRN'`); n != 208 {
		t.Errorf("%d numbers, want 208", n)
	}
	if a, b := h.owner("other", "618454581"), h.owner("other", "2777246431"); a == 0 || a != b {
		t.Error("618454581 is not 2777246431")
	}
	before := h.fingerprint()
	if again := h.importFolder("hl7v2-simhospital", "*.hl7"); again.Duplicate != 506 {
		t.Errorf("replay: %+v", again)
	}
	h.same(before)
}

func TestPT03_ChineseRegistrationsMergeNobodyFalsely(t *testing.T) {
	truth := truthOf(t)
	var counts [2]intake.Counts
	for i, name := range []string{"cn_patients_dev.utf8.csv", "cn_patients_dev.gb18030.csv"} {
		h := newHouse(t)
		run := h.importRaw(name, intaketest.File(t, "linkage-cn-authored", name))
		counts[i] = run.Counts
		if i == 1 {
			continue
		}
		wrong := 0
		entityOf := map[int64]string{}
		rows, err := db.List[struct {
			Ref       string
			PatientID int64
		}](h.ctx, h.db.Read(h.ctx), `select ref, patient_id from intake_message where verdict in ('new', 'updated', 'unchanged')`)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			e := truth[r.Ref]
			if first, seen := entityOf[r.PatientID]; seen && first != e {
				wrong++
				t.Errorf("row %s joined to another person", r.Ref)
			}
			entityOf[r.PatientID] = e
		}
		t.Logf("%+v; %d persons of 1300, %d rows joined falsely", run.Counts, h.persons(), wrong)
		before := h.fingerprint()
		if again := h.importRaw(name, intaketest.File(t, "linkage-cn-authored", name)); again.Counts.Duplicate != 2310 {
			t.Errorf("replay: %+v", again.Counts)
		}
		h.same(before)
	}
	if counts[0] != counts[1] {
		t.Errorf("UTF-8 %+v, GB 18030 %+v", counts[0], counts[1])
	}
}
