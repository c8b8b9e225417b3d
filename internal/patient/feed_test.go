package patient

import (
	"strings"
	"testing"

	"renxin/internal/identity"
	"renxin/internal/match"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
	"renxin/internal/setting"
)

func his(kind identity.IdentifierKind, value string) Identifier {
	return Identifier{Kind: kind, Issuer: "HIS", Value: value}
}

func (h house) apply(f Feed) Outcome {
	h.t.Helper()
	if f.Source == "" {
		f.Source = "HIS"
	}
	judged, err := h.Judge(h.admin, f)
	h.must(err)
	o, err := h.Apply(h.admin, f)
	h.must(err)
	if judged.Verdict != o.Verdict || judged.Code != o.Code || judged.Key != o.Key || strings.Join(judged.Changed, " ") != strings.Join(o.Changed, " ") {
		h.t.Errorf("preview said %+v, apply did %+v", judged, o)
	}
	return o
}

// Two patients, each with every one of the five keys.
func newPair(t *testing.T) (h house, a, b ID) {
	h = newHouse(t)
	h.must(h.Setting.Set(access.AsSystem(h.admin, "test"), setting.Update{Key: "patient.phone.area_code", Value: "0531"}))
	a = h.apply(Feed{Name: text("王丽"), Telecoms: []ContactInput{phone("15412345678"), {System: "phone", Value: "85550101"}}, Identifiers: []Identifier{his(identity.KindCard, "A1"), his(identity.KindOutpatient, "A2"), his(identity.KindInpatient, "A3")}}).ID
	b = h.apply(Feed{Name: text("李强"), Telecoms: []ContactInput{phone("15487654321"), {System: "phone", Value: "85550202"}}, Identifiers: []Identifier{his(identity.KindCard, "B1"), his(identity.KindOutpatient, "B2"), his(identity.KindInpatient, "B3")}}).ID
	return h, a, b
}

func TestPT03_FiveKeysAlone(t *testing.T) {
	for _, c := range []struct {
		key     string
		f       Feed
		verdict Verdict
		code    string
	}{
		{"card", Feed{Identifiers: []Identifier{his(identity.KindCard, " a1 ")}}, VerdictUnchanged, ""},
		{"outpatient", Feed{Identifiers: []Identifier{his(identity.KindOutpatient, "A2")}}, VerdictUnchanged, ""},
		{"inpatient", Feed{Identifiers: []Identifier{his(identity.KindInpatient, "A3")}}, VerdictUnchanged, ""},
		{"", Feed{Telecoms: []ContactInput{phone("+86 154-1234-5678")}}, VerdictReview, CodeUnsure},                         // a mobile is a household's
		{"", Feed{Telecoms: []ContactInput{{System: "phone", Value: "0531-85550101"}}}, VerdictReview, CodeUnsure},          // a landline even more so
		{"mobile", Feed{Telecoms: []ContactInput{phone("15412345678")}, BirthDate: text("1990-03-05")}, VerdictUpdated, ""}, // once the birth date is known
	} {
		h, a, _ := newPair(t)
		c.f.Name = text("王丽")
		if c.f.BirthDate != nil {
			h.apply(Feed{OccurredAt: 1, BirthDate: c.f.BirthDate, PatientID: a})
			c.f.Occupation = text("教师")
			c.key = "birth_date"
		}
		o := h.apply(c.f)
		if o.Verdict != c.verdict || o.Code != c.code || o.Key != c.key {
			t.Errorf("%v alone: %+v, want %s %s by %q", c.f.Identifiers, o, c.verdict, c.code, c.key)
		}
		if (o.Verdict == VerdictUnchanged || o.Verdict == VerdictUpdated) && o.ID != a {
			t.Errorf("%s found %v, want 王丽", c.key, o.ID)
		}
		if o.Verdict == VerdictReview && (len(o.Candidates) == 0 || o.Candidates[0].ID != a) {
			t.Errorf("%s: candidates %+v", c.key, o.Candidates)
		}
	}
}

func TestPT03_KeysInConflictGoToReview(t *testing.T) {
	for name, c := range map[string]struct {
		f    Feed
		code string
	}{
		"two numbers":                  {Feed{Name: text("王丽"), Identifiers: []Identifier{his(identity.KindCard, "A1"), his(identity.KindInpatient, "B3")}}, CodeNumbers},
		"mobile says A, 住院号 says B":    {Feed{Name: text("李强"), Telecoms: []ContactInput{phone("15412345678")}, Identifiers: []Identifier{his(identity.KindInpatient, "B3")}}, CodeKeys},
		"landline says A, 门诊号 says B":  {Feed{Name: text("李强"), Telecoms: []ContactInput{{System: "phone", Value: "0531-85550101"}}, Identifiers: []Identifier{his(identity.KindOutpatient, "B2")}}, CodeKeys},
		"一卡通号 says B, the name says A": {Feed{Name: text("王丽"), Identifiers: []Identifier{his(identity.KindCard, "B1")}}, CodePerson},
	} {
		h, a, b := newPair(t)
		before := h.hash()
		o := h.apply(c.f)
		if o.Verdict != VerdictReview || o.Code != c.code || o.ID != 0 {
			t.Errorf("%s: %+v, want review as %s", name, o, c.code)
		}
		if h.hash() != before {
			t.Errorf("%s: a record under review changed something", name)
		}
		c.f.PatientID = b
		if o := h.apply(c.f); o.ID != b || o.Verdict == VerdictReview {
			t.Errorf("%s: decided for B gives %+v", name, o)
		}
		c.f.PatientID, c.f.AsNew = 0, true
		if o := h.apply(c.f); o.Verdict != VerdictNew || o.ID == a || o.ID == b {
			t.Errorf("%s: decided as new gives %+v", name, o)
		}
	}
}

func TestPT03_TwiceIsOnce(t *testing.T) {
	h := newHouse(t)
	f := Feed{OccurredAt: 10, Name: text("王丽"), Sex: text("F"), BirthDate: text("1990-03-05"), Address: text("山东省济南市历下区文化路12号"), Telecoms: []ContactInput{phone("15412345678/15487654321")}, Identifiers: []Identifier{his(identity.KindOutpatient, "1"), {Kind: identity.KindIDCard, Value: "110105491231002"}}}
	if o := h.apply(f); o.Verdict != VerdictNew {
		t.Fatalf("%+v", o)
	}
	before := h.hash()
	for range 3 {
		if o := h.apply(f); o.Verdict != VerdictUnchanged || o.Key != "outpatient" {
			t.Errorf("again: %+v", o)
		}
	}
	if h.hash() != before {
		t.Error("a repeated record changed something")
	}
}

func TestPT04_WhoseWordCounts(t *testing.T) {
	h := newHouse(t)
	said := func(at clock.Instant, occupation, address string) Outcome {
		return h.apply(Feed{OccurredAt: at, Name: text("王丽"), Occupation: &occupation, Address: &address, Identifiers: []Identifier{his(identity.KindOutpatient, "1")}})
	}
	id := said(10, "工人", "A路").ID
	p, err := h.Find(h.admin, id)
	h.must(err)
	p, err = h.Update(h.admin, id, Patch{Version: p.Version, Occupation: text("教师")})
	h.must(err)
	if o := said(20, "工人", "A路"); o.Verdict != VerdictUnchanged {
		t.Errorf("a repeated word beat the hand: %+v", o)
	}
	o := said(30, "医生", "B路")
	if strings.Join(o.Changed, " ") != "address" || strings.Join(o.Held, " ") != "occupation" {
		t.Errorf("changed %v held %v, want the address changed and the occupation held", o.Changed, o.Held)
	}
	p, err = h.Find(h.admin, id)
	if h.must(err); p.Occupation != "教师" || len(p.Proposals) != 1 || p.Proposals[0].Value != "医生" {
		t.Errorf("%q with proposals %+v", p.Occupation, p.Proposals)
	}
	if o := said(25, "农民", "C路"); o.Verdict != VerdictUnchanged {
		t.Errorf("an older record overwrote: %+v", o)
	}
	p, err = h.Decide(h.admin, id, p.Proposals[0].ID, true)
	if h.must(err); p.Occupation != "医生" || len(p.Proposals) != 0 {
		t.Errorf("after accepting: %q %+v", p.Occupation, p.Proposals)
	}
	empty := ""
	if o := h.apply(Feed{OccurredAt: 40, Address: &empty, Identifiers: []Identifier{his(identity.KindOutpatient, "1")}}); strings.Join(o.Changed, " ") != "address" {
		t.Errorf("an explicit delete: %+v", o)
	}
}

func TestPT04_ARemovedNumberStaysAway(t *testing.T) {
	h := newHouse(t)
	f := Feed{OccurredAt: 10, Name: text("王丽"), Telecoms: []ContactInput{phone("15412345678")}, Identifiers: []Identifier{his(identity.KindOutpatient, "1")}}
	id := h.apply(f).ID
	p, err := h.Find(h.admin, id)
	h.must(err)
	_, err = h.RemoveContact(h.admin, id, p.Contacts[0].ID)
	h.must(err)
	f.OccurredAt, f.Occupation = 20, text("教师")
	if o := h.apply(f); strings.Join(o.Changed, " ") != "occupation" {
		t.Errorf("changed %v, want the occupation only", o.Changed)
	}
	f.OccurredAt, f.Telecoms = 30, append(f.Telecoms, phone("15487654321"))
	if o := h.apply(f); strings.Join(o.Changed, " ") != "contacts" {
		t.Errorf("changed %v, want the new number", o.Changed)
	}
	if c, err := h.BestMobile(h.admin, id); err != nil || c.Number != "15487654321" {
		t.Errorf("best mobile %v %v", c, err)
	}
}

func TestPT03_NumbersMergeBeforeTheyAreKnown(t *testing.T) {
	from, into := []Identifier{his(identity.KindOutpatient, "old")}, []Identifier{his(identity.KindOutpatient, "new")}
	feed := func(n Identifier) Feed { return Feed{Name: text("王丽"), Identifiers: []Identifier{n}} }
	merge := func(h house) Outcome {
		o, err := h.MergeNumbers(h.admin, from, into, 5)
		h.must(err)
		return o
	}
	for name, steps := range map[string]func(h house) (a, b ID){
		"merge first":            func(h house) (a, b ID) { merge(h); return h.apply(feed(from[0])).ID, h.apply(feed(into[0])).ID },
		"merge first, new first": func(h house) (a, b ID) { merge(h); return h.apply(feed(into[0])).ID, h.apply(feed(from[0])).ID },
		"old known":              func(h house) (a, b ID) { a = h.apply(feed(from[0])).ID; merge(h); return a, h.apply(feed(into[0])).ID },
		"new known":              func(h house) (a, b ID) { a = h.apply(feed(into[0])).ID; merge(h); return a, h.apply(feed(from[0])).ID },
		"both known": func(h house) (a, b ID) {
			h.apply(feed(from[0]))
			a = h.apply(Feed{Name: text("李强"), Identifiers: into}).ID
			merge(h)
			return a, h.apply(Feed{Name: text("李强"), Identifiers: from}).ID
		},
	} {
		h := newHouse(t)
		a, b := steps(h)
		if a == 0 || a != b {
			t.Errorf("%s: %v and %v are two", name, a, b)
		}
		if o := merge(h); o.Verdict != VerdictUnchanged {
			t.Errorf("%s: the merge again gives %+v", name, o)
		}
		if n := h.count("select count(*) from patient_patient where merged_into is null"); n != 1 {
			t.Errorf("%s: %d patients stand, want 1", name, n)
		}
	}
	h := newHouse(t)
	o, err := h.MergeNumbers(h.admin, []Identifier{{Kind: identity.KindOutpatient, Issuer: "LIS", Value: "1"}}, into, 5)
	if h.must(err); o.Verdict != VerdictReview || o.Code != CodeIssuer {
		t.Errorf("no common authority: %+v", o)
	}
}

func TestPT03_NewbornsAndTwinsStayApart(t *testing.T) {
	h := newHouse(t)
	base := Feed{Sex: text("F"), BirthDate: text("2026-11-20"), Telecoms: []ContactInput{phone("15412345678")}, Address: text("山东省济南市历下区文化路12号")}
	mother := h.apply(Feed{Name: text("王丽"), Sex: text("F"), BirthDate: text("1990-03-05"), Telecoms: base.Telecoms, Address: base.Address, Identifiers: []Identifier{his(identity.KindInpatient, "1")}}).ID
	child := base
	child.Name, child.Identifiers = text("王丽之女"), []Identifier{his(identity.KindInpatient, "2")}
	c := h.apply(child)
	if c.Verdict != VerdictNew || c.ID == mother {
		t.Errorf("the new-born: %+v", c)
	}
	twin := base
	twin.Name, twin.Identifiers = text("王丽之子"), []Identifier{his(identity.KindInpatient, "3")}
	twin.Sex = text("M")
	if o := h.apply(twin); o.Verdict == VerdictUpdated {
		t.Errorf("the twin was joined to %v: %+v", o.ID, o)
	}
	if m, err := h.Judge(h.admin, child); err != nil || m.Verdict != VerdictUnchanged || m.ID != c.ID {
		t.Errorf("the new-born again: %+v %v", m, err)
	}
	if !strings.Contains(string(match.Auto), "auto") {
		t.Error("zone")
	}
}

func TestPT03_PlaceholdersJoinNobody(t *testing.T) {
	h := newHouse(t)
	for _, n := range []string{"王丽", "李强"} {
		o := h.apply(Feed{Name: &n, Telecoms: []ContactInput{phone("13800000000"), phone("11111111111")}, Identifiers: []Identifier{his(identity.KindOutpatient, "000000"), {Kind: identity.KindIDCard, Value: "无"}, his(identity.KindCard, "未提供")}})
		if o.Verdict != VerdictNew {
			t.Errorf("%s: %+v", n, o)
		}
	}
	if n := h.count("select count(*) from patient_contact") + h.count("select count(*) from patient_identifier"); n != 0 {
		t.Errorf("%d placeholders were kept", n)
	}
}
