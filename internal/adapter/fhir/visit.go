package fhir

import (
	"slices"
	"strings"

	"renxin/internal/intake"
)

// encounter reads Encounter (8.11). R5 says actualPeriod, admission, completed, and lists classes.
func (w *writer) encounter(n node) {
	e := &intake.Encounter{Class: class(n)}
	e.Number, e.Issuer = w.key(n)
	e.StartedAt, e.EndedAt = w.period(n.either("period", "actualPeriod"), "period")
	if e.Number == "" && e.StartedAt != 0 && len(w.record.Patient.Identifiers) > 0 {
		e.Number = w.record.Patient.Identifiers[0].Value + "@" + n.either("period", "actualPeriod").str("start")
	}
	w.department(n, e)
	w.doctor(n, e)
	_, e.Disposition = n.either("hospitalization", "admission").at("dischargeDisposition").concept()
	w.record.Event = intake.EncounterOpen
	switch n.str("status") {
	case "planned":
		w.record.Event = intake.PatientUpsert // the visit itself will follow
		return
	case "finished", "completed", "discharged":
		w.record.Event, w.ended = intake.EncounterClose, true
		if e.EndedAt == 0 {
			e.EndedAt = max(w.record.OccurredAt, e.StartedAt)
		}
	case "cancelled", "entered-in-error":
		w.record.Event = intake.EncounterCancel
	case "arrived", "triaged", "in-progress", "onleave", "on-hold":
		e.EndedAt = 0
	default:
		w.record.Event = intake.EncounterUpdate
	}
	if e.Number == "" {
		w.problem(problemKey, "identifier", false)
		w.record.Event = intake.PatientUpsert
		return
	}
	if e.StartedAt == 0 && w.record.Event == intake.EncounterOpen {
		e.StartedAt = w.record.OccurredAt
	}
	w.record.Encounter = e
	w.record.Origin.Visit = w.lead.address()
}

// class maps ActEncounterCode; a check-up centre is known by its name.
func class(n node) string {
	for _, t := range append(n.at("type").list(), append(n.at("serviceType").list(), n.at("class").list()...)...) {
		if _, name := t.concept(); strings.Contains(name, "体检") {
			return "CHK"
		}
	}
	for _, code := range n.at("class").codes() {
		switch strings.ToUpper(code) {
		case "IMP", "ACUTE", "NONAC", "SS", "INPATIENT", "住院":
			return "IMP"
		case "EMER", "EMERGENCY", "急诊":
			return "EMER"
		case "CHK":
			return "CHK"
		}
	}
	return "AMB"
}

// department is the service type, else the providing organization unless that is the hospital itself; wards and beds are
// locations of that physical type.
func (w *writer) department(n node, e *intake.Encounter) {
	service := n.at("serviceType").first()
	if c := service.at("concept"); c.v != nil { // CodeableReference of R5
		service = c
	}
	e.DepartmentCode, e.DepartmentName = service.concept()
	for _, l := range n.at("location").list() {
		code, name, kinds := w.place(n, l.at("location"))
		has := func(want ...string) bool {
			return slices.ContainsFunc(kinds, func(k string) bool { return slices.Contains(want, strings.ToLower(k)) })
		}
		switch {
		case code+name == "":
		case has("bd", "bed"):
			e.Bed = orText(name, code)
		case has("wa", "ward"):
			e.WardCode = orText(code, name)
		case e.DepartmentCode == "" && !has("ro", "bu", "si", "house"):
			e.DepartmentCode, e.DepartmentName = orText(code, name), orText(name, code)
		}
	}
	if code, name, kinds := w.place(n, n.at("serviceProvider")); e.DepartmentCode == "" && code+name != "" && !slices.Contains(kinds, "prov") {
		e.DepartmentCode, e.DepartmentName = orText(code, name), orText(name, code)
	}
	e.DepartmentCode = orText(e.DepartmentCode, e.DepartmentName)
}

// doctor is who attends, else who took part first.
func (w *writer) doctor(n node, e *intake.Encounter) {
	for _, want := range []bool{true, false} {
		for _, p := range n.at("participant").list() {
			codes := p.at("type").codes()
			attends := slices.Contains(codes, "ATND") || slices.Contains(codes, "PPRF")
			if e.DoctorCode == "" && attends == want {
				e.DoctorCode, e.DoctorName = w.practitioner(n, p.either("individual", "actor"))
			}
		}
	}
}

// icd are the systems of ICD-10 and of the Chinese classifications.
var icd = []string{"http://hl7.org/fhir/sid/icd-10", "2.16.840.1.113883.6.3", "2.16.156.10011.2.3.3.11", "2.16.156.10011.2.3.3.14"}

// condition reads Condition (9.2); what was refuted or entered in error is no diagnosis.
func (w *writer) condition(e *entry) {
	n := e.node()
	for _, v := range n.at("verificationStatus").codes() {
		if v == "refuted" || v == "entered-in-error" {
			return
		}
	}
	c := intake.Condition{Rank: len(w.record.Conditions) + 1}
	if c.Code, c.Name = n.at("code").concept(icd...); c.Name == "" {
		return
	}
	for _, f := range []string{"recordedDate", "onsetDateTime"} {
		if c.At == 0 {
			c.At = w.time(n.str(f), f)
		}
	}
	c.Kind = w.conditionKind(e, &c.Rank)
	if x := w.record.Encounter; c.At == 0 && x != nil {
		c.At = max(x.StartedAt, x.EndedAt)
	}
	if c.At == 0 {
		c.At = w.record.OccurredAt
	}
	w.record.Conditions = append(w.record.Conditions, c)
}

// conditionKind follows Encounter.diagnosis (use AD admission, DD discharge; rank), else the visit it belongs to.
func (w *writer) conditionKind(e *entry, rank *int) string {
	inpatient := w.record.Encounter != nil && w.record.Encounter.Class == "IMP"
	if w.event == "Encounter" {
		n := w.lead.node()
		for _, dx := range n.at("diagnosis").list() {
			for _, ref := range dx.at("condition").list() {
				if w.follow(n, ref, "Condition").entry != e {
					continue
				}
				if v, err := dx.at("rank").int(); err == nil && v > 0 {
					*rank = v
				}
				use := dx.at("use").codes()
				switch {
				case slices.Contains(use, "AD") && inpatient:
					return "admission"
				case slices.Contains(use, "DD") && inpatient:
					return "discharge"
				}
			}
		}
	}
	switch {
	case inpatient && w.ended:
		return "discharge"
	case inpatient:
		return "admission"
	}
	return "outpatient"
}

// procedure reads Procedure (9.3). R5 says occurrence where R4 says performed.
func (w *writer) procedure(e *entry) {
	n := e.node()
	switch n.str("status") {
	case "entered-in-error", "not-done", "preparation":
		return
	}
	p := intake.Procedure{}
	if p.Code, p.Name = n.at("code").concept("2.16.156.10011.2.3.3.12", "http://hl7.org/fhir/sid/icd-9"); p.Name == "" {
		return
	}
	p.Number, _ = w.key(n)
	p.At = w.time(n.either("performedDateTime", "occurrenceDateTime").text(), "performedDateTime")
	if p.At == 0 {
		p.At, _ = w.period(n.either("performedPeriod", "occurrencePeriod"), "performedPeriod")
	}
	if x := w.record.Encounter; p.At == 0 && x != nil {
		p.At = x.StartedAt
	}
	if p.At == 0 {
		p.At = w.record.OccurredAt
	}
	if p.Number == "" {
		p.Number = orText(p.Code, p.Name) + "@" + n.either("performedDateTime", "occurrenceDateTime").text()
	}
	for _, f := range n.at("performer").list() {
		if p.Doctor == "" {
			_, p.Doctor = w.practitioner(n, f.at("actor"))
		}
	}
	w.record.Procedures = append(w.record.Procedures, p)
}
