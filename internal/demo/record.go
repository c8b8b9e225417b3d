package demo

import (
	"cmp"
	"fmt"
	"slices"

	"renxin/internal/intake"
	"renxin/internal/platform/clock"
)

// Records tells what the HIS would have sent about p, message by message, oldest first: registration, bookings and
// their fate, visits, bills and results. What the customer centre did itself (messages, tasks) is not in it.
func Records(p Person) []intake.Record {
	var all []intake.Record
	for i, r := range p.Registrations {
		all = append(all, p.record(intake.PatientUpsert, i, r.At))
	}
	for _, a := range p.Appointments {
		all = append(all, p.bookingRecords(a)...)
	}
	for _, v := range p.Visits {
		all = append(all, p.visitRecords(v)...)
	}
	slices.SortStableFunc(all, func(a, b intake.Record) int { return cmp.Compare(a.OccurredAt, b.OccurredAt) })
	for i := range all {
		all[i].Ref = fmt.Sprintf("%d-%d", p.Serial, i+1)
		all[i].ControlID = fmt.Sprintf("D%07d%03d", p.Serial, i+1)
	}
	return all
}

func (p Person) visitRecords(v Visit) []intake.Record {
	open := p.record(intake.EncounterOpen, v.Registration, v.Encounter.StartedAt)
	e := v.Encounter
	open.Encounter = &e
	stay := e.Class == "IMP"
	if !stay {
		open.Conditions, open.Procedures = v.Conditions, v.Procedures
	}
	all := []intake.Record{open}
	if stay {
		in := e
		in.EndedAt, in.Disposition = 0, ""
		all[0].Encounter, all[0].Type = &in, "ADT^A01"
		for _, c := range v.Conditions {
			c.Kind, c.At = "admission", e.StartedAt
			all[0].Conditions = append(all[0].Conditions, c)
		}
		all = append(all, p.stayRecords(v)...)
	}
	if len(v.Charges) > 0 {
		bill := p.record(intake.ChargePost, v.Registration, v.Charges[len(v.Charges)-1].At+60_000)
		bill.Encounter, bill.Charges = &intake.Encounter{Number: e.Number, Class: e.Class}, v.Charges
		all = append(all, bill)
	}
	for _, x := range v.Reports {
		r := p.record(intake.ReportReady, v.Registration, x.At)
		r.Encounter, r.Reports = &intake.Encounter{Number: e.Number, Class: e.Class, DepartmentCode: e.DepartmentCode, DepartmentName: e.DepartmentName}, []intake.Report{x}
		all = append(all, r)
	}
	return all
}

// stayRecords are the discharge, or an update that tells the operation of somebody still in bed.
func (p Person) stayRecords(v Visit) []intake.Record {
	e := v.Encounter
	event, at := intake.EncounterClose, e.EndedAt
	if at == 0 {
		if len(v.Procedures) == 0 {
			return nil
		}
		event, at = intake.EncounterUpdate, v.Procedures[0].At+3600_000
	}
	r := p.record(event, v.Registration, at)
	r.Encounter, r.Conditions, r.Procedures = &e, v.Conditions, v.Procedures
	return []intake.Record{r}
}

func (p Person) bookingRecords(a Appointment) []intake.Record {
	book := p.record(intake.AppointmentBook, a.Registration, a.BookedAt)
	x := a.Appointment
	book.Appointment = &x
	all := []intake.Record{book}
	switch a.Status {
	case "noshow":
		all = append(all, p.fate(intake.AppointmentNoShow, a))
	case "cancelled":
		all = append(all, p.fate(intake.AppointmentCancel, a))
	}
	return all
}

func (p Person) fate(event intake.Event, a Appointment) intake.Record {
	r := p.record(event, a.Registration, a.ChangedAt)
	x := a.Appointment
	r.Appointment = &x
	return r
}

// types are the HL7 v2 messages that carry the events.
var types = map[intake.Event]string{
	intake.PatientUpsert: "ADT^A28", intake.PatientMerge: "ADT^A40", intake.EncounterOpen: "ADT^A04", intake.EncounterUpdate: "ADT^A08",
	intake.EncounterClose: "ADT^A03", intake.EncounterCancel: "ADT^A11", intake.ChargePost: "DFT^P03", intake.ReportReady: "ORU^R01",
	intake.AppointmentBook: "SIU^S12", intake.AppointmentMove: "SIU^S13", intake.AppointmentCancel: "SIU^S15", intake.AppointmentNoShow: "SIU^S26",
}

func (p Person) record(event intake.Event, registration int, at clock.Instant) intake.Record {
	return intake.Record{
		Type: types[event], Sender: "HIS/RA01", OccurredAt: at, Event: event, Patient: p.told(registration, at),
	}
}

// told is what the patient index says about a registration at instant at.
func (p Person) told(registration int, at clock.Instant) intake.Person {
	r := p.Registrations[registration]
	t := intake.Person{
		Name: text(r.Name), Sex: text(r.Sex), BirthDate: text(string(r.Birth)), Address: text(r.Address), RegionCode: text(r.RegionCode),
		Occupation: text(p.Occupation), Ethnicity: text("汉族"), Marital: text(p.Marital), Source: text(p.Source),
	}
	for _, x := range []intake.Identifier{
		{Kind: "outpatient", Issuer: "HIS", Value: r.Outpatient}, {Kind: "card", Issuer: "HIS", Value: r.Card},
		{Kind: "inpatient", Issuer: "HIS", Value: r.Inpatient}, {Kind: "id_card", Value: r.IDCard},
	} {
		if x.Value != "" {
			t.Identifiers = append(t.Identifiers, x)
		}
	}
	t.Identifiers = append([]intake.Identifier{{Kind: "other", Issuer: "HIS", Value: r.Number}}, t.Identifiers...)
	t.Telecoms = append(t.Telecoms, intake.Telecom{System: "mobile", Value: r.MobileAt(at), Owner: r.Owner})
	if r.Landline != "" {
		t.Telecoms = append(t.Telecoms, intake.Telecom{System: "phone", Value: r.Landline, Owner: "self"})
	}
	if p.Story == "lixiuying" {
		t.Telecoms = append(t.Telecoms, intake.Telecom{System: "mobile", Value: Daughter, Owner: "daughter"})
	}
	return t
}

// text leaves a field alone when the registration does not know it.
func text(s string) intake.Text {
	if s == "" {
		return nil
	}
	return &s
}
