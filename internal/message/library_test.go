package message_test

import (
	"testing"

	"renxin/internal/message"
)

func TestSM18_HundredShippedTemplatesPassTheLint(t *testing.T) {
	list, seen, families := message.Library(), map[string]bool{}, map[string]int{}
	if len(list) < 100 {
		t.Errorf("only %d", len(list))
	}
	for _, x := range list {
		families[x.Family]++
		if seen[x.Code] || x.Purpose == "" || x.Name == "" {
			t.Errorf("%+v", x)
		}
		seen[x.Code] = true
		if found := message.Lint(message.Copy{Text: message.Signed(x.Text, "仁安医院"), Purpose: x.Purpose, Signature: "仁安医院", Known: []string{"name", "date", "department"}, MaxParts: 2}); len(found) > 0 {
			t.Errorf("%s: %+v", x.Code, found)
		}
		if _, missing := message.Render(x.Text, nil); len(missing) > 0 {
			t.Errorf("%s cannot be sent without %v", x.Code, missing)
		}
	}
	for _, f := range []string{"holiday", "instruction", "tip", "review", "season"} {
		if families[f] < 10 {
			t.Errorf("family %s has %d", f, families[f])
		}
	}
}

func TestSM18_ShippedTemplatesComeOnceAndRespectEdits(t *testing.T) {
	h := open(t)
	for range 2 {
		if err := h.message.EnsureTemplates(h.ctx); err != nil {
			t.Fatal(err)
		}
		list, err := h.message.Templates(h.ctx)
		if err != nil || len(list) != len(message.Library()) {
			t.Fatalf("%d templates, %v", len(list), err)
		}
		if list[0].Version == 1 {
			list[0].Name = "本院改过"
			if err := h.message.UpdateTemplate(h.ctx, list[0]); err != nil {
				t.Fatal(err)
			}
		} else if list[0].Name != "本院改过" {
			t.Errorf("the hospital's edit was lost: %+v", list[0])
		}
	}
}
