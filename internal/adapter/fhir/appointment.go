package fhir

import (
	"strings"

	"renxin/internal/intake"
)

// appointee is the patient among the participants (12.7); R5 also names a subject.
func (d *document) appointee(n node) pointer {
	for _, p := range n.at("participant").list() {
		a := p.at("actor")
		if strings.Contains(a.str("reference"), "Patient/") || a.str("type") == "Patient" {
			return d.follow(n, a, "Patient")
		}
		if f := d.follow(n, a, "Patient"); f.node.str("resourceType") == "Patient" {
			return f
		}
	}
	return d.follow(n, n.at("subject"), "Patient")
}

// appointment reads Appointment (12.7).
func (w *writer) appointment(n node) {
	a := &intake.Appointment{Reason: orText(n.str("description"), n.str("comment"))}
	if a.Number, _ = w.key(n); a.Number == "" {
		w.problem(problemKey, "Appointment.identifier", true)
	}
	w.record.Event = intake.AppointmentBook
	switch n.str("status") {
	case "proposed", "waitlist":
		w.ignore(reasonPending)
		return
	case "cancelled", "entered-in-error":
		w.record.Event = intake.AppointmentCancel
		if _, why := n.either("cancelationReason", "cancellationReason").concept(); why != "" {
			a.Reason = why
		}
	case "noshow":
		w.record.Event = intake.AppointmentNoShow
	}
	a.StartsAt, a.EndsAt = w.time(n.str("start"), "start"), w.time(n.str("end"), "end")
	if a.StartsAt == 0 && w.record.Event == intake.AppointmentBook {
		w.problem(problemTime, "start", true)
	}
	for _, p := range n.at("participant").list() {
		w.participant(n, p.at("actor"), a)
	}
	for _, f := range []string{"serviceType", "specialty"} {
		c := n.at(f).first()
		if x := c.at("concept"); x.v != nil {
			c = x
		}
		if a.DepartmentCode == "" {
			a.DepartmentCode, a.DepartmentName = c.concept()
		}
	}
	a.DepartmentCode = orText(a.DepartmentCode, a.DepartmentName)
	w.record.Appointment = a
}

func (w *writer) participant(n, actor node, a *intake.Appointment) {
	kind := orText(w.follow(n, actor).node.str("resourceType"), actor.str("type"))
	if kind == "" {
		kind, _, _ = strings.Cut(tail(actor.str("reference")), "/")
	}
	switch kind {
	case "Practitioner", "PractitionerRole":
		if a.DoctorCode == "" {
			a.DoctorCode, a.DoctorName = w.practitioner(n, actor)
		}
	case "Location", "HealthcareService", "Organization":
		if code, name, _ := w.place(n, actor); a.DepartmentCode == "" && code+name != "" {
			a.DepartmentCode, a.DepartmentName = orText(code, name), orText(name, code)
		}
	}
}
