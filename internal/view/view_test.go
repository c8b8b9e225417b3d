package view_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/job"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
	"renxin/internal/staff"
	"renxin/internal/view"
)

type room struct {
	*view.Service
	t     *testing.T
	clock *clock.Fake
	admin context.Context
	who   map[string]staff.ID
	rows  int                                                          // how many the list "people" has
	seen  []string                                                     // as whom the list was opened
	open  func(ctx context.Context, unmasked bool) (view.Sheet, error) // instead of the rows, where set
}

func newRoom(t *testing.T) *room {
	d, c := dbtest.New(t)
	b, l, j := event.NewBoard(d), trail.New(d), job.New(d)
	set := setting.New(setting.Deps{DB: d, Board: b, Trail: l})
	st := staff.New(staff.Deps{DB: d, Board: b, Trail: l, Setting: set})
	st.Catalogue(append(view.Permissions, staff.Permissions...))
	r := &room{Service: view.New(view.Deps{DB: d, Board: b, Jobs: j, Trail: l, Staff: st, Dir: t.TempDir()}), t: t, clock: c, admin: access.AsSystem(context.Background(), "test"), who: map[string]staff.ID{}, rows: 3}
	r.must(st.EnsureRoles(r.admin))
	dept, err := st.Department(r.admin, "3100", "妇科")
	r.must(err)
	for _, login := range []string{"manager", "nurse", "head"} {
		role, err := st.RoleByCode(r.admin, login)
		r.must(err)
		id, err := st.Create(r.admin, staff.Input{Login: login, Name: "员工" + login, Password: "correct horse battery", RoleID: role.ID, Post: "nurse", DepartmentID: dept})
		r.must(err)
		r.who[login] = id
	}
	r.Offer("people", func(ctx context.Context, _ string, unmasked bool) (view.Sheet, error) {
		r.seen = append(r.seen, access.From(ctx).Name)
		if r.open != nil {
			return r.open(ctx, unmasked)
		}
		return view.Sheet{Title: "名单", Heads: []string{"姓名", "手机", "门诊号"}, Decoy: []string{"{name}", "{phone}", ""}, Total: int64(r.rows), Each: func(_ context.Context, row func([]string) error) error {
			for i := range r.rows {
				if err := row([]string{fmt.Sprint("甲", i), fmt.Sprintf("154%08d", i), fmt.Sprintf("000%07d", i)}); err != nil {
					return err
				}
			}
			return nil
		}}, nil
	})
	return r
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) as(login string) context.Context {
	r.t.Helper()
	c, _, err := r.Staff.Caller(r.admin, r.who[login])
	r.must(err)
	return access.With(context.Background(), c)
}

func (r *room) export(login, format string) view.Export {
	r.t.Helper()
	e, err := r.Export(r.as(login), view.Order{Source: "people", Format: format, Request: "{}", Reason: "科室质控"})
	r.must(err)
	return e
}

func (r *room) drain() {
	r.t.Helper()
	_, err := r.Jobs.Drain(context.Background())
	r.must(err)
}

func (r *room) fetch(login string, e view.Export) string {
	r.t.Helper()
	_, f, err := r.Download(r.as(login), e.ID)
	r.must(err)
	defer f.Close()
	b, err := io.ReadAll(f)
	r.must(err)
	return string(b)
}

func (r *room) tray(login string) view.Export {
	r.t.Helper()
	es, err := r.Exports(r.as(login))
	r.must(err)
	if len(es) == 0 {
		r.t.Fatal("the tray is empty")
	}
	return es[0]
}

func sheetRows(t *testing.T, file string) (rows [][]string, hidden []int) {
	t.Helper()
	f, err := excelize.OpenReader(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if rows, err = f.GetRows(f.GetSheetName(0)); err != nil {
		t.Fatal(err)
	}
	for i := max(1, len(rows)-5); i <= len(rows); i++ {
		if seen, err := f.GetRowVisible(f.GetSheetName(0), i); err == nil && !seen {
			hidden = append(hidden, i)
		}
	}
	return rows, hidden
}

// Twenty thousand rows arrive whole, every number as it was, with our mark and the row that belongs to nobody.
func TestPT10_TwentyThousandRowsKeepEveryDigit(t *testing.T) {
	r := newRoom(t)
	r.rows = 20_000
	for _, format := range []string{"xlsx", "csv"} {
		began := time.Now()
		r.export("manager", format)
		r.drain()
		t.Logf("%s: %d rows in %s", format, r.rows, time.Since(began).Round(time.Millisecond))
		e := r.tray("manager")
		if e.State != "done" || e.Done != 20_000 || e.Total != 20_000 || e.Size == 0 || len(e.SHA256) != 64 {
			t.Fatalf("%+v", e)
		}
		var rows [][]string
		file := r.fetch("manager", e)
		if format == "csv" {
			c := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff")))
			c.FieldsPerRecord = -1
			var err error
			rows, err = c.ReadAll()
			r.must(err)
		} else {
			var hidden []int
			if rows, hidden = sheetRows(t, file); len(hidden) != 1 || hidden[0] != 20_002 {
				t.Errorf("hidden rows %v", hidden)
			}
		}
		if len(rows) != 1+20_000+1+1 {
			t.Fatalf("%s: %d lines", format, len(rows))
		}
		for _, i := range []int{0, 1, 7, 999, 19_999} {
			if got, want := strings.Join(rows[i+1], " "), fmt.Sprintf("甲%d 154%08d 000%07d", i, i, i); got != want {
				t.Errorf("%s row %d is %q, want %q", format, i, got, want)
			}
		}
		decoy, mark := rows[20_001], rows[20_002][0]
		if decoy[1] != e.Canary || !strings.HasPrefix(decoy[1], "154") || len(decoy[1]) != 11 {
			t.Errorf("%s: the row that belongs to nobody is %q", format, decoy)
		}
		for _, word := range []string{view.Mark, "员工manager", "2026-11-23 07:00", "全院", e.ID.String(), "20000"} {
			if !strings.Contains(mark, word) {
				t.Errorf("%s: %q is missing in the mark %q", format, word, mark)
			}
		}
		found, err := r.Trace(r.as("manager"), decoy[1])
		if err != nil || len(found) != 1 || found[0].ID != e.ID || found[0].Owner != "员工manager" {
			t.Errorf("%s: traced to %+v %v", format, found, err)
		}
		if found, err = r.Trace(r.as("manager"), decoy[0]); err != nil || len(found) == 0 {
			t.Errorf("%s: the name %q is traced to %+v %v", format, decoy[0], found, err)
		}
	}
}

func TestPT10_NoCellIsAFormula(t *testing.T) {
	r := newRoom(t)
	bad := []string{"=1+1", "+8613800000000", "-2", "@SUM(A1)", "\tx", "\rx", "＝HYPERLINK(1)", "无害=1"}
	r.open = func(context.Context, bool) (view.Sheet, error) {
		return view.Sheet{Heads: []string{"备注"}, Each: func(_ context.Context, row func([]string) error) error {
			for _, b := range bad {
				if err := row([]string{b}); err != nil {
					return err
				}
			}
			return nil
		}}, nil
	}
	r.export("manager", "xlsx")
	r.drain()
	rows, _ := sheetRows(t, r.fetch("manager", r.tray("manager")))
	for i, b := range bad {
		want := "'" + b
		if b == "无害=1" {
			want = b
		}
		if got := strings.ReplaceAll(rows[i+1][0], "_x000D_", "\r"); got != want {
			t.Errorf("%q became %q", b, got)
		}
	}
}

// Only who asked sees and fetches the file; it runs with what they may do when it is written; who has left gets nothing; after a week it is gone.
func TestPT10_AFileIsItsOwnersAndEnds(t *testing.T) {
	r := newRoom(t)
	e := r.export("nurse", "csv")
	if _, _, err := r.Download(r.as("nurse"), e.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("fetched before it was written: %v", err)
	}
	r.drain()
	if len(r.seen) != 1 || r.seen[0] != "员工nurse" {
		t.Errorf("the list was opened as %v", r.seen)
	}
	if _, _, err := r.Download(r.as("manager"), e.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("another's file: %v", err)
	}
	if es, err := r.Exports(r.as("manager")); err != nil || len(es) != 0 {
		t.Errorf("another's tray: %v %v", es, err)
	}
	if !strings.Contains(r.fetch("nurse", e), "本人负责") || r.tray("nurse").Downloads != 1 {
		t.Errorf("scope words or count of fetches: %+v", r.tray("nurse"))
	}
	actions, err := db.List[string](r.admin, r.DB.Read(r.admin), `select action from trail_entry where entity = 'export' order by id`)
	if r.must(err); strings.Join(actions, " ") != "view.export.create view.export.finish view.export.fetch" {
		t.Errorf("the trail says %v", actions)
	}
	files, err := os.ReadDir(r.Dir)
	if r.must(err); len(files) != 1 {
		t.Errorf("%d files", len(files))
	}
	if i, err := files[0].Info(); err != nil || i.Mode().Perm() != 0o600 {
		t.Errorf("the file may be read by others: %v", i.Mode())
	}
	r.clock.Advance(7*24*time.Hour + time.Second)
	r.must(r.Prune(r.admin))
	if files, _ = os.ReadDir(r.Dir); len(files) != 0 {
		t.Errorf("%d files after a week", len(files))
	}
	if _, _, err := r.Download(r.as("nurse"), e.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("fetched after a week: %v", err)
	}
	r.export("head", "csv")
	a, err := r.Staff.Find(r.admin, r.who["head"])
	r.must(err)
	left := "left"
	r.must(r.Staff.Update(r.admin, a.ID, staff.Patch{Version: a.Version, State: &left}))
	r.drain()
	states, err := db.List[string](r.admin, r.DB.Read(r.admin), `select state from view_export where owner_id = $1`, a.ID)
	if r.must(err); strings.Join(states, " ") != "failed" {
		t.Errorf("who has left gets %v", states)
	}
}

func TestPT10_AnExportStopsWhenAsked(t *testing.T) {
	r := newRoom(t)
	var e view.Export
	r.rows = 5000
	r.open = func(context.Context, bool) (view.Sheet, error) {
		return view.Sheet{Heads: []string{"n"}, Each: func(_ context.Context, row func([]string) error) error {
			for i := range 5000 {
				if i == 1500 {
					r.must(r.Cancel(r.as("manager"), e.ID))
				}
				if err := row([]string{fmt.Sprint(i)}); err != nil {
					return err
				}
			}
			return nil
		}}, nil
	}
	e = r.export("manager", "csv")
	r.drain()
	if got := r.tray("manager"); got.State != "cancelled" || got.Done >= 5000 {
		t.Errorf("%+v", got)
	}
	if files, _ := os.ReadDir(r.Dir); len(files) != 0 {
		t.Errorf("half a file stays: %v", files)
	}
	if _, err := r.Export(r.as("manager"), view.Order{Source: "people", Format: "csv", Reason: " "}); !fault.Is(err, fault.Invalid) {
		t.Errorf("without a reason: %v", err)
	}
}

// What somebody arranged is theirs alone, comes back on another machine, and can be taken along and brought back.
func TestSY23_EverybodyKeepsTheirOwn(t *testing.T) {
	r := newRoom(t)
	nurse, head := r.as("nurse"), r.as("head")
	r.must(r.Prefer(nurse, "table.patients", `{"hidden":["phone"],"widths":{"name":180}}`))
	r.must(r.Prefer(nurse, "density", "roomy"))
	r.must(r.Prefer(head, "density", "compact"))
	r.must(r.Prefer(nurse, "density", "compact"))
	mine, err := r.Preferences(nurse)
	if r.must(err); len(mine) != 2 || mine[0].Value != "compact" || mine[1].Key != "table.patients" {
		t.Errorf("%+v", mine)
	}
	for _, p := range mine { // the file somebody took along, brought back
		r.must(r.Prefer(head, p.Key, p.Value))
	}
	if theirs, err := r.Preferences(head); err != nil || len(theirs) != 2 || theirs[1].Value != mine[1].Value {
		t.Errorf("%+v %v", theirs, err)
	}
	r.must(r.Prefer(nurse, "density", ""))
	if mine, _ = r.Preferences(nurse); len(mine) != 1 {
		t.Errorf("forgotten, yet %+v", mine)
	}
	for key, value := range map[string]string{"": "x", "A": "x", "../x": "x", "a": strings.Repeat("x", 1<<15)} {
		if err := r.Prefer(nurse, key, value); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q is kept: %v", key, err)
		}
	}
	v, err := r.Create(nurse, view.View{Page: "patients", Name: "我的", Query: "owner=me", Layout: `{"hidden":[]}`})
	r.must(err)
	if vs, err := r.List(head, "patients"); err != nil || len(vs) != 0 {
		t.Errorf("a private view is seen: %v %v", vs, err)
	}
	shared := true
	if err := r.Update(nurse, v.ID, view.Patch{Shared: &shared}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("shared without the right: %v", err)
	}
	w, err := r.Create(head, view.View{Page: "patients", Name: "共享", Query: "", Shared: true})
	r.must(err)
	if vs, err := r.List(nurse, "patients"); err != nil || len(vs) != 2 || vs[0].Layout == "" && vs[1].Layout == "" {
		t.Errorf("%+v %v", vs, err)
	}
	if err := r.Delete(nurse, w.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("another's view is removed: %v", err)
	}
}
