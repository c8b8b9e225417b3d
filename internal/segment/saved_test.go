package segment

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
	"renxin/internal/visit"
)

// as makes a person with some permissions and a reach.
func as(id int64, g access.Grant, perms ...access.Permission) context.Context {
	g.StaffID = id
	return access.With(context.Background(), access.Person(id, "某人", perms, access.Build(g)))
}

var builder = []access.Permission{PermRead, PermEdit, PermShare, PermKey, patient.PermRead, patient.PermUpdate, visit.PermDiagnosis, visit.PermReadCharges}

// walk collects the members by pages.
func (h *house) walk(ctx context.Context, id ID, limit int) []patient.ID {
	h.t.Helper()
	out, cursor := []patient.ID{}, ""
	for {
		p, err := h.Members(ctx, id, cursor, limit)
		h.must(err)
		out = append(out, p.Items...)
		if cursor = p.Next; cursor == "" {
			slices.Sort(out)
			return out
		}
	}
}

// listed collects the members as the list of patients gives them.
func (h *house) listed(ctx context.Context, f patient.Filter) ([]patient.ID, db.Total) {
	h.t.Helper()
	out := []patient.ID{}
	var total db.Total
	for first := true; first || f.Cursor != ""; first = false {
		p, err := h.Patient.List(ctx, f)
		h.must(err)
		for _, e := range p.Items {
			out = append(out, e.ID)
		}
		if f.Cursor = p.Next; first {
			total = p.Total
		}
	}
	slices.Sort(out)
	return out, total
}

func TestPT11_SavedSegmentHasTheSameMembersInEveryModule(t *testing.T) {
	h := openHouse(t)
	r := dice{rand.New(rand.NewPCG(21, 4))}
	w := newWorld(h, r, 90)
	seen := map[patient.ID]bool{}
	nurse := h.DB.NextID()
	for _, p := range w.people {
		if r.IntN(3) == 0 && !p.Merged {
			h.must(h.Patient.Grant(h.ctx, p.ID, patient.Access{Kind: "staff", Key: nurse, Role: "owner"}))
			seen[p.ID] = true
		}
	}
	small := as(nurse, access.Grant{Reach: "own"}, builder...)
	told := 0
	for i := range 30 {
		tr := w.tree(r)
		if (Tree{V: Format, Root: tr.Root}).needs("consent", "answered", "membership", "procedure", "report") {
			continue // the nurse may not ask these; see TestPT11_AShareDoesNotTellWhatOneMayNotAsk
		}
		g, err := h.Create(h.ctx, Input{Name: fmt.Sprint("人群", i), Tree: tr, Shared: true, Tracked: true})
		h.must(err)
		h.settled()
		all := w.members(h, tr)
		for who, ctx := range map[string]context.Context{"everything": h.ctx, "own": small} {
			want := all
			if who == "own" {
				want = slices.DeleteFunc(slices.Clone(all), func(id patient.ID) bool { return !seen[id] })
			}
			told += len(want)
			if got := h.walk(ctx, g.ID, 7); !slices.Equal(got, want) {
				t.Fatalf("%s: Members gives %d, want %d: %s", who, len(got), len(want), tr.text())
			}
			ids := make([]patient.ID, len(w.people))
			for i, p := range w.people {
				ids[i] = p.ID
			}
			in, err := h.Contains(ctx, g.ID, ids...)
			if h.must(err); len(in) != len(want) {
				t.Errorf("%s: Contains gives %d, want %d", who, len(in), len(want))
			}
			for _, exact := range []bool{false, true} {
				if n, err := h.Count(ctx, g.ID, exact); err != nil || n.Value != len(want) || !n.Exact {
					t.Errorf("%s: Count gives %v %v, want %d", who, n, err, len(want))
				}
			}
			f := patient.Filter{Within: []patient.Within{{Kind: Plain, Key: int64(g.ID)}}, Limit: 11}
			for _, sort := range []string{"", "name", "-created_at"} {
				f.Sort = sort
				got, total := h.listed(ctx, f)
				if !slices.Equal(got, want) || total.Value != len(want) {
					t.Errorf("%s, sorted by %q: the list gives %d of %v, want %d: %s", who, sort, len(got), total, len(want), tr.text())
				}
			}
			women := patient.Filter{Within: f.Within, Sex: "female"}
			if got, _ := h.listed(ctx, women); len(got) > len(want) || len(got) != len(h.among2(w, want, "female")) {
				t.Errorf("%s: with another filter the list gives %d", who, len(got))
			}
		}
		if got := h.inside(g.ID); !slices.Equal(got, all) {
			t.Errorf("followed are %d, want %d", len(got), len(all))
		}
	}
	if told < 200 {
		t.Errorf("only %d members were compared", told)
	}
}

func (h *house) among2(w *world, ids []patient.ID, sex string) []patient.ID {
	var out []patient.ID
	for _, p := range w.people {
		if p.Sex == sex && slices.Contains(ids, p.ID) {
			out = append(out, p.ID)
		}
	}
	return out
}

func (t Tree) needs(dims ...string) bool {
	return slices.ContainsFunc(t.Conditions(), func(n Node) bool { return slices.Contains(dims, n.Dim) })
}

func TestPT11_AShareDoesNotTellWhatOneMayNotAsk(t *testing.T) {
	h := openHouse(t)
	newWorld(h, dice{rand.New(rand.NewPCG(2, 2))}, 10)
	sick := is("disease", "E11")
	sick.Aspect = "any"
	g, err := h.Create(h.ctx, Input{Name: "糖尿病", Tree: tree(And, sick), Shared: true})
	h.must(err)
	mine, err := h.Create(as(5, access.Grant{Reach: "all"}, builder...), Input{Name: "我的", Tree: tree(And, is("sex", "female"))})
	h.must(err)
	marketing := as(9, access.Grant{Reach: "all", Unassigned: true}, PermRead, PermEdit, PermShare, patient.PermRead)
	_, err = h.Count(marketing, g.ID, false)
	wantKey(t, err, "access.permission.missing")
	_, err = h.Sample(marketing, g.Tree)
	wantKey(t, err, "access.permission.missing")
	_, err = h.Demography(marketing, g.ID)
	wantKey(t, err, "access.permission.missing")
	_, err = h.Patient.List(marketing, patient.Filter{Within: []patient.Within{{Kind: Plain, Key: int64(g.ID)}}})
	wantKey(t, err, "access.permission.missing")
	_, err = h.Create(marketing, Input{Name: "转手", Tree: tree(And, is("segment", g.ID.String()))})
	wantKey(t, err, "access.permission.missing")
	offers, err := h.Dimensions(marketing)
	h.must(err)
	for _, o := range offers {
		if o.Name == "disease" || o.Name == "spend" {
			t.Errorf("%s is offered to who may not ask it", o.Name)
		}
	}
	if _, err := h.Find(marketing, mine.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody else's own segment is found: %v", err)
	}
	if _, err := h.Update(marketing, mine.ID, Input{Name: "x", Tree: mine.Tree, Version: 1}); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody else's own segment can be changed: %v", err)
	}
	nobody := as(9, access.Grant{}, builder...)
	if n, err := h.Count(nobody, g.ID, true); err != nil || n.Value != 0 {
		t.Errorf("an empty scope counts %v %v", n, err)
	}
}

func TestPT11_VersionsTellWhoChangedWhat(t *testing.T) {
	h := openHouse(t)
	ctx := as(5, access.Grant{Reach: "all"}, builder...)
	g, err := h.Create(ctx, Input{Name: "女性", Tree: tree(And, is("sex", "female"))})
	h.must(err)
	age := Node{Op: Is, Dim: "age", From: num(60)}
	g2, err := h.Update(ctx, g.ID, Input{Name: "老年女性", Shared: true, Tree: tree(And, is("sex", "female"), age), Version: g.Version})
	h.must(err)
	_, err = h.Update(ctx, g.ID, Input{Name: "迟到", Tree: g.Tree, Version: g.Version})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("a stale version is taken: %v", err)
	}
	vs, err := h.Versions(ctx, g.ID)
	if h.must(err); len(vs) != 2 || vs[0].Version != g2.Version || vs[0].Author != "某人" || len(vs[1].Changes) != 0 {
		t.Fatalf("versions %+v", vs)
	}
	want := []Change{{"name", "女性", "老年女性"}, {"shared", "no", "yes"}, {"added", "", "年龄：≥ 60 岁"}}
	if !slices.Equal(vs[0].Changes, want) {
		t.Errorf("changes %v, want %v", vs[0].Changes, want)
	}
	other, err := h.Create(ctx, Input{Name: "上面", Tree: tree(And, is("segment", g.ID.String()))})
	h.must(err)
	us, err := h.Uses(ctx, g.ID)
	if h.must(err); len(us) != 1 || us[0].Ref != other.ID.String() {
		t.Errorf("uses %v", us)
	}
	same, err := h.Create(ctx, Input{Name: "老年女性", Shared: true, Tree: g.Tree})
	if fault.KeyOf(err) != "segment.segment.name_taken" {
		t.Errorf("a shared name is given twice: %v %v", same.ID, err)
	}
}

func TestPT11_WrongTreesNameThePlace(t *testing.T) {
	h := openHouse(t)
	deep := is("sex", "male")
	for range maxDepth {
		deep = Node{Op: And, Nodes: []Node{deep}}
	}
	for path, tr := range map[string]Tree{
		"tree":                       {V: Format, Root: Node{Op: And}},
		"tree.v":                     {V: 9, Root: is("sex", "male")},
		"tree.root.nodes.0.dim":      tree(And, is("horoscope", "lion")),
		"tree.root.nodes.0.values":   tree(And, is("sex", "any")),
		"tree.root.nodes.1.aspect":   tree(And, is("sex", "male"), Node{Op: Is, Dim: "visited", Period: &Period{Kind: This, Unit: "year"}}),
		"tree.root.nodes.0.period":   tree(And, Node{Op: Is, Dim: "registered", Period: &Period{Kind: Last, N: 0, Unit: "day"}}),
		"tree.root.nodes.0.from":     tree(Or, Node{Op: Is, Dim: "age", From: num(9), To: num(3)}),
		"tree.root.nodes.0.nodes.0":  tree(And, Node{Op: Or, Nodes: []Node{{Op: And}}}, is("sex", "male")),
		"tree.root.op":               {V: Format, Root: Node{Op: "xor", Nodes: []Node{is("sex", "male")}}},
		"tree.root.nodes.0.text":     tree(And, Node{Op: Is, Dim: "address"}),
		"tree.root.nodes.0.values ":  tree(And, is("owner", "st_nobody")),
		"tree.root.nodes.0.values  ": tree(And, is("region", "999999")),
		"deep":                       {V: Format, Root: deep},
	} {
		_, err := h.CountTree(h.ctx, tr, false)
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", path, err)
			continue
		}
		f := err.(*fault.Error)
		if path != "deep" && !slices.ContainsFunc(f.Fields, func(x fault.Field) bool { return x.Path == trim(path) }) {
			t.Errorf("%q is not named: %+v", path, f.Fields)
		}
	}
}

func trim(s string) string {
	for len(s) > 0 && s[len(s)-1] == ' ' {
		s = s[:len(s)-1]
	}
	return s
}

func TestPT20_KeyPatientsAreFlaggedByClinicalNeedAndToldWhy(t *testing.T) {
	h := openHouse(t)
	w := newWorld(h, dice{rand.New(rand.NewPCG(8, 8))}, 4)
	now := h.DB.Clock().Now()
	for i, p := range w.people {
		*p = human{ID: p.ID, Sex: "female", Birth: "1960-01-01", Charges: []charge{{90_000_000, h.DB.Clock().Today()}}}
		if i < 2 {
			p.Diagnoses = []coded{{Code: "E11.9", At: now.Add(-400 * 24 * 3600e9)}}
		}
		if i == 2 {
			p.Diagnoses = []coded{{Code: "E11.9", At: now.Add(-40 * 24 * 3600e9)}}
		}
		w.write(h, p)
	}
	course := is("disease", "E11")
	course.Aspect, course.Period = "first", &Period{Kind: Over, N: 1, Unit: "year"}
	rich := Node{Op: Is, Dim: "spend", From: num(100)}
	_, err := h.Create(h.ctx, Input{Kind: Key, Name: "大户", Tree: tree(And, course, rich)})
	wantKey(t, err, "segment.key.revenue")
	plain, err := h.Create(h.ctx, Input{Name: "消费", Tree: tree(And, rich)})
	h.must(err)
	_, err = h.Create(h.ctx, Input{Kind: Key, Name: "绕道", Tree: tree(And, course, is("segment", plain.ID.String()))})
	wantKey(t, err, "segment.key.revenue")
	_, err = h.Create(h.ctx, Input{Kind: Key, Name: "来源", Tree: tree(And, is("source", "web"))})
	wantKey(t, err, "segment.key.not_clinical")
	rule, err := h.Create(h.ctx, Input{Kind: Key, Name: "糖尿病一年以上", Tree: tree(And, course, Node{Op: Is, Dim: "age", From: num(60)})})
	h.must(err)
	h.settled()
	got, total := h.listed(h.ctx, patient.Filter{Within: []patient.Within{{Kind: Key}}})
	if want := []patient.ID{w.people[0].ID, w.people[1].ID}; !slices.Equal(got, want) || total.Value != 2 {
		t.Fatalf("key patients %v (%v), want %v", got, total, want)
	}
	if !slices.Equal(h.inside(rule.ID), got) {
		t.Error("the flag is not kept")
	}
	flags, err := h.Flags(h.ctx, []patient.ID{w.people[0].ID, w.people[2].ID})
	if h.must(err); len(flags) != 1 || len(flags[w.people[0].ID]) != 1 {
		t.Fatalf("flags %v", flags)
	}
	f := flags[w.people[0].ID][0]
	want := []Reason{{"疾病：首次 · E11 · 1 年以前", true}, {"年龄：≥ 60 岁", true}}
	if f.Name != "糖尿病一年以上" || f.Since == 0 || !slices.Equal(f.Reasons, want) {
		t.Errorf("the flag says %+v", f)
	}
	why, err := h.Explain(h.ctx, rule.ID, w.people[2].ID)
	if h.must(err); !slices.Equal(why, []Reason{{want[0].Text, false}, {want[1].Text, true}}) {
		t.Errorf("why not: %v", why)
	}
}

func TestPT39_ACommunityIsASegment(t *testing.T) {
	h := openHouse(t)
	w := newWorld(h, dice{rand.New(rand.NewPCG(9, 9))}, 6)
	today := h.DB.Clock().Today()
	community, street := h.DB.NextID(), "甸柳新村"
	h.exec(`insert into organization_organization (id, kind, code, name, pinyin, initials, address, region_code, phone, note, created_at, updated_at, version) values ($1, 'community', '', '甸柳社区', 'dianliushequ', 'dlsq', '', '370102', '', '', 0, 0, 1)`, community)
	for i, p := range w.people {
		*p = human{ID: p.ID, Sex: "female", Address: []string{"济南市历下区" + street + "1号", "别处"}[i%2]}
		w.write(h, p)
		if i < 4 { // the third moved away yesterday
			until := []string{"", string(today), string(today.Add(-1)), ""}[i]
			h.exec(`insert into organization_member (patient_id, organization_id, role, number, unit, valid_from, valid_to, created_at, updated_at, version) values ($1, $2, 'resident', '', '', '', $3, 0, 0, 1)`, p.ID, community, until)
		}
	}
	found, err := h.Options(h.ctx, "community", "dlsq", nil)
	if h.must(err); len(found) != 1 || found[0].Label != "甸柳社区" {
		t.Fatalf("communities %v", found)
	}
	g, err := h.Create(h.ctx, Input{Name: "甸柳社区居民", Tree: tree(Or, is("community", found[0].Value), Node{Op: Is, Dim: "address", Text: street}), Shared: true, Tracked: true})
	h.must(err)
	h.settled()
	want := []patient.ID{w.people[0].ID, w.people[1].ID, w.people[2].ID, w.people[3].ID, w.people[4].ID}
	slices.Sort(want)
	if got := h.walk(h.ctx, g.ID, 50); !slices.Equal(got, want) {
		t.Errorf("members %v, want %v", got, want)
	}
	if got, _ := h.listed(h.ctx, patient.Filter{Within: []patient.Within{{Kind: Plain, Key: int64(g.ID)}}}); !slices.Equal(got, want) {
		t.Errorf("listed %v, want %v", got, want)
	}
	only, err := h.CountTree(h.ctx, tree(And, is("community", found[0].Value)), false)
	if h.must(err); only.Value != 3 {
		t.Errorf("%d live there today, want 3", only.Value)
	}
}

func TestGR15_SegmentsOverlapAndAreToldApart(t *testing.T) {
	h := openHouse(t)
	r := dice{rand.New(rand.NewPCG(15, 15))}
	w := newWorld(h, r, 100)
	trees := []Tree{tree(And, is("sex", "female")), tree(Or, Node{Op: Is, Dim: "age", From: num(60)}, is("tag", "VIP")), tree(Not, is("source", "web"))}
	var ids []ID
	sets := make([]map[patient.ID]bool, 3)
	for i, tr := range trees {
		g, err := h.Create(h.ctx, Input{Name: string(rune('甲' + i)), Tree: tr})
		h.must(err)
		ids, sets[i] = append(ids, g.ID), setOf(w.members(h, tr))
	}
	want := map[string]int{}
	for _, p := range w.people {
		key := ""
		for _, s := range sets {
			key += map[bool]string{true: "1", false: "0"}[s[p.ID]]
		}
		want[key]++
	}
	o, err := h.Overlap(h.ctx, ids)
	if h.must(err); len(o.Cells) != 7 {
		t.Fatal(o.Cells)
	}
	for _, c := range o.Cells {
		if c.N != want[c.Key] || c.Small {
			t.Errorf("%s: %d, want %d", c.Key, c.N, want[c.Key])
		}
	}
	two, err := h.Overlap(h.ctx, ids[:2])
	h.must(err)
	if n := two.Cells[2]; n.Key != "11" || n.N != want["110"]+want["111"] {
		t.Errorf("both: %+v", n)
	}
	d, err := h.Demography(h.ctx, ids[0])
	h.must(err)
	for name, cells := range map[string][]Cell{"sexes": d.Sexes, "bands": d.Bands, "regions": d.Regions, "sources": d.Sources} {
		sum := 0
		for _, c := range cells {
			sum += c.N
		}
		if sum != d.N || d.N != len(sets[0]) {
			t.Errorf("%s add up to %d of %d, want %d", name, sum, d.N, len(sets[0]))
		}
	}
	_, err = h.Overlap(h.ctx, ids[:1])
	wantKey(t, err, "segment.overlap.two_or_three")
	_, err = h.Overlap(h.ctx, []ID{ids[0], ids[1], ids[0]})
	wantKey(t, err, "segment.overlap.two_or_three")
}

func TestGR15_SmallNumbersAreWithheldFromWhoMayNotReadPatients(t *testing.T) {
	cells := []Cell{{Key: "a", N: 3}, {Key: "b", N: 40}, {Key: "c", N: 12}, {Key: "d"}}
	hush(cells)
	if want := []Cell{{Key: "a", Small: true}, {Key: "b", N: 40}, {Key: "c", Small: true}, {Key: "d"}}; !slices.Equal(cells, want) {
		t.Errorf("%+v: one small cell alone is told by the sum", cells)
	}
	h := openHouse(t)
	newWorld(h, dice{rand.New(rand.NewPCG(4, 4))}, 9)
	g, err := h.Create(h.ctx, Input{Name: "少", Tree: tree(Or, is("sex", "female", "male", "unknown")), Shared: true})
	h.must(err)
	outsider := as(7, access.Grant{Reach: "all", Unassigned: true}, PermRead)
	if n, err := h.Size(outsider, g.ID, true); err != nil || !n.Small || n.Value != 0 {
		t.Errorf("size %+v %v", n, err)
	}
	if d, err := h.Demography(outsider, g.ID); err != nil || !d.Small || d.N != 0 || len(d.Sexes) != 0 {
		t.Errorf("demography %+v %v", d, err)
	}
	for _, ask := range []func() error{
		func() error { _, err := h.Count(outsider, g.ID, true); return err },
		func() error { _, err := h.CountTree(outsider, g.Tree, true); return err },
		func() error { _, err := h.Sample(outsider, g.Tree); return err },
		func() error { _, err := h.Members(outsider, g.ID, "", 10); return err },
		func() error { _, err := h.Moved(outsider, g.ID, 7); return err },
	} {
		if err := ask(); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an exact answer for who may not read patients: %v", err)
		}
	}
}
