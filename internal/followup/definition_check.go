package followup

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"renxin/internal/platform/clock"
)

// Problem is one defect of a template: where it is and which sentence explains it.
type Problem struct {
	Field string // "steps[2].window"
	Key   string // text key, "followup.template.bad_window"
	Args  []any  // name, value, … for the text's placeholders
}

// checker collects problems.
type checker struct{ found []Problem }

func (c *checker) need(ok bool, field, reason string, args ...any) {
	if !ok {
		c.found = append(c.found, Problem{field, "followup.template." + reason, args})
	}
}

// Check lists what is wrong with d; none means that it may be saved. Activation asks CheckActive as well.
func (d Definition) Check() []Problem {
	c := &checker{}
	c.need(strings.TrimSpace(d.Name) != "" && utf8.RuneCountInString(d.Name) <= 60, "name", "bad_name", "max", 60)
	d.When.check(c)
	c.need(len(d.Steps) > 0 && len(d.Steps) <= 100, "steps", "bad_step_count", "max", 100)
	seen := map[string]bool{}
	for i, s := range d.Steps {
		at := fmt.Sprintf("steps[%d]", i)
		c.need(stepKey(s.Key), at+".key", "bad_step_key")
		c.need(!seen[s.Key], at+".key", "step_key_twice", "step", s.Key)
		seen[s.Key] = true
		s.check(c, at)
	}
	return c.found
}

// CheckActive lists what forbids using d on day today: Check, and a named reviewer, a source and a date until which it is valid.
func (d Definition) CheckActive(today clock.Date) []Problem {
	c := &checker{d.Check()}
	c.need(strings.TrimSpace(d.Review.Reviewer) != "", "review.reviewer", "no_reviewer")
	c.need(strings.TrimSpace(d.Review.Source) != "", "review.source", "no_source")
	_, err := clock.ParseDate(string(d.Review.ValidUntil))
	c.need(err == nil, "review.valid_until", "no_valid_until")
	c.need(err != nil || d.Review.ValidUntil >= today, "review.valid_until", "expired")
	return c.found
}

func stepKey(k string) bool {
	if k == "" || len(k) > 40 {
		return false
	}
	return strings.IndexFunc(k, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-'
	}) < 0
}

func (w When) check(c *checker) {
	switch w.Kind {
	case KindDischarge, KindVisit:
	case KindProcedure:
		c.need(len(w.Procedures) > 0, "when.procedures", "no_procedure")
	case KindDiagnosis:
		c.need(len(w.ICD)+len(w.Groups) > 0, "when.icd", "no_diagnosis")
	default:
		c.need(false, "when.kind", "bad_kind")
	}
	for name, list := range map[string][]string{"icd": w.ICD, "groups": w.Groups, "procedures": w.Procedures, "departments": w.Departments} {
		c.need(!slices.ContainsFunc(list, blank), "when."+name, "blank_entry")
	}
	for _, class := range w.Classes {
		c.need(slices.Contains([]string{"IMP", "AMB", "EMER", "CHK"}, class), "when.classes", "bad_class")
	}
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

func (s Step) check(c *checker, at string) {
	c.need(!blank(s.Name) && utf8.RuneCountInString(s.Name) <= 60, at+".name", "bad_name", "max", 60)
	c.need(s.Day >= 0 && s.Day <= 3650, at+".day", "bad_day")
	c.need(slices.Contains([]StepKind{StepReminder, StepCall, StepReview}, s.Kind), at+".kind", "bad_step_kind")
	c.need(s.Shift == "" || s.Shift.Valid(), at+".shift", "bad_shift")
	c.need(s.Lead >= 0 && s.Lead <= 14 && s.Lead <= max(s.Day, 0), at+".lead", "bad_lead")
	c.need(s.Keep >= 0 && s.Keep <= 60, at+".keep", "bad_keep")
	c.need(s.Window.From >= 0 && s.Window.To <= 24 && s.Window.From < s.Window.To, at+".window", "bad_window")
	c.need(s.Expires >= 0 && s.Expires <= 24*30, at+".expires", "bad_expires")
	c.need(s.Purpose == "" || s.Purpose == "care" || s.Purpose == "notice" || s.Purpose == "survey", at+".purpose", "bad_purpose")
	s.checkLadder(c, at)
	s.checkReplies(c, at)
	if s.uses(ChannelCall) {
		s.checkCall(c, at)
	}
	for i, r := range s.Assign {
		c.need(r.Valid(), fmt.Sprintf("%s.assign[%d]", at, i), "bad_assign")
	}
}

func (s Step) uses(ch Channel) bool { return slices.Contains(s.Ladder, ch) }

func (s Step) checkLadder(c *checker, at string) {
	c.need(len(s.Ladder) > 0, at+".ladder", "no_channel")
	for i, ch := range s.Ladder {
		c.need(ch == ChannelSMS || ch == ChannelCall, at+".ladder", "bad_channel", "channel", string(ch))
		c.need(!slices.Contains(s.Ladder[:i], ch), at+".ladder", "channel_twice", "channel", string(ch))
	}
	if len(s.Ladder) > 0 {
		first := ChannelSMS
		if s.Kind == StepCall {
			first = ChannelCall
		}
		c.need(s.Ladder[0] == first, at+".ladder", "ladder_start", "channel", string(first))
	}
	if s.uses(ChannelSMS) {
		c.need(!blank(s.Text) != !blank(s.Template), at+".text", "text_or_template")
		c.need(utf8.RuneCountInString(s.Text) <= 500, at+".text", "text_too_long", "max", 500)
	}
}

func (s Step) checkReplies(c *checker, at string) {
	c.need(len(s.Replies) == 0 || s.uses(ChannelSMS), at+".replies", "replies_without_message")
	seen := map[string]bool{}
	for i, r := range s.Replies {
		at := fmt.Sprintf("%s.replies[%d]", at, i)
		c.need(r.Code != "" && len(r.Code) <= 4, at+".code", "bad_reply_code")
		c.need(!blank(r.Meaning), at+".meaning", "no_meaning")
		c.need(r.Severity >= SeverityNone && r.Severity <= SeverityAcute, at+".severity", "bad_severity")
		for _, w := range append([]string{r.Code}, r.Words...) {
			c.need(!seen[w], at+".code", "reply_twice", "code", w)
			seen[w] = true
		}
	}
}

func (s Step) checkCall(c *checker, at string) {
	c.need(s.Script != nil && !blank(s.Script.Opening) && len(s.Script.Points) > 0, at+".script", "no_script")
	r := s.Retries()
	c.need(r.Tries >= 1 && r.Tries <= 9, at+".retry.tries", "bad_tries")
	c.need(len(r.Hours) > 0, at+".retry.hours", "no_retry_hours")
	for _, h := range r.Hours {
		c.need(h >= s.Window.From && h < s.Window.To, at+".retry.hours", "retry_outside_window", "hour", h)
	}
	keys, reached, retry := map[string]bool{}, false, false
	for i, o := range s.OutcomeSheet() {
		at := fmt.Sprintf("%s.outcomes[%d]", at, i)
		c.need(len(o.Key) == 1 && o.Key[0] >= '1' && o.Key[0] <= '9' && !keys[o.Key], at+".key", "bad_outcome_key")
		c.need(!blank(o.Code) && !blank(o.Name), at+".code", "no_outcome_name")
		c.need(slices.Contains([]Next{NextDone, NextRetry, NextPostpone, NextStop}, o.Next), at+".next", "bad_next")
		c.need(o.Severity >= SeverityNone && o.Severity <= SeverityAcute, at+".severity", "bad_severity")
		keys[o.Key], reached, retry = true, reached || o.Next == NextDone, retry || o.Next == NextRetry
	}
	c.need(reached && retry, at+".outcomes", "outcomes_incomplete")
}
