package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/trail"
)

// built is the program under test, made once.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "renxin-crash-*")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "renxin")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

// process is a running program that can be killed.
type process struct {
	cmd  *exec.Cmd
	mllp string
}

func start(t *testing.T, dir string) *process {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &process{mllp: ln.Addr().String()}
	ln.Close()
	s.cmd = exec.Command(path, "serve", "-data", dir, "-listen", "127.0.0.1:0", "-mllp", s.mllp)
	words, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.kill() })
	lines := bufio.NewScanner(words)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "msg=ready") {
			go func() {
				for lines.Scan() { // keep the pipe empty
				}
			}()
			return s
		}
	}
	t.Fatal("the server ended before it was ready")
	return nil
}

func (s *process) kill() {
	s.cmd.Process.Kill()
	s.cmd.Wait()
}

// outpatient is the message of one new outpatient.
func outpatient(n int) []byte {
	return fmt.Appendf(nil, "\x0bMSH|^~\\&|HIS|H|RENXIN|H|20261121080000||ADT^A04|CRASH%06d|P|2.4||||||UNICODE UTF-8\rEVN|A04|20261121080000\r"+
		"PID|1||C%06d^^^HIS^PI||甲%c%c||19%02d0%d1%d|F|||||154%08d\rPV1|1|O|^^^0305||||||||||||||||VC%06d|||||||||||||||||||||||||20261121080000\r\x1c\r",
		n, n, rune(0x4e00+n%5000), rune(0x5e00+n*7%5000), 40+n%60, 1+n%9, n%10, n, n)
}

// feed sends messages first…last that are not acknowledged yet, over a few connections, and notes every acknowledgement. It
// stops when the server goes away; tell hears each one.
func feed(addr string, acked []bool, tell func(n int)) {
	var next, done sync.Mutex
	at := 0
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				return
			}
			defer conn.Close()
			in := bufio.NewReader(conn)
			for {
				next.Lock()
				for at < len(acked) && acked[at] {
					at++
				}
				n := at
				at++
				next.Unlock()
				if n >= len(acked) {
					return
				}
				if _, err := conn.Write(outpatient(n)); err != nil {
					return
				}
				answer, err := in.ReadBytes(0x1c)
				if err != nil {
					return
				}
				if bytes.Contains(answer, fmt.Appendf(nil, "MSA|AA|CRASH%06d", n)) {
					done.Lock()
					acked[n] = true
					tell(n)
					done.Unlock()
				}
			}
		})
	}
	wg.Wait()
}

func TestSY31_KillDuringImportLosesNoAcknowledgedMessage(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills processes")
	}
	kills, messages := 3, 400
	if os.Getenv("RENXIN_SOAK") != "" {
		kills, messages = 20, 5000
	}
	dir := t.TempDir()
	rng := rand.New(rand.NewPCG(31, 2026))
	acked := make([]bool, messages)
	total := 0
	for k := range kills {
		s := start(t, dir)
		last := total + 1 + rng.IntN(max(1, (messages-total)/(kills-k+1)))
		feed(s.mllp, acked, func(int) {
			if total++; total == last {
				s.cmd.Process.Kill() // while the other connections have messages under way
			}
		})
		s.kill()
		check(t, dir, acked, false)
	}
	s := start(t, dir)
	feed(s.mllp, acked, func(int) { total++ })
	before := counts(t, dir)
	again := make([]bool, messages)
	feed(s.mllp, again, func(int) {})
	s.cmd.Process.Signal(os.Interrupt)
	s.cmd.Wait()
	if total != messages {
		t.Fatalf("%d of %d acknowledged after the last start", total, messages)
	}
	check(t, dir, acked, true)
	if after := counts(t, dir); after != before {
		t.Errorf("sending everything again changed %+v to %+v", before, after)
	}
}

type tally struct{ Patients, Encounters int }

func counts(t *testing.T, dir string) (n tally) {
	t.Helper()
	inspect(t, dir, func(ctx context.Context, tx *db.Tx) {
		var err error
		if n, err = db.One[tally](ctx, tx, `select (select count(*) from patient_patient where merged_into is null) as patients, (select count(*) from visit_encounter) as encounters`); err != nil {
			t.Fatal(err)
		}
	})
	return n
}

func inspect(t *testing.T, dir string, fn func(ctx context.Context, tx *db.Tx)) {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, filepath.Join(dir, "renxin.db"), clock.New(nil))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	fn(ctx, d.Read(ctx))
}

// check reads the database as the crash left it: every acknowledged visit is there once, nothing is half there, the trail holds.
func check(t *testing.T, dir string, acked []bool, whole bool) {
	t.Helper()
	inspect(t, dir, func(ctx context.Context, tx *db.Tx) {
		var word string
		if word, _, _ = db.First[string](ctx, tx, `pragma integrity_check`); word != "ok" {
			t.Fatal("integrity:", word)
		}
		numbers, err := db.List[string](ctx, tx, `select number from visit_encounter`)
		if err != nil {
			t.Fatal(err)
		}
		have := map[string]int{}
		for _, n := range numbers {
			have[n]++
		}
		waiting := held(ctx, t, tx)
		for n, ok := range acked {
			number := fmt.Sprintf("VC%06d", n)
			if ok && have[number] == 0 && waiting[fmt.Sprintf("CRASH%06d", n)] != "review" {
				t.Errorf("message %d was acknowledged and is lost (verdict %q)", n, waiting[fmt.Sprintf("CRASH%06d", n)])
			}
			if have[number] > 1 {
				t.Errorf("message %d stands %d times", n, have[number])
			}
		}
		reviews := 0
		for _, v := range waiting {
			if v == "review" {
				reviews++
			}
		}
		if whole && len(have)+reviews != len(acked) || len(waiting) < len(have) {
			t.Errorf("%d visits and %d for review of %d messages, %d of them staged", len(have), reviews, len(acked), len(waiting))
		}
		if reviews > len(acked)/100 {
			t.Errorf("%d of %d persons look like another one; the messages are not made as they should be", reviews, len(acked))
		}
		orphans, err := db.One[int](ctx, tx, `select count(*) from visit_encounter e where not exists (select 1 from patient_patient p where p.id = e.patient_id)`)
		if err != nil || orphans != 0 {
			t.Error("visits without a patient:", orphans, err)
		}
		if _, broken, err := trail.New(tx.DB()).Verify(ctx); err != nil || broken != nil {
			t.Error("trail:", broken, err)
		}
	})
}

// held is the verdict of every message that was staged, by its control number.
func held(ctx context.Context, t *testing.T, tx *db.Tx) map[string]string {
	t.Helper()
	rows, err := db.List[struct{ ControlID, Verdict string }](ctx, tx, `select control_id, verdict from intake_message`)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, r := range rows {
		if out[r.ControlID] == "" || r.Verdict != "duplicate" {
			out[r.ControlID] = r.Verdict
		}
	}
	return out
}
