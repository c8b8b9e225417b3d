package fhir

import (
	"encoding/base64"
	"strings"

	"renxin/internal/intake"
)

// reports reads DiagnosticReport (10.3): name, conclusion and flag; the values behind it are only looked at for flags, and
// handed on as text for hospitals that keep it.
func (w *writer) reports() {
	for _, e := range w.about {
		w.report(e)
	}
	if len(w.record.Reports) == 0 && len(w.record.Problems) == 0 {
		w.ignore(reasonPending)
	}
}

func (w *writer) report(e *entry) {
	n := e.node()
	switch n.str("status") {
	case "registered", "partial", "preliminary", "cancelled", "entered-in-error":
		return
	}
	r := intake.Report{Conclusion: n.str("conclusion")}
	_, r.Name = n.at("code").concept()
	if r.Number, _ = w.key(n); r.Number == "" {
		w.problem(problemKey, "DiagnosticReport.identifier", true)
		return
	}
	for _, c := range n.at("conclusionCode").list() {
		if _, name := c.concept(); r.Conclusion == "" {
			r.Conclusion = name
		}
	}
	r.Name = orText(r.Name, r.Number)
	r.Kind = reportKind(n, r.Name)
	for _, f := range []string{"issued", "effectiveDateTime"} {
		if r.At == 0 {
			r.At = w.time(n.str(f), f)
		}
	}
	if r.At == 0 {
		r.At, _ = w.period(n.at("effectivePeriod"), "effectivePeriod")
	}
	if r.At == 0 {
		r.At = w.record.OccurredAt
	}
	w.results(n, &r)
	w.record.Reports = append(w.record.Reports, r)
}

// results collects the flags of the observations and their text.
func (w *writer) results(n node, r *intake.Report) {
	var lines []string
	for _, ref := range n.at("result").list() {
		o := w.need(w.follow(n, ref, "Observation")).node
		level := abnormal(o.at("interpretation").codes())
		if rank(level) > rank(r.Abnormal) {
			r.Abnormal = level
		}
		_, name := o.at("code").concept()
		if v := value(o); v != "" {
			lines = append(lines, strings.TrimSpace(name+" "+v))
		}
	}
	for _, form := range n.at("presentedForm").list() {
		if kind := form.str("contentType"); strings.HasPrefix(kind, "text/plain") {
			if b, err := base64.StdEncoding.DecodeString(form.str("data")); err == nil {
				lines = append(lines, strings.ToValidUTF8(string(b), "\uFFFD"))
			}
		}
	}
	r.Result = strings.Join(lines, "\n")
}

// value writes Observation.value[x] in one line.
func value(o node) string {
	if q := o.at("valueQuantity"); q.v != nil {
		return strings.TrimSpace(q.str("comparator") + q.str("value") + " " + orText(q.str("unit"), q.str("code")))
	}
	if c := o.at("valueCodeableConcept"); c.v != nil {
		_, name := c.concept()
		return name
	}
	return o.either("valueString", "valueInteger", "valueDateTime").text()
}

// abnormal maps ObservationInterpretation to nothing, abnormal or critical.
func abnormal(codes []string) (level string) {
	for _, c := range codes {
		switch strings.ToUpper(c) {
		case "HH", "LL", "AA", "HU", "LU", ">", "<":
			return "critical"
		case "H", "L", "A", "POS", "R", "DET":
			level = "abnormal"
		}
	}
	return level
}

func rank(level string) int {
	switch level {
	case "critical":
		return 2
	case "abnormal":
		return 1
	}
	return 0
}

// reportKind maps the diagnostic service section (v2 table 0074); check-ups are known by their name.
func reportKind(n node, name string) string {
	if strings.Contains(name, "体检") {
		return "checkup"
	}
	for _, c := range n.at("category").codes() {
		switch strings.ToUpper(c) {
		case "RAD", "CT", "MR", "NMR", "US", "RUS", "XRC", "CUS", "VUS", "OUS", "NMS", "EC", "VR", "CTH", "IMG":
			return "imaging"
		}
	}
	for _, word := range []string{"超声", "彩超", "CT", "MRI", "X线", "X光", "磁共振"} {
		if strings.Contains(name, word) {
			return "imaging"
		}
	}
	return "lab"
}
