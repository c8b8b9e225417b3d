package followup

import (
	"fmt"
	"slices"
	"time"

	"renxin/internal/platform/clock"
	"renxin/internal/platform/lang"
	"renxin/internal/setting"
	"renxin/internal/staff"
	"renxin/internal/visit"
)

// Kind is what a plan is anchored on; its date is day 0.
type Kind string

// The anchors.
const (
	KindDischarge Kind = "discharge" // end of a stay; day 0 = discharge date
	KindProcedure Kind = "procedure" // a matching procedure; day 0 = date of the first one
	KindCondition Kind = "condition" // a matching diagnosis; day 0 = date of the first one
	KindVisit     Kind = "visit"     // an outpatient visit; day 0 = its date
	KindAdHoc     Kind = "adhoc"     // by hand; day 0 = the day chosen; never in a template
)

// Trigger says what enrols a patient. The filled conditions must all agree.
type Trigger struct {
	Kind         Kind               `json:"kind"`
	Code         string             `json:"code,omitempty"`          // procedure: prefix of the procedure's code; else ICD-10 prefix, "N87" covers N87.1
	Name         string             `json:"name,omitempty"`          // words within the procedure's name; else within the diagnosis
	GroupID      visit.GroupID      `json:"group_id,omitempty"`      // a diagnosis of this condition group (病种)
	DepartmentID staff.DepartmentID `json:"department_id,omitempty"` // the encounter's department
	Classes      []string           `json:"classes,omitempty"`       // IMP AMB EMER CHK; none = any, except that only stays end in a discharge
}

// StepKind is what happens on a step's day.
type StepKind string

// Kinds of steps.
const (
	StepMessage StepKind = "message" // a reminder or question by message; default shift earlier
	StepCall    StepKind = "call"    // a call task on somebody's worklist; default shift later
	StepReview  StepKind = "review"  // the patient is due back: a message, and a visit within Keep days fulfils it; default shift later
)

// Channel is a way to reach a patient.
type Channel string

// Channels a ladder may name; the next one is taken when the one before could not reach the patient.
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

// HourMinute is a time of day as written, "09:00".
type HourMinute string

// Minutes since midnight, −1 for anything that is no time of day. "24:00" is the end of the day.
func (h HourMinute) Minutes() int {
	var hh, mm int
	if n, err := fmt.Sscanf(string(h), "%d:%d", &hh, &mm); n != 2 || err != nil || len(h) != 5 || mm > 59 || mm < 0 || hh < 0 || hh*60+mm > 24*60 {
		return -1
	}
	return hh*60 + mm
}

// Window is the part of the hospital's day in which a step may act: [From, To).
type Window struct {
	From HourMinute `json:"window_from"`
	To   HourMinute `json:"window_to"`
}

// Contains tells whether local time t lies in the window.
func (w Window) Contains(t time.Time) bool {
	m := t.Hour()*60 + t.Minute()
	return m >= w.From.Minutes() && m < w.To.Minutes()
}

// Choice is one accepted answer to a step's message.
type Choice struct {
	Code     string   `json:"code"`     // what the patient types, "3"
	Label    string   `json:"label"`    // "不适"
	Severity Severity `json:"severity"` // above 0 raises a red flag
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
	Code     string   `json:"code"`           // stable code for reports, "well"
	Label    string   `json:"label"`          // shown, "恢复良好"
	Key      string   `json:"key"`            // the key pressed, "1"…"9"
	Severity Severity `json:"severity"`       // above 0 raises a red flag
	Ends     bool     `json:"ends"`           // the plan ends with it; the same as Next = stop
	Next     Next     `json:"next,omitempty"` // "" = stop when Ends, else done
	Reached  bool     `json:"reached"`        // the patient or family was spoken to
}

// Leads is what the outcome does, with the default applied.
func (o Outcome) Leads() Next {
	switch {
	case o.Ends:
		return NextStop
	case o.Next != "":
		return o.Next
	}
	return NextDone
}

// Retry is the ladder of call attempts.
type Retry struct {
	Tries int   `json:"tries"` // attempts in all, 1–9
	Hours []int `json:"hours"` // hours of the day to try at; each attempt takes one not tried before while there is one
}

// Step is one line of a template.
type Step struct {
	Key      string            `json:"key"`   // unique in the template, stable over versions: "dressing-10"
	Title    string            `json:"title"` // "第 10 天换药"
	Day      int               `json:"day"`   // calendar days after day 0, 0–3650
	Kind     StepKind          `json:"kind"`
	Shift    setting.ShiftRule `json:"shift,omitempty"` // "" = the kind's default
	Window                     // hours in which it may act
	Text     string            `json:"text,omitempty"`     // message text with {{name}}, {{date}}, {{department}}, {{hospital}}
	Purpose  string            `json:"purpose,omitempty"`  // care (default), notice, survey
	Codes    []Choice          `json:"codes,omitempty"`    // accepted answers to the message
	Expires  int               `json:"expires,omitempty"`  // hours for which an answer counts, default 72
	Script   string            `json:"script,omitempty"`   // what a caller says, in lines
	Outcomes []Outcome         `json:"outcomes,omitempty"` // for calls; empty = StandardOutcomes
	Retry    *Retry            `json:"retry,omitempty"`    // for calls; nil = StandardRetry
	Ladder   []Channel         `json:"ladder,omitempty"`   // "" = the kind's own channel only
	Lead     int               `json:"lead,omitempty"`     // days before its date on which a message leaves, 0–14
	Keep     int               `json:"keep,omitempty"`     // days after its date for which the step still makes sense, 0–60
	Assign   string            `json:"assign,omitempty"`   // nurse (default), doctor, agent, owner: who gets the task
}

// Definition is one version of a template: everything that a running plan needs to know.
type Definition struct {
	Name         string             `json:"name"`
	Family       string             `json:"family,omitempty"` // shelf in the library: 妇科, 慢性病
	Summary      string             `json:"summary,omitempty"`
	DepartmentID staff.DepartmentID `json:"department_id,omitempty"` // whose template it is, 0 = the hospital's
	Triggers     []Trigger          `json:"triggers"`
	Steps        []Step             `json:"steps"`
	Reviewer     string             `json:"reviewer"`    // who stands for the content: name and title
	Source       string             `json:"source"`      // guideline, textbook, department rule
	ValidUntil   clock.Date         `json:"valid_until"` // last day on which the content may be used
}

// Step finds a step by its key.
func (d Definition) Step(key string) (Step, bool) {
	i := slices.IndexFunc(d.Steps, func(s Step) bool { return s.Key == key })
	if i < 0 {
		return Step{}, false
	}
	return d.Steps[i], true
}

// ShiftRule is the step's rule: its own, else earlier for messages and later for the rest.
func (s Step) ShiftRule() setting.ShiftRule {
	switch {
	case s.Shift != "":
		return s.Shift
	case s.Kind == StepMessage:
		return setting.ShiftEarlier
	}
	return setting.ShiftLater
}

// Channels is the step's ladder: its own, else the kind's channel.
func (s Step) Channels() []Channel {
	switch {
	case len(s.Ladder) > 0:
		return s.Ladder
	case s.Kind == StepCall:
		return []Channel{ChannelCall}
	}
	return []Channel{ChannelSMS}
}

// Sheet is the step's outcomes, or the standard ones.
func (s Step) Sheet() []Outcome {
	if len(s.Outcomes) > 0 {
		return s.Outcomes
	}
	return StandardOutcomes()
}

// Retries is the step's ladder of attempts, or the standard one.
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

// Choice finds an accepted answer.
func (s Step) Choice(code string) (Choice, bool) {
	for _, c := range s.Codes {
		if c.Code == code {
			return c, true
		}
	}
	return Choice{}, false
}

// shipped is the Chinese word of an outcome that the product brings; templates may call it otherwise.
func shipped(code string) string { return lang.Text(lang.ZH, "followup.outcome."+code, nil) }

// spoken gives outcomes their word in the reader's language; one that the hospital named itself keeps its name.
func spoken(l lang.Locale, os []Outcome) []Outcome {
	out := slices.Clone(os)
	for i, o := range out {
		if o.Label == shipped(o.Code) {
			out[i].Label = lang.Text(l, "followup.outcome."+o.Code, nil)
		}
	}
	return out
}

// StandardOutcomes is the call sheet of steps that bring none of their own.
func StandardOutcomes() []Outcome {
	return []Outcome{
		{Key: "1", Code: "well", Label: shipped("well"), Reached: true},
		{Key: "2", Code: "fair", Label: shipped("fair"), Reached: true},
		{Key: "3", Code: "unwell", Label: shipped("unwell"), Reached: true, Severity: SeverityGrave},
		{Key: "4", Code: "later", Label: shipped("later"), Next: NextPostpone, Reached: true},
		{Key: "5", Code: "no_answer", Label: shipped("no_answer"), Next: NextRetry},
		{Key: "6", Code: "busy", Label: shipped("busy"), Next: NextRetry},
		{Key: "7", Code: "wrong_number", Label: shipped("wrong_number"), Ends: true},
		{Key: "8", Code: "refused", Label: shipped("refused"), Ends: true, Reached: true},
		{Key: "9", Code: "deceased", Label: shipped("deceased"), Ends: true, Reached: true},
	}
}

// StandardRetry tries three times, each at another part of the day.
func StandardRetry() Retry { return Retry{Tries: 3, Hours: []int{10, 15, 19}} }
