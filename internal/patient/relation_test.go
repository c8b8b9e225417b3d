package patient

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/fault"
)

// family is a mother with a mobile, her child with another, and a caller who may see the child only.
func family(t *testing.T) (h house, mother, child ID) {
	h = newHouse(t)
	mother = h.create(Draft{Name: "王丽", Sex: "female", BirthDate: "1990-03-05", Contacts: []ContactInput{phone("15412345678")}})
	child = h.create(Draft{Name: "李小宝", Sex: "male", BirthDate: "2020-05-01", Contacts: []ContactInput{phone("15487654321")}})
	return h, mother, child
}

func (h house) relate(id ID, in RelationInput) RelationID {
	h.t.Helper()
	r, err := h.Relate(h.admin, id, in)
	h.must(err)
	return r
}

func (h house) relatives(id ID) []Relative {
	h.t.Helper()
	rs, err := h.Relatives(h.admin, id)
	h.must(err)
	return rs
}

func TestPT17_RelationIsSeenFromBothSides(t *testing.T) {
	h, mother, child := family(t)
	id := h.relate(child, RelationInput{Kind: "mother", RelativeID: mother, Household: true})
	if again := h.relate(child, RelationInput{Kind: "mother", RelativeID: mother}); again != id {
		t.Error("the same relation twice")
	}
	up, down := h.relatives(child), h.relatives(mother)
	if len(up) != 1 || up[0].Kind != "mother" || up[0].Name != "王丽" || up[0].Phone != "154****5678" || !up[0].InScope {
		t.Errorf("from the child: %+v", up)
	}
	if len(down) != 1 || down[0].Kind != "son" || down[0].RelativeID != child || !down[0].Household {
		t.Errorf("from the mother: %+v", down)
	}
	h.must(h.UpdateRelation(h.admin, child, id, RelationInput{Kind: "guardian", Version: up[0].Version}))
	if down = h.relatives(mother); down[0].Kind != "ward" || down[0].Household {
		t.Errorf("the other side did not follow: %+v", down)
	}
	wantFault(t, h.UpdateRelation(h.admin, child, id, RelationInput{Kind: "mother", Version: up[0].Version}), fault.Conflict, "db.version.conflict")
	h.must(h.Unrelate(h.admin, mother, down[0].ID))
	if len(h.relatives(child))+len(h.relatives(mother)) != 0 {
		t.Error("one side is left")
	}
	_, err := h.Relate(h.admin, child, RelationInput{Kind: "mother", RelativeID: child})
	wantFault(t, err, fault.Invalid, "patient.patient.invalid")
	_, err = h.Relate(h.admin, child, RelationInput{Kind: "grandparent", Name: "王奶奶", Care: true})
	wantFault(t, err, fault.Invalid, "patient.patient.invalid")
}

func TestPT17_CareGoesToTheDesignatedRelative(t *testing.T) {
	h, mother, child := family(t)
	reach := func(purpose string) Reach {
		r, err := h.ReachFor(h.admin, child, purpose)
		h.must(err)
		return r
	}
	if r := reach("care"); r.Contact.Number != "15487654321" || r.Greeting("李小宝") != "李小宝" {
		t.Errorf("without a designation: %+v", r)
	}
	id := h.relate(child, RelationInput{Kind: "mother", RelativeID: mother, Care: true})
	for purpose, want := range map[string]string{"care": "15412345678", "survey": "15412345678", "notice": "15487654321", "promotion": "15487654321"} {
		if r := reach(purpose); r.Contact.Number != want {
			t.Errorf("%s goes to %s", purpose, r.Contact.Number)
		}
	}
	if r := reach("care"); r.Greeting("李小宝") != "李小宝妈妈" || r.RelativeID != mother || r.Name != "王丽" || r.Contact.Owner != "mother" {
		t.Errorf("%+v", r)
	}
	if c, err := h.BestMobile(h.admin, child); err != nil || c.Number != "15412345678" {
		t.Error("what asks for the best mobile must get the mother's", c.Number, err)
	}
	number, _, err := h.RevealReach(h.admin, child, "回访", "tk_1")
	if err != nil || number != "15412345678" {
		t.Error(number, err)
	}
	h.relate(child, RelationInput{Kind: "grandparent", Name: "王奶奶", Phone: "0531-88887777", Care: true})
	if r := reach("care"); r.Contact.Number != "053188887777" || r.Greeting("李小宝") != "李小宝家属" {
		t.Errorf("the grandmother takes the mother's place: %+v", r)
	}
	for _, r := range h.relatives(child) {
		if r.ID == id && r.Care {
			t.Error("two are designated for care")
		}
	}
	h.must(h.MarkWrong(h.admin, "053188887777", "wrong"))
	if r := reach("care"); r.Contact.Number != "15487654321" {
		t.Errorf("with a wrong number it goes to the patient: %+v", r)
	}
}

func TestPT17_NobodyElseIsReachedWhenTheRelativeCannotBe(t *testing.T) {
	h, mother, child := family(t)
	h.relate(child, RelationInput{Kind: "mother", RelativeID: mother, Care: true, Notice: true})
	p, err := h.Find(h.admin, mother)
	h.must(err)
	day := "2026-11-01"
	_, err = h.Update(h.admin, mother, Patch{Version: p.Version, DeceasedAt: &day})
	h.must(err)
	if r, err := h.ReachFor(h.admin, child, "care"); err != nil || r.Contact.Number != "15487654321" || r.Relation != "" {
		t.Errorf("a dead mother is not called: %+v %v", r, err)
	}
}

func TestPT17_OutOfScopeOnlyNameAndRelation(t *testing.T) {
	h, mother, child := family(t)
	h.relate(child, RelationInput{Kind: "mother", RelativeID: mother, Household: true, Note: "离异"})
	h.must(h.Grant(h.admin, child, Access{Kind: "staff", Key: 9, Role: "owner"}))
	nurse := as(9, access.Grant{Reach: "own"})
	rs, err := h.Relatives(nurse, child)
	h.must(err)
	if x := rs[0]; x.Name != "王丽" || x.Kind != "mother" || x.InScope || x.Phone != "" || x.RelativeID != 0 || x.Note != "" || x.Age != 0 {
		t.Errorf("told too much: %+v", x)
	}
	_, err = h.Relatives(nurse, mother)
	wantFault(t, err, fault.NotFound, "db.row.missing")
	_, err = h.Relate(nurse, child, RelationInput{Kind: "mother", RelativeID: mother})
	wantFault(t, err, fault.NotFound, "db.row.missing")
}

func TestPT17_HouseholdOverSeveralRelations(t *testing.T) {
	h, mother, child := family(t)
	father := h.create(Draft{Name: "李强", Sex: "male", BirthDate: "1988-01-01"})
	stranger := h.create(Draft{Name: "赵远", Sex: "male", BirthDate: "1955-01-01"})
	h.relate(child, RelationInput{Kind: "mother", RelativeID: mother, Household: true})
	h.relate(mother, RelationInput{Kind: "spouse", RelativeID: father, Household: true})
	h.relate(mother, RelationInput{Kind: "father", RelativeID: stranger})
	h.relate(child, RelationInput{Kind: "carer", Name: "张阿姨", Household: true})
	ms, err := h.Household(h.admin, child)
	h.must(err)
	got := ""
	for _, m := range ms {
		got += m.Name + ":" + m.Via + " "
	}
	if got != "李小宝: 王丽:mother 张阿姨:carer 李强:indirect " {
		t.Error(got)
	}
	h.must(h.Grant(h.admin, child, Access{Kind: "staff", Key: 9, Role: "owner"}))
	if ms, err = h.Household(as(9, access.Grant{Reach: "own"}), child); err != nil || len(ms) != 3 {
		t.Errorf("beyond a relative out of scope nothing is told: %d %v", len(ms), err)
	}
}

func TestPT17_NewbornIsLinkedToTheOneMother(t *testing.T) {
	h, mother, _ := family(t)
	newborn := h.create(Draft{Name: "王丽之女", Sex: "female", BirthDate: "2026-11-20", Contacts: []ContactInput{phone("15412345678")}})
	if rs := h.relatives(newborn); len(rs) != 1 || rs[0].RelativeID != mother || !rs[0].Care || rs[0].Kind != "mother" {
		t.Errorf("%+v", rs)
	}
	if r, err := h.ReachFor(h.admin, newborn, "care"); err != nil || r.RelativeID != mother {
		t.Error(r, err)
	}
	h.create(Draft{Name: "王丽", Sex: "female", BirthDate: "1970-03-05", Contacts: []ContactInput{phone("15412345678")}})
	unsure := h.create(Draft{Name: "王丽之子", Sex: "male", BirthDate: "2026-11-20", Contacts: []ContactInput{phone("15412345678")}})
	if rs := h.relatives(unsure); len(rs) != 0 {
		t.Errorf("two women fit and one was guessed: %+v", rs)
	}
}

func TestPT17_RelationsFollowMergesAndComeBack(t *testing.T) {
	h, mother, child := family(t)
	double := h.create(Draft{Name: "王丽", Sex: "female", BirthDate: "1990-03-05", Contacts: []ContactInput{phone("15400001111")}})
	h.relate(child, RelationInput{Kind: "mother", RelativeID: double, Care: true})
	m, err := h.Merge(h.admin, mother, double, "同一人")
	h.must(err)
	if rs := h.relatives(child); len(rs) != 1 || rs[0].RelativeID != mother {
		t.Errorf("%+v", rs)
	}
	if rs := h.relatives(mother); len(rs) != 1 || rs[0].RelativeID != child {
		t.Errorf("%+v", rs)
	}
	again := h.relate(child, RelationInput{Kind: "mother", RelativeID: mother})
	if rs := h.relatives(child); len(rs) != 1 || rs[0].ID != again {
		t.Errorf("one relation, told twice: %+v", rs)
	}
	_, err = h.Unmerge(h.admin, m)
	h.must(err)
	if rs := h.relatives(double); len(rs) != 1 || rs[0].RelativeID != child {
		t.Errorf("after undoing: %+v", rs)
	}
}

func TestPT05_PartsAddUpAtEveryLevel(t *testing.T) {
	h := newHouse(t)
	r := rand.New(rand.NewPCG(7, 7))
	codes := []string{"", "370000", "370100", "370102", "370102", "370103", "370200", "110101", "110105", "659001", "999999", "37"}
	streets := []string{"泉城路街道1号", "姚家街道2号", "无名路3号"}
	for i := range 240 {
		c := codes[r.IntN(len(codes))]
		id := h.create(Draft{Name: "区域患者", Sex: "male", BirthDate: "1970-01-01"})
		h.set(id, c, "山东省济南市历下区"+streets[r.IntN(len(streets))])
		if i%2 == 0 {
			h.must(h.Grant(h.admin, id, Access{Kind: "staff", Key: 9, Role: "owner"}))
		}
	}
	for staff, ctx := range map[string]access.Grant{"all": {Reach: "all", Unassigned: true}, "own": {Reach: "own"}} {
		caller := as(9, ctx)
		total, err := h.Count(caller, Filter{})
		h.must(err)
		whole, err := h.ByRegion(caller, "")
		h.must(err)
		if whole.Patients != total.Value {
			t.Errorf("%s: the country has %d of %d", staff, whole.Patients, total.Value)
		}
		deepest := 0
		var walk func(part RegionPart, depth int)
		walk = func(part RegionPart, depth int) {
			if !part.Deeper {
				return
			}
			deepest = max(deepest, depth)
			below, err := h.ByRegion(caller, part.Code)
			h.must(err)
			if below.Patients != part.Patients {
				t.Errorf("%s: %s has %d, its parts %d", staff, part.Code, part.Patients, below.Patients)
			}
			for _, p := range below.Parts {
				walk(p, depth+1)
			}
		}
		for _, p := range whole.Parts {
			walk(p, 1)
		}
		if deepest != 3 {
			t.Errorf("%s: looked into %d levels, want province, prefecture and county", staff, deepest)
		}
	}
	_, err := h.ByRegion(h.admin, "12345")
	wantFault(t, err, fault.Invalid, "patient.patient.invalid")
}

func TestPT35_OneKeyConfirmsTheNumberThatWasCalled(t *testing.T) {
	h, mother, child := family(t)
	h.relate(child, RelationInput{Kind: "mother", RelativeID: mother, Care: true})
	share := func() Freshness {
		f, err := h.Freshness(h.admin)
		h.must(err)
		return f
	}
	if f := share(); f != (Freshness{Points: 2, Never: 2, Days: 365}) {
		t.Errorf("%+v", f)
	}
	r, err := h.ConfirmReach(h.admin, child)
	h.must(err)
	if r.Contact.Number != "15412345678" {
		t.Error("confirmed the wrong number")
	}
	p, err := h.Find(h.admin, mother)
	if h.must(err); p.Contacts[0].State != ContactOK {
		t.Error("the mother's number is not verified")
	}
	if f := share(); f.Fresh != 1 || f.Never != 1 {
		t.Errorf("%+v", f)
	}
	h.clock.Advance(366 * 24 * time.Hour)
	if f := share(); f.Fresh != 0 || f.Old != 1 {
		t.Errorf("after a year: %+v", f)
	}
	_, err = h.UnconfirmReach(h.admin, child, 0)
	h.must(err)
	if f := share(); f.Never != 2 {
		t.Errorf("taken back: %+v", f)
	}
	h.must(h.MarkWrong(h.admin, "15412345678", "wrong"))
	if f := share(); f.Wrong != 1 {
		t.Errorf("%+v", f)
	}
	if r, err := h.ReachFor(h.admin, child, "care"); err != nil || r.Contact.Number != "15487654321" {
		t.Error("a wrong mark keeps", r.Contact.Number, err)
	}
}

// set puts a patient into a region as a feed may have told it.
func (h house) set(id ID, code, address string) {
	h.t.Helper()
	h.must(h.DB.Tx(h.admin, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `update patient_patient set region_code = $1, address = $2 where id = $3`, code, address, id)
		return err
	}))
}
