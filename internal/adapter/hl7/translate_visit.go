package hl7

import (
	"strconv"
	"strings"

	"renxin/internal/intake"
	"renxin/internal/platform/clock"
)

// encounter reads PV1 (3.4.3). The key is PV1-19, else the alternate PV1-50, else the account PID-18; where a system sends
// none, patient and admission time stand in.
func (t *translator) encounter() {
	pv1 := t.First("PV1")
	if pv1.fields == nil {
		return
	}
	e := &intake.Encounter{Class: t.class(pv1)}
	for _, f := range []string{pv1.Field(19), pv1.Field(50), t.First("PID").Field(18)} {
		first := nth(f, t.Repeat, 1)
		if n := t.Component(first, 1); e.Number == "" && n != null {
			e.Number, e.Issuer = n, t.Component(first, 4)
		}
	}
	e.StartedAt = t.time(t.Value(pv1, 44), "PV1-44")
	e.EndedAt = t.time(t.Value(pv1, 45), "PV1-45")
	told := t.record.Event != intake.ReportReady && t.record.Event != intake.ChargePost // who only mentions a visit opens none
	if e.Number == "" && told && e.StartedAt != 0 && len(t.record.Patient.Identifiers) > 0 {
		e.Number = t.record.Patient.Identifiers[0].Value + "@" + t.Value(pv1, 44)
	}
	if e.Number == "" {
		return
	}
	t.location(pv1, e)
	for _, n := range []int{7, 17, 9} { // attending, admitting, consulting
		if e.DoctorCode == "" {
			e.DoctorCode, e.DoctorName = t.practitioner(pv1.Field(n))
		}
	}
	e.Disposition = t.Value(pv1, 36)
	t.record.Encounter = e
}

// class maps table 0004 to FHIR's ActCode; a check-up centre is known by its name.
func (t *translator) class(pv1 Segment) string {
	loc := nth(pv1.Field(3), t.Repeat, 1)
	if strings.Contains(t.Component(loc, 2)+t.Component(loc, 1), "体检") {
		return "CHK"
	}
	switch t.Value(pv1, 2) {
	case "I", "P", "B", "住院":
		return "IMP"
	case "E", "急诊":
		return "EMER"
	case "T", "体检":
		return "CHK"
	}
	return "AMB"
}

// location reads PL (2.A.53). For outpatients Chinese systems write code^name of the clinic; inpatients have ward^room^bed
// and their department in PV1-10, where it is sent at all.
func (t *translator) location(pv1 Segment, e *intake.Encounter) {
	loc := nth(pv1.Field(3), t.Repeat, 1)
	place, second, bed := t.Component(loc, 1), t.Component(loc, 2), t.Component(loc, 3)
	service := nth(pv1.Field(10), t.Repeat, 1)
	if e.Class == "IMP" {
		e.WardCode = place
		e.Bed = strings.Trim(second+"-"+bed, "-")
		e.DepartmentCode, e.DepartmentName = t.Component(service, 1), t.Component(service, 2)
	}
	if e.DepartmentCode == "" {
		e.DepartmentCode = place
	}
	if e.DepartmentName == "" && e.Class != "IMP" && bed == "" {
		e.DepartmentName = second
	}
	if e.DepartmentName == "" {
		e.DepartmentName = e.DepartmentCode
	}
}

// conditions reads DG1 (6.5.2).
func (t *translator) conditions() {
	for i, s := range t.All("DG1") {
		code := nth(s.Field(3), t.Repeat, 1)
		c := intake.Condition{Code: t.Component(code, 1), Name: t.Component(code, 2), At: t.time(t.Value(s, 5), "DG1-5")}
		if c.Name == "" {
			c.Name = t.Value(s, 4)
		}
		if c.Name == "" {
			c.Name = c.Code
		}
		if c.Name == "" {
			continue
		}
		if c.At == 0 {
			c.At = t.record.OccurredAt
		}
		c.Kind = t.conditionKind(t.Value(s, 6))
		c.Rank = i + 1
		if n, err := strconv.Atoi(t.Value(s, 15)); err == nil && n > 0 { // DG1-15: 1 is the principal diagnosis
			c.Rank = n
		}
		t.record.Conditions = append(t.record.Conditions, c)
	}
}

// conditionKind maps table 0052; a final diagnosis of an outpatient is the outpatient's diagnosis.
func (t *translator) conditionKind(v string) string {
	inpatient := t.record.Encounter != nil && t.record.Encounter.Class == "IMP"
	switch {
	case v == "A" && inpatient:
		return "admission"
	case v == "F" && inpatient:
		return "discharge"
	case v == "W":
		return "working"
	case inpatient && t.record.Event == intake.EncounterClose:
		return "discharge"
	case inpatient:
		return "admission"
	}
	return "outpatient"
}

// procedures reads PR1 (6.5.4). Without PR1-19 the code and its time are the key.
func (t *translator) procedures() {
	for _, s := range t.All("PR1") {
		code := nth(s.Field(3), t.Repeat, 1)
		p := intake.Procedure{Code: t.Component(code, 1), Name: t.Component(code, 2), At: t.time(t.Value(s, 5), "PR1-5"), Number: t.Value(s, 19)}
		if p.Name == "" {
			p.Name = t.Value(s, 4)
		}
		if p.Name == "" {
			p.Name = p.Code
		}
		if p.Name == "" {
			continue
		}
		if p.Number == "" {
			p.Number = orText(p.Code, p.Name) + "@" + orText(t.Value(s, 5), stamp(t.record.OccurredAt))
		}
		if p.At == 0 {
			p.At = t.record.OccurredAt
		}
		_, p.Doctor = t.practitioner(s.Field(11))
		t.record.Procedures = append(t.record.Procedures, p)
	}
}

func stamp(at clock.Instant) string { return strconv.FormatInt(int64(at), 10) }
