package followup

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestFU02_StartersAreValidDrafts(t *testing.T) {
	all := Starters()
	if len(all) != 5 {
		t.Fatal(len(all))
	}
	for _, s := range all {
		if p := s.Definition.Check(); len(p) > 0 {
			t.Error(s.Code, p)
		}
		if s.Definition.Review.Source == "" || s.Definition.Review.Reviewer != "" {
			t.Error(s.Code, "must carry its source and leave the reviewer to the hospital")
		}
		if p := s.Definition.CheckActive("2026-11-23"); len(p) != 2 {
			t.Error(s.Code, "a draft without reviewer and date must not be activated", p)
		}
	}
}

func TestFU02_ActivationNeedsReviewerSourceAndDate(t *testing.T) {
	d := starter(t, "leep")
	d.Review.Reviewer, d.Review.ValidUntil = "王主任", "2027-12-31"
	if p := d.CheckActive("2026-11-23"); len(p) != 0 {
		t.Fatal(p)
	}
	if p := d.CheckActive("2028-01-01"); len(p) != 1 || p[0].Key != "followup.template.expired" {
		t.Fatal(p)
	}
	d.Review.Source = " "
	if p := d.CheckActive("2026-11-23"); len(p) != 1 || p[0].Field != "review.source" {
		t.Fatal(p)
	}
}

func TestFU02_CheckNamesTheDefect(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*Definition)
		field string
		key   string
	}{
		"no name":              {func(d *Definition) { d.Name = "" }, "name", "bad_name"},
		"no steps":             {func(d *Definition) { d.Steps = nil }, "steps", "bad_step_count"},
		"kind":                 {func(d *Definition) { d.When.Kind = "birthday" }, "when.kind", "bad_kind"},
		"ad-hoc is no trigger": {func(d *Definition) { d.When.Kind = KindAdHoc }, "when.kind", "bad_kind"},
		"procedure":            {func(d *Definition) { d.When.Procedures = nil }, "when.procedures", "no_procedure"},
		"blank entry":          {func(d *Definition) { d.When.ICD = []string{" "} }, "when.icd", "blank_entry"},
		"same key":             {func(d *Definition) { d.Steps[1].Key = d.Steps[0].Key }, "steps[1].key", "step_key_twice"},
		"bad key":              {func(d *Definition) { d.Steps[0].Key = "第十天" }, "steps[0].key", "bad_step_key"},
		"day":                  {func(d *Definition) { d.Steps[0].Day, d.Steps[0].Lead = -1, 0 }, "steps[0].day", "bad_day"},
		"window":               {func(d *Definition) { d.Steps[0].Window = Window{18, 8} }, "steps[0].window", "bad_window"},
		"channel":              {func(d *Definition) { d.Steps[0].Ladder = []Channel{"sms", "fax"} }, "steps[0].ladder", "bad_channel"},
		"ladder start":         {func(d *Definition) { d.Steps[4].Ladder = []Channel{"call", "sms"} }, "steps[4].ladder", "ladder_start"},
		"no text":              {func(d *Definition) { d.Steps[0].Text = "" }, "steps[0].text", "text_or_template"},
		"both texts":           {func(d *Definition) { d.Steps[0].Template = "x" }, "steps[0].text", "text_or_template"},
		"no script":            {func(d *Definition) { d.Steps[4].Script = nil }, "steps[4].script", "no_script"},
		"reply twice":          {func(d *Definition) { d.Steps[0].Replies[1].Code = "1" }, "steps[0].replies[1].code", "reply_twice"},
		"retry window":         {func(d *Definition) { d.Steps[4].Retry = &Retry{3, []int{22}} }, "steps[4].retry.hours", "retry_outside_window"},
		"outcomes":             {func(d *Definition) { d.Steps[4].Outcomes = []Outcome{{Key: "1", Code: "a", Name: "a", Next: NextDone}} }, "steps[4].outcomes", "outcomes_incomplete"},
		"assign":               {func(d *Definition) { d.Steps[4].Assign = []AssignRule{{}} }, "steps[4].assign[0]", "bad_assign"},
		"lead":                 {func(d *Definition) { d.Steps[0].Lead = 11 }, "steps[0].lead", "bad_lead"},
		"purpose":              {func(d *Definition) { d.Steps[0].Purpose = "promotion" }, "steps[0].purpose", "bad_purpose"},
	} {
		d := starter(t, "leep")
		c.spoil(&d)
		got := d.Check()
		if len(got) != 1 || got[0].Field != c.field || got[0].Key != "followup.template."+c.key {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func FuzzDefinition(f *testing.F) {
	for _, s := range Starters() {
		b, _ := json.Marshal(s.Definition)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var d Definition
		if json.Unmarshal(b, &d) != nil || len(d.Check()) > 0 {
			return
		}
		got := Schedule(d, "2026-11-23", hospitalCalendar())
		if len(got) != len(d.Steps) || slices.ContainsFunc(got, func(p Planned) bool { return p.Date < "2026-11-23" }) {
			t.Fatal(got)
		}
	})
}
