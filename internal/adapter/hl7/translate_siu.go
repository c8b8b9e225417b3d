package hl7

import (
	"strconv"
	"strings"
	"time"

	"renxin/internal/intake"
	"renxin/internal/platform/clock"
)

// siuEvents is 10.2's list: one appointment with a history, whatever happens to it. S18–S22 change a resource within it.
var siuEvents = map[string]intake.Event{
	"S12": intake.AppointmentBook,
	"S13": intake.AppointmentMove, "S14": intake.AppointmentMove,
	"S18": intake.AppointmentMove, "S19": intake.AppointmentMove, "S20": intake.AppointmentMove, "S21": intake.AppointmentMove, "S22": intake.AppointmentMove,
	"S15": intake.AppointmentCancel, "S16": intake.AppointmentCancel, "S17": intake.AppointmentCancel,
	"S26": intake.AppointmentNoShow,
}

// scheduling maps SIU (chapter 10). The key is the filler's number SCH-2, else the placer's SCH-1.
func (t *translator) scheduling(trigger string) {
	event, known := siuEvents[trigger]
	if !known { // S23–S25 block and open schedules
		t.ignore(reasonType)
		return
	}
	t.record.Event = event
	t.patient()
	sch := t.First("SCH")
	a := &intake.Appointment{Number: t.Value(sch, 2), Placer: t.Value(sch, 1)}
	if a.Number == "" {
		a.Number = a.Placer
	}
	if a.Number == "" {
		t.problem(problemKey, "SCH-2", true)
	}
	a.StartsAt, a.EndsAt = t.appointmentTime(sch)
	if a.StartsAt == 0 && event != intake.AppointmentCancel {
		t.problem(problemTime, "TQ1-7", true)
	}
	t.appointmentPlace(a)
	for _, n := range []int{7, 6} { // appointment reason, event reason
		if r := t.coded(sch.Field(n)); a.Reason == "" && r != nil {
			a.Reason = *r
		}
	}
	t.record.Appointment = a
}

// appointmentTime: TQ1-7/8 beats the deprecated SCH-11 (real samples contradict themselves there), then the resources' own.
func (t *translator) appointmentTime(sch Segment) (from, to clock.Instant) {
	tq1 := t.First("TQ1")
	from, to = t.time(t.Value(tq1, 7), "TQ1-7"), t.time(t.Value(tq1, 8), "TQ1-8")
	if from == 0 {
		timing := nth(sch.Field(11), t.Repeat, 1)
		from, to = t.time(t.Component(timing, 4), "SCH-11"), t.time(t.Component(timing, 5), "SCH-11")
	}
	length := duration(t.Value(sch, 9), t.Value(sch, 10))
	for _, r := range []struct {
		segment string
		field   int
	}{{"AIS", 4}, {"AIG", 8}, {"AIL", 6}, {"AIP", 6}} {
		s := t.First(r.segment)
		if from == 0 {
			from = t.time(t.Value(s, r.field), r.segment)
		}
		if length == 0 {
			length = duration(t.Value(s, r.field+3), t.Value(s, r.field+4))
		}
	}
	if from != 0 && to < from {
		to = from.Add(length)
	}
	return from, to
}

func duration(n, unit string) time.Duration {
	v, err := strconv.ParseFloat(n, 64)
	if err != nil || v <= 0 || v > 1e6 {
		return 0
	}
	per := time.Minute
	switch strings.ToLower(unit) {
	case "s", "sec":
		per = time.Second
	case "h", "hr", "hour":
		per = time.Hour
	}
	return time.Duration(v * float64(per))
}

// appointmentPlace: clinic from PV1-3, else AIL-3; doctor from AIP-3, else PV1-7.
func (t *translator) appointmentPlace(a *intake.Appointment) {
	pv1, aip := t.First("PV1"), t.First("AIP")
	for _, field := range []string{pv1.Field(3), t.First("AIL").Field(3)} {
		loc := nth(field, t.Repeat, 1)
		if code := t.Component(loc, 1); a.DepartmentCode == "" && code != "" && code != null {
			a.DepartmentCode = code
			a.DepartmentName = orText(t.Component(loc, 2), code)
		}
	}
	a.DoctorCode, a.DoctorName = t.practitioner(aip.Field(3))
	if a.DoctorCode == "" {
		a.DoctorCode, a.DoctorName = t.practitioner(pv1.Field(7))
	}
}
