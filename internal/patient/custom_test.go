package patient

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"renxin/internal/attachment"
	"renxin/internal/field"
	"renxin/internal/platform/access"
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

// rich is a house with the rooms below patients: dictionaries, custom fields, the tray, staff.
type rich struct {
	house
	jobs  *job.Runner
	nurse context.Context
}

func newRich(t testing.TB) rich {
	d, c := dbtest.New(t)
	b, l, j := event.NewBoard(d), trail.New(d), job.New(d)
	set := setting.New(setting.Deps{DB: d, Board: b, Trail: l})
	set.Work(j)
	st := staff.New(staff.Deps{DB: d, Board: b, Trail: l, Setting: set})
	st.Catalogue(slices.Concat(Permissions, setting.Permissions, view.Permissions, field.Permissions))
	f := field.New(field.Deps{DB: d, Board: b, Trail: l, Setting: set, Staff: st})
	s := New(Deps{DB: d, Board: b, Trail: l, Setting: set, Field: f, View: view.New(view.Deps{DB: d, Board: b, Jobs: j, Trail: l, Staff: st, Dir: t.TempDir()})})
	s.Admit(attachment.New(attachment.Deps{DB: d, Board: b, Jobs: j, Trail: l, Setting: set, Staff: st}))
	h := rich{house: house{s, t, c, access.AsSystem(context.Background(), "test")}, jobs: j}
	h.must(st.EnsureRoles(h.admin))
	h.must(set.EnsureEntries(h.admin))
	r, err := st.RoleByCode(h.admin, "manager")
	h.must(err)
	id, err := st.Create(h.admin, staff.Input{Login: "wuzg", Name: "吴志刚", Password: "correct horse battery", RoleID: r.ID, Post: "agent"})
	h.must(err)
	who, _, err := st.Caller(h.admin, id)
	h.must(err)
	h.nurse = access.With(context.Background(), who)
	return h
}

func (h rich) drain() {
	h.t.Helper()
	_, err := h.jobs.Drain(h.admin)
	h.must(err)
}

// Custom fields stand in the form, the list's filter and sort, the export and merges, and a lost update is noticed.
func TestSY10_FieldsInFormListExportAndMerge(t *testing.T) {
	h := newRich(t)
	weight, err := h.Field.Create(h.admin, field.Definition{Entity: field.Patient, Key: "weight", LabelZH: "体重", Kind: field.Decimal})
	h.must(err)
	hobby, err := h.Field.Create(h.admin, field.Definition{Entity: field.Patient, Key: "hobby", LabelZH: "爱好", Kind: field.MultiChoice, Options: []field.Option{{Code: "棋", ZH: "棋", Active: true}, {Code: "琴", ZH: "琴", Active: true}}})
	h.must(err)
	a, err := h.Create(h.nurse, Draft{Name: "甲", Fields: field.Values{weight.ID: {"60.5"}, hobby.ID: {"棋"}}})
	h.must(err)
	b, err := h.Create(h.nurse, Draft{Name: "乙", Fields: field.Values{weight.ID: {"70"}, hobby.ID: {"琴"}}})
	h.must(err)
	c, err := h.Create(h.nurse, Draft{Name: "丙"})
	h.must(err)
	if _, err := h.Create(h.nurse, Draft{Name: "丁", Fields: field.Values{weight.ID: {"重"}}}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a wrong value is taken: %v", err)
	}
	for want, cs := range map[string][]field.Condition{
		"甲": {{FieldID: weight.ID, Op: field.Between, Values: []string{"60", "65"}}}, "乙": {{FieldID: hobby.ID, Op: field.Is, Values: []string{"琴"}}},
		"丙": {{FieldID: weight.ID, Op: field.Empty}}, "乙 甲": {{FieldID: weight.ID, Op: field.Filled}},
		"": {{FieldID: weight.ID, Op: field.Filled}, {FieldID: hobby.ID, Op: field.Empty}},
	} {
		if got := h.names(h.nurse, Filter{Fields: cs, Sort: "-created_at"}); got != want {
			t.Errorf("%+v lists %q, want %q", cs, got, want)
		}
		if n, err := h.Count(h.nurse, Filter{Fields: cs}); err != nil || n.Value != len(strings.Fields(want)) {
			t.Errorf("%+v counts %v %v", cs, n, err)
		}
	}
	p, err := h.Find(h.nurse, c)
	h.must(err)
	_, err = h.SetFields(h.nurse, c, p.Version, field.Values{weight.ID: {"50"}})
	h.must(err)
	if _, err := h.SetFields(h.nurse, c, p.Version, field.Values{weight.ID: {"51"}}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a lost update is not noticed: %v", err)
	}
	e, err := h.Export(h.nurse, Filter{Sort: "name", IDs: []ID{a, b}}, ExportOptions{Format: "csv", Reason: "名单核对", Columns: []string{"name", "field:weight", "field:hobby"}})
	h.must(err)
	h.drain()
	if got := h.file(e); !strings.Contains(got, "姓名,体重,爱好\n甲,60.5,棋\n乙,70,琴\n") {
		t.Errorf("the file is %q", got)
	}
	m, err := h.Merge(h.admin, a, b, "同一人")
	h.must(err)
	got, err := h.Fields(h.nurse, a)
	h.must(err)
	slices.Sort(got[hobby.ID])
	if fmt.Sprint(got[weight.ID], len(got[hobby.ID])) != "[60.5] 2" {
		t.Errorf("after the merge %v: the survivor's value stays, choices add up", got)
	}
	_, err = h.Unmerge(h.admin, m)
	h.must(err)
	for id, want := range map[ID]string{a: "[60.5] [棋]", b: "[70] [琴]"} {
		if got, err := h.Fields(h.nurse, id); err != nil || fmt.Sprint(got[weight.ID], got[hobby.ID]) != want {
			t.Errorf("after the undoing %v %v, want %s", got, err, want)
		}
	}
	if names, err := h.Field.Definitions(h.nurse, field.Patient); err != nil || len(names) != 2 {
		t.Error(names, err)
	}
}

// file reads a finished file of the nurse.
func (h rich) file(e view.Export) string {
	h.t.Helper()
	_, f, err := h.View.Download(h.nurse, e.ID)
	h.must(err)
	defer f.Close()
	var b strings.Builder
	buf := make([]byte, 4096)
	for {
		n, err := f.Read(buf)
		b.Write(buf[:n])
		if err != nil {
			return b.String()
		}
	}
}

// An export is masked unless somebody may otherwise, asks for its reason, and is taken with the scope of the moment it is written.
func TestPT10_MaskedScopedAndAudited(t *testing.T) {
	h := newRich(t)
	h.create(Draft{Name: "欧阳甲一", Contacts: []ContactInput{phone("15412345678")}, Identifiers: []IdentifierInput{{"outpatient", "HIS", "0001234"}}, Address: "山东省济南市历下区文化路12号", Source: "web", Note: "=1"})
	if _, err := h.Export(h.nurse, Filter{}, ExportOptions{Format: "csv"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("without a reason: %v", err)
	}
	if _, err := h.Export(h.nurse, Filter{}, ExportOptions{Format: "csv", Reason: "名单", Unmasked: true}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("unmasked without the right: %v", err)
	}
	if _, err := h.Export(h.nurse, Filter{}, ExportOptions{Format: "csv", Reason: "名单", Columns: []string{"password"}}); !fault.Is(err, fault.Invalid) {
		t.Errorf("an unknown column: %v", err)
	}
	e, err := h.Export(h.nurse, Filter{Text: "欧阳"}, ExportOptions{Format: "csv", Reason: "名单核对"})
	h.must(err)
	h.drain()
	file := h.file(e)
	for _, secret := range []string{"15412345678", "文化路"} {
		if strings.Contains(file, secret) {
			t.Errorf("%s is in the file", secret)
		}
	}
	for _, word := range []string{"154****5678", "网络", "欧阳甲一"} {
		if !strings.Contains(file, word) {
			t.Errorf("%s is missing in %q", word, file)
		}
	}
	plain, err := h.exported(h.admin, Filter{}, true)
	if h.must(err); !strings.Contains(plain, "15412345678") || !strings.Contains(plain, "|0001234|") {
		t.Errorf("digits are lost: %q", plain)
	}
	details, err := db.List[string](h.admin, h.DB.Read(h.admin), `select detail from trail_entry where action = 'view.export.create'`)
	if h.must(err); len(details) != 1 || strings.Contains(details[0], "欧阳") || !strings.Contains(details[0], `"text"`) {
		t.Errorf("the trail says %v", details)
	}
	outside := as(77, access.Grant{Reach: "own"})
	if got, err := h.exported(outside, Filter{}, false); err != nil || got != "" {
		t.Errorf("out of scope: %q %v", got, err)
	}
}

// The first source stands whatever a form or a feed says later; later ones are added; a correction is recorded with its reason.
func TestPT06_FirstSourceStandsAndLaterOnesAreAdded(t *testing.T) {
	h := newRich(t)
	id := h.create(Draft{Name: "甲", Source: "短视频"})
	p, err := h.Find(h.nurse, id)
	if h.must(err); p.Source != "web_video" {
		t.Fatalf("a word of the dictionary is kept as %q", p.Source)
	}
	if _, err := h.Update(h.nurse, id, Patch{Version: p.Version, Source: text("friend")}); !fault.Is(err, fault.Invalid) {
		t.Errorf("the first source changes by a form: %v", err)
	}
	_, err = h.AddTouch(h.nurse, id, "friend", "同事介绍")
	h.must(err)
	if _, err := h.AddTouch(h.nurse, id, "没有的来源", ""); !fault.Is(err, fault.Invalid) {
		t.Errorf("an unknown source: %v", err)
	}
	name, channel := "乙", "热线电话"
	f := Feed{Source: "HIS", OccurredAt: h.DB.Clock().Now(), Name: &name, Channel: &channel, Identifiers: []Identifier{{Kind: "outpatient", Issuer: "HIS", Value: "77"}}}
	o, err := h.Apply(h.admin, f)
	h.must(err)
	h.clock.Advance(1e9)
	channel, f.OccurredAt = "门口路过", h.DB.Clock().Now()
	_, err = h.Apply(h.admin, f)
	h.must(err)
	ts, err := h.Touches(h.nurse, o.ID)
	if h.must(err); len(ts) != 2 || !ts[0].First || ts[0].Source != "hotline" || ts[1].Source != "门口路过" || ts[1].Origin != "HIS" {
		t.Errorf("a feed's sources are %+v", ts)
	}
	p, err = h.Find(h.nurse, id)
	h.must(err)
	if _, err := h.CorrectSource(h.nurse, id, p.Version, "wechat", " "); !fault.Is(err, fault.Invalid) {
		t.Errorf("corrected without a reason: %v", err)
	}
	p, err = h.CorrectSource(h.nurse, id, p.Version, "wechat", "前台选错")
	if h.must(err); p.Source != "wechat" {
		t.Error(p.Source)
	}
	reasons, err := db.List[string](h.admin, h.DB.Read(h.admin), `select reason from trail_entry where action = 'patient.source.update'`)
	if h.must(err); len(reasons) != 1 || reasons[0] != "前台选错" {
		t.Errorf("the trail says %v", reasons)
	}
	if ts, err = h.Touches(h.nurse, id); err != nil || len(ts) != 2 || ts[0].Source != "wechat" || ts[1].Source != "friend" || ts[1].Note != "同事介绍" {
		t.Errorf("%+v %v", ts, err)
	}
}

// Merging two words re-points every record that holds the old one, in chunks that survive a crash, and can be turned back; what was changed in
// between keeps its new word.
func TestSY09_MergeRepointsHistory(t *testing.T) {
	h := newRich(t)
	var ids []ID
	for i := range 5 {
		ids = append(ids, h.create(Draft{Name: fmt.Sprint("甲", i), Source: []string{"web", "friend"}[i%2], Contacts: []ContactInput{{System: "mobile", Value: fmt.Sprintf("1540000000%d", i), Owner: "spouse"}}}))
	}
	_, err := h.AddTouch(h.admin, ids[1], "web", "")
	h.must(err)
	used, err := h.Setting.Usage(h.admin, "source", "web")
	if h.must(err); used["patient_patient.source"].Value != 3 || used["patient_touch.source"].Value != 1 {
		t.Errorf("used %v", used)
	}
	m, err := h.Setting.MergeEntries(h.admin, "source", "web", "wechat")
	h.must(err)
	labels, err := h.Setting.Labels(h.admin, "source")
	if h.must(err); labels["web"] != "微信" || labels["web_video"] != "微信 / 短视频" {
		t.Errorf("labels follow at once: %q %q", labels["web"], labels["web_video"])
	}
	h.drain()
	sources := func() string {
		out, err := db.List[string](h.admin, h.DB.Read(h.admin), `select source from patient_patient order by id`)
		h.must(err)
		touches, err := db.List[string](h.admin, h.DB.Read(h.admin), `select source from patient_touch order by id`)
		h.must(err)
		return strings.Join(out, " ") + " | " + strings.Join(touches, " ")
	}
	if got := sources(); got != "wechat friend wechat friend wechat | wechat" {
		t.Errorf("after the merge %s", got)
	}
	ms, err := h.Setting.Merges(h.admin, "source")
	if h.must(err); len(ms) != 1 || ms[0].State != "done" || ms[0].Moved != 4 {
		t.Errorf("%+v", ms)
	}
	if _, err := h.Setting.MergeEntries(h.admin, "source", "web", "friend"); !fault.Is(err, fault.Conflict) {
		t.Errorf("merged twice: %v", err)
	}
	p, err := h.Find(h.admin, ids[0])
	h.must(err)
	_, err = h.CorrectSource(h.admin, ids[0], p.Version, "doctor", "更正")
	h.must(err)
	h.must(h.Setting.UndoMerge(h.admin, m.ID))
	h.drain()
	if got := sources(); got != "doctor friend web friend web | web" {
		t.Errorf("after the undoing %s", got)
	}
	if id := h.create(Draft{Name: "新", Source: "网络"}); id != 0 {
		if p, _ := h.Find(h.admin, id); p.Source != "web" {
			t.Errorf("the word stands again, yet %q", p.Source)
		}
	}
	actions, err := db.List[string](h.admin, h.DB.Read(h.admin), `select action from trail_entry where entity = 'dictionary' order by id`)
	if h.must(err); strings.Join(actions, " ") != "setting.dictionary.merge setting.dictionary.unmerge" {
		t.Errorf("the trail says %v", actions)
	}
	n, err := h.Setting.MergeEntries(h.admin, "relation", "spouse", "other")
	h.must(err)
	h.drain()
	left, _, err := db.First[int64](h.admin, h.DB.Read(h.admin), `select count(*) from patient_contact where owner = 'spouse'`)
	if h.must(err); left != 0 || n.ID == 0 {
		t.Errorf("%d contact points keep the old word", left)
	}
}

// Whoever stands unchanged from the first page to the last is on exactly one of them, whatever others do meanwhile, in every order.
func TestSY28_PagesUnderChangeShowWhoStoodOnce(t *testing.T) {
	h := newRich(t)
	r := rand.New(rand.NewPCG(28, 28))
	names := []string{"张", "王", "李", "赵", "陈", "阿", "周"}
	var ids []ID
	for i := range 50 {
		h.clock.Advance(1e6)
		id := h.create(Draft{Name: names[r.IntN(len(names))] + fmt.Sprint(i%13), Tags: []string{"组" + fmt.Sprint(i%2)}})
		h.must(h.Saw(h.admin, id, h.DB.Clock().Now()))
		ids = append(ids, id)
	}
	for round := range 12 {
		sort := []string{"", "seen_at", "-created_at", "created_at", "name", "-name"}[round%6]
		f := Filter{Sort: sort, Limit: 6}
		if round%4 == 3 {
			f.Tag = "组1"
		}
		moved, times := map[ID]bool{}, map[ID]int{}
		for {
			page, err := h.List(h.admin, f)
			h.must(err)
			for _, e := range page.Items {
				times[e.ID]++
			}
			if page.Next == "" {
				break
			}
			f.Cursor = page.Next
			for range 3 {
				id := ids[r.IntN(len(ids))]
				switch r.IntN(4) {
				case 0: // somebody new
					h.create(Draft{Name: names[r.IntN(len(names))] + "新", Tags: []string{"组1"}})
				case 1: // somebody renamed
					p, err := h.Find(h.admin, id)
					h.must(err)
					moved[id] = true
					_, err = h.Update(h.admin, id, Patch{Version: p.Version, Name: text(names[r.IntN(len(names))] + "改")})
					h.must(err)
				case 2: // somebody seen again
					h.clock.Advance(1e6)
					moved[id] = true
					h.must(h.Saw(h.admin, id, h.DB.Clock().Now()))
				case 3: // somebody leaves the list
					moved[id] = true
					_, err := h.Tag(h.admin, id, nil, []string{"组1"})
					h.must(err)
				}
			}
		}
		for i, id := range ids {
			if moved[id] {
				continue
			}
			want := 1
			if f.Tag != "" && i%2 == 0 {
				want = 0
			}
			if f.Tag != "" && times[id] == 0 { // may have lost the tag in an earlier round
				d, err := h.Find(h.admin, id)
				if h.must(err); !slices.Contains(d.Tags, f.Tag) {
					continue
				}
			}
			if times[id] != want {
				t.Fatalf("round %d, order %q, tag %q: patient %d stood the whole time and is shown %d times, want %d", round, sort, f.Tag, i, times[id], want)
			}
		}
	}
}
