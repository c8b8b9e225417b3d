package followup

import (
	"time"

	"renxin/internal/platform/clock"
	"renxin/internal/setting"
)

// Kind is what a plan is anchored on; its date is day 0.
type Kind string

// The anchors. A template has exactly one, so that one encounter starts one plan of it.
const (
	KindDischarge Kind = "discharge" // end of a stay; day 0 = discharge date
	KindProcedure Kind = "procedure" // a matching procedure; day 0 = date of the first one
	KindDiagnosis Kind = "diagnosis" // a matching diagnosis; day 0 = date of the first one
	KindVisit     Kind = "visit"     // an outpatient visit; day 0 = its date
	KindAdHoc     Kind = "adhoc"     // by hand; day 0 = the day chosen; never in a template's When
)

// When says what enrols a patient. Within one field any entry suffices; the fields that are filled must all agree.
type When struct {
	Kind        Kind     `json:"kind"`
	ICD         []string `json:"icd,omitempty"`         // ICD-10 prefixes, "N87" covers N87.1
	Groups      []string `json:"groups,omitempty"`      // condition group codes (病种)
	Procedures  []string `json:"procedures,omitempty"`  // procedure code prefixes, or words within the procedure's name
	Departments []string `json:"departments,omitempty"` // department codes
	Classes     []string `json:"classes,omitempty"`     // IMP AMB EMER CHK
}

// StepKind is what happens on a step's day.
type StepKind string

// Kinds of steps.
const (
	StepReminder StepKind = "reminder" // a message; default shift earlier
	StepCall     StepKind = "call"     // a call task on somebody's worklist; default shift later
	StepReview   StepKind = "review"   // the patient is due back: a message, and a visit within Keep days fulfils it; default shift later
)

// Channel is a way to reach a patient.
type Channel string

// Channels a ladder may name, in any order; the next one is taken when the one before could not reach the patient.
const (
	ChannelSMS  Channel = "sms"
	ChannelCall Channel = "call"
)

// Severity of an answer: 0 nothing to do, 1 look today, 2 urgent, 3 emergency.
type Severity int

// Severities.
const (
	SeverityNone  Severity = 0
	SeverityMild  Severity = 1
	SeverityGrave Severity = 2
	SeverityAcute Severity = 3
)

// Window is the part of the hospital's day in which a step may act, in hours: [From, To).
type Window struct {
	From int `json:"from"` // 0–23
	To   int `json:"to"`   // 1–24, after From
}

// Contains tells whether local time t lies in the window.
func (w Window) Contains(t time.Time) bool { return t.Hour() >= w.From && t.Hour() < w.To }

// Reply is one accepted answer to a step's message.
type Reply struct {
	Code     string   `json:"code"`              // what the patient types, "3"
	Words    []string `json:"words,omitempty"`   // whole answers that mean the same, "不适"
	Meaning  string   `json:"meaning"`           // "不适"
	Severity Severity `json:"severity"`          // above 0 raises a red flag
	Answer   string   `json:"answer,omitempty"`  // text sent back, "" none
	Outcome  string   `json:"outcome,omitempty"` // outcome code written to the step, default "answered"
}

// Next is what an outcome does to its task.
type Next string

// What an outcome leads to.
const (
	NextDone     Next = "done"     // reached: the task is finished
	NextRetry    Next = "retry"    // not reached: the retry ladder decides when again
	NextPostpone Next = "postpone" // reached, asked for another time
	NextStop     Next = "stop"     // the plan ends: refused, wrong number, deceased
)

// Outcome is one key on the call sheet.
type Outcome struct {
	Key      string   `json:"key"`      // the key pressed, "1"…"9"
	Code     string   `json:"code"`     // stable code for reports, "well"
	Name     string   `json:"name"`     // shown, "恢复良好"
	Next     Next     `json:"next"`     //
	Reached  bool     `json:"reached"`  // the patient or family was spoken to
	Severity Severity `json:"severity"` // above 0 raises a red flag
}

// Script is what a caller says.
type Script struct {
	Opening string   `json:"opening"`
	Points  []string `json:"points"` // what to ask and to tell, in order
	Closing string   `json:"closing,omitempty"`
}

// Retry is the ladder of call attempts.
type Retry struct {
	Tries int   `json:"tries"` // attempts in all, 1–9
	Hours []int `json:"hours"` // hours of the day to try at; each attempt takes one not tried before while there is one
}

// Step is one line of a template.
type Step struct {
	Key      string            `json:"key"`                // unique in the template, stable over versions: "dressing-10"
	Name     string            `json:"name"`               // "第 10 天换药"
	Day      int               `json:"day"`                // calendar days after day 0, 0–3650
	Kind     StepKind          `json:"kind"`               //
	Ladder   []Channel         `json:"ladder"`             // at least one
	Shift    setting.ShiftRule `json:"shift,omitempty"`    // "" = the kind's default
	Lead     int               `json:"lead,omitempty"`     // days before its date on which a message leaves, 0–14
	Keep     int               `json:"keep,omitempty"`     // days after its date for which the step still makes sense, 0–60
	Window   Window            `json:"window"`             // hours in which it may act
	Text     string            `json:"text,omitempty"`     // message text with {placeholders}
	Template string            `json:"template,omitempty"` // or the code of a message template
	Purpose  string            `json:"purpose,omitempty"`  // care (default), notice, survey
	Replies  []Reply           `json:"replies,omitempty"`  // accepted answers to the message
	Expires  int               `json:"expires,omitempty"`  // hours for which an answer counts, default 72
	Script   *Script           `json:"script,omitempty"`   // for calls
	Outcomes []Outcome         `json:"outcomes,omitempty"` // for calls; empty = StandardOutcomes
	Retry    *Retry            `json:"retry,omitempty"`    // for calls; nil = StandardRetry
	Assign   []AssignRule      `json:"assign,omitempty"`   // for calls and red flags; before the hospital's own rules
}

// Review says who stands for the content. All three are required to activate (FU-11).
type Review struct {
	Reviewer   string     `json:"reviewer"`    // name and title
	Source     string     `json:"source"`      // guideline, textbook, department rule
	ValidUntil clock.Date `json:"valid_until"` // last day on which the content may be used
}

// Definition is one version of a template: everything that a running plan needs to know.
type Definition struct {
	Name    string `json:"name"`
	Summary string `json:"summary,omitempty"`
	When    When   `json:"when"`
	Steps   []Step `json:"steps"`
	Review  Review `json:"review"`
}

// Step finds a step by its key.
func (d Definition) Step(key string) (Step, bool) {
	for _, s := range d.Steps {
		if s.Key == key {
			return s, true
		}
	}
	return Step{}, false
}

// ShiftRule is the step's rule: its own, else earlier for reminders and later for the rest.
func (s Step) ShiftRule() setting.ShiftRule {
	switch {
	case s.Shift != "":
		return s.Shift
	case s.Kind == StepReminder:
		return setting.ShiftEarlier
	}
	return setting.ShiftLater
}

// OutcomeSheet is the step's outcomes, or the standard ones.
func (s Step) OutcomeSheet() []Outcome {
	if len(s.Outcomes) > 0 {
		return s.Outcomes
	}
	return StandardOutcomes()
}

// Ladder of attempts for the step: its own, or the standard one.
func (s Step) Retries() Retry {
	if s.Retry != nil {
		return *s.Retry
	}
	return StandardRetry()
}

// AnswerHours is how long an answer to the step's message counts.
func (s Step) AnswerHours() int {
	if s.Expires > 0 {
		return s.Expires
	}
	return 72
}

// StandardOutcomes is the call sheet of steps that bring none of their own.
func StandardOutcomes() []Outcome {
	return []Outcome{
		{Key: "1", Code: "well", Name: "恢复良好", Next: NextDone, Reached: true},
		{Key: "2", Code: "fair", Name: "一般,已指导", Next: NextDone, Reached: true},
		{Key: "3", Code: "unwell", Name: "不适,需处理", Next: NextDone, Reached: true, Severity: SeverityGrave},
		{Key: "4", Code: "later", Name: "约定改时间", Next: NextPostpone, Reached: true},
		{Key: "5", Code: "no_answer", Name: "无人接听", Next: NextRetry},
		{Key: "6", Code: "busy", Name: "占线或关机", Next: NextRetry},
		{Key: "7", Code: "wrong_number", Name: "号码错误", Next: NextStop},
		{Key: "8", Code: "refused", Name: "拒绝随访", Next: NextStop, Reached: true},
		{Key: "9", Code: "deceased", Name: "患者已故", Next: NextStop, Reached: true},
	}
}

// StandardRetry tries three times, each at another part of the day.
func StandardRetry() Retry { return Retry{Tries: 3, Hours: []int{10, 15, 19}} }
