package fhir

import (
	"strings"

	"renxin/internal/intake"
	"renxin/internal/platform/clock"
)

// writer carries one group through the mapping.
type writer struct {
	*document
	*group
	record intake.Record
	ended  bool // the visit is over
}

// translate says in the canonical vocabulary what a group reports. It judges nothing: defects become Problems.
func (d *document) translate(g *group) intake.Record {
	w := &writer{document: d, group: g}
	event := g.event
	if event == "link" {
		event = "Patient"
	}
	w.record = intake.Record{Type: "FHIR " + event, Sender: d.sender, Origin: &intake.Origin{}, ControlID: g.lead.address()}
	w.dated()
	switch g.event {
	case "Encounter":
		w.person()
		w.encounter(g.lead.node())
		w.details(g.about[1:])
	case "Condition":
		w.record.Event = intake.DiagnosisTell
		w.person()
		w.mention()
		w.details(g.about)
	case "ChargeItem":
		w.record.Event = intake.ChargePost
		w.person()
		w.mention()
		w.details(g.about)
	case "DiagnosticReport":
		w.record.Event = intake.ReportReady
		w.person()
		w.reports()
	case "Appointment":
		w.person()
		w.appointment(g.lead.node())
	case "link":
		w.merge()
	default:
		w.record.Event = intake.PatientUpsert
		w.person()
	}
	if *w.record.Origin == (intake.Origin{}) {
		w.record.Origin = nil
	}
	return w.record
}

// dated takes the time of the word: meta.lastUpdated, else the bundle's. What has neither, nor a version, can only be told
// from its repetition by its content.
func (w *writer) dated() {
	dated := false
	for _, e := range w.about {
		meta := e.node().at("meta")
		if at, ok := instant(meta.str("lastUpdated"), w.options.Zone); ok {
			w.record.OccurredAt, dated = max(w.record.OccurredAt, at), true
		}
		dated = dated || meta.str("versionId") != ""
	}
	if w.record.OccurredAt == 0 {
		w.record.OccurredAt = w.lead.said
	}
	if !dated && w.lead.said == 0 && len(w.about) == 1 {
		w.record.Origin.Undated = w.lead.address()
	}
}

func (w *writer) problem(code, field string, fatal bool) {
	w.record.Problems = append(w.record.Problems, intake.Problem{Code: code, Field: field, Fatal: fatal})
}

func (w *writer) ignore(reason string) {
	w.record.Event, w.record.Reason = intake.Ignored, reason
}

// time reads a point in time; an unreadable one is a problem, an absent one is not.
func (w *writer) time(v, field string) clock.Instant {
	if v == "" {
		return 0
	}
	at, ok := instant(v, w.options.Zone)
	if !ok {
		w.problem(problemTime, field, false)
	}
	return at
}

// period reads start and end.
func (w *writer) period(n node, field string) (from, to clock.Instant) {
	return w.time(n.str("start"), field+".start"), w.time(n.str("end"), field+".end")
}

// mention notes the visit that lines belong to, which they neither open nor change.
func (w *writer) mention() {
	switch {
	case w.visit.node.v != nil:
		number, issuer := w.key(w.visit.node)
		w.record.Encounter = &intake.Encounter{Number: number, Issuer: issuer}
	case w.visit.address != "":
		w.record.Origin.OfVisit = w.visit.address
	case w.visit.number.str("value") != "":
		number, issuer := w.key(node{map[string]any{"identifier": w.visit.number.v}})
		w.record.Encounter = &intake.Encounter{Number: number, Issuer: issuer}
	}
}

// details adds what happened: diagnoses, procedures, charges.
func (w *writer) details(list []*entry) {
	for _, e := range list {
		switch e.kind {
		case "Condition":
			w.condition(e)
		case "Procedure":
			w.procedure(e)
		case "ChargeItem":
			w.charge(e)
		}
	}
}

// practitioner gives number and name of whoever a reference leads to.
func (w *writer) practitioner(from, ref node) (code, name string) {
	p := w.need(w.follow(from, ref, "Practitioner"))
	if p.node.str("resourceType") == "PractitionerRole" {
		p = w.need(w.follow(p.node, p.node.at("practitioner"), "Practitioner"))
	}
	code, _ = w.key(node{map[string]any{"identifier": p.node.at("identifier").v}})
	if code == "" {
		code = p.number.str("value")
	}
	if name = personName(p.node.at("name")); name == "" {
		name = p.display
	}
	if code == "" && name != "" {
		code = name
	}
	return code, name
}

// place gives number and name of a department, ward or bed.
func (w *writer) place(from, ref node) (code, name string, kind []string) {
	p := w.need(w.follow(from, ref, "Location", "Organization"))
	if p.node.v != nil {
		code, _ = w.key(p.node)
	}
	if code == "" {
		code = p.number.str("value")
	}
	if name = p.node.str("name"); name == "" {
		name = p.display
	}
	return code, name, append(p.node.at("physicalType").codes(), append(p.node.at("form").codes(), p.node.at("type").codes()...)...)
}

func orText(s ...string) string {
	for _, v := range s {
		if v = strings.TrimSpace(v); v != "" {
			return v
		}
	}
	return ""
}
