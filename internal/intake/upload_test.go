package intake_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"

	"renxin/internal/intake"
	"renxin/internal/intake/intaketest"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// crowd is n registrations of different people.
func crowd(n int) []byte {
	list := make([]person, n)
	for i := range list {
		list[i] = person{name: "周" + string(rune(0x4E00+i%5000)) + string(rune(0x5000+i/7)), sex: "女", birth: fmt.Sprintf("19%02d-%02d-%02d", 40+i%60, 1+i%12, 1+i%28),
			mobile: fmt.Sprintf("154%08d", 10000+i), card: fmt.Sprintf("K%05d", i)}
	}
	return rows(list...)
}

func (h *house) upload(raw []byte) (intake.Upload, intake.Reading) {
	h.t.Helper()
	u, r, err := h.Upload(h.ctx, `C:\导出\patients.csv`, bytes.NewReader(raw))
	if err != nil {
		h.t.Fatal(err)
	}
	return u, r
}

func TestPT03_PreviewShowsVerdictAndKeyAndWritesNothing(t *testing.T) {
	h := newHouse(t)
	h.importRaw("base.csv", rows(anna, bert))
	moved := anna
	moved.mobile = "15400077777"
	u, r := h.upload(rows(moved, person{name: "王丽华", card: "C100", inpatient: "I200"}, person{name: "吴新", birth: "1999-09-09", card: "C900"}, person{name: "郑某", mobile: "1.3E+10"}))
	if u.Name != "patients.csv" || r.Total != 4 || !slices.Contains(r.Fields, "patient.card") {
		t.Errorf("%+v", u)
	}
	before := h.fingerprint()
	p, err := h.Preview(h.ctx, u.ID, intake.ReadOptions{}, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	h.same(before)
	if p.Counts != (intake.Counts{Updated: 1, Review: 1, New: 1, Rejected: 1}) || p.Judged != 4 {
		t.Errorf("%+v", p.Counts)
	}
	want := []struct {
		ref     string
		verdict intake.Verdict
		key     string
	}{{"R2", intake.Updated, "card"}, {"R3", intake.Review, ""}, {"R4", intake.Added, ""}, {"R5", intake.Rejected, ""}}
	for i, w := range want {
		g := p.Items[i]
		if g.Ref != w.ref || g.Verdict != w.verdict || w.key != "" && g.Key != w.key {
			t.Errorf("row %d: %s %s by %q", i, g.Ref, g.Verdict, g.Key)
		}
	}
	if c := p.Items[0].Changes; len(c) != 1 || c[0].Field != "contacts" || c[0].To == "15400077777" {
		t.Errorf("the change, masked: %+v", c)
	}
	if p.Items[2].PatientID != 0 {
		t.Error("a person who does not exist has a key")
	}
}

func TestIN05_UploadIsAppliedByAJobAndTwiceIsOnce(t *testing.T) {
	h := newHouse(t)
	raw := crowd(450)
	u, _ := h.upload(raw)
	run, err := h.Apply(h.ctx, u.ID, intake.ReadOptions{})
	if err != nil || run.State != intake.RunWaiting || run.JobID == 0 {
		t.Fatalf("%+v %v", run, err)
	}
	if _, err := h.jobs.Drain(h.ctx); err != nil {
		t.Fatal(err)
	}
	done, err := h.Run(h.ctx, run.ID)
	if err != nil || done.State != intake.RunDone || done.Counts != (intake.Counts{New: 450}) || done.Done != 450 {
		t.Fatalf("%+v %v", done, err)
	}
	if j, err := h.jobs.Find(h.ctx, run.JobID); err != nil || j.State != "done" || j.Done != 450 || j.Total != 450 {
		t.Errorf("progress %+v %v", j, err)
	}
	before := h.fingerprint()
	again, err := h.Apply(h.ctx, u.ID, intake.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.jobs.Drain(h.ctx); err != nil {
		t.Fatal(err)
	}
	if r, err := h.Run(h.ctx, again.ID); err != nil || r.Counts != (intake.Counts{Duplicate: 450}) {
		t.Errorf("%+v %v", r, err)
	}
	delete(before, "trail_entry") // that somebody imported is on record
	after := h.fingerprint()
	for table, v := range before {
		if after[table] != v {
			t.Errorf("%s changed: %s, was %s", table, after[table], v)
		}
	}
	feeds, err := h.Feeds(h.ctx)
	if err != nil || len(feeds) != 1 || feeds[0].New != 450 || feeds[0].Duplicate != 450 || feeds[0].State != "ok" || feeds[0].LastRunAt == 0 {
		t.Errorf("%+v %v", feeds, err)
	}
}

func TestIN05_CancelledImportStopsBetweenChunksAndCanBeTakenUpAgain(t *testing.T) {
	h := newHouse(t)
	raw := crowd(500)
	stopped, err := h.Import(h.ctx, raw, intake.Options{Feed: "HIS", Kind: intake.FeedCommand, File: "a.csv", OnChunk: func(_ context.Context, done, _ int) bool { return done < 200 }})
	if err != nil || stopped.State != intake.RunCancelled || stopped.Done != 200 || h.persons() != 200 {
		t.Fatalf("%+v %v, %d persons", stopped, err, h.persons())
	}
	rest := h.importRaw("a.csv", raw)
	if rest.Counts != (intake.Counts{Duplicate: 200, New: 300}) || h.persons() != 500 {
		t.Errorf("%+v, %d persons", rest.Counts, h.persons())
	}
	u, _ := h.upload(crowd(3))
	waiting, err := h.Apply(h.ctx, u.ID, intake.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.CancelRun(h.ctx, waiting.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := h.jobs.Drain(h.ctx); err != nil {
		t.Fatal(err)
	}
	if r, err := h.Run(h.ctx, waiting.ID); err != nil || r.State != intake.RunCancelled || r.Done != 0 {
		t.Errorf("%+v %v", r, err)
	}
}

func TestIN05_DatesThatReadBothWaysAreAskedFor(t *testing.T) {
	h := newHouse(t)
	u, r := h.upload([]byte("姓名,出生日期,一卡通号\n王丽,03/04/1985,C1\n李四,05/06/1990,C2\n"))
	if len(r.Ambiguous) != 1 || r.Ambiguous[0].Heading != "出生日期" {
		t.Fatalf("%+v", r.Ambiguous)
	}
	if _, err := h.Apply(h.ctx, u.ID, intake.ReadOptions{}); !fault.Is(err, fault.Invalid) {
		t.Errorf("applied without an answer: %v", err)
	}
	if _, err := h.Apply(h.ctx, u.ID, intake.ReadOptions{DateOrder: "mdy"}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.jobs.Drain(h.ctx); err != nil {
		t.Fatal(err)
	}
	if n := h.count(`select count(*) from patient_patient where birth_date = '1985-03-04'`); n != 1 {
		t.Error("the answer was not used")
	}
}

func TestIN05_FilesThatAreNoTableSayWhatToDo(t *testing.T) {
	h := newHouse(t)
	for raw, key := range map[string]string{"\xD0\xCF\x11\xE0old": "intake.file.old_excel", "PK\x03\x04broken": "intake.file.broken", "": "intake.file.empty", "MSH|": "intake.file.unknown"} {
		if _, _, err := h.Upload(h.ctx, "x", bytes.NewReader([]byte(raw))); fault.KeyOf(err) != key {
			t.Errorf("%q: %v, want %s", raw, err, key)
		}
	}
}

func TestPT02_NobodyWithoutTheRightSeesOrChangesRecords(t *testing.T) {
	h := newHouse(t)
	h.importRaw("base.csv", rows(anna))
	ctx := access.With(h.ctx, access.Caller{StaffID: 7, Name: "nobody"})
	calls := map[string]func() error{
		"feeds":   func() error { _, err := h.Feeds(ctx); return err },
		"runs":    func() error { _, err := h.Runs(ctx, intake.RunFilter{}); return err },
		"records": func() error { _, err := h.Records(ctx, intake.RecordFilter{}); return err },
		"record":  func() error { _, err := h.Record(ctx, h.open("")[0].ID); return err },
		"decide":  func() error { _, err := h.Decide(ctx, h.open("")[0].ID, 0); return err },
		"upload":  func() error { _, _, err := h.Upload(ctx, "x", bytes.NewReader(nil)); return err },
		"import":  func() error { _, err := h.Import(ctx, nil, intake.Options{}); return err },
		"receive": func() error { _, err := h.Receive(ctx, intake.Live{}); return err },
	}
	for name, call := range calls {
		if err := call(); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSY05_RecordsOfPatientsOutOfScopeAreNotShown(t *testing.T) {
	h := newHouse(t)
	h.importRaw("base.csv", rows(anna, bert, person{name: "郑某", mobile: "1.3E+10"}))
	mine := h.owner("card", "C100")
	if err := h.Patient.Grant(h.ctx, mine, patient.Access{Kind: "staff", Key: 7, Role: "owner"}); err != nil {
		t.Fatal(err)
	}
	nurse := access.With(h.ctx, access.Person(7, "nurse", intake.Permissions, access.Build(access.Grant{Reach: "own", StaffID: 7})))
	page, err := h.Records(nurse, intake.RecordFilter{})
	if err != nil || len(page.Items) != 1 || page.Items[0].PatientID != mine || page.Total.Value != 1 {
		t.Errorf("%+v %v", page, err)
	}
	for _, m := range h.open("") {
		_, err := h.Record(nurse, m.ID)
		if seen := err == nil; seen != (m.PatientID == mine) {
			t.Errorf("%s of %s: %v", m.Ref, m.PatientID, err)
		}
		if m.PatientID != mine {
			if _, err := h.Repair(nurse, m.ID, map[string]string{"patient.mobile": "15400000001"}); !fault.Is(err, fault.NotFound) {
				t.Errorf("repaired out of scope: %v", err)
			}
		}
	}
}

func TestPT02_DryRunOfTheCommandWritesNothing(t *testing.T) {
	h := newHouse(t)
	before := h.fingerprint()
	run, err := h.Import(h.ctx, intaketest.File(t, "hl7v2-simhospital", "messages-001-506.hl7"), intake.Options{Feed: "HIS", Kind: intake.FeedCommand, DryRun: true})
	if err != nil || run.Counts.New != 208 || run.Counts.Sum() != 506 {
		t.Errorf("%+v %v", run.Counts, err)
	}
	h.same(before)
	if n := h.count(`select count(*) from intake_feed`); n != 0 {
		t.Error("a dry run left a feed")
	}
}

func TestIN05_TablesWithoutAnyKnownColumnAreRefused(t *testing.T) {
	h := newHouse(t)
	text := []byte("Permission is hereby granted, free of charge,\nto any person\n")
	if _, err := h.Import(h.ctx, text, intake.Options{Feed: "HIS", Kind: intake.FeedCommand}); fault.KeyOf(err) != "intake.file.no_columns" {
		t.Errorf("a licence was imported: %v", err)
	}
	u, _ := h.upload([]byte("a,b\n王丽,C1\n"))
	if _, err := h.Apply(h.ctx, u.ID, intake.ReadOptions{}); fault.KeyOf(err) != "intake.file.no_columns" {
		t.Errorf("nothing mapped: %v", err)
	}
	if _, err := h.Apply(h.ctx, u.ID, intake.ReadOptions{Mapping: map[string]string{"a": "patient.name", "b": "patient.card"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.jobs.Drain(h.ctx); err != nil {
		t.Fatal(err)
	}
	if h.owner("card", "C1") == 0 {
		t.Error("the chosen mapping was not used")
	}
	if issuer, err := db.One[string](h.ctx, h.db.Read(h.ctx), `select issuer from patient_identifier where value = 'C1'`); err != nil || issuer != "HIS" {
		t.Errorf("issuer %q %v", issuer, err)
	}
}
