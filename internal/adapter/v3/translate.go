package v3

import (
	"strings"
	"unicode"

	"renxin/internal/intake"
	"renxin/internal/platform/clock"
)

// translator carries one message through the mapping.
type translator struct {
	mapping
	options intake.ReadOptions
	root    *element
	kind    interaction
	record  intake.Record
}

func (t *translator) value(at *element, field string) string {
	return t.paths[field].value(t.root, at)
}

func (t *translator) problem(code, field string, fatal bool) {
	t.record.Problems = append(t.record.Problems, intake.Problem{Code: code, Field: field, Fatal: fatal})
}

// time reads a point in time; an unreadable one is a problem, an absent one is not.
func (t *translator) time(at *element, field string) clock.Instant {
	v := t.value(at, field)
	if v == "" {
		return 0
	}
	i, _, ok := moment(v, t.options.Zone)
	if !ok {
		t.problem(problemTime, field, false)
	}
	return i
}

// translate says in the canonical vocabulary what the message reports; false when no mapping knows it.
func (t *translator) translate(action string) bool {
	name := t.value(t.root, "message.interaction")
	top := t.root.children[0].name
	r := &t.record
	r.Ref, r.Type, r.ControlID = "1", "V3 "+orText(name, top), t.value(t.root, "message.id")
	r.Sender, r.OccurredAt = t.value(t.root, "message.sender"), t.time(t.root, "message.at")
	kind, known := t.interaction(name, top, action)
	if !known {
		r.Event = intake.Ignored
		t.problem(problemMapping, "interactionId", true)
		return false
	}
	t.kind = kind
	r.Event, r.Reason = kind.Event, kind.Reason
	if r.Event == intake.Ignored {
		return true
	}
	t.person()
	switch r.Event {
	case intake.PatientMerge:
		t.merge()
	case intake.EncounterOpen, intake.EncounterUpdate, intake.EncounterClose:
		t.encounter()
	case intake.AppointmentBook, intake.AppointmentMove:
		t.appointment()
	}
	return true
}

// person reads the patient and the relatives' telephone numbers.
func (t *translator) person() {
	p := &t.record.Patient
	at := t.paths["patient"].one(t.root, t.root)
	if at == nil {
		t.problem(problemPatient, "patient", true)
		return
	}
	p.Identifiers = t.numbers(at, "patient.numbers")
	if len(p.Identifiers) == 0 {
		t.problem(problemPatient, "patient.id", true)
	}
	p.Name = said(t.value(at, "patient.name"))
	p.Sex = sex(t.value(at, "patient.sex"))
	p.BirthDate, p.DeceasedAt = t.date(at, "patient.birth_date"), t.date(at, "patient.deceased_at")
	p.Address = said(t.address(at))
	p.Marital, p.Ethnicity, p.Occupation = said(t.value(at, "patient.marital")), said(t.value(at, "patient.ethnicity")), said(t.value(at, "patient.occupation"))
	p.Telecoms = t.telecoms(at, "patient.telecoms", "self")
	for _, r := range t.paths["relatives"].nodes(t.root, at) {
		p.Telecoms = append(p.Telecoms, t.telecoms(r, "relative.telecoms", relation(t.value(r, "relative.kind")))...)
	}
}

func said(v string) intake.Text {
	if v == "" {
		return nil
	}
	return &v
}

func (t *translator) date(at *element, field string) intake.Text {
	v := t.value(at, field)
	if v == "" {
		return nil
	}
	_, d, ok := moment(v, t.options.Zone)
	if !ok {
		t.problem(problemTime, field, false)
		return nil
	}
	return &d
}

// numbers reads II: root names the counting. The feed's own table is asked first; what nobody maps is a number of its own
// counting, "other" with the root as issuer.
func (t *translator) numbers(at *element, field string) (out []intake.Identifier) {
	seen := map[intake.Identifier]bool{}
	for _, e := range t.paths[field].nodes(t.root, at) {
		value, _ := e.attr("extension")
		root, _ := e.attr("root")
		if value == "" {
			continue
		}
		id := t.number(strings.TrimPrefix(root, "urn:oid:"), value)
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

func (t *translator) number(root, value string) intake.Identifier {
	target, ours := t.options.Systems[root]
	if !ours {
		target, ours = t.Systems[root]
	}
	kind, issuer, stated := strings.Cut(target, "@")
	id := intake.Identifier{Kind: kind, Issuer: issuer, Value: value}
	switch {
	case kind == "id_card", kind == "passport", kind == "permit", kind == "health_card": // the state's
		id.Issuer = ""
	case stated:
	case ours, root == "":
		id.Issuer = t.options.Issuer
	default:
		id.Issuer = root
	}
	if id.Kind == "" {
		id.Kind = "other"
	}
	return id
}

// sex maps GB/T 2261.1 (1 male, 2 female, 9 not stated) and what is written in its place.
func sex(v string) intake.Text {
	switch strings.ToUpper(v) {
	case "":
		return nil
	case "1", "M", "MALE", "男", "男性":
		v = "male"
	case "2", "F", "FEMALE", "女", "女性":
		v = "female"
	default:
		v = "unknown"
	}
	return &v
}

// address takes the whole line where there is one, else joins the parts, which stand from the large to the small.
func (t *translator) address(at *element) string {
	if v := t.value(at, "patient.address"); v != "" {
		return v
	}
	return strings.Join(t.paths["patient.address_parts"].values(t.root, at), "")
}

func (t *translator) telecoms(at *element, field, owner string) (out []intake.Telecom) {
	seen := map[string]bool{}
	for _, e := range t.paths[field].nodes(t.root, at) {
		v, _ := e.attr("value")
		if v == "" {
			v = strings.TrimSpace(e.text)
		}
		v = strings.TrimPrefix(strings.TrimPrefix(v, "tel:"), "mailto:")
		if v == "" || seen[v] {
			continue
		}
		seen[v] = true
		out = append(out, intake.Telecom{System: system(v), Value: v, Owner: owner})
	}
	return out
}

func system(v string) string {
	if strings.Contains(v, "@") {
		return "email"
	}
	digits := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, v)
	digits = strings.TrimPrefix(strings.TrimPrefix(digits, "0086"), "86")
	if len(digits) == 11 && digits[0] == '1' && digits[1] >= '3' {
		return "mobile"
	}
	return "phone"
}

// relation maps GB/T 4761 codes and words.
func relation(v string) string {
	for word, r := range map[string]string{"配偶": "spouse", "夫": "husband", "妻": "wife", "子女": "child", "儿": "son", "女": "daughter", "父母": "parent", "父": "father", "母": "mother",
		"兄弟": "brother", "姐妹": "sister", "监护": "guardian", "朋友": "friend"} {
		if v == word {
			return r
		}
	}
	switch {
	case strings.HasPrefix(v, "1") && len(v) == 2:
		return "spouse"
	case strings.HasPrefix(v, "2") && len(v) == 2:
		return "son"
	case strings.HasPrefix(v, "3") && len(v) == 2:
		return "daughter"
	case strings.HasPrefix(v, "5") && len(v) == 2:
		return "parent"
	}
	return orText(v, "relative")
}

// merge pairs the numbers of every registration that was replaced with those of the patient who stays.
func (t *translator) merge() {
	for _, e := range t.paths["merged"].nodes(t.root, t.root) {
		if from := t.numbers(e, "merged.numbers"); len(from) > 0 && len(t.record.Patient.Identifiers) > 0 {
			t.record.Merges = append(t.record.Merges, intake.MergePair{From: from, Into: t.record.Patient.Identifiers})
		}
	}
	if len(t.record.Merges) == 0 {
		t.problem(problemMerge, "priorRegisteredRole.id", true)
	}
}

// encounter reads a visit or stay.
func (t *translator) encounter() {
	at := t.paths["encounter"].one(t.root, t.root)
	if at == nil {
		t.problem(problemKey, "encounterEvent", true)
		return
	}
	e := &intake.Encounter{
		StartedAt: t.time(at, "encounter.started_at"), EndedAt: t.time(at, "encounter.ended_at"), Class: t.class(at),
		DepartmentCode: t.value(at, "encounter.department_code"), DepartmentName: t.value(at, "encounter.department_name"),
		WardCode: t.value(at, "encounter.ward_code"), Bed: t.value(at, "encounter.bed"),
		DoctorCode: t.value(at, "encounter.doctor_code"), DoctorName: t.value(at, "encounter.doctor_name"), Disposition: t.value(at, "encounter.disposition"),
	}
	r := &t.record
	e.DepartmentCode, e.DepartmentName = orText(e.DepartmentCode, e.DepartmentName), orText(e.DepartmentName, e.DepartmentCode)
	if e.Number = t.value(at, "encounter.number"); e.Number == "" {
		e.Number = t.standIn(at, e)
	}
	if e.Number == "" {
		t.problem(problemKey, "encounterEvent.id", true)
		return
	}
	switch {
	case t.word("cancelled", t.value(at, "encounter.status")):
		r.Event = intake.EncounterCancel
	case r.Event == intake.EncounterOpen && e.StartedAt == 0:
		e.StartedAt = r.OccurredAt
	case r.Event == intake.EncounterClose && e.EndedAt == 0:
		e.EndedAt = r.OccurredAt
	}
	r.Encounter = e
	t.diagnoses(at)
}

// standIn: without a serial number, a visit goes by its outpatient or inpatient number with the count of visits, else the day.
func (t *translator) standIn(at *element, e *intake.Encounter) string {
	v := t.value(at, "encounter.stand_in")
	if v == "" {
		return ""
	}
	if n := t.value(at, "encounter.times"); n != "" {
		return v + "/" + n
	}
	if e.Class == "IMP" {
		return v
	}
	return v + "@" + string(clock.DateOf(max(e.StartedAt, t.record.OccurredAt).Time().In(t.options.Zone)))
}

func (t *translator) class(at *element) string {
	v := t.value(at, "encounter.class")
	switch {
	case t.word("checkup", v):
		return "CHK"
	case t.word("inpatient", v):
		return "IMP"
	case t.word("emergency", v):
		return "EMER"
	case v == "" && t.kind.Class != "":
		return t.kind.Class
	}
	return "AMB"
}

func (t *translator) diagnoses(at *element) {
	kind, when := "outpatient", t.record.Encounter.StartedAt
	if t.record.Encounter.Class == "IMP" {
		kind = "admission"
		if t.record.Event == intake.EncounterClose || t.record.Encounter.EndedAt != 0 {
			kind, when = "discharge", t.record.Encounter.EndedAt
		}
	}
	if when == 0 {
		when = t.record.OccurredAt
	}
	for _, e := range t.paths["diagnoses"].nodes(t.root, at) {
		c := intake.Condition{Code: t.value(e, "diagnosis.code"), Name: t.value(e, "diagnosis.name"), Kind: kind, Rank: len(t.record.Conditions) + 1, At: when}
		if c.Name = orText(c.Name, c.Code); c.Name != "" {
			t.record.Conditions = append(t.record.Conditions, c)
		}
	}
}

// appointment reads a booking and what became of it.
func (t *translator) appointment() {
	at := t.paths["appointment"].one(t.root, t.root)
	if at == nil {
		t.problem(problemKey, "encounterAppointment", true)
		return
	}
	a := &intake.Appointment{
		Number: t.value(at, "appointment.number"), StartsAt: t.time(at, "appointment.starts_at"), EndsAt: t.time(at, "appointment.ends_at"),
		DepartmentCode: t.value(at, "appointment.department_code"), DepartmentName: t.value(at, "appointment.department_name"),
		DoctorCode: t.value(at, "appointment.doctor_code"), DoctorName: t.value(at, "appointment.doctor_name"), Reason: t.value(at, "appointment.reason"),
	}
	a.DepartmentCode, a.DepartmentName = orText(a.DepartmentCode, a.DepartmentName), orText(a.DepartmentName, a.DepartmentCode)
	if a.Number == "" {
		t.problem(problemKey, "encounterAppointment.id", true)
	}
	for _, field := range []string{"appointment.status", "appointment.state"} {
		switch v := t.value(at, field); {
		case t.word("cancelled", v):
			t.record.Event = intake.AppointmentCancel
		case t.word("missed", v):
			t.record.Event = intake.AppointmentNoShow
		}
	}
	if a.StartsAt == 0 && (t.record.Event == intake.AppointmentBook || t.record.Event == intake.AppointmentMove) {
		t.problem(problemTime, "appointment.starts_at", true)
	}
	t.record.Appointment = a
}
