package organization

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"renxin/internal/patient"
	"renxin/internal/platform/access"
	"renxin/internal/platform/db"
	"renxin/internal/platform/db/dbtest"
	"renxin/internal/platform/event"
	"renxin/internal/platform/fault"
	"renxin/internal/platform/trail"
	"renxin/internal/setting"
)

type house struct {
	*Service
	t   testing.TB
	ctx context.Context
}

func open(t testing.TB) *house {
	t.Helper()
	d, _ := dbtest.New(t)
	b, l := event.NewBoard(d), trail.New(d)
	se := setting.New(setting.Deps{DB: d, Board: b, Trail: l})
	pa := patient.New(patient.Deps{DB: d, Board: b, Trail: l, Setting: se})
	return &house{New(Deps{DB: d, Board: b, Trail: l, Patient: pa}), t, access.AsSystem(context.Background(), "test")}
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) organization(name string) ID {
	h.t.Helper()
	id, err := h.Create(h.ctx, Input{Kind: "employer", Name: name})
	h.must(err)
	return id
}

func (h *house) person(name, number string) patient.ID {
	h.t.Helper()
	id, err := h.Patient.Create(h.ctx, patient.Draft{Name: name, Sex: "female", BirthDate: "1980-05-06", Identifiers: []patient.IdentifierInput{{Kind: "outpatient", Issuer: "HIS", Value: number}}})
	h.must(err)
	return id
}

// as gives somebody who sees their own patients only.
func as(staff int64) context.Context {
	return access.With(context.Background(), access.Person(staff, "员工", append(Permissions, patient.Permissions...), access.Build(access.Grant{Reach: "own", StaffID: staff})))
}

func TestPT19_FoundByNamePinyinInitialsAndCode(t *testing.T) {
	h := open(t)
	id, err := h.Create(h.ctx, Input{Kind: "insurer", Name: "平安健康保险", Code: "PA01", Address: "山东省济南市历下区文化路"})
	h.must(err)
	h.organization("第一机床厂")
	for _, text := range []string{"平安", "pingan", "PAJK", "pa0"} {
		page, err := h.List(h.ctx, Filter{Text: text})
		h.must(err)
		if len(page.Items) != 1 || page.Items[0].ID != id || page.Items[0].RegionCode != "370102" {
			t.Errorf("%s: %+v", text, page.Items)
		}
	}
	if _, err := h.Create(h.ctx, Input{Kind: "other", Name: "平安健康保险"}); !fault.Is(err, fault.Conflict) {
		t.Error(err)
	}
	h.must(h.Remove(h.ctx, id))
	if _, err := h.Find(h.ctx, id); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	h.must(h.Restore(h.ctx, id))
}

func TestPT19_CardHoldsContractContactsAndVisits(t *testing.T) {
	h := open(t)
	id := h.organization("第一机床厂")
	old, err := h.SaveContract(h.ctx, id, Contract{Title: "2025 年体检合同", ValidFrom: "2025-01-01", ValidTo: "2025-12-31", AmountFen: 1_200_000})
	h.must(err)
	_, err = h.SaveContract(h.ctx, id, Contract{Title: "2026 年体检合同", ValidFrom: "2026-01-01", Terms: "八折"})
	h.must(err)
	first, err := h.SaveContact(h.ctx, id, Contact{Name: "赵工", Phone: "0531-88880000", Main: true})
	h.must(err)
	_, err = h.SaveContact(h.ctx, id, Contact{Name: "钱主任", Main: true})
	h.must(err)
	_, err = h.LogCall(h.ctx, id, Call{Kind: "visit", Text: "谈体检套餐", NextDate: "2026-12-01"})
	h.must(err)
	c, err := h.Card(h.ctx, id)
	h.must(err)
	if len(c.Contracts) != 2 || !c.Contracts[0].Current || c.Contracts[1].Current || len(c.Calls) != 1 || c.Contacts[0].Name != "钱主任" || c.Contacts[1].Main {
		t.Errorf("%+v", c)
	}
	h.must(h.RemoveContact(h.ctx, id, first))
	_, err = h.SaveContract(h.ctx, id, Contract{ID: old, Version: 1, Title: "旧合同", ValidFrom: "2025-01-01"})
	h.must(err)
	if _, err = h.SaveContract(h.ctx, id, Contract{ID: old, Version: 1, Title: "旧合同", ValidFrom: "2025-01-01"}); !fault.Is(err, fault.Conflict) {
		t.Error(err)
	}
	for _, bad := range []Contract{{ValidFrom: "2025-01-01"}, {Title: "x"}, {Title: "x", ValidFrom: "2025-02-01", ValidTo: "2025-01-01"}, {Title: "x", ValidFrom: "2025-02-01", AmountFen: -1}} {
		if _, err = h.SaveContract(h.ctx, id, bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func TestPT19_MembersAreScoped(t *testing.T) {
	h := open(t)
	id := h.organization("第一机床厂")
	mine, foreign := h.person("王丽", "1001"), h.person("李强", "1002")
	h.must(h.Patient.Grant(h.ctx, mine, patient.Access{Kind: "staff", Key: 9, Role: "owner"}))
	for _, p := range []patient.ID{mine, foreign} {
		h.must(h.SetMember(h.ctx, id, p, MemberInput{Role: "employee"}))
	}
	counts, err := h.Counts(as(9), []ID{id})
	h.must(err)
	page, err := h.Members(as(9), MemberFilter{OrganizationID: id})
	h.must(err)
	if counts[id].Members != 1 || page.Total.Value != 1 || len(page.Items) != 1 || page.Items[0].PatientID != mine {
		t.Errorf("counted %+v, listed %+v", counts[id], page)
	}
	found, err := h.Members(as(9), MemberFilter{OrganizationID: id, Text: "李强"})
	h.must(err)
	if len(found.Items) != 0 {
		t.Error("a search finds who is out of scope")
	}
	if err := h.SetMember(as(9), id, foreign, MemberInput{}); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	if _, err := h.Of(as(9), foreign); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	roll, err := h.Enlist(as(9), id, "1002\n", MemberInput{})
	h.must(err)
	if len(roll.Missing) != 1 || roll.Missing[0].Verdict != NotFound {
		t.Errorf("a list tells of who is out of scope: %+v", roll)
	}
}

func TestPT19_ListOfNumbersMakesMembers(t *testing.T) {
	h := open(t)
	id := h.organization("第一机床厂")
	one, two := h.person("王丽", "1001"), h.person("李强", "1002")
	for _, issuer := range []string{"A", "B"} {
		_, err := h.Patient.Create(h.ctx, patient.Draft{Name: "同号" + issuer, Sex: "male", BirthDate: "1980-05-06", Identifiers: []patient.IdentifierInput{{Kind: "card", Issuer: issuer, Value: "7777"}}})
		h.must(err)
	}
	list := " 1001\tG-1 \r\n\n1002，G-2\n9999\n7777"
	roll, err := h.Enlist(h.ctx, id, list, MemberInput{Role: "employee", ValidTo: "2026-12-31"})
	h.must(err)
	if roll.Added != 2 || fmt.Sprint(roll.Missing) != "[{4 9999 not_found} {5 7777 ambiguous}]" {
		t.Errorf("%+v", roll)
	}
	if roll, err = h.Enlist(h.ctx, id, list, MemberInput{Role: "employee", ValidTo: "2026-12-31"}); err != nil || roll.Added != 0 || roll.Already != 2 {
		t.Errorf("the same list again: %+v %v", roll, err)
	}
	page, err := h.Members(h.ctx, MemberFilter{OrganizationID: id})
	h.must(err)
	if len(page.Items) != 2 || page.Items[0].PatientID != one || page.Items[0].Number != "G-1" || page.Items[1].Role != "employee" {
		t.Errorf("%+v", page.Items)
	}
	h.must(h.SetMember(h.ctx, id, two, MemberInput{Role: "retired", ValidFrom: "2026-01-01", ValidTo: "2026-11-22"}))
	former, err := h.Members(h.ctx, MemberFilter{OrganizationID: id, Former: true})
	h.must(err)
	of, err := h.Of(h.ctx, two)
	h.must(err)
	if len(former.Items) != 1 || former.Items[0].PatientID != two || len(of) != 1 || !of[0].Former {
		t.Errorf("%+v %+v", former.Items, of)
	}
	if _, err := h.Enlist(h.ctx, id, strings.Repeat("1\n", mostLines+1), MemberInput{}); !fault.Is(err, fault.TooLarge) {
		t.Error(err)
	}
}

// A list of 50,000 is walked from end to end by its cursor: every member once, in order, and a page deep inside uses the index.
func TestPT19_FiftyThousandMembersPageByKeyset(t *testing.T) {
	h := open(t)
	id := h.organization("第一机床厂")
	const n = 50_000
	h.fill(id, n)
	seen, last, pages := 0, "", 0
	f := MemberFilter{OrganizationID: id, Limit: 200}
	for {
		page, err := h.Members(h.ctx, f)
		h.must(err)
		if page.Total.Value != db.CountCap || page.Total.Exact {
			t.Fatalf("%+v", page.Total)
		}
		for _, m := range page.Items {
			if m.Number <= last {
				t.Fatalf("%s after %s", m.Number, last)
			}
			last, seen = m.Number, seen+1
		}
		if pages++; page.Next == "" {
			break
		}
		f.Cursor = page.Next
	}
	if seen != n || pages != n/200 {
		t.Errorf("%d members on %d pages", seen, pages)
	}
	counts, err := h.Counts(h.ctx, []ID{id})
	h.must(err)
	if counts[id].Members != n {
		t.Errorf("counted %d", counts[id].Members)
	}
}

// fill makes n members by bulk.
func (h *house) fill(id ID, n int) {
	h.t.Helper()
	for from := 0; from < n; from += 2000 {
		h.must(h.DB.Tx(h.ctx, func(ctx context.Context, tx *db.Tx) error {
			patients, members := make([][]any, 0, 2000), make([][]any, 0, 2000)
			for i := from; i < min(from+2000, n); i++ {
				p := h.DB.NextID()
				patients = append(patients, []any{p, fmt.Sprint("成员", i), "chengyuan", "male", "1980-01-01", "", "", "", "", "", "", "", "", "", tx.Now, tx.Now, 0, tx.Now, 1})
				members = append(members, []any{p, id, "employee", fmt.Sprintf("N%06d", i), "", "2026-01-01", "", tx.Now, tx.Now, 1})
			}
			if err := tx.Insert(ctx, "patient_patient", "id, name, pinyin, sex, birth_date, occupation, ethnicity, marital, address, region_code, source, note, alert, deceased_at, created_at, updated_at, met_at, seen_at, version", patients); err != nil {
				return err
			}
			return tx.Insert(ctx, "organization_member", "patient_id, organization_id, role, number, unit, valid_from, valid_to, created_at, updated_at, version", members)
		}))
	}
}
