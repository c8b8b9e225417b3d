package sms_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"renxin/internal/adapter/sms"
	"renxin/internal/consent"
	"renxin/internal/message"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/event"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
	"renxin/internal/staff"
)

// The environment that turns this test program into a hospital's process.
const (
	childDSN    = "RENXIN_TEST_CHILD_DSN"
	childCentre = "RENXIN_TEST_CHILD_CENTRE"
)

func TestMain(m *testing.M) {
	if dsn := os.Getenv(childDSN); dsn != "" {
		hospital(dsn, os.Getenv(childCentre))
		return
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	os.Exit(m.Run())
}

// rooms wires what sending needs.
type rooms struct {
	db      *db.DB
	board   *event.Board
	jobs    *job.Runner
	setting *setting.Service
	patient *patient.Service
	message *message.Service
}

func wire(d *db.DB) *rooms {
	r := &rooms{db: d, board: event.NewBoard(d), jobs: job.New(d)}
	log := trail.New(d)
	r.setting = setting.New(setting.Deps{DB: d, Board: r.board, Trail: log})
	people := staff.New(staff.Deps{DB: d, Board: r.board, Trail: log, Setting: r.setting})
	r.patient = patient.New(patient.Deps{DB: d, Board: r.board, Trail: log, Setting: r.setting})
	gate := consent.New(consent.Deps{DB: d, Board: r.board, Trail: log, Setting: r.setting, Patient: r.patient})
	r.message = message.New(message.Deps{DB: d, Board: r.board, Jobs: r.jobs, Trail: log, Setting: r.setting, Staff: people, Patient: r.patient, Consent: gate, Lease: 2 * time.Second})
	return r
}

// hospital is the child process: it sends until somebody kills it. Its clock stands at ten in the morning and runs.
func hospital(dsn, centre string) {
	ctx := context.Background()
	d, err := db.Open(ctx, dsn, clock.NewMovable(nil, dbtest.Start.Add(3*time.Hour+time.Since(epoch()))).Clock)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	r := wire(d)
	client := sms.New(config(centre), r.message, d.Clock())
	r.message.Connect(client)
	go client.Run(ctx)
	go r.board.Run(ctx)
	r.jobs.Run(ctx)
}

// epoch is when the parent began; children of one test share a clock that only rises.
func epoch() time.Time {
	var ms int64
	fmt.Sscan(os.Getenv("RENXIN_TEST_CHILD_EPOCH"), &ms)
	return time.UnixMilli(ms)
}

// crowd makes n patients with a mobile number each and a message waiting for each, and gives the numbers.
func crowd(t testing.TB, r *rooms, n int) (numbers []string) {
	t.Helper()
	ctx := access.AsSystem(context.Background(), "test")
	drafts := make([]message.Draft, 0, n)
	for start := 0; start < n; start += 500 {
		err := r.db.Tx(ctx, func(ctx context.Context, _ *db.Tx) error {
			for i := start; i < min(start+500, n); i++ {
				number := fmt.Sprintf("154%08d", 20000000+i*7)
				id, err := r.patient.Create(ctx, patient.Draft{Name: fmt.Sprintf("患者%d", i), Sex: "female", BirthDate: "1980-01-02",
					Contacts: []patient.ContactInput{{System: "mobile", Value: number, Owner: "self"}}})
				if err != nil {
					return err
				}
				numbers = append(numbers, number)
				drafts = append(drafts, message.Draft{PatientID: id, Purpose: consent.Care, Text: fmt.Sprintf("第%d号，请于明日复查。", i), Key: fmt.Sprintf("run/%d", i)})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for start := 0; start < n; start += 500 {
		if _, err := r.message.SendAll(ctx, drafts[start:min(start+500, n)]); err != nil {
			t.Fatal(err)
		}
	}
	return numbers
}

// queued is a house with n waiting messages, and a kind message centre.
func queued(t testing.TB, n int) (*rooms, *sms.Server, []string) {
	d, clk := dbtest.New(t)
	clk.Advance(3 * time.Hour)
	r := wire(d)
	start := time.Now()
	numbers := crowd(t, r, n)
	t.Logf("%d patients and messages in %v", n, time.Since(start))
	return r, listen(t, sms.Behaviour{}), numbers
}

// TestFU06_KilledWhileSendingDoublesNothing sends 1,200 messages from a real process that is killed three times in the
// middle, to a centre that throttles, reorders and repeats. RENXIN_SOAK=1: 5,000 messages, 20 kills.
func TestFU06_KilledWhileSendingDoublesNothing(t *testing.T) {
	messages, kills := 1200, 3
	if os.Getenv("RENXIN_SOAK") != "" {
		messages, kills = 5000, 20
	}
	d, clk := dbtest.New(t)
	clk.Advance(3 * time.Hour)
	r := wire(d)
	numbers := crowd(t, r, messages)
	centre := listen(t, sms.Behaviour{ThrottleEvery: 11, EarlyEvery: 3, RepeatEvery: 4, HexIDs: true})
	began := fmt.Sprint(time.Now().UnixMilli())
	random := rand.New(rand.NewPCG(6, uint64(messages)))
	start := func() *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childDSN+"="+d.DSN(), childCentre+"="+centre.Addr(), "RENXIN_TEST_CHILD_EPOCH="+began)
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	totals := func() message.Totals {
		v, err := r.message.Totals(access.AsSystem(context.Background(), "test"))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for kill := range kills {
		until := (kill+1)*messages/(kills+2) + random.IntN(messages/(kills+2)/2)
		cmd := start()
		for deadline := time.Now().Add(60 * time.Second); centre.Taken() < until && time.Now().Before(deadline); {
			<-time.After(time.Millisecond)
		}
		<-time.After(time.Duration(random.IntN(30)) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil { // SIGKILL: nothing is written any more
			t.Fatal(err)
		}
		cmd.Wait()
	}
	last := start()
	defer func() { last.Process.Kill(); last.Wait() }()
	received := func() (n int) {
		for _, number := range numbers {
			n += len(centre.Phone(number))
		}
		return n
	}
	deadline := time.Now().Add(90 * time.Second)
	for (totals().Pending > 0 || totals().Delivered < received()) && time.Now().Before(deadline) {
		<-time.After(100 * time.Millisecond)
	}
	got := totals()
	if got.Pending != 0 || got.Sent != messages || got.Delivered+got.Failed+got.Unknown != got.Sent {
		t.Errorf("the totals do not add up to %d: %+v", messages, got)
	}
	if got.Failed != 0 || got.Unknown > kills*3*128 {
		t.Errorf("too many in doubt after %d kills: %+v", kills, got)
	}
	for i, n := range numbers {
		if list := centre.Phone(n); len(list) > 1 {
			t.Errorf("phone %d received %d messages", i, len(list))
		}
	}
	if got.Delivered != received() {
		t.Errorf("%d delivered, but %d on phones", got.Delivered, received())
	}
	t.Logf("%d messages, %d kills: %+v, on phones %d", messages, kills, got, received())
}
