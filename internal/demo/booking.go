package demo

import (
	"fmt"

	"renxin/internal/intake"
	"renxin/internal/platform/clock"
)

var bookingChannels = []string{"wechat", "phone", "onsite", "web", "kiosk"}

var channelTable = newTable(55, 15, 15, 10, 5)

// Of all bookings 16.5 % are missed and 9 % cancelled; per kept booking that is 0.221 and 0.121.
const (
	missedPerKept    = 0.221
	cancelledPerKept = 0.121
	bookedShare      = 0.65 // of visits
)

// booking gives a visit the appointment that led to it, and sometimes one before it that failed.
func (g *Generator) booking(d dice, p *Person, v Visit, on day) {
	if v.Encounter.Class == "EMER" || !d.chance(bookedShare) {
		return
	}
	lead := d.IntN(14)
	kept := g.appoint(d, p, v.Registration, v.Encounter, v.Encounter.StartedAt-clock.Instant(d.between(0, 20)*60_000), on-day(lead))
	kept.Status, kept.ChangedAt = "fulfilled", v.Encounter.StartedAt
	p.Appointments = append(p.Appointments, kept)
	g.failed(d, p, v, on, "noshow", missedPerKept)
	g.failed(d, p, v, on, "cancelled", cancelledPerKept)
}

func (g *Generator) failed(d dice, p *Person, v Visit, on day, status string, share float64) {
	if !d.chance(share) {
		return
	}
	before := on - day(d.between(1, 20))
	a := g.appoint(d, p, v.Registration, v.Encounter, before.at(clinicSecond(d, "")), before-day(d.IntN(14)))
	a.Status, a.ChangedAt = status, a.StartsAt+3600_000
	if status == "cancelled" {
		a.ChangedAt = max(a.BookedAt+600_000, a.StartsAt-clock.Instant(d.between(2, 40)*3600_000))
	}
	p.Appointments = append(p.Appointments, a)
}

// ahead books a visit in the two weeks that come.
func (g *Generator) ahead(d dice, p *Person) {
	dep := pickDepartment(d, p, g.today, g.today)
	doctor := pickDoctor(d, dep.Code)
	e := intake.Encounter{DepartmentCode: dep.Code, DepartmentName: dep.Name, DoctorCode: doctor.Code, DoctorName: doctor.Name}
	on := g.today + day(d.between(1, 14))
	a := g.appoint(d, p, p.registrationAt(d), e, on.at(8*3600+d.IntN(16)*900), g.today-day(d.between(1, 7)))
	a.Status, a.ChangedAt = "booked", a.BookedAt
	p.Appointments = append(p.Appointments, a)
}

func (g *Generator) appoint(d dice, p *Person, registration int, e intake.Encounter, starts clock.Instant, booked day) Appointment {
	at := min(booked.at(8*3600+d.IntN(12*3600)), starts-600_000)
	return Appointment{
		Appointment: intake.Appointment{
			Number:         fmt.Sprintf("AP%07d%02d", p.Serial, len(p.Appointments)),
			DepartmentCode: e.DepartmentCode, DepartmentName: e.DepartmentName, DoctorCode: e.DoctorCode, DoctorName: e.DoctorName,
			StartsAt: starts, EndsAt: starts + 15*60_000, Reason: pick(d, []string{"初诊", "复诊", "复诊"}),
		},
		Registration: registration, Channel: bookingChannels[channelTable.draw(d)], BookedAt: at,
	}
}
