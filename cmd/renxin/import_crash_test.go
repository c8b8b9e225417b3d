package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"renxin/cmd/renxin/house"
	"renxin/internal/intake"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/file"
	"renxin/internal/schema"
)

// crowdFile is a table of n different persons, a third of them with a stay; some rows are damaged, some repeat.
func crowdFile(n int) string {
	var b strings.Builder
	b.WriteString("病人ID,姓名,性别,出生日期,联系电话,就诊流水号,科室,入院日期,出院日期\n")
	for i := range n {
		phone, stay, in, out := fmt.Sprintf("154%08d", i), "", "", ""
		if i%37 == 5 {
			phone = "1.54E+10"
		}
		if i%3 == 0 {
			stay, in, out = fmt.Sprintf("ZY%d", i), fmt.Sprintf("2026-10-%02d", 1+i%20), fmt.Sprintf("2026-11-%02d", 1+i%20)
		}
		k := i
		if i%41 == 40 {
			k = i - 1 // the row above once more
			phone, stay, in, out = fmt.Sprintf("154%08d", k), "", "", ""
		}
		fmt.Fprintf(&b, "K%05d,甲%c%c,女,19%02d-%02d-%02d,%s,%s,妇科,%s,%s\n", k, rune(0x4e00+k%5000), rune(0x5e00+k*7%5000), 30+k%70, 1+k%12, 1+k%28, phone, stay, in, out)
	}
	return b.String()
}

// outcome is what an import left behind, without keys and times.
type outcome struct {
	Patients, Contacts, Encounters, Messages, Repeats, Patches int
	Verdicts                                                   string
	Done, Sum                                                  int
}

func outcomeOf(t *testing.T, dir string) (o outcome) {
	t.Helper()
	inspect(t, dir, func(ctx context.Context, tx *db.Tx) {
		var err error
		if o, err = db.One[outcome](ctx, tx, `
			select (select count(*) from patient_patient) as patients,
				(select count(*) from patient_contact) as contacts,
				(select count(*) from visit_encounter) as encounters,
				(select count(*) from intake_message) as messages,
				(select count(*) from intake_repeat) as repeats,
				(select coalesce(sum(1), 0) from intake_patch) as patches,
				'' as verdicts,
				(select coalesce(max(done), 0) from intake_run) as done,
				(select coalesce(max(n_new + n_updated + n_unchanged + n_review + n_duplicate + n_rejected), 0) from intake_run) as sum`); err != nil {
			t.Fatal(err)
		}
		rows, err := db.List[struct{ Ref, Verdict, Code string }](ctx, tx, `select ref, verdict, code from intake_message order by ref, verdict`)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			o.Verdicts += r.Ref + r.Verdict + r.Code + ";"
		}
	})
	return o
}

// prepared makes a data directory in which an import waits: its job runs as soon as the server starts.
func prepared(t *testing.T, csv string) string {
	t.Helper()
	dir := t.TempDir()
	ctx := access.AsSystem(context.Background(), "test")
	files, err := file.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	d, err := db.Open(ctx, filepath.Join(dir, "renxin.db"), clock.New(nil))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := schema.Migrate(ctx, d); err != nil {
		t.Fatal(err)
	}
	h := house.New(house.Options{DB: d, Files: files})
	if _, err := h.Visit.Staff.Department(ctx, "FK", "妇科"); err != nil {
		t.Fatal(err)
	}
	u, _, err := h.Intake.Upload(ctx, "crowd.csv", strings.NewReader(csv))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Intake.Apply(ctx, u.ID, intake.ReadOptions{}); err != nil {
		t.Fatal(err)
	}
	return dir
}

// release ends the lease that a killed process left on its jobs, which otherwise runs out by itself.
func release(t *testing.T, dir string) {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, filepath.Join(dir, "renxin.db"), clock.New(nil))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `update job_job set lease_until = 1 where state = 'running'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// importing starts the server on a directory with a waiting import and kills it once the run's progress has passed until (0: lets it
// finish). It tells whether the import is done.
func importing(t *testing.T, dir string, until int) bool {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "serve", "-data", dir, "-listen", "127.0.0.1:0", "-mllp", "127.0.0.1:0", "-log", "debug")
	words, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	lines, chunks, said := bufio.NewScanner(words), 0, []string(nil)
	for lines.Scan() {
		text := lines.Text()
		said = append(said[max(0, len(said)-20):], text)
		if strings.Contains(text, `msg="import chunk"`) {
			if chunks++; until > 0 && chunks == until {
				cmd.Process.Kill()
				break
			}
		}
		if strings.Contains(text, `msg="import ended"`) {
			cmd.Process.Signal(os.Interrupt)
			for lines.Scan() {
			}
			return true
		}
	}
	for lines.Scan() {
	}
	if until == 0 {
		t.Log("the server said:", strings.Join(said, "\n"))
	}
	return false
}

// An import that is killed at any chunk ends as if nothing had happened: the same verdicts, nothing twice, nothing lost.
func TestIN05_KillDuringAnUploadsImportChangesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills processes")
	}
	rows, kills := 1300, 3
	if os.Getenv("RENXIN_SOAK") != "" {
		rows, kills = 6000, 25
	}
	csv := crowdFile(rows)
	calm := prepared(t, csv)
	if !importing(t, calm, 0) {
		t.Fatal("the undisturbed import did not end")
	}
	want := outcomeOf(t, calm)
	if want.Done != rows || want.Sum != rows || want.Repeats == 0 || want.Patches == 0 {
		t.Fatalf("the undisturbed import: %+v", want)
	}
	rng := rand.New(rand.NewPCG(5, 2026))
	dir := prepared(t, csv)
	ended := false
	for range kills {
		if ended = importing(t, dir, 1+rng.IntN(2)); ended {
			break
		}
		release(t, dir)
	}
	for n := 0; !ended && n < 5; n++ {
		ended = importing(t, dir, 0)
		release(t, dir)
	}
	if got := outcomeOf(t, dir); got != want {
		t.Errorf("after kills %+v\nundisturbed %+v", got, want)
	}
}
