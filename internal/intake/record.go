package intake

import "renxin/internal/platform/clock"

// Event says what a record reports, in one vocabulary for every source (HL7 v2 trigger, sheet row, later FHIR, SQL view, V3).
type Event string

// The canonical events. HL7 v2 triggers in brackets.
const (
	PatientUpsert     Event = "patient.upsert"      // A28 A31 A08 A05, sheet row
	PatientMerge      Event = "patient.merge"       // A40 A34 A18 A39: persons, MRG-1 → PID-3
	IdentifierChange  Event = "patient.identifier"  // A47: a number changes, the person does not
	AccountMove       Event = "account.move"        // A41 A35 A44 A45: accounts or visits move; never a person merge
	EncounterOpen     Event = "encounter.open"      // A01 A04
	EncounterUpdate   Event = "encounter.update"    // A02 transfer, A08 with a visit
	EncounterClose    Event = "encounter.close"     // A03 discharge
	EncounterCancel   Event = "encounter.cancel"    // A11 cancel admit
	EncounterReopen   Event = "encounter.reopen"    // A13 cancel discharge
	ChargePost        Event = "charge.post"         // DFT P03, BAR
	ReportReady       Event = "report.ready"        // ORU R01, MDM T02
	AppointmentBook   Event = "appointment.book"    // SIU S12
	AppointmentMove   Event = "appointment.move"    // SIU S13 S14
	AppointmentCancel Event = "appointment.cancel"  // SIU S15 S16 S17
	AppointmentNoShow Event = "appointment.no_show" // SIU S26
	DiagnosisTell     Event = "diagnosis.tell"      // FHIR Condition or Procedure by itself: the visit is only mentioned
	Ignored           Event = "ignored"             // understood, nothing for us in it (Reason says what)
)

// Record is one unit of a source: an HL7 message or a sheet row, translated but not yet judged.
type Record struct {
	Ref         string        `json:"ref"`                  // place in the source: "1" for the first message, "R12" for sheet row 12
	ControlID   string        `json:"control_id,omitempty"` // MSH-10; not unique in real feeds
	Type        string        `json:"type"`                 // "ADT^A03", "csv", "xlsx"
	Sender      string        `json:"sender,omitempty"`     // MSH-3/MSH-4
	OccurredAt  clock.Instant `json:"occurred_at"`          // message time (EVN-2/6, else MSH-7); orders events, arrival does not
	Event       Event         `json:"event"`
	Reason      string        `json:"reason,omitempty"` // for Ignored
	Patient     Person        `json:"patient"`
	Merges      []MergePair   `json:"merges,omitempty"` // of PatientMerge; of IdentifierChange: old numbers → new ones of the same person
	Move        *Move         `json:"move,omitempty"`   // of AccountMove
	Encounter   *Encounter    `json:"encounter,omitempty"`
	Conditions  []Condition   `json:"conditions,omitempty"`
	Procedures  []Procedure   `json:"procedures,omitempty"`
	Charges     []Charge      `json:"charges,omitempty"`
	Reports     []Report      `json:"reports,omitempty"`
	Appointment *Appointment  `json:"appointment,omitempty"`
	Raw         []byte        `json:"-"`                  // the bytes as received, for the flight recorder
	Kept        []byte        `json:"-"`                  // Raw without the text of results, for hospitals that do not keep it; nil where there is none in it
	Origin      *Origin       `json:"origin,omitempty"`   // of sources that name things by address
	Mended      string        `json:"mended,omitempty"`   // the message as a person put it right, in UTF-8
	Problems    []Problem     `json:"problems,omitempty"` // what could not be read; any with Fatal rejects the record
}

// Problem is one defect of a record: a stable code ("intake.record.bad_phone"), the field it stands in, and never the value itself.
type Problem struct {
	Code  string `json:"code"`
	Field string `json:"field"` // "PID-7" or the sheet's column heading
	Fatal bool   `json:"fatal,omitempty"`
}

// Text is a field of a feed: nil leaves what we hold alone, a pointer to "" deletes it (HL7 `""`), else the new value.
type Text = *string

// Person is what a record says about the patient.
type Person struct {
	Identifiers []Identifier `json:"identifiers,omitempty"`
	Name        Text         `json:"name,omitempty"`
	Sex         Text         `json:"sex,omitempty"`        // male female other unknown (FHIR administrative-gender)
	BirthDate   Text         `json:"birth_date,omitempty"` // YYYY-MM-DD, or YYYY-MM / YYYY where the source knows no more
	Telecoms    []Telecom    `json:"telecoms,omitempty"`
	Relatives   []Relative   `json:"relatives,omitempty"` // people with a name of their own; numbers alone are Telecoms with an owner
	Address     Text         `json:"address,omitempty"`
	RegionCode  Text         `json:"region_code,omitempty"` // GB/T 2260 county code
	Occupation  Text         `json:"occupation,omitempty"`
	Ethnicity   Text         `json:"ethnicity,omitempty"`
	Marital     Text         `json:"marital,omitempty"`
	Source      Text         `json:"source,omitempty"` // acquisition channel code
	DeceasedAt  Text         `json:"deceased_at,omitempty"`
	Note        Text         `json:"note,omitempty"`
}

// Identifier is a number with the kind and the issuer that make it comparable.
type Identifier struct {
	Kind   string `json:"kind"`   // id_card card outpatient inpatient passport permit health_card checkup, other (a system's main patient number)
	Issuer string `json:"issuer"` // assigning authority as sent ("HIS"), "" when the source names none
	Value  string `json:"value"`
}

// Telecom is a contact point as sent.
type Telecom struct {
	System string `json:"system"`          // mobile phone email qq wechat
	Value  string `json:"value"`           // as sent; patient normalises; "" clears the source's numbers of this system
	Owner  string `json:"owner,omitempty"` // self, or the relation whose number it is (daughter, mother …)
}

// Relative is somebody who belongs to the patient, as sent.
type Relative struct {
	Kind  string `json:"kind"` // daughter, mother …
	Name  string `json:"name"`
	Phone string `json:"phone,omitempty"`
}

// Move says that a visit or account changes hands; the persons stay two.
type Move struct {
	From        []Identifier `json:"from,omitempty"` // MRG-1, the person who loses it; empty: the same person
	FromAccount string       `json:"from_account,omitempty"`
	IntoAccount string       `json:"into_account,omitempty"`
	FromVisit   string       `json:"from_visit,omitempty"`
	IntoVisit   string       `json:"into_visit,omitempty"`
}

// MergePair says that the person known as From is the person known as Into.
type MergePair struct {
	From        []Identifier `json:"from"` // MRG-1
	Into        []Identifier `json:"into"` // PID-3
	FromAddress string       `json:"from_address,omitempty"`
	IntoAddress string       `json:"into_address,omitempty"` // of sources that name persons by address
}

// Encounter is a visit or stay.
type Encounter struct {
	Issuer         string        `json:"issuer,omitempty"` // PV1-19.4; "" takes the issuer of the patient's own number
	Number         string        `json:"number"`           // PV1-19 visit number, issuer-scoped
	Class          string        `json:"class"`            // AMB outpatient, IMP inpatient, EMER emergency, CHK check-up (FHIR v3 ActCode plus CHK)
	DepartmentCode string        `json:"department_code"`  // HIS code
	DepartmentName string        `json:"department_name"`
	WardCode       string        `json:"ward_code,omitempty"`
	Bed            string        `json:"bed,omitempty"`
	DoctorCode     string        `json:"doctor_code,omitempty"`
	DoctorName     string        `json:"doctor_name,omitempty"`
	StartedAt      clock.Instant `json:"started_at"`
	EndedAt        clock.Instant `json:"ended_at"` // zero while open
	Disposition    string        `json:"disposition,omitempty"`
}

// Condition is a diagnosis.
type Condition struct {
	Code string        `json:"code,omitempty"` // ICD-10 as sent
	Name string        `json:"name"`
	Kind string        `json:"kind"` // admission discharge outpatient working
	Rank int           `json:"rank"` // 1 = principal
	At   clock.Instant `json:"at"`
}

// Procedure is an operation or treatment performed.
type Procedure struct {
	Number string        `json:"number,omitempty"` // issuer's key, else code@time
	Code   string        `json:"code,omitempty"`
	Name   string        `json:"name"`
	At     clock.Instant `json:"at"`
	Doctor string        `json:"doctor,omitempty"`
}

// Charge is one line of the bill.
type Charge struct {
	Number    string        `json:"number"` // FT1-2 transaction id, else made from the line's content
	Code      string        `json:"code,omitempty"`
	Name      string        `json:"name"`
	Category  string        `json:"category,omitempty"`
	Quantity  string        `json:"quantity,omitempty"` // decimal text as sent
	AmountFen int64         `json:"amount_fen"`         // refunds negative
	Currency  string        `json:"currency,omitempty"` // ISO 4217 where it is not CNY; such a line is never added to sums
	At        clock.Instant `json:"at"`
}

// Report says that a result exists: conclusion and flag, and the text only where intake.report.text allows it.
type Report struct {
	Number     string        `json:"number"`
	Kind       string        `json:"kind"` // lab imaging checkup document
	Name       string        `json:"name"`
	Conclusion string        `json:"conclusion,omitempty"`
	Abnormal   string        `json:"abnormal,omitempty"` // "" normal, abnormal, critical
	Result     string        `json:"-"`                  // the text itself; stored only where the hospital allows it
	At         clock.Instant `json:"at"`
}

// Appointment is a booking as the HIS tells it.
type Appointment struct {
	Number         string        `json:"number"` // SCH-2 filler, else SCH-1 placer
	Placer         string        `json:"placer,omitempty"`
	DepartmentCode string        `json:"department_code"`
	DepartmentName string        `json:"department_name"`
	DoctorCode     string        `json:"doctor_code,omitempty"`
	DoctorName     string        `json:"doctor_name,omitempty"`
	StartsAt       clock.Instant `json:"starts_at"`
	EndsAt         clock.Instant `json:"ends_at"`
	Reason         string        `json:"reason,omitempty"`
}
