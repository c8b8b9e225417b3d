package intake_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"renxin/internal/intake"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/secret"
)

// origin is a view of another system: rows with a key, the moment of their last change and a name.
type origin interface {
	put(key int, name, changed string) // changed "" is NULL
	remove(key int)
	source() intake.Source
	view() string
}

// ledger is a view in memory; it answers as the engines do.
type ledger struct {
	rows                 map[int][2]string
	now                  string
	fail                 error
	opens, pages, closes int
}

func newLedger() *ledger {
	return &ledger{rows: map[int][2]string{}, now: "2026-11-23 07:00:00.000000"}
}

func (l *ledger) put(key int, name, changed string) { l.rows[key] = [2]string{name, changed} }
func (l *ledger) remove(key int)                    { delete(l.rows, key) }
func (l *ledger) source() intake.Source {
	return intake.Source{Driver: "postgres", Host: "127.0.0.1", Account: "reader", Password: "secret"}
}
func (l *ledger) view() string { return "his.v_patient" }

func (l *ledger) Drivers() []intake.Driver { return []intake.Driver{{Name: "postgres", Present: true}} }
func (l *ledger) Open(context.Context, intake.Source) (intake.Database, error) {
	l.opens++
	return l, l.fail
}
func (l *ledger) Close() error                            { l.closes++; return nil }
func (l *ledger) Views(context.Context) ([]string, error) { return []string{l.view()}, nil }
func (l *ledger) Columns(context.Context, string) ([]intake.ViewColumn, error) {
	return []intake.ViewColumn{{Name: "病人ID", Type: "bigint"}, {Name: "姓名", Type: "text"}, {Name: "性别", Type: "text"}, {Name: "upd", Type: "timestamp", Moment: true}}, nil
}

func (l *ledger) Page(_ context.Context, q intake.PageQuery) ([]intake.PulledRow, error) {
	l.pages++
	var out []intake.PulledRow
	after, _ := strconv.Atoi(q.After)
	for key, r := range l.rows {
		row := intake.PulledRow{Key: strconv.Itoa(key)}
		for _, c := range q.Columns {
			row.Cells = append(row.Cells, map[string]string{"病人ID": row.Key, "姓名": r[0], "性别": "女", "upd": r[1]}[c.Name])
		}
		switch {
		case q.Changed.Name == "" || q.Unknown:
			if q.Unknown && r[1] != "" || key <= after {
				continue
			}
		case r[1] == "" || r[1] < q.Mark || q.After != "" && r[1] == q.Mark && key <= after:
			continue
		default:
			row.Mark, row.Ahead = r[1], r[1] > l.now
		}
		out = append(out, row)
	}
	slices.SortFunc(out, func(a, b intake.PulledRow) int {
		x, _ := strconv.Atoi(a.Key)
		y, _ := strconv.Atoi(b.Key)
		return cmp.Or(cmp.Compare(a.Mark, b.Mark), cmp.Compare(x, y))
	})
	return out[:min(q.Limit, len(out))], nil
}

// puller is a house with one pull of an origin.
type puller struct {
	*house
	from origin
	id   intake.FeedID
	in   intake.PullInput
}

func newPuller(t *testing.T, from origin, port intake.Puller, changed string) *puller {
	h := newHouse(t)
	box, err := secret.New(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	h.Service.Puller, h.Service.Secret = port, box
	p := &puller{house: h, from: from}
	p.in = intake.PullInput{Name: "HIS 视图", Source: from.source(), View: from.view(), KeyColumn: "病人ID", ChangedColumn: changed, RowCap: 1000,
		Read: intake.ReadOptions{Issuer: "HIS", Mapping: map[string]string{"病人ID": "patient.record", "姓名": "patient.name", "性别": "patient.sex"}}}
	saved, err := h.SavePull(h.ctx, p.in)
	if err != nil {
		t.Fatal(err)
	}
	p.id = saved.FeedID
	return p
}

// pull lets the schedule do its work and tells what the feed counted since the last time.
func (p *puller) pull() intake.Counts {
	p.t.Helper()
	before := p.counts()
	p.clock.Advance(5 * time.Minute)
	if err := p.jobs.Tick(p.ctx, "intake.pull"); err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.jobs.Drain(p.ctx); err != nil {
		p.t.Fatal(err)
	}
	after := p.counts()
	return intake.Counts{New: after.New - before.New, Updated: after.Updated - before.Updated, Unchanged: after.Unchanged - before.Unchanged,
		Review: after.Review - before.Review, Duplicate: after.Duplicate - before.Duplicate, Rejected: after.Rejected - before.Rejected}
}

func (p *puller) why() (out []string) {
	page, err := p.Records(p.ctx, intake.RecordFilter{Verdict: intake.Rejected})
	if err != nil {
		p.t.Fatal(err)
	}
	for _, m := range page.Items {
		out = append(out, m.Code+m.Reasons)
	}
	return out
}

func (p *puller) counts() intake.Counts { return p.feed().Counts }

func (p *puller) feed() intake.Feed {
	p.t.Helper()
	feeds, err := p.Feeds(p.ctx)
	if err != nil || len(feeds) != 1 {
		p.t.Fatal(feeds, err)
	}
	return feeds[0]
}

func (p *puller) want(what string, got intake.Counts, added, updated int) {
	p.t.Helper()
	if got.New != added || got.Updated != updated || got.Unchanged+got.Review+got.Rejected != 0 {
		p.t.Errorf("%s: %+v, want %d new and %d updated; feed says %q %v", what, got, added, updated, p.feed().LastError, p.why())
	}
}

// names of different people, so that nobody is taken for another.
var names = []string{"赵一鸣", "钱二妹", "孙三省", "李四光", "周五常", "吴六奇", "郑七宝", "王八荒", "冯九思", "陈十全"}

func person10(n int) string { return names[n%10] + string([]rune(names[(n/10)%10])[1:]) }

// followChanges is what a view with a moment of change has to stand.
func followChanges(t *testing.T, from origin, port intake.Puller) {
	p := newPuller(t, from, port, "upd")
	for _, key := range []int{1, 2, 3, 4, 5, 6, 41, 42, 43, 44, 45, 46} { // all at one moment, and 41 follows 6 as a number only
		from.put(key, person10(key), "2026-11-20 10:00:00.000000")
	}
	got := p.pull()
	if p.want("first", got, 12, 0); got.Duplicate != 0 {
		t.Errorf("%d rows were read twice by one pull", got.Duplicate)
	}
	p.want("same batch again", p.pull(), 0, 0)

	from.put(7, person10(7), "2026-11-20 10:00:00.000000") // at the very moment of the mark
	from.put(8, person10(8), "2026-11-20 09:52:00.000000") // ended late, within the overlap
	from.put(9, person10(9), "")                           // nobody knows when
	p.want("late and undated", p.pull(), 3, 0)
	p.want("again", p.pull(), 0, 0)

	from.put(2, person10(12), "2026-11-20 11:00:00.000000") // a changed row: the name differs, a person has to look or it is taken
	if got := p.pull(); got.Updated+got.Review != 1 || got.New != 0 {
		t.Errorf("a changed row: %+v", got)
	}

	from.put(10, person10(20), "2099-01-01 00:00:00.000000") // a clock that is wrong
	p.want("a row of the future", p.pull(), 1, 0)
	from.put(11, person10(31), "2026-11-20 11:05:00.000000")
	p.want("the present after it", p.pull(), 1, 0)

	from.remove(3) // gone from the view, the patient stays
	p.want("a deleted row", p.pull(), 0, 0)
	from.put(9, person10(9), "2026-11-20 11:06:00.000000") // now it is known
	p.want("an undated row gets its date", p.pull(), 0, 0)
}

// walkWhole is what a view without one has to stand.
func walkWhole(t *testing.T, from origin, port intake.Puller) {
	p := newPuller(t, from, port, "")
	for _, key := range []int{1, 2, 3, 14, 15} {
		from.put(key, person10(key), "")
	}
	got := p.pull()
	if p.want("first", got, 5, 0); got.Duplicate != 0 {
		t.Errorf("%d rows were read twice by one pull", got.Duplicate)
	}
	p.want("same again", p.pull(), 0, 0)
	from.remove(2)
	from.put(6, person10(6), "")
	p.want("one came, one went", p.pull(), 1, 0)
	saved, err := p.Pull(p.ctx, p.id)
	if err != nil || saved.Gone != 1 || saved.Sealed != "" {
		t.Errorf("gone %d %v", saved.Gone, err)
	}
	from.put(2, person10(2), "") // back, as it was: it is told again and changes nothing
	if got := p.pull(); got.New != 0 || got.Updated != 0 || got.Unchanged != 1 {
		t.Errorf("a row that came back: %+v", got)
	}
}

func TestIN01_PullFollowsChanges(t *testing.T) { l := newLedger(); followChanges(t, l, l) }

func TestIN01_PullWalksTheWholeView(t *testing.T) { l := newLedger(); walkWhole(t, l, l) }

func TestPT02_TheSameViewTwiceChangesNothing(t *testing.T) {
	l := newLedger()
	p := newPuller(t, l, l, "upd")
	for key := 1; key <= 30; key++ {
		l.put(key, person10(key), fmt.Sprintf("2026-11-20 10:00:%02d.000000", key))
	}
	p.want("first", p.pull(), 30, 0)
	in := p.in
	in.FeedID, in.Version, in.Source.Password = p.id, 1, "" // another look at all of it: the mark is forgotten
	in.ChangedColumn = ""
	if _, err := p.SavePull(p.ctx, in); err != nil {
		t.Fatal(err)
	}
	got := p.pull()
	if got.New+got.Updated+got.Review+got.Rejected != 0 || got.Unchanged != 30 {
		t.Errorf("the same rows told again: %+v", got)
	}
}

// A crowd of equal moments larger than the cap, and a pull that ends between two pages, go on where they stood.
func TestIN01_PullGoesOnBehindTheCap(t *testing.T) {
	l := newLedger()
	p := newPuller(t, l, l, "upd")
	in := p.in
	in.FeedID, in.Version, in.RowCap = p.id, 1, 50
	if _, err := p.SavePull(p.ctx, in); err != nil {
		t.Fatal(err)
	}
	for key := 1; key <= 99; key++ {
		l.put(key, person10(key), "2026-11-20 10:00:00.000000")
	}
	sum := 0
	for range 3 {
		got := p.pull()
		sum += got.New + got.Review
		if got.Sum() > 50 {
			t.Errorf("%+v is more than the cap", got)
		}
	}
	if sum != 99 {
		t.Errorf("%d of 99 rows were taken", sum)
	}
}

func TestPullTellsWhatIsWrongAndRecovers(t *testing.T) {
	l := newLedger()
	p := newPuller(t, l, l, "upd")
	l.put(1, person10(1), "2026-11-20 10:00:00.000000")
	l.fail = fault.New(fault.Invalid, "intake.pull.unreachable")
	if got := p.pull(); got.Sum() != 0 {
		t.Errorf("%+v", got)
	}
	if f := p.feed(); f.State != "error" || f.LastError != "intake.pull.unreachable" {
		t.Errorf("%s %s", f.State, f.LastError)
	}
	l.fail = nil
	p.want("reachable again", p.pull(), 1, 0)
	if f := p.feed(); f.State != "ok" || f.LastError != "" {
		t.Errorf("%s %s", f.State, f.LastError)
	}
	if err := p.StopFeed(p.ctx, p.id); err != nil {
		t.Fatal(err)
	}
	opens := l.opens
	l.put(2, person10(2), "2026-11-20 11:00:00.000000")
	p.want("stopped", p.pull(), 0, 0)
	if l.opens != opens || p.feed().State != "stopped" {
		t.Error("a stopped feed was read")
	}
	if err := p.StartFeed(p.ctx, p.id); err != nil {
		t.Fatal(err)
	}
	p.want("started", p.pull(), 1, 0)
}

func TestPullAsksForThePasswordOfAnotherHost(t *testing.T) {
	l := newLedger()
	p := newPuller(t, l, l, "upd")
	in := p.in
	in.FeedID, in.Version, in.Source.Password = p.id, 1, ""
	if _, err := p.TestPull(p.ctx, in); err != nil {
		t.Error("the stored password serves the same host:", err)
	}
	in.Source.Host = "evil"
	if _, err := p.TestPull(p.ctx, in); fault.KeyOf(err) != "intake.pull.no_password" {
		t.Errorf("a stored password went to another host: %v", err)
	}
	draft, err := p.PreviewPull(p.ctx, p.in)
	if err != nil || len(draft.Columns) != 4 {
		t.Errorf("%+v %v", draft, err)
	}
	for _, c := range draft.Reading.Columns {
		if c.Heading == "姓名" && c.Field != "patient.name" {
			t.Errorf("姓名 feeds %q", c.Field)
		}
	}
	if l.opens != l.closes {
		t.Errorf("%d connections opened, %d closed", l.opens, l.closes)
	}
}

func TestPullRefusesAKeyThatRepeatsOrIsEmpty(t *testing.T) {
	for key, rows := range map[string][]intake.PulledRow{
		"intake.pull.key_repeats": {{Key: "1", Cells: []string{"1", "赵一"}}, {Key: "1", Cells: []string{"1", "钱二"}}},
		"intake.pull.key_empty":   {{Key: "", Cells: []string{"", "赵一"}}},
	} {
		l := newLedger()
		p := newPuller(t, l, fixed{l, rows}, "")
		if got := p.pull(); got.Sum() != 0 || p.feed().LastError != key {
			t.Errorf("%s: %+v %s", key, got, p.feed().LastError)
		}
	}
}

// fixed answers every page alike.
type fixed struct {
	*ledger
	rows []intake.PulledRow
}

func (f fixed) Open(context.Context, intake.Source) (intake.Database, error) { return f, nil }
func (f fixed) Page(context.Context, intake.PageQuery) ([]intake.PulledRow, error) {
	return f.rows, nil
}
