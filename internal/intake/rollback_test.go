package intake_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sort"
	"strings"
	"testing"
	"time"

	"renxin/internal/intake"
	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/fault"
)

// dump is every row of every table that the patients own, as text.
func (h *house) dump() []string {
	h.t.Helper()
	var out []string
	tx := h.db.Read(h.ctx)
	for _, table := range append(h.Patient.Tables(), "patient_patient") {
		room, _, _ := strings.Cut(table, "_")
		if room == "event" || room == "trail" || room == "intake" {
			continue
		}
		list, err := tx.Query(h.ctx, "select * from "+table)
		if err != nil {
			h.t.Fatal(err)
		}
		cols, err := list.Columns()
		if err != nil {
			h.t.Fatal(err)
		}
		for list.Next() {
			vals, dest := make([]any, len(cols)), make([]any, len(cols))
			for i := range vals {
				dest[i] = &vals[i]
			}
			if err := list.Scan(dest...); err != nil {
				h.t.Fatal(err)
			}
			out = append(out, table+fmt.Sprint(vals))
		}
		list.Close()
	}
	sort.Strings(out)
	return out
}

// equal names the rows by which two dumps differ.
func (h *house) sameRows(what string, got, want []string) {
	h.t.Helper()
	have := map[string]int{}
	for _, r := range want {
		have[r]++
	}
	for _, r := range got {
		have[r]--
	}
	n := 0
	for r, d := range have {
		if d != 0 {
			if n++; n < 12 {
				h.t.Errorf("%s: %+d %s", what, d, r)
			}
		}
	}
}

// rollBack takes a run back to the end.
func (h *house) rollBack(id intake.RunID) intake.Rollback {
	h.t.Helper()
	h.settle()
	if _, err := h.Rollback(h.ctx, id); err != nil {
		h.t.Fatal(err)
	}
	h.drain()
	h.settle()
	list, err := h.Rollbacks(h.ctx, id)
	if err != nil || list[0].State != intake.RunDone {
		h.t.Fatalf("%+v %v", list, err)
	}
	return list[0]
}

func (h *house) drain() {
	h.t.Helper()
	if _, err := h.jobs.Drain(h.ctx); err != nil {
		h.t.Fatal(err)
	}
}

// scene makes random tables of stays over a fixed set of persons: new ones, changed ones, repeated ones, damaged ones.
type scene struct{ *rand.Rand }

const sceneHead = "病人ID,姓名,性别,出生日期,手机,联系电话,地址,就诊流水号,科室,入院日期,出院日期,出院诊断,诊断编码,手术名称,手术日期,总费用,预约号,预约时间\n"

func (s scene) table(n, persons int) []byte {
	var b strings.Builder
	b.WriteString(sceneHead)
	for range n {
		p := s.IntN(persons)
		mobile := fmt.Sprintf("154%08d", p+s.IntN(2)*50000)
		if s.IntN(20) == 0 {
			mobile = "1.54E+10"
		}
		visit, in, out, dx, op, fee := "", "", "", "", "", ""
		if s.IntN(3) > 0 {
			visit, in = fmt.Sprintf("ZY%d-%d", p, s.IntN(3)), fmt.Sprintf("2026-11-%02d", 1+s.IntN(9))
			if s.IntN(2) == 0 {
				out, dx, op = fmt.Sprintf("2026-11-%02d", 10+s.IntN(9)), "子宫平滑肌瘤", "子宫肌瘤切除术"
			}
			if s.IntN(2) == 0 {
				fee = fmt.Sprint(100 + s.IntN(900))
			}
		}
		book, at := "", ""
		if s.IntN(3) == 0 {
			book, at = fmt.Sprintf("YY%d-%d", p, s.IntN(2)), fmt.Sprintf("2026-12-%02d 09:30", 1+s.IntN(9))
		}
		fmt.Fprintf(&b, "P%04d,%s,女,19%02d-03-%02d,%s,,%s,%s,妇科,%s,%s,%s,D25.900,%s,%s,%s,%s,%s\n", p, "周"+string(rune(0x4E00+p))+string(rune(0x5000+7*p)), 40+p%50, 1+p%28,
			mobile, []string{"", "济南市历下区经十路1号", "青岛市市南区2号"}[s.IntN(3)], visit, in, out, dx, op, in, fee, book, at)
	}
	return []byte(b.String())
}

// Whatever an import wrote, taking it back restores every row of every table of the patients, byte for byte, also when several imports
// are taken back one after the other, and the same file may come again afterwards.
func TestIN05_RollBackRestoresEveryRow(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			h := newHouse(t)
			s := scene{rand.New(rand.NewPCG(seed, 5))}
			h.importRaw("base.csv", s.table(60, 40))
			h.settle()
			var dumps [][]string
			var runs []intake.Run
			var files [][]byte
			for i := range 3 {
				h.clock.Advance(time.Hour)
				dumps = append(dumps, h.dump())
				files = append(files, s.table(20+s.IntN(230), 40+s.IntN(90)))
				runs = append(runs, h.importRaw(fmt.Sprintf("%d.csv", i), files[i]))
				h.settle()
			}
			for i := len(runs) - 1; i >= 0; i-- {
				h.clock.Advance(time.Minute)
				b := h.rollBack(runs[i].ID)
				if b.NKept != 0 || b.Done != b.Total {
					t.Errorf("import %d: %+v", i, b)
				}
				h.sameRows(fmt.Sprintf("import %d taken back", i), h.dump(), dumps[i])
			}
			again := h.importRaw("0.csv", files[0])
			if again.Counts != runs[0].Counts {
				t.Errorf("the same file again: %+v, at first %+v", again.Counts, runs[0].Counts)
			}
		})
	}
}

// What a person or another source changed since is kept and listed; everything else goes.
func TestIN05_RollBackKeepsWhatWasTouchedSince(t *testing.T) {
	h := newHouse(t)
	h.importRaw("base.csv", rows(anna))
	moved := anna
	moved.mobile = "15400077777"
	run := h.importRaw("two.csv", rows(moved, bert, person{name: "吴新", birth: "1999-09-09", card: "C900"}, person{name: "孙静", birth: "1988-08-08", card: "C901"}))
	edited, seen, gone := h.owner("card", "C900"), h.owner("card", "C901"), h.owner("card", "C200")
	if _, err := h.Patient.Tag(h.ctx, edited, []string{"VIP"}, nil); err != nil {
		t.Fatal(err)
	}
	h.importRaw("other.csv", []byte("一卡通号,姓名,就诊流水号,科室,就诊日期\nC901,孙静,V9,妇科,2026-11-20\n"))
	h.settle()
	p, err := h.PreviewRollback(h.ctx, run.ID)
	if err != nil || p.Patients != 3 || p.Changed != 1 || len(p.Stay) != 2 || p.Looked != 4 {
		t.Fatalf("%+v %v", p, err)
	}
	b := h.rollBack(run.ID)
	if b.NRemoved != 1 || b.NRestored != 1 || b.NKept != 2 {
		t.Errorf("%+v", b)
	}
	kept, err := h.KeptOf(h.ctx, run.ID, "", 0)
	if err != nil || len(kept.Items) != 2 {
		t.Fatal(kept, err)
	}
	for _, k := range kept.Items {
		if k.PatientID != edited && k.PatientID != seen || k.Reason != "intake.rollback.touched" {
			t.Errorf("%+v", k)
		}
	}
	if h.owner("card", "C200") != 0 || h.owner("card", "C900") != edited {
		t.Error("the wrong ones went")
	}
	if _, err := h.Patient.Find(h.ctx, gone); !fault.Is(err, fault.NotFound) {
		t.Error("still there:", err)
	}
	if n := h.count(`select count(*) from patient_contact where number = '15400077777'`); n != 0 {
		t.Error("the changed number stayed")
	}
	if _, err := h.Patient.Tag(h.ctx, edited, nil, []string{"VIP"}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Rollback(h.ctx, run.ID); err != nil {
		t.Fatal("what stayed may be tried again:", err)
	}
}

// A roll-back that is stopped or killed goes on after its last chunk, whatever the chunk.
func TestIN05_RollBackGoesOnAfterARestart(t *testing.T) {
	h := newHouse(t)
	before := h.dump()
	run := h.importRaw("a.csv", crowd(900))
	h.settle()
	if _, err := h.Rollback(h.ctx, run.ID); err != nil {
		t.Fatal(err)
	}
	for n := 1; ; n++ {
		ctx, cancel := context.WithCancel(h.ctx)
		intake.OnRollbackChunk(h.Service, func() { cancel() })
		h.jobs.Drain(ctx) // ends with the cancelled context
		cancel()
		h.clock.Advance(time.Hour) // whoever held the job is gone
		list, err := h.Rollbacks(h.ctx, run.ID)
		if err != nil || n > 20 {
			t.Fatal(n, err)
		}
		if list[0].State == intake.RunDone {
			if list[0].NRemoved != 900 || n < 4 {
				t.Errorf("after %d starts: %+v", n, list[0])
			}
			break
		}
		if _, err := h.Rollback(h.ctx, run.ID); fault.KeyOf(err) != "intake.rollback.already" {
			t.Fatal("twice at once:", err)
		}
	}
	h.sameRows("taken back in pieces", h.dump(), before)
}

// Stopping leaves the rest as it is; a second roll-back takes it.
func TestIN05_RollBackCanBeCancelled(t *testing.T) {
	h := newHouse(t)
	before := h.dump()
	run := h.importRaw("a.csv", crowd(500))
	if _, err := h.Rollback(h.ctx, run.ID); err != nil {
		t.Fatal(err)
	}
	intake.OnRollbackChunk(h.Service, func() {
		if err := h.CancelRollback(h.ctx, run.ID); err != nil {
			t.Error(err)
		}
	})
	h.settle()
	h.drain()
	list, err := h.Rollbacks(h.ctx, run.ID)
	if err != nil || list[0].State != intake.RunCancelled || list[0].NRemoved != 200 || h.persons() != 300 {
		t.Fatalf("%+v %v, %d persons", list, err, h.persons())
	}
	intake.OnRollbackChunk(h.Service, func() {})
	if b := h.rollBack(run.ID); b.NRemoved != 300 {
		t.Errorf("%+v", b)
	}
	h.sameRows("in two parts", h.dump(), before)
}

// A row that a person mended on screen belongs to its import and goes with it.
func TestIN05_RepairedRowsGoWithTheirImport(t *testing.T) {
	h := newHouse(t)
	run := h.importRaw("a.csv", rows(person{name: "郑某", birth: "1990-01-01", card: "C7", mobile: "1.3E+10"}))
	m := h.only(run)
	if _, err := h.Repair(h.ctx, m.ID, map[string]string{"patient.mobile": "15400000001"}); err != nil || h.persons() != 1 {
		t.Fatal(err, h.persons())
	}
	if b := h.rollBack(run.ID); b.NRemoved != 1 || h.persons() != 0 {
		t.Errorf("%+v, %d persons", b, h.persons())
	}
	if _, err := h.Rerun(h.ctx, m.ID); err == nil {
		t.Error("a row that was taken back ran again:", err)
	}
}

func TestIN05_RollBackNeedsItsRight(t *testing.T) {
	h := newHouse(t)
	run := h.importRaw("a.csv", rows(anna))
	ctx := access.With(h.ctx, access.Person(7, "nurse", []access.Permission{intake.PermImport, intake.PermFeeds, intake.PermRead}, access.Build(access.Grant{Reach: "all"})))
	for name, call := range map[string]func() error{
		"preview": func() error { _, err := h.PreviewRollback(ctx, run.ID); return err },
		"start":   func() error { _, err := h.Rollback(ctx, run.ID); return err },
		"cancel":  func() error { return h.CancelRollback(ctx, run.ID) },
	} {
		if err := call(); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if h.owner("card", "C100") == patient.ID(0) {
		t.Error("taken back without the right")
	}
}
