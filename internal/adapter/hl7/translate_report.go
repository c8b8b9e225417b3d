package hl7

import (
	"strings"

	"renxin/internal/intake"
)

// observation maps ORU (7.3.1): one report per OBR with its conclusion and flag. Single values are not kept: the result
// belongs to the laboratory's system, the relationship only needs to know that it is there and whether someone must act.
func (t *translator) observation() {
	t.record.Event = intake.ReportReady
	t.patient()
	t.encounter()
	var current *intake.Report
	numbers := map[string]bool{}
	for _, s := range t.Segments {
		switch s.Name {
		case "OBR":
			t.record.Reports = append(t.record.Reports, t.report(s, numbers))
			current = &t.record.Reports[len(t.record.Reports)-1]
		case "OBX":
			if current != nil {
				t.addObservation(current, s)
			}
		}
	}
	if len(t.record.Reports) == 0 {
		t.problem(problemKey, "OBR-3", true)
	}
}

func (t *translator) report(obr Segment, numbers map[string]bool) intake.Report {
	service := nth(obr.Field(4), t.Repeat, 1)
	r := intake.Report{Name: t.Component(service, 2), Number: orText(t.Value(obr, 3), t.Value(obr, 2))}
	code := t.Component(service, 1)
	if r.Name == "" {
		r.Name = code
	}
	if r.Number == "" || numbers[r.Number] {
		r.Number = orText(r.Number, t.record.ControlID) + "/" + orText(code, t.Value(obr, 1))
	}
	numbers[r.Number] = true
	r.Kind = t.reportKind(t.Value(obr, 24), r.Name)
	for _, n := range []int{22, 7, 8} { // reported, observed
		if r.At == 0 {
			r.At = t.time(t.Value(obr, n), "OBR-22")
		}
	}
	if r.At == 0 {
		r.At = t.record.OccurredAt
	}
	return r
}

// reportKind maps OBR-24 (table 0074); check-ups are known by their name.
func (t *translator) reportKind(section, name string) string {
	if strings.Contains(name, "体检") {
		return "checkup"
	}
	switch section {
	case "RAD", "CT", "MR", "NMR", "US", "RUS", "XRC", "CUS", "VUS", "OUS", "NMS", "EC", "VR", "CTH":
		return "imaging"
	}
	for _, word := range []string{"超声", "彩超", "CT", "MRI", "X线", "X光", "磁共振", "X-Ray", "Echo"} {
		if strings.Contains(name, word) {
			return "imaging"
		}
	}
	return "lab"
}

// conclusionWords mark an OBX that sums up.
var conclusionWords = []string{"总检", "结论", "印象", "诊断意见", "建议", "CONCLUSION", "IMPRESSION", "SUMMARY"}

func (t *translator) addObservation(r *intake.Report, obx Segment) {
	if v := t.observationText(obx); v == "" || v == null {
		// only a flag
	} else if t.sumsUp(obx) {
		r.Conclusion = strings.TrimSpace(r.Conclusion + "\n" + v)
	} else {
		id := nth(obx.Field(3), t.Repeat, 1)
		line := orText(t.Component(id, 2), t.Component(id, 1)) + " " + v + " " + t.Value(obx, 6)
		r.Result = strings.TrimSpace(r.Result + "\n" + strings.TrimSpace(line))
	}
	if level := abnormal(t.Repeats(obx.Field(8))); rankOf(level) > rankOf(r.Abnormal) {
		r.Abnormal = level
	}
}

// sumsUp tells whether an OBX holds the conclusion rather than a result.
func (m *Message) sumsUp(obx Segment) bool {
	id := nth(obx.Field(3), m.Repeat, 1)
	name := strings.ToUpper(m.Component(id, 1) + " " + m.Component(id, 2))
	for _, word := range conclusionWords {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

func (t *translator) observationText(obx Segment) string {
	var parts []string
	for _, rep := range t.Repeats(obx.Field(5)) {
		parts = append(parts, t.Unescape(strings.ReplaceAll(rep, string(t.Delimiters.Component), " ")))
	}
	return strings.Join(parts, "\n")
}

// abnormal maps OBX-8 (table 0078) to nothing, abnormal or critical.
func abnormal(flags []string) string {
	level := ""
	for _, f := range flags {
		code, _, _ := strings.Cut(f, "^")
		switch strings.ToUpper(strings.TrimSpace(code)) {
		case "HH", "LL", "AA", ">", "<", "危急":
			return "critical"
		case "H", "L", "A", "POS", "R", "↑", "↓", "阳性", "异常":
			level = "abnormal"
		}
	}
	return level
}

func rankOf(level string) int {
	switch level {
	case "critical":
		return 2
	case "abnormal":
		return 1
	}
	return 0
}

// document maps MDM (9.5): a document is there. T03, T07, T08 and the like update it; T11 cancels and is not for us.
func (t *translator) document(trigger string) {
	if trigger == "T11" {
		t.ignore(reasonType)
		return
	}
	t.record.Event = intake.ReportReady
	t.patient()
	t.encounter()
	txa := t.First("TXA")
	r := intake.Report{Kind: "document", Number: t.Value(txa, 12), Name: t.Value(txa, 16)}
	if r.Number == "" {
		t.problem(problemKey, "TXA-12", true)
	}
	for _, obx := range t.All("OBX") {
		if v := t.observationText(obx); v != null {
			r.Result = strings.TrimSpace(r.Result + "\n" + v)
		}
	}
	if obx := t.First("OBX"); r.Name == "" {
		r.Name = t.Component(nth(obx.Field(3), t.Repeat, 1), 2)
	}
	if r.Name == "" {
		r.Name = orText(t.Value(txa, 2), "document")
	}
	for _, n := range []int{4, 6, 7} { // activity, origination, transcription
		if r.At == 0 {
			r.At = t.time(t.Value(txa, n), "TXA-4")
		}
	}
	if r.At == 0 {
		r.At = t.record.OccurredAt
	}
	t.record.Reports = append(t.record.Reports, r)
}
