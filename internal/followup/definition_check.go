package followup

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"renxin/internal/message"
	"renxin/internal/platform/clock"
	"renxin/internal/platform/fault"
)

// Variables are the placeholders a step's message may use.
var Variables = []string{"name", "date", "department", "hospital"}

// checker collects what is wrong with a template.
type checker struct{ fault *fault.Error }

func newChecker() *checker {
	return &checker{fault.New(fault.Invalid, "followup.template.invalid")}
}

func (c *checker) need(ok bool, field, reason string, pairs ...any) {
	if !ok {
		c.fault.With(field, "followup.template."+reason, pairs...)
	}
}

// Check gives an invalid fault with every defect of d, nil when d may be saved. Activation asks CheckActive as well.
func (d Definition) Check() error { return d.check().fault.Or() }

// CheckActive is what forbids using d on day today: Check, and a named reviewer, a source and a date until which it is valid.
func (d Definition) CheckActive(today clock.Date) error {
	c := d.check()
	c.need(!blank(d.Reviewer), "reviewer", "no_reviewer")
	c.need(!blank(d.Source), "source", "no_source")
	_, err := clock.ParseDate(string(d.ValidUntil))
	c.need(err == nil, "valid_until", "no_valid_until")
	c.need(err != nil || d.ValidUntil >= today, "valid_until", "expired")
	return c.fault.Or()
}

func (d Definition) check() *checker {
	c := newChecker()
	c.need(title(d.Name), "name", "bad_name", "max", 60)
	c.need(len(d.Triggers) <= 50, "triggers", "too_many_triggers", "max", 50)
	for i, t := range d.Triggers {
		t.check(c, fmt.Sprintf("triggers.%d", i))
	}
	c.need(len(d.Steps) > 0 && len(d.Steps) <= 100, "steps", "bad_step_count", "max", 100)
	seen := map[string]bool{}
	for i, s := range d.Steps {
		at := fmt.Sprintf("steps.%d", i)
		c.need(stepKey(s.Key), at+".key", "bad_step_key")
		c.need(!seen[s.Key], at+".key", "step_key_twice", "step", s.Key)
		seen[s.Key] = true
		s.check(c, at)
	}
	return c
}

func title(s string) bool { return !blank(s) && utf8.RuneCountInString(s) <= 60 }

func blank(s string) bool { return strings.TrimSpace(s) == "" }

func stepKey(k string) bool {
	return k != "" && len(k) <= 40 && strings.IndexFunc(k, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_'
	}) < 0
}

func (t Trigger) check(c *checker, at string) {
	switch t.Kind {
	case KindDischarge, KindVisit:
	case KindProcedure:
		c.need(!blank(t.Code) || !blank(t.Name), at+".code", "no_procedure")
	case KindCondition:
		c.need(!blank(t.Code) || !blank(t.Name) || t.GroupID != 0, at+".code", "no_condition")
	default:
		c.need(false, at+".kind", "bad_kind")
	}
	for _, class := range t.Classes {
		c.need(slices.Contains([]string{"IMP", "AMB", "EMER", "CHK"}, class), at+".classes", "bad_class")
	}
}

func (s Step) check(c *checker, at string) {
	c.need(title(s.Title), at+".title", "bad_name", "max", 60)
	c.need(s.Day >= 0 && s.Day <= 3650, at+".day", "bad_day")
	c.need(s.Kind == StepMessage || s.Kind == StepCall || s.Kind == StepReview, at+".kind", "bad_step_kind")
	c.need(s.Shift == "" || s.Shift.Valid(), at+".shift", "bad_shift")
	c.need(s.Lead >= 0 && s.Lead <= 14 && s.Lead <= max(s.Day, 0), at+".lead", "bad_lead")
	c.need(s.Keep >= 0 && s.Keep <= 60, at+".keep", "bad_keep")
	c.need(s.From.Minutes() >= 0 && s.From.Minutes() < s.To.Minutes(), at+".window_from", "bad_window")
	c.need(s.Expires >= 0 && s.Expires <= 24*30, at+".expires", "bad_expires")
	c.need(slices.Contains([]string{"", "care", "notice", "survey"}, s.Purpose), at+".purpose", "bad_purpose")
	c.need(slices.Contains([]string{"", "nurse", "doctor", "agent", "owner"}, s.Assign), at+".assign", "bad_assign")
	s.checkLadder(c, at)
	if s.uses(ChannelSMS) {
		s.checkMessage(c, at)
	} else {
		c.need(len(s.Codes) == 0, at+".codes", "codes_without_message")
	}
	if s.uses(ChannelCall) {
		s.checkCall(c, at)
	}
}

func (s Step) uses(ch Channel) bool { return slices.Contains(s.Channels(), ch) }

func (s Step) checkLadder(c *checker, at string) {
	first := ChannelSMS
	if s.Kind == StepCall {
		first = ChannelCall
	}
	for i, ch := range s.Ladder {
		c.need(ch == ChannelSMS || ch == ChannelCall, at+".ladder", "bad_channel", "channel", string(ch))
		c.need(!slices.Contains(s.Ladder[:i], ch), at+".ladder", "channel_twice", "channel", string(ch))
	}
	c.need(s.Channels()[0] == first, at+".ladder", "ladder_start", "channel", string(first))
}

// checkMessage lets the message room's lint read the text as it will be sent.
func (s Step) checkMessage(c *checker, at string) {
	c.need(!blank(s.Text), at+".text", "no_text")
	if !blank(s.Text) {
		for _, f := range message.Lint(message.Copy{Text: message.Signed(s.Text, "签名"), Purpose: s.purpose(), Known: Variables}) {
			if f.Level == message.LevelError {
				c.fault.Fields = append(c.fault.Fields, fault.Field{Path: at + ".text", Key: f.Key, Args: f.Args})
			}
		}
	}
	seen := map[string]bool{}
	for i, r := range s.Codes {
		at := fmt.Sprintf("%s.codes.%d", at, i)
		c.need(r.Code != "" && len(r.Code) <= 4, at+".code", "bad_code")
		c.need(!blank(r.Label), at+".label", "no_label")
		c.need(r.Severity.valid(), at+".severity", "bad_severity")
		c.need(!seen[r.Code], at+".code", "code_twice", "code", r.Code)
		seen[r.Code] = true
	}
}

func (s Step) purpose() string {
	if s.Purpose == "" {
		return "care"
	}
	return s.Purpose
}

func (s Severity) valid() bool { return s >= SeverityNone && s <= SeverityAcute }

func (s Step) checkCall(c *checker, at string) {
	c.need(!blank(s.Script), at+".script", "no_script")
	r := s.Retries()
	c.need(r.Tries >= 1 && r.Tries <= 9, at+".retry.tries", "bad_tries")
	c.need(len(r.Hours) > 0, at+".retry.hours", "no_retry_hours")
	for _, h := range r.Hours {
		c.need(s.Retry == nil || h*60 >= s.From.Minutes() && h*60 < s.To.Minutes(), at+".retry.hours", "retry_outside_window", "hour", h)
	}
	keys, done, retry := map[string]bool{}, false, false
	for i, o := range s.Sheet() {
		at := fmt.Sprintf("%s.outcomes.%d", at, i)
		c.need(len(o.Key) == 1 && o.Key[0] >= '1' && o.Key[0] <= '9' && !keys[o.Key], at+".key", "bad_outcome_key")
		c.need(!blank(o.Code) && !blank(o.Label), at+".code", "no_outcome_name")
		c.need(slices.Contains([]Next{"", NextDone, NextRetry, NextPostpone, NextStop}, o.Next), at+".next", "bad_next")
		c.need(o.Severity.valid(), at+".severity", "bad_severity")
		keys[o.Key], done, retry = true, done || o.Leads() == NextDone, retry || o.Leads() == NextRetry
	}
	c.need(done && retry, at+".outcomes", "outcomes_incomplete")
}
