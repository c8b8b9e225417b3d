package patient

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"renxin/internal/identity"
	"renxin/internal/platform/access"
	"renxin/internal/platform/clock"
)

// known records people one after the other, each seen later than the one before.
func (h house) known(people ...Draft) map[string]ID {
	out := map[string]ID{}
	for _, d := range people {
		h.clock.Advance(time.Minute)
		out[d.Name] = h.create(d)
	}
	return out
}

func mobile(n string) []ContactInput {
	return []ContactInput{{System: "mobile", Value: n, Owner: "self"}}
}

func (h house) picked(ctx context.Context, text string) string {
	h.t.Helper()
	hits, err := h.Pick(ctx, text, 20)
	h.must(err)
	var out []string
	for _, x := range hits {
		out = append(out, x.Name)
	}
	return strings.Join(out, " ")
}

func TestSY24_TheBestFitStandsFirst(t *testing.T) {
	h := newHouse(t)
	h.known(
		Draft{Name: "张伟", Contacts: mobile("15400001111")},
		Draft{Name: "曾丽", Contacts: mobile("15412341234")},
		Draft{Name: "单雄信", Contacts: mobile("15400005678")},
		Draft{Name: "张薇红"}, Draft{Name: "周文文"}, Draft{Name: "李志文"}, Draft{Name: "张伟民"},
		Draft{Name: "王一", Contacts: mobile("15412340000")},
		Draft{Name: "王二", Identifiers: []IdentifierInput{{Kind: "outpatient", Issuer: "HIS", Value: "991234"}}},
		Draft{Name: "王三", Identifiers: []IdentifierInput{{Kind: "card", Issuer: "HIS", Value: "7712348"}}},
	)
	for _, c := range []struct{ text, want string }{
		{"zw", "张伟 张伟民 李志文 周文文 张薇红"}, // whole initials first
		{"张伟", "张伟 张伟民"},
		{"伟", "张伟 张伟民"},
		{"zhangwei", "张伟 张伟民 张薇红"},
		{"zhang wei", "张伟 张伟民 张薇红"},
		{"zeng", "曾丽"}, // a surname is read as a surname
		{"shan", "单雄信"},
		{"1234", "曾丽 王二 王三 王一"}, // the end of a telephone number, another end, inside
		{"12341234", "曾丽"},
		{"15412341234", "曾丽"},
		{"4123", "王一 曾丽"},
		{"7123", "王三"}, // digits anywhere in a number
		{"张 5678", ""},
		{"单 5678", "单雄信"},
		{"xx", "单雄信"}, // initials from the second character on
		{"", ""}, {"查无此人", ""},
	} {
		if got := h.picked(h.admin, c.text); got != c.want {
			t.Errorf("%q finds %q, want %q", c.text, got, c.want)
		}
		if c.text == "" {
			continue
		}
		if list := h.names(h.admin, Filter{Text: c.text}); list != c.want {
			t.Errorf("the list finds %q for %q, the picker %q", list, c.text, c.want)
		}
	}
}

func TestSY24_EveryHitSaysWhyAndShowsNothingMore(t *testing.T) {
	h := newHouse(t)
	h.known(Draft{Name: "欧阳明月", Contacts: mobile("15412348888"), Identifiers: []IdentifierInput{{Kind: "id_card", Value: "110100199003078543"}, {Kind: "outpatient", Issuer: "HIS", Value: "M0012399"}}})
	for _, c := range []struct {
		text string
		want Match
	}{
		{"阳明", Match{"name", "欧阳明月", "", 1, 3}},
		{"ouyang", Match{"reading", "欧阳明月", "ouyang mingyue", 0, 2}},
		{"mingy", Match{"reading", "欧阳明月", "ouyang mingyue", 2, 4}},
		{"oymy", Match{"initials", "欧阳明月", "ouyang mingyue", 0, 4}},
		{"my", Match{"initials", "欧阳明月", "ouyang mingyue", 2, 4}},
		{"8888", Match{"mobile", "154****8888", "", 7, 11}},
		{"1234", Match{"mobile", "154****8888", "", 3, 7}},
		{"8543", Match{"id_card", "110***********8543", "", 14, 18}},
		{"0123", Match{"outpatient", "M0012399", "", 2, 6}},
	} {
		hits, err := h.Pick(h.admin, c.text, 5)
		h.must(err)
		if len(hits) != 1 || len(hits[0].Why) != 1 || hits[0].Why[0] != c.want {
			t.Errorf("%q: %+v, want %+v", c.text, hits, c.want)
		}
		page, err := h.List(h.admin, Filter{Text: c.text})
		h.must(err)
		if len(page.Items) != 1 || len(page.Items[0].Why) != 1 || page.Items[0].Why[0] != c.want {
			t.Errorf("%q in the list: %+v", c.text, page.Items)
		}
	}
	all, err := h.List(h.admin, Filter{})
	h.must(err)
	if len(all.Items) != 1 || all.Items[0].Why != nil {
		t.Error("without a search there is nothing to explain")
	}
}

func TestSY24_PagesOfASearchGoOnWhereTheyEnded(t *testing.T) {
	h := newHouse(t)
	var people []Draft
	for i := range 23 {
		people = append(people, Draft{Name: "张" + string(rune('一'+i)), Contacts: mobile(fmt.Sprintf("154%04d%04d", i, 9000+i%3))})
	}
	h.known(people...)
	for _, text := range []string{"张", "9001", "z"} {
		whole, err := h.List(h.admin, Filter{Text: text, Limit: 200})
		h.must(err)
		var pages []string
		for f := (Filter{Text: text, Limit: 4}); ; {
			p, err := h.List(h.admin, f)
			h.must(err)
			for _, e := range p.Items {
				pages = append(pages, e.Name)
			}
			if len(pages) == 8 { // somebody of the page shown leaves the list meanwhile
				h.must(h.Visible(h.admin, p.Items[0].ID))
			}
			if f.Cursor = p.Next; f.Cursor == "" {
				break
			}
		}
		if len(whole.Items) < 7 || len(pages) != len(whole.Items) {
			t.Fatalf("%q: %d on pages, %d in one", text, len(pages), len(whole.Items))
		}
		for i, e := range whole.Items {
			if pages[i] != e.Name {
				t.Errorf("%q: place %d is %s, on pages %s", text, i, e.Name, pages[i])
			}
		}
	}
}

func TestSY24_APickerFindsNobodyOutOfScope(t *testing.T) {
	h := newHouse(t)
	ids := h.known(Draft{Name: "张伟", Contacts: mobile("15400001111")}, Draft{Name: "张薇", Contacts: mobile("15400002222")})
	h.must(h.Grant(h.admin, ids["张薇"], Access{Kind: "staff", Key: 9, Role: "nurse"}))
	nurse := as(9, access.Grant{Reach: "own"})
	for _, text := range []string{"zw", "张", "zhang", "1111", "2222", "z"} {
		if got := h.picked(nurse, text); strings.Contains(got, "张伟") || text != "1111" && got != "张薇" {
			t.Errorf("%q shows the nurse %q", text, got)
		}
	}
}

// A word that thousands have must not hide the few patients whom somebody with a narrow scope may see.
func TestSY24_BroadWordsFindTheFewOfANarrowScope(t *testing.T) {
	h := newHouse(t)
	var many []LoadRow
	for i := range 3200 {
		many = append(many, LoadRow{Patient: Patient{Name: "王安", Sex: identity.Female, CreatedAt: clock.Instant(i + 1)}})
	}
	h.must(h.Load(h.admin, many))
	h.must(h.Load(h.admin, []LoadRow{{Patient: Patient{Name: "吴越", Sex: identity.Female, CreatedAt: 1}, Access: []Access{{Kind: "staff", Key: 900001, Role: "owner"}}}}))
	nurse := as(900001, access.Grant{Reach: "own"})
	hits, err := h.Pick(nurse, "w", 10)
	if h.must(err); len(hits) != 1 || hits[0].Name != "吴越" {
		t.Errorf("the picker finds %d", len(hits))
	}
	page, err := h.List(nurse, Filter{Text: "w"})
	if h.must(err); len(page.Items) != 1 || page.Total.Value != 1 || !page.Total.Exact {
		t.Errorf("the list finds %d of %+v", len(page.Items), page.Total)
	}
}
