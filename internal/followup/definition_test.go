package followup

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"renxin/internal/platform/fault"
	"renxin/internal/platform/lang"
)

// defects lists what an invalid fault complains of, "field key" each, and checks that every key has its text in both languages.
func defects(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*fault.Error](err)
	if !ok {
		t.Fatal(err)
	}
	var out []string
	for _, f := range e.Fields {
		if !lang.Has(f.Key) {
			t.Error("no text for", f.Key)
		}
		if text := lang.Text(lang.ZH, f.Key, f.Args); strings.ContainsAny(text, "{}") {
			t.Error("unfilled placeholder:", text)
		}
		out = append(out, f.Path+" "+f.Key)
	}
	return out
}

func TestFU02_StartersAreValidDrafts(t *testing.T) {
	all := Starters()
	if len(all) != 5 {
		t.Fatal(len(all))
	}
	for _, s := range all {
		if p := defects(t, s.Definition.Check()); len(p) > 0 {
			t.Error(s.Code, p)
		}
		if s.Definition.Source == "" || s.Definition.Reviewer != "" || s.Definition.Family == "" {
			t.Error(s.Code, "must carry its source and family, and leave the reviewer to the hospital")
		}
		if p := defects(t, s.Definition.CheckActive("2026-11-23")); len(p) != 2 {
			t.Error(s.Code, "a draft without reviewer and date must not be activated", p)
		}
	}
}

func TestFU02_ActivationNeedsReviewerSourceAndDate(t *testing.T) {
	d := starter(t, "leep")
	d.Reviewer, d.ValidUntil = "王主任", "2027-12-31"
	if p := defects(t, d.CheckActive("2026-11-23")); len(p) != 0 {
		t.Fatal(p)
	}
	if p := defects(t, d.CheckActive("2028-01-01")); !slices.Equal(p, []string{"valid_until followup.template.expired"}) {
		t.Fatal(p)
	}
	d.Source = " "
	if p := defects(t, d.CheckActive("2026-11-23")); !slices.Equal(p, []string{"source followup.template.no_source"}) {
		t.Fatal(p)
	}
}

func TestFU02_CheckNamesTheDefect(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*Definition)
		want  string
	}{
		"no name":              {func(d *Definition) { d.Name = "" }, "name bad_name"},
		"no steps":             {func(d *Definition) { d.Steps = nil }, "steps bad_step_count"},
		"kind":                 {func(d *Definition) { d.Triggers[0].Kind = "birthday" }, "triggers.0.kind bad_kind"},
		"ad-hoc is no trigger": {func(d *Definition) { d.Triggers[0].Kind = KindAdHoc }, "triggers.0.kind bad_kind"},
		"procedure":            {func(d *Definition) { d.Triggers[0].Code = " " }, "triggers.0.code no_procedure"},
		"diagnosis":            {func(d *Definition) { d.Triggers[0] = Trigger{Kind: KindCondition} }, "triggers.0.code no_condition"},
		"same key":             {func(d *Definition) { d.Steps[1].Key = d.Steps[0].Key }, "steps.1.key step_key_twice"},
		"bad key":              {func(d *Definition) { d.Steps[0].Key = "第十天" }, "steps.0.key bad_step_key"},
		"day":                  {func(d *Definition) { d.Steps[0].Day, d.Steps[0].Lead = -1, 0 }, "steps.0.day bad_day"},
		"window":               {func(d *Definition) { d.Steps[0].From = "18:30" }, "steps.0.window_from bad_window"},
		"no time":              {func(d *Definition) { d.Steps[0].To = "25:00" }, "steps.0.window_from bad_window"},
		"channel":              {func(d *Definition) { d.Steps[0].Ladder = []Channel{"sms", "fax"} }, "steps.0.ladder bad_channel"},
		"ladder start":         {func(d *Definition) { d.Steps[4].Ladder = []Channel{"call", "sms"} }, "steps.4.ladder ladder_start"},
		"no text":              {func(d *Definition) { d.Steps[0].Text = "" }, "steps.0.text no_text"},
		"no script":            {func(d *Definition) { d.Steps[4].Script = "" }, "steps.4.script no_script"},
		"code twice":           {func(d *Definition) { d.Steps[0].Codes[1].Code = "1" }, "steps.0.codes.1.code code_twice"},
		"retry window":         {func(d *Definition) { d.Steps[4].Retry = &Retry{3, []int{22}} }, "steps.4.retry.hours retry_outside_window"},
		"outcomes":             {func(d *Definition) { d.Steps[4].Outcomes = []Outcome{{Key: "1", Code: "a", Label: "a"}} }, "steps.4.outcomes outcomes_incomplete"},
		"assign":               {func(d *Definition) { d.Steps[4].Assign = "cleaner" }, "steps.4.assign bad_assign"},
		"lead":                 {func(d *Definition) { d.Steps[0].Lead = 11 }, "steps.0.lead bad_lead"},
		"purpose":              {func(d *Definition) { d.Steps[0].Purpose = "gossip" }, "steps.0.purpose bad_purpose"},
	} {
		d := starter(t, "leep")
		c.spoil(&d)
		field, key, _ := strings.Cut(c.want, " ")
		if got := defects(t, d.Check()); !slices.Equal(got, []string{field + " followup.template." + key}) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestFU02_TextsAreLinted(t *testing.T) {
	d := starter(t, "leep")
	d.Steps[0].Text = "{{name}}您好,您的宫颈病变需要换药。"
	d.Steps[1].Text = "{{nickname}}您好,请来换药。"
	got := defects(t, d.Check())
	if !slices.Equal(got, []string{"steps.0.text message.lint.diagnosis", "steps.1.text message.lint.variable_unknown"}) {
		t.Fatal(got)
	}
}

func FuzzDefinition(f *testing.F) {
	for _, s := range Starters() {
		b, _ := json.Marshal(s.Definition)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var d Definition
		if json.Unmarshal(b, &d) != nil || d.Check() != nil {
			return
		}
		got := Schedule(d, "2026-11-23", hospitalCalendar())
		if len(got) != len(d.Steps) || slices.ContainsFunc(got, func(p Planned) bool { return p.Date < "2026-11-23" }) {
			t.Fatal(got)
		}
	})
}
