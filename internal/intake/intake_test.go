package intake_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"renxin/internal/adapter/fhir"
	"renxin/internal/adapter/hl7"
	"renxin/internal/adapter/sheet"
	"renxin/internal/adapter/v3"
	"renxin/internal/booking"
	"renxin/internal/intake"
	"renxin/internal/intake/intaketest"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/event"
	"renxin/internal/platform/file"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

// house is the rooms below intake, and intake.
type house struct {
	*intake.Service
	t     testing.TB
	ctx   context.Context
	db    *db.DB
	clock *clock.Fake
	board *event.Board
	jobs  *job.Runner
}

func newHouse(t testing.TB) *house {
	d, clk := dbtest.New(t)
	h := &house{t: t, ctx: access.AsSystem(context.Background(), "test"), db: d, clock: clk, board: event.NewBoard(d), jobs: job.New(d)}
	log := trail.New(d)
	set := setting.New(setting.Deps{DB: d, Board: h.board, Trail: log})
	people := staff.New(staff.Deps{DB: d, Board: h.board, Trail: log, Setting: set})
	patients := patient.New(patient.Deps{DB: d, Board: h.board, Trail: log, Setting: set})
	visits := visit.New(visit.Deps{DB: d, Board: h.board, Trail: log, Staff: people, Patient: patients})
	bookings := booking.New(booking.Deps{DB: d, Board: h.board, Staff: people, Patient: patients, Visit: visits})
	files, err := file.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close() })
	h.Service = intake.New(intake.Deps{DB: d, Board: h.board, Jobs: h.jobs, Trail: log, Setting: set, Patient: patients, Visit: visits, Booking: bookings, Files: files,
		Readers: map[string]intake.Reader{"hl7": hl7.Reader{}, "table": sheet.Reader{}, "fhir": fhir.Reader{}, "v3": v3.Reader{}}})
	return h
}

func (h *house) importRaw(name string, raw []byte) intake.Run {
	h.t.Helper()
	run, err := h.Import(h.ctx, raw, intake.Options{Feed: "HIS", Kind: intake.FeedCommand, File: name, Read: intake.ReadOptions{Issuer: "HIS"}})
	if err != nil {
		h.t.Fatalf("%s: %v", name, err)
	}
	if run.State != intake.RunDone || run.Done != run.Total || run.Counts.Sum() != run.Total {
		h.t.Fatalf("%s: %+v", name, run)
	}
	return run
}

// importFolder imports every sample of a folder in name order.
func (h *house) importFolder(folder, pattern string) (all intake.Counts) {
	h.t.Helper()
	for _, path := range intaketest.Glob(h.t, folder, pattern) {
		raw, err := os.ReadFile(path)
		if err != nil {
			h.t.Fatal(err)
		}
		c := h.importRaw(filepath.Base(path), raw).Counts
		all.New += c.New
		all.Updated += c.Updated
		all.Unchanged += c.Unchanged
		all.Review += c.Review
		all.Duplicate += c.Duplicate
		all.Rejected += c.Rejected
	}
	h.settle()
	return all
}

func (h *house) settle() {
	h.t.Helper()
	if _, err := h.board.Drain(h.ctx); err != nil {
		h.t.Fatal(err)
	}
}

// take applies one message as a live feed does.
func (h *house) take(raw string) intake.Outcome {
	h.t.Helper()
	m, r := hl7.Read([]byte(strings.ReplaceAll(raw, "\n", "\r")), hl7.Options{})
	charset := ""
	if m != nil {
		charset = m.Charset
	}
	o, err := h.Receive(h.ctx, intake.Live{Feed: "HL7 HIS", Address: "127.0.0.1", Charset: charset, Record: r})
	if err != nil {
		h.t.Fatal(err)
	}
	return o
}

func (h *house) count(query string, args ...any) int {
	h.t.Helper()
	n, err := db.One[int](h.ctx, h.db.Read(h.ctx), query, args...)
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

func (h *house) persons() int {
	return h.count(`select count(*) from patient_patient where merged_into is null and deleted_at is null`)
}

// fingerprint adds up the rows of every business table with what a change would move.
func (h *house) fingerprint() map[string]string {
	h.t.Helper()
	out := map[string]string{}
	for table, column := range map[string]string{
		"patient_patient": "version", "patient_identifier": "id", "patient_contact": "id", "patient_provenance": "at", "patient_merge": "id", "patient_alias": "at", "patient_pair": "id",
		"visit_encounter": "updated_at", "visit_condition": "id", "visit_procedure": "id", "visit_charge": "amount_fen", "visit_report": "id",
		"booking_appointment": "updated_at", "booking_change": "id", "intake_message": "attempts", "event_fact": "id", "trail_entry": "id",
	} {
		v, err := db.One[string](h.ctx, h.db.Read(h.ctx), `select cast(count(*) as text) || ':' || cast(coalesce(sum(`+column+` % 1000003), 0) as text) from `+table)
		if err != nil {
			h.t.Fatal(table, err)
		}
		out[table] = v
	}
	return out
}

func (h *house) same(before map[string]string) {
	h.t.Helper()
	for table, v := range h.fingerprint() {
		if v != before[table] {
			h.t.Errorf("%s changed: %s, was %s", table, v, before[table])
		}
	}
}

// owner is the patient who holds a number, merges followed.
func (h *house) owner(kind, value string) patient.ID {
	h.t.Helper()
	id, ok, err := db.First[patient.ID](h.ctx, h.db.Read(h.ctx), `select patient_id from patient_identifier where kind = $1 and value = $2 order by id`, kind, value)
	if err != nil {
		h.t.Fatal(err)
	}
	if !ok {
		return 0
	}
	if id, err = h.Patient.Resolve(h.ctx, id); err != nil {
		h.t.Fatal(err)
	}
	return id
}

func (h *house) open(verdict intake.Verdict) []intake.Message {
	h.t.Helper()
	page, err := h.Records(h.ctx, intake.RecordFilter{Verdict: verdict, Limit: 200})
	if err != nil {
		h.t.Fatal(err)
	}
	return page.Items
}
