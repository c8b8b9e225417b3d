package sheet

import (
	"math/big"
	"strconv"
	"strings"

	"renxin/internal/intake"
	"renxin/internal/platform/clock"
)

// Problem codes; texts stand with the intake room's.
const (
	problemNumber    = "intake.record.lost_digits"
	problemDate      = "intake.record.bad_time"
	problemAmbiguous = "intake.record.ambiguous_date"
	problemQuote     = "intake.record.open_quote"
	problemPerson    = "intake.record.no_patient"
	problemAmount    = "intake.record.bad_amount"
	problemRagged    = "intake.record.ragged"
	problemMasked    = "intake.record.masked"
	problemEncoding  = "intake.record.bad_encoding"
)

// reader walks the cells of one row.
type reader struct {
	*layout
	cells  []string
	record intake.Record
}

// record turns a row into an intake record. Empty cells leave what we hold alone: a table cannot delete.
func (l *layout) record(r row) intake.Record {
	kind := "csv"
	if l.workbook {
		kind = "xlsx"
	}
	rd := &reader{layout: l, cells: r.cells}
	rd.record = intake.Record{Ref: ref(r), Type: kind, Event: intake.PatientUpsert, Raw: l.raw(rd.readable())}
	if r.broken {
		rd.problem(problemQuote, "", true)
		return rd.record
	}
	if !rd.whole() {
		return rd.record
	}
	rd.person()
	rd.visit()
	rd.charge()
	rd.booking()
	return rd.record
}

// whole refuses a row whose values cannot be trusted to stand under their headings, or were lost in decoding.
func (rd *reader) whole() bool {
	if len(rd.cells) > len(rd.heads) && !blank(rd.cells[len(rd.heads):]) {
		rd.problem(problemRagged, "", true)
		return false
	}
	for i, c := range rd.cells {
		if i < len(rd.heads) && strings.ContainsRune(c, '\uFFFD') {
			rd.problem(problemEncoding, rd.heads[i], true)
			return false
		}
	}
	return true
}

// masked leaves out a value that was hidden on its way here, as in our own export: stars must not overwrite what we hold.
func (rd *reader) masked(v, heading string) bool {
	if !strings.Contains(v, "*") {
		return false
	}
	rd.problem(problemMasked, heading, false)
	return true
}

// readable is the row with workbook dates written out, so that its raw form reads the same without the workbook.
func (rd *reader) readable() []string {
	if !rd.workbook {
		return rd.cells
	}
	out := append([]string(nil), rd.cells...)
	for i, f := range rd.fields {
		if i >= len(out) || !dateFields[f] {
			continue
		}
		if m, ok := rd.layout.moment(clean(out[i])); ok {
			out[i] = m.date()
			if m.hour+m.minute+m.second > 0 {
				out[i] = m.date() + " " + clockText(m)
			}
		}
	}
	return out
}

func clockText(m moment) string {
	two := func(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }
	return two(m.hour) + ":" + two(m.minute) + ":" + two(m.second)
}

func (rd *reader) problem(code, heading string, fatal bool) {
	rd.record.Problems = append(rd.record.Problems, intake.Problem{Code: code, Field: heading, Fatal: fatal})
}

// each calls fn for every cell with something in it that feeds field.
func (rd *reader) each(field string, fn func(value, heading string)) {
	for i, f := range rd.fields {
		if f != field || i >= len(rd.cells) {
			continue
		}
		if v := clean(rd.cells[i]); v != "" {
			fn(v, rd.heads[i])
		}
	}
}

func (rd *reader) text(field string) string {
	out := ""
	rd.each(field, func(v, _ string) {
		if out == "" {
			out = v
		}
	})
	return out
}

func (rd *reader) optional(field string) (out intake.Text) {
	rd.each(field, func(v, heading string) {
		if out == nil && !rd.masked(v, heading) {
			out = &v
		}
	})
	return out
}

// number reads an identifier or telephone cell; digits lost to scientific notation make it useless, and a wrong number is
// worse than none.
func (rd *reader) number(field string) string {
	out := ""
	rd.each(field, func(v, heading string) {
		whole, ok := wholeNumber(v)
		if !ok {
			rd.problem(problemNumber, heading, true)
			return
		}
		if out == "" && !rd.masked(whole, heading) {
			out = whole
		}
	})
	return out
}

func (rd *reader) moment(field string) (m moment, ok bool) {
	rd.each(field, func(v, heading string) {
		if m, ok = rd.layout.moment(v); ok {
			return
		}
		code, fatal := problemDate, false
		if _, yearLast, isDate := parts(v); isDate && yearLast && rd.order == "" {
			code, fatal = problemAmbiguous, true
		}
		rd.problem(code, heading, fatal)
	})
	return m, ok
}

func (rd *reader) instant(field string) clock.Instant {
	m, ok := rd.moment(field)
	if !ok {
		return 0
	}
	return m.instant(rd.zone)
}

func (rd *reader) visit() {
	e := intake.Encounter{
		Number: rd.number(visitNumber), StartedAt: rd.instant(visitStart), EndedAt: rd.instant(visitEnd),
		DepartmentCode: rd.text(visitDeptCode), DepartmentName: rd.text(visitDepartment),
		DoctorCode: rd.text(visitDoctorCode), DoctorName: rd.text(visitDoctor), WardCode: rd.text(visitWard), Bed: rd.text(visitBed),
	}
	if e.Number == "" && e.StartedAt == 0 && e.EndedAt == 0 {
		return
	}
	e.Class = rd.class(e)
	if e.DepartmentCode == "" {
		e.DepartmentCode = e.DepartmentName
	}
	if e.Number == "" {
		e.Number = rd.standInNumber(e)
	}
	if e.Number == "" {
		return
	}
	rd.record.Event = intake.EncounterOpen
	if e.EndedAt != 0 {
		rd.record.Event = intake.EncounterClose
	}
	if e.StartedAt == 0 {
		e.StartedAt = e.EndedAt
	}
	rd.record.Encounter = &e
	rd.findings(e)
}

// standInNumber: a stay without a serial number goes by the inpatient number and the day it began; a visit by patient,
// day and department. A table with 出院日期 but no 入院日期 goes by the day it ended.
func (rd *reader) standInNumber(e intake.Encounter) string {
	if len(rd.record.Patient.Identifiers) == 0 {
		return ""
	}
	owner := rd.record.Patient.Identifiers[0].Value
	if v := rd.number(patientInpatient); e.Class == "IMP" && v != "" {
		owner = v
	}
	at := e.StartedAt
	if at == 0 {
		at = e.EndedAt
	}
	day := string(clock.DateOf(at.Time().In(rd.zone)))
	if e.Class == "IMP" {
		return owner + "@" + day
	}
	return owner + "@" + day + "@" + e.DepartmentCode
}

func (rd *reader) class(e intake.Encounter) string {
	v := rd.text(visitClass)
	switch {
	case strings.Contains(v, "住"), strings.EqualFold(v, "IMP"), strings.EqualFold(v, "inpatient"):
		return "IMP"
	case strings.Contains(v, "急"), strings.EqualFold(v, "EMER"), strings.EqualFold(v, "emergency"):
		return "EMER"
	case strings.Contains(v, "体检"), strings.EqualFold(v, "CHK"), strings.Contains(e.DepartmentName, "体检"):
		return "CHK"
	case v == "" && (e.EndedAt != 0 || e.Bed != "" || e.WardCode != ""):
		return "IMP"
	}
	return "AMB"
}

// findings adds diagnoses (the first column is the principal one) and the procedure.
func (rd *reader) findings(e intake.Encounter) {
	kind, at := "outpatient", e.StartedAt
	if e.Class == "IMP" {
		kind = "admission"
		if e.EndedAt != 0 {
			kind, at = "discharge", e.EndedAt
		}
	}
	code := rd.text(diagnosisCode)
	rd.each(diagnosisName, func(v, _ string) {
		rd.record.Conditions = append(rd.record.Conditions, intake.Condition{Code: code, Name: v, Kind: kind, Rank: len(rd.record.Conditions) + 1, At: at})
		code = ""
	})
	if code != "" {
		rd.record.Conditions = append(rd.record.Conditions, intake.Condition{Code: code, Name: code, Kind: kind, Rank: 1, At: at})
	}
	p := intake.Procedure{Code: rd.text(procedureCode), Name: rd.text(procedureName), At: rd.instant(procedureAt), Doctor: rd.text(visitDoctor)}
	if p.Name == "" {
		p.Name = p.Code
	}
	if p.Name == "" || p.Name == "无" {
		return
	}
	if p.At == 0 {
		p.At = e.StartedAt
	}
	key := p.Code
	if key == "" {
		key = p.Name
	}
	p.Number = key + "@" + string(clock.DateOf(p.At.Time().In(rd.zone)))
	rd.record.Procedures = append(rd.record.Procedures, p)
}

// charge adds one bill line. Without a serial number, visit, item and time are the key.
func (rd *reader) charge() {
	rd.each(chargeAmount, func(v, heading string) {
		fen, ok := fen(v)
		if !ok {
			rd.problem(problemAmount, heading, false)
			return
		}
		c := intake.Charge{Number: rd.number(chargeNumber), Code: rd.text(chargeCode), Name: rd.text(chargeName), Category: rd.text(chargeCategory), AmountFen: fen, At: rd.instant(chargeAt)}
		e := rd.record.Encounter
		if c.At == 0 && e != nil {
			c.At = max(e.StartedAt, e.EndedAt)
		}
		if c.Name == "" {
			c.Name = heading
		}
		if c.Number == "" && e != nil {
			c.Number = strings.Join([]string{e.Number, c.Code, c.Name, strconv.FormatInt(int64(c.At), 10)}, "@")
		}
		if c.Number == "" || c.At == 0 {
			return
		}
		rd.record.Charges = append(rd.record.Charges, c)
		if e == nil {
			rd.record.Event = intake.ChargePost
		}
	})
}

func fen(v string) (int64, bool) {
	v = strings.TrimSuffix(strings.TrimLeft(strings.ReplaceAll(v, ",", ""), "¥￥ "), "元")
	if v == "" || len(v) > 16 || strings.Trim(v, "+-.0123456789") != "" {
		return 0, false
	}
	r, ok := new(big.Rat).SetString(v)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(r.Mul(r, big.NewRat(100, 1)).FloatString(0), 10, 64)
	return n, err == nil
}

func (rd *reader) booking() {
	a := intake.Appointment{Number: rd.number(bookingNumber), StartsAt: rd.instant(bookingAt),
		DepartmentCode: rd.text(visitDeptCode), DepartmentName: rd.text(visitDepartment), DoctorCode: rd.text(visitDoctorCode), DoctorName: rd.text(visitDoctor)}
	if a.Number == "" || a.StartsAt == 0 {
		return
	}
	if a.DepartmentCode == "" {
		a.DepartmentCode = a.DepartmentName
	}
	event := intake.AppointmentBook
	switch v := rd.text(bookingStatus); {
	case strings.Contains(v, "取消"), strings.Contains(v, "退"), strings.EqualFold(v, "cancelled"):
		event = intake.AppointmentCancel
	case strings.Contains(v, "爽约"), strings.Contains(v, "未到"), strings.EqualFold(v, "noshow"):
		event = intake.AppointmentNoShow
	}
	rd.record.Appointment = &a
	if rd.record.Encounter == nil {
		rd.record.Event = event
	}
}
